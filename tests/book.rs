//! The book and the README are true: what they show as a command is typed, and what they link to is there.

mod page;
mod story;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use self::page::{Directive, Page, pages};
use crate::support::workspace::Workspace;
use spec_engine::rules::RULES;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The page itself, and nothing that is generated.
fn book() -> Vec<PathBuf> {
    pages(&root().join("docs/src"))
}

#[test]
fn every_command_and_every_block_is_run() {
    let mut wrong = Vec::new();
    let mut commands = 0;
    for path in book().into_iter().chain([root().join("README.md")]) {
        if path.ends_with("reference/commands.md") {
            continue;
        }
        let mut page = Page::read(path);
        commands += page.lines.iter().filter(|line| line.starts_with("$ spec-engine ")).count();
        wrong.extend(story::run(&mut page, root()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(commands > 60, "the book has {commands} commands");
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = Page::read(root().join("docs/src/SUMMARY.md"));
    let named: Vec<PathBuf> =
        summary.links().into_iter().map(|link| root().join("docs/src").join(link.target)).collect();
    let pages: BTreeSet<PathBuf> = book().into_iter().filter(|page| *page != summary.path).collect();
    assert_eq!(named.iter().cloned().collect::<BTreeSet<_>>(), pages);
    assert_eq!(named.len(), pages.len(), "a page is named twice");
}

#[test]
fn every_link_leads_somewhere() {
    let others = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "plugins/README.md",
        "templates/README.md",
        "wit/README.md",
        "examples/rules/README.md",
        "examples/plugins/README.md",
        "host/src/rules/README.md",
        "licences/THIRD-PARTY.md",
    ];
    let mut broken = Vec::new();
    for path in book().into_iter().chain(others.into_iter().map(|other| root().join(other))) {
        let page = Page::read(path);
        for link in page.links().into_iter().filter(|link| !link.target.contains("://")) {
            if !leads_somewhere(&page, &link.target) {
                broken.push(format!("{}:{}: {}", page.path.display(), link.line, link.target));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn leads_somewhere(page: &Page, target: &str) -> bool {
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { page.path.clone() } else { page.path.parent().unwrap().join(file) };
    // A page that is another one's text has that one's headings.
    let anchors = |path: PathBuf| {
        let page = Page::read(path);
        let included = page.lines.iter().filter_map(|line| line.strip_prefix("{{#guide ")?.strip_suffix("}}"));
        let included: Vec<String> = included.flat_map(|file| Page::read(root().join(file)).anchors()).collect();
        [page.anchors(), included].concat()
    };
    path.exists() && anchor.is_none_or(|anchor| anchors(path).iter().any(|known| known == anchor))
}

/// Makes a page of what `--help` says, from the definitions of the arguments.
fn commands() -> String {
    let mut page = "# Commands\n\nWhat `--help` says, of every command. `spec-engine man` makes manual pages, and \
                    `spec-engine completions SHELL` what a shell completes.\n"
        .to_owned();
    describe(&mut page, &Workspace::new(), &mut Vec::new());
    page
}

fn describe(page: &mut String, workspace: &Workspace, words: &mut Vec<String>) {
    let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
    let help = workspace.run(&arguments).ends(0).stdout;
    let name = [&["spec-engine".to_owned()], words.as_slice()].concat().join(" ");
    let text: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    write!(page, "\n{} {name}\n\n```text\n{text}```\n", "#".repeat((words.len() + 2).min(4))).unwrap();
    let listed = help.split_once("Commands:\n").map_or("", |(_, after)| after);
    for line in listed.lines().take_while(|line| line.starts_with("  ")) {
        let is_name = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
        let Some(word) = Some(line).filter(is_name).and_then(|line| line.split_whitespace().next()) else { continue };
        if word != "help" {
            words.push(word.to_owned());
            describe(page, workspace, words);
            words.pop();
        }
    }
}

#[test]
fn the_reference_of_commands_is_what_the_command_says() {
    let path = root().join("docs/src/reference/commands.md");
    let made = commands();
    assert!(made.contains("## spec-engine\n") && made.contains("### spec-engine validate\n"), "{made}");
    assert!(made.contains("#### spec-engine plugins new\n"));
    if std::env::var_os("SPEC_ENGINE_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &made).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == made, "{} is out of date: run this test with SPEC_ENGINE_UPDATE=1", path.display());
}

#[test]
fn the_readme_is_short() {
    let lines = Page::read(root().join("README.md")).lines.len();
    assert!(lines <= 150, "README.md has {lines} lines");
}

/// The picture beside the document is what the command under it makes; SPEC_ENGINE_UPDATE=1 writes it.
#[test]
fn the_readme_shows_what_its_command_makes() {
    let readme = Page::read(root().join("README.md"));
    let blocks = readme.blocks();
    let shown = blocks.iter().find(|block| block.directive == Some(Directive::File("shop.json".to_owned()))).unwrap();
    let text: String = shown.content.iter().map(|line| format!("{line}\n")).collect();
    assert_eq!(text, std::fs::read_to_string(root().join("examples/shop.json")).unwrap());
    let workspace = Workspace::new();
    workspace.write("shop.json", text).run(&["render", "shop.json", "-o", "shop.svg"]).ends(0);
    let made = std::fs::read(workspace.path().join("shop.svg")).unwrap();
    let picture = root().join("examples/shop.svg");
    if std::env::var_os("SPEC_ENGINE_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&picture, &made).unwrap();
    }
    assert!(std::fs::read(&picture).unwrap() == made, "{} is out of date", picture.display());
    let rules = format!("| {} rules,", RULES.len());
    assert!(readme.lines.iter().any(|line| line.contains(&rules)), "README.md does not say `{rules}`");
}

/// The keys of the project file are those that the engine reads: it names them where it finds another one.
#[test]
fn every_key_of_the_project_file_is_in_the_book() {
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", "zzz = 1\n");
    let said = workspace.run(&["validate"]).ends(2).stderr;
    let keys: Vec<&str> = said.split("expected one of").nth(1).unwrap().split('`').skip(1).step_by(2).collect();
    assert!(keys.len() > 7 && keys.contains(&"document"), "{said}");
    let page = std::fs::read_to_string(root().join("docs/src/reference/configuration.md")).unwrap();
    for key in keys {
        let shown = [format!("\n{key} = "), format!("\n[{key}"), format!("\n[[{key}]]")];
        assert!(shown.iter().any(|shown| page.contains(shown)), "reference/configuration.md does not show `{key}`");
    }
}
