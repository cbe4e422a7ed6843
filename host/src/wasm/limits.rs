//! What a guest may use up.

use crate::quantity::{parse, show};

/// Bounds what one call of a guest may use. The same numbers end the same call on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions of one `render`, `check` or `convert`, in wasmtime's fuel (about one a wasm instruction). Default: 20e9.
    pub fuel: u64,
    /// Instructions of one `describe` or `all`, in the same unit. Default: 1e9.
    pub describe_fuel: u64,
    /// All linear memories of a call together, in bytes. Default: 256 MiB.
    pub memory: u64,
    /// All tables of a call together, in elements. Default: 1,000,000.
    pub table_elements: u64,
    /// Artifacts of one call. Default: 1,000.
    pub artifacts: u64,
    /// The content of all artifacts of one call, or the document of an import, in bytes. Default: 128 MiB, half of the
    /// memory: what a guest returns has to stand in its memory.
    pub artifact_bytes: u64,
    /// Findings and remarks of one call. Default: 100,000.
    pub findings: u64,
    /// The files of one import together, in bytes. Default: 64 MiB.
    pub input_bytes: u64,
    /// The log of one call, in bytes. Default: 1 MiB.
    pub log: u64,
    /// The file of a component, in bytes. Default: 64 MiB.
    pub component_size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 20_000_000_000,
            describe_fuel: 1_000_000_000,
            memory: 256 << 20,
            table_elements: 1_000_000,
            artifacts: 1_000,
            artifact_bytes: 128 << 20,
            findings: 100_000,
            input_bytes: 64 << 20,
            log: 1 << 20,
            component_size: 64 << 20,
        }
    }
}

impl Limits {
    /// Lists the keys that [`Limits::set`] takes.
    pub const KEYS: [&str; 10] = [
        "fuel",
        "describe-fuel",
        "memory",
        "table-elements",
        "artifacts",
        "artifact-bytes",
        "findings",
        "input-bytes",
        "log",
        "component-size",
    ];

    /// Sets a limit from text: a number above 0, with a suffix `K`, `M` or `G`; of bytes these are powers of 1024, of
    /// anything else powers of 1000.
    ///
    /// # Errors
    /// A sentence that says what was wrong with the key or the value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let Some(field) = self.field(key) else {
            return Err(format!("there is no limit `{key}`; the limits are {}", Self::KEYS.join(", ")));
        };
        *field = parse(value, unit(key)).ok_or_else(|| {
            format!("the limit `{key}` is a number above 0 with an optional K, M or G, such as `512M`, not `{value}`")
        })?;
        Ok(())
    }

    fn field(&mut self, key: &str) -> Option<&mut u64> {
        Some(match key {
            "fuel" => &mut self.fuel,
            "describe-fuel" => &mut self.describe_fuel,
            "memory" => &mut self.memory,
            "table-elements" => &mut self.table_elements,
            "artifacts" => &mut self.artifacts,
            "artifact-bytes" => &mut self.artifact_bytes,
            "findings" => &mut self.findings,
            "input-bytes" => &mut self.input_bytes,
            "log" => &mut self.log,
            "component-size" => &mut self.component_size,
            _ => return None,
        })
    }
}

/// Names a limit that was passed, and what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    pub key: &'static str,
    pub limit: u64,
}

impl Passed {
    /// Says which limit it was, as the rest of a sentence: `more than 256M of memory (the limit \`memory\`)`.
    pub fn what(self) -> String {
        let what = match self.key {
            "fuel" | "describe-fuel" => "instructions (fuel)",
            "memory" => "of memory",
            "table-elements" => "table elements",
            "artifacts" => "artifacts",
            "artifact-bytes" => "of artifacts",
            "findings" => "findings",
            "input-bytes" => "in the files",
            "log" => "of log",
            _ => "in the file",
        };
        format!("more than {} {what}, its limit `{}`", show(self.limit, unit(self.key)), self.key)
    }

    /// Names the option that raises the limit, with a value twice as high.
    pub fn help(self) -> String {
        format!("raise it with --limit {}={}", self.key, show(self.limit.saturating_mul(2), unit(self.key)))
    }
}

fn unit(key: &str) -> u64 {
    match key {
        "memory" | "artifact-bytes" | "input-bytes" | "log" | "component-size" => 1024,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_can_be_set_and_suffixes_count_in_the_unit_of_the_key() {
        for key in Limits::KEYS {
            assert_eq!(Limits::default().set(key, "2"), Ok(()));
        }
        let mut limits = Limits::default();
        limits.set("memory", "512M").unwrap();
        limits.set("fuel", "2g").unwrap();
        assert_eq!((limits.memory, limits.fuel), (512 << 20, 2_000_000_000));
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for value in ["", "M", "-1", "0", "1T", "1.5G", "99999999999999999999", "+1", "€"] {
            assert!(Limits::default().set("memory", value).is_err(), "{value}");
        }
        assert!(Limits::default().set("ram", "1").unwrap_err().contains("describe-fuel"));
    }

    #[test]
    fn a_passed_limit_names_itself_and_a_higher_value() {
        let passed = Passed { key: "memory", limit: 256 << 20 };
        assert_eq!(passed.what(), "more than 256M of memory, its limit `memory`");
        assert_eq!(passed.help(), "raise it with --limit memory=512M");
    }
}
