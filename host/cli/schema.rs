//! `schema`: prints the JSON Schema of the format.

use clap::Args;

use spec_engine::schema::schema;

use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output;

/// Print the JSON Schema (2020-12) of the format, for editors.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

/// Prints the schema.
pub(crate) fn run(Arguments {}: &Arguments) -> Result<Outcome> {
    output::json(schema())?;
    Ok(Outcome::Clean)
}
