//! What a merge is told and finds on its way.

use super::settings::{MergeRemark, MergeSettings};
use crate::diagnostic::Pointer;
use crate::import::Difference;
use crate::model::Resource;

/// What a merge is told and finds on its way.
pub(super) struct Context<'s> {
    pub settings: &'s MergeSettings<'s>,
    pub remarks: Vec<MergeRemark>,
    pub ignored: usize,
    pub used: Vec<bool>,
}

impl<'s> Context<'s> {
    pub fn new(settings: &'s MergeSettings<'s>) -> Self {
        Self { settings, remarks: Vec::new(), ignored: 0, used: vec![false; settings.ignored.len()] }
    }

    /// Whether a difference at a place counts; else the project ignores it, which is noted.
    pub fn takes(&mut self, difference: Difference, place: &[impl AsRef<str>]) -> bool {
        self.settings.ignored.is_empty() || self.takes_at(difference, [Pointer::of(place.iter().map(AsRef::as_ref))])
    }

    /// Whether a difference in a resource counts, which is named by its name in the list of its kind, and by its position.
    pub fn takes_resource(
        &mut self,
        difference: Difference,
        (service, index): (&str, usize),
        resource: &Resource,
        field: Option<&str>,
    ) -> bool {
        if self.settings.ignored.is_empty() {
            return true;
        }
        let (provider, key) = resource.kind.resource.split_once('.').unwrap_or_default();
        let at = |name: &str| Pointer::of(["services", service, provider, key, name].into_iter().chain(field));
        self.takes_at(difference, [at(&resource.name), at(&index.to_string())])
    }

    fn takes_at(&mut self, difference: Difference, places: impl IntoIterator<Item = Pointer>) -> bool {
        let ignored = self.settings.ignored;
        let Some(rule) = places.into_iter().find_map(|place| ignored.find(difference, &place)) else { return true };
        self.used[rule] = true;
        self.ignored += 1;
        false
    }
}
