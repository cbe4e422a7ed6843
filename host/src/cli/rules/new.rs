//! `rules new`: writes a scripted rule and its tests.

use std::io::Write as _;
use std::path::Path;

use super::super::project::Project;
use super::super::{Failure, Outcome, output};
use crate::script::scaffold::scaffold;

/// Writes a rule and its tests into a folder, and says what to do with them.
pub(super) fn run(id: &str, folder: Option<&Path>) -> anyhow::Result<Outcome> {
    let scaffold = scaffold(id).map_err(Failure::new)?;
    let usual;
    let folder = match folder {
        Some(folder) => folder,
        None => {
            usual = Project::find(Path::new("."))?.rules_folder();
            &usual
        }
    };
    let (script, test) = (folder.join(&scaffold.script_file), folder.join(&scaffold.test_file));
    if let Some(path) = [&script, &test].into_iter().find(|path| path.exists()) {
        let failure = Failure::new(format!("{} is there already, and nothing was written", path.display()));
        return Err(failure.help("choose another name, or take that file away").into());
    }
    output::files([(script.clone(), scaffold.script.as_bytes()), (test.clone(), scaffold.test.as_bytes())])?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {}, the rule, and {}, its tests", script.display(), test.display())?;
    writeln!(out, "change both, and run: spec-engine rules test {}", script.display())?;
    Ok(Outcome::Clean)
}
