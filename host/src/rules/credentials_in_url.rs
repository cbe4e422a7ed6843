//! A URL carries credentials.
//!
//! ## What it does
//! Reports a text with a URL that has a user and a password (`postgres://user:password@host`), or of HTTP anything before the `@`, since a token stands there alone (`https://token@host`). A user alone, as in `ssh://git@host`, is fine, and so is a reference such as `${TOKEN}`. No report shows the credentials.
//!
//! ## Why is this bad
//! Everybody who can read the document, its history or a diagram made of it can use them.
//!
//! ## Example
//! ```json
//! { "repo": { "url": "https://ci:hunter2@git.example.com/org/api" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "repo": { "url": "https://git.example.com/org/api" } }
//! ```

use crate::text::has_credentials;
use super::{BuiltIn, Check, Context};
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::{FieldValue, Service, System, Text};

/// A URL carries credentials.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "credentials-in-url",
    severity: Severity::Error,
    summary: "A URL carries credentials.",
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut search = Search { findings };
    search.system(system);
    for (name, service) in &system.services {
        search.service(name, service);
    }
}

/// Looks at every text of a document.
struct Search<'f> {
    findings: &'f mut Vec<Diagnostic>,
}

impl Search<'_> {
    fn system(&mut self, system: &System) {
        self.fields(&[], &[("name", Some(&system.name))]);
        self.fields(&[], &[("description", system.description.as_ref()), ("version", system.version.as_ref())]);
        for (id, owner) in &system.owners {
            let fields = [
                ("name", owner.name.as_ref()),
                ("email", owner.email.as_ref()),
                ("slack", owner.slack.as_ref()),
                ("pager", owner.pager.as_ref()),
            ];
            self.fields(&["owners", id], &fields);
        }
        for (name, network) in &system.networks {
            let fields = [("description", network.description.as_ref()), ("cidr", network.cidr.as_ref())];
            self.fields(&["networks", name], &fields);
            for (index, rule) in network.rules.iter().enumerate() {
                for (field, value) in [("fromService", &rule.from_service), ("toService", &rule.to_service)] {
                    if let Some(value) = value {
                        self.text(value, || Pointer::of(["networks", name, "rules"]).index(index).join(field));
                    }
                }
            }
        }
        for (name, release) in system.helm() {
            let fields = [
                ("chart", release.chart.as_ref()),
                ("version", release.version.as_ref()),
                ("repo", release.repo.as_ref()),
                ("valuesFile", release.values_file.as_ref()),
            ];
            let at = ["deployments", "helm", name];
            self.fields(&at, &fields);
            self.list(&release.services, || Pointer::of(at).join("services"));
        }
        for (name, module) in system.terraform() {
            let fields = [
                ("source", module.source.as_ref()),
                ("version", module.version.as_ref()),
                ("path", module.path.as_ref()),
            ];
            let at = ["deployments", "terraform", name];
            self.fields(&at, &fields);
            self.list(&module.resources, || Pointer::of(at).join("resources"));
        }
    }

    fn service(&mut self, name: &str, service: &Service) {
        let fields = [
            ("description", service.description.as_ref()),
            ("owner", service.owner.as_ref()),
            ("registry", service.registry.as_ref()),
        ];
        self.fields(&["services", name], &fields);
        if let Some(repo) = &service.repo {
            let fields = [
                ("url", Some(&repo.url)),
                ("path", repo.path.as_ref()),
                ("ref", repo.reference.as_ref()),
                ("commit", repo.commit.as_ref()),
            ];
            self.fields(&["services", name, "repo"], &fields);
        }
        let image = &service.image;
        let fields = [("name", Some(&image.name)), ("tag", image.tag.as_ref()), ("digest", image.digest.as_ref())];
        self.fields(&["services", name, "image"], &fields);
        if let Some(variables) = &service.env_vars {
            let fields = [
                ("url", variables.url.as_ref()),
                ("host", variables.host.as_ref()),
                ("port", variables.port.as_ref()),
            ];
            self.fields(&["services", name, "envVars"], &fields);
        }
        for (target, connection) in &service.connections {
            let fields =
                [("protocol", Some(&connection.protocol)), ("description", connection.description.as_ref())];
            self.fields(&["services", name, "connections", target], &fields);
        }
        for (index, endpoint) in service.exposes.iter().enumerate() {
            let at = |field: &str| Pointer::of(["services", name, "exposes"]).index(index).join(field);
            self.text(&endpoint.protocol, || at("protocol"));
            if let Some(description) = &endpoint.description {
                self.text(description, || at("description"));
            }
        }
        for bindings in &service.bindings.0 {
            let provider = bindings.provider.key;
            for (field, value) in &bindings.fields {
                self.value(value, || Pointer::of(["services", name, provider, field.name]));
            }
            for list in &bindings.lists {
                for (index, resource) in list.resources.iter().enumerate() {
                    let at = |field: &str| {
                        Pointer::of(["services", name, provider, list.kind.key()]).index(index).join(field)
                    };
                    self.text(&resource.name, || at(list.kind.name_field));
                    for (field, value) in &resource.fields {
                        self.value(value, || at(field.name));
                    }
                }
            }
        }
    }

    /// Looks at fields of the object that the segments lead to.
    fn fields(&mut self, segments: &[&str], fields: &[(&str, Option<&Text>)]) {
        for (field, text) in fields {
            if let Some(text) = text {
                self.text(text, || Pointer::of(segments.iter().copied()).join(field));
            }
        }
    }

    fn value(&mut self, value: &FieldValue, pointer: impl Fn() -> Pointer) {
        match value {
            FieldValue::Text(text) => self.text(text, pointer),
            FieldValue::List(list) => self.list(list, pointer),
            FieldValue::Port(_) => {}
        }
    }

    fn list(&mut self, list: &[Text], pointer: impl Fn() -> Pointer) {
        for (index, text) in list.iter().enumerate() {
            self.text(text, || pointer().index(index));
        }
    }

    fn text(&mut self, text: &str, pointer: impl FnOnce() -> Pointer) {
        if text.as_bytes().contains(&b'@') && has_credentials(text) {
            let pointer = pointer();
            let message = format!("a URL in {} carries credentials", quote(pointer.as_str()));
            let finding = RULE.at(Place::Value(pointer), message).label("anybody who reads this can use them");
            self.findings.push(finding.help("take them out, revoke them, and hand new ones over in the environment"));
        }
    }
}
