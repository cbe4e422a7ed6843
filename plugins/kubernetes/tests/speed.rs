//! The time of an import grows with the number of workloads, and no faster.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use spec_engine_kubernetes::{Options, import};

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

fn time(workloads: usize) -> Duration {
    let files = [file("list.json", &list(workloads))];
    let once = || {
        let start = Instant::now();
        let imported = import(&files, &Options::default()).expect("a document comes out");
        assert!(imported.document.len() > workloads * 100);
        start.elapsed()
    };
    (0..3).map(|_| once()).min().expect("three are there")
}

/// Ten times the workloads take at most 16 times the time: a square would be 100, and a busy machine is not to fail it.
#[test]
fn the_time_grows_with_the_workloads() {
    let (few, many) = (time(500), time(5_000));
    println!("500 took {few:?}, and 5,000 took {many:?}");
    assert!(many < few * 16 + Duration::from_millis(200), "500 took {few:?}, and 5,000 took {many:?}");
}
