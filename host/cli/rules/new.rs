//! `rules new`: writes a scripted rule and its tests.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::project::Project;
use spec_engine::script::scaffold::scaffold;

use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};

/// Write a scripted rule and its tests, both passing, for you to change.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule's id: a namespace, a slash and a name, such as acme/image-digest.
    id: String,
    /// Where to write it. Without it: .spec-engine/rules in the project's folder.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Writes a rule and its tests into a folder, and prints the next step.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let scaffold = scaffold(&arguments.id)?;
    let usual;
    let folder = match arguments.folder.as_deref() {
        Some(folder) => folder,
        None => {
            let project = Project::find(Path::new("."))?;
            usual = project.rules_folder();
            project.check_inside(&usual)?;
            &usual
        }
    };
    let (script, test) = (folder.join(&scaffold.script_file), folder.join(&scaffold.test_file));
    if let Some(path) = [&script, &test].into_iter().find(|path| path.exists()) {
        let failure = Failure::new(format!("{} exists, and nothing was written", path.display()));
        return Err(failure.help("choose another name, or remove that file"));
    }
    output::files([(script.clone(), scaffold.script.as_bytes()), (test.clone(), scaffold.test.as_bytes())], &InputFiles::default())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {}, the rule, and {}, its tests", script.display(), test.display())?;
    writeln!(out, "change both, and run: spec-engine rules test {}", script.display())?;
    Ok(Outcome::Clean)
}
