//! Reads files into objects: several documents in one, lists, lists in lists; and tells of what is none.

use spec_engine_evidence::foreign::{PLAN, configuration, kustomize};
use spec_engine_evidence::json::{self, Skip};
use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::tree::{Node, Place, Value};
use spec_engine_evidence::yaml;

use crate::charts;
use crate::input::{File, Options};
use crate::object::{Object, SKIPPED, text};
use crate::overlays;

/// The most levels of lists in lists.
const MAX_LISTS: usize = 8;

/// What is left out of JSON. `last-applied-configuration` is the object once more, with the values of a Secret.
fn skip(key: &str) -> Skip {
    match key {
        "kubectl.kubernetes.io/last-applied-configuration" => Skip::All,
        key if SKIPPED.contains(&key) => Skip::Inside,
        _ => Skip::Nothing,
    }
}

/// Reads all files; `None` where one cannot be read, which the notes then tell.
pub fn objects(files: &[File<'_>], options: &Options, notes: &mut Notes) -> Option<Vec<Object>> {
    let parts = overlays::parts(files, &|position| documents(&files[position], position, files).unwrap_or_default());
    let mut reader = Reader { objects: Vec::new(), files, options, notes, is_broken: false };
    for (position, file) in files.iter().enumerate() {
        match parts.get(&position) {
            Some(folder) => reader.tell_of_part(position, folder),
            None => reader.file(file, position),
        }
    }
    let Reader { objects, is_broken, .. } = reader;
    (!is_broken).then(|| overlays::settle(objects, files, notes))
}

struct Reader<'r, 't> {
    objects: Vec<Object>,
    files: &'r [File<'t>],
    options: &'r Options,
    notes: &'r mut Notes,
    is_broken: bool,
}

impl Reader<'_, '_> {
    /// Tells of a file that only changes what others have.
    fn tell_of_part(&mut self, position: usize, folder: &str) {
        let message = format!("{} is a patch or a setting of Kustomize, and is not applied", self.files[position].name);
        let place = Place::start(position);
        let help = Some(kustomize(folder));
        let note = Note { severity: Severity::Warning, code: "patch", message, place, help, more: 0 };
        self.notes.add_of_kind(folder, note);
    }

    fn file(&mut self, file: &File<'_>, position: usize) {
        if let Some(line) = configuration(&file.short_name().to_ascii_lowercase(), &file.text) {
            let place = Place { file: position, line, column: 1 };
            let message = format!("{} is a configuration of Terraform, which has no objects of Kubernetes", file.name);
            self.notes.add(Severity::Error, "not-kubernetes", place, message, PLAN);
            self.is_broken = true;
            return;
        }
        match documents(file, position, self.files) {
            Ok(documents) if documents.is_empty() => {
                let message = format!("{} is empty", file.name);
                self.notes.add(Severity::Info, "empty-file", Place::start(position), message, "nothing has to be done");
            }
            Ok(documents) => documents.into_iter().for_each(|document| self.document(document, None, 0)),
            Err(note) => {
                self.notes.add_of_kind(&file.name, note);
                self.is_broken = true;
            }
        }
    }

    /// Reads a document, or an item of a list, whose items may be without a kind: `of` is that of the list.
    fn document(&mut self, node: Node, of: Option<(&str, &str)>, depth: usize) {
        let place = node.place;
        if depth > MAX_LISTS {
            let message = format!("lists are nested more than {MAX_LISTS} levels deep, and what is below is left out");
            self.notes.add(Severity::Warning, "deep-list", place, message, "name a file without lists in lists");
            return;
        }
        if let Value::List(items) = node.value {
            items.into_iter().for_each(|item| self.document(item, of, depth + 1));
            return;
        }
        let own = |key: &str| text(&node, key).map(str::to_owned);
        let (kind, version) = (own("kind"), own("apiVersion"));
        let is_list = kind.as_deref().is_none_or(|kind| kind.ends_with("List"));
        if is_list && matches!(node.get("items").map(|items| &items.value), Some(Value::List(_))) {
            let of = kind.as_deref().and_then(|kind| kind.strip_suffix("List")).filter(|of| !of.is_empty());
            let of = of.zip(version.as_deref());
            let Value::Map(pairs) = node.value else { return };
            for pair in pairs.into_iter().filter(|pair| pair.key == "items") {
                let Value::List(items) = pair.value.value else { continue };
                items.into_iter().for_each(|item| self.document(item, of, depth + 1));
            }
            return;
        }
        let kind = kind.or_else(|| of.map(|(kind, _)| kind.to_owned()));
        let version = version.or_else(|| of.map(|(_, version)| version.to_owned()));
        let file = &self.files[place.file].name;
        if overlays::is_of_kustomize(&self.files[place.file], kind.as_deref(), version.as_deref()) {
            let message = format!("{file} is a Kustomization, which is not applied: its objects are read as they are");
            let help = kustomize(overlays::folder(file));
            self.notes.add(Severity::Warning, "kustomization", place, message, help);
            return;
        }
        let Some((kind, version)) = kind.zip(version).filter(|_| !node.pairs().is_empty()) else {
            let (code, what, help) = charts::instead(&node, &self.files[place.file], self.files);
            let message = format!("{file} {what}, and is left out");
            let note = Note { severity: Severity::Warning, code, message, place, help: Some(help), more: 0 };
            self.notes.add_of_kind(file, note);
            return;
        };
        match Object::of(&kind, &version, node) {
            Some(object) => self.object(object),
            None => {
                let message = format!("an object of the kind `{kind}` has no name, and is left out");
                let help = "give it a name in `metadata`";
                let note = Note {
                    severity: Severity::Warning,
                    code: "no-name",
                    message,
                    place,
                    help: Some(help.to_owned()),
                    more: 0,
                };
                self.notes.add_of_kind(&kind, note);
            }
        }
    }

    fn object(&mut self, object: Object) {
        let wanted = &self.options.namespaces;
        if !wanted.is_empty() && !wanted.contains(&object.namespace) {
            return;
        }
        if let Some((what, place)) = template(&object) {
            let message = format!("{} of {} is a template that was not rendered", what, object.called());
            self.notes.add(Severity::Error, "not-rendered", place, message, charts::render(place.file, self.files));
            self.is_broken = true;
            return;
        }
        self.objects.push(object);
    }
}

/// Reads the documents of a file, a position in the list of files.
fn documents(file: &File<'_>, position: usize, files: &[File<'_>]) -> Result<Vec<Node>, Note> {
    let text = file.text.trim_start_matches('\u{feff}');
    let error = |code, place, message, help: &str| Note {
        severity: Severity::Error,
        code,
        message,
        place,
        help: Some(help.to_owned()),
        more: 0,
    };
    let mut refused = None;
    if text.trim_start().starts_with(['{', '[']) && !text.trim_start().starts_with("{{") {
        match json::read(text, position, &skip) {
            Ok(documents) => return Ok(documents),
            Err(broken) if file.short_name().ends_with(".json") => refused = Some(broken),
            Err(_) => {}
        }
    }
    if let Some(broken) = refused {
        let message = format!("{} is not valid JSON: {}", file.name, broken.why);
        return Err(error("broken-json", broken.place, message, "correct the file at this place"));
    }
    yaml::read(text, position).map_err(|broken| match rendered(text) {
        Some(line) => {
            let place = Place { file: position, line, column: 1 };
            let help = charts::render(position, files);
            error("not-rendered", place, format!("{} is a template that was not rendered", file.name), &help)
        }
        None => {
            let message = format!("{} is not valid YAML: {}", file.name, broken.why);
            let help = if broken.why.contains("values, aliases") {
                "write it as JSON, `kubectl get -o json`, or split it"
            } else {
                broken.help
            };
            error("broken-yaml", broken.place, message, help)
        }
    })
}

/// The first line with an action of a Helm template.
fn rendered(text: &str) -> Option<usize> {
    let is_action = |line: &str| {
        line.match_indices("{{").any(|(at, _)| {
            let action = line[at + 2..].trim_start_matches(['-', ' ']);
            let words =
                ["if ", "else", "end", "range ", "with ", "include ", "define ", "template ", "toYaml ", "/*", "$"];
            action.starts_with('.') || words.iter().any(|word| action.starts_with(word))
        })
    };
    text.lines().position(is_action).map(|line| line + 1)
}

/// A value of an object that has an action of a template in it, and where.
fn template(object: &Object) -> Option<(&'static str, Place)> {
    let is_action = |text: &str| text.contains("{{") && rendered(text).is_some();
    if is_action(&object.name) {
        return Some(("the name", object.place));
    }
    if object.kind == "ConfigMap" {
        return None;
    }
    fn image<'n>(node: &'n Node, is_action: &dyn Fn(&str) -> bool) -> Option<&'n Node> {
        match &node.value {
            Value::Map(pairs) => pairs.iter().find_map(|pair| match pair.value.text() {
                Some(text) => (pair.key == "image" && is_action(text)).then_some(&pair.value),
                None => image(&pair.value, is_action),
            }),
            Value::List(items) => items.iter().find_map(|item| image(item, is_action)),
            _ => None,
        }
    }
    image(object.spec()?, &is_action).map(|node| ("an image", node.place))
}
