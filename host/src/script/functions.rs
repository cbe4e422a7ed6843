//! The functions that scripts can call beside those of rhai.

/// The functions that scripts can call beside those of rhai, each once.
pub fn functions_for_scripts() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.into_iter()
}

/// The functions that the modules here register.
const FUNCTIONS: [&str; 41] = [
    "all",
    "at",
    "bindings",
    "cidr_contains",
    "contains",
    "cycles",
    "debug",
    "dependencies",
    "dependents",
    "filter",
    "find",
    "find_map",
    "for_each",
    "get",
    "glob",
    "help",
    "index_of",
    "is_empty",
    "key",
    "keys",
    "label",
    "len",
    "map",
    "matches",
    "node",
    "order_by",
    "orphans",
    "parent",
    "path",
    "pointer",
    "print",
    "reachable",
    "reduce",
    "reduce_rev",
    "related",
    "report",
    "some",
    "to_array",
    "to_string",
    "url",
    "values",
];
