//! The files of an import by what they are for: compose files, files of variables, and who names whom.

use std::collections::HashMap;

use spec_engine_evidence::foreign::{PLAN, configuration, helm, helm_reader, is_configuration, kustomize};
use spec_engine_evidence::notes::{Notes, Severity};
use spec_engine_evidence::tree::{Node, Pair, Place, Value};
use spec_engine_evidence::yaml::read;

use crate::dotenv::{self, DotenvError, Variables, looks_like_variables};
use crate::input::{File, Options};
use crate::paths::{file_name, is_absolute, joined, segments};
use crate::unset::UnsetVariables;
use spec_engine_evidence::template::substitute;

/// The files, each with what it was read as.
pub struct Sources<'a> {
    files: &'a [File],
    contents: Vec<Content>,
}

/// What a file was read as.
enum Content {
    /// A compose file, with its documents.
    Compose(Vec<Node>),
    /// Variables for `${NAME}` in compose files.
    Variables,
    /// Variables that services name in `env_file`, and nothing else.
    OfServices,
}

impl<'a> Sources<'a> {
    /// Reads all files; `None` where one cannot be read, which the notes then tell.
    pub fn read(files: &'a [File], options: &Options, notes: &mut Notes) -> Option<Self> {
        let mut contents = Vec::new();
        let mut is_broken = false;
        for (position, file) in files.iter().enumerate() {
            let is_named = options.variables.iter().any(|name| is_file(name, &file.name));
            contents.push(if is_named || is_called_env(&file.name) {
                Content::Variables
            } else if looks_like_variables(&file.text) && !is_configuration(&file.name) {
                let message = format!("{} is read as a file of variables, as its lines are `NAME=value`", file.name);
                let help = "nothing has to be done; `--set variables=FILE` names such files, whatever is in them";
                notes.add(Severity::Info, "variables-file", Place::start(position), message, help);
                Content::Variables
            } else if let Some(documents) = compose(file, position, notes) {
                Content::Compose(documents)
            } else {
                is_broken = true;
                Content::Compose(Vec::new())
            });
        }
        let mut sources = Self { files, contents };
        if is_broken {
            return None;
        }
        sources.find_files_of_services(options);
        sources.tell_of_unknown_names(options, notes);
        Some(sources)
    }

    /// The name of a file as the user wrote it.
    pub fn name(&self, file: usize) -> &'a str {
        &self.files[file].name
    }

    /// The text of a file.
    pub fn text(&self, file: usize) -> &'a str {
        &self.files[file].text
    }

    /// The documents of a compose file; none of a file of variables.
    pub fn documents(&self, file: usize) -> &[Node] {
        match &self.contents[file] {
            Content::Compose(documents) => documents,
            Content::Variables | Content::OfServices => &[],
        }
    }

    /// Takes the documents of a compose file out, which leaves it without any.
    pub fn take_documents(&mut self, file: usize) -> Vec<Node> {
        match &mut self.contents[file] {
            Content::Compose(documents) => std::mem::take(documents),
            Content::Variables | Content::OfServices => Vec::new(),
        }
    }

    /// The positions of the compose files.
    pub fn compose_files(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.files.len()).filter(|&file| matches!(self.contents[file], Content::Compose(_)))
    }

    /// The positions of the files whose variables compose files use.
    pub fn variable_files(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.files.len()).filter(|&file| matches!(self.contents[file], Content::Variables))
    }

    /// The variables of files that only services read, each with its file.
    pub fn variables_of_services(&self) -> HashMap<String, &'a str> {
        let mut all = HashMap::new();
        for file in (0..self.files.len()).filter(|&file| matches!(self.contents[file], Content::OfServices)) {
            let mut variables = Variables::new();
            dotenv::read(self.text(file), file, &mut variables, &|_| None, &mut |_| {});
            all.extend(variables.into_keys().map(|name| (name, self.name(file))));
        }
        all
    }

    /// Reads the variables of some files. `known` are stronger than those that are read.
    pub fn variables(
        &self,
        files: impl Iterator<Item = usize>,
        known: &Variables,
        unset: &mut UnsetVariables,
        notes: &mut Notes,
    ) -> Variables {
        let mut variables = Variables::new();
        for file in files {
            let outer = |name: &str| known.get(name).map(|variable| variable.value.as_str());
            dotenv::read(self.text(file), file, &mut variables, &outer, &mut |wrong| match wrong {
                DotenvError::Line(place, why) => refused(place, &why, notes),
                DotenvError::Variable(place, fault) => unset.add(fault, place, notes),
            });
        }
        variables
    }

    /// Finds a file by its path, as one that was handed in names it: beside that file, else beside the first compose file.
    pub fn find(&self, from: usize, path: &str) -> Option<usize> {
        let first = self.compose_files().next().unwrap_or(from);
        [from, first].into_iter().find_map(|from| {
            let wanted = joined(self.name(from), path);
            let wanted = segments(&wanted);
            (0..self.files.len()).find(|&file| segments(self.name(file)) == wanted).or_else(|| {
                // Of a path from the root and one from here, only the end can be the same; of standard input there is none.
                let is_alike = |file: usize| {
                    let own = segments(self.name(file));
                    let is_end = wanted.ends_with(&own) || own.ends_with(&segments(path));
                    let from = self.name(from);
                    is_end && (from.starts_with('<') || is_absolute(from) != is_absolute(self.name(file)))
                };
                let mut alike = (0..self.files.len()).filter(|&file| is_alike(file));
                alike.next().filter(|_| alike.next().is_none())
            })
        })
    }

    /// Finds a compose file by its path, else the only other one with that file name.
    pub fn find_compose(&self, from: usize, path: &str) -> Option<usize> {
        let is_compose = |file: &usize| matches!(self.contents[*file], Content::Compose(_));
        self.find(from, path).filter(is_compose).or_else(|| {
            let is_alike = |file: &usize| *file != from && file_name(self.name(*file)) == file_name(path);
            let mut alike = self.compose_files().filter(is_alike);
            alike.next().filter(|_| alike.next().is_none())
        })
    }

    /// Of the files that services name in `env_file`, only `.env` and what the user names is for `${NAME}`, too.
    fn find_files_of_services(&mut self, options: &Options) {
        let (mut unset, mut quiet) = (UnsetVariables::default(), Notes::default());
        let variables = self.variables(self.variable_files(), &Variables::new(), &mut unset, &mut quiet);
        let value = |name: &str| variables.get(name).map(|variable| variable.value.as_str());
        let mut found = Vec::new();
        for file in self.compose_files() {
            let services = self.documents(file).iter().filter_map(|document| document.get("services"));
            for path in services.flat_map(Node::pairs).filter_map(|pair| pair.value.get("env_file")).flat_map(env_files)
            {
                found.extend(self.find(file, &substitute(path, &value, &mut |_| {})));
            }
        }
        for file in found {
            let name = self.name(file);
            let is_for_all = file_name(name) == ".env" || options.variables.iter().any(|own| is_file(own, name));
            let is_compose = self.documents(file).iter().any(|document| document.get("services").is_some());
            if !is_for_all && !is_compose {
                self.contents[file] = Content::OfServices;
            }
        }
    }

    fn tell_of_unknown_names(&self, options: &Options, notes: &mut Notes) {
        for name in options.variables.iter().filter(|name| !self.files.iter().any(|file| is_file(name, &file.name))) {
            let message = format!("the option `variables` names {name}, which was not handed in");
            let help = "name that file on the command line, too";
            notes.add(Severity::Warning, "variables-file", Place::start(0), message, help);
        }
    }
}

/// Tells of a line of a file of variables that compose refuses.
pub fn refused(place: Place, why: &str, notes: &mut Notes) {
    let help = "write `NAME=value`; compose refuses this file";
    notes.add_of_kind(
        &format!("{place:?}"),
        spec_engine_evidence::notes::Note {
            severity: Severity::Warning,
            code: "broken-variables",
            message: why.to_owned(),
            place,
            help: Some(help.to_owned()),
            more: 0,
        },
    );
}

/// The paths in `env_file`: a text, a list of texts, or of maps with a `path`.
fn env_files(node: &Node) -> impl Iterator<Item = &str> {
    node.texts().iter().filter_map(|entry| entry.text().or_else(|| entry.get("path")?.text()))
}

/// Whether a name that the user wrote means a file.
fn is_file(name: &str, file: &str) -> bool {
    segments(file).ends_with(&segments(name))
}

/// Whether a file is called as files of variables are: `.env`, `.env.local`, `prod.env`.
fn is_called_env(name: &str) -> bool {
    let name = file_name(name);
    name.starts_with(".env") || name.ends_with(".env")
}

/// Reads the documents of a compose file; `None` where it is none, which the notes then tell.
fn compose(file: &File, position: usize, notes: &mut Notes) -> Option<Vec<Node>> {
    let short = file_name(&file.name).to_ascii_lowercase();
    if let Some(line) = configuration(&short, &file.text) {
        let message = format!("{} is a configuration of Terraform, not a compose file", file.name);
        notes.add(Severity::Error, "not-compose", Place { file: position, line, column: 1 }, message, PLAN);
        return None;
    }
    let documents = match read(&file.text, position) {
        Ok(documents) => documents,
        Err(broken) => {
            let message = format!("{} is not valid YAML: {}", file.name, broken.why);
            notes.add(Severity::Error, "broken-yaml", broken.place, message, broken.help);
            return None;
        }
    };
    if let Some(other) = documents.iter().find(|document| !matches!(document.value, Value::Map(_))) {
        let message = format!("{} is not a compose file: expected a map, found {}", file.name, other.noun());
        let help =
            "name compose files; a file of variables has lines `NAME=value`, or is named by `--set variables=FILE`";
        notes.add(Severity::Error, "no-map", other.place, message, help);
        return None;
    }
    if let Some(object) = documents.iter().find(|document| is_object(document)) {
        let message = format!("{} is for Kubernetes: it is no compose file", file.name);
        let help = object_reader(object, &file.name);
        notes.add(Severity::Error, "not-compose", object.place, message, help);
        return None;
    }
    Some(documents.into_iter().map(|document| with_services(document, &file.name, notes)).collect())
}

/// Whether a document is one of Kubernetes, of Kustomize or of Helm.
fn is_object(document: &Node) -> bool {
    document.pair("apiVersion").is_some() && document.pair("services").is_none()
}

/// What reads a document of Kubernetes, of Kustomize or of Helm.
fn object_reader(document: &Node, file: &str) -> String {
    let folder = file.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
    match document.get("kind").map(Node::text) {
        Some(Some("Kustomization")) => kustomize(folder),
        Some(_) => format!("`spec-engine import kubernetes {file}` reads it"),
        None => helm_reader(&helm(Some(folder))),
    }
}

/// Fields of a service that tell a file of version 1, which has no `services`.
const OF_SERVICES: [&str; 8] =
    ["image", "build", "ports", "links", "volumes", "environment", "command", "external_links"];

/// A file of version 1 as today's would be: its whole map are the services.
fn with_services(document: Node, name: &str, notes: &mut Notes) -> Node {
    let is_service = |pair: &Pair| OF_SERVICES.iter().any(|field| pair.value.pair(field).is_some());
    let has = |key: &str| document.pair(key).is_some();
    let is_current = ["services", "include", "version", "networks", "volumes"].into_iter().any(has);
    if is_current || document.pairs().is_empty() || !document.pairs().iter().all(is_service) {
        return document;
    }
    let message = format!("{name} is in the old format without `services`, and its entries are read as services");
    let help = "write `services:` above them, one level deeper each: compose reads this format no more";
    notes.add(Severity::Warning, "old-format", document.place, message, help);
    let place = document.place;
    Node::new(Value::Map(vec![Pair { key: "services".to_owned(), place, value: document }]), place)
}
