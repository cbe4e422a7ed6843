//! `plugins`: shows, tests and makes plugins, and keeps those of a project.

mod add;
mod cache;
mod download;
mod info;
mod list;
mod new;
mod remove;
mod test;
mod verify;

use std::path::Path;

use super::args::{PluginsArguments, PluginsCommand};
use super::project::Project;
use super::{Failure, Outcome, discover};

/// Runs a subcommand of `plugins`.
pub(super) fn run(arguments: &PluginsArguments) -> anyhow::Result<Outcome> {
    let project = Project::find(Path::new("."))?;
    match &arguments.command {
        PluginsCommand::List { output, sources } => {
            let (registry, _) = discover::registry(sources, &project, None)?;
            list::run(&registry, *output)
        }
        PluginsCommand::Info { plugin, output, sources } => {
            let (registry, name) = discover::registry(sources, &project, Some(plugin))?;
            let entry = registry.find(&name.unwrap_or_default()).map_err(Failure::from)?;
            info::run(entry, &project, *output)
        }
        PluginsCommand::New { name, language, kind, folder, sdk } => {
            new::run(name, *language, *kind, folder.as_deref(), sdk.as_deref())
        }
        PluginsCommand::Test(test) => test::run(test, &project),
        PluginsCommand::Add(add) => add::run(add, &project),
        PluginsCommand::Verify => verify::run(&project),
        PluginsCommand::Remove { name } => remove::run(name, &project),
        PluginsCommand::Cache { clear } => cache::run(*clear),
    }
}
