//! The names of the files of rules.

/// Whether a file is a rule by its name: `image-digest.rhai`; one such as `_shared.rhai` is for rules to import, and
/// `engine.d.rhai` for editors.
pub fn is_rule_file(name: &str) -> bool {
    name.ends_with(".rhai") && !name.ends_with(".d.rhai") && !name.starts_with(['_', '.'])
}

/// The name of a file without its folders.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
