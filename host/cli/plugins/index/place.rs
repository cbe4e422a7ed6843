//! Where an index is, and how what it names is read from there: never from outside of its folder, host or artifact unless
//! by an address.

use std::path::{Path, PathBuf};
#[cfg(feature = "downloads")]
use std::rc::Rc;
use std::time::Instant;

#[cfg(feature = "downloads")]
use url::Url;

use spec_engine::file;
use spec_engine::project::Project;
use spec_engine::text::{quote, redact};

use crate::failure::{Failure, Result};
#[cfg(feature = "downloads")]
use crate::plugins::download::{self, Hosts};
#[cfg(feature = "downloads")]
use crate::plugins::oci::{Artifact, Reference, SCHEME};
use crate::plugins::package::SizeLimit;

/// The name of an index in its folder.
const FILE_NAME: &str = "index.json";

const INDEX_HELP: &str = "an index of plugins is a folder with an index.json, a JSON file or an address";
const FILE_HELP: &str = "the index names this file: restore it, or remove it from the index";

/// The place of an index.
pub(crate) enum Place {
    /// A folder, and the path of the index in it.
    Folder(PathBuf, String),
    /// An address.
    #[cfg(feature = "downloads")]
    Address(Url),
    /// An artifact of a registry, and the name of the index in it.
    #[cfg(feature = "downloads")]
    Artifact(Rc<Artifact>, String),
}

/// Who names an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// The user, in this run.
    User,
    /// The project, whoever wrote it.
    Project,
}

impl Place {
    /// The place of an index that somebody names: a folder, a file or an address.
    ///
    /// # Errors
    /// It is none, or it is one that only the user may name.
    pub fn named(text: &str, by: NamedBy, project: &Project, end: Instant) -> Result<Self> {
        if text.contains("://") {
            return Self::address(text, by, end);
        }
        let path = match by {
            NamedBy::User => PathBuf::from(text),
            NamedBy::Project => project.path(Path::new(text)),
        };
        if by == NamedBy::Project {
            project.check_inside(&path)?;
        }
        let file = if path.is_dir() { path.join(FILE_NAME) } else { path };
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        Ok(Self::Folder(file::folder_of(&file).to_owned(), name))
    }

    #[cfg(feature = "downloads")]
    fn address(text: &str, by: NamedBy, end: Instant) -> Result<Self> {
        if text.starts_with(SCHEME) {
            let artifact = Artifact::find(&Reference::parse(text)?, end)?;
            return Ok(Self::Artifact(Rc::new(artifact), FILE_NAME.to_owned()));
        }
        let mut url = download::parse(text)?;
        if url.path().ends_with('/') {
            url = url.join(FILE_NAME).map_err(|why| Failure::new(format!("{}: {why}", download::shown(&url))))?;
        }
        check(&url, by)?;
        Ok(Self::Address(url))
    }

    #[cfg(not(feature = "downloads"))]
    fn address(text: &str, _by: NamedBy, _end: Instant) -> Result<Self> {
        Err(no_downloads(text))
    }

    /// The place of another index that this one names.
    ///
    /// # Errors
    /// As [`Self::named`], or it is outside.
    pub fn other(&self, text: &str, end: Instant) -> Result<Self> {
        if text.contains("://") {
            return Self::address(text, self.named_by(), end);
        }
        self.check_path(text)?;
        Ok(match self {
            Self::Folder(folder, index) => Self::Folder(folder.clone(), beside(index, text)),
            #[cfg(feature = "downloads")]
            Self::Address(url) => Self::Address(below(url, text)),
            #[cfg(feature = "downloads")]
            Self::Artifact(artifact, index) => Self::Artifact(Rc::clone(artifact), beside(index, text)),
        })
    }

    /// Reads the index.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub fn read(&self, most: SizeLimit, end: Instant) -> Result<Vec<u8>> {
        match self {
            Self::Folder(folder, index) => read_below(folder, index, most, INDEX_HELP),
            #[cfg(feature = "downloads")]
            Self::Address(url) => download::download(url.clone(), most, Hosts::Same, end),
            #[cfg(feature = "downloads")]
            Self::Artifact(artifact, index) => fetch_layer(artifact, index, most),
        }
        .map_err(|failure| match end.checked_duration_since(Instant::now()) {
            Some(_) => failure,
            None => failure.help("--timeout gives it longer"),
        })
    }

    /// Reads a file that the index names by its source, and says from which address.
    ///
    /// # Errors
    /// It is outside, is not there, or cannot be read.
    pub fn fetch(&self, source: &str, file: &str, most: SizeLimit, end: Instant) -> Result<(Vec<u8>, String)> {
        if source.contains("://") {
            return self.fetch_address(source, file, most, end);
        }
        self.check_path(source)?;
        match self {
            Self::Folder(folder, index) => {
                let path = beside(index, source);
                let shown = folder.join(&path).display().to_string().replace(std::path::MAIN_SEPARATOR, "/");
                Ok((read_below(folder, &path, most, FILE_HELP)?, shown))
            }
            #[cfg(feature = "downloads")]
            Self::Address(url) => {
                let url = below(url, source);
                let shown = download::shown(&url);
                Ok((download::download(url, most, Hosts::Any, end)?, shown))
            }
            #[cfg(feature = "downloads")]
            Self::Artifact(artifact, index) => {
                Ok((fetch_layer(artifact, &beside(index, source), most)?, artifact.reference.to_string()))
            }
        }
    }

    #[cfg(feature = "downloads")]
    fn fetch_address(&self, source: &str, file: &str, most: SizeLimit, end: Instant) -> Result<(Vec<u8>, String)> {
        if source.starts_with(SCHEME) {
            let artifact = Artifact::find(&Reference::parse(source)?, end)?;
            let only = <&[_; 1]>::try_from(artifact.layers.as_slice()).ok();
            let name = only.map_or(file, |[layer]| layer.title.as_str());
            return Ok((fetch_layer(&artifact, name, most)?, artifact.reference.to_string()));
        }
        let url = download::parse(source)?;
        check(&url, self.named_by())?;
        let shown = download::shown(&url);
        Ok((download::download(url, most, Hosts::Any, end)?, shown))
    }

    #[cfg(not(feature = "downloads"))]
    fn fetch_address(&self, source: &str, _file: &str, _most: SizeLimit, _end: Instant) -> Result<(Vec<u8>, String)> {
        Err(no_downloads(source))
    }

    /// Its path or address, without credentials.
    pub fn shown(&self) -> String {
        match self {
            Self::Folder(folder, index) => folder.join(index).display().to_string(),
            #[cfg(feature = "downloads")]
            Self::Address(url) => download::shown(url),
            #[cfg(feature = "downloads")]
            Self::Artifact(artifact, index) => format!("{} in {}", index, artifact.reference),
        }
    }

    /// Who may have named it: an address of this machine only the user.
    fn named_by(&self) -> NamedBy {
        match self {
            #[cfg(feature = "downloads")]
            Self::Address(url) if url.scheme() == "http" => NamedBy::User,
            _ => NamedBy::Project,
        }
    }

    /// Checks that a path does not lead out of the place.
    fn check_path(&self, path: &str) -> Result<()> {
        let is_segment = |segment: &str| !["", ".", ".."].contains(&segment);
        if path.split('/').all(is_segment) && !path.contains(['\\', ':']) && !path.contains(char::is_control) {
            return Ok(());
        }
        let message = format!("the index {} names {}, which is no path below it", self.shown(), quote(&redact(path)));
        Err(Failure::new(message).help("tell who keeps it: a source is a path such as inventory/1.2.0.wasm, or an address"))
    }
}

/// Checks an address that is not the user's own word: what runs on this machine is not asked because a project says so.
#[cfg(feature = "downloads")]
fn check(url: &Url, by: NamedBy) -> Result<()> {
    let is_allowed = url.scheme() == "https" || (by == NamedBy::User && download::check(url, None).is_ok());
    if is_allowed {
        return Ok(());
    }
    let failure = Failure::new(format!("{} was not downloaded: only https:// addresses are", download::shown(url)));
    Err(failure.help("name an https:// address or a folder; one of this machine is named with --index only"))
}

#[cfg(not(feature = "downloads"))]
fn no_downloads(address: &str) -> Failure {
    let failure = Failure::new(format!("{} was not downloaded: this build has no downloads", redact(address)));
    failure.help("copy the index with its files, and name its folder")
}

/// The path of a file from where the path of an index starts.
fn beside(index: &str, path: &str) -> String {
    match index.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{path}"),
        None => path.to_owned(),
    }
}

/// The address of a path beside that of an index.
#[cfg(feature = "downloads")]
fn below(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop().extend(path.split('/'));
    }
    url
}

/// Reads a file of a folder, which no link leads out of. `help` is for one that cannot be read.
fn read_below(folder: &Path, path: &str, most: SizeLimit, help: &str) -> Result<Vec<u8>> {
    let file = folder.join(path);
    Project::in_folder(folder).check_inside(&file).map_err(|_| {
        let failure = Failure::new(format!("{} leads out of the folder of the index", file.display()));
        failure.help("copy the file into that folder")
    })?;
    file::read(&file, most.bytes).map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::InvalidData => format!("it has more than {} bytes, {}", most.bytes, most.name),
            _ => error.to_string(),
        };
        Failure::new(format!("cannot read {}: {why}", file.display())).help(help)
    })
}

#[cfg(feature = "downloads")]
fn fetch_layer(artifact: &Artifact, name: &str, most: SizeLimit) -> Result<Vec<u8>> {
    let Some(layer) = artifact.layers.iter().find(|layer| layer.title == name) else {
        let known: Vec<String> = artifact.layers.iter().map(|layer| quote(&layer.title)).collect();
        let failure = Failure::new(format!("{} has no file {}", artifact.reference, quote(name)));
        return Err(failure.help(format!("it has {}", known.join(", "))));
    };
    artifact.fetch(layer, most)
}
