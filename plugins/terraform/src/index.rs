//! Finds resources and workloads by what texts, addresses and names say of them.

use std::collections::{HashMap, HashSet};

use crate::address::Address;
use crate::configuration::ReferenceTarget;
use crate::identities::{self, candidates, identities};
use crate::kinds::Kind;
use crate::nodes::Resources;
use crate::resource::{Resource, texts};
use crate::shapes::{Into, Role};
use crate::stack::Reading;
use crate::workload::Workload;

/// A node of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A resource, a position in [`Resources`].
    Resource(usize),
    /// A workload, by its position.
    Workload(usize),
}

/// What resources and workloads are found by.
pub struct Index<'i> {
    reading: &'i Reading,
    /// What is what, by what names it for good: ARNs, URLs, hosts.
    texts: HashMap<String, Vec<Thing>>,
    /// What is called so, with the position of the resource of Terraform that is.
    names: HashMap<&'i str, Vec<(Thing, usize)>>,
    /// The resources of Terraform at an address without keys.
    addresses: HashMap<(usize, Address), Vec<usize>>,
    /// What each resource of Terraform is, or is a part of.
    of: Vec<Option<Thing>>,
}

impl<'i> Index<'i> {
    /// Takes up all resources.
    pub fn new(reading: &'i Reading, resources: &Resources, workloads: &[Workload]) -> Self {
        let count = reading.resources.len();
        let mut index = Self {
            reading,
            texts: HashMap::new(),
            names: HashMap::new(),
            addresses: HashMap::new(),
            of: vec![None; count],
        };
        for (position, own) in reading.resources.iter().enumerate() {
            index.addresses.entry((own.stack, own.address.configured())).or_default().push(position);
        }
        for (position, node) in resources.all.iter().enumerate() {
            node.sources.iter().for_each(|&source| index.of[source] = Some(Thing::Resource(position)));
        }
        for (position, workload) in workloads.iter().enumerate() {
            workload.resources.iter().for_each(|&source| index.of[source] = Some(Thing::Workload(position)));
        }
        for position in 0..count {
            index.learn(position);
        }
        // A part of a part is found once that is.
        for _ in 0..3 {
            for position in 0..count {
                if index.of[position].is_none()
                    && let Role::Part(part) = &reading.resources[position].row.role
                {
                    index.of[position] =
                        part.parents.iter().find_map(|path| index.find(position, path).first().copied());
                    index.learn(position);
                }
            }
        }
        index
    }

    fn learn(&mut self, position: usize) {
        let Some(thing) = self.of[position] else { return };
        let resource = &self.reading.resources[position];
        for text in identities(resource) {
            let all = self.texts.entry(text).or_default();
            if !all.contains(&thing) {
                all.push(thing);
            }
        }
        let is_named = match &resource.row.role {
            Role::Part(part) => {
                matches!(part.into, Some(Into::List(_))) || resource.address.kind.ends_with("_subscription")
            }
            _ => true,
        };
        if is_named && let Some(name) = crate::describe::name(resource) {
            self.names.entry(name).or_default().push((thing, position));
        }
    }

    /// What a resource of Terraform is, or is a part of.
    pub fn of(&self, position: usize) -> Option<Thing> {
        self.of[position]
    }

    /// Says what a resource of Terraform leads to.
    pub fn lead(&mut self, position: usize, thing: Thing) {
        self.of[position] = Some(thing);
        self.learn(position);
    }

    /// What a text names for good: a name inside of another one is none.
    pub fn named(&self, text: &str) -> Vec<Thing> {
        let mut found = Vec::new();
        for candidate in candidates(text) {
            let thing = match self.texts.get(candidate).map(Vec::as_slice) {
                None | Some([]) => None,
                Some([thing]) => Some(*thing),
                Some(several) => self.of_several(several, text),
            };
            found.extend(thing.filter(|thing| !found.contains(thing)));
        }
        found
    }

    /// Of several that share what names them, as databases share a server, the one that the text calls by its name.
    fn of_several(&self, several: &[Thing], text: &str) -> Option<Thing> {
        let called: HashSet<Thing> = identities::words(text)
            .flat_map(|word| self.called(word))
            .map(|(thing, _)| *thing)
            .filter(|thing| several.contains(thing))
            .collect();
        let mut called = called.into_iter();
        called.next().filter(|_| called.next().is_none())
    }

    /// What is called so, with the resource of Terraform that is.
    pub fn called(&self, name: &str) -> &[(Thing, usize)] {
        self.names.get(name.trim()).map_or(&[], Vec::as_slice)
    }

    /// What an attribute of a resource leads to: by its text, by what the configuration says, by what it depends on.
    pub fn find(&self, position: usize, path: &str) -> Vec<Thing> {
        let own = &self.reading.resources[position];
        let given = texts(&own.values, path);
        let mut found: Vec<Thing> = Vec::new();
        for text in &given {
            let mut named = self.named(text);
            if named.is_empty() {
                named.extend(self.closest(own, text));
            }
            found.extend(named);
        }
        if found.is_empty() && given.is_empty() {
            let attribute = path.split('.').next().unwrap_or(path);
            found = self.referred(position, &|own| own == attribute).into_iter().filter_map(|at| self.of[at]).collect();
        }
        found
    }

    /// Of what is called so, what is most like a type: a rule for `aws_cloudwatch_event_target`.
    fn closest(&self, own: &Resource, name: &str) -> Option<Thing> {
        let like = |own_at: &&(Thing, usize)| {
            let other = &self.reading.resources[own_at.1];
            let is_of_stack = other.stack == own.stack && own.address.agrees(&other.address);
            let kind = &other.address.kind;
            (common(kind, &own.address.kind), is_of_stack)
        };
        let best = self.called(name).iter().max_by_key(like)?;
        let provider = own.address.kind.split('_').next()?;
        let other = &self.reading.resources[best.1].address.kind;
        other.starts_with(provider).then_some(best.0)
    }

    /// The resources of Terraform that the configuration of a resource names in some attributes.
    pub fn referred(&self, position: usize, is_read: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let own = &self.reading.resources[position];
        let mut found = Vec::new();
        self.follow(own, &own.address.configured().to_string(), is_read, 0, &mut found);
        found
    }

    fn follow(
        &self,
        own: &Resource,
        address: &str,
        is_read: &dyn Fn(&str) -> bool,
        depth: usize,
        found: &mut Vec<usize>,
    ) {
        let configuration = &self.reading.stacks[own.stack].configuration;
        for reference in configuration.references(address).iter().filter(|reference| is_read(&reference.attribute)) {
            match &reference.target {
                ReferenceTarget::Resource(address) => found.extend(self.instances(own, address)),
                // The text of a policy is often that of a data source.
                ReferenceTarget::Data(address) if depth < 4 && address.contains("data.aws_iam_policy_document.") => {
                    self.follow(own, address, &|_| true, depth + 1, found);
                }
                ReferenceTarget::Data(_) => {}
            }
        }
    }

    /// The instances at an address that a resource can mean: those with its keys, where there are some.
    pub fn instances(&self, own: &Resource, address: &Address) -> Vec<usize> {
        let all = self.addresses.get(&(own.stack, address.configured())).map_or(&[][..], Vec::as_slice);
        let says = |at: &&usize| {
            let other = &self.reading.resources[**at].address;
            let is_key = address.block.key.is_none() || other.block.key == address.block.key;
            is_key && other.agrees(address) && other.agrees(&own.address)
        };
        let found: Vec<usize> = all.iter().filter(says).copied().collect();
        let is_keyed = |at: &&usize| self.reading.resources[**at].address.block.key == own.address.block.key;
        match own.address.block.key {
            Some(_) if found.len() > 1 => {
                let keyed: Vec<usize> = found.iter().filter(is_keyed).copied().collect();
                if keyed.is_empty() { found } else { keyed }
            }
            _ => found,
        }
    }

    /// Of what is called as a value is, what the name of its variable means: `TABLE=orders`.
    pub fn hinted(&self, resources: &Resources, words: &[String], value: &str) -> Vec<Thing> {
        let means = |&&(thing, at): &&(Thing, usize)| {
            let row = self.reading.resources[at].row;
            let is_word = |word: &str| words.iter().any(|own| own == word);
            match (thing, &row.role) {
                (_, Role::Part(_)) => row.name.split('_').skip(1).any(|word| is_word(&word.to_ascii_uppercase())),
                (Thing::Resource(at), _) => {
                    let kind: &Kind = resources.all[at].kind;
                    kind.words.iter().any(|word| is_word(word))
                }
                (Thing::Workload(_), _) => ["FUNCTION", "LAMBDA"].into_iter().any(is_word),
            }
        };
        self.called(value).iter().filter(means).map(|(thing, _)| *thing).collect()
    }
}

/// How many letters two names have in common at their start.
fn common(first: &str, second: &str) -> usize {
    first.bytes().zip(second.bytes()).take_while(|(first, second)| first == second).count()
}

/// The words of the name of a variable, in capital letters.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for one in name.chars() {
        if (!one.is_ascii_alphanumeric() || (one.is_ascii_uppercase() && was_small))
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if one.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(one.to_ascii_uppercase());
        }
        was_small = one.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}
