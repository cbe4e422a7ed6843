//! Puts what several files say together: of one system the later file counts, and where they differ it is told.

use std::collections::HashMap;

use spec_engine_evidence::notes::{Notes, Severity};

use crate::describe::{description, identity};
use crate::input::File;
use crate::resource::Resource;
use crate::stack::{Reading, Stack};
use crate::values::ReadState;

/// Adds a state or plan to what was read before.
pub fn merge(reading: &mut Reading, read: ReadState, files: &[File<'_>], notes: &mut Notes) {
    let ReadState { stack, resources, others } = read;
    let Some(position) = same(reading, &stack, &resources) else {
        let position = reading.stacks.len();
        reading.stacks.push(stack);
        count(reading, others);
        reading.resources.extend(resources.into_iter().map(|own| Resource { stack: position, ..own }));
        return;
    };
    let earlier = &reading.stacks[position];
    if earlier.lineage.is_some() && earlier.lineage == stack.lineage && earlier.serial > stack.serial {
        let number = |serial: Option<u64>| serial.map_or("?".to_owned(), |serial| serial.to_string());
        let message = format!(
            "{} is an older state than {}, serial {} after {}, and is left out",
            files[stack.place.file].name,
            files[earlier.place.file].name,
            number(stack.serial),
            number(earlier.serial)
        );
        notes.add(Severity::Warning, "older-state", stack.place, message, "name one of them");
        return;
    }
    replace(reading, position, resources, files, notes);
    reading.resources.retain(|own| own.stack != position || !stack.deleted.contains(&own.address.to_string()));
    let earlier = &mut reading.stacks[position];
    // What is of no type that is read is counted once, of the file that has the most.
    if stack.size > earlier.size {
        reading.others.clear();
        count(reading, others);
    }
    let earlier = &mut reading.stacks[position];
    for module in stack.modules {
        if !earlier.modules.contains(&module) {
            earlier.modules.push(module);
        }
    }
    if stack.is_plan {
        (earlier.is_plan, earlier.configuration, earlier.changes) = (true, stack.configuration, stack.changes);
    }
    earlier.size = earlier.size.max(stack.size);
    earlier.serial = earlier.serial.max(stack.serial);
    earlier.lineage = earlier.lineage.take().or(stack.lineage);
}

fn count(reading: &mut Reading, others: Vec<String>) {
    for kind in others {
        *reading.others.entry(kind).or_default() += 1;
    }
}

/// The stack that is the same system: its states have the same lineage, or a resource of the same address is the same one.
fn same(reading: &Reading, stack: &Stack, resources: &[Resource]) -> Option<usize> {
    let is_same = |earlier: &Stack| earlier.lineage.is_some() && earlier.lineage == stack.lineage;
    if let Some(position) = reading.stacks.iter().position(is_same) {
        return Some(position);
    }
    let both = |earlier: &Stack| earlier.lineage.is_some() && stack.lineage.is_some();
    let known: HashMap<String, &Resource> =
        reading.resources.iter().map(|own| (own.address.to_string(), own)).collect();
    resources.iter().find_map(|own| {
        let earlier = known.get(&own.address.to_string())?;
        let is_one = identity(earlier).is_some() && identity(earlier) == identity(own);
        (is_one && !both(&reading.stacks[earlier.stack])).then_some(earlier.stack)
    })
}

fn replace(reading: &mut Reading, position: usize, resources: Vec<Resource>, files: &[File<'_>], notes: &mut Notes) {
    let mine = reading.resources.iter().enumerate().filter(|(_, own)| own.stack == position);
    let known: HashMap<String, usize> = mine.map(|(at, own)| (own.address.to_string(), at)).collect();
    for resource in resources {
        let resource = Resource { stack: position, ..resource };
        let address = resource.address.to_string();
        let Some(&at) = known.get(&address) else {
            reading.resources.push(resource);
            continue;
        };
        let earlier = &reading.resources[at];
        let (before, after) = (description(earlier), description(&resource));
        if let Some((field, _)) =
            after.iter().find(|pair| !before.contains(pair) && before.iter().any(|own| own.0 == pair.0))
        {
            let message = format!(
                "`{address}` differs in its {field} from what {} says in line {}: this file counts",
                files[earlier.place.file].name, earlier.place.line
            );
            let help = "name one of the files, or the one that counts last";
            notes.add(Severity::Warning, "two-versions", resource.place, message, help);
        }
        // Attributes that only one of them has, as a plan does not know an ARN yet, are kept.
        let mut resource = resource;
        let dependencies = std::mem::take(&mut reading.resources[at].dependencies);
        resource.dependencies.extend(dependencies);
        reading.resources[at] = resource;
    }
}
