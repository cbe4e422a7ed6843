//! Gives services what they extend, in their file or another one.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use spec_engine_evidence::notes::Severity;
use spec_engine_evidence::tree::{Node, Place};

use crate::dotenv::Variables;
use crate::merge::{At, merge};
use crate::reading::Reading;

/// Gives services what they extend.
#[derive(Default)]
pub struct Extends {
    /// The services of files that others extend, by the position of the file.
    bases: HashMap<usize, Rc<Services>>,
    /// What came out, by the number of the map of services and the name.
    done: HashMap<(usize, String), Node>,
    /// How many maps of services there are.
    count: usize,
    /// The services of other files that were extended.
    pub used: HashSet<(usize, String)>,
}

/// Services that may extend each other.
struct Services {
    number: usize,
    file: usize,
    by_name: HashMap<String, Node>,
}

impl Extends {
    /// Gives the services of a document what they extend.
    pub fn apply(&mut self, file: usize, document: &mut Node, variables: &Variables, reading: &mut Reading<'_>) {
        let Some(services) = document.get("services") else { return };
        if services.pairs().iter().all(|pair| pair.value.pair("extends").is_none()) {
            return;
        }
        let services = self.services(file, services);
        let pairs = document.get_mut("services").and_then(Node::pairs_mut);
        for pair in pairs.into_iter().flatten().filter(|pair| pair.value.pair("extends").is_some()) {
            pair.value = self.extended(Rc::clone(&services), &pair.key, variables, reading);
        }
    }

    fn services(&mut self, file: usize, services: &Node) -> Rc<Services> {
        self.count += 1;
        let by_name = services.pairs().iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect();
        Rc::new(Services { number: self.count, file, by_name })
    }

    /// Follows `extends` from service to service, then puts together what was found.
    fn extended(
        &mut self,
        services: Rc<Services>,
        name: &str,
        variables: &Variables,
        reading: &mut Reading<'_>,
    ) -> Node {
        let mut chain: Vec<(usize, String, Node)> = Vec::new();
        let mut met: HashSet<(usize, String)> = HashSet::new();
        let (mut services, mut name) = (services, name.to_owned());
        let mut whole = None;
        loop {
            let key = (services.number, name.clone());
            if let Some(done) = self.done.get(&key) {
                whole = Some(done.clone());
                break;
            }
            let Some(mut own) = services.by_name.get(&name).cloned() else { break };
            met.insert(key);
            let extends = own.get("extends").cloned();
            if let Some(pairs) = own.pairs_mut() {
                pairs.retain(|pair| pair.key != "extends");
            }
            chain.push((services.number, name, own));
            let Some(extends) = extends else { break };
            let Some(base) = self.base(&services, &extends, variables, reading) else { break };
            if met.contains(&(base.0.number, base.1.clone())) {
                let message = format!("the service `{}` extends itself", base.1);
                warn(reading, extends.place, message, "take one `extends` away");
                break;
            }
            (services, name) = base;
        }
        while let Some((number, name, own)) = chain.pop() {
            let next = match whole {
                Some(base) => merge(base, own, At::Service, reading.notes),
                None => own,
            };
            self.done.insert((number, name), next.clone());
            whole = Some(next);
        }
        whole.unwrap_or_else(|| Node::empty(Place::default()))
    }

    /// The service that one extends, with the services that stand beside it.
    fn base(
        &mut self,
        services: &Rc<Services>,
        extends: &Node,
        variables: &Variables,
        reading: &mut Reading<'_>,
    ) -> Option<(Rc<Services>, String)> {
        let Some(name) = extends.text().or_else(|| extends.get("service").and_then(Node::text)) else {
            warn(reading, extends.place, "`extends` names no service".into(), "write `service: NAME` below it");
            return None;
        };
        let base = match extends.get("file").and_then(Node::text) {
            None => Rc::clone(services),
            Some(path) => match reading.sources.find_compose(services.file, path) {
                Some(file) => {
                    self.used.insert((file, name.to_owned()));
                    self.of_file(file, variables, reading)
                }
                None => {
                    let message = format!("the service that is extended stands in {path}, which was not handed in");
                    let help = format!("name {path} on the command line too, after the others");
                    warn(reading, extends.place, message, help);
                    return None;
                }
            },
        };
        if base.by_name.contains_key(name) {
            return Some((base, name.to_owned()));
        }
        let message = format!("there is no service `{name}` to extend in {}", reading.sources.name(base.file));
        warn(reading, extends.place, message, "name a service of that file");
        None
    }

    /// The services of a file as they stand there.
    fn of_file(&mut self, file: usize, variables: &Variables, reading: &mut Reading<'_>) -> Rc<Services> {
        if let Some(services) = self.bases.get(&file) {
            return Rc::clone(services);
        }
        let mut whole = Node::empty(Place::start(file));
        for document in reading.sources.documents(file) {
            let document = reading.document(document.clone(), variables);
            whole = merge(whole, document, At::Root, reading.notes);
        }
        let services = match whole.get("services") {
            Some(services) => self.services(file, services),
            None => self.services(file, &Node::empty(Place::start(file))),
        };
        self.bases.insert(file, Rc::clone(&services));
        services
    }
}

fn warn(reading: &mut Reading<'_>, place: Place, message: String, help: impl Into<String>) {
    reading.notes.add(Severity::Warning, "broken-extends", place, message, help);
}
