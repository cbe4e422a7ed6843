//! What becomes of NetworkPolicies.

use crate::support::{app, of};

fn shop(policies: &str) -> Vec<String> {
    let text = ["web", "api", "db"].map(|name| app(name, &format!("acme/{name}:1"), "80:8080", "")).concat();
    let text = text.replace("9000", "80");
    let import = of(&format!("{text}{policies}"));
    let rules = import.rules("default");
    // The first put the services into the network.
    assert_eq!(rules[..3], ["outbound web:80/tcp allow", "outbound api:80/tcp allow", "outbound db:80/tcp allow"]);
    rules[3..].to_vec()
}

fn policy(spec: &str) -> String {
    format!("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {{{spec}}}\n")
}

#[test]
fn policies_are_rules() {
    let from_web = "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]";
    for (spec, expected) in [
        // Others of the network listen at the same port, and are not protected: nothing is denied.
        (format!("podSelector: {{matchLabels: {{app: db}}}}, {from_web}"), vec!["inbound web:80/tcp allow"]),
        (format!("podSelector: {{}}, {from_web}"), vec!["inbound web:80/tcp allow", "inbound :80/tcp deny"]),
        ("podSelector: {}, policyTypes: [Ingress]".to_owned(), vec!["inbound :80/tcp deny"]),
        ("podSelector: {}, ingress: [{}]".to_owned(), vec![]),
        ("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]".to_owned(), vec![]),
        ("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]".to_owned(), vec![]),
        (
            "podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [api, db]}]}}]}]".to_owned(),
            vec!["outbound api:80/tcp allow", "outbound db:80/tcp allow"],
        ),
        ("podSelector: {matchLabels: {app: gone}}, policyTypes: [Egress]".to_owned(), vec![]),
    ] {
        // What puts a service into the network allows the same.
        let expected: Vec<&str> = expected.into_iter().filter(|rule| !rule.starts_with("outbound")).collect();
        assert_eq!(shop(&policy(&spec)), expected, "{spec}");
    }
}

#[test]
fn what_a_rule_cannot_say_is_told() {
    let text = app("web", "acme/web:1", "80:8080", "");
    for (peer, expected) in [
        ("{ipBlock: {cidr: 10.0.0.0/8}}", "names addresses"),
        ("{namespaceSelector: {matchLabels: {team: x}}, podSelector: {}}", "names workloads of other namespaces"),
    ] {
        let import = of(&format!("{text}{}", policy(&format!("podSelector: {{}}, ingress: [{{from: [{peer}]}}]"))));
        let said = import.said("lost-policy");
        assert!(said.len() == 1 && said[0].contains(expected), "{peer}: {said:?}");
        assert_eq!(import.said("wide-policy").len(), 1);
    }
}
