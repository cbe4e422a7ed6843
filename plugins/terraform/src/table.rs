//! The table of types as its tests and its documentation see it.

use crate::describe::shape_of;
use crate::kinds::{KINDS, Kind};
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
    let shapes = TYPES.iter().filter_map(|row| Some((row.name, shape_of(row)?)));
    shapes.map(|(name, shape)| (name, shape.kind, shape.fields.iter().map(|field| field.name).collect())).collect()
}
