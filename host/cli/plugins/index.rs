//! Indexes of plugins: which plugins there are, in which versions, where their files are and what their sums are.

mod file;
mod place;
mod resolve;

use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Args;

use spec_engine::project::{Lock, PROJECT_FILE, Project};
use spec_engine::text::nearest;

use self::file::{Entry, parse};
use self::place::{NamedBy, Place};
use super::package::SizeLimit;
use crate::failure::{Failure, Result};

pub(super) use file::Release;
pub(super) use resolve::{VersionChoice, is_runnable, pick};

/// The most bytes of an index.
const MOST_BYTES: SizeLimit = SizeLimit { bytes: 8 << 20, name: "the most that an index may have" };

/// The most indexes that are read.
const MOST_INDEXES: usize = 64;

/// Where plugins are looked for, and how long.
#[derive(Clone, Debug, Args)]
pub(super) struct IndexArguments {
    /// An index to look in instead of those that the project file names: a folder with an index.json, an address
    /// (https), or an artifact of a registry (oci). Can be repeated.
    #[arg(long = "index", value_name = "PATH|URL")]
    indexes: Vec<String>,
    /// How long all downloads together may take, in seconds, 1 to 3600; until a first answer 20 at the most.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    timeout: u64,
}

impl IndexArguments {
    /// When nobody waits for downloads any more.
    pub fn end(&self) -> Instant {
        Instant::now() + Duration::from_secs(self.timeout)
    }

    /// Whether there is an index to look in.
    pub fn names_any(&self, project: &Project) -> bool {
        !self.indexes.is_empty() || !project.settings.indexes.is_empty()
    }

    /// Reads the indexes.
    ///
    /// # Errors
    /// There are none, or one cannot be read.
    pub fn read(&self, project: &Project, end: Instant) -> Result<Indexes> {
        let (named, by) = match self.indexes.as_slice() {
            [] => (&project.settings.indexes, NamedBy::Project),
            _ => (&self.indexes, NamedBy::User),
        };
        if named.is_empty() {
            let failure = Failure::new("there is no index to look in: the project names none");
            return Err(failure.help(format!("write indexes = [\"https://…\"] into {PROJECT_FILE}, or --index PATH|URL")));
        }
        let mut reader = IndexReader { read: Vec::new(), way: Vec::new(), end };
        let mut indexes = Vec::new();
        for text in named {
            let place = Place::named(text, by, project, end)?;
            let (name, mut listed) = (lock_name(text, &place, by, project), Vec::new());
            reader.add(place, &mut listed)?;
            indexes.push(Index { name, listed });
        }
        Ok(Indexes(indexes))
    }
}

/// The name of an index in the lock: its address without credentials, or its path from the folder of the project.
fn lock_name(text: &str, place: &Place, by: NamedBy, project: &Project) -> String {
    if !matches!(place, Place::Folder(..)) {
        return if text.starts_with("oci://") { text.to_owned() } else { place.shown() };
    }
    let path = match by {
        NamedBy::User => text.into(),
        NamedBy::Project => project.path(text.as_ref()),
    };
    Lock::key(project, &path).unwrap_or_else(|| text.replace(std::path::MAIN_SEPARATOR, "/"))
}

/// The indexes that are looked in, in their order.
pub(super) struct Indexes(Vec<Index>);

/// An index, with those that it names.
pub(super) struct Index {
    /// Its name in the lock.
    pub name: String,
    /// What it lists, its own entries first.
    pub listed: Vec<IndexEntry>,
}

/// An entry of an index.
pub(super) struct IndexEntry {
    /// The name of the plugin or pack.
    pub name: String,
    /// What is said of it.
    pub entry: Entry,
    /// The index that says so.
    pub place: Rc<Place>,
}

impl Indexes {
    /// The indexes in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Index> {
        self.0.iter()
    }

    /// The first index that has a name: what stands in a later one never takes its place.
    ///
    /// # Errors
    /// None has it.
    pub fn find(&self, name: &str) -> Result<&Index> {
        self.0.iter().find(|index| index.find(name).is_some()).ok_or_else(|| {
            let known = self.0.iter().flat_map(|index| index.listed.iter().map(|listed| listed.name.as_str()));
            let names: Vec<&str> = self.0.iter().map(|index| index.name.as_str()).collect();
            let failure = Failure::new(format!("there is no plugin `{name}` in {}", names.join(", ")));
            failure.help(match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`spec-engine plugins search` lists what there is; a file is named by its path".to_owned(),
            })
        })
    }

    /// The index of a name in the lock.
    pub fn named(&self, name: &str) -> Option<&Index> {
        self.0.iter().find(|index| index.name == name)
    }
}

impl Index {
    /// The entry of a name.
    pub fn find(&self, name: &str) -> Option<&IndexEntry> {
        self.listed.iter().find(|listed| listed.name == name)
    }
}

/// Reads indexes, each once.
struct IndexReader {
    /// The addresses of those that were read.
    read: Vec<String>,
    /// The addresses of those that lead to the one that is read.
    way: Vec<String>,
    end: Instant,
}

impl IndexReader {
    /// Adds what an index lists, then what those list that it names.
    fn add(&mut self, place: Place, listed: &mut Vec<IndexEntry>) -> Result<()> {
        let address = place.shown();
        if let Some(start) = self.way.iter().position(|other| *other == address) {
            let circle = [&self.way[start..], std::slice::from_ref(&address)].concat().join(" -> ");
            let failure = Failure::new(format!("the index {address} names itself: {circle}"));
            let before = self.way.last().unwrap_or(&address);
            return Err(failure.help(format!("take it out of `indexes` in {before}, or tell who keeps that one")));
        }
        if self.read.contains(&address) {
            return Ok(());
        }
        if self.read.len() == MOST_INDEXES {
            let failure = Failure::new(format!("{address} was not read: there are more than {MOST_INDEXES} indexes"));
            return Err(failure.help("name the index that has the plugin: --index PATH|URL"));
        }
        let index = parse(&address, &place.read(MOST_BYTES, self.end)?)?;
        self.read.push(address.clone());
        let place = Rc::new(place);
        for (name, entry) in index.plugins {
            listed.push(IndexEntry { name, entry, place: Rc::clone(&place) });
        }
        self.way.push(address);
        for other in &index.indexes {
            self.add(place.other(other, self.end)?, listed)?;
        }
        self.way.pop();
        Ok(())
    }
}
