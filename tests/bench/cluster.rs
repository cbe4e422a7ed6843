//! A list of a cluster, as `kubectl get -o json` writes it.

use std::fmt::Write as _;

/// Workloads in namespaces of a hundred, each with a Service, about 7 KB a workload: forty
/// variables, and what a cluster keeps for itself.
pub fn list(workloads: usize) -> String {
    let mut text = String::from("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n");
    for number in 0..workloads {
        let (namespace, next) = (number / 100, (number + 1) % workloads);
        let fields = (0..4).fold(String::new(), |mut fields, field| {
            let _ = write!(fields, "                        \"f:field{field}\": {{\n                            \".\": {{}}\n                        }},\n");
            fields
        });
        let metadata = format!(
            "            \"metadata\": {{
                \"name\": \"service-{number}\",
                \"namespace\": \"team-{namespace}\",
                \"labels\": {{\n                    \"app\": \"service-{number}\",\n                    \"team\": \"team-{}\"\n                }},
                \"managedFields\": [\n                    {{\n{fields}                        \"manager\": \"helm\"\n                    }}\n                ]
            }}",
            number % 20
        );
        let variables = (0..39).fold(String::new(), |mut variables, variable| {
            let _ = write!(
                variables,
                "                                {{\n                                    \"name\": \"SETTING_{variable}\",\n                                    \"value\": \"value-{variable}-{number}\"\n                                }},\n"
            );
            variables
        });
        let _ = write!(
            text,
            "        {{
            \"apiVersion\": \"apps/v1\",
            \"kind\": \"Deployment\",
{metadata},
            \"spec\": {{ \"template\": {{
                \"metadata\": {{ \"labels\": {{ \"app\": \"service-{number}\" }} }},
                \"spec\": {{ \"containers\": [ {{
                    \"name\": \"main\",
                    \"image\": \"registry.example/acme/service-{number}:1.2.3\",
                    \"env\": [
{variables}                                {{\n                                    \"name\": \"NEXT_URL\",\n                                    \"value\": \"http://service-{next}.team-{}.svc.cluster.local:80\"\n                                }}
                    ]
                }} ] }}
            }} }},
            \"status\": {{ \"replicas\": 1 }}
        }},
        {{
            \"apiVersion\": \"v1\",
            \"kind\": \"Service\",
            \"metadata\": {{ \"name\": \"service-{number}\", \"namespace\": \"team-{namespace}\" }},
            \"spec\": {{ \"selector\": {{ \"app\": \"service-{number}\" }}, \"ports\": [ {{ \"port\": 80, \"targetPort\": 8080 }} ] }}
        }}{}\n",
            next / 100,
            if number + 1 < workloads { "," } else { "" }
        );
    }
    text.push_str("    ],\n    \"kind\": \"List\"\n}\n");
    text
}
