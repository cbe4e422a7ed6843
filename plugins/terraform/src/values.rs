//! Reads the resources of states and plans.

use std::collections::HashSet;

use serde_json::value::RawValue;
use spec_engine_evidence::json::{JsonError, Reader, Skip, whole};
use spec_engine_evidence::tree::{Node, Place};

use crate::address::{Address, Step, path};
use crate::configuration::Configuration;
use crate::format::{Change, Document, Instance, Module, ShowResource, StateResource, Values, number, text};
use crate::resource::{self, Resource};
use crate::sensitive::{mask, remove};
use crate::stack::{Changes, Stack};
use crate::types::find;

/// The most levels of modules.
const MAX_MODULES: usize = 64;

/// What was read of one state or plan: it, its resources, and the types of which the document has nothing.
#[derive(Debug)]
pub struct ReadState {
    /// What it is.
    pub stack: Stack,
    /// Its resources.
    pub resources: Vec<Resource>,
    /// The types of all others.
    pub others: Vec<String>,
}

/// Reads a plan.
///
/// # Errors
/// Where it is not what Terraform writes.
pub fn plan<'t>(document: &Document<'t>, values: &'t RawValue, reader: &Reader<'t>) -> Result<ReadState, JsonError> {
    let mut read = shown(document, values, reader)?;
    read.stack.is_plan = true;
    if let Some(changes) = document.resource_changes {
        read.changes(parsed(reader, changes)?);
    }
    if let Some(configuration) = document.configuration {
        let skip = |key: &str| match key {
            "provider_config" | "constant_value" => Skip::Inside,
            _ => Skip::Nothing,
        };
        let node = reader.read(configuration.get(), &skip)?;
        if let Some(root) = node.get("root_module") {
            read.stack.configuration = Configuration::read(root);
        }
    }
    Ok(read)
}

/// Reads what `show -json` writes of a state.
///
/// # Errors
/// Where it is not what Terraform writes.
pub fn shown<'t>(document: &Document<'t>, values: &'t RawValue, reader: &Reader<'t>) -> Result<ReadState, JsonError> {
    let mut read = ReadState::new(document, reader.place(values.get()));
    let values: Values<'t> = parsed(reader, values)?;
    if let Some(root) = values.root_module {
        read.module(root, reader, 0)?;
    }
    Ok(read)
}

/// Reads a raw state.
///
/// # Errors
/// Where it is not what Terraform writes.
pub fn raw<'t>(document: &Document<'t>, reader: &Reader<'t>) -> Result<ReadState, JsonError> {
    let resources: Vec<&'t RawValue> = match document.resources {
        Some(resources) => parsed(reader, resources)?,
        None => Vec::new(),
    };
    let place = resources.first().map_or(Place::default(), |first| reader.place(first.get()));
    let mut read = ReadState::new(document, place);
    for resource in resources {
        read.stored(resource, reader)?;
    }
    Ok(read)
}

/// Reads a value that is a part of the text.
fn parsed<'t, T: serde::Deserialize<'t>>(reader: &Reader<'t>, value: &'t RawValue) -> Result<T, JsonError> {
    serde_json::from_str(value.get()).map_err(|error| reader.broken(&error, value.get()))
}

impl ReadState {
    fn new(document: &Document<'_>, place: Place) -> Self {
        let stack = Stack {
            place,
            is_plan: false,
            lineage: text(document.lineage),
            serial: number(document.serial),
            configuration: Configuration::default(),
            modules: Vec::new(),
            deleted: HashSet::new(),
            changes: Changes::default(),
            size: 0,
        };
        Self { stack, resources: Vec::new(), others: Vec::new() }
    }

    fn module<'t>(&mut self, module: &'t RawValue, reader: &Reader<'t>, depth: usize) -> Result<(), JsonError> {
        let Module { address, resources, child_modules } = parsed(reader, module)?;
        if let Some(address) = address {
            self.see(&Address::modules(&address));
        }
        for resource in resources.unwrap_or_default() {
            let own: ShowResource<'t> = parsed(reader, resource)?;
            if own.mode.as_deref() == Some("data") || own.deposed_key.is_some() {
                continue;
            }
            let Some(address) = Address::parse(&own.address) else { continue };
            let mut resource =
                match self.resource(&own.kind, address, own.values, reader.place(resource.get()), reader)? {
                    Some(resource) => resource,
                    None => continue,
                };
            if let Some(marks) = own.sensitive_values {
                resource.hidden = mask(&mut resource.values, &reader.read(marks.get(), &whole)?);
            }
            let dependencies = own.depends_on.unwrap_or_default();
            resource.dependencies = dependencies.iter().filter_map(|text| Address::parse(text)).collect();
            self.resources.push(resource);
        }
        for child in child_modules.unwrap_or_default() {
            if depth < MAX_MODULES {
                self.module(child, reader, depth + 1)?;
            }
        }
        Ok(())
    }

    fn stored<'t>(&mut self, stored: &'t RawValue, reader: &Reader<'t>) -> Result<(), JsonError> {
        let own: StateResource<'t> = parsed(reader, stored)?;
        if own.mode.as_deref() == Some("data") {
            return Ok(());
        }
        let place = reader.place(stored.get());
        let modules = own.module.as_deref().map(Address::modules).unwrap_or_default();
        self.see(&modules);
        for instance in own.instances.unwrap_or_default() {
            let instance: Instance<'t> = parsed(reader, instance)?;
            if instance.deposed.is_some() {
                continue;
            }
            let key = instance.index_key.map(|key| text(Some(key)).unwrap_or_else(|| key.get().trim().to_owned()));
            let block = Step { name: own.name.to_string(), key };
            let address = Address { modules: modules.clone(), kind: own.kind.to_string(), block };
            let values = instance.attributes.or(instance.attributes_flat);
            let Some(mut resource) = self.resource(&own.kind, address, values, place, reader)? else { continue };
            if let Some(paths) = instance.sensitive_attributes {
                resource.hidden = remove(&mut resource.values, &reader.read(paths.get(), &whole)?);
            }
            let absolute = instance.dependencies.unwrap_or_default();
            let relative = instance.depends_on.unwrap_or_default();
            resource.dependencies = absolute.iter().filter_map(|text| Address::parse(text)).collect();
            // Early ones have them relative to the module.
            let relative = relative
                .iter()
                .filter_map(|text| Address::parse(text))
                .map(|own| Address { modules: modules.iter().cloned().chain(own.modules).collect(), ..own });
            resource.dependencies.extend(relative.map(|own| own.configured()));
            self.resources.push(resource);
        }
        Ok(())
    }

    /// Reads the attributes of a resource, unless the document has nothing of its type.
    fn resource<'t>(
        &mut self,
        kind: &str,
        address: Address,
        values: Option<&'t RawValue>,
        place: Place,
        reader: &Reader<'t>,
    ) -> Result<Option<Resource>, JsonError> {
        self.stack.size += 1;
        let Some(row) = find(kind) else {
            self.others.push(kind.to_owned());
            return Ok(None);
        };
        let values = match values {
            Some(values) => reader.read(values.get(), &without_timeouts)?,
            None => Node::empty(place),
        };
        // Of brokers only those of RabbitMQ are of a kind.
        if resource::text(&values, "engine_type").is_some_and(|engine| !engine.eq_ignore_ascii_case("rabbitmq"))
            && kind == "aws_mq_broker"
        {
            self.others.push(kind.to_owned());
            return Ok(None);
        }
        Ok(Some(Resource { address, row, values, hidden: 0, dependencies: Vec::new(), place, stack: 0 }))
    }

    /// Takes up a module, and those around it.
    fn see(&mut self, modules: &[Step]) {
        for end in 1..=modules.len() {
            let name = path(&modules[..end]);
            if !self.stack.modules.contains(&name) {
                self.stack.modules.push(name);
            }
        }
    }

    fn changes(&mut self, changes: Vec<Change<'_>>) {
        for change in changes {
            if change.mode.as_deref() == Some("data") || change.deposed.is_some() {
                continue;
            }
            let actions = change.change.and_then(|change| change.actions).unwrap_or_default();
            let has = |action: &str| actions.iter().any(|own| own == action);
            let all = &mut self.stack.changes;
            match (has("create"), has("delete") || has("forget"), has("update")) {
                (true, true, _) => all.replaced += 1,
                (true, false, _) => all.created += 1,
                (false, true, _) => {
                    all.deleted += 1;
                    self.stack.deleted.insert(change.address.to_string());
                }
                (false, false, true) => all.updated += 1,
                (false, false, false) => {}
            }
        }
    }
}

/// Leaves out the times that Terraform waits.
fn without_timeouts(key: &str) -> Skip {
    if key == "timeouts" { Skip::Inside } else { Skip::Nothing }
}
