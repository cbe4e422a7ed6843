//! A change in words.

use spec_engine::catalogue::Provider;
use spec_engine::diff::{At, Change, ChangeKind, Diff, Part, ResourcePlace, Section, Side};
use spec_engine::model::{
    Action, Connection, Direction, Elements, Endpoint, NetworkRule, Object, Port, Resource, Service, System, Transport,
    Value,
};
use spec_engine::text::{number, plural};

/// Puts changes into words, with the document's own texts as somebody shows them.
pub(crate) struct Words<'d, 'a> {
    diff: &'d Diff<'a>,
    /// Shows a text of the document: a name, a value.
    shown: fn(&str) -> String,
    arrow: &'static str,
}

impl<'d, 'a> Words<'d, 'a> {
    /// Takes what shows a text of the document, and what stands between an old and a new value.
    pub fn new(diff: &'d Diff<'a>, shown: fn(&str) -> String, arrow: &'static str) -> Self {
        Self { diff, shown, arrow }
    }

    /// Names the service, owner, network or deployment that a change belongs to: ``service `api` ``.
    pub fn section(&self, at: &At<'_>) -> String {
        let word = match at.section {
            Section::System => return "system".to_owned(),
            Section::Helm => "helm release",
            Section::Terraform => "terraform module",
            Section::Owner | Section::Service | Section::Network => at.section.as_str(),
        };
        format!("{word} {}", self.show(at.name))
    }

    /// What changed in it: ``image tag: `v1` -> `v2` ``.
    pub fn change(&self, change: &Change<'a>) -> String {
        let at = change.at();
        if at.part == Part::Whole {
            return self.whole(change);
        }
        let subject = self.subject(change);
        match (change.kind, at.part) {
            (ChangeKind::Renamed, _) => match change.old {
                Some(Side { value: Value::Text(old), .. }) => format!("{subject}, was {}", self.show(old)),
                _ => subject,
            },
            (ChangeKind::Moved, Part::Endpoint(_) | Part::Resource(_) | Part::Entry(_)) => match change.old {
                Some(old) => format!("{subject}, from {}", self.section(&old.at)),
                None => subject,
            },
            (ChangeKind::Moved, Part::Rule(_)) => format!("{subject}, which now decides"),
            (_, Part::Resource(_) | Part::Entry(_) | Part::Rule(_)) => subject,
            _ => format!("{subject}{}", self.values(change)),
        }
    }

    /// Why a change is breaking, as a clause.
    pub fn reason(&self, change: &Change<'a>) -> Option<String> {
        change.breaking.as_ref().map(|breaking| breaking.words(self.shown))
    }

    fn show(&self, text: &str) -> String {
        (self.shown)(text)
    }

    fn whole(&self, change: &Change<'a>) -> String {
        match (change.kind, change.old, change.new) {
            (ChangeKind::Renamed, Some(old), _) => format!("renamed from {}", self.show(old.at.name)),
            (_, None, Some(Side { value: Value::Object(Object::Service(service)), .. })) => {
                format!("added: {}", self.service(service))
            }
            (kind, ..) => kind.as_str().to_owned(),
        }
    }

    fn service(&self, service: &Service) -> String {
        let image = service.image.reference();
        let mut words = format!("image {}", self.show(&image));
        for (count, noun) in [
            (service.connections.len(), "connection"),
            (service.exposes.len(), "endpoint"),
            (service.bindings.resources().count(), "resource"),
        ] {
            if count > 0 {
                words.push_str(", ");
                words.push_str(&plural(count, noun));
            }
        }
        words
    }

    /// Names the part.
    fn subject(&self, change: &Change<'a>) -> String {
        let at = change.at();
        let system = if change.new.is_some() { self.diff.new } else { self.diff.old };
        match at.part {
            Part::Whole => at.section.as_str().to_owned(),
            Part::Field(field) => field.to_owned(),
            Part::Nested("envVars", field) => format!("variable for the {field}"),
            Part::Nested(object, field) => format!("{object} {field}"),
            Part::Connection(target) => format!("connection to {}", self.show(target)),
            Part::ConnectionField(target, field) => format!("connection to {}, {field}", self.show(target)),
            Part::Endpoint(_) => match (change.kind, change.new) {
                (ChangeKind::Moved, Some(Side { value: Value::Object(Object::Endpoint(endpoint)), .. })) => {
                    format!("endpoint {}", self.endpoint(endpoint))
                }
                _ => "endpoint".to_owned(),
            },
            Part::EndpointField(index, field) => {
                let endpoint = system.services.get(at.name).and_then(|service| service.exposes.get(index as usize));
                let endpoint = endpoint.map(|endpoint| self.endpoint(endpoint)).unwrap_or_default();
                format!("endpoint {endpoint}, {field}")
            }
            Part::Resource(place) => {
                let resource = self.resource(system, at.name, place);
                if place.is_whole { resource } else { format!("binding of {resource}") }
            }
            Part::ResourceField(place, field) => format!("{}, {field}", self.resource(system, at.name, place)),
            Part::BindingField(provider, field) => format!("{provider} {field}"),
            Part::Rule(_) => match change.new.or(change.old) {
                Some(Side { value: Value::Object(Object::NetworkRule(rule)), .. }) => {
                    format!("rule: {}", self.rule(rule))
                }
                _ => "rule".to_owned(),
            },
            Part::Entry(_) => match change.new.or(change.old) {
                Some(Side { value: Value::Text(entry), .. }) => format!("deploys {}", self.show(entry)),
                _ => "deploys".to_owned(),
            },
            Part::NetworkByRules(_) => "network, by its rules".to_owned(),
        }
    }

    /// What the values were and are: `: old -> new`.
    fn values(&self, change: &Change<'a>) -> String {
        match (change.old, change.new) {
            (Some(Side { value: Value::Text(old), .. }), Some(Side { value: Value::Text(new), .. })) => {
                let (old, new) = from_difference(old, new);
                format!(": {} {} {}", self.show(&old), self.arrow, self.show(&new))
            }
            (Some(old), Some(new)) => format!(": {} {} {}", self.value(old.value), self.arrow, self.value(new.value)),
            (Some(only), None) | (None, Some(only)) => format!(": {}", self.value(only.value)),
            (None, None) => String::new(),
        }
    }

    fn value(&self, value: Value<'_>) -> String {
        match value {
            Value::Text(text) => self.show(text),
            Value::Port(port) => port.to_string(),
            Value::List(Elements::Texts(list)) => {
                let shown: Vec<String> = list.iter().map(|text| self.show(text)).collect();
                if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
            }
            Value::Object(Object::Connection(Connection { port, protocol, .. })) => self.address(protocol, *port),
            Value::Object(Object::Endpoint(endpoint)) => self.endpoint(endpoint),
            Value::Object(Object::NetworkRule(rule)) => self.rule(rule),
            Value::Object(Object::Resource(resource)) => self.show(&resource.name),
            Value::Object(_) | Value::Map(_) | Value::List(_) => String::new(),
        }
    }

    fn endpoint(&self, endpoint: &Endpoint) -> String {
        self.address(&endpoint.protocol, endpoint.port)
    }

    fn address(&self, protocol: &str, port: Option<Port>) -> String {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        self.show(&format!("{protocol}{port}"))
    }

    fn resource(&self, system: &System, service: &str, place: ResourcePlace) -> String {
        let Some((kind, name)) = resource_at(system, service, place).map(|resource| (resource.kind, &resource.name))
        else {
            return "resource".to_owned();
        };
        format!("{} {} ({})", kind.kind.replace('_', " "), self.show(name), kind.resource)
    }

    fn rule(&self, rule: &NetworkRule) -> String {
        let action = match rule.action {
            Some(Action::Allow) => "allow",
            Some(Action::Deny) => "deny",
            None => "no action for",
        };
        let direction = match rule.direction {
            Some(Direction::Inbound) => " inbound",
            Some(Direction::Outbound) => " outbound",
            None => "",
        };
        let protocol = match rule.protocol {
            Some(Transport::Tcp) => "tcp",
            Some(Transport::Udp) => "udp",
            None => "port",
        };
        let port = rule.port.map(|port| format!(":{port}")).unwrap_or_default();
        let mut words = format!("{action}{direction} {protocol}{port}");
        for (word, service) in [("from", &rule.from_service), ("to", &rule.to_service)] {
            if let Some(service) = service {
                words.push_str(&format!(" {word} {}", self.show(service)));
            }
        }
        words
    }
}

fn resource_at<'a>(system: &'a System, service: &str, place: ResourcePlace) -> Option<&'a Resource> {
    let bindings = system.services.get(service)?.bindings.of(Provider::find(place.provider())?)?;
    let list = bindings.lists.iter().find(|list| list.kind.resource == place.kind.resource)?;
    list.resources.get(place.index as usize)
}

/// The characters that are shown of a text before the first one that differs.
const BEFORE: usize = 20;

/// The characters from which on a text may be cut.
const LONG: usize = 80;

/// Two texts from shortly before their first difference, where that is so far behind that nobody would see it.
fn from_difference(old: &str, new: &str) -> (String, String) {
    // Of half of its credentials, nobody could tell what they are.
    let [old, new] = [old, new].map(|text| spec_engine::text::redact(text).into_owned());
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    if same + BEFORE < LONG {
        return (old, new);
    }
    let cut = |text: &str| format!("…{}", text.chars().skip(same - BEFORE).collect::<String>());
    (cut(&old), cut(&new))
}

/// A summary in words: `2 added, 1 changed; 1 breaking`.
pub(crate) fn summary(diff: &Diff<'_>) -> String {
    let summary = diff.summary();
    let parts: Vec<String> = [
        (summary.added, ChangeKind::Added),
        (summary.removed, ChangeKind::Removed),
        (summary.changed, ChangeKind::Changed),
        (summary.moved, ChangeKind::Moved),
        (summary.renamed, ChangeKind::Renamed),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, kind)| format!("{} {}", number(count), kind.as_str()))
    .collect();
    match (parts.is_empty(), summary.breaking) {
        (true, _) => "no changes".to_owned(),
        (false, 0) => format!("{}; none breaking", parts.join(", ")),
        (false, breaking) => format!("{}; {} breaking", parts.join(", "), number(breaking)),
    }
}

/// The mark of a kind of change.
pub(crate) fn mark(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "-",
        ChangeKind::Changed => "~",
        ChangeKind::Moved | ChangeKind::Renamed => ">",
    }
}
