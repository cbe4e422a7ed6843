//! Nodes, edges and groups as maps of the fields that are wanted.

use tera::{Map, Value};

use crate::render::template::needs::Fields;

/// Makes the maps of all nodes, all edges or all groups. Those that have the same fields are copies of one map, so that
/// the names of fields are hashed once and not for each of them.
pub(super) struct Records<'n> {
    wanted: &'n Fields,
    /// Whether each field that was asked about is wanted, in the order in which a record asks, which is the same in all.
    is_wanted: Vec<bool>,
    /// A map for each set of fields that occurred, with the set: a bit a question.
    forms: Vec<(u32, Map)>,
    /// The fields of the record that is being made.
    fields: Vec<(&'static str, Value)>,
}

/// A map that is being made.
pub(super) struct Record<'r, 'n> {
    records: &'r mut Records<'n>,
    /// How many questions were asked.
    asked: usize,
    /// The questions whose field is there.
    set: u32,
}

impl<'n> Records<'n> {
    pub(super) fn new(wanted: &'n Fields) -> Self {
        Self { wanted, is_wanted: Vec::new(), forms: Vec::new(), fields: Vec::new() }
    }

    /// Starts a map with a field that it has in any case.
    pub(super) fn start(&mut self, name: &'static str, value: Value) -> Record<'_, 'n> {
        self.fields.clear();
        self.fields.push((name, value));
        Record { records: self, asked: 0, set: 0 }
    }
}

impl Record<'_, '_> {
    /// Adds a field, if it is wanted.
    pub(super) fn add(&mut self, name: &'static str, value: impl FnOnce() -> Value) {
        self.add_some(name, || Some(value()));
    }

    /// Adds a field, if it is wanted and there.
    pub(super) fn add_some(&mut self, name: &'static str, value: impl FnOnce() -> Option<Value>) {
        let Records { wanted, is_wanted, fields, .. } = &mut *self.records;
        if is_wanted.len() == self.asked {
            is_wanted.push(wanted.contains(name) && fields.iter().all(|(other, _)| *other != name));
        }
        if is_wanted[self.asked]
            && let Some(value) = value()
        {
            fields.push((name, value));
            self.set |= 1 << self.asked;
        }
        self.asked += 1;
    }

    /// The map.
    pub(super) fn finish(self) -> Value {
        let Records { forms, fields, .. } = self.records;
        let form = forms.iter().position(|(set, _)| *set == self.set).unwrap_or_else(|| {
            let form = fields.iter().map(|(name, _)| ((*name).into(), Value::none()));
            forms.push((self.set, form.collect()));
            forms.len() - 1
        });
        let mut map = forms[form].1.clone();
        for (field, (_, value)) in map.values_mut().zip(fields.drain(..)) {
            *field = value;
        }
        map.into()
    }
}
