//! The paths of artifacts: each stays inside of the output folder on every system, and is what it looks like.

use std::collections::HashMap;
use std::sync::LazyLock;

use icu_normalizer::ComposingNormalizerBorrowed;
use regex::Regex;

use crate::plugin::PathFault;

/// Files that a project is made of: what a plugin makes never becomes one.
const OF_PROJECTS: [&str; 3] = ["spec-engine.toml", "spec-engine.lock", "spec-engine.baseline.json"];

/// The most bytes of a path, and of a segment of it.
const PATH_BYTES: usize = 1024;
const SEGMENT_BYTES: usize = 255;

/// The path of an artifact that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the artifact {path:?} is refused: {fault}")]
pub struct ArtifactPathError {
    /// The path.
    pub path: String,
    /// What is wrong with it.
    pub fault: PathFault,
}

/// Checks the paths of the artifacts of one run: each by itself, and that no file system takes two for one, or for a
/// file and a folder.
///
/// # Errors
/// The first path that is refused.
pub fn check_paths<'a>(paths: impl IntoIterator<Item = &'a str>) -> Result<(), ArtifactPathError> {
    let mut seen: HashMap<String, (&str, Entry)> = HashMap::new();
    for path in paths {
        let refused = |fault| ArtifactPathError { path: path.to_owned(), fault };
        check_path(path).map_err(refused)?;
        let folders = path.match_indices('/').map(|(end, _)| (&path[..end], Entry::Folder));
        for (part, entry) in folders.chain([(path, Entry::File)]) {
            match seen.insert(folded(part), (part, entry)) {
                Some((_, Entry::File)) if entry == Entry::File => return Err(refused(PathFault::Duplicate)),
                Some((_, other)) if entry != other => return Err(refused(PathFault::FileAndFolder)),
                Some((other, _)) if part != other => return Err(refused(PathFault::Duplicate)),
                _ => {}
            }
        }
    }
    Ok(())
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    File,
    Folder,
}

/// A path as the most tolerant file system compares it: without case (`ß` is `ss`), however accents are written, and
/// with compatible characters for one.
fn folded(path: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc();
    let upper = normal.normalize(path).to_uppercase();
    normal.normalize(&upper.to_lowercase()).into_owned()
}

/// Checks a path by itself.
fn check_path(path: &str) -> Result<(), PathFault> {
    if path.is_empty() {
        return Err(PathFault::Empty);
    }
    if path.len() > PATH_BYTES {
        return Err(PathFault::TooLong);
    }
    if path.starts_with('/') {
        return Err(PathFault::Absolute);
    }
    if path.chars().any(char::is_control) {
        return Err(PathFault::ControlCharacter);
    }
    if path.contains('\\') {
        return Err(PathFault::Backslash);
    }
    if path.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err(PathFault::Reserved);
    }
    path.split('/').try_for_each(check_segment)
}

fn check_segment(segment: &str) -> Result<(), PathFault> {
    if segment.is_empty() {
        return Err(PathFault::EmptySegment);
    }
    if segment == "." || segment == ".." {
        return Err(PathFault::DotSegment);
    }
    if segment.len() > SEGMENT_BYTES {
        return Err(PathFault::LongSegment);
    }
    if is_unseen(segment) {
        return Err(PathFault::Unseen);
    }
    let folded = folded(segment);
    if folded.starts_with('.') {
        return Err(PathFault::Hidden);
    }
    if segment.starts_with(' ') || segment.ends_with(['.', ' ']) {
        return Err(PathFault::TrailingDot);
    }
    if is_device(&folded) {
        return Err(PathFault::Device);
    }
    if is_short_name(&folded) {
        return Err(PathFault::ShortName);
    }
    if OF_PROJECTS.contains(&folded.as_str()) {
        return Err(PathFault::OfProject);
    }
    Ok(())
}

/// Characters that are not seen, or not as what they are: of formats and of no use yet, spaces but the usual one, ends of
/// lines, what a font may leave out; and an accent on nothing.
static UNSEEN: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]|[\p{Zs}&&[^ ]]|^\p{M}";
    Regex::new(pattern).expect("the pattern is tested")
});

/// Whether a name has a character that is not seen. Most names are ASCII: they do not wait for the pattern, whose
/// compilation takes longer than a small drawing.
fn is_unseen(segment: &str) -> bool {
    if segment.is_ascii() { segment.bytes().any(|byte| byte.is_ascii_control()) } else { UNSEEN.is_match(segment) }
}

/// Whether a name looks like the other one that Windows gives a file: `SPEC-E~1.TOM`, `GIT~1`.
fn is_short_name(segment: &str) -> bool {
    segment.as_bytes().windows(2).any(|pair| pair[0] == b'~' && pair[1].is_ascii_digit())
}

/// Whether Windows takes a name for a device, whatever its ending: `con`, `NUL.txt`, `com1`.
fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment).trim_end();
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(&stem) {
        return true;
    }
    // `¹` is `1` by now.
    let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    number.is_some_and(|number| number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{PathFault, check_paths};

    fn fault(paths: &[&str]) -> Option<PathFault> {
        check_paths(paths.iter().copied()).err().map(|error| error.fault)
    }

    #[test]
    fn a_path_stays_inside_and_is_what_it_looks_like() {
        for (path, expected) in [
            ("", PathFault::Empty),
            ("/a", PathFault::Absolute),
            ("a//b", PathFault::EmptySegment),
            ("a/../b", PathFault::DotSegment),
            (".git/config", PathFault::Hidden),
            ("a/.env", PathFault::Hidden),
            ("\u{ff0e}git", PathFault::Hidden),
            ("\u{2024}git", PathFault::Hidden),
            (".g\u{200b}it/config", PathFault::Unseen),
            ("a\u{202e}gpj.exe", PathFault::Unseen),
            ("a\u{2066}b", PathFault::Unseen),
            ("a\u{2028}b", PathFault::Unseen),
            ("a\u{a0}b", PathFault::Unseen),
            ("a\u{3164}", PathFault::Unseen),
            ("a\u{ad}b", PathFault::Unseen),
            ("a\u{fe0f}", PathFault::Unseen),
            ("a\u{e0041}", PathFault::Unseen),
            ("\u{feff}a", PathFault::Unseen),
            ("a/\u{301}b", PathFault::Unseen),
            ("a\u{85}b", PathFault::ControlCharacter),
            ("a\u{1b}[2J", PathFault::ControlCharacter),
            ("a\\b", PathFault::Backslash),
            ("c:a", PathFault::Reserved),
            ("a.txt ", PathFault::TrailingDot),
            (" a", PathFault::TrailingDot),
            ("a.", PathFault::TrailingDot),
            ("NUL.txt", PathFault::Device),
            ("com\u{b9}", PathFault::Device),
            ("GIT~1/config", PathFault::ShortName),
            ("SPEC-E~1.TOM", PathFault::ShortName),
            ("docs/Spec-Engine.toml", PathFault::OfProject),
            ("\u{17f}pec-engine.lock", PathFault::OfProject),
        ] {
            assert_eq!(fault(&[path]), Some(expected), "{path:?}");
        }
        assert_eq!(fault(&["a".repeat(256).as_str()]), Some(PathFault::LongSegment));
        assert_eq!(fault(&["a/".repeat(600).as_str()]), Some(PathFault::TooLong));
        for path in ["a", "docs/api v1.md", "Ärger/größe.svg", "日本/図.png", "com10", "console", "a~b", "-a", "a..b"]
        {
            assert_eq!(fault(&[path]), None, "{path}");
        }
    }

    #[test]
    fn no_file_system_takes_two_paths_for_one() {
        for [first, second] in [
            ["A.md", "a.md"],
            ["straße", "STRASSE"],
            ["\u{e9}", "e\u{301}"],
            ["\u{fb01}n", "fin"],
            ["\u{3c3}", "\u{3c2}"],
            ["Docs/a", "docs/b"],
            ["a", "a"],
        ] {
            assert_eq!(fault(&[first, second]), Some(PathFault::Duplicate), "{first} {second}");
        }
        for paths in [["a", "a/b"], ["a/b", "A"], ["a/b/c", "a/b"]] {
            assert_eq!(fault(&paths), Some(PathFault::FileAndFolder), "{paths:?}");
        }
        assert_eq!(fault(&["a/b", "a/c", "ab", "b/a"]), None);
    }
}
