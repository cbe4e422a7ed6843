//! Why a change is breaking: who used what changed, and is still there.

use crate::model::Connection;

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
