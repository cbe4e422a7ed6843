//! templates/README.md shows files that work.

use spec_engine::render::template::Template;

use crate::templates::{example, folder, path, read, render};

#[test]
fn the_tutorial_shows_the_example() {
    let readme = read(&path("templates/README.md"));
    let without_indent =
        readme.lines().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
    for file in ["my-table.md.tera", "my-table.toml"] {
        let text = read(&path(&format!("examples/templates/{file}")));
        assert!(without_indent.contains(text.trim_end()), "templates/README.md does not show {file}");
    }
}

#[test]
fn every_example_renders() {
    let sidecars = folder("examples/templates", ".toml");
    for (file_name, text) in folder("examples/templates", ".tera") {
        let name = file_name.split('.').next().unwrap();
        let sidecar = sidecars.iter().find(|(file, _)| *file == format!("{name}.toml")).map(|(_, text)| text.as_str());
        let template = Template::from_source(&file_name, &text, sidecar, &[]).unwrap();
        insta::assert_snapshot!(name, render(&template, &example("payments")).unwrap());
    }
}

#[test]
fn the_tutorial_names_every_filter() {
    let readme = read(&path("templates/README.md"));
    let filters = folder("host/src/render/template/filters", ".rs");
    let registered: Vec<_> = filters
        .iter()
        .flat_map(|(_, text)| text.split("tera.register_").skip(1))
        .map(|rest| rest.split('"').nth(1).unwrap())
        .collect();
    assert!(registered.len() > 12);
    let questions = read(&path("host/src/render/template/questions.rs"));
    let functions = questions.split("tera.register_function(\"").chain(questions.split("of_node(tera, \"")).skip(1);
    let functions: Vec<_> =
        functions.filter_map(|rest| rest.split('"').next()).filter(|name| name.len() < 30).collect();
    assert!(functions.len() > 14);
    for name in registered.into_iter().chain(functions) {
        assert!(readme.contains(&format!("`{name}")), "templates/README.md does not name `{name}`");
    }
}
