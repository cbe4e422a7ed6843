//! The document is not UTF-8 text, or starts with a byte order mark.
//!
//! ## What it does
//! Reports a document that is not valid UTF-8 or that starts with a byte order mark.
//!
//! ## Why is this bad
//! JSON is exchanged as UTF-8 without a byte order mark (RFC 8259, section 8.1), and many parsers reject anything else.
//!
//! ## Example
//! ```json
//! \ufeff{ "name": "payments" }
//! ```
//!
//! ## Use instead
//! ```json
//! { "name": "payments" }
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::EncodingDefect;

/// The document is not UTF-8 text, or starts with a byte order mark.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-encoding",
    severity: Severity::Error,
    summary: "The document is not UTF-8 text, or starts with a byte order mark.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

pub(crate) fn finding(defect: EncodingDefect) -> Diagnostic {
    let (offset, message) = match defect {
        EncodingDefect::ByteOrderMark => (0, "the document starts with a byte order mark".to_owned()),
        EncodingDefect::Utf16 => (0, "expected UTF-8, found UTF-16".to_owned()),
        EncodingDefect::NotUtf8(offset) => {
            (offset, format!("the document is not valid UTF-8: invalid byte at offset {offset}"))
        }
    };
    RULE.at(Place::Bytes(offset..offset), message).help("save it as UTF-8 without a byte order mark")
}
