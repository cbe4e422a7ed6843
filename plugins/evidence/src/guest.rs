//! What importers share of their border with the host: texts of files, the name of a system, remarks.

use std::borrow::Cow;

use spec_engine_plugin::{Content, File, Position, Remark, Severity};

use crate::encoding::decode;
use crate::notes::{self, Note};

/// The text of a file; UTF-16 with a byte order mark is text, too.
///
/// # Errors
/// The remark that says why it is none. `help` is the next step. `number` is the position of the file.
pub fn text<'f>(file: &'f File, number: u32, help: &str) -> Result<Cow<'f, str>, Remark> {
    match &file.content {
        Content::Text(text) => Ok(Cow::Borrowed(text)),
        Content::Bytes(bytes) => match decode(bytes) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err((why, line)) => {
                let remark = Remark::new(Severity::Error, "not-text", format!("{} {why}", file.name));
                Err(remark.with_help(help).at(Position { file: number, line, column: 1 }))
            }
        },
    }
}

/// The name of a system: the one that is set, else that of the folder of the first file, else `system`.
pub fn system_name(set: &str, files: &[File]) -> String {
    let given = Some(set).filter(|name| !name.is_empty());
    given.or_else(|| of_folder(&files.first()?.name)).unwrap_or("system").to_owned()
}

/// The name of the folder of a file, as far as its path has one.
fn of_folder(path: &str) -> Option<&str> {
    let (folder, _) = path.rsplit_once(['/', '\\'])?;
    let name = folder.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next()?;
    (!matches!(name, "" | "." | "..")).then_some(name)
}

/// The texts between commas.
pub fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The remarks that the host gets of notes.
pub fn remarks(notes: Vec<Note>) -> Vec<Remark> {
    notes.into_iter().map(remark).collect()
}

fn remark(note: Note) -> Remark {
    let severity = match note.severity {
        notes::Severity::Error => Severity::Error,
        notes::Severity::Warning => Severity::Warning,
        notes::Severity::Info => Severity::Info,
    };
    let message = match note.more {
        0 => note.message,
        more => format!("{} (and {more} more like it)", note.message),
    };
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let position =
        Position { file: number(note.place.file), line: number(note.place.line), column: number(note.place.column) };
    let remark = Remark::new(severity, note.code, message).at(position);
    match note.help {
        Some(help) => remark.with_help(help),
        None => remark,
    }
}

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Content, File};

    use super::{system_name, text};

    #[test]
    fn a_system_is_named_after_its_folder_unless_somebody_says_otherwise() {
        let name = |set: &str, path: &str| {
            system_name(set, &[File { name: path.into(), content: Content::Text(String::new()) }])
        };
        for (path, expected) in [
            ("shop/all.yaml", "shop"),
            ("/srv/shop/all.yaml", "shop"),
            ("..\\shop\\all.yaml", "shop"),
            ("all.yaml", "system"),
            ("./all.yaml", "system"),
            ("../all.yaml", "system"),
            ("<stdin>", "system"),
        ] {
            assert_eq!(name("", path), expected, "{path}");
        }
        assert_eq!((name("mine", "shop/all.yaml"), system_name("", &[])), ("mine".into(), "system".into()));
    }

    #[test]
    fn bytes_are_no_text_unless_they_are_utf_16() {
        let file = |bytes: &[u8]| File { name: "a.yml".into(), content: Content::Bytes(bytes.to_vec()) };
        assert_eq!(text(&file(&[0xff]), 3, "name others").unwrap_err().code, "not-text");
        assert_eq!(text(&file(&[0xff, 0xfe, b'a', 0]), 0, "").unwrap(), "a");
    }
}
