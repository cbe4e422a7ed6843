//! Paths as the machines that read reports want them: relative to the folder of the run, with slashes.

use std::path::{Component, Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a segment of a URI's path may not hold as it is (RFC 3986, all but the unreserved characters).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of a file without a leading `./`, with slashes on every system; where it lies below the folder of
/// the run, relative to that.
pub(super) fn relative(name: &str) -> String {
    let (start, segments) = split(name);
    format!("{start}{}", segments.join("/"))
}

/// The path of a file as a URI: a relative reference as [`relative`] has it, else a `file:` URI.
/// Standard input has none, and is called `stdin`.
pub(super) fn uri(name: &str) -> String {
    if name == "<stdin>" {
        return "stdin".to_owned();
    }
    let (start, segments) = split(name);
    let scheme = match start.as_str() {
        "" => String::new(),
        "/" => "file:///".to_owned(),
        prefix => format!("file:///{prefix}"),
    };
    let segments: Vec<String> =
        segments.iter().map(|segment| utf8_percent_encode(segment, RESERVED).to_string()).collect();
    format!("{scheme}{}", segments.join("/"))
}

/// What an absolute path starts with (`/`, or `C:/` on Windows) and the segments behind it.
fn split(name: &str) -> (String, Vec<String>) {
    let path = Path::new(name);
    let here = std::env::current_dir().ok();
    let path = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let (mut start, mut segments) = (String::new(), Vec::new());
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => start = prefix.as_os_str().to_string_lossy().replace('\\', "/"),
            Component::RootDir => start.push('/'),
            Component::CurDir => {}
            Component::ParentDir => segments.push("..".to_owned()),
            Component::Normal(segment) => segments.push(segment.to_string_lossy().into_owned()),
        }
    }
    (start, segments)
}

#[cfg(test)]
mod tests {
    use super::{relative, uri};

    #[test]
    fn paths_are_relative_with_slashes() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(relative("./a/./b c.json"), "a/b c.json");
        assert_eq!(relative("../x.json"), "../x.json");
        assert_eq!(relative("<stdin>"), "<stdin>");
        assert_eq!(relative(&here.join("a/b.json").display().to_string()), "a/b.json");
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri("./a b/50%#,:?ü.json"), "a%20b/50%25%23%2C%3A%3F%C3%BC.json");
        assert_eq!(uri("<stdin>"), "stdin");
        assert_eq!(uri("../x.json"), "../x.json");
    }

    #[cfg(unix)]
    #[test]
    fn absolute_paths_are_file_uris() {
        assert_eq!(uri("/a b/c.json"), "file:///a%20b/c.json");
        assert_eq!(uri(r"a\b.json"), "a%5Cb.json");
    }

    #[cfg(windows)]
    #[test]
    fn paths_of_windows_are_uris_with_slashes() {
        assert_eq!(uri(r"a b\c.json"), "a%20b/c.json");
        assert_eq!(uri(r"Q:\a b\c.json"), "file:///Q:/a%20b/c.json");
    }
}
