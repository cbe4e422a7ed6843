//! Keys that a document does not have: `system.owners[svc.owner]`. rhai finds entries of its maps by texts alone, so `()`
//! is a text that is no key of any.

use rhai::{Dynamic, NativeCallContext};

use super::tree;

/// A key that no map has, for a key that the document does not have.
const NO_KEY: &str = "\0absent";

/// The value of a key that the document does not have: nothing is found by it.
pub(super) fn absent() -> Dynamic {
    NO_KEY.into()
}

/// Whether a name stands for a key that the document does not have.
pub(super) fn is_absent(name: &str) -> bool {
    name == NO_KEY
}

/// The value of a field that the document does not have, at the place where a script reads it.
pub(super) fn field(context: &NativeCallContext<'_>) -> Dynamic {
    if tree::is_key(context.call_source(), context.call_position()) { absent() } else { Dynamic::UNIT }
}
