//! Who uses which service.

use std::cell::OnceCell;

use super::matching::Matching;
use super::pairs::key;
use crate::model::{Connection, Endpoint, System, position};

/// The users of each service in the old version.
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

    /// Finds the other services that use one in a way, and that the new version still has.
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

    /// Finds the other services that use an endpoint of one.
    pub fn of_endpoint(&self, service: u32, endpoint: &Endpoint) -> Vec<&'a str> {
        self.of(service, |connection| {
            connection.port == endpoint.port && connection.protocol.eq_ignore_ascii_case(&endpoint.protocol)
        })
    }

    fn is_there(&self, service: u32) -> bool {
        self.matching.services.new_of[service as usize].is_some()
    }
}
