//! Why a change is breaking: who used what changed, and is still there.

use std::cell::OnceCell;

use super::matching::{Matching, key, position};
use crate::model::{Connection, Endpoint, System};

/// The users that a reason names; the rest is counted.
const NAMED: usize = 3;

/// Says why somebody would notice a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Breaking<'a> {
    /// Others used what it was.
    Used {
        /// The first of them.
        users: Vec<&'a str>,
        /// How many more there are.
        more: usize,
        /// What they did: `used it`.
        did: &'static str,
    },
    /// The target of a connection does not offer any more what the connection used.
    Unreached {
        /// The target.
        target: &'a str,
        /// What the connection used.
        was: &'a Connection,
    },
    /// What uses a resource has to speak to it in another way.
    Spoken {
        /// The resource.
        resource: &'a str,
    },
}

impl<'a> Breaking<'a> {
    /// Names users and what they did; `None` where there are none.
    pub(super) fn used(mut users: Vec<&'a str>, more: usize, did: &'static str) -> Option<Self> {
        let more = more + users.len().saturating_sub(NAMED);
        users.truncate(NAMED);
        (!users.is_empty()).then_some(Self::Used { users, more, did })
    }

    /// Returns it as a clause, with names as `quote` shows them: `` `a`, `b` and 2 more used it``.
    pub fn words(&self, quote: impl Fn(&str) -> String) -> String {
        match self {
            Self::Used { users, more, did } => {
                let users: Vec<String> = users.iter().map(|user| quote(user)).collect();
                match (users.as_slice(), *more) {
                    ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last} {did}", first.join(", ")),
                    (all, 0) => format!("{} {did}", all.join(", ")),
                    (all, more) => format!("{} and {more} more {did}", all.join(", ")),
                }
            }
            Self::Unreached { target, was } => {
                let port = was.port.map(|port| format!(":{port}")).unwrap_or_default();
                let used = quote(&format!("{}{port}", was.protocol));
                format!("{} is not reached at {used} any more", quote(target))
            }
            Self::Spoken { resource } => format!("what uses {} has to speak to it in another way", quote(resource)),
        }
    }
}

/// Knows who uses which service in the old version.
pub(super) struct Users<'a, 'm> {
    old: &'a System,
    matching: &'m Matching<'a>,
    /// The target, the user and the connection of the user, in the order of the targets; made at the first question.
    uses: OnceCell<Vec<(u32, u32, u32)>>,
}

impl<'a, 'm> Users<'a, 'm> {
    pub fn new(old: &'a System, matching: &'m Matching<'a>) -> Self {
        Self { old, matching, uses: OnceCell::new() }
    }

    /// Returns the other services that use one in a way, and that the new version still has.
    pub fn of(&self, service: u32, is_meant: impl Fn(&Connection) -> bool) -> Vec<&'a str> {
        let uses = self.uses.get_or_init(|| {
            let mut uses = Vec::new();
            for (user, service) in self.old.services.values().enumerate() {
                for (connection, target) in service.connections.keys().enumerate() {
                    if let Some(target) = self.old.services.get_index_of(target) {
                        uses.push((position(target), position(user), position(connection)));
                    }
                }
            }
            uses.sort_unstable();
            uses
        });
        let start = uses.partition_point(|&(target, ..)| target < service);
        uses[start..]
            .iter()
            .take_while(|&&(target, ..)| target == service)
            .filter(|&&(_, user, connection)| {
                let of_user = &self.old.services[user as usize].connections;
                user != service && self.is_there(user) && is_meant(&of_user[connection as usize])
            })
            .map(|&(_, user, _)| key(&self.old.services, user))
            .collect()
    }

    /// Returns the other services that use an endpoint of one.
    pub fn of_endpoint(&self, service: u32, endpoint: &Endpoint) -> Vec<&'a str> {
        self.of(service, |connection| {
            connection.port == endpoint.port && connection.protocol.eq_ignore_ascii_case(&endpoint.protocol)
        })
    }

    fn is_there(&self, service: u32) -> bool {
        self.matching.services.new_of[service as usize].is_some()
    }
}
