//! `rules definitions`: writes what editors read to help with rules.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::project::{self, Project};
use spec_engine::render::template::sidecar_schema;
use spec_engine::schema::schema;
use spec_engine::script::{definitions, testing};
use spec_engine::text::visible;

use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};

/// Write what editors read: definitions of what rules can call, for the rhai language server, and JSON Schemas of the
/// files that you write.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to write. Without it: .spec-engine/definitions in the project's folder.
    #[arg(long, short, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Writes the files, and prints their names.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let folder = match &arguments.out {
        Some(folder) => folder.clone(),
        None => {
            let project = Project::find(Path::new("."))?;
            let folder = project.own_folder().join("definitions");
            project.check_inside(&folder)?;
            folder
        }
    };
    let schemas = [
        ("system.schema.json", schema().clone()),
        ("project.schema.json", project::schema()),
        ("rule-test.schema.json", testing::schema()),
        ("sidecar.schema.json", sidecar_schema()),
    ];
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for definition in definitions::definitions() {
        files.push((folder.join(definition.file), definition.text));
    }
    for (name, schema) in schemas {
        files.push((folder.join(name), format!("{schema:#}\n")));
    }
    output::files(files.iter().map(|(path, text)| (path.clone(), text.as_bytes())), &InputFiles::default())?;
    let mut out = std::io::stdout().lock();
    for (path, _) in &files {
        writeln!(out, "wrote {}", visible(&path.display().to_string()))?;
    }
    Ok(Outcome::Clean)
}
