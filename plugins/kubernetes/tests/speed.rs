//! The time of an import grows with the number of workloads, and no faster.

use std::fmt::Write as _;

use spec_engine_kubernetes::{Options, import};

use crate::growth;
use crate::support::file;

/// A list of a cluster, as `kubectl get -o json` writes it.
fn list(workloads: usize) -> String {
    let mut text = String::from("{\n\"apiVersion\": \"v1\",\n\"kind\": \"List\",\n\"items\": [\n");
    for number in 0..workloads {
        let (namespace, next) = (number / 100, (number + 1) % workloads);
        let metadata = format!(
            "\"name\": \"s{number}\", \"namespace\": \"n{namespace}\", \"labels\": {{\"app\": \"s{number}\", \"team\": \"t{}\"}}",
            number % 20
        );
        let fields = "\"f:spec\": {\"f:template\": {\"f:spec\": {}}}, ".repeat(20);
        let _ = write!(
            text,
            "{{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {{{metadata}, \"managedFields\": [{{{fields}\"x\": 1}}]}},
\"spec\": {{\"template\": {{\"metadata\": {{\"labels\": {{\"app\": \"s{number}\"}}}}, \"spec\": {{\"containers\": [{{\"name\": \"main\", \"image\": \"acme/s{}:1\",
\"env\": [{{\"name\": \"NEXT_URL\", \"value\": \"http://s{next}.n{}.svc.cluster.local:80\"}}, {{\"name\": \"DB_HOST\", \"value\": \"db\"}}, {{\"name\": \"LOG\", \"value\": \"info\"}}],
\"envFrom\": [{{\"configMapRef\": {{\"name\": \"common\"}}}}]}}], \"volumes\": [{{\"name\": \"c\", \"configMap\": {{\"name\": \"common\"}}}}]}}}}}}, \"status\": {{\"replicas\": 1}}}},
{{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {{{metadata}}}, \"spec\": {{\"selector\": {{\"app\": \"s{number}\"}}, \"ports\": [{{\"port\": 80, \"targetPort\": 8080}}]}}}},\n",
            number % 50,
            next / 100,
        );
    }
    for namespace in 0..=workloads / 100 {
        let _ = write!(
            text,
            "{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {{\"name\": \"common\", \"namespace\": \"n{namespace}\"}}, \"data\": {{\"A\": \"b\", \"file\": \"http://s{}:80\"}}}},
{{\"apiVersion\": \"networking.k8s.io/v1\", \"kind\": \"NetworkPolicy\", \"metadata\": {{\"name\": \"p\", \"namespace\": \"n{namespace}\"}}, \"spec\": {{\"podSelector\": {{}}, \"ingress\": [{{\"from\": [{{\"podSelector\": {{}}}}]}}]}}}},\n",
            namespace * 100
        );
    }
    text.push_str("{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"x\"}}]}\n");
    text
}

#[test]
fn the_time_grows_with_the_workloads() {
    growth::check_linear(
        1_250,
        |workloads| [file("list.json", &list(workloads))],
        |files| {
            let imported = import(files, &Options::default()).expect("a document comes out");
            assert!(imported.document.len() > 125_000);
        },
    );
}
