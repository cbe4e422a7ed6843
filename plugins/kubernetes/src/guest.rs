//! What the host sees of the importer.

use std::borrow::Cow;

use spec_engine_evidence::encoding::decode;
use spec_engine_evidence::notes::{self, Note};
use spec_engine_plugin::{
    About, Content, Coverage, Imported, Importer, Observation, Position, Remark, Severity, importer, options,
};

use crate::import::import;
use crate::input::{File, Options};

options! {
    /// What the user can set.
    pub struct Settings {
        /// The name of the system. Empty: the folder of the first file, where its path has one, else `system`.
        pub name: String = String::new(),
        /// Whether known images of databases, caches and queues become resources of the services that use them.
        pub resources: bool = true,
        /// Whether hosts in configuration files that ConfigMaps hold become connections, too.
        pub configurations: bool = true,
        /// Namespaces, with commas between them: only what is in these is read. Empty: all.
        pub namespaces: String = String::new(),
    }
}

/// The importer.
pub struct Kubernetes;

impl Importer for Kubernetes {
    type Options = Settings;

    fn describe() -> About {
        About::of(
            "kubernetes",
            env!("CARGO_PKG_VERSION"),
            "Makes a document of Kubernetes objects: workloads, images, ports, who connects to whom",
        )
    }

    fn wanted_files() -> &'static [&'static str] {
        &["*.{json,yaml,yml}"]
    }

    fn observe(
        files: &[spec_engine_plugin::File],
        _document: Option<&str>,
        settings: &Settings,
    ) -> Result<Observation, Vec<Remark>> {
        let imported = Self::convert(files, settings)?;
        // Of one namespace, nothing is known of the others.
        let is_whole = settings.namespaces.trim().is_empty();
        let services = if is_whole { Coverage::complete("services") } else { Coverage::partial("services") };
        let mut coverage = vec![services];
        if files.iter().any(has_service) {
            coverage.push(Coverage::complete("endpoints"));
        }
        Ok(Observation::of(imported, coverage))
    }

    fn convert(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<Imported, Vec<Remark>> {
        let mut texts = Vec::new();
        for (number, file) in (0..).zip(files) {
            let text = match &file.content {
                Content::Text(text) => Cow::Borrowed(text.as_str()),
                Content::Bytes(bytes) => match decode(bytes) {
                    Ok(text) => Cow::Owned(text),
                    Err((why, line)) => {
                        let message = format!("{} {why}", file.name);
                        let remark = Remark::new(Severity::Error, "not-text", message);
                        let position = Position { file: number, line, column: 1 };
                        return Err(vec![remark.with_help("name files with Kubernetes objects").at(position)]);
                    }
                },
            };
            texts.push(File { name: file.name.clone(), text });
        }
        let given = Some(settings.name.as_str()).filter(|name| !name.is_empty());
        let options = Options {
            name: given.or_else(|| of_folder(&texts.first()?.name)).unwrap_or("system").to_owned(),
            resources: settings.resources,
            configurations: settings.configurations,
            namespaces: list(&settings.namespaces),
        };
        let remarks = |notes: Vec<Note>| notes.into_iter().map(remark).collect();
        match import(&texts, &options) {
            Ok(imported) => Ok(Imported { document: imported.document, remarks: remarks(imported.notes) }),
            Err(why) => Err(remarks(why)),
        }
    }
}

importer!(Kubernetes);

/// Whether a file has a Service, without which nothing says on which ports a workload is reached.
fn has_service(file: &spec_engine_plugin::File) -> bool {
    let text = file.as_text().unwrap_or_default();
    text.contains("kind: Service") || text.contains("\"Service\"") || text.contains("\"ServiceList\"")
}

/// The texts between commas.
fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The name of the folder of a file, as far as its path has one.
fn of_folder(path: &str) -> Option<&str> {
    let (folder, _) = path.rsplit_once(['/', '\\'])?;
    let name = folder.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next()?;
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

    use super::{Kubernetes, Settings};

    const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}";

    fn name(path: &str, settings: &Settings) -> String {
        let content = Content::Text(POD.into());
        let imported = Kubernetes::convert(&[File { name: path.into(), content }], settings).unwrap();
        imported.document.split('"').nth(3).unwrap().to_owned()
    }

    #[test]
    fn a_system_is_named_after_its_folder_unless_somebody_says_otherwise() {
        let settings = Settings::default();
        for (path, expected) in [
            ("shop/all.yaml", "shop"),
            ("/srv/shop/all.yaml", "shop"),
            ("..\\shop\\all.yaml", "shop"),
            ("all.yaml", "system"),
            ("./all.yaml", "system"),
            ("../all.yaml", "system"),
            ("<stdin>", "system"),
        ] {
            assert_eq!(name(path, &settings), expected, "{path}");
        }
        assert_eq!(name("shop/all.yaml", &Settings { name: "mine".into(), ..settings }), "mine");
    }

    #[test]
    fn files_cover_services_and_with_a_service_their_ports() {
        let covered = |text: &str, settings: &Settings| {
            let content = Content::Text(text.into());
            let files = [File { name: "all.yaml".into(), content }];
            let observation = Kubernetes::observe(&files, None, settings).unwrap();
            let complete = observation.coverage.into_iter().filter(|coverage| coverage.extent == Extent::Complete);
            complete.map(|coverage| coverage.part).collect::<Vec<_>>()
        };
        let service = format!("{POD}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: a}}\n");
        let one = Settings { namespaces: "default".into(), ..Settings::default() };
        assert_eq!(covered(POD, &Settings::default()), ["services"]);
        assert_eq!(covered(&service, &Settings::default()), ["services", "endpoints"]);
        assert!(covered(POD, &one).is_empty());
    }

    #[test]
    fn bytes_are_no_objects() {
        let file = File { name: "a.yml".into(), content: Content::Bytes(vec![0xff]) };
        let remarks = Kubernetes::convert(&[file], &Settings::default()).unwrap_err();
        assert_eq!(remarks[0].code, "not-text");
    }
}
