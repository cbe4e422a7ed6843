//! A rule of a component, as [`Rule`].

use std::sync::Arc;

use serde_json::{Map as Object, Value};

use super::Component;
use super::description::RuleDescription;
use crate::diagnostic::{Diagnostic, Place, Pointer, RuleId, Severity};
use crate::render::PluginError;
use crate::rules::{Context, Failed, Param, Rule, failed_rule};
use crate::source::Source;

/// A rule that a component brings.
pub struct ComponentRule {
    component: Arc<Component>,
    /// The name of the component's file, a slash, and the name that the component gives the rule.
    id: RuleId,
    description: RuleDescription,
    source: Arc<Source>,
}

/// Returns the rules of a component.
pub(super) fn all(component: &Arc<Component>, source: &Arc<Source>) -> Vec<ComponentRule> {
    let rule = |description: &RuleDescription| ComponentRule {
        component: Arc::clone(component),
        id: format!("{}/{}", component.name, description.name).into(),
        description: description.clone(),
        source: Arc::clone(source),
    };
    component.rules.iter().map(rule).collect()
}

impl Rule for ComponentRule {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn severity(&self) -> Severity {
        self.description.severity
    }

    fn summary(&self) -> &str {
        &self.description.summary
    }

    fn docs(&self) -> String {
        format!("{}\n\n{}", self.description.summary, self.description.docs.trim()).trim_end().to_owned()
    }

    fn params(&self) -> &[Param] {
        &self.description.params
    }

    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<Failed>> {
        let found = self.ask(context).map_err(|error| self.failed(&error))?;
        findings.extend(found);
        Ok(())
    }
}

impl ComponentRule {
    fn ask(&self, context: Context<'_>) -> Result<Vec<Diagnostic>, PluginError> {
        let component = &self.component;
        let params = context.params.iter().map(|(name, value)| (name.to_owned(), value.to_json()));
        let options = Value::Object(params.collect::<Object<_, _>>()).to_string();
        let graph = context.graph_by_owner();
        let name = self.description.name.as_str();
        let called = component.guest.check(&component.engine, &component.limits, name, graph, &options);
        let (answer, log) = component.finish(called.ok_or_else(|| component.cannot("bring rules"))?)?;
        let found = answer.map_err(|why| PluginError {
            message: format!("the rule `{}` could not do its work: {}", self.id.as_str(), cut(&why)),
            details: super::what_it_said(&log),
            help: None,
        })?;
        component.check_findings(found.len(), &log)?;
        component.pass_on(&log);
        Ok(found.into_diagnostics(&self.id, self.description.severity, graph).collect())
    }

    /// Makes a finding against the component of what went wrong, with the last thing that the component said.
    fn failed(&self, error: &PluginError) -> Box<Failed> {
        let said = error.details.as_deref().and_then(|details| details.strip_prefix("what it said:\n"));
        let said = said.and_then(|said| said.lines().take_while(|line| !line.starts_with("where it was:")).last());
        let message = match said {
            Some(said) => format!("{}: {} (it said: {})", self.id.as_str(), error.message, cut(said)),
            None => format!("{}: {}", self.id.as_str(), error.message),
        };
        let finding = failed_rule::finding(Place::Value(Pointer::root()), message).help_if(error.help.clone());
        Box::new(Failed { source: Arc::clone(&self.source), finding })
    }
}

/// The most characters of what a guest says of a failure that a message holds.
const SAID: usize = 400;

fn cut(said: &str) -> &str {
    said.char_indices().nth(SAID).map_or(said, |(end, _)| &said[..end])
}
