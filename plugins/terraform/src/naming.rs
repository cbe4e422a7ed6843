//! Names of services: that of the workload, with what tells it apart where another one has it, too.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::nodes::differences;
use crate::resource::Resource;
use crate::stack::Reading;
use crate::workload::Workload;

/// Gives each workload a name that no other one has.
pub fn name(workloads: &mut [Workload], reading: &Reading) {
    let mut same: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (position, own) in workloads.iter().enumerate() {
        same.entry(own.name.clone()).or_default().push(position);
    }
    for (name, positions) in same.into_iter().filter(|(_, positions)| positions.len() > 1) {
        let words: HashSet<&str> = positions.iter().map(|&at| workloads[at].word).collect();
        if words.len() == positions.len() {
            positions.iter().for_each(|&at| workloads[at].name = format!("{name}.{}", workloads[at].word));
            continue;
        }
        let source = |at: &usize| -> Option<&Resource> { reading.resources.get(*workloads[*at].resources.last()?) };
        let sources: Vec<&Resource> = positions.iter().filter_map(source).collect();
        let differences = differences(&sources);
        for (at, more) in positions.into_iter().zip(differences) {
            workloads[at].name = format!("{name}.{more}");
        }
    }
    // `a.b` may be the name of another one.
    let mut given: HashSet<String> = HashSet::new();
    for own in workloads {
        while !given.insert(own.name.clone()) {
            own.name = format!("{}-{}", own.name, own.word);
        }
    }
}
