//! Decides which services are resources of others: known images of databases, caches and queues.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::connections::{Link, Ports};
use crate::notes::{Notes, Severity, listed};
use crate::party::Party;

/// The most connections that a note names.
const MAX_NAMED: usize = 20;

/// The kinds of the services that become resources, by their positions.
pub fn resources<P: Party>(
    parts: &[P],
    links: &[IndexMap<usize, Link<'_>>],
    ports: &Ports<'_, P>,
    notes: &mut Notes,
) -> HashMap<usize, &'static str> {
    // Who uses what could be a resource. Where only such use it, nothing would be left to bind it to.
    let mut users: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut kinds: HashMap<usize, &'static str> = HashMap::new();
    for (user, links) in links.iter().enumerate() {
        for &target in links.keys() {
            if let Some(kind) = parts[target].kind() {
                users.entry(target).or_default().push(user);
                if parts[user].kind().is_none() {
                    kinds.insert(target, kind);
                }
            }
        }
    }
    // One that stays a service after all has connections of its own, which may tell that another one stays, too.
    let mut rest: Vec<usize> = (0..parts.len()).rev().filter(|position| kinds.contains_key(position)).collect();
    while let Some(target) = rest.pop() {
        let of_services = users[&target].iter().filter(|user| !kinds.contains_key(user));
        let uses = of_services.map(|&user| (links[user][&target].port, parts[user].name()));
        if kinds.contains_key(&target)
            && let Some(message) =
                reason(&parts[target], &uses.collect::<Vec<_>>(), |port| ports.protocol(target, port))
        {
            notes.add(Severity::Info, "kept-service", parts[target].place(), message, "nothing has to be done");
            kinds.remove(&target);
            rest.extend(links[target].keys().filter(|other| kinds.contains_key(other)));
        }
    }
    tell_of_lost_connections(parts, links, &kinds, notes);
    kinds
}

/// Why a service with a known image is no resource: a resource has one port, and speaks what its kind does.
fn reason(part: &impl Party, uses: &[(u16, &str)], protocol: impl Fn(u16) -> String) -> Option<String> {
    let known = part.known()?;
    let (main, spoken) = known.main();
    let &(port, user) = uses.first()?;
    if let Some((second, other)) = uses.iter().find(|(own, _)| *own != port) {
        return Some(format!(
            "`{user}` uses `{}` at the port {port} and `{other}` at {second}, where a resource has one: it stays a service",
            part.name()
        ));
    }
    let is_main = port == main || known.protocol(port).is_none_or(|own| own == spoken);
    (!is_main).then(|| {
        format!(
            "`{user}` uses `{}` at {}:{port}, where its kind speaks {spoken}: it stays a service",
            part.name(),
            protocol(port)
        )
    })
}

fn tell_of_lost_connections<P: Party>(
    parts: &[P],
    links: &[IndexMap<usize, Link<'_>>],
    kinds: &HashMap<usize, &'static str>,
    notes: &mut Notes,
) {
    for (position, part) in parts.iter().enumerate().filter(|(position, _)| kinds.contains_key(position)) {
        if links[position].is_empty() {
            continue;
        }
        let others = listed(links[position].keys().map(|&target| parts[target].name()), MAX_NAMED);
        let message = format!("`{}` is a resource here, and its connections are left out: {others}", part.name());
        let help = "`--set resources=false` keeps it as a service";
        notes.add(Severity::Info, "lost-connections", part.place(), message, help);
    }
}
