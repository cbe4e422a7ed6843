//! The text of files that are not UTF-8: PowerShell writes UTF-16.

/// Reads UTF-16 with a byte order mark.
///
/// # Errors
/// Why it is no text, as the rest of a sentence, and the line, from 1.
pub fn decode(bytes: &[u8]) -> Result<String, (String, u32)> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return Err(refusal(bytes)),
    };
    let units = bytes[2..].chunks(2).map(|pair| unit([pair[0], pair.get(1).copied().unwrap_or_default()]));
    let mut text = String::new();
    for character in char::decode_utf16(units) {
        let line = || u32::try_from(text.matches('\n').count() + 1).unwrap_or(u32::MAX);
        let Ok(character) = character else { return Err(("is UTF-16, and is damaged".to_owned(), line())) };
        text.push(character);
    }
    Ok(text)
}

fn refusal(bytes: &[u8]) -> (String, u32) {
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = u32::try_from(bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX);
    (
        format!(
            "is not UTF-8 text: the byte 0x{:02x} stands in line {line}",
            bytes.get(valid).copied().unwrap_or_default()
        ),
        line,
    )
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn utf_16_is_read_by_its_mark() {
        let units: Vec<u16> = "a: ü\n🎉".encode_utf16().collect();
        let little: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(units.iter().flat_map(|unit| unit.to_le_bytes())).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(units.iter().flat_map(|unit| unit.to_be_bytes())).collect();
        assert_eq!((decode(&little).as_deref(), decode(&big).as_deref()), (Ok("a: ü\n🎉"), Ok("a: ü\n🎉")));
        assert_eq!(decode(&[0xff, 0xfe, 0, 0xd8, b'a', 0]), Err(("is UTF-16, and is damaged".into(), 1)));
        assert_eq!(decode(b"a\nb\xffc"), Err(("is not UTF-8 text: the byte 0xff stands in line 2".into(), 2)));
        assert_eq!(decode(&[0xff, 0xfe]).as_deref(), Ok(""));
    }
}
