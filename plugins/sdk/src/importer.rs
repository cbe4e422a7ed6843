//! What an importer is, and how it is exported.

use std::marker::PhantomData;

use serde::Serialize;

use crate::bindings::importer::exports::spec_engine::plugin::{importer, observer};
use crate::bindings::meta::exports::spec_engine::plugin::meta;
use crate::{About, Content, Options, Request, Severity};

pub use importer::{File, Imported, Position, Remark};
pub use observer::{Coverage, Extent, Observation};

/// Makes a document of other files. Exported with [`importer!`](crate::importer!).
pub trait Importer {
    /// What the user can set, declared with [`options!`](crate::options!); [`NoOptions`](crate::NoOptions) for nothing.
    type Options: Options;

    /// What this plugin is: the same answer at every call.
    fn describe() -> About;

    /// Makes a document of files, which come in the order in which the user named them.
    ///
    /// # Errors
    /// The remarks that say why there is no document. What is said of a document that there is goes into
    /// [`Imported::remarks`].
    fn convert(files: &[File], options: &Self::Options) -> Result<Imported, Vec<Remark>>;

    /// The names of the files that are taken of a folder, as patterns in which `*` and `?` stand for anything; none for
    /// every file that looks like data.
    fn wanted_files() -> &'static [&'static str] {
        &[]
    }

    /// Reads files as [`Self::convert`] does, and says what they cover, so that what they do not show is known to be gone.
    /// `document` is the text of the document that is compared or brought up to date, which the host does. Without a
    /// definition of its own nothing is known to be gone.
    ///
    /// # Errors
    /// As [`Self::convert`].
    fn observe(files: &[File], _document: Option<&str>, options: &Self::Options) -> Result<Observation, Vec<Remark>> {
        Self::convert(files, options).map(|imported| Observation::of(imported, Vec::new()))
    }
}

impl Observation {
    /// Makes an observation without unbound resources.
    pub fn of(imported: Imported, coverage: Vec<Coverage>) -> Self {
        let Imported { document, remarks } = imported;
        Self { document, coverage, unbound: String::new(), remarks }
    }
}

impl Coverage {
    /// Everything of a part, such as `services` or `aws.*`: what the files do not show is not there.
    pub fn complete(part: impl Into<String>) -> Self {
        Self { part: part.into(), extent: Extent::Complete }
    }

    /// Some of a part: what the files do not show may be there.
    pub fn partial(part: impl Into<String>) -> Self {
        Self { part: part.into(), extent: Extent::Partial }
    }
}

impl File {
    /// Its text; `None` where it is not UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        }
    }
}

impl Imported {
    /// Makes a document without remarks, as people write one: fields in their order, two spaces a level.
    ///
    /// What `json!` makes has its keys in alphabetical order, unless the feature `preserve_order` of this crate is on.
    ///
    /// # Panics
    /// Panics where serde cannot write the document as JSON, such as a map whose keys are no texts.
    pub fn of(document: &impl Serialize) -> Self {
        let mut document = serde_json::to_string_pretty(document).expect("a document is an object with texts as keys");
        document.push('\n');
        Self { document, remarks: Vec::new() }
    }

    /// Adds what the user should know of it.
    #[must_use]
    pub fn with_remarks(self, remarks: Vec<Remark>) -> Self {
        Self { remarks, ..self }
    }
}

impl Remark {
    /// Makes a remark of a stable code, kebab-case, and one sentence that names the thing and the fault.
    pub fn new(severity: Severity, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity, code: code.into(), message: message.into(), position: None, help: None }
    }

    /// Where it is: the host shows the line.
    #[must_use]
    pub fn at(self, position: Position) -> Self {
        Self { position: Some(position), ..self }
    }

    /// The next step, as one sentence.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Exports an [`Importer`] as the component's `meta`, `importer` and `observer`.
///
/// Outside wasm32 it only checks the type, so that several plugins can be linked into one native test.
///
/// ```
/// use spec_engine_plugin::{About, File, Imported, Importer, NoOptions, Position, Remark, Severity, importer, serde_json};
///
/// /// Reads lists of services, a name a line.
/// struct Names;
///
/// impl Importer for Names {
///     type Options = NoOptions;
///
///     fn describe() -> About {
///         About::of("names", env!("CARGO_PKG_VERSION"), "Makes a service of each line")
///     }
///
///     fn convert(files: &[File], _: &NoOptions) -> Result<Imported, Vec<Remark>> {
///         let mut services = serde_json::Map::new();
///         for (number, file) in (0..).zip(files) {
///             let Some(text) = file.as_text() else {
///                 let remark = Remark::new(Severity::Error, "not-text", format!("{} is not UTF-8", file.name));
///                 return Err(vec![remark.at(Position { file: number, line: 1, column: 1 })]);
///             };
///             for name in text.lines() {
///                 services.insert(name.to_owned(), serde_json::json!({ "image": { "name": name } }));
///             }
///         }
///         Ok(Imported::of(&serde_json::json!({ "name": "names", "services": services })))
///     }
/// }
///
/// importer!(Names);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! importer {
    ($importer:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Guest = $crate::ImporterGuest<$importer>;
    $crate::bindings::meta::export!(Guest with_types_in $crate::bindings::meta);
    $crate::bindings::importer::export!(Guest with_types_in $crate::bindings::importer);
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::About = <$importer as $crate::Importer>::describe;
    };
}

/// Converts files as the host asks for it: reads the options, then calls [`Importer::convert`].
///
/// # Errors
/// What [`Importer::convert`] returns, or one remark `invalid-options`.
pub fn convert<I: Importer>(files: &[File], options: &str) -> Result<Imported, Vec<Remark>> {
    I::convert(files, &parsed::<I>(options)?)
}

/// Observes files as the host asks for it: reads the options, then calls [`Importer::observe`].
///
/// # Errors
/// What [`Importer::observe`] returns, or one remark `invalid-options`.
pub fn observe<I: Importer>(files: &[File], document: Option<&str>, options: &str) -> Result<Observation, Vec<Remark>> {
    I::observe(files, document, &parsed::<I>(options)?)
}

fn parsed<I: Importer>(options: &str) -> Result<I::Options, Vec<Remark>> {
    I::Options::parse(options).map_err(|why| {
        let message = format!("the options of `{}` are not what its schema says: {why}", I::describe().name);
        vec![Remark::new(Severity::Error, "invalid-options", message)]
    })
}

/// Stands between the generated bindings and an importer.
#[doc(hidden)]
pub struct ImporterGuest<I>(PhantomData<I>);

impl<I: Importer> meta::Guest for ImporterGuest<I> {
    fn describe() -> meta::Description {
        crate::host::report_panics();
        I::describe().describe(I::Options::schema())
    }
}

impl<I: Importer> importer::Guest for ImporterGuest<I> {
    fn convert(files: Vec<File>, request: Request) -> Result<Imported, Vec<Remark>> {
        crate::host::report_panics();
        convert::<I>(&files, &request.options)
    }
}

impl<I: Importer> observer::Guest for ImporterGuest<I> {
    fn wanted_files() -> Vec<String> {
        crate::host::report_panics();
        I::wanted_files().iter().map(|&pattern| pattern.to_owned()).collect()
    }

    fn observe(files: Vec<File>, document: Option<String>, request: Request) -> Result<Observation, Vec<Remark>> {
        crate::host::report_panics();
        observe::<I>(&files, document.as_deref(), &request.options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    #[serde(crate = "crate::serde")]
    struct Document {
        name: &'static str,
        external: bool,
    }

    #[test]
    fn a_document_is_written_as_people_do() {
        let imported = Imported::of(&Document { name: "shop", external: false });
        assert_eq!(imported.document, "{\n  \"name\": \"shop\",\n  \"external\": false\n}\n");
    }
}
