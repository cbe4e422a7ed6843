//! Writes the names of parts into the resources that they are parts of: the queues of a namespace.

use serde_json::Value as Json;

use crate::describe::name;
use crate::index::{Index, Thing};
use crate::nodes::Resources;
use crate::resource::text;
use crate::shapes::{Into, Role};
use crate::stack::Reading;
use crate::workload::Workload;

/// Writes the names of all parts.
pub fn write(resources: &mut Resources, reading: &Reading, workloads: &[Workload], index: &Index<'_>) {
    for (position, own) in reading.resources.iter().enumerate() {
        let Role::Part(part) = &own.row.role else { continue };
        let whole = match index.of(position) {
            Some(Thing::Resource(at)) => Some(at),
            // A function is a resource, too.
            Some(Thing::Workload(at)) => resources.of(&workloads[at]),
            None => None,
        };
        let (Some(whole), Some(into)) = (whole, part.into) else { continue };
        let label =
            name(own).or_else(|| text(&own.values, "pattern")).map_or_else(|| own.address.label(), str::to_owned);
        let fields = &mut resources.all[whole].fields;
        match into {
            Into::Text(field) => drop(fields.entry(field).or_insert_with(|| label.into())),
            Into::List(field) => {
                let list = fields.entry(field).or_insert_with(|| Json::Array(Vec::new()));
                if let Json::Array(items) = list
                    && !items.contains(&Json::from(label.as_str()))
                {
                    items.push(label.into());
                }
            }
        }
    }
}
