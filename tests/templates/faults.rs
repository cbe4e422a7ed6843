//! Each file in tests/templates/faults is wrong, and says in its own comment how the message is to begin.

use spec_engine::plugin::{PluginError, TemplateFault};
use spec_engine::render::template::{Source, Template, is_renderer};

use crate::templates::{example, folder, render, sources, template};

#[test]
fn every_fault_is_reported_at_its_place() {
    let files = folder("tests/templates/faults", ".tera");
    let system = example("payments");
    let mut wrong = Vec::new();
    for (file_name, text) in files.iter().filter(|(name, _)| is_renderer(name)) {
        let (_, comment) = text.split_once("{#").unwrap();
        let (expected, _) = comment.split_once("#}").unwrap();
        let expected = expected.trim_matches([' ', '-']);
        let expected =
            if expected.contains(".tera:") { expected.to_owned() } else { format!("{file_name}:{expected}") };
        let siblings: Vec<Source<'_>> =
            sources(&files).into_iter().filter(|file| file.file_name != file_name).collect();
        let message = match Template::from_source(file_name, text, None, &siblings) {
            Ok(template) => render(&template, &system).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match message {
            Ok(_) => wrong.push(format!("{file_name}: no error; expected\n  {expected}")),
            Err(message) if !message.starts_with(&expected) => wrong.push(format!("{message}\n  expected {expected}")),
            Err(_) => {}
        }
    }
    assert!(files.len() > 20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mistake_in_one_file_does_not_break_its_neighbours() {
    let neighbour = Source { file_name: "broken.md.tera", text: "{{ 1 + }}" };
    let template = Template::from_source("good.md.tera", "{{ system.name }}", None, &[neighbour]).unwrap();
    assert_eq!(render(&template, &example("payments")).unwrap(), "payments-platform");
}

#[test]
fn a_fault_has_a_kind() {
    let kind = |source: &str| {
        let error = match template(source) {
            Ok(template) => render(&template, &example("payments")).unwrap_err(),
            Err(error) => error.into(),
        };
        let PluginError::Template(error) = error else { panic!("{error}") };
        error.fault
    };
    assert!(matches!(kind("{% include 'x' %}"), TemplateFault::UnknownTemplate(_)));
    assert!(matches!(kind("{{ 1 | nothing }}"), TemplateFault::UnknownFilter(_)));
    assert!(matches!(kind("{{ nothing() }}"), TemplateFault::UnknownFunction(_)));
    assert!(matches!(kind("{{ nothing }}"), TemplateFault::Undefined(_)));
    assert!(matches!(kind("{% extends 'test.md.tera' %}"), TemplateFault::Circular(_)));
    assert!(matches!(kind("{{ 1 + }}"), TemplateFault::Engine(_)));
}
