//! A folder of the user's icons: `aws.rds.svg`, `rds.png`, `database.svg`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};

use crate::file;
use crate::plugin::PictureFault;

/// The most bytes that the file of an icon has.
const MAX_ICON_BYTES: u64 = 128 * 1024;
/// The most elements that an icon has.
const MAX_ELEMENTS: u32 = 5_000;
/// The most pixels of a side of an icon.
const MAX_SIDE: u32 = 1_024;

/// The icons of a folder. Each is read when it is first asked for. A link leads to no file outside of the folder.
pub(crate) struct Folder {
    path: PathBuf,
    /// The same, with no link in it.
    real: PathBuf,
    /// The positions of the images, by what was asked for.
    found: BTreeMap<String, Option<usize>>,
    images: Vec<String>,
}

impl Folder {
    /// Opens a folder.
    ///
    /// # Errors
    /// There is no such folder.
    pub(super) fn open(path: &str) -> Result<Self, PictureFault> {
        let wrong = |reason: String| PictureFault::Icon { file: path.to_owned(), reason };
        let real = Path::new(path).canonicalize().map_err(|error| wrong(error.to_string()))?;
        if !real.is_dir() {
            return Err(wrong("it is no folder".to_owned()));
        }
        Ok(Self { path: PathBuf::from(path), real, found: BTreeMap::new(), images: Vec::new() })
    }

    /// The position of the image for a resource, such as `aws.rds`, or else for a kind, such as `database`.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 128 KiB, is no SVG and no PNG, has scripts or leads outside itself.
    pub(super) fn find(&mut self, resource: Option<&str>, kind: &str) -> Result<Option<usize>, PictureFault> {
        let short = resource.and_then(|resource| resource.split_once('.')).map(|(_, key)| key);
        for name in [resource, short, Some(kind)].into_iter().flatten() {
            if let Some(found) = self.named(name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn named(&mut self, name: &str) -> Result<Option<usize>, PictureFault> {
        if let Some(found) = self.found.get(name) {
            return Ok(*found);
        }
        let mut position = None;
        for (extension, media_type, check) in
            [("svg", "image/svg+xml", check_svg as Check), ("png", "image/png", check_png)]
        {
            let path = self.path.join(format!("{name}.{extension}"));
            if position.is_none() && path.exists() {
                let wrong = |reason| PictureFault::Icon { file: path.display().to_string(), reason };
                let data = self.read(&path).and_then(|data| check(&data).map(|()| data)).map_err(wrong)?;
                self.images.push(format!("data:{media_type};base64,{}", STANDARD.encode(data)));
                position = Some(self.images.len() - 1);
            }
        }
        self.found.insert(name.to_owned(), position);
        Ok(position)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let real = path.canonicalize().map_err(|error| error.to_string())?;
        if !real.starts_with(&self.real) {
            return Err("it is a link that leads out of the folder".to_owned());
        }
        file::read(&real, MAX_ICON_BYTES).map_err(|error| match error.kind() {
            ErrorKind::InvalidData => format!("it is larger than {} KiB", MAX_ICON_BYTES / 1024),
            _ => error.to_string(),
        })
    }

    /// The images that were found, each as the address of its data.
    pub(super) fn images(&self) -> &[String] {
        &self.images
    }
}

/// Says what is wrong with the content of a file.
type Check = fn(&[u8]) -> Result<(), String>;

/// An icon draws, and does nothing else: it runs nothing, and asks for nothing.
fn check_svg(data: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(data).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_ELEMENTS, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| format!("it is no SVG: {error}"))?;
    if document.root_element().tag_name().name() != "svg" {
        return Err("it is no SVG: its first element is not `svg`".to_owned());
    }
    document.descendants().filter(Node::is_element).try_for_each(check_element)
}

fn check_element(node: Node<'_, '_>) -> Result<(), String> {
    let name = node.tag_name().name();
    if ["script", "foreignObject", "iframe", "animate", "set", "handler", "listener"].contains(&name) {
        return Err(format!("it has the element `{name}`, which an icon must not have"));
    }
    for attribute in node.attributes() {
        let (key, value) = (attribute.name(), attribute.value().trim());
        if key.starts_with("on") {
            return Err(format!("it has the attribute `{key}`, which runs a script"));
        }
        if key == "href" && !value.starts_with('#') {
            return Err("it leads outside itself, by `href`".to_owned());
        }
    }
    let texts = node.attributes().map(|attribute| attribute.value()).chain(node.text());
    let outside = |text: &str| {
        text.contains("@import")
            || text.replace(['\'', '"', ' '], "").split("url(").skip(1).any(|at| !at.starts_with('#'))
    };
    if texts.into_iter().any(outside) {
        return Err("it leads outside itself, by `url()` or `@import`".to_owned());
    }
    Ok(())
}

/// A PNG starts with its signature, then its header with its size.
fn check_png(data: &[u8]) -> Result<(), String> {
    let is_png = data.starts_with(b"\x89PNG\r\n\x1a\n") && data.get(12..16) == Some(b"IHDR");
    let side = |at: usize| data.get(at..at + 4).and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?)));
    match (is_png, side(16), side(20)) {
        (true, Some(width), Some(height)) if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) => {
            Ok(())
        }
        (true, Some(width), Some(height)) => {
            Err(format!("it has {width} by {height} pixels; at most {MAX_SIDE} by {MAX_SIDE} are allowed"))
        }
        _ => Err("it is no PNG".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_that_does_more_than_draw_is_refused() {
        let svg =
            |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">{inside}</svg>");
        for (inside, reason) in [
            ("<script>x</script>", "`script`"),
            ("<foreignObject/>", "`foreignObject`"),
            ("<path onload=\"x\"/>", "`onload`"),
            ("<image href=\"https://example.com/a.png\"/>", "`href`"),
            ("<path fill=\"url( 'https://example.com')\"/>", "`url()`"),
            ("<style>@import 'a'</style>", "`@import`"),
        ] {
            let fault = check_svg(svg(inside).as_bytes()).unwrap_err();
            assert!(fault.contains(reason), "{inside}: {fault}");
        }
        assert_eq!(check_svg(svg("<path d=\"M0 0\" fill=\"url(#a)\"/>").as_bytes()), Ok(()));
        assert!(check_svg(b"<html/>").is_err() && check_svg(b"<svg").is_err());
        assert!(check_svg(b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>").is_err());
    }

    #[test]
    fn a_png_has_a_size() {
        let png = |side: u32| {
            [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &side.to_be_bytes(), &side.to_be_bytes()].concat()
        };
        assert_eq!(check_png(&png(64)), Ok(()));
        assert!(check_png(&png(4_000)).unwrap_err().contains("4000 by 4000"));
        assert!(check_png(b"GIF89a").is_err());
    }
}
