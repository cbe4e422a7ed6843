//! Makes connections of what services are declared to need, and tells of those that cannot be made.

use indexmap::IndexMap;
use spec_engine_evidence::connections::{ASSUMED, Link, Ports};
use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::tree::Place;

use crate::dependencies::{Dependency, Need, dependencies};
use crate::fields::nearest;
use crate::service::Part;
use crate::services::Services;

/// Adds the connections that only `depends_on` and its like tell of. `assumed` says what becomes of those whose port
/// nothing in the files says.
pub fn add_dependencies<'a>(
    part: &Part<'a>,
    services: &Services<'a>,
    ports: &Ports<'a, Part<'a>>,
    assumed: PortAssumption,
    links: &mut IndexMap<usize, Link<'a>>,
    notes: &mut Notes,
) {
    let adding = Adding { part, services, ports, assumed };
    links.retain(|&target, link| !link.is_assumed || adding.assume(target, link.place, notes));
    for dependency in dependencies(part) {
        adding.add(&dependency, links, notes);
    }
}

/// What becomes of a connection whose port nothing in the files says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortAssumption {
    /// It is written with an assumed port.
    Written,
    /// It is left out.
    LeftOut,
}

struct Adding<'s, 'a> {
    part: &'s Part<'a>,
    services: &'s Services<'a>,
    ports: &'s Ports<'a, Part<'a>>,
    assumed: PortAssumption,
}

impl<'a> Adding<'_, 'a> {
    fn add(&self, dependency: &Dependency, links: &mut IndexMap<usize, Link<'a>>, notes: &mut Notes) {
        let Some(target) = self.target(dependency, notes) else { return };
        if dependency.need == Need::End {
            let message = format!(
                "`{}` waits until `{}` has ended, which is not a connection",
                self.part.name, dependency.target
            );
            let note = note(Severity::Info, "waits-for-job", dependency.place, message, "nothing has to be done");
            notes.add_of_kind(&dependency.target, note);
            return;
        }
        let shares = dependency.need.shares();
        if let Some(link) = links.get_mut(&target) {
            link.others.extend(shares.map(|what| format!("shares {what}")));
            return;
        }
        let port = self.ports.usual(target);
        if let Some(what) = shares {
            let message =
                format!("`{}` shares {what} of `{}`, which is no connection", self.part.name, dependency.target);
            let (message, help) = match self.assumed {
                PortAssumption::Written => (
                    format!("{message}, but is written as one: the format has no other field for it"),
                    "`--set assumed=false` leaves it out",
                ),
                PortAssumption::LeftOut => {
                    (format!("{message} and is left out"), "`--set assumed=true` writes it as one")
                }
            };
            notes.add(Severity::Info, "shared", dependency.place, message, help);
            if self.assumed == PortAssumption::LeftOut {
                return;
            }
        } else if port.is_none() && !self.assume(target, dependency.place, notes) {
            return;
        }
        let (number, protocol) = match port {
            Some(port) => (port, self.ports.protocol(target, port)),
            None => (ASSUMED.0, ASSUMED.1.to_owned()),
        };
        let mut link = Link::at(number, protocol, dependency.place);
        link.is_assumed = port.is_none();
        link.others.extend(shares.map(|what| format!("shares {what}")));
        links.insert(target, link);
    }

    /// The service that is needed; `None` where there is none in the document, which the notes then tell.
    fn target(&self, dependency: &Dependency, notes: &mut Notes) -> Option<usize> {
        let (own, name) = (self.part.name, dependency.target.as_str());
        let (severity, message, help) = match self.services.by_name.get(name) {
            Some(_) if name == own => {
                (Severity::Warning, format!("`{own}` depends on itself"), "take that out".to_owned())
            }
            Some(&target) => return Some(target),
            None => match self.services.absent.get(name) {
                Some(why) => {
                    let severity = if dependency.is_required { Severity::Warning } else { Severity::Info };
                    let message = format!("`{own}` depends on `{name}`, which {why} and is not in the document");
                    (severity, message, "nothing has to be done, if that is meant".to_owned())
                }
                None => {
                    let names = self.services.parts.iter().map(|part| part.name);
                    let help = match nearest(name, names) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "name the file that has it, too, or correct the name".to_owned(),
                    };
                    (Severity::Warning, format!("`{own}` depends on `{name}`, which is not a service"), help)
                }
            },
        };
        notes.add(severity, "unknown-dependency", dependency.place, message, help);
        None
    }

    /// Tells that nothing says the port of a service; whether the connection is written all the same.
    fn assume(&self, target: usize, place: Place, notes: &mut Notes) -> bool {
        let (own, name) = (self.part.name, self.services.parts[target].name);
        let (what, help) = match self.assumed {
            PortAssumption::Written => (
                format!("so {}:{} is assumed", ASSUMED.1, ASSUMED.0),
                "write it into the file: `expose: [\"8080\"]` at that service; `--set assumed=false` leaves such connections out",
            ),
            PortAssumption::LeftOut => (
                "so the connection is left out".to_owned(),
                "write it into the file: `expose: [\"8080\"]` at that service",
            ),
        };
        let message = format!("the port of `{name}`, to which `{own}` connects, is not known, {what}");
        notes.add_of_kind(name, note(Severity::Warning, "unknown-port", place, message, help));
        self.assumed == PortAssumption::Written
    }
}

fn note(severity: Severity, code: &'static str, place: Place, message: String, help: &str) -> Note {
    Note { severity, code, message, place, help: Some(help.to_owned()), more: 0 }
}
