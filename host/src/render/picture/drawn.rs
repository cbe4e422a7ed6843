//! The renderer of every format.

use std::borrow::Cow;

use serde::Deserialize as _;
use serde_json::Value;

use super::draw::{Drawing, Tools};
use super::font::Fonts;
use super::format::Format;
use super::hubs::LARGE_DRAWING;
use super::icons::Icons;
use super::options::{Options, Overview, Stacks, schema};
use super::palette::Palette;
use super::plan::Plan;
use super::style::COMMON_NAMES;
use super::{draw, layout, pages, pixels};
use crate::diagnostic::{Diagnostic, Help, Place, Severity};
use crate::graph::{Graph, GroupKind, OmittedEdges, READABLE_NODES};
use crate::places::DrawingId;
use crate::plugin::{Description, PictureFault, PluginError, PluginKind};
use crate::render::{Artifact, Output, Paged, RenderContext, Renderer};
use crate::text::number;

/// An overview shows so many edges a node, the heaviest: more cannot be followed.
const EDGES_A_NODE: usize = 2;
/// An overview shows at least so many edges, where it has them.
const READABLE_EDGES: usize = 40;
/// The most characters that a remark on missing ones names.
const MOST_NAMED: usize = 12;

/// Draws a graph as a picture.
pub struct Picture {
    format: Format,
    description: Description,
}

/// What every drawing of a run needs.
struct Setup {
    options: Options,
    fonts: Fonts,
    icons: Icons,
    palette: Palette,
}

impl Setup {
    fn new(options: Options, format: Format) -> Result<Self, PictureFault> {
        let fonts = Fonts::new(&options.font, format)?;
        let icons = Icons::new(&options.icons)?;
        let palette = Palette::read(&options.colors, &COMMON_NAMES)?;
        Ok(Self { options, fonts, icons, palette })
    }
}

/// Why an overview is drawn.
enum Reason<'f> {
    /// The graph cannot be drawn whole.
    Fault(&'f PictureFault),
    /// It has too many nodes to be read.
    Size(usize),
    /// The user asks for one.
    Asked,
}

impl Picture {
    /// Makes the renderer of a format.
    pub fn new(format: Format) -> Self {
        let (summary, media_type) = match format {
            Format::Svg => ("A picture, laid out, in SVG: light and dark, sharp at every size", "image/svg+xml"),
            Format::Png => ("A picture, laid out, in pixels", "image/png"),
            Format::Pdf => {
                ("A picture, laid out, in PDF: text that can be searched, a page for each part", "application/pdf")
            }
        };
        let description = Description {
            name: format.as_str().to_owned(),
            kind: PluginKind::BuiltIn,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            summary: summary.to_owned(),
            media_types: vec![media_type.to_owned()],
            file_extension: format.as_str().to_owned(),
            options: schema(format),
            embeds: Vec::new(),
        };
        Self { format, description }
    }

    /// Draws a graph, with a note below it; `whole` is the one that it is a part or an overview of.
    fn draw(
        &self,
        [graph, whole]: [&Graph<'_>; 2],
        setup: &mut Setup,
        note: Option<&str>,
    ) -> Result<Drawing, PictureFault> {
        let Setup { options, fonts, icons, palette } = setup;
        let plan = Plan::of(graph, options, fonts, icons, note)?;
        let id = drawing_id([graph, whole], options);
        let known = whole.places.as_ref().and_then(|known| known.places.drawings.get(&id));
        let layout = layout::lay_out(graph, &plan, options, known)?;
        let mut drawing =
            draw::draw(graph, &plan, &layout, &Tools { options, format: self.format, fonts, icons, palette });
        let places = whole.places.is_some().then(|| layout.places(graph));
        let moved = known.zip(places.as_ref()).map_or(0, |(before, now)| now.moved(before));
        if moved > 0 {
            let rule = format!("{}/layout", self.format.as_str());
            let message = format!("{moved} of {} nodes moved to make room", graph.nodes.len());
            drawing.diagnostics.push(Diagnostic::new(rule, Severity::Info, Place::File, message));
        }
        drawing.places = places.map(|places| (id, places));
        Ok(drawing)
    }

    /// Draws the whole of a graph; nodes that are alike as one, where the drawing is large.
    fn whole(&self, graph: &Graph<'_>, setup: &mut Setup) -> Result<Drawing, PictureFault> {
        let stacks = match setup.options.stacks {
            Stacks::Always => true,
            Stacks::Auto => graph.edges.len() > LARGE_DRAWING,
            Stacks::Never => false,
        };
        let stacked = if stacks { Cow::Owned(graph.stacked()) } else { Cow::Borrowed(graph) };
        match layout::too_large(&stacked, &setup.options) {
            Some(fault) => Err(fault),
            None => self.draw([&stacked, graph], setup, None),
        }
    }

    /// Draws what can be read of a large graph: each group as one node, with the heaviest edges. Returns it with a
    /// remark on what is not shown.
    ///
    /// # Errors
    /// Not even nodes without edges can be laid out.
    fn overview(
        &self,
        graph: &Graph<'_>,
        setup: &mut Setup,
        reason: &Reason<'_>,
    ) -> Result<(Drawing, Option<Diagnostic>), PictureFault> {
        let overview = graph.overview();
        let most = setup.options.max_edges;
        let readable = (EDGES_A_NODE * overview.nodes.len()).max(READABLE_EDGES).min(most);
        let mut fault = None;
        for most_edges in [readable, readable / 4, 0] {
            let (part, omitted) = overview.clone().heaviest(setup.options.max_nodes, most_edges);
            let note = omitted_note(omitted);
            match self.draw([&part, graph], setup, note.as_deref()) {
                Ok(drawing) => return Ok((drawing, self.remark(graph, reason, note))),
                Err(of_options) if of_options.is_of_options() => return Err(of_options),
                Err(last) => fault = Some(last),
            }
        }
        Err(fault.unwrap_or_else(|| PictureFault::Pixels("there is nothing to draw".to_owned())))
    }

    /// Says why an overview was drawn, and what it leaves out.
    fn remark(&self, graph: &Graph<'_>, reason: &Reason<'_>, note: Option<String>) -> Option<Diagnostic> {
        let shows = match (graph.groups.is_empty(), note) {
            (true, note) => note.unwrap_or_default(),
            (false, None) => "it shows each group as one node".to_owned(),
            (false, Some(note)) => format!("it shows each group as one node; {note}"),
        };
        let (severity, why, help) = match reason {
            Reason::Asked => return None,
            Reason::Fault(fault) => (Severity::Warning, fault.to_string(), fault.help()),
            Reason::Size(nodes) => {
                let why = format!("{} nodes cannot be read in one picture", number(*nodes));
                let help = Help::NarrowView { option: "overview", value: "never".to_owned() };
                (Severity::Info, why, Some(help))
            }
        };
        let rule = format!("{}/overview", self.format.as_str());
        let remark = Diagnostic::new(rule, severity, Place::File, format!("{why}: {shows}"));
        Some(remark.help_if(help))
    }

    /// Draws a graph as the options ask: whole, or as an overview where it would be too large to be read.
    fn any(&self, graph: &Graph<'_>, setup: &mut Setup) -> Result<(Drawing, Option<Diagnostic>), PictureFault> {
        match setup.options.overview {
            Overview::Always => return self.overview(graph, setup, &Reason::Asked),
            Overview::Auto if is_too_much(graph) => {
                return self.overview(graph, setup, &Reason::Size(graph.nodes.len()));
            }
            Overview::Auto | Overview::Never => {}
        }
        match self.whole(graph, setup) {
            Ok(drawing) => Ok((drawing, None)),
            Err(fault) if fault.is_of_size() => self.overview(graph, setup, &Reason::Fault(&fault)),
            Err(fault) => Err(fault),
        }
    }

    fn failed(&self, fault: PictureFault) -> PluginError {
        PluginError::Picture { format: self.format.as_str(), fault }
    }

    /// Renders one graph, or several as the pages of a document, which have the same options.
    fn rendered(&self, contexts: &[RenderContext<'_>]) -> Result<Output, PictureFault> {
        let options = contexts.first().map_or(&Value::Null, |context| context.options);
        let options = Options::deserialize(options).map_err(|error| PictureFault::Options(error.to_string()))?;
        let mut setup = Setup::new(options, self.format)?;
        let (mut drawings, mut diagnostics, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for context in contexts {
            let (mut drawing, remark) = self.any(context.graph, &mut setup)?;
            diagnostics.extend(remark.into_iter().chain(drawing.diagnostics.drain(..)));
            places.extend(drawing.places.take());
            drawings.push((context.graph.part.as_ref(), drawing));
        }
        let content = match (self.format, drawings.as_mut_slice()) {
            (Format::Svg, [(_, drawing)]) => std::mem::take(&mut drawing.svg).into_bytes(),
            (Format::Png, [(_, drawing)]) => pixels::png(drawing, setup.options.scale, &setup.fonts)?,
            _ => pages::pdf(&drawings, &setup.fonts)?,
        };
        let missing = if self.format == Format::Svg { None } else { self.missing_characters(&setup.fonts) };
        let path = format!("diagram.{}", self.format.as_str());
        let artifact = Artifact { path, media_type: self.description.media_types[0].clone(), content };
        let diagnostics = missing.into_iter().chain(diagnostics).collect();
        Ok(Output { artifacts: vec![artifact], diagnostics, places })
    }

    /// Warns of characters that no font has.
    fn missing_characters(&self, fonts: &Fonts) -> Option<Diagnostic> {
        let missing = fonts.missing();
        let named: Vec<String> =
            missing.iter().take(MOST_NAMED).map(|&c| format!("{c} (U+{:04X})", u32::from(c))).collect();
        let rest = missing.len().saturating_sub(MOST_NAMED);
        let and_more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let what = if missing.len() == 1 { "1 character".to_owned() } else { format!("{} characters", missing.len()) };
        (!missing.is_empty()).then(|| {
            let rule = format!("{}/characters-missing", self.format.as_str());
            let message = format!("no font has {what}, drawn as boxes: {}{and_more}", named.join(", "));
            Diagnostic::new(rule, Severity::Warning, Place::File, message)
                .help("Install a font that has them, or name one with the option `font`; SVG takes the reader's fonts")
        })
    }
}

/// What tells a drawing from the others of its system: the graph that is drawn, and the one that it is of.
fn drawing_id([graph, whole]: [&Graph<'_>; 2], options: &Options) -> DrawingId {
    let outermost = whole.groups.iter().find(|group| group.parent.is_none());
    DrawingId {
        system: whole.system.name.as_str().to_owned(),
        view: whole.places.as_ref().map(|known| known.view.clone()).unwrap_or_default(),
        part: whole.part.as_ref().map(|part| part.name.clone()).unwrap_or_default(),
        group_by: outermost.map_or("none", |group| group.kind.as_str()).to_owned(),
        direction: options.direction.as_str().to_owned(),
        overview: graph.groups.is_empty() && !whole.groups.is_empty(),
    }
}

/// Whether the whole of a system would be drawn, which has more nodes than can be read, and groups that sum it up.
fn is_too_much(graph: &Graph<'_>) -> bool {
    let sums_up = |kind| matches!(kind, GroupKind::Owner | GroupKind::Network | GroupKind::Deployment);
    graph.nodes.len() > READABLE_NODES
        && graph.groups.iter().filter(|group| sums_up(group.kind)).count() > 1
        && graph.is_of_whole_system()
}

/// What a drawing leaves out, in words.
fn omitted_note(omitted: OmittedEdges) -> Option<String> {
    let parts: Vec<String> = [
        (omitted.nodes, "node with few connections", "nodes with few connections"),
        (omitted.edges, "lighter connection", "lighter connections"),
    ]
    .into_iter()
    .filter(|&(count, ..)| count > 0)
    .map(|(count, one, many)| format!("{} {}", number(count), if count == 1 { one } else { many }))
    .collect();
    (!parts.is_empty()).then(|| format!("not shown: {}", parts.join(", ")))
}

impl Renderer for Picture {
    fn description(&self) -> &Description {
        &self.description
    }

    fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError> {
        self.rendered(&[*context]).map_err(|fault| self.failed(fault))
    }

    fn paged(&self) -> Option<&dyn Paged> {
        (self.format == Format::Pdf).then_some(self)
    }
}

impl Paged for Picture {
    fn render_pages(&self, pages: &[RenderContext<'_>]) -> Result<Output, PluginError> {
        self.rendered(pages).map_err(|fault| self.failed(fault))
    }
}
