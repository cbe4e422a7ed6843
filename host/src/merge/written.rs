//! A document that was brought up to date, as text: that of the document, with what changed edited in place.

use serde::Serialize;

use super::settings::NotJson;
use crate::model::{Deployments, Map, System};
use crate::source::Json;
use crate::source::edit::{MemberChange, edited};
use crate::text::inert_json;

/// The text of a document after a merge. Whatever did not change stays byte by byte.
///
/// # Errors
/// The text is not JSON.
pub fn written(text: &str, old: &System, new: &System) -> Result<String, NotJson> {
    let not_json = |error: serde_json::Error| NotJson(error.to_string());
    let none = Deployments::default();
    let [old_deployments, new_deployments] = [old, new].map(|system| system.deployments.as_ref().unwrap_or(&none));
    let sections = [
        Section::of(&["owners"], &old.owners, &new.owners),
        Section::of(&["services"], &old.services, &new.services),
        Section::of(&["networks"], &old.networks, &new.networks),
        Section::of(&["deployments", "helm"], &old_deployments.helm, &new_deployments.helm),
        Section::of(&["deployments", "terraform"], &old_deployments.terraform, &new_deployments.terraform),
    ];
    if sections.iter().all(|section| section.entries.is_empty()) {
        return Ok(text.to_owned());
    }
    let wholes: Vec<String> = sections.iter().map(Section::whole).collect();
    let whole_deployments = inert_json(&serde_json::to_string(new_deployments).unwrap_or_default());
    let mut changes = Vec::from(["name", "description", "version"].map(|key| (key.to_owned(), MemberChange::Keep)));
    let mut deployments = Vec::new();
    for (section, whole) in sections.iter().zip(&wholes) {
        let change = if section.entries.is_empty() {
            MemberChange::Keep
        } else {
            MemberChange::Inside(section.changes(), Json::parse(whole).map_err(not_json)?)
        };
        match section.path {
            [key] => changes.push(((*key).to_owned(), change)),
            [_, key] => deployments.push(((*key).to_owned(), change)),
            _ => {}
        }
    }
    if deployments.iter().any(|(_, change)| !matches!(change, MemberChange::Keep)) {
        let whole = Json::parse(&whole_deployments).map_err(not_json)?;
        changes.push(("deployments".to_owned(), MemberChange::Inside(deployments, whole)));
    }
    edited(text, &changes).map_err(not_json)
}

/// A section of a document, a map, and what of it changed.
struct Section {
    path: &'static [&'static str],
    /// The keys of the entries that changed, with what they are now; `None` where they are gone.
    entries: Vec<(String, Option<String>)>,
}

impl Section {
    fn of<V: PartialEq + Serialize>(path: &'static [&'static str], old: &Map<V>, new: &Map<V>) -> Self {
        let gone = old.keys().filter(|key| !new.contains_key(*key)).map(|key| (key.to_string(), None));
        let changed = new.iter().filter(|(key, value)| old.get(*key) != Some(*value));
        let changed = changed
            .map(|(key, value)| (key.to_string(), serde_json::to_string(value).ok().map(|text| inert_json(&text))));
        Self { path, entries: gone.chain(changed).collect() }
    }

    /// The section as text, where the document does not have it.
    fn whole(&self) -> String {
        let entries = self
            .entries
            .iter()
            .filter_map(|(key, text)| Some(format!("{}:{}", serde_json::Value::from(key.as_str()), text.as_ref()?)));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
    }

    fn changes(&self) -> Vec<(String, MemberChange<'_>)> {
        self.entries.iter().filter_map(|(key, text)| Some((key.clone(), change(text.as_deref())?))).collect()
    }
}

fn change(text: Option<&str>) -> Option<MemberChange<'_>> {
    match text {
        Some(text) => Json::parse(text).ok().map(MemberChange::Set),
        None => Some(MemberChange::Remove),
    }
}
