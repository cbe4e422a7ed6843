//! Paths of files, as messages and compose files write them; `/` and `\` are the same.

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The folder of a file, with its last `/`; empty where its path has none.
pub fn folder(path: &str) -> &str {
    &path[..path.len() - file_name(path).len()]
}

/// A path that a file names, seen from where the file is seen from.
pub fn joined(from: &str, path: &str) -> String {
    if is_absolute(path) { path.to_owned() } else { format!("{}{path}", folder(from)) }
}

/// Whether a path starts at a root.
pub fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':')
}

/// The segments of a path without those that lead nowhere.
pub fn segments(path: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | ".")) {
        if segment == ".." && segments.last().is_some_and(|last| *last != "..") {
            segments.pop();
        } else {
            segments.push(segment);
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::{joined, segments};

    #[test]
    fn paths_are_seen_from_the_file_that_names_them() {
        for (from, path, expected) in [
            ("compose.yml", "base.yml", "base.yml"),
            ("a/b/compose.yml", "../base.yml", "a/base.yml"),
            ("./a/compose.yml", "./.env", "a/.env"),
            ("..\\a\\compose.yml", "x.env", "../a/x.env"),
            ("a/compose.yml", "/etc/x.env", "etc/x.env"),
        ] {
            assert_eq!(segments(&joined(from, path)).join("/"), expected, "{path} in {from}");
        }
    }
}
