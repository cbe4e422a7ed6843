//! Networks, and where services stand in them.

use serde_json::{Value, json};

use crate::import::Import;
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

/// The rules of a network: `inbound web:80/tcp allow`.
fn rules(import: &Import, network: &str) -> Vec<String> {
    let rules = import.document["networks"][network]["rules"].as_array().into_iter().flatten();
    let text = |rule: &Value, field: &str| rule[field].as_str().unwrap_or_default().to_owned();
    let one = |rule: &Value| {
        let peer = format!("{}{}", text(rule, "fromService"), text(rule, "toService"));
        let (direction, protocol, action) = (text(rule, "direction"), text(rule, "protocol"), text(rule, "action"));
        format!("{direction} {peer}:{}/{protocol} {action}", rule["port"])
    };
    rules.map(one).collect()
}

/// A service of ECS with a port in groups of a VPC.
fn ecs(name: &str, groups: &[&str]) -> [Value; 2] {
    let containers = json!([{"image": "a/b:1", "portMappings": [{"containerPort": 8080}]}]).to_string();
    [
        stored(
            &format!("aws_ecs_task_definition.{name}"),
            json!({"family": name, "arn": format!("arn:aws:ecs:e:1:task-definition/{name}:1"), "container_definitions": containers}),
            &[],
        ),
        stored(
            &format!("aws_ecs_service.{name}"),
            json!({
                "name": name, "task_definition": format!("arn:aws:ecs:e:1:task-definition/{name}:1"),
                "network_configuration": [{"subnets": ["subnet-1"], "security_groups": groups}]
            }),
            &[],
        ),
    ]
}

/// Two services, `web` in `sg-web` and `api` in `sg-api`, and what else there is.
fn two(more: &[Value]) -> Import {
    let mut all = vec![
        stored("aws_vpc.main", json!({"id": "vpc-1", "cidr_block": "10.0.0.0/16", "tags": {"Name": "shop"}}), &[]),
        stored("aws_subnet.a", json!({"id": "subnet-1", "vpc_id": "vpc-1"}), &[]),
        stored("aws_security_group.web", json!({"id": "sg-web", "name": "web", "vpc_id": "vpc-1"}), &[]),
        stored("aws_security_group.lb", json!({"id": "sg-lb", "name": "lb", "vpc_id": "vpc-1"}), &[]),
    ];
    all.extend(ecs("web", &["sg-web"]));
    all.extend(ecs("api", &["sg-api"]));
    all.extend(more.iter().cloned());
    of(&all)
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn security_groups_are_rules() {
    let group = |ingress: Value| {
        stored("aws_security_group.api", json!({"id": "sg-api", "name": "api", "ingress": ingress}), &[])
    };
    let bare = || group(json!([]));
    let of_rule = |kind: &str, attributes: Value| vec![bare(), stored(&format!("{kind}.r"), attributes, &[])];
    let from = |from: u32, to: u32, protocol: &str, more: Value| {
        let mut own = json!({"from_port": from, "to_port": to, "protocol": protocol, "type": "ingress", "security_group_id": "sg-api"});
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        own
    };
    let web = json!({"source_security_group_id": "sg-web"});
    for (more, expected) in [
        (
            vec![group(json!([from(8080, 8080, "tcp", json!({"security_groups": ["sg-web"]}))]))],
            vec!["inbound web:8080/tcp allow"],
        ),
        (of_rule("aws_security_group_rule", from(8080, 8080, "tcp", web.clone())), vec!["inbound web:8080/tcp allow"]),
        (of_rule("aws_security_group_rule", from(8000, 9000, "tcp", web.clone())), vec!["inbound web:8080/tcp allow"]),
        (of_rule("aws_security_group_rule", from(0, 0, "-1", web.clone())), vec!["inbound web:8080/tcp allow"]),
        (of_rule("aws_security_group_rule", from(53, 53, "udp", web.clone())), vec!["inbound web:53/udp allow"]),
        (of_rule("aws_security_group_rule", from(9000, 9100, "tcp", web.clone())), vec![]),
        (of_rule("aws_security_group_rule", from(8, 0, "icmp", web)), vec![]),
        (
            of_rule("aws_security_group_rule", from(443, 443, "tcp", json!({"cidr_blocks": ["0.0.0.0/0"]}))),
            vec!["inbound :443/tcp allow"],
        ),
        (of_rule("aws_security_group_rule", from(443, 443, "tcp", json!({"cidr_blocks": ["10.0.0.0/8"]}))), vec![]),
        (of_rule("aws_security_group_rule", from(80, 80, "tcp", json!({"source_security_group_id": "sg-lb"}))), vec![]),
        (
            of_rule("aws_security_group_rule", from(80, 80, "tcp", json!({"self": true}))),
            vec!["inbound api:80/tcp allow"],
        ),
        (
            of_rule(
                "aws_vpc_security_group_ingress_rule",
                json!({"security_group_id": "sg-api", "referenced_security_group_id": "sg-web", "from_port": 80, "to_port": 80, "ip_protocol": "tcp"}),
            ),
            vec!["inbound web:80/tcp allow"],
        ),
        (
            of_rule(
                "aws_vpc_security_group_egress_rule",
                json!({"security_group_id": "sg-api", "referenced_security_group_id": "sg-web", "from_port": 80, "to_port": 80, "ip_protocol": "tcp"}),
            ),
            vec!["outbound web:80/tcp allow"],
        ),
        (
            of_rule(
                "aws_vpc_security_group_egress_rule",
                json!({"security_group_id": "sg-api", "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"}),
            ),
            vec![],
        ),
        // Nobody of the files stands behind it.
        (
            vec![
                bare(),
                stored(
                    "aws_security_group_rule.r",
                    json!({"type": "ingress", "security_group_id": "sg-lb", "from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}),
                    &[],
                ),
            ],
            vec![],
        ),
    ] {
        assert_eq!(rules(&two(&more), "shop"), expected, "{more:?}");
    }
    let import =
        two(&of_rule("aws_security_group_rule", from(443, 443, "tcp", json!({"cidr_blocks": ["10.0.0.0/8"]}))));
    let said = import.said("lost-rule");
    assert!(said.len() == 1 && said[0].contains("`aws_security_group_rule.r` names addresses"), "{said:?}");
}

/// A rule of the format is one of the whole network: what opens one service would open those that listen at its port.
#[test]
fn a_group_that_is_open_to_all_opens_no_other_service() {
    let open = |group: &str, port: u16| {
        let rule = json!({"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]});
        stored(
            &format!("aws_security_group.{group}"),
            json!({"id": format!("sg-{group}"), "name": group, "ingress": [rule]}),
            &[],
        )
    };
    // Both listen at 8080.
    let import = two(&[open("api", 8080)]);
    assert_eq!(rules(&import, "shop"), [""; 0]);
    let said = import.said("lost-rule");
    assert!(said.len() == 1 && said[0].contains("`aws_security_group.api` is about everybody"), "{said:?}");
    for more in [vec![open("api", 443)], vec![open("api", 443), open("api", 443)]] {
        assert_eq!(rules(&two(&more), "shop"), ["inbound :443/tcp allow"]);
    }
    let both = json!({"type": "ingress", "security_group_id": "sg-web", "from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]});
    let import = two(&[open("api", 8080), stored("aws_security_group_rule.r", both, &[])]);
    assert_eq!(
        (rules(&import, "shop"), import.said("lost-rule")),
        (vec!["inbound :8080/tcp allow".to_owned()], vec![])
    );
}

#[test]
fn a_plan_says_groups_by_references() {
    let refers = |texts: &[&str]| json!({"references": texts});
    let task = |name: &str| {
        let containers = "[{\"image\":\"a/b:1\",\"portMappings\":[{\"containerPort\":8080}]}]";
        planned(
            &format!("aws_ecs_task_definition.{name}"),
            json!({"family": name, "container_definitions": containers}),
            json!({}),
        )
    };
    let service = |name: &str| {
        planned(
            &format!("aws_ecs_service.{name}"),
            json!({"name": name, "network_configuration": [{}]}),
            json!({
                "task_definition": refers(&[&format!("aws_ecs_task_definition.{name}.arn"), &format!("aws_ecs_task_definition.{name}")]),
                "network_configuration": [{
                    "subnets": refers(&["aws_subnet.a.id", "aws_subnet.a"]),
                    "security_groups": refers(&[&format!("aws_security_group.{name}.id"), &format!("aws_security_group.{name}")])
                }]
            }),
        )
    };
    let text = plan(&[
        planned("aws_vpc.main", json!({"cidr_block": "10.0.0.0/16"}), json!({})),
        planned("aws_subnet.a", json!({}), json!({"vpc_id": refers(&["aws_vpc.main.id", "aws_vpc.main"])})),
        planned("aws_security_group.web", json!({"name": "web"}), json!({})),
        planned(
            "aws_security_group.api",
            json!({"name": "api", "ingress": [{"from_port": 8080, "to_port": 8080, "protocol": "tcp"}]}),
            json!({"ingress": refers(&["aws_security_group.web.id", "aws_security_group.web"])}),
        ),
        planned(
            "aws_security_group_rule.r",
            json!({"type": "ingress", "from_port": 9000, "to_port": 9000, "protocol": "tcp"}),
            json!({
                "security_group_id": refers(&["aws_security_group.api.id", "aws_security_group.api"]),
                "source_security_group_id": refers(&["aws_security_group.web.id", "aws_security_group.web"])
            }),
        ),
        task("web"),
        task("api"),
        service("web"),
        service("api"),
    ]);
    let import = imported(&[file("plan.json", &text)]);
    assert_eq!(rules(&import, "main"), ["inbound web:8080/tcp allow", "inbound web:9000/tcp allow"]);
}

#[test]
fn firewalls_of_google_and_azure_are_rules() {
    let run = |name: &str, tags: &[&str]| {
        stored(
            &format!("google_cloud_run_v2_service.{name}"),
            json!({"name": name, "template": [{
                "containers": [{"image": "a/b:1", "ports": [{"container_port": 8080}]}],
                "vpc_access": [{"network_interfaces": [{"network": "vpc", "tags": tags}]}]
            }]}),
            &[],
        )
    };
    let firewall = |name: &str, more: Value| {
        let mut own = json!({"name": name, "network": "vpc", "direction": "INGRESS"});
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stored(&format!("google_compute_firewall.{name}"), own, &[])
    };
    let allow = json!([{"protocol": "tcp", "ports": ["8000-8100", "9000"]}]);
    let import = of(&[
        stored("google_compute_network.n", json!({"name": "vpc"}), &[]),
        run("web", &["web"]),
        run("api", &["api"]),
        firewall("a", json!({"allow": allow, "source_tags": ["web"], "target_tags": ["api"], "priority": 900})),
        firewall(
            "b",
            json!({"deny": [{"protocol": "tcp", "ports": ["22"]}], "source_ranges": ["0.0.0.0/0"], "priority": 100}),
        ),
        firewall("c", json!({"allow": allow, "source_ranges": ["10.0.0.0/8"], "target_tags": ["api"]})),
        firewall("d", json!({"allow": allow, "source_ranges": ["0.0.0.0/0"], "target_tags": ["bastion"]})),
        firewall("e", json!({"allow": allow, "source_ranges": ["0.0.0.0/0"], "disabled": true})),
    ]);
    assert_eq!(
        rules(&import, "vpc"),
        ["inbound :22/tcp deny", "inbound web:8080/tcp allow", "inbound web:9000/tcp allow"]
    );
    let subnet = "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/hub/subnets/apps";
    let rule = |access: &str, port: &str, source: &str, priority: u16| json!({"direction": "Inbound", "access": access, "protocol": "Tcp", "destination_port_range": port, "source_address_prefix": source, "priority": priority});
    let mut apart = rule("Allow", "443", "Internet", 100);
    apart["network_security_group_name"] = json!("nsg");
    let import = of(&[
        stored("azurerm_virtual_network.n", json!({"name": "hub", "address_space": ["10.1.0.0/16"]}), &[]),
        stored("azurerm_subnet.s", json!({"id": subnet, "name": "apps", "virtual_network_name": "hub"}), &[]),
        stored("azurerm_linux_web_app.w", json!({"name": "web", "virtual_network_subnet_id": subnet}), &[]),
        stored(
            "azurerm_network_security_group.g",
            json!({"id": "/nsg/g1", "name": "nsg", "security_rule": [rule("Deny", "22", "*", 200), rule("Allow", "80", "10.0.0.0/8", 300)]}),
            &[],
        ),
        stored("azurerm_network_security_rule.r", apart, &[]),
        stored(
            "azurerm_subnet_network_security_group_association.a",
            json!({"subnet_id": subnet, "network_security_group_id": "/nsg/g1"}),
            &[],
        ),
    ]);
    assert_eq!(rules(&import, "hub"), ["inbound :443/tcp allow", "inbound :22/tcp deny"]);
    assert_eq!(import.said("lost-rule").len(), 1);
}
