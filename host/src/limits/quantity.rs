//! Numbers with a unit, as limits are written: `512M`, `10s`.

/// Reads a number above 0 with an optional suffix `K`, `M` or `G`, which are powers of `unit`: 1000 or 1024.
pub(super) fn parse(text: &str, unit: u64) -> Option<u64> {
    let (digits, factor) = match text.chars().last()?.to_ascii_uppercase() {
        'K' => (&text[..text.len() - 1], unit),
        'M' => (&text[..text.len() - 1], unit.pow(2)),
        'G' => (&text[..text.len() - 1], unit.pow(3)),
        _ => (text, 1),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(factor).filter(|&value| value > 0)
}

/// Reads a time above 0: milliseconds, as a number or with `ms`, or seconds, with `s`. Returns milliseconds.
pub(super) fn parse_time(text: &str) -> Option<u64> {
    match text.strip_suffix("ms").or_else(|| (!text.ends_with('s')).then_some(text)) {
        Some(milliseconds) => parse(milliseconds, 1000),
        None => parse(text.strip_suffix('s')?, 1000)?.checked_mul(1000),
    }
}

/// Writes a number with the largest suffix that leaves a whole one.
pub(super) fn show(value: u64, unit: u64) -> String {
    [("G", unit.pow(3)), ("M", unit.pow(2)), ("K", unit)]
        .into_iter()
        .find(|(_, factor)| value >= *factor && value.is_multiple_of(*factor))
        .map_or_else(|| value.to_string(), |(suffix, factor)| format!("{}{suffix}", value / factor))
}

/// Writes a time in seconds where these are whole, else in milliseconds.
pub(super) fn show_time(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1000) { format!("{}s", milliseconds / 1000) } else { format!("{milliseconds}ms") }
}
