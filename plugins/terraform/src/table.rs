//! The table of types as its tests and its documentation see it.

use crate::kinds::{KINDS, Kind};
use crate::shapes::{Role, Shape, Type};
use crate::types::TYPES;

/// The kinds that types of Terraform are.
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// The types of which the document has something.
pub fn types() -> Vec<&'static str> {
    TYPES.iter().map(|row| row.name).collect()
}

/// The types that are resources, with their kinds and the fields that are read.
pub fn resources() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let shapes = TYPES.iter().flat_map(|row| shapes(row).into_iter().map(|shape| (row.name, shape)));
    shapes.map(|(name, shape)| (name, shape.kind, shape.fields.iter().map(|field| field.name).collect())).collect()
}

/// How a type is a resource, of one kind or of several.
fn shapes(row: &'static Type) -> Vec<&'static Shape> {
    match &row.role {
        Role::Engine(own) => own.kinds.iter().map(|(_, shape)| shape).collect(),
        Role::Resource(shape) => vec![shape],
        Role::Workload(workload) => workload.resource.iter().collect(),
        _ => Vec::new(),
    }
}
