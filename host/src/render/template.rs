//! Template renderers: a file `NAME.EXT.tera` is a renderer `NAME` that writes `.EXT`.
//!
//! A template sees values and text, and nothing else: no file, no network, no environment, no clock, no chance. What
//! it may include is handed in with it. It is read and run on a thread of its own, with a stack that its nesting cannot
//! exhaust, and is left behind where it takes too much memory or time: Tera can be told to stop by nobody.

mod bounded;
mod budget;
mod context;
mod fault;
mod filters;
mod folder;
mod hint;
mod needs;
mod nesting;
mod questions;
mod shipped;
mod sidecar;

use std::sync::Arc;

use indexmap::IndexMap;
use tera::{Context, Tera};

use self::bounded::BoundedWriter;
use self::budget::{NotRead, bounds};
use self::fault::TeraFault;
use self::needs::Needs;
use self::nesting::CountingTemplate;
use self::questions::AskedGraph;
use self::sidecar::Sidecar;
use super::{Artifact, Output, RenderContext, Renderer};
use crate::confined::{self, StopReason};
use crate::diagnostic::{Diagnostic, Place, Pointer, RuleId, Severity};
use crate::limits::TemplateLimits;
use crate::plugin::{Description, PluginError, PluginKind, TemplateError, TemplateFault};

pub use budget::TemplateBudget;
pub(crate) use folder::named_in;
pub use folder::{MOST_FILES, Source, is_renderer, parts};
pub use shipped::SHIPPED;
pub use sidecar::schema as sidecar_schema;

/// A Tera template as a renderer.
#[derive(Clone)]
pub struct Template {
    description: Description,
    /// The name of the template's own file.
    file: String,
    /// The path of what it writes.
    artifact: String,
    /// The renderer of which it wants further layouts.
    layouts: Option<String>,
    files: Files,
    tera: Arc<Tera>,
    /// What it reads of the document; `None` where that cannot be told.
    needs: Option<Needs>,
    limits: TemplateLimits,
}

/// The text of each file that takes part, by name: as it was written, and as Tera gets it.
#[derive(Clone)]
struct Files(IndexMap<String, (String, Arc<CountingTemplate>)>);

impl Files {
    fn of(sources: IndexMap<String, String>) -> Self {
        let counted = |source: String| {
            let counted = Arc::new(CountingTemplate::of(&source));
            (source, counted)
        };
        Self(sources.into_iter().map(|(name, source)| (name, counted(source))).collect())
    }

    /// Tera's error, in terms of what was written.
    fn error(&self, error: &tera::Error, main: &str) -> TemplateError {
        let sources = self.0.iter().map(|(name, (source, _))| (name.clone(), source.clone())).collect();
        let TeraFault { mut error, length } = fault::of_tera(error, main, &sources);
        let Some((source, counted)) = self.0.get(&error.place.file) else { return error };
        if let Some(length) = length {
            if let Some((line, column)) = &mut error.place.line_column {
                *column = counted.column(*line, *column);
            }
            error = error.with_excerpt(source, length);
        }
        error.hint = hint::of(&error);
        error
    }
}

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
        Self::within(TemplateLimits::default(), file_name, source, sidecar, siblings)
    }

    /// Makes a renderer as [`Self::from_source`] does, that may use so much, to be read as well as to be run. Templates that
    /// are read with the same budget share it.
    ///
    /// # Errors
    /// As there, and where reading exceeds a limit.
    pub fn within(
        budget: impl Into<TemplateBudget>,
        file_name: &str,
        source: &str,
        sidecar: Option<&str>,
        siblings: &[Source<'_>],
    ) -> Result<Self, TemplateError> {
        let budget = budget.into();
        let limits = budget.limits().clone();
        let sidecar = sidecar.unwrap_or_default();
        let exceeded = |key| TemplateError::in_file(file_name, TemplateFault::Limit(limits.exceeded(key)));
        if (source.len() + sidecar.len()) as u64 > limits.template_size {
            return Err(exceeded("template-size"));
        }
        let size = sidecar.len() as u64;
        let sidecar = Sidecar::of(file_name, sidecar)?;
        let sources = folder::taking_part(Source { file_name, text: source }, siblings)?;
        let size = size + sources.values().map(|text| text.len() as u64).sum::<u64>();
        if size > limits.template_size {
            return Err(exceeded("template-size"));
        }
        let file = file_name.to_owned();
        let read = budget.read(file_name, size, move || read(sources, &file));
        let read = read.unwrap_or_else(|why| match why {
            NotRead::Stopped(stopped) => Err(failure(file_name, &stopped, &limits)),
            NotRead::Limit(exceeded) => Err(TemplateError::in_file(file_name, TemplateFault::Limit(exceeded))),
        })?;
        Self::of(limits, file_name, sidecar, read)
    }

    /// Makes a renderer of files that ship with the engine, on this thread.
    fn shipped(file_name: &str, source: &str, sidecar: &str, parts: &[Source<'_>]) -> Result<Self, TemplateError> {
        let sidecar = Sidecar::of(file_name, sidecar)?;
        let sources = folder::taking_part(Source { file_name, text: source }, parts)?;
        Self::of(TemplateLimits::default(), file_name, sidecar, read(sources, file_name)?)
    }

    fn of(
        limits: TemplateLimits,
        file_name: &str,
        mut sidecar: Sidecar,
        read: ReadTemplate,
    ) -> Result<Self, TemplateError> {
        let layouts = std::mem::take(&mut sidecar.layouts);
        let description = description(file_name, sidecar)?;
        Ok(Self {
            artifact: format!("{}.{}", description.name, description.file_extension),
            layouts,
            description,
            file: file_name.to_owned(),
            needs: read.needs,
            files: read.files,
            tera: Arc::new(read.tera),
            limits,
        })
    }

    /// Changes how much the template may use.
    #[must_use]
    pub fn with_limits(mut self, limits: TemplateLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether a word is in the text of the template, or in a file that takes part.
    fn has_word(&self, word: &str) -> bool {
        self.files.0.values().any(|(source, _)| source.contains(word))
    }

    /// Renders with the values that it reads. Where that fails, it is rendered with all of them, so that the error names what
    /// there is.
    fn rendered(&self, given: &RenderContext<'_>) -> Result<(Vec<u8>, usize), TemplateError> {
        let needs = self.needs.as_ref();
        match (self.rendered_with(given, needs), needs) {
            (Err(error), Some(_)) if !matches!(error.fault, TemplateFault::Limit(_) | TemplateFault::Thread(_)) => {
                self.rendered_with(given, None)
            }
            (rendered, _) => rendered,
        }
    }

    fn rendered_with(
        &self,
        given: &RenderContext<'_>,
        needs: Option<&Needs>,
    ) -> Result<(Vec<u8>, usize), TemplateError> {
        let context = context::of(given, needs).map_err(|error| self.files.error(&error, &self.file))?;
        let asks = |word: &str| self.has_word(word);
        let asked = questions::are_asked(asks).then(|| {
            let findings = questions::Findings::of(given.graph, given.findings);
            AskedGraph::of(given.graph, &context, findings, asks)
        });
        self.run(context, asked)
    }

    /// Renders on a thread of its own. Returns the text, and how many characters its filters left out.
    fn run(&self, context: Context, asked: Option<AskedGraph>) -> Result<(Vec<u8>, usize), TemplateError> {
        let (tera, file) = (Arc::clone(&self.tera), self.file.clone());
        let output_bytes = usize::try_from(self.limits.output_bytes).unwrap_or(usize::MAX);
        let work = move || {
            let mut writer = BoundedWriter::new(output_bytes);
            AskedGraph::install(asked);
            let result = tera.render_to(&file, &context, &mut writer);
            let rendered = writer.finish().map(|content| result.map(|()| (content, filters::dropped())));
            // Dropped there, on the large stack: a value may be nested deeply.
            (rendered, context)
        };
        match confined::run_and_drop(&format!("template {}", self.file), bounds(&self.limits), work) {
            Ok(Some(Ok(rendered))) => Ok(rendered),
            Ok(Some(Err(error))) => Err(self.files.error(&error, &self.file)),
            Ok(None) => Err(self.failure(TemplateFault::Limit(self.limits.exceeded("output-bytes")))),
            Err(stopped) => Err(failure(&self.file, &stopped, &self.limits)),
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

    fn layouts(&self) -> Option<&str> {
        self.layouts.as_deref()
    }

    fn asks_findings(&self) -> bool {
        self.has_word("findings")
    }

    fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError> {
        let missing = self.description.embeds.iter().find(|name| !context.embeds.contains_key(*name));
        if let Some(missing) = missing {
            return Err(self.failure(TemplateFault::MissingEmbed(missing.clone())).into());
        }
        let (content, dropped) = self.rendered(context)?;
        let artifact =
            Artifact { path: self.artifact.clone(), media_type: self.description.media_types[0].clone(), content };
        let diagnostics = self.lost(dropped).into_iter().collect();
        Ok(Output { artifacts: vec![artifact], diagnostics, places: Vec::new() })
    }
}

/// What is made of the files of a template.
struct ReadTemplate {
    files: Files,
    tera: Tera,
    needs: Option<Needs>,
}

/// What a template is, by the name of its file and its sidecar.
fn description(file_name: &str, sidecar: Sidecar) -> Result<Description, TemplateError> {
    let (name, extension) = folder::name_and_extension(file_name)?;
    let media_type = sidecar.media_type.unwrap_or_else(|| media_type(extension).to_owned());
    Ok(Description {
        name: name.to_owned(),
        kind: PluginKind::Template,
        version: sidecar.version,
        summary: sidecar.summary.unwrap_or_else(|| format!("The template {file_name}")),
        media_types: vec![media_type],
        file_extension: extension.to_owned(),
        options: sidecar.options,
        embeds: sidecar.embed,
    })
}

/// Reads the files of a template.
fn read(sources: IndexMap<String, String>, file_name: &str) -> Result<ReadTemplate, TemplateError> {
    let files = Files::of(sources);
    let mut tera = Tera::new();
    tera.autoescape_on([".html.tera", ".htm.tera", ".xhtml.tera", ".xml.tera", ".svg.tera"]);
    tera.set_escape_fn(filters::escape_xml);
    filters::register(&mut tera);
    questions::register(&mut tera);
    nesting::register(&mut tera);
    let texts = files.0.iter().map(|(name, (_, counted))| (name, &counted.text));
    tera.add_raw_templates(texts).map_err(|error| files.error(&error, file_name))?;
    let needs = Needs::of(files.0.values().map(|(source, _)| source.as_str()));
    Ok(ReadTemplate { files, tera, needs })
}

/// Why a template was not read or run to its end.
fn failure(file: &str, stopped: &StopReason, limits: &TemplateLimits) -> TemplateError {
    let fault = match stopped {
        StopReason::Memory => TemplateFault::Limit(limits.exceeded("memory")),
        StopReason::Time => TemplateFault::Limit(limits.exceeded("time")),
        StopReason::Panic => TemplateFault::Thread("please report it with the template".to_owned()),
        StopReason::NoThread(error) => TemplateFault::Thread(error.to_string()),
        StopReason::NoRoom => TemplateFault::TooManyStopped,
    };
    TemplateError::in_file(file, fault)
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
