//! From files to one project: variables are replaced, `extends` is followed, later files are laid over earlier ones.

use std::collections::{HashMap, HashSet};

use crate::File;
use crate::interpolate::{Variables, interpolate, variables};
use crate::merge::merge;
use crate::notes::{Note, Notes, Severity};
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
            Ok(Node { value: Value::Scalar(_) | Value::List(_), place, .. }) => {
                let message = format!("{} is no compose file: it holds no map", file.name);
                notes.add(
                    Severity::Error,
                    "no-map",
                    place,
                    message,
                    "name compose files, and files of variables as .env",
                );
                return None;
            }
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
    let mut extending = Extending { files, trees: &trees, done: HashMap::new(), bases: HashSet::new(), notes };
    let extended: Vec<(usize, Node)> = (0..trees.len())
        .filter(|&file| !is_env(&files[file]))
        .map(|file| (file, extend(&mut extending, file)))
        .collect();
    // A file that others extend is there for them: what is in it does not start by itself.
    let bases = extending.bases;
    let project = extended.into_iter().filter(|(file, _)| !bases.contains(file)).map(|(_, tree)| tree).reduce(merge);
    if project.is_none() {
        let message = "only files of variables were named, and no compose file";
        notes.add(Severity::Error, "no-files", Place::default(), message.into(), "name a compose file");
    }
    project
}

/// Says whether a file holds variables: `.env`, `.env.local`, `prod.env`.
fn is_env(file: &File) -> bool {
    let name = file_name(&file.name);
    name.starts_with(".env") || name.ends_with(".env")
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
fn extend(extending: &mut Extending<'_>, file: usize) -> Node {
    let mut tree = extending.trees[file].clone();
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
    /// The files that others extend.
    bases: HashSet<usize>,
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
            Some(other) => match self.other(file, other) {
                Some(base) => {
                    self.bases.insert(base);
                    base
                }
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

    /// Finds another file by its path from a file: the one that is there, else the only other one of its name.
    fn other(&self, from: usize, path: &str) -> Option<usize> {
        let folder = self.files[from].name.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
        let wanted = format!("{folder}/{path}");
        let wanted = normalized(&wanted);
        let mut others = (0..self.files.len()).filter(|&file| file != from);
        if let Some(file) = others.clone().find(|&file| normalized(&self.files[file].name) == wanted) {
            return Some(file);
        }
        let mut alike = others.by_ref().filter(|&file| file_name(&self.files[file].name) == file_name(path));
        alike.next().filter(|_| alike.next().is_none())
    }

    fn warn(&mut self, place: Place, message: String, help: &'static str) {
        let kind = format!("broken-extends {message}");
        let note =
            Note { severity: Severity::Warning, code: "broken-extends", message, place, help: Some(help), more: 0 };
        self.notes.add_of_kind(kind, note);
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Returns the segments of a path without those that lead nowhere.
fn normalized(path: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | ".")) {
        if segment == ".." && segments.last().is_some_and(|last| *last != "..") {
            segments.pop();
        } else {
            segments.push(segment);
        }
    }
    segments
}
