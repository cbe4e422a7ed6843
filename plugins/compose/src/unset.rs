//! Tells of variables that have no value, each once, so that somebody can write the file that sets them.

use std::collections::HashMap;

use indexmap::IndexMap;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::tree::Place;

use spec_engine_evidence::template::Fault;

/// The most names that a message lists.
const MAX_NAMES: usize = 1_000;

/// The variables that have neither a value nor a default, with the place of the first use of each.
#[derive(Default)]
pub struct UnsetVariables(IndexMap<String, Place>);

impl UnsetVariables {
    /// Takes a fault up: of variables that are not set the name, anything else is a note at once.
    pub fn add(&mut self, fault: Fault, place: Place, notes: &mut Notes) {
        let (code, message, help) = match fault {
            Fault::Unset(name) => {
                self.0.entry(name).or_insert(place);
                return;
            }
            Fault::Required { name, why } => {
                let why = if why.is_empty() { "it has to be set".to_owned() } else { why };
                let message = format!("the variable `{name}` is required: {why}");
                ("required-variable", message, format!("set {name} in a .env file, and name that file, too"))
            }
            Fault::Invalid(why) => {
                let help = "correct it, or write `$$` for a dollar sign: compose refuses this file";
                ("invalid-variable", why, help.to_owned())
            }
        };
        let note = Note { severity: Severity::Warning, code, place, help: Some(help), more: 0, message };
        notes.add_of_kind(&note.message.clone(), note);
    }

    /// Tells of all. `of_services` are the variables of files that only services read, with their files.
    pub fn tell(self, of_services: &HashMap<String, &str>, notes: &mut Notes) {
        let Some((first, &place)) = self.0.first() else { return };
        let names = listed(self.0.keys().map(String::as_str), MAX_NAMES);
        let message = match self.0.len() {
            1 => format!("the variable {names} has neither a value nor a default, and is empty here"),
            count => format!("{count} variables have neither a value nor a default, and are empty here: {names}"),
        };
        let help = match self.0.keys().find_map(|name| of_services.get(name)) {
            Some(file) => format!(
                "{file} sets some, but is an `env_file`, from which compose takes none for `${{…}}`: \
                 `--set variables={file}` takes them all the same"
            ),
            None => format!(
                "set them in a .env file (`{first}=…`), and name that file, too, or write defaults: \
                 ${{{first}:-default}}; the environment is not read"
            ),
        };
        notes.add(Severity::Warning, "unset-variable", place, message, help);
    }
}
