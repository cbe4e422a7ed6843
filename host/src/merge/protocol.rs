//! Which word for a protocol counts.

use crate::model::Text;

/// The protocol after a merge: the finer word. Files often show no more than that there is TCP or HTTP, where people
/// write `grpc`; but whether HTTP is encrypted stands in the URL.
pub(super) fn finer<'t>(document: &'t Text, observed: &'t Text) -> &'t Text {
    if document.eq_ignore_ascii_case(observed) || rank(observed) < rank(document) {
        return document;
    }
    if rank(observed) == rank(document) && rank(document) > 2 { document } else { observed }
}

/// How much a word says: nothing, the transport, HTTP, something beyond.
fn rank(protocol: &str) -> u8 {
    match protocol.to_ascii_lowercase().as_str() {
        "" => 0,
        "tcp" | "udp" => 1,
        "http" | "https" => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::finer;

    #[test]
    fn the_finer_word_counts() {
        for (document, observed, counts) in [
            ("grpc", "http", "grpc"),
            ("grpc", "tcp", "grpc"),
            ("tcp", "http", "http"),
            ("http", "https", "https"),
            ("http", "grpc", "grpc"),
            ("sql", "postgres", "sql"),
            ("HTTP", "http", "HTTP"),
            ("", "tcp", "tcp"),
            ("udp", "tcp", "tcp"),
        ] {
            assert_eq!(finer(&document.into(), &observed.into()), counts, "{document}, {observed}");
        }
    }
}
