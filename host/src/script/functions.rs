//! The functions that scripts can call beside those of rhai.

use std::collections::BTreeSet;

use super::check::of_the_engine;

/// The functions that scripts can call beside those of rhai, each once, in the order of their names.
pub fn functions_for_scripts() -> impl Iterator<Item = &'static str> {
    let names = of_the_engine().map(|signature| signature.name.as_str());
    // Neither a field, nor an operator, nor what only rhai itself calls.
    let is_called = |name: &&str| name.starts_with(char::is_alphabetic) && !name.contains('$') && *name != "to_debug";
    names.filter(is_called).collect::<BTreeSet<_>>().into_iter()
}
