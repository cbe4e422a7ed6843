//! What the host sees of the importer.

use spec_engine_evidence::encoding::decode;
use spec_engine_evidence::notes::{self, Note};
use spec_engine_plugin::{
    About, Content, Coverage, Imported, Importer, Observation, Position, Remark, Severity, importer, options,
};

use crate::import::import;
use crate::input::{File, Options, Profiles};
use crate::paths::folder;

options! {
    /// What the user can set.
    pub struct Settings {
        /// The name of the system, where the files do not give one. Empty: the folder of the first file, where its path
        /// has one, else `system`.
        pub name: String = String::new(),
        /// Whether known images of databases, caches and queues become resources of the services that use them.
        pub resources: bool = true,
        /// Whether a dependency whose port nothing in the files says becomes a connection with an assumed port.
        pub assumed: bool = true,
        /// Profiles, with commas between them: of the services that have profiles only those with one of these are taken.
        /// Empty: all are.
        pub profiles: String = String::new(),
        /// Names of files of variables, with commas between them, whatever the files are called: those that
        /// `docker compose --env-file` names.
        pub variables: String = String::new(),
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

    fn wanted_files() -> &'static [&'static str] {
        &[
            ".env",
            "compose.yaml",
            "compose.yml",
            "docker-compose.yaml",
            "docker-compose.yml",
            "compose.override.yaml",
            "compose.override.yml",
            "docker-compose.override.yaml",
            "docker-compose.override.yml",
        ]
    }

    fn observe(
        files: &[spec_engine_plugin::File],
        _document: Option<&str>,
        settings: &Settings,
    ) -> Result<Observation, Vec<Remark>> {
        let imported = Self::convert(files, settings)?;
        // With profiles, what is in none of them may run elsewhere.
        let is_whole = settings.profiles.trim().is_empty();
        let services = if is_whole { Coverage::complete("services") } else { Coverage::partial("services") };
        Ok(Observation::of(imported, vec![services]))
    }

    fn convert(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<Imported, Vec<Remark>> {
        let mut texts = Vec::new();
        for (number, file) in (0..).zip(files) {
            let text = match &file.content {
                Content::Text(text) => text.clone(),
                Content::Bytes(bytes) => match decode(bytes) {
                    Ok(text) => text,
                    Err((why, line)) => {
                        let message = format!("{} {why}", file.name);
                        let remark = Remark::new(Severity::Error, "not-text", message).with_help("name a compose file");
                        return Err(vec![remark.at(Position { file: number, line, column: 1 })]);
                    }
                },
            };
            texts.push(File { name: file.name.clone(), text });
        }
        let profiles = list(&settings.profiles);
        let given = Some(settings.name.as_str()).filter(|name| !name.is_empty());
        let options = Options {
            name: given.or_else(|| of_folder(&texts.first()?.name)).unwrap_or("system").to_owned(),
            resources: settings.resources,
            assumed: settings.assumed,
            profiles: if profiles.is_empty() { Profiles::All } else { Profiles::Named(profiles) },
            variables: list(&settings.variables),
        };
        let remarks = |notes: Vec<Note>| notes.into_iter().map(remark).collect();
        match import(&texts, &options) {
            Ok(imported) => Ok(Imported { document: imported.document, remarks: remarks(imported.notes) }),
            Err(why) => Err(remarks(why)),
        }
    }
}

importer!(Compose);

/// The texts between commas.
fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The name of the folder of a file, as far as its path has one.
fn of_folder(path: &str) -> Option<&str> {
    let name = folder(path).trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next()?;
    (!matches!(name, "" | "." | "..")).then_some(name)
}

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

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Content, Extent, File, Importer as _};

    use super::{Compose, Settings};

    fn name(path: &str, settings: &Settings) -> String {
        let content = Content::Text("services: {web: {image: nginx}}".into());
        let imported = Compose::convert(&[File { name: path.into(), content }], settings).unwrap();
        imported.document.split('"').nth(3).unwrap().to_owned()
    }

    #[test]
    fn a_system_is_named_after_its_folder_unless_somebody_says_otherwise() {
        let settings = Settings::default();
        for (path, expected) in [
            ("shop/compose.yml", "shop"),
            ("/srv/shop/compose.yml", "shop"),
            ("..\\shop\\compose.yml", "shop"),
            ("compose.yml", "system"),
            ("./compose.yml", "system"),
            ("../compose.yml", "system"),
            ("<stdin>", "system"),
        ] {
            assert_eq!(name(path, &settings), expected, "{path}");
        }
        assert_eq!(name("shop/compose.yml", &Settings { name: "mine".into(), ..settings }), "mine");
    }

    #[test]
    fn files_cover_services_unless_profiles_narrow_them() {
        let file = || File { name: "a.yml".into(), content: Content::Text("services: {web: {image: nginx}}".into()) };
        let covered = |settings| Compose::observe(&[file()], None, &settings).unwrap().coverage[0].extent;
        assert_eq!(covered(Settings::default()), Extent::Complete);
        assert_eq!(covered(Settings { profiles: "web".into(), ..Settings::default() }), Extent::Partial);
    }

    #[test]
    fn bytes_are_no_compose_file() {
        let file = File { name: "a.yml".into(), content: Content::Bytes(vec![0xff]) };
        let remarks = Compose::convert(&[file], &Settings::default()).unwrap_err();
        assert_eq!(remarks[0].code, "not-text");
    }
}
