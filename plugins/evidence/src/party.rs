//! A service of the files, as far as it takes to decide who connects to whom.

use crate::known::KnownImage;
use crate::tree::Place;

/// A port at which others reach a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// What carries the traffic.
    pub transport: Transport,
    /// The number on the machine that runs the service, where the file says one.
    pub published: Option<u16>,
    /// The protocol that the file says is spoken there: `app_protocol`.
    pub application: Option<String>,
}

/// What carries traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A service of the files.
pub trait Party {
    /// Its name.
    fn name(&self) -> &str;

    /// Where its name stands.
    fn place(&self) -> Place;

    /// What is known of its image.
    fn known(&self) -> Option<&'static KnownImage>;

    /// The ports that the files list for it.
    fn ports(&self) -> &[Port];

    /// The resource that its image is.
    fn kind(&self) -> Option<&'static str> {
        self.known()?.kind
    }

    /// The ports that it lists with a number.
    fn listed(&self, number: u16) -> impl Iterator<Item = &Port> {
        self.ports().iter().filter(move |port| port.number == number)
    }
}
