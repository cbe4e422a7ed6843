//! What a service says of others and of itself: whom it names, at which ports, and where it listens.

use crate::arguments::ListeningPort;
use crate::tree::Place;

/// What the files say of a service beside the ports that it lists.
#[derive(Default)]
pub struct Evidence<'a> {
    /// The services that it names.
    pub mentions: Vec<Mention<'a>>,
    /// The ports at which it listens, the surest first.
    pub listening: Vec<(Strength, ListeningPort)>,
}

impl Evidence<'_> {
    /// Puts the surest of the ports first.
    pub fn sort(&mut self) {
        self.listening.sort_by_key(|(strength, own)| (own.is_secondary, *strength));
    }
}

/// How sure it is that a service listens at a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It tells others so: `ADVERTISED=PLAINTEXT://kafka:9092` at `kafka`.
    Advertised,
    /// A label tells a proxy so.
    Label,
    /// A variable tells it so: `PORT=8080`.
    Variable,
    /// Its command tells it so: `--listen :8080`.
    Command,
    /// Its health check asks there.
    HealthCheck,
}

/// A place where a service names another one.
#[derive(Clone, Debug)]
pub struct Mention<'a> {
    /// The position of the other one.
    pub target: usize,
    /// The port, as far as it is told.
    pub port: Option<u16>,
    /// The protocol that a URL says.
    pub protocol: Option<&'static str>,
    /// The protocol that the name of a variable tells, where the image speaks several.
    pub hint: Option<&'static str>,
    /// What names it.
    pub source: Source<'a>,
    /// Whether a URL names it.
    pub is_url: bool,
    /// Whether the port is what is usual, as a URL that names none has that of its scheme.
    pub is_implied: bool,
    /// The variable that has its port, where another one has its host.
    pub port_variable: Option<&'a str>,
    /// Where it stands.
    pub place: Place,
}

/// What names another service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// A variable of this name.
    Variable(&'a str),
    /// An argument for the build of its image.
    BuildArgument(&'a str),
    /// Its command.
    Command,
    /// The command of a container that runs before it.
    Initial(&'a str),
    /// Its health check.
    HealthCheck,
    /// The text of a configuration file.
    Configuration(&'a str),
    /// A route of this kind and name, for what takes in traffic.
    Route(&'a str),
}

impl Source<'_> {
    /// Where it is, as the rest of a sentence.
    pub fn words(self) -> String {
        match self {
            Source::Variable(name) => format!("set by {name}"),
            Source::BuildArgument(name) => format!("in the build argument {name}"),
            Source::Command => "in its command".to_owned(),
            Source::Initial(name) => format!("in its init container {name}"),
            Source::HealthCheck => "in its health check".to_owned(),
            Source::Configuration(name) => format!("in the configuration {name}"),
            Source::Route(name) => format!("by the route {name}"),
        }
    }
}
