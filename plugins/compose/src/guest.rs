//! What the host sees of the importer.

use spec_engine_plugin::{About, Imported, Importer, Position, Remark, Severity, importer, options};

use crate::{File, Note, Options, Profiles, import, notes};

options! {
    /// What the user can set.
    pub struct Settings {
        /// The name of the system, where the files do not give one.
        pub name: String = "system".to_owned(),
        /// Whether known images of databases, caches and queues become resources of the services that use them.
        pub resources: bool = true,
        /// Profiles, with commas between them: of the services that have profiles only those with one of these are taken.
        /// Empty: all are.
        pub profiles: String = String::new(),
    }
}

/// The importer.
pub struct Compose;

impl Importer for Compose {
    type Options = Settings;

    fn describe() -> About {
        About::of(
            "compose",
            env!("CARGO_PKG_VERSION"),
            "Makes a document of docker-compose files: services, images, ports, who connects to whom",
        )
    }

    fn convert(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<Imported, Vec<Remark>> {
        let mut texts = Vec::new();
        for (number, file) in (0..).zip(files) {
            let Some(text) = file.as_text() else {
                let message = format!("{} is not UTF-8 text", file.name);
                let remark = Remark::new(Severity::Error, "not-text", message).with_help("name a compose file");
                return Err(vec![remark.at(Position { file: number, line: 1, column: 1 })]);
            };
            texts.push(File { name: file.name.clone(), text: text.to_owned() });
        }
        let named: Vec<String> =
            settings.profiles.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let options = Options {
            name: settings.name.clone(),
            resources: settings.resources,
            profiles: if named.is_empty() { Profiles::All } else { Profiles::Named(named) },
        };
        let remarks = |notes: Vec<Note>| notes.into_iter().map(remark).collect();
        match import(&texts, &options) {
            Ok(imported) => Ok(Imported { document: imported.document, remarks: remarks(imported.notes) }),
            Err(why) => Err(remarks(why)),
        }
    }
}

importer!(Compose);

fn remark(note: Note) -> Remark {
    let severity = match note.severity {
        notes::Severity::Error => Severity::Error,
        notes::Severity::Warning => Severity::Warning,
        notes::Severity::Info => Severity::Info,
    };
    let message = match note.more {
        0 => note.message,
        more => format!("{} (and {more} more like it)", note.message),
    };
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let position =
        Position { file: number(note.place.file), line: number(note.place.line), column: number(note.place.column) };
    let remark = Remark::new(severity, note.code, message).at(position);
    match note.help {
        Some(help) => remark.with_help(help),
        None => remark,
    }
}
