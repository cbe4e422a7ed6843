//! The configuration that a plan was made of: who names whom in which attribute, and where modules come from.

use std::collections::HashMap;

use indexmap::IndexMap;
use spec_engine_evidence::tree::{Node, Value};

use crate::address::{Address, Step, Target, path};

/// A configuration.
#[derive(Debug, Default)]
pub struct Configuration {
    /// The references of resources and data sources, by their addresses without keys.
    references: HashMap<String, Vec<Reference>>,
    /// The modules by their names, the outermost first: `db.db_1`.
    pub modules: IndexMap<String, Source>,
}

/// What an attribute of a resource names.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The attribute.
    pub attribute: String,
    /// What it names: the address, or that of a data source with `data.` before it.
    pub target: ReferenceTarget,
}

/// What a reference leads to in the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceTarget {
    /// A resource; its keys are those that the reference says.
    Resource(Address),
    /// A data source, by its address without keys.
    Data(String),
}

/// Where a module comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The source as the configuration has it.
    pub source: String,
    /// The versions that may be taken.
    pub version: Option<String>,
}

/// The most levels of modules, and of references from one to the next.
const MAX_DEPTH: usize = 64;

impl Configuration {
    /// Reads the module that holds all others.
    pub fn read(root: &Node) -> Self {
        let mut configuration = Self::default();
        let scope = Scope { modules: Vec::new(), node: root, inputs: None, above: None };
        configuration.module(&scope);
        configuration
    }

    /// What a resource or a data source names, by its address without keys.
    pub fn references(&self, address: &str) -> &[Reference] {
        self.references.get(address).map_or(&[], Vec::as_slice)
    }

    fn module(&mut self, scope: &Scope<'_>) {
        if scope.modules.len() > MAX_DEPTH {
            return;
        }
        for resource in scope.node.get("resources").map_or(&[][..], Node::items) {
            let Some(address) = resource.get("address").and_then(Node::text) else { continue };
            let loops = resource.get("for_each_expression").map(references).unwrap_or_default();
            let mut all = Vec::new();
            let mut add = |attribute: &str, texts: Vec<&str>| {
                let mut named = Vec::new();
                for text in specific(&texts) {
                    scope.resolve(text, &loops, 0, &mut named);
                }
                all.extend(named.into_iter().map(|target| Reference { attribute: attribute.to_owned(), target }));
            };
            for pair in resource.get("expressions").map_or(&[][..], Node::pairs) {
                add(&pair.key, references(&pair.value));
            }
            let explicit = resource.get("depends_on").map_or(&[][..], Node::items);
            add("depends_on", explicit.iter().filter_map(Node::text).collect());
            self.references.insert(scope.absolute(address), all);
        }
        for call in scope.node.get("module_calls").map_or(&[][..], Node::pairs) {
            let mut modules = scope.modules.clone();
            modules.push(Step { name: call.key.clone(), key: None });
            let text = |key: &str| call.value.get(key).and_then(Node::text).map(str::to_owned);
            let source = Source { source: text("source").unwrap_or_default(), version: text("version_constraint") };
            self.modules.insert(path(&modules), source);
            if let Some(node) = call.value.get("module") {
                self.module(&Scope { modules, node, inputs: Some(&call.value), above: Some(scope) });
            }
        }
    }
}

/// A module, with what it is called with.
struct Scope<'s> {
    modules: Vec<Step>,
    node: &'s Node,
    /// The call, which has the values of the variables.
    inputs: Option<&'s Node>,
    above: Option<&'s Scope<'s>>,
}

impl Scope<'_> {
    /// The address of something in this module, without keys.
    fn absolute(&self, address: &str) -> String {
        let modules = self.modules.iter().map(|step| format!("module.{}.", step.name)).collect::<String>();
        format!("{modules}{address}")
    }

    /// Follows a reference to resources, through variables and outputs.
    fn resolve(&self, text: &str, loops: &[&str], depth: usize, found: &mut Vec<ReferenceTarget>) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut add = |named: ReferenceTarget| {
            if !found.contains(&named) {
                found.push(named);
            }
        };
        match Target::parse(text) {
            Target::Resource(address) => {
                add(ReferenceTarget::Resource(Address { modules: self.modules.clone(), ..address }))
            }
            Target::Data(address) => add(ReferenceTarget::Data(self.absolute(&format!("data.{address}")))),
            Target::Each => specific(loops).into_iter().for_each(|text| self.resolve(text, &[], depth + 1, found)),
            Target::Variable(name) => {
                let value = self.inputs.and_then(|call| call.get("expressions")?.get(&name));
                if let (Some(above), Some(value)) = (self.above, value) {
                    let of_call = self.inputs.and_then(|call| call.get("for_each_expression")).map(references);
                    let of_call = of_call.unwrap_or_default();
                    specific(&references(value))
                        .into_iter()
                        .for_each(|text| above.resolve(text, &of_call, depth + 1, found));
                }
            }
            Target::Output(call, output) => {
                let node = self.node.get("module_calls").and_then(|calls| calls.get(&call.name));
                let inner = node.and_then(|node| node.get("module"));
                let value = inner.and_then(|inner| inner.get("outputs")?.get(&output)?.get("expression"));
                if let (Some(inner), Some(value)) = (inner, value) {
                    let mut modules = self.modules.clone();
                    modules.push(call);
                    let scope = Scope { modules, node: inner, inputs: node, above: Some(self) };
                    let texts = references(value);
                    specific(&texts).into_iter().for_each(|text| scope.resolve(text, &[], depth + 1, found));
                }
            }
            Target::Other => {}
        }
    }
}

/// The texts of all references in an expression.
fn references(expression: &Node) -> Vec<&str> {
    match &expression.value {
        Value::Map(pairs) => pairs
            .iter()
            .flat_map(|pair| match (pair.key.as_str(), &pair.value.value) {
                ("references", Value::List(items)) => items.iter().filter_map(Node::text).collect(),
                _ => references(&pair.value),
            })
            .collect(),
        Value::List(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The references that no other one says more exactly: a plan lists `a.b.url`, `a.b` and so on.
fn specific<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let is_start = |text: &str, of: &str| of.strip_prefix(text).is_some_and(|rest| rest.starts_with(['.', '[']));
    let is_exact = |text: &&str| !texts.iter().any(|other| is_start(text, other));
    texts.iter().copied().filter(is_exact).collect()
}

#[cfg(test)]
mod tests {
    use spec_engine_evidence::json;

    use super::{Configuration, ReferenceTarget};

    fn shown(configuration: &Configuration, address: &str) -> Vec<String> {
        let one = |reference: &super::Reference| match &reference.target {
            ReferenceTarget::Resource(address) => format!("{}: {address}", reference.attribute),
            ReferenceTarget::Data(address) => format!("{}: {address}", reference.attribute),
        };
        configuration.references(address).iter().map(one).collect()
    }

    #[test]
    fn references_lead_through_variables_and_outputs() {
        let text = r#"{
"resources": [{"address": "aws_lambda_function.f", "for_each_expression": {"references": ["var.x", "aws_sqs_queue.each"]},
  "expressions": {"environment": [{"variables": {"references": ["module.db[\"eu\"].url", "module.db[\"eu\"]", "module.db", "each.value", "local.z", "data.aws_ami.x.id"]}}],
  "role": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}, "depends_on": ["aws_s3_bucket.b"]}],
"module_calls": {"db": {"source": "a/b/c", "version_constraint": "~> 1.0", "expressions": {"queue": {"references": ["aws_sqs_queue.q[0].url", "aws_sqs_queue.q[0]", "aws_sqs_queue.q"]}},
  "module": {"outputs": {"url": {"expression": {"references": ["aws_db_instance.this.address", "aws_db_instance.this", "var.queue"]}}},
    "resources": [{"address": "aws_lambda_function.g", "expressions": {"environment": [{"variables": {"references": ["var.queue"]}}]}}],
    "module_calls": {"inner": {"source": "./inner", "module": {}}}}}}}"#;
        let root = json::read(text, 0, &json::whole).expect("it is read").remove(0);
        let configuration = Configuration::read(&root);
        assert_eq!(
            shown(&configuration, "aws_lambda_function.f"),
            [
                "environment: module.db[\"eu\"].aws_db_instance.this",
                "environment: aws_sqs_queue.q[0]",
                "environment: aws_sqs_queue.each",
                "environment: data.aws_ami.x",
                "role: aws_iam_role.r",
                "depends_on: aws_s3_bucket.b",
            ]
        );
        assert_eq!(shown(&configuration, "module.db.aws_lambda_function.g"), ["environment: aws_sqs_queue.q[0]"]);
        let modules: Vec<_> =
            configuration.modules.iter().map(|(name, own)| (name.as_str(), own.source.as_str())).collect();
        assert_eq!(modules, [("db", "a/b/c"), ("db.inner", "./inner")]);
    }

    #[test]
    fn a_circle_of_outputs_ends() {
        let text = r#"{"resources": [{"address": "a.b", "expressions": {"x": {"references": ["module.m.o"]}}}],
"module_calls": {"m": {"source": "./m", "expressions": {"v": {"references": ["module.m.o"]}},
  "module": {"outputs": {"o": {"expression": {"references": ["var.v"]}}}}}}}"#;
        let root = json::read(text, 0, &json::whole).expect("it is read").remove(0);
        assert!(Configuration::read(&root).references("a.b").is_empty());
    }
}
