//! What a script may use up.

use std::time::Duration;

use crate::quantity::{parse, parse_time, show, show_time};
use crate::text::{nearest, quote};

/// Bounds what one rule may use in one document. Depths are the same in every build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of the script: about one an expression and one a call. Default: 50,000,000.
    pub operations: u64,
    /// Wall clock, in milliseconds. Default: 5,000.
    pub time: u64,
    /// Calls of functions inside each other. Default: 32.
    pub call_depth: u64,
    /// Expressions inside each other, in the text of the script. Default: 64.
    pub expression_depth: u64,
    /// A text, or all texts of an array or a map together, in bytes. Default: 1 MiB.
    pub string_bytes: u64,
    /// An array with the arrays in it, in items. Default: 1,000,000.
    pub array_items: u64,
    /// A map with the maps in it, in entries. Default: 100,000.
    pub map_entries: u64,
    /// Arrays, maps and captured variables inside each other. Default: 100.
    pub nesting: u64,
    /// The variables of all functions that run together, in bytes, about. Default: 128 MiB.
    pub memory: u64,
    /// Variables that a function has at one time. Default: 256.
    pub variables: u64,
    /// Functions of a script. Default: 200.
    pub functions: u64,
    /// Imports that are run. Default: 16.
    pub modules: u64,
    /// Findings; together they may name ten times as many other places. Default: 10,000.
    pub findings: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            operations: 50_000_000,
            time: 5_000,
            call_depth: 32,
            expression_depth: 64,
            string_bytes: 1 << 20,
            array_items: 1_000_000,
            map_entries: 100_000,
            nesting: 100,
            memory: 128 << 20,
            variables: 256,
            functions: 200,
            modules: 16,
            findings: 10_000,
        }
    }
}

/// Returns what a depth can be at most: what fits the stack of a thread that asks rules, in every build.
fn deepest(key: &str) -> Option<u64> {
    match key {
        "call-depth" | "expression-depth" => Some(64),
        "nesting" => Some(1_000),
        _ => None,
    }
}

impl Limits {
    /// Lists the keys that [`Limits::set`] takes.
    pub const KEYS: [&str; 13] = [
        "operations",
        "time",
        "call-depth",
        "expression-depth",
        "string-bytes",
        "array-items",
        "map-entries",
        "nesting",
        "memory",
        "variables",
        "functions",
        "modules",
        "findings",
    ];

    /// Sets a limit from text: a number above 0, with a suffix `K`, `M` or `G`; of bytes these are powers of 1024, of
    /// anything else powers of 1000. `time` takes milliseconds, or seconds with the suffix `s`.
    ///
    /// # Errors
    /// A sentence that says what was wrong with the key or the value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let Some(field) = self.field(key) else {
            return Err(match nearest(key, Self::KEYS) {
                Some(meant) => format!("rules have no limit {}; did you mean {}?", quote(key), quote(meant)),
                None => format!("rules have no limit {}; the limits are {}", quote(key), Self::KEYS.join(", ")),
            });
        };
        let parsed = if key == "time" { parse_time(value) } else { parse(value, unit(key)) };
        let parsed = parsed.ok_or_else(|| {
            let example =
                if key == "time" { "milliseconds or seconds, such as `10s`" } else { "an optional K, M or G" };
            format!("the limit `{key}` is a number above 0 with {example}, not {}", quote(value))
        })?;
        if let Some(deepest) = deepest(key).filter(|&deepest| parsed > deepest) {
            return Err(format!("the limit `{key}` is at most {deepest}, not {}", quote(value)));
        }
        *field = parsed;
        Ok(())
    }

    /// Returns the time as such.
    pub(super) fn duration(&self) -> Duration {
        Duration::from_millis(self.time)
    }

    fn field(&mut self, key: &str) -> Option<&mut u64> {
        Some(match key {
            "operations" => &mut self.operations,
            "time" => &mut self.time,
            "call-depth" => &mut self.call_depth,
            "expression-depth" => &mut self.expression_depth,
            "string-bytes" => &mut self.string_bytes,
            "array-items" => &mut self.array_items,
            "map-entries" => &mut self.map_entries,
            "nesting" => &mut self.nesting,
            "memory" => &mut self.memory,
            "variables" => &mut self.variables,
            "functions" => &mut self.functions,
            "modules" => &mut self.modules,
            "findings" => &mut self.findings,
            _ => return None,
        })
    }

    /// Names a limit that was passed.
    pub(super) fn passed(&self, key: &'static str) -> Passed {
        let limit = self.clone().field(key).map_or(0, |limit| *limit);
        Passed { key, limit }
    }
}

/// Names a limit that was passed, and what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    pub key: &'static str,
    pub limit: u64,
}

impl Passed {
    /// Says which limit it was, as the rest of a sentence: `more than 50M operations, its limit \`operations\``.
    pub fn what(self) -> String {
        let Self { key, limit } = self;
        let what = match key {
            "time" => return format!("more than {}, its limit `time`", show_time(limit)),
            "call-depth" => "calls inside each other",
            "expression-depth" => "expressions inside each other",
            "string-bytes" => "bytes of text",
            "array-items" => "items in an array",
            "map-entries" => "entries in a map",
            "nesting" => "values inside each other",
            "memory" => "of memory",
            "modules" => "imports",
            _ => key,
        };
        format!("more than {} {what}, its limit `{key}`", show(limit, unit(key)))
    }

    /// Names the option that raises the limit, with a value twice as high, as far as it can be raised.
    pub fn help(self) -> String {
        let Self { key, limit } = self;
        let most = deepest(key).unwrap_or(u64::MAX);
        if limit >= most {
            return format!("the limit `{key}` cannot be raised");
        }
        let more = limit.saturating_mul(2).min(most);
        match key {
            "time" => format!("raise it with `--rule-limit time={}`", show_time(more)),
            _ => format!("raise it with `--rule-limit {key}={}`", show(more, unit(key))),
        }
    }
}

fn unit(key: &str) -> u64 {
    if matches!(key, "string-bytes" | "memory") { 1024 } else { 1000 }
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
        limits.set("operations", "100M").unwrap();
        limits.set("string-bytes", "2m").unwrap();
        assert_eq!((limits.operations, limits.string_bytes), (100_000_000, 2 << 20));
        for (text, milliseconds) in [("100", 100), ("100ms", 100), ("2s", 2_000), ("2K", 2_000)] {
            limits.set("time", text).unwrap();
            assert_eq!(limits.time, milliseconds, "{text}");
        }
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for (key, value) in [
            ("operations", "0"),
            ("operations", "-1"),
            ("time", "s"),
            ("time", "1h"),
            ("call-depth", "65"),
            ("time", "€"),
        ] {
            assert!(Limits::default().set(key, value).is_err(), "{key}={value}");
        }
        let unknown = Limits::default().set("operation", "1").unwrap_err();
        assert_eq!(unknown, "rules have no limit `operation`; did you mean `operations`?");
        assert!(Limits::default().set("ram", "1").unwrap_err().contains("string-bytes"));
    }

    #[test]
    fn a_passed_limit_names_itself_and_a_higher_value() {
        let limits = Limits::default();
        assert_eq!(limits.passed("operations").what(), "more than 50M operations, its limit `operations`");
        assert_eq!(limits.passed("operations").help(), "raise it with `--rule-limit operations=100M`");
        assert_eq!(limits.passed("time").what(), "more than 5s, its limit `time`");
        assert_eq!(limits.passed("time").help(), "raise it with `--rule-limit time=10s`");
        assert_eq!(limits.passed("call-depth").help(), "raise it with `--rule-limit call-depth=64`");
    }
}
