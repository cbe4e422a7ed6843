//! `lint`: checks documents as `validate` does, and never fails on warnings.

use clap::Args;

use crate::failure::Result;
use crate::outcome::Outcome;
use crate::validate;

/// Check documents as `validate` does, and never fail on warnings.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Arguments {
    #[command(flatten)]
    validate: validate::Arguments,
}

/// Checks documents.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    validate::check(&arguments.validate, validate::Warnings::Ignore)
}
