//! What carries a protocol: enough to tell traffic that cannot meet apart.

use crate::model::Transport;

/// The transport of a protocol of a connection or an endpoint; `None` where both carry it.
pub(super) fn transport(protocol: &str) -> Option<Transport> {
    let is = |word: &&str| protocol.eq_ignore_ascii_case(word);
    if protocol.eq_ignore_ascii_case("dns") {
        None
    } else if ["udp", "quic", "dtls", "h3", "http/3"].iter().any(is) {
        Some(Transport::Udp)
    } else {
        Some(Transport::Tcp)
    }
}

/// Whether a protocol only names what carries another.
pub(super) fn is_transport(protocol: &str) -> bool {
    ["tcp", "udp"].iter().any(|word| protocol.eq_ignore_ascii_case(word))
}
