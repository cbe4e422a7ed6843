//! A rule of a component, as [`Rule`].

use std::sync::Arc;

use serde_json::{Map as Object, Value};

use super::component::Component;
use super::description::RuleDescription;
use crate::clock;
use crate::diagnostic::{Diagnostic, Help, Place, RuleId, Severity};
use crate::limits::{SharedUsage, TimeLimit};
use crate::plugin::{Ability, ComponentFault, PluginError};
use crate::rules::{Context, Param, Rule, RuleFailure, failed_rule};
use crate::source::Source;

/// A rule that a component brings.
pub struct ComponentRule {
    component: Arc<Component>,
    /// The name of the component's file, a slash, and the name that the component gives the rule.
    id: RuleId,
    description: RuleDescription,
    source: Arc<Source>,
    /// What all rules of the component have used in the run that is under way.
    used: Arc<SharedUsage>,
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

    fn begin_run(&self) {
        self.used.reset();
        self.component.used.reset();
    }

    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<RuleFailure>> {
        let found = self.ask(context).map_err(|error| self.failed(&error))?;
        findings.extend(found);
        Ok(())
    }
}

impl ComponentRule {
    /// Every rule of a component. `source` stands for its file in findings about rules that fail.
    pub fn all(component: &Component, source: &Arc<Source>) -> Vec<Self> {
        let (shared, used) = (Arc::new(component.clone()), Arc::<SharedUsage>::default());
        let rule = |description: &RuleDescription| Self {
            component: Arc::clone(&shared),
            id: format!("{}/{}", component.name, description.name).into(),
            description: description.clone(),
            source: Arc::clone(source),
            used: Arc::clone(&used),
        };
        component.rules.iter().map(rule).collect()
    }

    fn ask(&self, context: Context<'_>) -> Result<Vec<Diagnostic>, PluginError> {
        let component = &self.component;
        let params = context.params.iter().map(|(name, value)| (name.to_owned(), value.to_json()));
        let options = Value::Object(params.collect::<Object<_, _>>()).to_string();
        let graph = context.graph_by_owner();
        let name = self.description.name.as_str();
        let time = self.time_left()?;
        let start = clock::of_thread();
        let called = component.guest.check(&component.engine, &component.limits, time, name, graph, &options);
        for used in [&self.used, &component.used] {
            used.add_time(clock::of_thread().saturating_sub(start));
        }
        let (answer, log) = component.finish(called.ok_or_else(|| component.missing(Ability::Rules))?)?;
        let found = answer.map_err(|why| {
            let fault = ComponentFault::Rule { rule: self.id.as_str().to_owned(), reason: cut(&why).to_owned() };
            component.failed(fault, &log)
        })?;
        component.check_findings(found.len(), &log)?;
        self.charge(found.bytes(), &log)?;
        component.pass_on(&log);
        Ok(found.into_diagnostics(&self.id, self.description.severity, graph).collect())
    }

    /// The limit of time of a call, with what is left of it: that of one call, or that of several together where less is
    /// left of that.
    fn time_left(&self) -> Result<TimeLimit, PluginError> {
        let limits = &self.component.limits;
        let left = |key, spent: &SharedUsage| TimeLimit::new(limits.exceeded(key)).after(spent.time());
        let sums = [left("rules-time", &self.used), left("all-rules-time", &self.component.used)];
        let least = sums.into_iter().fold(TimeLimit::new(limits.exceeded("time")), TimeLimit::shorter);
        if least.left.is_zero() { Err(self.component.exceeded(least.limit, "")) } else { Ok(least) }
    }

    /// Counts what was found against the limits of all rules together.
    fn charge(&self, bytes: u64, log: &str) -> Result<(), PluginError> {
        let limits = &self.component.limits;
        for (used, most, key) in [
            (&self.used, limits.findings_bytes, "findings-bytes"),
            (&self.component.used, limits.all_findings_bytes, "all-findings-bytes"),
        ] {
            if used.add_bytes(bytes) > most {
                return Err(self.component.exceeded(limits.exceeded(key), log));
            }
        }
        Ok(())
    }

    /// A finding against the component, with the last line of its log.
    fn failed(&self, error: &PluginError) -> Box<RuleFailure> {
        let PluginError::Component { fault, details, .. } = error else {
            let finding = failed_rule::finding(Place::File, error.to_string());
            return Box::new(RuleFailure { source: Arc::clone(&self.source), finding });
        };
        let message = match details.log.lines().last() {
            Some(line) => format!("{}: {error} (last log line: {})", self.id.as_str(), cut(line)),
            None => format!("{}: {error}", self.id.as_str()),
        };
        let help = match fault {
            ComponentFault::Limit(exceeded) => Help::raise_limit(Some(&self.component.name), exceeded),
            _ => Help::from(format!("report it to the author of `{}`", self.component.name)),
        };
        let finding = failed_rule::finding(Place::File, message).help(help);
        Box::new(RuleFailure { source: Arc::clone(&self.source), finding })
    }
}

/// The most characters of what a guest says of a failure that a message holds.
const LONGEST_REASON: usize = 400;

fn cut(reason: &str) -> &str {
    reason.char_indices().nth(LONGEST_REASON).map_or(reason, |(end, _)| &reason[..end])
}
