//! Which file of a crate takes which name from which other file.
//!
//! A name leads to the file that defines it: re-exports are followed, and are no arrows themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The path of a module from the root of the crate.
type Module = Vec<String>;

/// A file takes a name from another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// The file, from the folder of the crate.
    pub from: String,
    /// The other file.
    pub to: String,
    /// The name.
    pub name: String,
}

/// The files of a crate, by their modules.
pub struct Files(BTreeMap<Module, File>);

struct File {
    path: String,
    /// The text as tokens, without tests, `use` items and the modules that are declared.
    body: Vec<String>,
    uses: Vec<Use>,
    /// The modules that it declares.
    children: BTreeSet<String>,
}

/// An import of one name.
struct Use {
    path: Vec<String>,
    /// What the file calls it.
    name: String,
    is_public: bool,
}

impl Files {
    /// Reads the files of a folder.
    pub fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        read_folder(root, root, &mut files);
        Self(files)
    }

    /// Lists every arrow between two files, each once.
    pub fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeSet::new();
        for (module, file) in &self.0 {
            let mut take = |path: &[String]| {
                let Some((to, name)) = self.definition(module, path, 0) else { return };
                if to.path != file.path {
                    arrows.insert(Arrow { from: file.path.clone(), to: to.path.clone(), name });
                }
            };
            let imported = |name: &str| file.uses.iter().find(|import| import.name == name);
            for import in &file.uses {
                let is_used = file.body.contains(&import.name);
                // What an imported module is asked for is found in the body.
                if (is_used || !import.is_public) && self.module(module, &import.path).is_none() {
                    take(&import.path);
                }
            }
            for path in paths(&file.body) {
                match (path[0].as_str(), imported(&path[0])) {
                    ("crate" | "super" | "self", _) => take(&path),
                    (_, Some(import)) if self.module(module, &import.path).is_some() => {
                        take(&[&import.path[..], &path[1..]].concat());
                    }
                    (child, None) if file.children.contains(child) => take(&path),
                    _ => {}
                }
            }
        }
        arrows.into_iter().collect()
    }

    /// Finds the module that a path names, seen from a module.
    fn module(&self, from: &[String], path: &[String]) -> Option<Module> {
        let (mut module, rest) = self.start(from, path)?;
        for segment in rest {
            module.push(segment.clone());
            self.0.get(&module)?;
        }
        Some(module)
    }

    /// Finds the file that defines what a path names, and its name there.
    fn definition(&self, from: &[String], path: &[String], depth: usize) -> Option<(&File, String)> {
        assert!(depth < 20, "re-exports in a circle: {path:?}");
        let (mut module, rest) = self.start(from, path)?;
        for (index, segment) in rest.iter().enumerate() {
            module.push(segment.clone());
            if self.0.contains_key(&module) {
                continue;
            }
            module.pop();
            let file = &self.0[&module];
            let import = file.uses.iter().find(|import| import.name == *segment);
            return match import {
                Some(import) => {
                    let path = [&import.path[..], &rest[index + 1..]].concat();
                    self.definition(&module, &path, depth + 1)
                }
                None => Some((file, segment.clone())),
            };
        }
        Some((&self.0[&module], module.last().cloned().unwrap_or_default()))
    }

    /// Finds the module in which a path starts, and the rest of the path.
    fn start<'p>(&self, from: &[String], path: &'p [String]) -> Option<(Module, &'p [String])> {
        let mut module = from.to_vec();
        let mut rest = path;
        match path[0].as_str() {
            "crate" => (module, rest) = (Module::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    module.pop();
                    rest = &rest[1..];
                }
            }
            child if self.0[from].children.contains(child) => {}
            // Of another crate.
            _ => return None,
        }
        Some((module, rest))
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<Module, File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // A folder without its module has files that the engine writes, not that it is made of.
            if path.with_extension("rs").is_file() {
                read_folder(root, &path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            let module = relative.trim_end_matches(".rs").split('/').map(str::to_owned).collect::<Module>();
            let module = if ["lib.rs", "main.rs"].contains(&&*relative) { Module::new() } else { module };
            if relative != "main.rs" {
                files.insert(module, File::parse(relative, &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
}

impl File {
    fn parse(path: String, text: &str) -> Self {
        let tokens = without_tests(tokens(text));
        let (mut body, mut uses, mut children) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut index = 0;
        while index < tokens.len() {
            let end = || index + tokens[index..].iter().position(|token| token == ";").unwrap_or_default();
            match tokens[index].as_str() {
                "use" if tokens.get(index + 1).is_none_or(|token| token != "<") => {
                    let is_public = index > 0 && (tokens[index - 1] == "pub" || tokens[index - 1] == ")");
                    let end = end();
                    tree(&tokens[index + 1..end], &mut Vec::new(), &mut |path, name| {
                        let (path, name) = (path.to_vec(), name.to_owned());
                        uses.push(Use { path, name, is_public });
                    });
                    index = end;
                }
                "mod" if tokens.get(index + 2).is_some_and(|token| token == ";") => {
                    children.insert(tokens[index + 1].clone());
                    index += 2;
                }
                token => body.push(token.to_owned()),
            }
            index += 1;
        }
        Self { path, body, uses, children }
    }
}

/// Splits a text into words, `::` and single marks, without comments and literals.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = raw_string(rest).or_else(|| string(rest)) {
            tokens.push("\"".to_owned());
            length
        } else if first.is_alphanumeric() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of the string or character that a text starts with.
fn string(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    // A lifetime is no character.
    if mark == '\'' && !(text[1..].starts_with('\\') || text[1..].chars().nth(1) == Some('\'')) {
        return None;
    }
    let mut escaped = false;
    let end = text[1..].char_indices().find(|&(_, c)| {
        let ends = c == mark && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map(|(end, _)| end + 2)
}

/// The length of the raw string that a text starts with.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("r").or_else(|| text.strip_prefix("br"))?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - rest.len() + hashes + 1;
    text[start..].find(&close).map(|end| start + end + close.len())
}

/// Takes out the modules of tests.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    let start = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let found = tokens.windows(start.len()).position(|window| window.iter().eq(start));
    match found {
        // They stand last.
        Some(at) => tokens[..at].to_vec(),
        None => tokens,
    }
}

/// Walks the tree of a `use` item.
fn tree(tokens: &[String], prefix: &mut Vec<String>, found: &mut impl FnMut(&[String], &str)) {
    let depth = prefix.len();
    let mut index = 0;
    while index < tokens.len() {
        match tokens[index].as_str() {
            "::" => {}
            "{" => {
                let mut open = 0;
                let length = tokens[index..].iter().position(|token| {
                    open += i32::from(token == "{") - i32::from(token == "}");
                    open == 0
                });
                let end = index + length.expect("braces close");
                let mut start = index + 1;
                let mut open = 0;
                for at in index + 1..=end {
                    if at == end || (tokens[at] == "," && open == 0) {
                        if start < at {
                            tree(&tokens[start..at], prefix, found);
                        }
                        start = at + 1;
                    }
                    open += i32::from(tokens[at] == "{") - i32::from(tokens[at] == "}");
                }
                prefix.truncate(depth);
                return;
            }
            "as" => {
                found(prefix, &tokens[index + 1]);
                prefix.truncate(depth);
                return;
            }
            word => prefix.push(word.to_owned()),
        }
        index += 1;
    }
    if prefix.last().is_some_and(|last| last == "self") && prefix.len() > 1 {
        prefix.pop();
    }
    let name = prefix.last().cloned().unwrap_or_default();
    found(prefix, &name);
    prefix.truncate(depth);
}

/// Finds every path of two words and more.
fn paths(body: &[String]) -> Vec<Vec<String>> {
    let is_word = |token: &String| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let mut paths = Vec::new();
    for start in 0..body.len() {
        if !is_word(&body[start]) || (start > 0 && body[start - 1] == "::") {
            continue;
        }
        let mut path = vec![body[start].clone()];
        let mut at = start;
        while at + 2 < body.len() && body[at + 1] == "::" && is_word(&body[at + 2]) {
            path.push(body[at + 2].clone());
            at += 2;
        }
        if path.len() > 1 {
            paths.push(path);
        }
    }
    paths
}
