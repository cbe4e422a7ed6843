//! What components, templates and scripts may use up: a table each, a row a limit.
//!
//! A row is the only place of a limit: its field, key, unit, default, the sentence of the help text and of the book, and
//! the words of the message when it is exceeded.

mod quantity;
mod spent;

use std::fmt;

use crate::text::{nearest, quote};

pub(crate) use spent::{SharedUsage, TimeLimit};

/// The unit in which a limit counts, and in which it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things. The suffixes `K`, `M` and `G` are powers of 1000.
    Count,
    /// A number of bytes. The suffixes `K`, `M` and `G` are powers of 1024.
    Bytes,
    /// A time in milliseconds, written with `ms`, `s` or no suffix.
    Milliseconds,
}

impl Unit {
    /// Reads a value above 0; `None` where the text is not one.
    pub fn parse(self, text: &str) -> Option<u64> {
        match self {
            Self::Count => quantity::parse(text, 1000),
            Self::Bytes => quantity::parse(text, 1024),
            Self::Milliseconds => quantity::parse_time(text),
        }
    }

    /// Writes a value as short as it can be read back.
    pub fn show(self, value: u64) -> String {
        match self {
            Self::Count => quantity::show(value, 1000),
            Self::Bytes => quantity::show(value, 1024),
            Self::Milliseconds => quantity::show_time(value),
        }
    }

    /// What a value looks like, for messages.
    fn expected(self) -> &'static str {
        match self {
            Self::Count => "a number above 0, optionally with K, M or G, such as `10M`",
            Self::Bytes => "a number of bytes above 0, optionally with K, M or G, such as `512M`",
            Self::Milliseconds => "a time above 0 in milliseconds, or in seconds with `s`, such as `10s`",
        }
    }
}

/// What a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A call of a component.
    Component,
    /// A rendering of a template.
    Template,
    /// A scripted rule on one document.
    Script,
}

impl Subject {
    fn plural(self) -> &'static str {
        match self {
            Self::Component => "components",
            Self::Template => "templates",
            Self::Script => "scripted rules",
        }
    }
}

/// One limit: a row of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Limit {
    /// The name by which it is set: `artifact-bytes`.
    pub key: &'static str,
    /// The unit in which it counts.
    pub unit: Unit,
    /// The value where nobody sets another.
    pub default: u64,
    /// The highest value that it can have.
    pub maximum: u64,
    /// What it bounds, in a few words.
    pub summary: &'static str,
    /// What there is too much of, after a number: `of memory`.
    exceeded: &'static str,
}

/// A set of limits with a key each.
pub trait LimitTable: Default {
    /// What the limits bound.
    const SUBJECT: Subject;
    /// Every limit, in the order in which they are documented.
    const ROWS: &'static [Limit];

    /// The value of a limit of [`Self::ROWS`], by its key.
    fn value_mut(&mut self, key: &str) -> Option<&mut u64>;

    /// Sets a limit from text.
    ///
    /// # Errors
    /// There is no such limit, or the text is not a value of its unit, or above its maximum.
    fn set(&mut self, key: &str, text: &str) -> Result<(), LimitError> {
        let Some(limit) = Self::ROWS.iter().find(|limit| limit.key == key) else {
            return Err(LimitError::unknown(key, Self::SUBJECT.plural(), Self::ROWS));
        };
        let value = limit.unit.parse(text);
        let value =
            value.ok_or_else(|| LimitError::Invalid { key: limit.key, unit: limit.unit, text: text.to_owned() })?;
        if value > limit.maximum {
            return Err(LimitError::AboveMaximum { key: limit.key, maximum: limit.unit.show(limit.maximum) });
        }
        *self.value_mut(limit.key).expect("a row has a field") = value;
        Ok(())
    }
}

/// A limit that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// There is no limit of this name.
    #[error("{subject} have no limit {}", quote(key))]
    Unknown {
        /// The name that was given.
        key: String,
        /// What was to be limited: `components`.
        subject: &'static str,
        /// The name that may be meant.
        suggestion: Option<&'static str>,
        /// Every name that there is.
        known: Vec<&'static str>,
    },
    /// The text is no value of the unit.
    #[error("the limit `{key}` takes {}, not {}", .unit.expected(), quote(text))]
    Invalid {
        /// The name of the limit.
        key: &'static str,
        /// Its unit.
        unit: Unit,
        /// The text that was given.
        text: String,
    },
    /// The value is higher than the limit can be.
    #[error("the limit `{key}` is at most {maximum}")]
    AboveMaximum {
        /// The name of the limit.
        key: &'static str,
        /// The highest value, as it is written.
        maximum: String,
    },
}

impl LimitError {
    /// There is no limit of a name among some rows.
    pub fn unknown<'r>(key: &str, subject: &'static str, rows: impl IntoIterator<Item = &'r Limit>) -> Self {
        let known: Vec<&'static str> = rows.into_iter().map(|limit| limit.key).collect();
        let suggestion = nearest(key, known.iter().copied());
        Self::Unknown { key: key.to_owned(), subject, suggestion, known }
    }
}

/// A limit that was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitExceeded {
    /// What the limit bounds.
    pub subject: Subject,
    /// The limit.
    pub limit: &'static Limit,
    /// Its value at the time.
    pub value: u64,
}

impl LimitExceeded {
    /// A higher value, as it is written: twice this one; `None` where the limit cannot be raised.
    pub fn raised(&self) -> Option<String> {
        let higher = self.value.saturating_mul(2).min(self.limit.maximum);
        (higher > self.value).then(|| self.limit.unit.show(higher))
    }
}

impl fmt::Display for LimitExceeded {
    /// The rest of a sentence: `more than 256M of memory (limit `memory`)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Limit { key, unit, exceeded, .. } = self.limit;
        let shown = unit.show(self.value);
        write!(f, "more than {shown}")?;
        if *unit == Unit::Bytes && shown.ends_with(|last: char| last.is_ascii_digit()) {
            f.write_str(" bytes")?;
        }
        if !exceeded.is_empty() {
            write!(f, " {exceeded}")?;
        }
        write!(f, " (limit `{key}`)")
    }
}

/// The options that bound a picture, each with its default.
pub const PICTURE_LIMITS: [(&str, u64); 3] = [("max-nodes", 300), ("max-edges", 1_200), ("seconds", 20)];

/// The options of a picture that name a file or a folder, each with the words that name none.
pub const PICTURE_FILES: [(&str, &[&str]); 2] = [("font", &[""]), ("icons", &["kind", "none"])];

/// Defines a table of limits.
macro_rules! limits {
    (@maximum) => { u64::MAX };
    (@maximum $maximum:expr) => { $maximum };
    (
        $(#[$doc:meta])* $name:ident of $subject:ident;
        $($field:ident $key:literal $unit:ident $default:expr $(, at most $maximum:expr)?; $summary:literal; $exceeded:literal)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $(#[doc = concat!($summary, ".")] pub $field: u64,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl LimitTable for $name {
            const SUBJECT: Subject = Subject::$subject;
            const ROWS: &'static [Limit] = &[$(Limit {
                key: $key,
                unit: Unit::$unit,
                default: $default,
                maximum: limits!(@maximum $($maximum)?),
                summary: $summary,
                exceeded: $exceeded,
            },)*];

            fn value_mut(&mut self, key: &str) -> Option<&mut u64> {
                match key {
                    $($key => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }

        impl $name {
            /// The limit of a key, as exceeded.
            pub(crate) fn exceeded(&self, key: &'static str) -> LimitExceeded {
                let limit = Self::ROWS.iter().find(|limit| limit.key == key).expect("the key is that of a row");
                let value = match key { $($key => self.$field,)* _ => 0 };
                LimitExceeded { subject: Self::SUBJECT, limit, value }
            }
        }
    };
}

limits! {
    /// What one call of a component may use. The same numbers end the same call on every machine.
    ComponentLimits of Component;
    fuel "fuel" Count 20_000_000_000;
        "Instructions of one `render` or `check`, in wasmtime's fuel (about one a WebAssembly instruction)";
        "instructions"
    import_fuel "import-fuel" Count 100_000_000_000; "Instructions of one import"; "instructions"
    describe_fuel "describe-fuel" Count 1_000_000_000;
        "Instructions of one `describe`, and of the list of its rules";
        "instructions"
    // Fuel ends a call first, unless the engine does for the guest what fuel does not count.
    time "time" Milliseconds 60_000; "Processor time of one `render`, `check` or import"; ""
    describe_time "describe-time" Milliseconds 10_000; "Processor time of one `describe`, and of the list of its rules"; ""
    rules_time "rules-time" Milliseconds 120_000;
        "Processor time of all rules of a component in one run";
        "for all of its rules together"
    all_rules_time "all-rules-time" Milliseconds 600_000;
        "Processor time of the rules of all components in one run";
        "for the rules of all components together"
    memory "memory" Bytes 256 << 20; "All linear memories of a call together, unless it imports"; "of memory"
    // Four times the files: they are in the memory of the guest, as text and as what it makes of them.
    import_memory "import-memory" Bytes 1 << 30; "All linear memories of one import together"; "of memory"
    table_elements "table-elements" Count 1_000_000; "Elements of all tables of a call together"; "table elements"
    artifacts "artifacts" Count 1_000; "Artifacts of one call"; "artifacts"
    // Half of the memory: what a guest returns has to be in its memory.
    artifact_bytes "artifact-bytes" Bytes 128 << 20;
        "Content of all artifacts of one call, or the document of an import";
        "of artifacts"
    findings "findings" Count 100_000; "Findings and remarks of one call"; "findings"
    findings_bytes "findings-bytes" Bytes 64 << 20;
        "Findings of all rules of a component in one run";
        "of findings of all of its rules together"
    all_findings_bytes "all-findings-bytes" Bytes 256 << 20;
        "Findings of the rules of all components in one run";
        "of findings of the rules of all components together"
    input_bytes "input-bytes" Bytes 256 << 20; "All files of one import together"; "of input files"
    log "log" Bytes 1 << 20; "Log of one call"; "of log"
    component_size "component-size" Bytes 64 << 20; "File of a component"; "in its file"
    compile_time "compile-time" Milliseconds 60_000; "Processor time of compiling a component"; ""
    all_compile_time "all-compile-time" Milliseconds 600_000;
        "Processor time of compiling all components, and of their first `describe`";
        "for all components together"
    compile_memory "compile-memory" Bytes 1 << 30; "Memory of compiling a component"; "of memory"
    compiled_size "compiled-size" Bytes 256 << 20; "Compiled code of a component"; "of compiled code"
    // The structure of a file, which is held against these before anything is compiled. Components of the toolchains of
    // JavaScript and Python have at most a fifth of the size of a function, and a tenth of everything else.
    nesting "component-nesting" Count 16, at most 100; "Components inside each other"; "nested components"
    instances "instances" Count 1_000; "Instances of modules and components in a component"; "instances"
    types "types" Count 100_000; "Types in a component"; "types"
    functions "functions" Count 200_000; "Functions in a component"; "functions"
    function_size "function-size" Bytes 2 << 20; "Code of one function"; "in one function"
    locals "locals" Count 10_000; "Local variables of one function"; "local variables in one function"
    items "items" Count 500_000; "Imports, exports, globals, segments and aliases in a component"; "items"
    memories "memories" Count 100; "Memories in a component"; "memories"
    tables "tables" Count 1_000; "Tables in a component"; "tables"
    initial_data "initial-data" Bytes 256 << 20; "Data and elements that instances start with"; "of initial data"
}

limits! {
    /// What one rendering of a template may use.
    TemplateLimits of Template;
    output_bytes "output-bytes" Bytes 256 << 20; "Output of a template"; "of output"
    // A hundred times what the shipped templates need for 10,000 services.
    time "time" Milliseconds 60_000; "Wall clock time of reading a template, and of drawing with it"; ""
    memory "memory" Bytes 512 << 20; "Memory of a template beside the document, its stack included"; "of memory"
    all_memory "all-memory" Bytes 1 << 30;
        "Memory of all templates that were read";
        "of memory together with those that were read before it"
    all_read_time "all-read-time" Milliseconds 120_000;
        "Processor time of reading all templates";
        "to be read together with those before it"
    template_size "template-size" Bytes 4 << 20;
        "File of a template with its sidecar and all that it includes";
        "of text in its files"
}

limits! {
    /// What one scripted rule may use on one document, and all of them together. Depths are the same in every build.
    ScriptLimits of Script;
    operations "operations" Count 50_000_000; "Steps: about one an expression and one a call"; "operations"
    time "time" Milliseconds 5_000; "Processor time"; ""
    // Ten policies over 10,000 services take less than a second.
    all_rules_time "all-rules-time" Milliseconds 60_000;
        "Processor time of all scripted rules in one run, and of reading them";
        "of processor time"
    // Depths are at most what fits the stack of a thread that runs rules, in every build.
    call_depth "call-depth" Count 32, at most 64; "Nested function calls"; "nested calls"
    expression_depth "expression-depth" Count 64, at most 64; "Nested expressions in the script"; "nested expressions"
    string_bytes "string-bytes" Bytes 1 << 20; "A text, or all texts of an array or a map together"; "of text"
    array_items "array-items" Count 1_000_000; "An array with the arrays in it"; "array items"
    map_entries "map-entries" Count 100_000; "A map with the maps in it"; "map entries"
    nesting "nesting" Count 100, at most 1_000; "Nested arrays, maps and captured variables"; "nested values"
    memory "memory" Bytes 128 << 20; "Memory of a run beside the document, at most about"; "of memory"
    variables "variables" Count 256; "Variables of a function at one time"; "variables"
    functions "functions" Count 200; "Functions of a script"; "functions"
    modules "modules" Count 16; "Imports that are run"; "imports"
    // The parser takes time by the square of what is declared: the shipped examples have at most a thousand.
    tokens "tokens" Count 100_000; "Words, marks and literals of a script"; "tokens"
    script_size "script-size" Bytes 1 << 20, at most 16 << 20; "File of a script"; "of text in a file"
    printed "printed" Bytes 64 << 10; "What `print` and `debug` write; the rest is left out"; "of printed text"
    findings "findings" Count 10_000; "Findings; together they may name ten times as many other places"; "findings"
    all_findings_bytes "all-findings-bytes" Bytes 256 << 20;
        "Findings of all scripted rules in one run";
        "of findings"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_can_be_set<T: LimitTable + PartialEq + std::fmt::Debug>() {
        for limit in T::ROWS {
            let mut limits = T::default();
            assert_eq!(limits.set(limit.key, "2"), Ok(()), "{}", limit.key);
            assert_eq!(limits.value_mut(limit.key), Some(&mut 2));
            assert!(limit.default <= limit.maximum && limit.summary.starts_with(char::is_uppercase), "{}", limit.key);
            let shown = limit.unit.show(limit.default);
            assert_eq!(limit.unit.parse(&shown), Some(limit.default), "{}", limit.key);
            *limits.value_mut(limit.key).unwrap() = limit.default;
            assert_eq!(limits, T::default());
        }
    }

    #[test]
    fn every_row_has_a_field_a_value_and_words() {
        keys_can_be_set::<ComponentLimits>();
        keys_can_be_set::<TemplateLimits>();
        keys_can_be_set::<ScriptLimits>();
    }

    #[test]
    fn suffixes_count_in_the_unit_of_the_row() {
        let mut limits = ComponentLimits::default();
        limits.set("memory", "512M").unwrap();
        limits.set("fuel", "2g").unwrap();
        assert_eq!((limits.memory, limits.fuel), (512 << 20, 2_000_000_000));
        let mut limits = ScriptLimits::default();
        for (text, milliseconds) in [("100", 100), ("100ms", 100), ("2s", 2_000), ("2K", 2_000)] {
            limits.set("time", text).unwrap();
            assert_eq!(limits.time, milliseconds, "{text}");
        }
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for text in ["", "M", "-1", "0", "1T", "1.5G", "99999999999999999999", "+1", "€"] {
            let refused = ComponentLimits::default().set("memory", text).unwrap_err();
            assert!(matches!(refused, LimitError::Invalid { key: "memory", .. }), "{text}");
        }
        for text in ["s", "1h", "€"] {
            assert!(ScriptLimits::default().set("time", text).is_err(), "{text}");
        }
        let deep = ScriptLimits::default().set("call-depth", "65").unwrap_err();
        assert_eq!(deep, LimitError::AboveMaximum { key: "call-depth", maximum: "64".to_owned() });
        let unknown = ScriptLimits::default().set("operation", "1").unwrap_err();
        assert!(matches!(unknown, LimitError::Unknown { suggestion: Some("operations"), .. }));
    }

    #[test]
    fn an_exceeded_limit_names_itself_and_a_higher_value() {
        let exceeded = ComponentLimits::default().exceeded("memory");
        assert_eq!(exceeded.to_string(), "more than 256M of memory (limit `memory`)");
        assert_eq!(exceeded.raised().as_deref(), Some("512M"));
        let limits = ScriptLimits::default();
        assert_eq!(limits.exceeded("time").to_string(), "more than 5s (limit `time`)");
        assert_eq!(limits.exceeded("call-depth").raised().as_deref(), Some("64"));
        assert_eq!(limits.exceeded("expression-depth").raised(), None);
    }
}
