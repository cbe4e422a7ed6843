//! What calls what: sources of events that a function reads from, and resources that call others.

use spec_engine_evidence::arn;

use crate::index::{Index, Thing};
use crate::resource::texts;
use crate::shapes::{Direction, Role};
use crate::stack::Reading;

/// All links.
#[derive(Debug, Default)]
pub struct Links {
    /// Workloads with the resources that they read from.
    pub pulls: Vec<(usize, usize)>,
    /// Workloads with what they read from that is not in the files.
    pub outside: Vec<(usize, &'static str, &'static str, String)>,
    /// What a resource calls: the position of each.
    pub pushes: Vec<(usize, Thing)>,
}

/// Types of resources that call others themselves, and where they name those.
const CALLERS: &[(&str, &str)] = &[
    ("aws_scheduler_schedule", "target.arn"),
    ("aws_pipes_pipe", "target"),
    ("google_pubsub_subscription", "push_config.push_endpoint"),
];

/// Finds all links.
pub fn links(reading: &Reading, index: &Index<'_>) -> Links {
    let mut links = Links::default();
    for (position, own) in reading.resources.iter().enumerate() {
        for (_, path) in CALLERS.iter().filter(|(kind, _)| *kind == own.address.kind) {
            if let Some(from) = index.of(position) {
                index.find(position, path).into_iter().for_each(|to| links.push(from, to));
            }
        }
        let Role::Link(link) = &own.row.role else { continue };
        let from = index.find(position, link.from);
        let to: Vec<Thing> = link.to.iter().flat_map(|path| index.find(position, path)).collect();
        match link.direction {
            Direction::Push => {
                for &from in &from {
                    to.iter().for_each(|&to| links.push(from, to));
                }
            }
            Direction::Pull => {
                let workloads = to.iter().filter_map(|to| match to {
                    Thing::Workload(at) => Some(*at),
                    Thing::Resource(_) => None,
                });
                for workload in workloads {
                    for &from in &from {
                        if let Thing::Resource(at) = from {
                            links.pulls.push((workload, at));
                        }
                    }
                    let outside = texts(&own.values, link.from).into_iter().filter_map(arn::resource);
                    if from.is_empty() {
                        links
                            .outside
                            .extend(outside.map(|(provider, list, name)| (workload, provider, list, name.to_owned())));
                    }
                }
            }
        }
    }
    links
}

impl Links {
    fn push(&mut self, from: Thing, to: Thing) {
        if let Thing::Resource(from) = from
            && Thing::Resource(from) != to
            && !self.pushes.contains(&(from, to))
        {
            self.pushes.push((from, to));
        }
    }
}
