//! Containers of services: their images, variables, ports and commands, however a provider writes them.

use spec_engine_evidence::json;
use spec_engine_evidence::party::{Port, Transport};
use spec_engine_evidence::sidecar::is_sidecar;
use spec_engine_evidence::tree::{Node, Pair, Place, Value};

use crate::resource::{Resource, at, each, text};

/// A container.
#[derive(Debug, Default)]
pub struct Container {
    /// Its name, where it has one.
    pub name: String,
    /// Its image; empty where the files do not say it.
    pub image: String,
    /// Its variables.
    pub variables: Vec<Pair>,
    /// What the names of its secrets stand for: an ARN, the name of a secret. Never a value.
    pub secrets: Vec<(String, String)>,
    /// Its ports.
    pub ports: Vec<Port>,
    /// Its command with its arguments.
    pub commands: Vec<Node>,
    /// Whether it only serves the others.
    pub is_sidecar: bool,
}

/// The containers at a path of a resource's attributes; the resource itself where the path is empty.
pub fn containers(resource: &Resource, path: &str) -> Vec<Container> {
    let Some(node) = found(&resource.values, path) else { return Vec::new() };
    let parsed;
    let node = match &node.value {
        // `container_definitions` is JSON in a text.
        Value::Scalar(text) => match json::read(text, resource.place.file, &json::whole) {
            Ok(mut values) if !values.is_empty() => {
                parsed = values.remove(0);
                &parsed
            }
            _ => return Vec::new(),
        },
        _ => node,
    };
    let mut all: Vec<Container> = each(node).map(|node| container(node, resource.place)).collect();
    if all.iter().all(|own| own.is_sidecar) {
        all.iter_mut().for_each(|own| own.is_sidecar = false);
    }
    all
}

/// The value at a path: of lists on the way the first item, at the end all.
fn found<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    match path.rsplit_once('.') {
        Some((above, last)) => {
            let above = at(node, above)?;
            each(above).next()?.get(last)
        }
        None if path.is_empty() => Some(node),
        None => node.get(path),
    }
}

/// Keys of images.
const IMAGES: &[&str] = &[
    "image",
    "image_uri",
    "image_identifier",
    "docker_image_name",
    "docker_image",
    "docker_custom_image_name",
    "linux_fx_version",
    "windows_fx_version",
];

/// Keys of variables: lists of names and values, maps, lists of `NAME=value`.
const VARIABLES: &[&str] = &[
    "environment",
    "environment_variable",
    "environment_variables",
    "env",
    "variables",
    "runtime_environment_variables",
    "app_settings",
    "plain_text_binding",
];

/// Keys of secrets by what they stand for.
const SECRETS: &[&str] = &["secrets", "runtime_environment_secrets", "secret_environment_variables"];

/// Keys that hold more of a container.
const WRAPPERS: &[&str] = &[
    "application_stack",
    "code_configuration",
    "code_configuration_values",
    "code_repository",
    "image_configuration",
    "image_config",
    "image_repository",
    "service_config",
    "site_config",
];

/// Keys of commands.
const COMMANDS: &[&str] = &["command", "args", "entryPoint", "entrypoint", "commands", "start_command"];

fn container(node: &Node, place: Place) -> Container {
    let mut own = Container::default();
    let name = text(node, "name").or_else(|| text(node, "container_name"));
    name.unwrap_or_default().clone_into(&mut own.name);
    own.read(node, place, 0);
    own.is_sidecar = is_sidecar(&own.name, &own.image);
    own
}

impl Container {
    fn read(&mut self, node: &Node, place: Place, depth: usize) {
        for pair in node.pairs() {
            let (key, value) = (pair.key.as_str(), &pair.value);
            if IMAGES.contains(&key) && self.image.is_empty() {
                let image = value.text().unwrap_or_default().trim();
                // `DOCKER|registry/name:tag`, where another stack is no image.
                let image =
                    if key.ends_with("fx_version") { image.strip_prefix("DOCKER|").unwrap_or_default() } else { image };
                self.image = image.trim_start_matches("https://").to_owned();
            } else if VARIABLES.contains(&key) {
                self.variables(value, place);
            } else if SECRETS.contains(&key) {
                self.secrets(value);
            } else if COMMANDS.contains(&key) {
                self.commands.extend(Some(located(value, place)).filter(|node| node.value != Value::Null));
            } else if matches!(key, "portMappings" | "ports" | "port") {
                self.ports(value);
            } else if WRAPPERS.contains(&key) && depth < WRAPPERS.len() {
                each(value).for_each(|inner| self.read(inner, place, depth + 1));
            }
        }
    }

    fn variables(&mut self, node: &Node, place: Place) {
        for item in each(node) {
            match (&item.value, item.get("name").and_then(Node::text)) {
                (Value::Map(_), Some(name)) => {
                    if let Some(value) = item.get("value").or(item.get("text")).filter(|value| value.text().is_some()) {
                        self.variable(name, value, place);
                    } else if let Some(from) = secret(item) {
                        self.secrets.push((name.to_owned(), from.to_owned()));
                    }
                }
                // `environment { variables = {…} }`
                (Value::Map(pairs), None)
                    if pairs.iter().any(|pair| pair.key == "variables" && pair.value.text().is_none()) =>
                {
                    pairs
                        .iter()
                        .filter(|pair| pair.key == "variables")
                        .for_each(|pair| self.variables(&pair.value, place));
                }
                (Value::Map(pairs), None) => pairs.iter().for_each(|pair| self.variable(&pair.key, &pair.value, place)),
                (Value::Scalar(text), _) => {
                    if let Some((name, value)) = text.split_once('=') {
                        self.variable(name, &Node::new(Value::Scalar(value.to_owned()), place), place);
                    }
                }
                _ => {}
            }
        }
    }

    fn variable(&mut self, name: &str, value: &Node, place: Place) {
        if value.text().is_some() {
            let value = located(value, place);
            self.variables.push(Pair { key: name.to_owned(), place, value });
        }
    }

    fn secrets(&mut self, node: &Node) {
        for item in each(node) {
            match item.get("name").and_then(Node::text).zip(secret(item)) {
                Some((name, from)) => self.secrets.push((name.to_owned(), from.to_owned())),
                None => {
                    let texts =
                        item.pairs().iter().filter_map(|pair| Some((pair.key.clone(), pair.value.text()?.to_owned())));
                    self.secrets.extend(texts.filter(|_| item.get("name").is_none()));
                }
            }
        }
    }

    fn ports(&mut self, node: &Node) {
        const KEYS: [&str; 5] = ["containerPort", "container_port", "port", "internal", "target_port"];
        for item in each(node) {
            let number = KEYS.into_iter().find_map(|key| text(item, key)).or(item.text());
            let Some(number) = number.and_then(|text| text.parse::<u16>().ok()).filter(|&port| port > 0) else {
                // `{"80": "HTTP"}`
                let keys = item.pairs().iter().filter_map(|pair| pair.key.parse().ok());
                keys.for_each(|port| self.port(port, Transport::Tcp, None));
                continue;
            };
            let protocol = text(item, "protocol").map(str::to_ascii_lowercase);
            let transport = if protocol.as_deref() == Some("udp") { Transport::Udp } else { Transport::Tcp };
            let application = text(item, "appProtocol").map(|own| if own == "http2" { "http" } else { own });
            self.port(number, transport, application.map(str::to_owned));
        }
    }

    /// Adds a port, unless it is there.
    pub fn port(&mut self, number: u16, transport: Transport, application: Option<String>) {
        let is_there = |own: &Port| own.number == number && own.transport == transport;
        if !self.ports.iter().any(is_there) {
            self.ports.push(Port { number, transport, published: None, application });
        }
    }
}

/// What a secret of a container stands for: an ARN, the name of a secret. Its value is never read.
fn secret(item: &Node) -> Option<&str> {
    let paths = [
        "valueFrom",
        "value_from.secret_key_ref.secret",
        "value_source.secret_key_ref.secret",
        "value_from.secret_key_ref.name",
        "secret",
    ];
    paths.into_iter().find_map(|path| text(item, path))
}

/// A copy of a value whose places are all the same: inside of a text in JSON they mean nothing.
fn located(node: &Node, place: Place) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|item| located(item, place)).collect()),
        Value::Map(_) | Value::Null => Value::Null,
        Value::Scalar(text) => Value::Scalar(text.clone()),
    };
    Node::new(value, place)
}
