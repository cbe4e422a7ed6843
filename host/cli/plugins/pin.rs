//! Looks at plugins that were fetched, and writes them into the project with the lock: all of them, or none.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use spec_engine::engine::read_at_most;
use spec_engine::project::{LOCK_FILE, Lock, PinnedPack, PinnedPlugin, Project, UserLimits, script_limits};
use spec_engine::registry::Origin;
use spec_engine::rules::Rule as _;
use spec_engine::script::Script;
use spec_engine::source::Source;
use spec_engine::text::{quote, visible};
use spec_engine::wasm::sha256;

use super::package::{Kind, Package, file_name};
use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};
use crate::output::{self, NewFile};
use crate::{report, session};

/// What is to be pinned.
#[derive(Default)]
pub(super) struct Change {
    /// The plugins.
    pub packages: Vec<Package>,
    /// The packs that bring some of them.
    pub packs: Vec<(String, PinnedPack)>,
}

/// A plugin that was loaded.
struct Inspection {
    /// One line on what it is for.
    summary: String,
    /// The version that it says it has.
    version: Option<String>,
    /// Whether it takes the place of one that ships.
    is_shadowing: bool,
}

/// Loads every plugin, so that nothing is pinned that cannot run; then writes them and the lock, and prints what was done.
///
/// # Errors
/// One cannot be loaded or has a name that another one has, or a file cannot be written. Then nothing is.
pub(super) fn apply(mut change: Change, lock: &mut Lock, project: &Project, plugins: &PluginArguments) -> Result<()> {
    let mut checked = Vec::new();
    for package in &mut change.packages {
        check_owner(package, &change.packs, lock)?;
        let loaded = match package.kind {
            Kind::Rule => check_rule(package, project)?,
            Kind::Component | Kind::Template => check_plugin(package, plugins)?,
        };
        package.version = package.version.take().or_else(|| loaded.version.clone());
        checked.push(loaded);
    }
    let before = write(&change, lock, project)?;
    let mut out = std::io::stdout().lock();
    for ((package, loaded), before) in change.packages.iter().zip(&checked).zip(&before) {
        let name = &package.name;
        let pinned = &lock.plugins[name];
        let what = match before {
            None => "added",
            Some(before) if before.sha256 == pinned.sha256 => "was there already:",
            Some(_) => "replaced",
        };
        let version = pinned.version.as_ref().map(|version| format!(" {}", visible(version))).unwrap_or_default();
        writeln!(out, "{what} {name}{version}, {}: {}", package.kind.as_str(), visible(&loaded.summary))?;
        for (path, sum) in &pinned.sha256 {
            writeln!(out, "  {path}  sha256:{sum}")?;
        }
        if loaded.is_shadowing {
            report::warning(&format!("it takes the place of the built-in {name}; --name gives it another name"))?;
        }
    }
    for (name, pack) in &change.packs {
        let version = pack.version.as_ref().map(|version| format!(" {}", visible(version))).unwrap_or_default();
        writeln!(out, "the pack {name}{version} has {}", pack.plugins.join(", "))?;
    }
    Ok(())
}

/// Refuses a plugin of a pack that would take the place of one that was added from elsewhere, and a plugin whose name a
/// pack has.
fn check_owner(package: &Package, packs: &[(String, PinnedPack)], lock: &Lock) -> Result<()> {
    let name = &package.name;
    if lock.packs.contains_key(name) {
        let failure = Failure::new(format!("{} is the name of a pack of this project", quote(name)));
        return Err(failure.help(format!("give the plugin another name with --name, or `plugins remove {name}` first")));
    }
    let pack = packs.iter().find(|(_, pack)| pack.plugins.contains(name));
    let (Some((pack, brings)), Some(pinned)) = (pack, lock.plugins.get(name)) else { return Ok(()) };
    let is_same = match (&brings.index, &pinned.index) {
        (Some(one), Some(other)) => one == other,
        (None, None) => repository(&brings.source) == repository(&pinned.source),
        _ => false,
    };
    if is_same {
        return Ok(());
    }
    let from = visible(pinned.index.as_ref().unwrap_or(&pinned.source));
    let message = format!("the pack {} brings {}, which is pinned from {from}", quote(pack), quote(name));
    Err(Failure::new(message).help(format!("`spec-engine plugins remove {name}` first, if the other one is to take its place")))
}

/// A name in a registry without its tag and digest.
fn repository(source: &str) -> &str {
    let name = source.rfind('/').map_or(0, |slash| slash + 1);
    source[name..].find([':', '@']).map_or(source, |end| &source[..name + end])
}

/// Loads a component or a template. Nothing that is pinned under its name counts for it.
fn check_plugin(package: &Package, plugins: &PluginArguments) -> Result<Inspection> {
    let folder = package.main().parent().unwrap_or(Path::new("."));
    let asked = package.main().display().to_string();
    let (engine, found) = plugins.engine_with(Project::in_folder(folder), Some(&asked))?;
    let plugin = engine.plugins().find(&found.unwrap_or_default())?;
    let description = plugin.description()?;
    let is_shadowing = engine.plugins().list().into_iter().any(|(other, hidden)| {
        other.name == package.name
            && (other.origin == Origin::BuiltIn || hidden.iter().any(|hidden| hidden.origin == Origin::BuiltIn))
    });
    Ok(Inspection { summary: description.summary.clone(), version: description.version.clone(), is_shadowing })
}

/// Reads a scripted rule.
fn check_rule(package: &Package, project: &Project) -> Result<Inspection> {
    let user = session::user_folder().map(|folder| UserLimits::read(&folder)).transpose()?.unwrap_or_default();
    let limits = script_limits(&project.settings, &user, &[])?;
    let mut sources = Vec::new();
    for file in package.files.iter().filter(|file| file.extension().is_some_and(|it| it == "rhai")) {
        sources.push(Arc::new(Source::new(file_name(file), read_at_most(file, u64::MAX)?)));
    }
    let script = Script::read(Arc::clone(&sources[0]), &sources[1..], limits).map_err(|errors| {
        let mut excerpt = Vec::new();
        for error in &errors {
            // To write into memory does not fail.
            let _ = report::excerpts(&mut excerpt, &error.source, std::slice::from_ref(&error.finding));
        }
        let first = errors.first().map_or("", |error| error.finding.message.as_str());
        let failure = Failure::new(format!("{} is no rule: {first}", sources[0].name()));
        failure.details(Some(String::from_utf8_lossy(&excerpt).into_owned())).help("nothing was added; correct it first")
    })?;
    Ok(Inspection { summary: script.summary().to_owned(), version: None, is_shadowing: false })
}

/// Writes the files of plugins and the lock into the project: all of them, or none; no link is followed there. Returns
/// what was pinned before under the name of each.
fn write(change: &Change, lock: &mut Lock, project: &Project) -> Result<Vec<Option<PinnedPlugin>>> {
    let mut contents = BTreeMap::new();
    let pins = change.packages.iter().map(|package| Ok((package, pin(package, project, &mut contents)?)));
    let pins: Vec<(&Package, PinnedPlugin)> = pins.collect::<Result<_>>()?;
    let (mut before, mut old) = (Vec::new(), Vec::new());
    for (package, pinned) in pins {
        let replaced = lock.plugins.insert(package.name.clone(), pinned);
        old.extend(replaced.iter().flat_map(|replaced| replaced.sha256.keys().cloned()));
        before.push(replaced);
    }
    for (name, pack) in &change.packs {
        if lock.plugins.contains_key(name) {
            let failure = Failure::new(format!("{} is the name of a plugin of this project", quote(name)));
            return Err(failure.help(format!("`spec-engine plugins remove {name}` first")));
        }
        let replaced = lock.packs.insert(name.clone(), pack.clone());
        // What a pack brought and brings no more goes, unless another one brings it.
        for gone in replaced.iter().flat_map(|replaced| &replaced.plugins) {
            if !lock.packs.values().any(|pack| pack.plugins.contains(gone))
                && let Some(gone) = lock.plugins.remove(gone)
            {
                old.extend(gone.sha256.into_keys());
            }
        }
    }
    check_shared(&contents, change, lock)?;
    let root = project.path(Path::new(""));
    let text = lock.to_text();
    let files = contents.iter().map(|(path, content)| NewFile { path: path.clone(), content });
    let files: Vec<NewFile<'_>> =
        files.chain([NewFile { path: LOCK_FILE.to_owned(), content: text.as_bytes() }]).collect();
    old.retain(|old| !lock.plugins.values().any(|pinned| pinned.sha256.contains_key(old)));
    // The lock is the last: what it pinned until then and is gone is missing, which is an error, and nothing runs unpinned.
    output::exchange(&root, &old, &files)?;
    Ok(before)
}

/// Reads the files of a plugin into `contents`, by their names in the lock, and returns its pin.
fn pin(package: &Package, project: &Project, contents: &mut BTreeMap<String, Vec<u8>>) -> Result<PinnedPlugin> {
    let folder = project.own_folder().join(package.kind.folder());
    let mut sums = BTreeMap::new();
    for file in &package.files {
        let content = read_at_most(file, u64::MAX)?;
        let to = folder.join(file_name(file));
        let key = Lock::key(project, &to)
            .ok_or_else(|| Failure::new(format!("{} is no path that the lock can hold", to.display())))?;
        if contents.get(&key).is_some_and(|other| *other != content) {
            return Err(belongs(&key, "another plugin that is added"));
        }
        sums.insert(key.clone(), sha256(&content));
        contents.insert(key, content);
    }
    let (version, source, index) = (package.version.clone(), package.source.clone(), package.index.clone());
    Ok(PinnedPlugin { version, source, index, sha256: sums })
}

/// Refuses a file that belongs to a plugin which stays as it is, and has other content there.
fn check_shared(contents: &BTreeMap<String, Vec<u8>>, change: &Change, lock: &Lock) -> Result<()> {
    let stays = |name: &String| !change.packages.iter().any(|package| package.name == *name);
    for (name, pinned) in lock.plugins.iter().filter(|(name, _)| stays(name)) {
        let other = |(file, sum): &(&String, &String)| {
            contents.get(*file).is_some_and(|content| sha256(content) != **sum)
        };
        if let Some((file, _)) = pinned.sha256.iter().find(other) {
            return Err(belongs(file, &format!("the plugin {}", quote(name))));
        }
    }
    Ok(())
}

fn belongs(file: &str, other: &str) -> Failure {
    let failure = Failure::new(format!("{file} belongs to {other}, and has other content"));
    failure.help("rename the included file, also in the template or rule")
}
