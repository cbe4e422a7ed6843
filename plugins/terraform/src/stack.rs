//! What was read: the resources of states and plans, and what these say of themselves.

use std::collections::HashSet;

use indexmap::IndexMap;
use spec_engine_evidence::tree::Place;

use crate::configuration::Configuration;
use crate::resource::Resource;

/// All that was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The resources, in the order of the files.
    pub resources: Vec<Resource>,
    /// The types of which the document has nothing, with how many resources are of each.
    pub others: IndexMap<String, usize>,
    /// The stacks.
    pub stacks: Vec<Stack>,
}

/// What one state or plan is, or several of the same system.
#[derive(Debug)]
pub struct Stack {
    /// Where it starts.
    pub place: Place,
    /// Whether it is a plan.
    pub is_plan: bool,
    /// What names a state for as long as it is there.
    pub lineage: Option<String>,
    /// How often a state was written.
    pub serial: Option<u64>,
    /// The configuration of a plan.
    pub configuration: Configuration,
    /// The modules that have resources, by their names, the outermost first.
    pub modules: Vec<String>,
    /// The addresses of what a plan destroys.
    pub deleted: HashSet<String>,
    /// What a plan changes.
    pub changes: Changes,
    /// How many resources it has, whatever their types.
    pub size: usize,
}

/// How many resources a plan makes, changes, replaces, and destroys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Made.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// Replaced.
    pub replaced: usize,
    /// Destroyed.
    pub deleted: usize,
}
