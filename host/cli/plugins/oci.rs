//! Plugins of OCI registries: an artifact whose layers are files, each named by its title, as `oras push` writes it.
//!
//! What is read is little and bounded, so it is asked for with the client that downloads use.

mod login;
mod reference;
mod registry;

use std::collections::BTreeMap;
use std::time::Instant;

use semver::Version;
use serde::Deserialize;

use spec_engine::text::{quote, visible};
use spec_engine::wasm::sha256;

use self::registry::{Registry, Query};
use super::download::Hosts;
use super::package::SizeLimit;
use crate::failure::{Failure, Result};

pub(super) use reference::{Reference, SCHEME};

/// The most bytes of a manifest, as registries have it.
const MANIFEST: SizeLimit = SizeLimit { bytes: 4 << 20, name: "the most that a manifest may have" };

/// The most bytes of a page of tags.
const TAGS: SizeLimit = SizeLimit { bytes: 4 << 20, name: "the most that a list of tags may have" };

/// The most pages of tags.
const MOST_PAGES: usize = 10;

/// The most files of an artifact.
const MOST_FILES: usize = 256;

/// What a manifest may be.
const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
                         application/vnd.docker.distribution.manifest.v2+json";

const TITLE: &str = "org.opencontainers.image.title";
const VERSION: &str = "org.opencontainers.image.version";

/// An artifact of a registry.
pub(super) struct Artifact {
    /// Its name, with the digest of its manifest.
    pub reference: Reference,
    /// Its version: what it says, else its tag.
    pub version: Option<Version>,
    /// Its files.
    pub layers: Vec<Layer>,
    registry: Registry,
}

/// A file of an artifact.
pub(super) struct Layer {
    /// The name of the file.
    pub title: String,
    digest: String,
    size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    layers: Vec<Descriptor>,
    #[serde(default)]
    manifests: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Tags {
    tags: Option<Vec<String>>,
}

impl Artifact {
    /// Finds an artifact, and reads what it is made of. Where neither a tag nor a digest is named, it is the newest
    /// version.
    ///
    /// # Errors
    /// The registry does not have it, or it is none.
    pub fn find(reference: &Reference, end: Instant) -> Result<Self> {
        let mut reference = reference.clone();
        if reference.tag.is_none() && reference.digest.is_none() {
            let newest = versions(&reference, end)?.into_iter().filter(|(version, _)| version.pre.is_empty()).max();
            let (_, tag) = newest.ok_or_else(|| {
                let failure = Failure::new(format!("{reference} has no tag that is a version, such as 1.2.0"));
                failure.help(format!("name its tag: {reference}:TAG"))
            })?;
            reference.tag = Some(tag);
        }
        let registry = Registry::new(&reference.registry, &reference.repository, end)?;
        let asked = match (&reference.digest, &reference.tag) {
            (Some(digest), _) => format!("sha256:{digest}"),
            (None, tag) => tag.clone().unwrap_or_default(),
        };
        let (what, path) = (&reference.to_string(), &format!("manifests/{asked}"));
        let hosts = Hosts::Same;
        let answer = registry.get(&Query { what, path, accept: MANIFESTS, most: MANIFEST, hosts })?;
        let there = sha256(&answer.body);
        let named = answer.header("docker-content-digest").and_then(|digest| digest.strip_prefix("sha256:"));
        for expected in reference.digest.as_deref().into_iter().chain(named) {
            if !expected.eq_ignore_ascii_case(&there) {
                return Err(another("manifest", &reference, expected, &there));
            }
        }
        reference.digest = Some(there);
        let (version, layers) = read(&reference, &answer.body)?;
        Ok(Self { reference, version, layers, registry })
    }

    /// Downloads a file.
    ///
    /// # Errors
    /// It is larger than it may be, or the registry sends another one.
    pub fn fetch(&self, layer: &Layer, most: SizeLimit) -> Result<Vec<u8>> {
        let name = visible(&layer.title);
        if layer.size > most.bytes {
            let message =
                format!("{name} of {} was not downloaded: it has {} bytes, more than", self.reference, layer.size);
            return Err(Failure::new(format!("{message} {} ({})", most.bytes, most.name)).help("add another version"));
        }
        let (what, path) = (&format!("{name} of {}", self.reference), &format!("blobs/sha256:{}", layer.digest));
        let body = self.registry.get(&Query { what, path, accept: "*/*", most, hosts: Hosts::Any })?.body;
        if (body.len() as u64) < layer.size {
            let message = format!(
                "{name} of {} was not downloaded whole: {} bytes of {} came",
                self.reference,
                body.len(),
                layer.size
            );
            return Err(Failure::new(message).help("try again"));
        }
        let there = sha256(&body);
        if there != layer.digest {
            return Err(another(&format!("file {name}"), &self.reference, &layer.digest, &there));
        }
        Ok(body)
    }
}

/// The tags of a repository that are versions, with these.
///
/// # Errors
/// The registry does not list them.
pub(super) fn versions(reference: &Reference, end: Instant) -> Result<Vec<(Version, String)>> {
    let registry = Registry::new(&reference.registry, &reference.repository, end)?;
    let mut found = Vec::new();
    let mut path = "tags/list?n=1000".to_owned();
    for _ in 0..MOST_PAGES {
        let (what, accept, hosts) = (&format!("the list of the tags of {reference}"), "application/json", Hosts::Same);
        let answer = registry.get(&Query { what, path: &path, accept, most: TAGS, hosts })?;
        let tags: Tags = serde_json::from_slice(&answer.body).map_err(|why| {
            let message = format!("the registry's list of the tags of {reference} cannot be read: {why}");
            Failure::new(message).help("name the tag")
        })?;
        let last = tags.tags.iter().flatten().next_back().cloned();
        found.extend(tags.tags.into_iter().flatten().filter_map(|tag| Some((version(&tag)?, tag))));
        match last.filter(|_| answer.header("link").is_some_and(|link| link.contains("rel=\"next\""))) {
            Some(last) => {
                let last: String = url::form_urlencoded::byte_serialize(last.as_bytes()).collect();
                path = format!("tags/list?n=1000&last={last}");
            }
            None => break,
        }
    }
    Ok(found)
}

/// Whether a reference names a tag that is no version, as `latest` is: what it stands for changes.
pub(super) fn has_moving_tag(reference: &Reference) -> bool {
    reference.tag.as_deref().is_some_and(|tag| version(tag).is_none())
}

/// The version that a tag is: `1.2.0` or `v1.2.0`.
fn version(tag: &str) -> Option<Version> {
    // A tag has no plus sign: an underscore is written for it.
    Version::parse(&tag.strip_prefix('v').unwrap_or(tag).replacen('_', "+", 1)).ok()
}

/// Reads a manifest.
fn read(reference: &Reference, text: &[u8]) -> Result<(Option<Version>, Vec<Layer>)> {
    let no_plugin = |why: String| {
        let failure = Failure::new(format!("{reference} is no plugin: {why}"));
        failure.help("push its files with their names, such as `oras push HOST/REPOSITORY:TAG inventory.wasm`")
    };
    let manifest: Manifest =
        serde_json::from_slice(text).map_err(|why| no_plugin(format!("its manifest cannot be read: {why}")))?;
    if !manifest.manifests.is_empty() {
        return Err(no_plugin("it is an image index, for several platforms".to_owned()));
    }
    if manifest.layers.len() > MOST_FILES {
        return Err(no_plugin(format!("it has {} files, more than {MOST_FILES}", manifest.layers.len())));
    }
    let mut layers: Vec<Layer> = Vec::new();
    for layer in manifest.layers {
        let title = layer.annotations.as_ref().and_then(|annotations| annotations.get(TITLE).cloned());
        // Who pushes one component need not name it: it is called as its repository is.
        let own = || reference.repository.rsplit('/').next().unwrap_or_default();
        let title = title.or_else(|| (layer.media_type == "application/wasm").then(|| format!("{}.wasm", own())));
        let Some(title) = title else { continue };
        let title = title.strip_prefix("./").unwrap_or(&title).to_owned();
        let digest = layer.digest.strip_prefix("sha256:").and_then(reference::sha256);
        let digest = digest.ok_or_else(|| no_plugin(format!("{} has a digest without SHA-256", quote(&title))))?;
        if layers.iter().any(|other| other.title == title) {
            return Err(no_plugin(format!("it has two files {}", quote(&title))));
        }
        layers.push(Layer { title, digest, size: layer.size });
    }
    if layers.is_empty() {
        return Err(no_plugin("none of its layers is a file with a name".to_owned()));
    }
    let said = manifest.annotations.as_ref().and_then(|annotations| annotations.get(VERSION)).map(String::as_str);
    Ok((said.or(reference.tag.as_deref()).and_then(version), layers))
}

fn another(what: &str, reference: &Reference, expected: &str, there: &str) -> Failure {
    let failure = Failure::new(format!("the registry sends another {what} than the one of {reference}"));
    let sums = format!("expected: sha256:{expected}\nfound:    sha256:{there}");
    failure.details(Some(sums)).help("nothing was added; try again, and ask who keeps the registry")
}
