//! One service in both versions.

use super::{At, Part, Section};
use crate::model::Service;

/// One service in both versions.
#[derive(Clone, Copy)]
pub(super) struct ServicePair<'a> {
    pub old: u32,
    pub new: u32,
    pub names: [&'a str; 2],
    pub before: &'a Service,
    pub now: &'a Service,
}

impl<'a> ServicePair<'a> {
    /// The place of a part of it in each version.
    pub fn at(&self, part: Part<'a>) -> [At<'a>; 2] {
        self.names.map(|name| At { section: Section::Service, name, part })
    }
}
