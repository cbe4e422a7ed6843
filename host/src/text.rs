//! Text for people: names as messages show them, the nearest name to a misspelt one, credentials, and what a terminal must
//! not see.

mod names;
mod redact;

pub use names::{Suggester, nearest, quote, shorten, visible};
pub use redact::{has_credentials, redact};
