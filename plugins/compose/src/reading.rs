//! What is done to each document of a compose file before it is put together with others: its variables are replaced.

use spec_engine_evidence::notes::Notes;
use spec_engine_evidence::tree::{Node, Value};

use crate::dotenv::Variables;
use crate::sources::Sources;
use crate::unset::UnsetVariables;
use spec_engine_evidence::template::substitute;

/// The files that are read, and what there is to tell of them.
pub struct Reading<'a> {
    /// The files.
    pub sources: &'a Sources<'a>,
    /// What there is to tell.
    pub notes: &'a mut Notes,
    /// Variables that have no value.
    pub unset: UnsetVariables,
}

impl Reading<'_> {
    /// A document in which variables are replaced by their values.
    pub fn document(&mut self, mut document: Node, variables: &Variables) -> Node {
        self.replace(&mut document, variables);
        hand_on(&mut document, variables);
        document
    }

    fn replace(&mut self, node: &mut Node, variables: &Variables) {
        let place = node.place;
        match &mut node.value {
            Value::Null => {}
            Value::Scalar(text) if text.contains('$') => {
                let value = |name: &str| variables.get(name).map(|variable| variable.value.as_str());
                let (unset, notes) = (&mut self.unset, &mut *self.notes);
                *text = substitute(text, &value, &mut |fault| unset.add(fault, place, notes));
            }
            Value::Scalar(_) => {}
            Value::List(items) => items.iter_mut().for_each(|item| self.replace(item, variables)),
            Value::Map(pairs) => pairs.iter_mut().for_each(|pair| self.replace(&mut pair.value, variables)),
        }
    }
}

/// Gives the variables of services that have no value there the one that they are handed: `environment: [NAME]`.
fn hand_on(document: &mut Node, variables: &Variables) {
    let services = document.get_mut("services").and_then(Node::pairs_mut);
    for service in services.into_iter().flatten() {
        let Some(environment) = service.value.get_mut("environment") else { continue };
        match &mut environment.value {
            Value::List(items) => {
                for item in items {
                    if let Value::Scalar(text) = &mut item.value
                        && let Some(given) = variables.get(text.as_str())
                    {
                        *text = format!("{text}={}", given.value);
                    }
                }
            }
            Value::Map(pairs) => {
                for pair in pairs.iter_mut().filter(|pair| pair.value.value == Value::Null) {
                    if let Some(given) = variables.get(&pair.key) {
                        pair.value.value = Value::Scalar(given.value.clone());
                    }
                }
            }
            Value::Null | Value::Scalar(_) => {}
        }
    }
}
