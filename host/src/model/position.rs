//! Positions in lists and maps of a document.

/// Narrows a position to 32 bits. A document has at most 4 GiB, so that none of its lists is longer.
///
/// # Panics
/// Panics at 2^32.
pub(crate) fn position(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 parts")
}
