//! Services that may have been renamed: an importer cannot know.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::combine::CombinedObservation;
use super::context::Context;
use super::image::normal;
use super::settings::{MergeRemark, Renames};
use crate::model::{Map, Service, System, Text};

/// The services that are held back until somebody says what they are.
#[derive(Debug, Default)]
pub(super) struct HeldBack {
    /// By their names in the files.
    pub observed: HashSet<Text, RandomState>,
    /// By their names in the document.
    pub document: HashSet<Text, RandomState>,
}

/// Finds the services that only the files have and those that only the document has, where one of each runs the same
/// image. Images of Docker's own library run everywhere, and tell nothing.
pub(super) fn suspected(document: &System, combined: &CombinedObservation, context: &mut Context<'_>) -> HeldBack {
    let observed = &combined.system.services;
    let (mut old, new) = (only_in(&document.services, observed), only_in(observed, &document.services));
    let mut held_back = HeldBack::default();
    for (image, name) in new {
        let (Some(observed), Some(Some(document))) = (name, old.swap_remove(image)) else { continue };
        if context.settings.is_decided(observed) {
            continue;
        }
        context.remarks.push(MergeRemark::RenamedService {
            observed: observed.clone(),
            document: document.clone(),
            image: image.into(),
        });
        if context.settings.renames == Renames::HeldBack {
            held_back.observed.insert(observed.clone());
            held_back.document.insert(document.clone());
        }
    }
    held_back
}

/// The services of one side by their images; none where several run the same.
fn only_in<'s>(own: &'s Map<Service>, others: &Map<Service>) -> IndexMap<&'s str, Option<&'s Text>, RandomState> {
    let mut found: IndexMap<&str, Option<&Text>, RandomState> = IndexMap::default();
    for (name, service) in own.iter().filter(|(name, _)| !others.contains_key(*name)) {
        let image = normal(&service.image.name);
        if image.contains('/') {
            found.entry(image).and_modify(|found| *found = None).or_insert(Some(name));
        }
    }
    found
}
