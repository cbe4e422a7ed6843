//! Names in the document: that of the workload, with its namespace or kind where another one has it, too.

use std::collections::{HashMap, HashSet};

use crate::workload::Workload;

/// Gives each workload a name that no other one has.
pub fn name(workloads: &mut [Workload<'_>]) {
    let mut namespaces: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut kinds: HashMap<(&str, &str), usize> = HashMap::new();
    for workload in workloads.iter() {
        let name = workload.object.name.as_str();
        namespaces.entry(name).or_default().insert(workload.namespace());
        *kinds.entry((workload.namespace(), name)).or_default() += 1;
    }
    let mut names: Vec<String> = Vec::with_capacity(workloads.len());
    for workload in workloads.iter() {
        let name = workload.object.name.as_str();
        let namespace = workload.namespace();
        let mut own = name.to_owned();
        if kinds[&(namespace, name)] > 1 {
            own = format!("{own}.{}", workload.object.kind.to_lowercase());
        }
        if namespaces[name].len() > 1 {
            own = format!("{own}.{namespace}");
        }
        names.push(own);
    }
    // `a.b` in one namespace, and `a` in the namespace `b`.
    let mut given: HashSet<String> = HashSet::new();
    for (workload, name) in workloads.iter_mut().zip(names) {
        let mut own = name;
        while !given.insert(own.clone()) {
            own.push('-');
            own.push_str(workload.namespace());
        }
        workload.name = own;
    }
}
