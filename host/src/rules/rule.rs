//! What a rule is, of the engine or a script.

use std::sync::Arc;

use super::{Context, Param};
use crate::diagnostic::{Diagnostic, Place, RuleId, Severity};
use crate::source::Source;

/// A rule, of the engine or a script.
pub trait Rule: Send + Sync {
    /// The id, which never changes: kebab-case, after the fault; that of a script has a namespace and a slash before it.
    fn id(&self) -> &str;
    /// The severity of its findings, unless a project sets another.
    fn severity(&self) -> Severity;
    /// One sentence on what it finds.
    fn summary(&self) -> &str;
    /// The documentation as Markdown: what it does, why, an example and the correction.
    fn docs(&self) -> String;
    /// The words by which settings and people find it, without spaces.
    fn tags(&self) -> Vec<&str> {
        Vec::new()
    }
    /// The parameters that a project can set.
    fn params(&self) -> &[Param];
    /// Whether the rule is about reading, of the document or of the project's files: a project can neither turn it
    /// off nor change its severity.
    fn is_fixed(&self) -> bool {
        false
    }
    /// Whether the format demands it: a document with the fault cannot be drawn faithfully.
    fn is_of_the_format(&self) -> bool {
        false
    }
    /// Begins a run over documents: what a rule may use up in a run is there again.
    fn begin_run(&self) {}
    /// Checks a system.
    ///
    /// # Errors
    /// A script may fail; then what it found before counts.
    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<RuleFailure>>;
}

/// The failure of a rule: a finding against its script.
#[derive(Clone, Debug)]
pub struct RuleFailure {
    /// The script, or the file that it imports, in which it failed.
    pub source: Arc<Source>,
    /// What happened, and where in the source.
    pub finding: Diagnostic,
}

/// A rule of the engine.
#[derive(Debug)]
pub struct BuiltIn {
    /// See [`Rule::id`].
    pub id: &'static str,
    /// See [`Rule::severity`].
    pub severity: Severity,
    /// See [`Rule::summary`].
    pub summary: &'static str,
    /// See [`Rule::tags`]; in the order of the alphabet.
    pub tags: &'static [&'static str],
    /// See [`Rule::params`].
    pub params: &'static [Param],
    /// Who finds the fault.
    pub check: Check,
}

/// What finds the fault of a rule of the engine.
#[derive(Debug)]
pub enum Check {
    /// [`crate::load`], while it reads the text.
    Load,
    /// [`crate::policy`] and [`crate::script`], about the files of the project.
    Project,
    /// A function on the system, of a rule that the format demands.
    Format(fn(Context<'_>, &mut Vec<Diagnostic>)),
    /// A function on the system.
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
