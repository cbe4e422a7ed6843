//! Template renderers: a file `NAME.EXT.tera` is a renderer `NAME` that writes `.EXT`.
//!
//! A template sees values and text, and nothing else: no file, no network, no environment, no clock, no chance. What
//! it may include is handed in with it. It runs on a thread of its own, with a stack that its nesting cannot exhaust.

mod bounded;
mod fault;
mod filters;
mod folder;
mod nesting;
mod shipped;
mod sidecar;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use indexmap::IndexMap;
use tera::{Context, Tera};

use self::bounded::BoundedWriter;
use self::nesting::Counted;
use self::sidecar::Sidecar;
use super::{Artifact, Output, RenderContext, Renderer};
use crate::diagnostic::{Diagnostic, Place, Pointer, RuleId, Severity};
use crate::limits::TemplateLimits;
use crate::plugin::{Description, PluginError, PluginKind, TemplateError, TemplateFault};

pub use folder::{Source, is_renderer, parts};
pub use shipped::SHIPPED;

/// A Tera template as a renderer.
#[derive(Clone)]
pub struct Template {
    description: Description,
    /// The name of the template's own file.
    file: String,
    /// The path of what it writes.
    artifact: String,
    files: Files,
    tera: Arc<Tera>,
    limits: TemplateLimits,
}

/// The text of each file that takes part, by name: as it was written, and as Tera gets it.
#[derive(Clone)]
struct Files(IndexMap<String, (String, Arc<Counted>)>);

impl Files {
    fn of(sources: IndexMap<String, String>) -> Self {
        let counted = |source: String| {
            let counted = Arc::new(Counted::of(&source));
            (source, counted)
        };
        Self(sources.into_iter().map(|(name, source)| (name, counted(source))).collect())
    }

    /// Tera's error, in terms of what was written.
    fn error(&self, error: &tera::Error, main: &str) -> TemplateError {
        let sources = self.0.iter().map(|(name, (source, _))| (name.clone(), source.clone())).collect();
        let (mut error, is_reported) = fault::of_tera(error, main, &sources);
        if let (true, Some((line, column)), Some((_, counted))) =
            (is_reported, &mut error.place.line_column, self.0.get(&error.place.file))
        {
            *column = counted.column(*line, *column);
        }
        error
    }
}

/// The stack of the thread that renders, in bytes. The system hands it out page by page as it is used.
const STACK: usize = 1 << 30;

impl Template {
    /// Makes a renderer of a file `NAME.EXT.tera`.
    ///
    /// `sidecar` is the text of `NAME.toml` beside it, where there is one. `siblings` are the other `*.tera` files of
    /// the folder: the template may include and extend them, and nothing else.
    ///
    /// # Errors
    /// When the file's name has not this form, or when the template, a file that it includes or the sidecar is wrong.
    pub fn from_source(
        file_name: &str,
        source: &str,
        sidecar: Option<&str>,
        siblings: &[Source<'_>],
    ) -> Result<Self, TemplateError> {
        let (name, extension) = folder::name_and_extension(file_name)?;
        let sidecar_file = format!("{name}.toml");
        let sidecar = Sidecar::read(&sidecar_file, sidecar.unwrap_or_default())?;
        let files = Files::of(folder::taking_part(Source { file_name, text: source }, siblings)?);

        let mut tera = Tera::new();
        tera.autoescape_on([".html.tera", ".htm.tera", ".xhtml.tera", ".xml.tera", ".svg.tera"]);
        tera.set_escape_fn(filters::escape_xml);
        filters::register(&mut tera);
        nesting::register(&mut tera);
        let texts = files.0.iter().map(|(name, (_, counted))| (name, &counted.text));
        tera.add_raw_templates(texts).map_err(|error| files.error(&error, file_name))?;

        let media_type = sidecar.media_type.unwrap_or_else(|| media_type(extension).to_owned());
        let description = Description {
            name: name.to_owned(),
            kind: PluginKind::Template,
            version: sidecar.version,
            summary: sidecar.summary.unwrap_or_else(|| format!("The template {file_name}")),
            media_types: vec![media_type],
            file_extension: extension.to_owned(),
            options: sidecar.options,
            embeds: sidecar.embed,
        };
        Ok(Self {
            artifact: format!("{name}.{extension}"),
            description,
            file: file_name.to_owned(),
            files,
            tera: Arc::new(tera),
            limits: TemplateLimits::default(),
        })
    }

    /// Changes how much the template may use.
    #[must_use]
    pub fn with_limits(mut self, limits: TemplateLimits) -> Self {
        self.limits = limits;
        self
    }

    fn context(&self, given: &RenderContext<'_>) -> tera::TeraResult<Context> {
        let RenderContext { graph, options, embeds } = *given;
        let engine = serde_json::json!({ "version": env!("CARGO_PKG_VERSION") });
        let mut context = Context::new();
        context.insert_value("system", tera::Value::try_from_serializable(graph.system)?);
        context.insert_value("graph", tera::Value::try_from_serializable(graph)?);
        context.insert_value("options", tera::Value::try_from_serializable(options)?);
        context.insert_value("embed", tera::Value::try_from_serializable(embeds)?);
        context.insert_value("engine", tera::Value::try_from_serializable(&engine)?);
        Ok(context)
    }

    /// Renders on a thread of its own: its stack is large, and where the template does not come to an end it is left
    /// behind.
    ///
    /// Returns the text, and how many characters its filters left out.
    fn run(&self, context: Context) -> Result<(Vec<u8>, usize), TemplateError> {
        let (tera, file, limits) = (Arc::clone(&self.tera), self.file.clone(), self.limits.clone());
        let output_bytes = usize::try_from(limits.output_bytes).unwrap_or(usize::MAX);
        let (sender, receiver) = mpsc::sync_channel(1);
        let work = move || {
            let rendered = std::panic::catch_unwind(AssertUnwindSafe(|| {
                let mut writer = BoundedWriter::new(output_bytes);
                let result = tera.render_to(&file, &context, &mut writer);
                // Dropped here, on the large stack: a value may be nested deeply.
                drop(context);
                writer.finish().map(|content| result.map(|()| (content, filters::dropped())))
            }));
            // Nobody listens any more where the time is over.
            let _ = sender.send(rendered);
        };
        let thread = std::thread::Builder::new().name(format!("template {}", self.file)).stack_size(STACK);
        thread.spawn(work).map_err(|error| self.failure(TemplateFault::Thread(error.to_string())))?;

        match receiver.recv_timeout(Duration::from_millis(limits.time)) {
            Ok(Ok(Some(Ok(rendered)))) => Ok(rendered),
            Ok(Ok(Some(Err(error)))) => Err(self.files.error(&error, &self.file)),
            Ok(Ok(None)) => Err(self.failure(TemplateFault::Limit(limits.exceeded("output-bytes")))),
            Ok(Err(_)) | Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(self.failure(TemplateFault::Thread("please report it with the template".to_owned())))
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Err(self.failure(TemplateFault::Limit(limits.exceeded("time")))),
        }
    }

    /// Warns of characters that were left out.
    fn lost(&self, dropped: usize) -> Option<Diagnostic> {
        if dropped == 0 {
            return None;
        }
        let (name, extension) = (&self.description.name, &self.description.file_extension);
        let message = format!("{dropped} characters were left out, since .{extension} cannot hold them");
        let rule = RuleId::from(format!("{name}/characters-dropped"));
        let place = Place::Value(Pointer::root());
        let help = "take the control characters out of the names in the document";
        Some(Diagnostic::new(rule, Severity::Warning, place, message).help(help))
    }

    fn failure(&self, fault: TemplateFault) -> TemplateError {
        TemplateError::in_file(&self.file, fault)
    }
}

impl Renderer for Template {
    fn description(&self) -> &Description {
        &self.description
    }

    fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError> {
        let missing = self.description.embeds.iter().find(|name| !context.embeds.contains_key(*name));
        if let Some(missing) = missing {
            return Err(self.failure(TemplateFault::MissingEmbed(missing.clone())).into());
        }
        let values = self.context(context).map_err(|error| self.files.error(&error, &self.file))?;
        let (content, dropped) = self.run(values)?;
        let artifact =
            Artifact { path: self.artifact.clone(), media_type: self.description.media_types[0].clone(), content };
        Ok(Output { artifacts: vec![artifact], diagnostics: self.lost(dropped).into_iter().collect() })
    }
}

/// Guesses a media type from the ending of a file.
fn media_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css",
        "csv" => "text/csv",
        "dot" | "gv" => "text/vnd.graphviz",
        "graphml" | "xml" | "drawio" => "application/xml",
        "html" | "htm" => "text/html",
        "json" => "application/json",
        "md" => "text/markdown",
        "svg" => "image/svg+xml",
        "tsv" => "text/tab-separated-values",
        "yaml" | "yml" => "application/yaml",
        _ => "text/plain",
    }
}
