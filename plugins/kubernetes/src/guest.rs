//! What the host sees of the importer.

use spec_engine_evidence::guest::{list, remarks, system_name, text};
use spec_engine_plugin::{About, Imported, Importer, Remark, importer, options};

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

    fn convert(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<Imported, Vec<Remark>> {
        let text = |(number, file)| {
            let text = text(file, number, "name files with Kubernetes objects").map_err(|remark| vec![remark])?;
            Ok(File { name: file.name.clone(), text })
        };
        let texts: Vec<File<'_>> = (0..).zip(files).map(text).collect::<Result<_, Vec<Remark>>>()?;
        let options = Options {
            name: system_name(&settings.name, files),
            resources: settings.resources,
            configurations: settings.configurations,
            namespaces: list(&settings.namespaces),
        };
        match import(&texts, &options) {
            Ok(imported) => Ok(Imported { document: imported.document, remarks: remarks(imported.notes) }),
            Err(why) => Err(remarks(why)),
        }
    }
}

importer!(Kubernetes);
