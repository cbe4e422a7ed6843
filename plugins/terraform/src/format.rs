//! What Terraform writes as JSON, as far as it is read: raw states of version 4, `show -json` of states and plans.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A state, or what `show -json` writes; or neither.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct Document<'t> {
    /// The version of a raw state.
    #[serde(borrow)]
    pub version: Option<&'t RawValue>,
    /// The version of what `show -json` writes.
    #[serde(borrow)]
    pub format_version: Option<&'t RawValue>,
    /// The version of Terraform.
    #[serde(borrow)]
    pub terraform_version: Option<&'t RawValue>,
    /// What names a state for as long as it is there.
    #[serde(borrow)]
    pub lineage: Option<&'t RawValue>,
    /// How often a state was written.
    #[serde(borrow)]
    pub serial: Option<&'t RawValue>,
    /// The resources of a raw state.
    #[serde(borrow)]
    pub resources: Option<&'t RawValue>,
    /// The modules of a state of version 3 or less.
    #[serde(borrow)]
    pub modules: Option<&'t RawValue>,
    /// What OpenTofu writes where a state or plan is encrypted.
    #[serde(borrow)]
    pub encrypted_data: Option<&'t RawValue>,
    /// What a state has.
    #[serde(borrow)]
    pub values: Option<&'t RawValue>,
    /// What will be there once a plan is applied.
    #[serde(borrow)]
    pub planned_values: Option<&'t RawValue>,
    /// What a plan changes.
    #[serde(borrow)]
    pub resource_changes: Option<&'t RawValue>,
    /// The configuration that a plan was made of.
    #[serde(borrow)]
    pub configuration: Option<&'t RawValue>,
    /// Whether planning failed.
    #[serde(borrow)]
    pub errored: Option<&'t RawValue>,
    /// Kubernetes' and Pulumi's keys, by which they are known.
    #[serde(borrow, rename = "apiVersion")]
    pub api_version: Option<&'t RawValue>,
    /// Pulumi's key.
    #[serde(borrow)]
    pub deployment: Option<&'t RawValue>,
    /// A key of configurations in JSON.
    #[serde(borrow)]
    pub resource: Option<&'t RawValue>,
    /// A key of configurations in JSON.
    #[serde(borrow)]
    pub terraform: Option<&'t RawValue>,
    /// A key of the lines that `terraform plan -json` logs.
    #[serde(borrow, rename = "@level")]
    pub level: Option<&'t RawValue>,
    /// A key of documents of system-spec.
    #[serde(borrow)]
    pub services: Option<&'t RawValue>,
}

/// The values of `show -json`.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with a module")]
pub struct Values<'t> {
    /// The module that holds all others.
    #[serde(borrow, default)]
    pub root_module: Option<&'t RawValue>,
}

/// A module of `show -json`.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a module")]
pub struct Module<'t> {
    /// Its address; absent at the outermost.
    #[serde(borrow, default)]
    pub address: Option<Cow<'t, str>>,
    /// Its resources.
    #[serde(borrow, default)]
    pub resources: Option<Vec<&'t RawValue>>,
    /// The modules in it.
    #[serde(borrow, default)]
    pub child_modules: Option<Vec<&'t RawValue>>,
}

/// A resource of `show -json`.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a resource")]
pub struct ShowResource<'t> {
    /// Its address.
    #[serde(borrow)]
    pub address: Cow<'t, str>,
    /// `managed` or `data`.
    #[serde(borrow, default)]
    pub mode: Option<Cow<'t, str>>,
    /// Its type.
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'t, str>,
    /// The key of an object that only waits to be destroyed.
    #[serde(borrow, default)]
    pub deposed_key: Option<Cow<'t, str>>,
    /// Its attributes.
    #[serde(borrow, default)]
    pub values: Option<&'t RawValue>,
    /// Which of them are sensitive.
    #[serde(borrow, default)]
    pub sensitive_values: Option<&'t RawValue>,
    /// What it depends on.
    #[serde(borrow, default)]
    pub depends_on: Option<Vec<Cow<'t, str>>>,
}

/// A resource of a raw state, with its instances.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a resource")]
pub struct StateResource<'t> {
    /// The address of its module.
    #[serde(borrow, default)]
    pub module: Option<Cow<'t, str>>,
    /// `managed` or `data`.
    #[serde(borrow, default)]
    pub mode: Option<Cow<'t, str>>,
    /// Its type.
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'t, str>,
    /// The name of its block.
    #[serde(borrow)]
    pub name: Cow<'t, str>,
    /// Its instances.
    #[serde(borrow, default)]
    pub instances: Option<Vec<&'t RawValue>>,
}

/// An instance of a resource of a raw state.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an instance of a resource")]
pub struct Instance<'t> {
    /// Its key: a text or a number.
    #[serde(borrow, default)]
    pub index_key: Option<&'t RawValue>,
    /// What names an object that only waits to be destroyed.
    #[serde(borrow, default)]
    pub deposed: Option<Cow<'t, str>>,
    /// Its attributes.
    #[serde(borrow, default)]
    pub attributes: Option<&'t RawValue>,
    /// Its attributes as states of version 3 have them.
    #[serde(borrow, default)]
    pub attributes_flat: Option<&'t RawValue>,
    /// The paths of those that are sensitive.
    #[serde(borrow, default)]
    pub sensitive_attributes: Option<&'t RawValue>,
    /// What it depends on.
    #[serde(borrow, default)]
    pub dependencies: Option<Vec<Cow<'t, str>>>,
    /// What it depends on, as earlier versions have it.
    #[serde(borrow, default)]
    pub depends_on: Option<Vec<Cow<'t, str>>>,
}

/// What a plan does with a resource.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a change")]
pub struct Change<'t> {
    /// Its address.
    #[serde(borrow)]
    pub address: Cow<'t, str>,
    /// `managed` or `data`.
    #[serde(borrow, default)]
    pub mode: Option<Cow<'t, str>>,
    /// What names an object that only waits to be destroyed.
    #[serde(borrow, default)]
    pub deposed: Option<Cow<'t, str>>,
    /// What is done.
    #[serde(borrow, default)]
    pub change: Option<Actions<'t>>,
}

/// The actions of a change.
#[derive(Debug, Deserialize)]
#[serde(expecting = "the actions of a change")]
pub struct Actions<'t> {
    /// `create`, `update`, `delete`, …; two of them replace it.
    #[serde(borrow, default)]
    pub actions: Option<Vec<Cow<'t, str>>>,
}

/// Reads the text of a value that is a text.
pub fn text(value: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(value?.get()).ok()
}

/// Reads a value that is a number.
pub fn number(value: Option<&RawValue>) -> Option<u64> {
    serde_json::from_str(value?.get()).ok()
}

/// Whether a value is `true`.
pub fn is_true(value: Option<&RawValue>) -> bool {
    value.is_some_and(|value| value.get().trim() == "true")
}
