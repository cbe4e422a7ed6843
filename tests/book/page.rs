//! A page of Markdown: its blocks of code, its headings and its links.

use std::path::{Path, PathBuf};

/// A page.
pub struct Page {
    pub path: PathBuf,
    pub lines: Vec<String>,
}

/// A block of code between fences.
#[derive(Debug)]
pub struct Block {
    /// The number of its opening fence, from 0.
    pub fence: usize,
    pub language: String,
    pub content: Vec<String>,
    /// What the comment above it says to do with it.
    pub directive: Option<Directive>,
}

/// What a comment above a block says, `<!-- KEY: VALUE -->`.
#[derive(Debug, PartialEq, Eq)]
pub enum Directive {
    /// It is the content of a file.
    File(String),
    /// Its last command ends with this status.
    Exit(i32),
    /// It is run elsewhere: by this file of the repository.
    RunBy(String),
}

/// A link.
pub struct Link {
    /// The number of its line, from 1.
    pub line: usize,
    pub target: String,
}

impl Page {
    pub fn read(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, lines: text.lines().map(str::to_owned).collect() }
    }

    /// The blocks, in their order.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut lines = self.lines.iter().enumerate();
        while let Some((fence, line)) = lines.next() {
            let Some(language) = line.strip_prefix("```") else { continue };
            let content = lines.by_ref().map(|(_, line)| line.clone()).take_while(|line| line != "```").collect();
            let above = fence.checked_sub(1).map(|above| self.lines[above].as_str());
            let directive = above.and_then(|above| self.directive(fence, above));
            blocks.push(Block { fence, language: language.to_owned(), content, directive });
        }
        blocks
    }

    fn directive(&self, fence: usize, line: &str) -> Option<Directive> {
        let said = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
        let (key, value) = said.split_once(": ").unwrap_or((said, ""));
        Some(match key {
            "file" => Directive::File(value.to_owned()),
            "exit" => Directive::Exit(value.parse().expect("a status is a number")),
            "run by" => Directive::RunBy(value.to_owned()),
            _ => panic!("{}:{fence}: a comment above a block is `file`, `exit` or `run by`", self.path.display()),
        })
    }

    /// The anchors of its headings, as GitHub and mdBook make them.
    pub fn anchors(&self) -> Vec<String> {
        let is_heading = |line: &&str| line.starts_with('#');
        self.prose().map(|(_, line)| line).filter(is_heading).map(|line| anchor(line.trim_start_matches('#'))).collect()
    }

    pub fn links(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (number, line) in self.prose() {
            let mut rest = line;
            while let Some((_, after)) = rest.split_once("](") {
                let (target, after) = after.split_once(')').unwrap_or((after, ""));
                links.push(Link { line: number + 1, target: target.to_owned() });
                rest = after;
            }
        }
        links
    }

    /// The lines outside of blocks, without what is code in them.
    fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut is_code = false;
        self.lines.iter().enumerate().filter_map(move |(number, line)| {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
                return None;
            }
            (!is_code && !line.starts_with("    ")).then_some((number, line.as_str()))
        })
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || "-_ ".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The pages below a folder.
pub fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "md") {
                pages.push(entry);
            }
        }
    }
    pages.sort();
    pages
}
