//! Which parts of a document the files of an importer show.

use crate::catalogue::Provider;

/// Which parts of a document files show. A part that is not named is shown in part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(Vec<(String, Extent)>);

/// How much files show of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Nothing.
    None,
    /// What they show is there. What they do not show may be there, too.
    Partial,
    /// Everything: what they do not show is not there.
    Complete,
}

impl Coverage {
    /// The parts that are no kinds of resources.
    pub const PARTS: [&'static str; 6] = ["services", "endpoints", "connections", "networks", "helm", "terraform"];

    /// Whether a text names a part: one of [`Self::PARTS`], a kind of resources, or all kinds of a provider.
    pub fn is_part(text: &str) -> bool {
        let is_kind = text.split_once('.').is_some_and(|(provider, kind)| {
            Provider::find(provider).is_some_and(|provider| kind == "*" || provider.kind(kind).is_some())
        });
        is_kind || Self::PARTS.contains(&text)
    }

    /// Sets how much is shown of a part: one of [`Self::PARTS`], a kind of resources, `aws.rds`, or all kinds of a
    /// provider, `aws.*`. What was set later counts.
    pub fn set(&mut self, part: impl Into<String>, extent: Extent) {
        self.0.push((part.into(), extent));
    }

    /// How much is shown of a part.
    pub fn of(&self, part: &str) -> Extent {
        let is_meant = |own: &str| match own.strip_suffix(".*") {
            Some(provider) => part.strip_prefix(provider).is_some_and(|rest| rest.starts_with('.')),
            None => own == part,
        };
        self.0.iter().rev().find(|(own, _)| is_meant(own)).map_or(Extent::Partial, |(_, extent)| *extent)
    }
}

#[cfg(test)]
mod tests {
    use super::{Coverage, Extent};

    #[test]
    fn a_part_that_is_not_named_is_shown_in_part() {
        let mut coverage = Coverage::default();
        coverage.set("services", Extent::Complete);
        coverage.set("aws.*", Extent::Complete);
        coverage.set("aws.s3", Extent::None);
        let of = |part| coverage.of(part);
        assert_eq!(of("services"), Extent::Complete);
        assert_eq!(of("aws.rds"), Extent::Complete);
        assert_eq!(of("aws.s3"), Extent::None);
        assert_eq!(of("awsome.s3"), Extent::Partial);
        assert_eq!(of("connections"), Extent::Partial);
    }

    #[test]
    fn parts_are_sections_kinds_and_providers() {
        for (text, expected) in [
            ("services", true),
            ("aws.rds", true),
            ("resources.*", true),
            ("aws", false),
            ("aws.x", false),
            ("", false),
        ] {
            assert_eq!(Coverage::is_part(text), expected, "{text}");
        }
    }
}
