//! From files to one project: variables are replaced, `extends` is followed, later files are laid over earlier ones.

use std::collections::HashMap;

use crate::File;
use crate::interpolate::{Variables, interpolate, variables};
use crate::merge::merge;
use crate::notes::{Notes, Severity};
use crate::yaml::{Node, Place, Value, read};

/// Reads files into one tree; `None` where one is broken, which the notes then say.
pub fn project(files: &[File], notes: &mut Notes) -> Option<Node> {
    let mut known = Variables::new();
    files.iter().filter(|file| is_env(file)).for_each(|file| variables(&file.text, &mut known));
    let mut trees = Vec::new();
    for (position, file) in files.iter().enumerate() {
        if is_env(file) {
            // The position of a tree is that of its file.
            trees.push(Node::new(Value::Null, Place { file: position, line: 1, column: 1 }));
            continue;
        }
        match read(&file.text, position) {
            Ok(mut tree) => {
                replace_variables(&mut tree, &known, notes);
                pass_variables(&mut tree, &known);
                trees.push(tree);
            }
            Err(broken) => {
                let message = format!("{} is not YAML that can be read: {}", file.name, broken.why);
                notes.add(Severity::Error, "broken-yaml", broken.place, message, "repair the file at this place");
                return None;
            }
        }
    }
    let extended: Vec<Node> =
        (0..trees.len()).filter(|&file| !is_env(&files[file])).map(|file| extend(files, &trees, file, notes)).collect();
    let project = extended.into_iter().reduce(merge);
    if project.is_none() {
        notes.add(Severity::Error, "no-files", Place::default(), "there is no file".into(), "name a compose file");
    }
    project
}

/// Says whether a file holds variables: its name is `.env`, or ends so.
fn is_env(file: &File) -> bool {
    file.name.ends_with(".env")
}

fn replace_variables(node: &mut Node, known: &Variables, notes: &mut Notes) {
    let place = node.place;
    match &mut node.value {
        Value::Null => {}
        Value::Scalar(text) if text.contains('$') => {
            *text = interpolate(text, known, &mut |name| {
                let message =
                    format!("the variable `{name}` has neither value nor default, and stands for nothing here");
                let help = "name the .env file too, or write a default: ${NAME:-default}; the environment is not read";
                notes.add(Severity::Warning, "unset-variable", place, message, help);
            });
        }
        Value::Scalar(_) => {}
        Value::List(items) => items.iter_mut().for_each(|item| replace_variables(item, known, notes)),
        Value::Map(pairs) => pairs.iter_mut().for_each(|pair| replace_variables(&mut pair.value, known, notes)),
    }
}

/// Gives the variables of services that have no value there the one that they are handed: `environment: [NAME]`.
fn pass_variables(tree: &mut Node, known: &Variables) {
    let Some(services) = tree.get_mut("services") else { return };
    for environment in services.values_mut().filter_map(|service| service.get_mut("environment")) {
        match &mut environment.value {
            Value::List(items) => {
                for Node { value, .. } in items {
                    if let Value::Scalar(text) = value
                        && let Some(given) = known.get(text.as_str())
                    {
                        *text = format!("{text}={given}");
                    }
                }
            }
            Value::Map(pairs) => {
                for pair in pairs.iter_mut().filter(|pair| pair.value.value == Value::Null) {
                    if let Some(given) = known.get(&pair.key) {
                        pair.value.value = Value::Scalar(given.clone());
                    }
                }
            }
            Value::Null | Value::Scalar(_) => {}
        }
    }
}

/// Gives the services of a file what they extend.
fn extend(files: &[File], trees: &[Node], file: usize, notes: &mut Notes) -> Node {
    let mut tree = trees[file].clone();
    let mut extending = Extending { files, trees, done: HashMap::new(), notes };
    if let Some(Node { value: Value::Map(services), .. }) = tree.get_mut("services") {
        for service in services {
            if let Some(extended) = extending.service(file, &service.key, &mut Vec::new()) {
                service.value = extended;
            }
        }
    }
    tree
}

struct Extending<'a> {
    files: &'a [File],
    trees: &'a [Node],
    done: HashMap<(usize, String), Node>,
    notes: &'a mut Notes,
}

impl Extending<'_> {
    /// Returns a service with what it extends. `path` holds the services that led here.
    fn service(&mut self, file: usize, name: &str, path: &mut Vec<(usize, String)>) -> Option<Node> {
        let key = (file, name.to_owned());
        if let Some(done) = self.done.get(&key) {
            return Some(done.clone());
        }
        let own = self.trees[file].get("services")?.get(name)?.clone();
        let Some(extends) = own.get("extends").cloned() else { return Some(own) };
        path.push(key.clone());
        let base = self.base(file, &extends, path);
        path.pop();
        let extended = match base {
            Some(base) => merge(base, own),
            None => own,
        };
        self.done.insert(key, extended.clone());
        Some(extended)
    }

    fn base(&mut self, file: usize, extends: &Node, path: &mut Vec<(usize, String)>) -> Option<Node> {
        let name = extends.text().or_else(|| extends.get("service").and_then(Node::text))?;
        let other = extends.get("file").and_then(Node::text);
        let file = match other {
            None => file,
            Some(other) => match self.files.iter().position(|file| file_name(&file.name) == file_name(other)) {
                Some(file) => file,
                None => {
                    let message = format!("what a service extends stands in {other}, which was not handed in");
                    self.warn(extends.place, message, "name that file too, before the others");
                    return None;
                }
            },
        };
        if path.contains(&(file, name.to_owned())) {
            self.warn(extends.place, format!("the service `{name}` extends itself"), "take one `extends` away");
            return None;
        }
        let base = self.service(file, name, path);
        if base.is_none() {
            self.warn(extends.place, format!("there is no service `{name}` to extend"), "name one that is there");
        }
        base
    }

    fn warn(&mut self, place: Place, message: String, help: &'static str) {
        self.notes.add(Severity::Warning, "broken-extends", place, message, help);
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
