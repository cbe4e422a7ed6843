//! The rules that a setting names.

use super::setting::SettingError;
use crate::rules::Rule;
use crate::text::nearest;

/// What a tag starts with.
const TAG: &str = "tag:";

/// The rules that a setting names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector<'n> {
    /// Those whose ids start so: `plat/*`.
    Group(&'n str),
    /// Those with a tag: `tag:security`.
    Tag(&'n str),
    /// The one with an id.
    Rule(&'n str),
}

impl<'n> Selector<'n> {
    /// Reads the name of a rule, a group or a tag.
    pub fn parse(name: &'n str) -> Self {
        match (name.strip_suffix("/*"), name.strip_prefix(TAG)) {
            (Some(group), _) => Self::Group(group),
            (None, Some(tag)) => Self::Tag(tag),
            (None, None) => Self::Rule(name),
        }
    }

    /// How narrow it is: what a narrower one sets is stronger.
    pub fn narrowness(self) -> (usize, usize) {
        match self {
            Self::Group(group) => (0, group.len()),
            Self::Tag(_) => (1, 0),
            Self::Rule(_) => (2, 0),
        }
    }

    /// Whether it names a rule.
    pub(super) fn matches(self, rule: &dyn Rule) -> bool {
        match self {
            Self::Group(group) => in_group(rule.id(), group),
            Self::Tag(tag) => rule.tags().contains(&tag),
            Self::Rule(id) => rule.id() == id,
        }
    }

    /// The error that it names no rule.
    pub(super) fn unknown<'r>(self, rules: impl Iterator<Item = &'r (dyn Rule + 'static)> + Clone) -> SettingError {
        match self {
            Self::Group(group) => {
                let mut groups: Vec<&str> = rules.flat_map(|rule| groups(rule.id())).collect();
                groups.dedup();
                let suggestion = nearest(group, groups).map(|group| format!("{group}/*"));
                SettingError::UnknownGroup { name: format!("{group}/*"), suggestion }
            }
            Self::Tag(tag) => {
                let tags = rules.flat_map(|rule| rule.tags());
                let suggestion = nearest(tag, tags).map(|tag| format!("{TAG}{tag}"));
                SettingError::UnknownTag { tag: tag.to_owned(), suggestion }
            }
            Self::Rule(id) if id.contains('*') => SettingError::InvalidPattern { pattern: id.to_owned() },
            Self::Rule(id) => {
                let suggestion = nearest(id, rules.map(|rule| rule.id())).map(str::to_owned);
                SettingError::UnknownRule { id: id.to_owned(), suggestion }
            }
        }
    }
}

fn in_group(id: &str, group: &str) -> bool {
    id.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
}

/// The groups that a rule is in: of `a/b/c`, `a` and `a/b`.
fn groups(id: &str) -> impl Iterator<Item = &str> {
    id.match_indices('/').map(|(end, _)| &id[..end])
}

#[cfg(test)]
mod tests {
    use super::{Selector, groups, in_group};

    #[test]
    fn a_narrower_setting_is_stronger() {
        let names = ["plat/*", "plat/net/*", "tag:security", "plat/net/open"];
        assert!(names.map(|name| Selector::parse(name).narrowness()).is_sorted());
        assert_eq!(Selector::parse("plat/*"), Selector::Group("plat"));
        assert_eq!(Selector::parse("*"), Selector::Rule("*"));
    }

    #[test]
    fn a_group_is_a_namespace() {
        assert!(in_group("plat/open", "plat") && in_group("plat/net/open", "plat/net"));
        assert!(!in_group("platform/open", "plat") && !in_group("plat", "plat"));
        assert_eq!(groups("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
