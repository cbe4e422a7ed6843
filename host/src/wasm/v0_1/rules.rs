//! The interface `rules` of the contract.

use wasmtime::Engine;

use super::bindings::exports::spec_engine::plugin::rules::{Finding, GuestIndices, Rule};
use super::{Call, CallResult, Guest, lend, place, request, severity, with_lowered};
use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::graph::Graph;
use crate::limits::{ComponentLimits, TimeLimit};
use crate::wasm::call::Function;
use crate::wasm::description::GuestRule;

impl Guest {
    /// Asks for the rules, on a fresh instance.
    pub(super) fn all_rules(
        &self,
        indices: &GuestIndices,
        engine: &Engine,
        limits: &ComponentLimits,
    ) -> CallResult<Vec<GuestRule>> {
        let mut store = Call::store(engine, limits, Function::Describe)?;
        let all = self.pre.instantiate(&mut store).and_then(|instance| {
            let all = indices.load(&mut store, &instance)?.call_all(&mut store)?;
            Ok(all.into_iter().map(GuestRule::from).collect())
        });
        Ok((store, all))
    }

    /// Calls `check` on a fresh instance, within a limit of time; `None` where the guest has no rules. The error of the
    /// guest's own says why it could not do its work.
    pub fn check(
        &self,
        engine: &Engine,
        limits: &ComponentLimits,
        time: TimeLimit,
        rule: &str,
        graph: &Graph<'_>,
        options: &str,
    ) -> Option<CallResult<Result<Findings, String>>> {
        let indices = self.rules.as_ref()?;
        Some(Call::store(engine, limits, Function::Check(time)).map(|mut store| {
            let answer = lend(graph, || {
                let instance = self.pre.instantiate(&mut store)?;
                let rules = indices.load(&mut store, &instance)?;
                with_lowered(graph, |graph| rules.call_check(&mut store, rule, graph, request(options)))
            });
            (store, answer.map(|answer| answer.map(Findings)))
        }))
    }
}

/// What a rule of a guest found.
pub(in crate::wasm) struct Findings(Vec<Finding>);

impl Findings {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// About how many bytes they take.
    pub fn bytes(&self) -> u64 {
        let one = |Finding { message, help, .. }: &Finding| {
            let text = message.len() + help.as_ref().map_or(0, String::len);
            (text + size_of::<Diagnostic>()) as u64
        };
        self.0.iter().map(one).sum()
    }

    /// Converts them to findings of a rule with this id and severity.
    pub fn into_diagnostics(
        self,
        rule: &RuleId,
        severity: Severity,
        graph: &Graph<'_>,
    ) -> impl Iterator<Item = Diagnostic> {
        self.0.into_iter().map(move |Finding { message, place: at, help }| {
            Diagnostic::new(rule.clone(), severity, place(graph, at), message).help_if(help)
        })
    }
}

impl From<Rule> for GuestRule {
    fn from(Rule { name, severity: said, summary, docs, options_schema }: Rule) -> Self {
        Self { name, severity: severity(said), summary, docs, options_schema }
    }
}
