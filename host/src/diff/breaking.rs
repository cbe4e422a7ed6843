//! Why a change is breaking: who uses what changed.

use crate::model::Connection;

/// The users that a reason names; the rest is counted.
const NAMED: usize = 3;

/// Why a change is breaking.
#[derive(Clone, Debug, PartialEq)]
pub enum Breaking<'a> {
    /// Other services use what it was.
    Users {
        /// The first of them.
        users: Vec<&'a str>,
        /// How many more there are.
        more: usize,
        /// How they use it.
        usage: Usage,
    },
    /// The target of a connection no longer offers what the connection used.
    NotOffered {
        /// The target.
        target: &'a str,
        /// The connection in the old version.
        was: &'a Connection,
    },
    /// The users of a resource need another protocol or port.
    Protocol {
        /// The resource.
        resource: &'a str,
    },
}

/// How other services use a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// They connect to it.
    Connection,
    /// They connect to it by its old name.
    OldName,
    /// They connect to it where it was.
    OldPlace,
    /// They find the service by it.
    Variable,
    /// They bind it, too.
    Binding,
    /// They bind it by its old name.
    OldBinding,
}

impl<'a> Breaking<'a> {
    /// The reason that others use it; `None` where nobody does.
    pub(super) fn used(mut users: Vec<&'a str>, more: usize, usage: Usage) -> Option<Self> {
        let more = more + users.len().saturating_sub(NAMED);
        users.truncate(NAMED);
        (!users.is_empty()).then_some(Self::Users { users, more, usage })
    }

    /// Words it as a clause, with names as `quote` shows them: ``used by `a`, `b` and 2 more``.
    pub fn words(&self, quote: impl Fn(&str) -> String) -> String {
        match self {
            Self::Users { users, more, usage } => {
                let users: Vec<String> = users.iter().map(|user| quote(user)).collect();
                let users = match (users.as_slice(), *more) {
                    ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
                    (all, 0) => all.join(", "),
                    (all, more) => format!("{} and {more} more", all.join(", ")),
                };
                match usage {
                    Usage::Connection => format!("used by {users}"),
                    Usage::OldName => format!("used by {users} under its old name"),
                    Usage::OldPlace => format!("used by {users} at its old service"),
                    Usage::Variable => format!("used by {users} to find the service"),
                    Usage::Binding => format!("also bound by {users}"),
                    Usage::OldBinding => format!("bound by {users} under its old name"),
                }
            }
            Self::NotOffered { target, was } => {
                let port = was.port.map(|port| format!(":{port}")).unwrap_or_default();
                let used = quote(&format!("{}{port}", was.protocol));
                format!("{} no longer offers {used}", quote(target))
            }
            Self::Protocol { resource } => format!("users of {} need another protocol or port", quote(resource)),
        }
    }
}
