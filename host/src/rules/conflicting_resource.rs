//! Two bindings of a resource have different values.
//!
//! ## What it does
//! Reports a binding of a resource with a different string or port in a field than the first binding that has the field: another engine, port, host or server. The kind and the name identify a resource. A field that only one of the bindings has is not a conflict.
//!
//! ## Why is this bad
//! One of the two is wrong, and the order of the bindings decides which one is drawn.
//!
//! ## Example
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "aws": { "rds": [{ "name": "orders", "engine": "postgres" }] } },
//!     "jobs": { "image": { "name": "jobs" }, "aws": { "rds": [{ "name": "orders", "engine": "mysql" }] } }
//!   }
//! }
//! ```
//!
//! ## Use instead
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "aws": { "rds": [{ "name": "orders", "engine": "postgres" }] } },
//!     "jobs": { "image": { "name": "jobs" }, "aws": { "rds": [{ "name": "orders", "engine": "postgres" }] } }
//!   }
//! }
//! ```

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::{Bindings, FieldValue, ResourceList, Text};
use crate::text::quote;

/// Two bindings of a resource have different values.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "conflicting-resource",
    severity: Severity::Error,
    summary: "Two bindings of a resource have different values.",
    tags: &["resources"],
    params: &[],
    check: Check::System(check),
};

/// Where a binding is.
#[derive(Clone, Copy)]
struct Site<'a> {
    service: &'a Text,
    bindings: &'a Bindings,
    list: &'a ResourceList,
    index: usize,
}

impl Site<'_> {
    fn pointer(self, field: &str) -> Pointer {
        let (provider, list) = (self.bindings.provider.key, self.list.kind.key());
        Pointer::of(["services", self.service, provider, list]).index(self.index).join(field)
    }
}

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(&str, &str, &str), (&FieldValue, Site<'_>), RandomState> = HashMap::default();
    for (service, value) in &system.services {
        for bindings in &value.bindings.0 {
            for list in &bindings.lists {
                for (index, resource) in list.resources.iter().enumerate() {
                    let site = Site { service, bindings, list, index };
                    for (field, value) in &resource.fields {
                        if matches!(value, FieldValue::List(_)) || resource.name.is_empty() {
                            continue;
                        }
                        let key = (list.kind.id_prefix, resource.name.as_str(), field.name);
                        let &mut (other, there) = first.entry(key).or_insert((value, site));
                        if other != value {
                            let what = format!("{} {}", list.kind.key(), quote(&resource.name));
                            let (field_name, found, before) = (field.name, shown(value), shown(other));
                            let message = if there.service == service {
                                format!("{} binds {what} twice, with {field_name} {before} and {found}", quote(service))
                            } else {
                                let (one, first) = (quote(service), quote(there.service));
                                format!("{one} binds {what} with {field_name} {found}, but {first} with {before}")
                            };
                            let finding = RULE.at(Place::Value(site.pointer(field.name)), message);
                            let finding = finding.related(Place::Value(there.pointer(field.name)), "first bound here");
                            findings.push(finding.help("use the same value in both, or rename one of the resources"));
                        }
                    }
                }
            }
        }
    }
}

fn shown(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => quote(text),
        FieldValue::Port(port) => port.to_string(),
        FieldValue::List(_) => unreachable!("lists are not compared"),
    }
}
