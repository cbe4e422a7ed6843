//! The keys of a file with tests.

/// The keys of the file. Editors find the schema of a file by its key `$schema`.
pub(super) const KEYS: [&str; 2] = ["$schema", "cases"];

/// The keys of a case.
pub(super) const CASE_KEYS: [&str; 5] = ["name", "patch", "document", "params", "expect"];

/// The keys of an expected finding.
pub(super) const EXPECTED_KEYS: [&str; 3] = ["at", "severity", "contains"];
