//! Draws what an SVG says on a page: paths as paths, text as text, images as images.

use std::collections::HashMap;
use std::sync::Arc;

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Paint, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use resvg::tiny_skia::{PathSegment, Pixmap};
use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{self, Group, ImageKind, Node};

/// How many pixels a unit of an icon has that is drawn in pixels.
const ICON_SCALE: f32 = 8.0;

/// Draws on pages with fonts that are in the document once.
pub(super) struct Painter {
    fonts: Arc<Database>,
    known: HashMap<ID, Option<Font>>,
}

impl Painter {
    pub(super) fn new(fonts: Arc<Database>) -> Self {
        Self { fonts, known: HashMap::new() }
    }

    /// Draws a group of a drawing. Our drawings have plain colours and no masks, clips or filters; icons of users may
    /// have, and are drawn in pixels.
    pub(super) fn group(&mut self, group: &Group, surface: &mut Surface<'_>) {
        surface.push_transform(&transform(group.transform()));
        surface.push_opacity(share(group.opacity()));
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group, surface),
                Node::Path(path) => draw_path(path, surface),
                Node::Text(text) => self.text(text, surface),
                Node::Image(image) => draw_image(image, surface),
            }
        }
        surface.pop();
        surface.pop();
    }

    /// Draws each glyph where the layout of the text has it, with the characters that it stands for.
    fn text(&mut self, text: &usvg::Text, surface: &mut Surface<'_>) {
        for span in text.layouted() {
            let size = span.font_size.get();
            surface.set_fill(span.fill.as_ref().map(fill));
            surface.set_stroke(None);
            for glyph in &span.positioned_glyphs {
                let Some(font) = self.font(glyph.font) else { continue };
                // It scales from the units of the font; the size does so here.
                let scale = font.units_per_em() / size;
                let place = glyph.transform().pre_concat(usvg::Transform::from_scale(scale, scale));
                let id = GlyphId::new(glyph.id.0);
                let drawn = KrillaGlyph::new(id, 0.0, 0.0, 0.0, 0.0, 0..glyph.text.len(), None);
                surface.push_transform(&transform(place));
                surface.draw_glyphs(Point::from_xy(0.0, 0.0), &[drawn], font, &glyph.text, size, false);
                surface.pop();
            }
        }
    }

    fn font(&mut self, id: ID) -> Option<Font> {
        let fonts = &self.fonts;
        let read = || fonts.with_face_data(id, |data, index| Font::new(data.to_vec().into(), index)).flatten();
        self.known.entry(id).or_insert_with(read).clone()
    }
}

fn draw_path(path: &usvg::Path, surface: &mut Surface<'_>) {
    if !path.is_visible() || (path.fill().is_none() && path.stroke().is_none()) {
        return;
    }
    let Some(outline) = outline(path) else { return };
    surface.set_fill(path.fill().map(fill));
    surface.set_stroke(path.stroke().map(stroke));
    surface.draw_path(&outline);
}

fn outline(path: &usvg::Path) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in path.data().segments() {
        match segment {
            PathSegment::MoveTo(to) => builder.move_to(to.x, to.y),
            PathSegment::LineTo(to) => builder.line_to(to.x, to.y),
            PathSegment::QuadTo(by, to) => builder.quad_to(by.x, by.y, to.x, to.y),
            PathSegment::CubicTo(by, and, to) => builder.cubic_to(by.x, by.y, and.x, and.y, to.x, to.y),
            PathSegment::Close => builder.close(),
        }
    }
    builder.finish()
}

/// Draws an image of the user: pixels as they are, SVG in pixels.
fn draw_image(image: &usvg::Image, surface: &mut Surface<'_>) {
    let (width, height) = (image.size().width(), image.size().height());
    let pixels = match image.kind() {
        ImageKind::PNG(data) => Some(data.to_vec()),
        ImageKind::SVG(tree) => pixels(tree),
        _ => None,
    };
    let drawn = pixels.and_then(|data| Image::from_png(data.into(), true).ok());
    if let Some((drawn, size)) = drawn.zip(Size::from_wh(width, height)) {
        surface.draw_image(drawn, size);
    }
}

fn pixels(tree: &usvg::Tree) -> Option<Vec<u8>> {
    let size = tree.size().to_int_size().scale_by(ICON_SCALE)?;
    let mut pixels = Pixmap::new(size.width(), size.height())?;
    let scale = usvg::Transform::from_scale(ICON_SCALE, ICON_SCALE);
    resvg::render(tree, scale, &mut pixels.as_mut());
    pixels.encode_png().ok()
}

fn transform(of: usvg::Transform) -> Transform {
    Transform::from_row(of.sx, of.ky, of.kx, of.sy, of.tx, of.ty)
}

fn share(opacity: usvg::Opacity) -> NormalizedF32 {
    NormalizedF32::new(opacity.get()).unwrap_or(NormalizedF32::ONE)
}

/// A plain colour; our drawings have no other paint.
fn paint(of: &usvg::Paint) -> Paint {
    let usvg::Paint::Color(color) = of else { return rgb::Color::new(0, 0, 0).into() };
    rgb::Color::new(color.red, color.green, color.blue).into()
}

fn fill(of: &usvg::Fill) -> Fill {
    let rule = match of.rule() {
        usvg::FillRule::NonZero => FillRule::NonZero,
        usvg::FillRule::EvenOdd => FillRule::EvenOdd,
    };
    Fill { paint: paint(of.paint()), opacity: share(of.opacity()), rule }
}

fn stroke(of: &usvg::Stroke) -> Stroke {
    Stroke {
        paint: paint(of.paint()),
        width: of.width().get(),
        miter_limit: of.miterlimit().get(),
        line_cap: match of.linecap() {
            usvg::LineCap::Butt => LineCap::Butt,
            usvg::LineCap::Round => LineCap::Round,
            usvg::LineCap::Square => LineCap::Square,
        },
        line_join: match of.linejoin() {
            usvg::LineJoin::Round => LineJoin::Round,
            usvg::LineJoin::Bevel => LineJoin::Bevel,
            usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
        },
        opacity: share(of.opacity()),
        dash: of.dasharray().map(|array| StrokeDash { array: array.to_vec(), offset: of.dashoffset() }),
    }
}
