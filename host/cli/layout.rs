//! `layout.lock`: where nodes stand, read before something is drawn, and written where the user asks for it.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use spec_engine::file;
use spec_engine::model::System;
use spec_engine::places::{DrawingId, DrawingPlaces, KnownPlaces, LAYOUT_FILE, Places};
use spec_engine::project::{MAX_BYTES, Project};
use spec_engine::text::{plural, quote};

use crate::arguments::ViewArguments;
use crate::failure::{Failure, Result};
use crate::output::{self, NewFile};
use crate::report;

/// Whether nodes stand where they are kept.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct LayoutArguments {
    /// Draw as if no layout.lock were there.
    #[arg(long)]
    pub fresh_layout: bool,
}

/// The file of a document: where it is, and what stands in it.
pub(crate) struct LayoutFile {
    /// The project, or the folder of the document, which it lies in.
    folder: PathBuf,
    places: Arc<Places>,
    /// What nodes stand at: the same, unless they are to be laid out anew.
    known: Arc<Places>,
    /// Why it cannot be read: then nodes stand anywhere.
    pub damage: Option<Failure>,
}

impl LayoutFile {
    /// Reads the file of a document, where there is one and it is asked for; nothing that is wrong with it prevents a
    /// drawing.
    pub fn of(project: &Project, document: Option<&Path>, arguments: LayoutArguments) -> Self {
        let (places, known) = (Arc::default(), Arc::default());
        let mut own = Self { folder: folder(project, document), places, known, damage: None };
        let path = own.path();
        if path.symlink_metadata().is_err() {
            return own;
        }
        match read(&own.folder, &path) {
            Ok(places) => own.places = Arc::new(places),
            // Who lays out anew replaces it.
            Err(damage) => own.damage = Some(damage).filter(|_| !arguments.fresh_layout),
        }
        if !arguments.fresh_layout {
            own.known = Arc::clone(&own.places);
        }
        own
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.join(LAYOUT_FILE)
    }

    /// The places for a graph of a view.
    pub fn known(&self, view: &ViewArguments) -> KnownPlaces {
        KnownPlaces { view: view.words(), places: Arc::clone(&self.known) }
    }

    /// What the user should know: that it has other systems only.
    pub fn remark(&self, system: &System) -> Option<String> {
        let systems = self.known.systems();
        let name = system.name.as_str();
        let other = systems.first().filter(|_| !systems.contains(&name))?;
        Some(format!(
            "{} keeps the layout of {}, not of {}; `spec-engine render --keep-layout` adds it",
            self.path().display(),
            quote(other),
            quote(name)
        ))
    }

    /// Writes it with the places of what was drawn, and tells what changed.
    ///
    /// # Errors
    /// It is damaged, or cannot be written.
    pub fn keep(self, drawn: Vec<(DrawingId, DrawingPlaces)>) -> Result<()> {
        if let Some(damage) = self.damage {
            return Err(damage);
        }
        if drawn.is_empty() {
            let failure = Failure::new("--keep-layout: nothing was laid out");
            return Err(failure.help("pictures have a layout: --out FILE.svg, .png, .pdf or .html"));
        }
        let mut places = Places::clone(&self.places);
        let (mut nodes, mut new, mut gone) = (0, 0, 0);
        for (id, now) in &drawn {
            let before = places.drawings.get(id).cloned().unwrap_or_default();
            nodes += now.nodes.len();
            new += now.nodes.keys().filter(|node| !before.nodes.contains_key(*node)).count();
            gone += before.nodes.keys().filter(|node| !now.nodes.contains_key(*node)).count();
        }
        places.update(drawn);
        let text = places.to_text();
        let file = NewFile { path: LAYOUT_FILE.to_owned(), content: text.as_bytes() };
        output::exchange(&self.folder, &[], &[file])?;
        let path = self.path();
        report::note(&format!("{} keeps {}: {new} new, {gone} gone", path.display(), plural(nodes, "node")))?;
        Ok(())
    }
}

/// The folder of the file: of the project, else of the document, else here.
fn folder(project: &Project, document: Option<&Path>) -> PathBuf {
    let beside = || document.and_then(Path::parent).map(Path::to_owned).unwrap_or_default();
    project.folder.clone().unwrap_or_else(beside)
}

/// Reads the file of a folder.
fn read(folder: &Path, path: &Path) -> Result<Places> {
    let unreadable = |reason: &dyn Display| {
        let failure = Failure::new(format!("cannot read {}: {reason}", path.display()));
        failure.help(
            "restore it from version control, or lay out anew: `spec-engine render --fresh-layout --keep-layout` replaces \
             it; what is drawn now stands anywhere",
        )
    };
    Project::in_folder(folder).check_inside(path).map_err(|error| unreadable(&error))?;
    let text = file::read_text(path, MAX_BYTES).map_err(|error| unreadable(&error))?;
    Places::parse(&text).map_err(|error| unreadable(&error))
}
