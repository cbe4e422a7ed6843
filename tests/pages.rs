//! The renderer `pdf`: what a reader of PDF finds on the pages.

use std::collections::BTreeSet;

use crate::support::pdf::read;
use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::{Value, json};

/// The address that each link of a file leads to, in order.
fn addresses(found: &str) -> Vec<&str> {
    found.lines().filter_map(|line| line.split_once("Annotation").map(|(_, address)| address.trim())).collect()
}

#[test]
fn text_stays_text_and_services_lead_to_their_repositories() {
    let workspace = Workspace::new();
    workspace.run(&["render", PAYMENTS, "-o", "a.pdf"]).ends(0);
    let file = workspace.path().join("a.pdf");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(PAYMENTS).unwrap()).unwrap();
    let Some(text) = read("pdftotext", &["-layout"], &file) else { return };
    let services = document["services"].as_object().unwrap();
    for name in services.keys().map(String::as_str).chain(["payments-platform", "grpc:8080", "aws.dynamodb"]) {
        assert!(text.contains(name), "{name} is not in {text}");
    }
    let about = read("pdfinfo", &[], &file).unwrap();
    assert!(about.contains("Title:           payments-platform\n"), "{about}");
    assert!(about.contains("Pages:           1\n") && !about.contains("Date"), "{about}");
    let fonts = read("pdffonts", &[], &file).unwrap();
    let fonts: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(fonts.iter().all(|font| font.contains("DejaVuSansCondensed") && font.contains("yes yes yes")), "{fonts:?}");
    let links = read("pdfinfo", &["-url"], &file).unwrap();
    let repositories: BTreeSet<&str> =
        services.values().filter_map(|service| service["repo"]["url"].as_str()).collect();
    assert_eq!(addresses(&links).into_iter().collect::<BTreeSet<_>>(), repositories);
    workspace.run(&["render", PAYMENTS, "-o", "b.pdf", "--set", "links=false"]).ends(0);
    assert_eq!(addresses(&read("pdfinfo", &["-url"], &workspace.path().join("b.pdf")).unwrap()), Vec::<&str>::new());
}

#[test]
fn the_page_has_the_size_of_the_picture() {
    let workspace = Workspace::new();
    for name in ["a.svg", "a.pdf"] {
        workspace.run(&["render", PAYMENTS, "-o", name]).ends(0);
    }
    let svg = std::fs::read_to_string(workspace.path().join("a.svg")).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let [width, height] =
        ["width", "height"].map(|side| document.root_element().attribute(side).unwrap().parse::<f64>().unwrap() * 0.75);
    let Some(about) = read("pdfinfo", &[], &workspace.path().join("a.pdf")) else { return };
    assert!(about.contains(&format!("{width} x {height} pts")), "{about}");
}

#[test]
fn a_split_is_a_document_of_pages_that_lead_to_each_other() {
    let workspace = Workspace::new();
    workspace.run(&["render", PAYMENTS, "--split", "provider", "-o", "parts.pdf"]).ends(0);
    let file = workspace.path().join("parts.pdf");
    let Some(about) = read("pdfinfo", &[], &file) else { return };
    assert!(about.contains("Pages:           4\n"), "{about}");
    for (page, words) in [(1, "Overview"), (2, "Services"), (3, "AWS"), (4, "Deployments")] {
        let page = page.to_string();
        let text = read("pdftotext", &["-f", &page, "-l", &page], &file).unwrap();
        assert!(text.contains(words), "{words} is not in {text}");
    }
    // The overview leads to each part, and each part back to it.
    let bytes = std::fs::read(&file).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    for (label, least) in [("Overview", 3), ("Services", 1), ("AWS", 1), ("Deployments", 1)] {
        let links = text.matches(&format!("/Contents({label})")).count();
        assert!(links >= least, "{label}: {links}");
        assert!(text.contains(&format!("/Title({label})")), "{label} is in the outline");
    }
    workspace.run(&["render", PAYMENTS, "--split", "provider", "--plugin", "pdf", "-o", "folder/"]).ends(0);
    assert_eq!(std::fs::read(workspace.path().join("folder/diagram.pdf")).unwrap(), bytes, "the bytes are the same");
    assert!(!workspace.path().join("folder/index.md").exists());
}

#[test]
fn a_drawing_larger_than_a_page_is_scaled_down() {
    let workspace = Workspace::new();
    let services: serde_json::Map<String, Value> = (0..300).map(|index| (format!("s{index}"), json!({}))).collect();
    workspace.write("s.json", json!({ "name": "s", "services": services }).to_string());
    let set = ["--set", "overview=never", "--set", "stacks=never"];
    let title = format!("title={}", "w".repeat(4000));
    let arguments = [&["render", "s.json", "--allow-errors", "-o", "s.pdf", "--set", &title][..], &set].concat();
    workspace.run(&arguments).ends(0);
    let Some(about) = read("pdfinfo", &[], &workspace.path().join("s.pdf")) else { return };
    let size = about.lines().find_map(|line| line.strip_prefix("Page size:")).unwrap();
    let sides: Vec<f64> = size.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert!(sides.len() == 2 && sides.iter().all(|&side| side > 3.0 && side <= 14_400.0), "{size}");
}

#[test]
fn icons_of_the_user_are_on_the_page() {
    let workspace = Workspace::new();
    let gradient =
        "<linearGradient id=\"g\"><stop stop-color=\"red\"/><stop offset=\"1\" stop-color=\"blue\"/></linearGradient>";
    let icon = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><defs>{gradient}</defs><circle cx=\"12\" cy=\"12\" r=\"9\" fill=\"url(#g)\"/></svg>"
    );
    workspace.write("icons/database.svg", icon);
    for (setting, has_image) in [("icons=icons", true), ("icons=kind", false), ("icons=none", false)] {
        workspace.run(&["render", PAYMENTS, "-o", "a.pdf", "--set", setting]).ends(0);
        let Some(images) = read("pdfimages", &["-list"], &workspace.path().join("a.pdf")) else { return };
        assert_eq!(images.contains("image"), has_image, "{setting}: {images}");
    }
}

#[test]
fn what_cannot_be_drawn_is_told_as_for_every_picture() {
    let workspace = Workspace::new();
    workspace.write("font.ttf", "no font");
    for (setting, words) in
        [("font=font.ttf", "--set font=FILE"), ("colors=databse=#000", "--set colors="), ("scale=2", "scale")]
    {
        workspace.run(&["render", PAYMENTS, "-o", "a.pdf", "--set", setting]).ends(2).says(words);
        assert!(!workspace.path().join("a.pdf").exists(), "{setting}");
    }
}
