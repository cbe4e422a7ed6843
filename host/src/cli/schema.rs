//! `schema`: prints the JSON Schema of the format.

use super::{Outcome, output};
use crate::schema::schema;

/// Prints the schema.
pub(super) fn run() -> anyhow::Result<Outcome> {
    output::json(schema())?;
    Ok(Outcome::Clean)
}
