//! Strings and maps of a document.

use smol_str::SmolStr;

/// A string of the document.
pub type Text = SmolStr;

/// A map of the document, in its order. Keys are hashed with a random seed, which never shows: nothing is ordered by it.
pub type Map<V> = indexmap::IndexMap<Text, V, foldhash::fast::RandomState>;
