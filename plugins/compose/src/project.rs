//! From files to one project: what is included is taken in, `extends` is followed, later files are laid over earlier ones.

use std::collections::{HashMap, HashSet};

use spec_engine_evidence::notes::{Notes, Severity, listed};
use spec_engine_evidence::tree::{Node, Place, Value};

use crate::dotenv::{Variable, Variables};
use crate::extends::Extends;
use crate::include::{Include, includes};
use crate::merge::{At, merge, without_resets};
use crate::reading::Reading;
use crate::sources::Sources;
use crate::unset::UnsetVariables;
use spec_engine_evidence::template::substitute;

/// What the files say together.
pub struct Project {
    /// The name, where the files give one.
    pub name: Option<String>,
    /// All files as one.
    pub tree: Node,
    /// The variables that compose files use.
    pub variables: Variables,
    /// Variables that have no value.
    pub unset: UnsetVariables,
}

/// The variable by which a file of variables names the project.
const PROJECT_NAME: &str = "COMPOSE_PROJECT_NAME";

/// Puts files together; `None` where there is no compose file, which the notes then tell. `name` is that of the project
/// where the files give none.
pub fn project(sources: &mut Sources<'_>, name: &str, notes: &mut Notes) -> Option<Project> {
    if sources.compose_files().next().is_none() {
        let message = "only files of variables were named, and no compose file".to_owned();
        notes.add(Severity::Error, "no-files", Place::start(0), message, "name a compose file");
        return None;
    }
    let mut unset = UnsetVariables::default();
    let parts = Parts::of(sources, notes);
    let files = sources.variable_files().filter(|file| !parts.scoped.contains(file));
    let mut variables = sources.variables(files, &Variables::new(), &mut unset, notes);
    let own = variables.get(PROJECT_NAME).map(|variable| variable.value.clone()).filter(|name| !name.is_empty());
    let given = own.or_else(|| {
        let value = |name: &str| variables.get(name).map(|variable| variable.value.as_str());
        let mut names = parts.main.iter().flat_map(|&file| sources.documents(file)).filter_map(|one| one.get("name"));
        let name = names.next_back().and_then(Node::text).map(|name| substitute(name, &value, &mut |_| {}));
        name.filter(|name| !name.is_empty())
    });
    let value = given.clone().unwrap_or_else(|| name.to_owned());
    variables.insert(PROJECT_NAME.to_owned(), Variable { value, place: Place::start(0) });

    // Large files are not copied. Those that others extend are read again.
    let own: Vec<usize> = parts.main.iter().copied().filter(|file| !parts.extended.contains(file)).collect();
    let taken = own.into_iter().map(|file| (file, sources.take_documents(file))).collect();
    let mut loader = Loader { reading: Reading { sources, notes, unset }, taken, extends: Extends::default() };
    let mut tree = Node::empty(Place::start(parts.main[0]));
    for &file in &parts.main {
        let next = loader.load(file, &variables, &mut Vec::new());
        tree = merge(tree, next, At::Root, loader.reading.notes);
    }
    without_resets(&mut tree);
    parts.tell_of_bases(&loader.extends, loader.reading.sources, loader.reading.notes);
    let unset = loader.reading.unset;
    Some(Project { name: given, tree, variables, unset })
}

/// Which compose file is there for what.
struct Parts {
    /// The files that are laid over each other, in their order.
    main: Vec<usize>,
    /// The files that start nothing by themselves, as one that was named before them extends their services.
    bases: Vec<usize>,
    /// The files whose services a file extends.
    extended: HashSet<usize>,
    /// The files of variables that hold for what is included only.
    scoped: HashSet<usize>,
}

impl Parts {
    fn of(sources: &Sources<'_>, notes: &mut Notes) -> Self {
        // Only the names of files count here, so that faults are told when the files are read for good.
        let (mut quiet, mut unset) = (Notes::default(), UnsetVariables::default());
        let variables = sources.variables(sources.variable_files(), &Variables::new(), &mut unset, &mut quiet);
        let value = |name: &str| variables.get(name).map(|variable| variable.value.as_str());
        let plain = |text: &str| substitute(text, &value, &mut |_| {});
        let [mut included, mut bases, mut extended, mut scoped]: [HashSet<usize>; 4] = Default::default();
        for from in sources.compose_files() {
            for document in sources.documents(from) {
                for mut include in includes(document) {
                    include.paths.iter_mut().chain(&mut include.env_files).for_each(|(path, _)| *path = plain(path));
                    let files = include.paths.iter().filter_map(|(path, _)| sources.find_compose(from, path));
                    included.extend(files.filter(|&file| file != from));
                    scoped.extend(include.variable_files(from, sources));
                }
                let services = document.get("services").into_iter().flat_map(Node::pairs);
                let extends = services.filter_map(|pair| pair.value.get("extends")?.get("file")?.text());
                let of_files = extends.filter_map(|path| sources.find_compose(from, &plain(path)));
                for base in of_files {
                    extended.insert(base);
                    if base > from {
                        bases.insert(base);
                    }
                }
            }
        }
        let mut main: Vec<usize> =
            sources.compose_files().filter(|file| !included.contains(file) && !bases.contains(file)).collect();
        if main.is_empty() {
            // Files that include each other: the first one starts.
            main.extend(sources.compose_files().next());
            let message = format!("{} is included by a file that it includes", sources.name(main[0]));
            notes.add(Severity::Warning, "include", Place::start(main[0]), message, "take one `include` away");
        }
        let bases = sources.compose_files().filter(|file| bases.contains(file) && !included.contains(file));
        let bases = bases.filter(|file| !main.contains(file)).collect();
        Self { main, bases, extended, scoped }
    }

    /// Tells of services that nobody extends in files that are there to be extended.
    fn tell_of_bases(&self, extends: &Extends, sources: &Sources<'_>, notes: &mut Notes) {
        for &file in &self.bases {
            let services = sources.documents(file).iter().filter_map(|document| document.get("services"));
            let rest: Vec<_> = services
                .flat_map(Node::pairs)
                .filter(|pair| !extends.used.contains(&(file, pair.key.clone())))
                .collect();
            let Some(first) = rest.first() else { continue };
            let names = listed(rest.iter().map(|pair| pair.key.as_str()), 10);
            let name = sources.name(file);
            let message = format!("other services extend those of {name}, which starts none by itself: {names}");
            let help = format!("to take its services, too, name {name} before the file that extends them");
            notes.add(Severity::Info, "extended-file", first.place, message, help);
        }
    }
}

struct Loader<'a> {
    reading: Reading<'a>,
    /// The documents of files that nobody else needs.
    taken: HashMap<usize, Vec<Node>>,
    extends: Extends,
}

impl Loader<'_> {
    /// Reads a file with all that it includes and extends. `path` are the files that include it.
    fn load(&mut self, file: usize, variables: &Variables, path: &mut Vec<usize>) -> Node {
        path.push(file);
        let mut whole = Node::empty(Place::start(file));
        let documents = self.taken.remove(&file).unwrap_or_else(|| self.reading.sources.documents(file).to_vec());
        for document in documents {
            let mut document = self.reading.document(document, variables);
            let entries = includes(&document);
            if let Some(pairs) = document.pairs_mut() {
                pairs.retain(|pair| pair.key != "include");
            }
            if let Some(included) = self.included(file, &entries, variables, path) {
                document = merge(included, document, At::Root, self.reading.notes);
            }
            self.extends.apply(file, &mut document, variables, &mut self.reading);
            whole = merge(whole, document, At::Root, self.reading.notes);
        }
        path.pop();
        whole
    }

    /// What some entries of `include` name, the first one over the others.
    fn included(
        &mut self,
        from: usize,
        entries: &[Include],
        variables: &Variables,
        path: &mut Vec<usize>,
    ) -> Option<Node> {
        let mut whole: Option<Node> = None;
        for entry in entries {
            let variables = self.variables(from, entry, variables);
            let mut included: Option<Node> = None;
            for (name, place) in &entry.paths {
                let Some(file) = self.file(from, name, *place, path) else { continue };
                let mut next = self.load(file, &variables, path);
                if let Value::Map(pairs) = &mut next.value {
                    pairs.retain(|pair| pair.key != "name");
                }
                included = Some(match included {
                    Some(earlier) => merge(earlier, next, At::Root, self.reading.notes),
                    None => next,
                });
            }
            whole = match (whole, included) {
                (Some(earlier), Some(next)) => Some(merge(next, earlier, At::Root, self.reading.notes)),
                (earlier, next) => earlier.or(next),
            };
        }
        whole
    }

    /// The file that is included; `None` where there is none, which the notes then tell.
    fn file(&mut self, from: usize, name: &str, place: Place, path: &[usize]) -> Option<usize> {
        let sources = self.reading.sources;
        let (message, help) = match sources.find_compose(from, name) {
            Some(file) if !path.contains(&file) => return Some(file),
            Some(file) => {
                let message = format!("{} is included by a file that it includes", sources.name(file));
                (message, "take one `include` away".to_owned())
            }
            None if name.contains("://") || name.starts_with("git@") => {
                let message =
                    "`include` names a file that is not on this machine, and nothing is downloaded".to_owned();
                (message, "download that file, name it here and on the command line".to_owned())
            }
            None => {
                let message = format!("`include` names {name}, which was not handed in");
                (message, format!("name {name} on the command line too, after the others"))
            }
        };
        self.reading.notes.add(Severity::Warning, "include", place, message, help);
        None
    }

    /// The variables that hold for what is included: those that are there already are stronger.
    fn variables(&mut self, from: usize, entry: &Include, known: &Variables) -> Variables {
        let Reading { sources, notes, unset } = &mut self.reading;
        for (path, place) in &entry.env_files {
            if sources.find(from, path).is_none() && path != "/dev/null" {
                let message = format!("`include` takes variables from {path}, which was not handed in");
                let help = format!("name {path} on the command line too");
                notes.add(Severity::Warning, "env-file", *place, message, help);
            }
        }
        let files = entry.variable_files(from, sources);
        let mut variables = sources.variables(files.into_iter(), known, unset, notes);
        variables.extend(known.iter().map(|(name, variable)| (name.clone(), variable.clone())));
        variables
    }
}
