//! What a merge is told, and what it tells.

use std::collections::BTreeMap;

use crate::catalogue::ResourceKind;
use crate::import::Coverage;
use crate::model::{ServiceBindings, System, Text};
use crate::policy::IgnoreRules;

/// What an importer found in files.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The name of the importer.
    pub source: String,
    /// What runs.
    pub system: System,
    /// Resources that no service of the files binds.
    pub unbound: ServiceBindings,
    /// Which parts of a document the files show.
    pub coverage: Coverage,
}

/// How a document is brought up to date.
#[derive(Clone, Copy, Debug)]
pub struct MergeSettings<'s> {
    /// The names that the document has for services and resources of the files, which the files call differently. A
    /// resource is named by its id, `rds:orders`.
    pub names: &'s BTreeMap<String, String>,
    /// The differences that stay.
    pub ignored: &'s IgnoreRules,
    /// What happens to what is gone.
    pub gone: Gone,
    /// What happens to what may have been renamed.
    pub renames: Renames,
    /// What happens to digests under the same tag.
    pub digests: Digests,
    /// The service that gets the resources that nobody binds; where the system does not have it, they are told.
    pub home: Option<&'s str>,
}

impl MergeSettings<'_> {
    /// Whether somebody said what a service or resource of the files is called in the document.
    pub(super) fn is_decided(&self, name: &str) -> bool {
        self.names.iter().any(|(own, other)| own == name || other == name)
    }
}

/// What happens to parts of a document that are gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gone {
    /// They stay, and are told.
    #[default]
    Kept,
    /// They are removed.
    Removed,
}

/// What happens to a part that may be one of the document under another name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Renames {
    /// It is held back until somebody says what it is.
    #[default]
    HeldBack,
    /// It is taken as it is: one part is gone, and another one new.
    Taken,
}

/// What happens to the digest of an image whose tag is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Digests {
    /// It is brought up to date.
    #[default]
    Compared,
    /// That of the document stays: a tag that moves has another one every day.
    Kept,
}

/// What somebody has to decide, or should know, of a merge.
#[derive(Clone, Debug)]
pub enum MergeRemark {
    /// A service of the files may be one of the document under another name.
    RenamedService {
        /// The name in the files.
        observed: Text,
        /// The name in the document.
        document: Text,
        /// The image that both run.
        image: Text,
    },
    /// A resource of the files may be one of the document under another name.
    RenamedResource {
        /// The service that binds it.
        service: Text,
        /// Its id in the files.
        observed: String,
        /// Its name in the document.
        document: Text,
    },
    /// Resources that no service of the files binds, and that the document does not name.
    Unbound {
        /// What they are.
        kind: &'static ResourceKind,
        /// Their names.
        names: Vec<Text>,
    },
    /// Two importers show a service with different images.
    Contradiction {
        /// The service.
        service: Text,
        /// The images, the one that counts last.
        images: [String; 2],
        /// The importers.
        sources: [String; 2],
    },
    /// A service of the files has no image, which a service of a document needs.
    NoImage {
        /// The service.
        service: Text,
    },
}

/// The text of a document that is not JSON, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document is not JSON: {0}")]
pub struct NotJson(pub String);
