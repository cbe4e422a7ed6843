//! What policies of IAM let roles use, and which role a workload has.

use std::collections::{BTreeSet, HashMap};

use spec_engine_evidence::json;
use spec_engine_evidence::tree::{Node, Value};

use crate::identities::candidates;
use crate::index::{Index, Thing};
use crate::resource::{each, text, texts};
use crate::shapes::{Other, Role};
use crate::stack::Reading;

/// What roles may use.
pub struct Grants {
    /// The resources that each may use, by the position of the role.
    granted: HashMap<usize, BTreeSet<usize>>,
    /// The roles of each stack by their ARNs, names and ids.
    named: HashMap<(usize, String), Vec<usize>>,
    /// The policies by their ARNs.
    policies: HashMap<String, usize>,
}

/// Attributes that name the role of a workload. That by which it is started is none: it reads images and secrets.
const ROLES: &[&str] = &[
    "execution_role",
    "instance_configuration.instance_role_arn",
    "role",
    "service_account_email",
    "service_config.service_account_email",
    "task_role_arn",
    "template.service_account",
    "template.spec.service_account_name",
    "template.template.service_account",
];

/// Attributes that name the resource on which accounts get a right.
const BOUND: &[&str] = &["bucket", "database", "dataset_id", "instance", "secret_id", "subscription", "topic"];

impl Grants {
    /// Reads all policies.
    pub fn new(reading: &Reading, index: &Index<'_>) -> Self {
        let mut all = Self { granted: HashMap::new(), named: HashMap::new(), policies: HashMap::new() };
        let of_kind = |other: Other| {
            let is_it = move |role: &Role| matches!(role, Role::Other(own) if *own == other);
            reading.resources.iter().enumerate().filter(move |(_, own)| is_it(&own.row.role))
        };
        for (position, role) in of_kind(Other::Role) {
            let inline = texts(&role.values, "inline_policy.policy");
            let mut granted: BTreeSet<usize> = inline.into_iter().flat_map(|text| allowed(text, index)).collect();
            granted.extend(things(index, &index.referred(position, &|attribute| attribute == "inline_policy")));
            all.granted.entry(position).or_default().extend(granted);
            for name in ["arn", "email", "name", "id"].into_iter().filter_map(|path| role.text(path)) {
                let named = all.named.entry((role.stack, name.to_owned())).or_default();
                if !named.contains(&position) {
                    named.push(position);
                }
            }
        }
        for (position, _) in of_kind(Other::Binding) {
            let bound = BOUND.iter().flat_map(|path| index.find(position, path));
            let bound: BTreeSet<usize> = bound.filter_map(resource).collect();
            for account in all.roles(reading, index, position, &["member", "members"]) {
                all.granted.entry(account).or_default().extend(&bound);
            }
        }
        for (position, policy) in of_kind(Other::Policy) {
            if let Some(arn) = policy.text("arn") {
                all.policies.insert(arn.to_owned(), position);
            }
        }
        for (position, policy) in of_kind(Other::Policy) {
            if policy.address.kind == "aws_iam_policy" {
                continue;
            }
            let granted = match text(&policy.values, "policy") {
                Some(text) => allowed(text, index),
                None if policy.address.kind == "aws_iam_role_policy" => {
                    things(index, &index.referred(position, &|attribute| attribute == "policy"))
                }
                None => all.attached(reading, index, position),
            };
            for role in all.roles(reading, index, position, &["role", "roles"]) {
                all.granted.entry(role).or_default().extend(&granted);
            }
        }
        all
    }

    /// The resources that the role of a resource of Terraform may use.
    pub fn of(&self, index: &Index<'_>, reading: &Reading, position: usize) -> BTreeSet<usize> {
        let roles = self.roles(reading, index, position, ROLES);
        roles.into_iter().filter_map(|role| self.granted.get(&role)).flatten().copied().collect()
    }

    /// The roles that attributes of a resource name, by their ARNs, names and references.
    fn roles(&self, reading: &Reading, index: &Index<'_>, position: usize, attributes: &[&str]) -> Vec<usize> {
        let own = &reading.resources[position];
        let given: Vec<&str> = attributes.iter().flat_map(|path| texts(&own.values, path)).collect();
        if given.is_empty() {
            let is_role = |at: &usize| matches!(reading.resources[*at].row.role, Role::Other(Other::Role));
            let is_read = |attribute: &str| attributes.iter().any(|path| path.split('.').next() == Some(attribute));
            return index.referred(position, &is_read).into_iter().filter(is_role).collect();
        }
        let given = given.into_iter().map(|name| name.strip_prefix("serviceAccount:").unwrap_or(name));
        given.filter_map(|name| self.named.get(&(own.stack, name.to_owned()))).flatten().copied().collect()
    }

    /// What the policies let use that an attachment gives.
    fn attached(&self, reading: &Reading, index: &Index<'_>, position: usize) -> BTreeSet<usize> {
        let policies: Vec<usize> = match text(&reading.resources[position].values, "policy_arn") {
            Some(arn) => self.policies.get(arn).copied().into_iter().collect(),
            None => index.referred(position, &|attribute| attribute == "policy_arn"),
        };
        let granted = policies.into_iter().flat_map(|at| match text(&reading.resources[at].values, "policy") {
            Some(text) => allowed(text, index),
            None => things(index, &index.referred(at, &|attribute| attribute == "policy")),
        });
        granted.collect()
    }
}

fn things(index: &Index<'_>, positions: &[usize]) -> BTreeSet<usize> {
    positions.iter().filter_map(|&at| resource(index.of(at)?)).collect()
}

fn resource(thing: Thing) -> Option<usize> {
    match thing {
        Thing::Resource(at) => Some(at),
        Thing::Workload(_) => None,
    }
}

/// The resources that a policy lets use, by their ARNs.
fn allowed(policy: &str, index: &Index<'_>) -> BTreeSet<usize> {
    let Ok(documents) = json::read(policy, 0, &json::whole) else { return BTreeSet::new() };
    let statements = documents.iter().filter_map(|document| document.get("Statement")).flat_map(each);
    let allows = statements.filter(|statement| statement.get("Effect").and_then(Node::text) == Some("Allow"));
    let arns = allows.filter_map(|statement| statement.get("Resource")).flat_map(|node| match &node.value {
        Value::List(items) => items.iter().filter_map(Node::text).collect::<Vec<_>>(),
        _ => node.text().into_iter().collect(),
    });
    let is_arn = |text: &&str| text.starts_with("arn:");
    let found = arns.flat_map(|arn| candidates(arn).into_iter().filter(is_arn).flat_map(|text| index.named(text)));
    found.filter_map(resource).collect()
}
