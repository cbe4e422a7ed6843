//! What a rule is, of the engine or a script.

use std::sync::Arc;

use super::{Context, Param};
use crate::diagnostic::{Diagnostic, Place, RuleId, Severity};
use crate::source::Source;

/// A rule, of the engine or a script.
pub trait Rule: Send + Sync {
    /// Returns its name for ever: kebab-case, after the fault; a script's stands behind a name space and a slash.
    fn id(&self) -> &str;
    /// Says how bad the fault is, unless a project says otherwise.
    fn severity(&self) -> Severity;
    /// Returns one sentence on what it finds.
    fn summary(&self) -> &str;
    /// Returns what it does, why, with an example and what to write instead, as Markdown.
    fn docs(&self) -> String;
    /// Returns the words by which it can be found.
    fn tags(&self) -> &[String] {
        &[]
    }
    /// Returns what a project may decide.
    fn params(&self) -> &[Param];
    /// Says whether the rule is about reading, of the document or of the project's files: a project can neither turn it
    /// off nor change its severity.
    fn is_fixed(&self) -> bool {
        false
    }
    /// Says whether the format demands it: a document with the fault cannot be drawn as it is meant.
    fn is_of_the_format(&self) -> bool {
        false
    }
    /// Holds a system against it.
    ///
    /// # Errors
    /// A script may fail; then what it found before counts.
    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<Failed>>;
}

/// Says why a rule could not do its work: a finding against its script.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The script, or the file that it imports, in which it failed.
    pub source: Arc<Source>,
    /// What happened, and where in the source.
    pub finding: Diagnostic,
}

/// Describes a rule of the engine.
#[derive(Debug)]
pub struct BuiltIn {
    /// See [`Rule::id`].
    pub id: &'static str,
    /// See [`Rule::severity`].
    pub severity: Severity,
    /// See [`Rule::summary`].
    pub summary: &'static str,
    /// See [`Rule::params`].
    pub params: &'static [Param],
    /// Who finds the fault.
    pub check: Check,
}

/// Says who finds the fault of a rule of the engine.
#[derive(Debug)]
pub enum Check {
    /// [`crate::load`] does, while it reads the text.
    Load,
    /// [`crate::policy`] and [`crate::script`] do, about the files of the project.
    Project,
    /// A function on the system does, and the format demands it: a document with the fault cannot be drawn as it is meant.
    Format(fn(Context<'_>, &mut Vec<Diagnostic>)),
    /// A function on the system does.
    System(fn(Context<'_>, &mut Vec<Diagnostic>)),
}

impl BuiltIn {
    /// Makes a finding of this rule.
    pub fn at(&self, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(RuleId::from(self.id), self.severity, place, message)
    }
}

impl From<&'static BuiltIn> for RuleId {
    fn from(rule: &'static BuiltIn) -> Self {
        rule.id.into()
    }
}
