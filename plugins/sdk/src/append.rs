//! Appending short texts.

/// Appends `text`, as `push_str` does, and faster in a component where `text` is short.
///
/// WebAssembly copies bytes with `memory.copy`, and a runtime does that by a call out of the compiled code: tens of
/// nanoseconds, for ten bytes as for a thousand. A diagram is made of some hundred thousand such pieces, so up to
/// 64 bytes are copied by plain loads and stores.
#[inline]
pub fn append(out: &mut String, text: &str) {
    if cfg!(target_arch = "wasm32") && text.len() <= 64 { append_short(out, text) } else { out.push_str(text) }
}

/// Appends several short texts, one after the other.
#[inline]
pub fn append_all<const N: usize>(out: &mut String, texts: [&str; N]) {
    for text in texts {
        append(out, text);
    }
}

#[inline]
fn append_short(out: &mut String, text: &str) {
    // SAFETY: all bytes of `text` are appended and nothing else, so the whole is UTF-8 when this function returns, and
    // there is no panic in between, as the memory has been reserved.
    let bytes = unsafe { out.as_mut_vec() };
    bytes.reserve(text.len());
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    for eight in eights {
        bytes.extend_from_slice(eight);
    }
    let (fours, rest) = rest.as_chunks::<4>();
    for four in fours {
        bytes.extend_from_slice(four);
    }
    for &byte in rest {
        bytes.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_copied_whole() {
        let text = "añ0日😀".repeat(10);
        for (end, _) in text.char_indices() {
            let mut out = String::from(">");
            append_short(&mut out, &text[..end]);
            append_all(&mut out, [&text[..end], "<"]);
            assert_eq!(out, [">", &text[..end], &text[..end], "<"].concat());
        }
    }
}
