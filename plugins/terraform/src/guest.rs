//! What the host sees of the importer.

use spec_engine_evidence::guest::{remarks, system_name, text};
use spec_engine_plugin::{
    About, Content, Coverage, Imported, Importer, Observation, Position, Remark, Severity, importer, options,
};

use crate::import::{import, observe};
use crate::input::{File, Options};

options! {
    /// What the user can set.
    pub struct Settings {
        /// The name of the system. Empty: the folder of the first file, where its path has one, else `system`.
        pub name: String = String::new(),
        /// The service that resources are put under which no service of the files uses. Empty: a placeholder,
        /// `unbound-resources`.
        pub service: String = String::new(),
        /// Whether a resource that a policy of IAM lets a service use is one that it uses.
        pub policies: bool = true,
    }
}

/// The importer.
pub struct Terraform;

/// The next step where a file is no text.
const HELP: &str = "`terraform show -json FILE` writes what is read";

impl Importer for Terraform {
    type Options = Settings;

    fn describe() -> About {
        About::of(
            "terraform",
            env!("CARGO_PKG_VERSION"),
            "Makes a document of Terraform states and plans: resources, who uses them, modules",
        )
    }

    fn wanted_files() -> &'static [&'static str] {
        &["*.{tfstate,json}"]
    }

    fn observe(
        files: &[spec_engine_plugin::File],
        _document: Option<&str>,
        settings: &Settings,
    ) -> Result<Observation, Vec<Remark>> {
        let (texts, options) = read(files, settings)?;
        match observe(&texts, &options) {
            Ok(observed) => Ok(Observation {
                document: observed.document,
                coverage: observed.shown.into_iter().map(Coverage::partial).collect(),
                unbound: observed.unbound,
                remarks: remarks(observed.notes),
            }),
            Err(why) => Err(remarks(why)),
        }
    }

    fn convert(files: &[spec_engine_plugin::File], settings: &Settings) -> Result<Imported, Vec<Remark>> {
        let (texts, options) = read(files, settings)?;
        match import(&texts, &options) {
            Ok(imported) => Ok(Imported { document: imported.document, remarks: remarks(imported.notes) }),
            Err(why) => Err(remarks(why)),
        }
    }
}

importer!(Terraform);

/// The texts of the files, and the options of the importer.
fn read<'f>(
    files: &'f [spec_engine_plugin::File],
    settings: &Settings,
) -> Result<(Vec<File<'f>>, Options), Vec<Remark>> {
    let text = |(number, file): (u32, &'f spec_engine_plugin::File)| match archive(file) {
        Some(message) => {
            let remark = Remark::new(Severity::Error, "saved-plan", message).with_help(SHOW_PLAN);
            Err(vec![remark.at(Position { file: number, line: 1, column: 1 })])
        }
        None => {
            let text = text(file, number, HELP).map_err(|remark| vec![remark])?;
            Ok(File { name: file.name.clone(), text })
        }
    };
    let texts = (0..).zip(files).map(text).collect::<Result<_, Vec<Remark>>>()?;
    let options = Options {
        name: system_name(&settings.name, files),
        service: Some(settings.service.trim().to_owned()).filter(|name| !name.is_empty()),
        policies: settings.policies,
    };
    Ok((texts, options))
}

const SHOW_PLAN: &str = "`terraform show -json FILE | spec-engine import terraform -`, where Terraform made it";

/// Why a file is a plan as Terraform saves it: an archive.
fn archive(file: &spec_engine_plugin::File) -> Option<String> {
    let start: &[u8] = match &file.content {
        Content::Text(text) => text.as_bytes(),
        Content::Bytes(bytes) => bytes,
    };
    start
        .starts_with(b"PK\x03\x04")
        .then(|| format!("{} is a plan as `terraform plan -out` saves it, not JSON", file.name))
}

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Content, File, Importer as _};

    use super::{Settings, Terraform};

    #[test]
    fn what_is_no_text_is_refused_with_the_command_that_writes_it() {
        for (bytes, code) in [(b"PK\x03\x04\xff".to_vec(), "saved-plan"), (vec![0xff], "not-text")] {
            let file = File { name: "plan".into(), content: Content::Bytes(bytes) };
            let remarks = Terraform::convert(&[file], &Settings::default()).unwrap_err();
            assert_eq!(remarks[0].code, code);
            assert!(remarks[0].help.as_ref().is_some_and(|help| help.contains("terraform show -json")));
        }
    }
}
