//! When a layout gives up.

use std::time::Instant;

use crate::error::Error;

/// A point in time, if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    pub(crate) fn new(at: Option<Instant>) -> Self {
        Self(at)
    }

    /// Fails when the deadline passed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.0 {
            Some(at) if Instant::now() >= at => Err(Error::TimedOut),
            _ => Ok(()),
        }
    }
}
