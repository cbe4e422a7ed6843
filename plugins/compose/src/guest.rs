//! What the host sees of the importer.

use spec_engine_evidence::guest::{list, remarks, system_name, text};
use spec_engine_plugin::{About, Coverage, Imported, Importer, Observation, Remark, importer, options};

use crate::import::import;
use crate::input::{File, Options, Profiles};

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
        let text = |(number, file): (u32, &spec_engine_plugin::File)| {
            let text = text(file, number, "name a compose file").map_err(|remark| vec![remark])?.into_owned();
            Ok(File { name: file.name.clone(), text })
        };
        let texts: Vec<File> = (0..).zip(files).map(text).collect::<Result<_, Vec<Remark>>>()?;
        let profiles = list(&settings.profiles);
        let options = Options {
            name: system_name(&settings.name, files),
            resources: settings.resources,
            assumed: settings.assumed,
            profiles: if profiles.is_empty() { Profiles::All } else { Profiles::Named(profiles) },
            variables: list(&settings.variables),
        };
        match import(&texts, &options) {
            Ok(imported) => Ok(Imported { document: imported.document, remarks: remarks(imported.notes) }),
            Err(why) => Err(remarks(why)),
        }
    }
}

importer!(Compose);

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Content, Extent, File, Importer as _};

    use super::{Compose, Settings};

    #[test]
    fn files_cover_services_unless_profiles_narrow_them() {
        let file = || File { name: "a.yml".into(), content: Content::Text("services: {web: {image: nginx}}".into()) };
        let covered = |settings| Compose::observe(&[file()], None, &settings).unwrap().coverage[0].extent;
        assert_eq!(covered(Settings::default()), Extent::Complete);
        assert_eq!(covered(Settings { profiles: "web".into(), ..Settings::default() }), Extent::Partial);
    }
}
