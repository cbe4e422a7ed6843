//! Puts drawings on the pages of a PDF document: text stays text, links lead to addresses and to other pages.

mod painter;

use krilla::Document;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Rect, Size, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use resvg::usvg;

use self::painter::Painter;
use super::draw::{Drawing, Link};
use super::font::Fonts;
use crate::graph::PartOf;
use crate::plugin::PictureFault;

/// Points for each unit of a drawing, which is a pixel of CSS.
const POINTS: f32 = 0.75;
/// The most points that a side of a page has: readers take no more. A larger drawing is scaled down.
const MAX_SIDE: f32 = 14_400.0;

/// Writes a document of drawings, a page each, and the part that each of them is.
///
/// # Errors
/// A drawing cannot be put on a page.
pub(super) fn pdf(pages: &[(Option<&PartOf>, Drawing)], fonts: &Fonts) -> Result<Vec<u8>, PictureFault> {
    let mut document = Document::new();
    let mut outline = Outline::new();
    let reading = fonts.reading();
    let mut painter = Painter::new(reading.fontdb.clone());
    for (index, (part, drawing)) in pages.iter().enumerate() {
        let failed = |reason: String| PictureFault::Page { number: index + 1, reason };
        let tree = usvg::Tree::from_str(&drawing.svg, &reading).map_err(|error| failed(error.to_string()))?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let scale = POINTS.min(MAX_SIDE / width.max(height));
        let empty = || failed("it is empty".to_owned());
        let size = Size::from_wh(width * scale, height * scale).ok_or_else(empty)?;
        let mut page = document.start_page_with(PageSettings::new(size));
        let mut surface = page.surface();
        surface.push_transform(&Transform::from_scale(scale, scale));
        painter.group(tree.root(), &mut surface);
        surface.pop();
        surface.finish();
        for link in &drawing.links {
            if let Some((area, (target, words))) = area(link, scale).zip(target(&link.target, pages)) {
                page.add_annotation(Annotation::new_link(LinkAnnotation::new(area, target), Some(words)));
            }
        }
        page.finish();
        if let Some(part) = part {
            let top = XyzDestination::new(index, Point::from_xy(0.0, 0.0));
            outline.push_child(OutlineNode::new(part.label.clone(), top));
        }
    }
    document.set_outline(outline);
    document.set_metadata(metadata(pages));
    document.finish().map_err(|error| PictureFault::Page { number: pages.len(), reason: error.to_string() })
}

/// What the document says of itself. It names no date, so that the same drawing is the same file.
fn metadata(pages: &[(Option<&PartOf>, Drawing)]) -> Metadata {
    let title = pages.first().map(|(_, drawing)| drawing.title.clone()).unwrap_or_default();
    let producer = format!("spec-engine {}", env!("CARGO_PKG_VERSION"));
    Metadata::new().title(title).creator("spec-engine".to_owned()).producer(producer)
}

/// Where a link leads, and that in words: to the page of a part, `#NAME`, where there is one; else to an address.
fn target(address: &str, pages: &[(Option<&PartOf>, Drawing)]) -> Option<(Target, String)> {
    let Some(name) = address.strip_prefix('#') else {
        return Some((Target::Action(LinkAction::new(address.to_owned()).into()), address.to_owned()));
    };
    let parts = pages.iter().map(|(part, _)| part.filter(|part| part.name == name));
    let (page, part) = parts.enumerate().find_map(|(page, part)| Some((page, part?)))?;
    let top = XyzDestination::new(page, Point::from_xy(0.0, 0.0));
    Some((Target::Destination(top.into()), part.label.clone()))
}

/// The part of a page that a link covers.
fn area(link: &Link, scale: f32) -> Option<Rect> {
    #[expect(clippy::cast_possible_truncation, reason = "a place on a page needs no more than an f32 has")]
    let [x, y, width, height] =
        [link.rect.x, link.rect.y, link.rect.width, link.rect.height].map(|length| length as f32 * scale);
    Rect::from_xywh(x, y, width, height)
}
