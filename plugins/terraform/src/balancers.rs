//! Load balancers: who calls one calls the service behind it, where there is one.

use std::collections::HashMap;

use crate::index::{Index, Thing};
use crate::resource::texts;
use crate::shapes::{Other, Role};
use crate::stack::Reading;
use crate::workload::Workload;

/// Where a listener, or a rule of one, says what it leads to.
const TARGETS: &[&str] = &[
    "default_action.target_group_arn",
    "default_action.forward.target_group.arn",
    "action.target_group_arn",
    "action.forward.target_group.arn",
];

/// Where it says what it belongs to.
const OWNERS: &[&str] = &["load_balancer_arn", "listener_arn"];

/// Lets load balancers lead to the workloads behind them.
pub fn lead(reading: &Reading, workloads: &[Workload], index: &mut Index<'_>) {
    let is_balancer = |at: &usize| matches!(reading.resources[*at].row.role, Role::Other(Other::Balancer));
    let all: Vec<usize> = (0..reading.resources.len()).filter(is_balancer).collect();
    if all.is_empty() {
        return;
    }
    let by_arn: HashMap<&str, usize> =
        all.iter().filter_map(|&at| Some((reading.resources[at].text("arn")?, at))).collect();
    let find = |index: &Index<'_>, position: usize, paths: &[&str]| -> Vec<usize> {
        let given: Vec<&str> = paths.iter().flat_map(|path| texts(&reading.resources[position].values, path)).collect();
        if given.is_empty() {
            let is_read = |attribute: &str| paths.iter().any(|path| path.split('.').next() == Some(attribute));
            return index.referred(position, &is_read).into_iter().filter(is_balancer).collect();
        }
        given.into_iter().filter_map(|arn| by_arn.get(arn).copied()).collect()
    };
    let mut behind: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut add = |at: usize, workload: usize| {
        let all: &mut Vec<usize> = behind.entry(at).or_default();
        let is_new = !all.contains(&workload);
        if is_new {
            all.push(workload);
        }
        is_new
    };
    let mut rest: Vec<(usize, usize)> = Vec::new();
    for (position, workload) in workloads.iter().enumerate() {
        let sources = workload.resources.iter();
        let groups = sources.flat_map(|&source| find(index, source, &["load_balancer.target_group_arn"]));
        rest.extend(groups.map(|group| (group, position)));
    }
    // From groups to listeners to load balancers.
    let mut above: HashMap<usize, Vec<usize>> = HashMap::new();
    for &at in &all {
        let owners = find(index, at, OWNERS);
        for target in find(index, at, TARGETS) {
            above.entry(target).or_default().push(at);
        }
        above.entry(at).or_default().extend(owners);
    }
    while let Some((at, workload)) = rest.pop() {
        if add(at, workload) {
            rest.extend(above.get(&at).into_iter().flatten().map(|&next| (next, workload)));
        }
    }
    for at in all {
        if let Some([workload]) = behind.get(&at).map(Vec::as_slice) {
            index.lead(at, Thing::Workload(*workload));
        }
    }
}
