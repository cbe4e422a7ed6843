//! What the host sees of the importer.

use spec_engine_evidence::guest::{list, remarks, system_name, text};
use spec_engine_plugin::{About, Coverage, Imported, Importer, Observation, Remark, importer, options};

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
        &["*.{json,yaml,yml}", "Kustomization"]
    }

    fn observe(
        files: &[spec_engine_plugin::File],
        _document: Option<&str>,
        settings: &Settings,
    ) -> Result<Observation, Vec<Remark>> {
        let (imported, has_services) = read(files, settings)?;
        // Of one namespace, nothing is known of the others.
        let is_whole = settings.namespaces.trim().is_empty();
        let services = if is_whole { Coverage::complete("services") } else { Coverage::partial("services") };
        let mut coverage = vec![services];
        if has_services {
            coverage.push(Coverage::complete("endpoints"));
        }
        Ok(Observation::of(imported, coverage))
    }

    fn convert(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<Imported, Vec<Remark>> {
        read(files, settings).map(|(imported, _)| imported)
    }
}

importer!(Kubernetes);

/// Reads files, and says whether they have a Service.
fn read(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<(Imported, bool), Vec<Remark>> {
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
    let imported = import(&texts, &options).map_err(remarks)?;
    Ok((Imported { document: imported.document, remarks: remarks(imported.notes) }, imported.has_services))
}

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Content, Extent, File, Importer as _};

    use super::{Kubernetes, Settings};

    const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}";

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
}
