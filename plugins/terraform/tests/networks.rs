//! Networks, and where services stand in them.

use serde_json::json;

use crate::support::{file, imported, of, plan, planned, stored};

#[test]
fn services_stand_in_networks_subnets_and_groups() {
    let import = of(&[
        stored("aws_vpc.main", json!({"id": "vpc-1", "cidr_block": "10.0.0.0/16", "tags": {"Name": "shop"}}), &[]),
        stored("aws_subnet.a", json!({"id": "subnet-1", "vpc_id": "vpc-1", "tags": {"Name": "private-a"}}), &[]),
        stored("aws_security_group.api", json!({"id": "sg-1", "name": "api-sg"}), &[]),
        stored(
            "aws_lambda_function.f",
            json!({"function_name": "f", "image_uri": "a/f:1",
            "vpc_config": [{"subnet_ids": ["subnet-1", "subnet-9"], "security_group_ids": ["sg-1"]}]}),
            &[],
        ),
    ]);
    assert_eq!(import.document["networks"], json!({"shop": {"cidr": "10.0.0.0/16"}}));
    let aws = &import.service("f")["aws"];
    assert_eq!(
        (&aws["vpc"], &aws["subnets"], &aws["securityGroups"]),
        (&json!("shop"), &json!(["private-a", "subnet-9"]), &json!(["api-sg"]))
    );
}

#[test]
fn a_plan_says_them_by_references() {
    let refers = |texts: &[&str]| json!({"references": texts});
    let text = plan(&[
        planned("aws_vpc.main", json!({"cidr_block": "10.0.0.0/16", "tags": null}), json!({})),
        planned("aws_subnet.a", json!({}), json!({"vpc_id": refers(&["aws_vpc.main.id", "aws_vpc.main"])})),
        planned(
            "aws_ecs_task_definition.t",
            json!({"family": "api", "container_definitions": "[{\"image\":\"a/b:1\"}]"}),
            json!({}),
        ),
        planned(
            "aws_ecs_service.s",
            json!({"name": "api", "network_configuration": [{}]}),
            json!({
                "task_definition": refers(&["aws_ecs_task_definition.t.arn", "aws_ecs_task_definition.t"]),
                "network_configuration": [{"subnets": refers(&["aws_subnet.a.id", "aws_subnet.a"])}]
            }),
        ),
    ]);
    let import = imported(&[file("plan.json", &text)]);
    let aws = &import.service("api")["aws"];
    assert_eq!((&aws["vpc"], &aws["subnets"]), (&json!("main"), &json!(["a"])));
}

#[test]
fn networks_of_google_and_azure_are_read() {
    let id = "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/hub/subnets/apps";
    let import = of(&[
        stored("azurerm_virtual_network.n", json!({"name": "hub", "address_space": ["10.1.0.0/16"]}), &[]),
        stored("azurerm_linux_web_app.w", json!({"name": "web", "virtual_network_subnet_id": id}), &[]),
        stored("google_compute_network.n", json!({"name": "vpc"}), &[]),
        stored(
            "google_cloud_run_v2_service.s",
            json!({"name": "run", "template": [{"vpc_access": [{"network_interfaces": [{"network": "projects/p/global/networks/vpc"}]}]}]}),
            &[],
        ),
    ]);
    assert_eq!(import.service("web")["azure"], json!({"vnet": "hub", "subnets": ["apps"]}));
    assert_eq!(import.service("run")["gcp"]["vpcNetwork"], "vpc");
    assert_eq!(import.document["networks"], json!({"hub": {"cidr": "10.1.0.0/16"}, "vpc": {}}));
}
