//! The files of a template, each read once: what is held to its pin is what runs.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::file;
use crate::plugin::PluginError;
use crate::project::Project;
use crate::render::template::{MOST_FILES, Source, Template, TemplateBudget, named_in};
use crate::wasm::sha256;

/// The most bytes of each file of a template.
pub const TEMPLATE_BYTES: u64 = 64 << 20;

/// The texts of a template.
#[derive(Debug, Default)]
pub(super) struct TemplateFiles {
    text: String,
    /// The text of the file `NAME.toml` beside it.
    sidecar: Option<String>,
    /// The templates beside it that it includes, by name.
    siblings: Vec<(String, String)>,
}

impl TemplateFiles {
    /// Reads a template with what is beside it. That of a project, whose folder and name are given, has a sidecar that
    /// does not lead out of the project. What it includes is read until it is more than `most` bytes, which is an error
    /// of the template.
    ///
    /// # Errors
    /// A file cannot be read, or is not text.
    pub fn read(path: &Path, of_project: Option<(&Path, &str)>, most: u64) -> Result<Self, PluginError> {
        let text = text(path, read(path)?)?;
        let sidecar = sidecar(path);
        if !sidecar.is_file() {
            return Ok(Self { siblings: siblings(path, &text, most), text, sidecar: None });
        }
        if let Some((folder, plugin)) = of_project
            && Project::in_folder(folder).check_inside(&sidecar).is_err()
        {
            return Err(PluginError::OutsideProject { plugin: plugin.to_owned(), file: sidecar });
        }
        let sidecar = self::text(&sidecar, read(&sidecar)?)?;
        Ok(Self { siblings: siblings(path, &text, most), text, sidecar: Some(sidecar) })
    }

    /// Reads a template of which every file is pinned, each with its SHA-256, and nothing else.
    ///
    /// # Errors
    /// A file is missing, differs from its pin, cannot be read, or is not text; or there is a sidecar that is not pinned.
    pub fn read_pinned(plugin: &str, path: &Path, pins: &[(PathBuf, String)]) -> Result<Self, PluginError> {
        let mut files = Self::default();
        let sidecar = sidecar(path);
        let mut is_sidecar_pinned = false;
        for (pinned, sum) in pins {
            let content = match read(pinned) {
                Err(_) if !pinned.exists() => {
                    return Err(PluginError::PinnedFileMissing { plugin: plugin.to_owned(), file: pinned.clone() });
                }
                content => content?,
            };
            let found = sha256(&content);
            if found != *sum {
                let (plugin, file) = (plugin.to_owned(), Some(pinned.clone()));
                return Err(PluginError::NotAsPinned { plugin, file, pinned: sum.clone(), found });
            }
            let text = text(pinned, content)?;
            let name = pinned.file_name().unwrap_or_default();
            if path.file_name() == Some(name) {
                files.text = text;
            } else if sidecar.file_name() == Some(name) {
                files.sidecar = Some(text);
                is_sidecar_pinned = true;
            } else if pinned.extension().is_some_and(|extension| extension == "tera") {
                files.siblings.push((name.to_string_lossy().into_owned(), text));
            }
        }
        if !is_sidecar_pinned && sidecar.symlink_metadata().is_ok() {
            return Err(PluginError::NotPinned { plugin: plugin.to_owned(), file: sidecar });
        }
        Ok(files)
    }

    /// Makes the template of them.
    ///
    /// # Errors
    /// The template or its sidecar is wrong.
    pub fn template(&self, path: &Path, budget: TemplateBudget) -> Result<Template, PluginError> {
        let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let siblings = self.siblings.iter().map(|(name, text)| Source { file_name: name, text: text.as_str() });
        let siblings: Vec<Source<'_>> = siblings.collect();
        let template = Template::within(budget, file_name, &self.text, self.sidecar.as_deref(), &siblings);
        Ok(template.map_err(|mut error| {
            let place = path.with_file_name(&error.place.file);
            error.place.file = place.strip_prefix(".").unwrap_or(&place).display().to_string();
            error
        })?)
    }
}

/// The place of the sidecar of a template.
pub(super) fn sidecar(template: &Path) -> PathBuf {
    let file_name = template.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    template.with_file_name(file_name.split('.').next().unwrap_or_default()).with_extension("toml")
}

/// Reads the templates beside one that it names, and those that they name, by name: until there are more than a template
/// may have, or more than `most` bytes.
pub(super) fn siblings(template: &Path, text: &str, most: u64) -> Vec<(String, String)> {
    let folder = file::folder_of(template);
    let own = template.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut seen = BTreeSet::from_iter(own);
    let mut siblings: Vec<(String, String)> = Vec::new();
    let (mut next, mut bytes) = (0, text.len() as u64);
    loop {
        let text = if next == 0 { text } else { siblings[next - 1].1.as_str() };
        let named: BTreeSet<String> = named_in(text).filter(|name| !seen.contains(*name)).map(str::to_owned).collect();
        for name in named {
            if bytes > most || siblings.len() > MOST_FILES {
                return siblings;
            }
            if let Some(text) = sibling(folder, &name) {
                bytes += text.len() as u64;
                siblings.push((name.clone(), text));
            }
            seen.insert(name);
        }
        if next == siblings.len() {
            return siblings;
        }
        next += 1;
    }
}

/// Reads a file of a folder: itself, since a link could lead out of it, and a name with a folder does.
fn sibling(folder: &Path, name: &str) -> Option<String> {
    let is_name = Path::new(name).file_name().is_some_and(|file_name| file_name == name);
    let path = folder.join(name);
    let is_file = is_name && path.symlink_metadata().is_ok_and(|there| there.is_file());
    is_file.then(|| file::read_text(&path, TEMPLATE_BYTES).ok()).flatten()
}

fn read(path: &Path) -> Result<Vec<u8>, PluginError> {
    let unreadable = |error: io::Error| PluginError::Unreadable { path: path.to_owned(), reason: error.to_string() };
    file::read(path, TEMPLATE_BYTES).map_err(unreadable)
}

fn text(path: &Path, content: Vec<u8>) -> Result<String, PluginError> {
    String::from_utf8(content).map_err(|_| PluginError::NotText { path: path.to_owned() })
}
