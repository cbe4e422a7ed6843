//! How a command ends.

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing was found.
    Clean,
    /// There are findings that make the run fail.
    Findings,
    /// A part of the work failed; the findings tell which.
    Incomplete,
}
