//! What a guest is told of the changes of a diff.

use serde_json::{Value, json};
use spec_engine::diff::Diff;
use spec_engine::graph::Graph;
use spec_engine::model::System;
use spec_engine::render::Renderer as _;

use super::{defaults, load};
use crate::support::renderers::draw;

#[test]
fn a_guest_of_the_first_contract_with_changes_runs() {
    let component = load(include_bytes!("../fixtures/contract/0.1.2/d2.wasm")).expect("it loads");
    assert_eq!(component.info().contract.as_str(), "0.1.2");
    let system = |services: Value| -> System {
        serde_json::from_value(json!({ "name": "shop", "services": services })).expect("it is a system")
    };
    let (old, new) = (system(json!({ "api": {}, "old": {} })), system(json!({ "api": {}, "new": { "owner": "x" } })));
    let diff = Diff::of(&old, &new);
    let union = diff.union();
    let mut graph = Graph::of(&union);
    diff.mark(&mut graph);
    let options = defaults(&component.description().options);
    let output = draw(&component, &graph, &options).unwrap();
    let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
    for line in [
        "\"api\" {class: [service; unchanged]}",
        "\"new\" {class: [service; added]}",
        "\"old\" {class: [service; removed]}",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let output = draw(&component, &Graph::of(&new), &options).unwrap();
    assert!(!String::from_utf8(output.artifacts[0].content.clone()).unwrap().contains("unchanged"));
}
