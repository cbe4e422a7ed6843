//! What Mermaid, HTML and Markdown would not leave as it is in a label.

/// The word before a direction that makes a command of a whole line of Mermaid.
const COMMAND: &str = "direction";

/// Whether what stands before and after a space or a line feed is a command of Mermaid, `direction LR`.
pub(super) fn after_direction(before: &str, rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\n']);
    before.ends_with(COMMAND) && ["LR", "RL", "TB", "BT", "TD"].iter().any(|direction| rest.starts_with(direction))
}

/// Whether a label is of the kind that nearly all are, `api-gateway`, `grpc:8080`, `order_events`: nothing in it needs a
/// code, which one look at each byte tells.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_plain = |(index, byte): (usize, &u8)| {
        byte.is_ascii_alphanumeric() || {
            let (last, next) = (bytes[index.saturating_sub(1)], bytes.get(index + 1).copied().unwrap_or_default());
            let is_inside = last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric();
            match byte {
                b'-' | b'/' | b',' => true,
                b'_' => is_inside,
                b' ' => is_inside && last != b'n',
                b'.' => !last.eq_ignore_ascii_case(&b'w'),
                b':' => next.is_ascii_digit(),
                _ => false,
            }
        }
    };
    bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.iter().enumerate().all(is_plain)
}

pub(super) fn at_line_start(before: &str) -> bool {
    before.is_empty() || before.ends_with('\n')
}

pub(super) fn at_line_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('\n')
}

/// Finds the character at which the first line of Markdown would be a heading, an item of a list, a rule or code.
pub(super) fn block_marker(line: &str) -> Option<usize> {
    let run = |c: char| line.len() - line.trim_start_matches(c).len();
    let ends = |at: usize| line[at..].is_empty() || line[at..].starts_with(' ');
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        return (line[digits..].starts_with(['.', ')']) && ends(digits + 1)).then_some(digits);
    }
    let first = line.chars().next()?;
    let is_marker = match first {
        '#' => ends(run('#')),
        '+' => ends(1),
        '-' | '*' => ends(1) || is_rule(line, first),
        '_' => is_rule(line, first),
        '~' => run('~') > 2,
        _ => false,
    };
    is_marker.then_some(0)
}

fn is_rule(line: &str, c: char) -> bool {
    line.matches(c).count() > 2 && line.chars().all(|other| other == c || other == ' ')
}

/// Whether what stands behind a `#` makes a code of Mermaid of it: `35;`, `quot;`.
pub(super) fn is_code(rest: &str) -> bool {
    let name = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    name > 0 && rest[name..].starts_with(';')
}

/// Whether what stands behind a `&` may make an entity of HTML of it: `#38;`, `amp;`, and some without the `;`. No
/// name has one letter.
pub(super) fn is_entity(rest: &str) -> bool {
    let name = rest.bytes().take_while(u8::is_ascii_alphanumeric).take(2).count();
    rest.starts_with('#') || name == 2
}

/// Whether a colon between two texts is that of an address which Markdown makes a link of.
pub(super) fn is_scheme(before: &str, rest: &str) -> bool {
    let host = rest.strip_prefix("//").is_some_and(|rest| rest.starts_with(is_host));
    host && ["http", "https", "ftp"].iter().any(|scheme| ends_with(before, scheme))
}

/// Whether a colon between two texts is that of an icon, `fa:fa-user`.
pub(super) fn is_icon(before: &str, rest: &str) -> bool {
    let set = before.strip_suffix(['b', 'k', 'l', 'r', 's']).unwrap_or(before);
    rest.starts_with("fa-") && set.ends_with("fa")
}

/// Whether a dot between two texts is that of an address which Markdown makes a link of, `www.example.com`.
pub(super) fn is_web(before: &str, rest: &str) -> bool {
    rest.starts_with(is_host) && ends_with(before, "www")
}

/// Whether a text starts with the name of a host, a dot in it: what stands behind the `@` of a mail address.
pub(super) fn is_domain(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| is_host(c) || c == '_');
    name.len() < rest.len() && name.starts_with('.')
}

/// Whether a character is one of a word, so that a `_` between two of them is nothing to Markdown. Letters in circles
/// are symbols to it, and of those beyond U+FFFF it sees halves.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{10000}' && !matches!(c, 'Ⓐ'..='ⓩ')
}

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len().checked_sub(end.len()).and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}
