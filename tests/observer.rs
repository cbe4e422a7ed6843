//! An importer of somebody else that says what its files cover: it is merged and compared as those that ship are.

use serde_json::{Value, json};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::support::workspace::Workspace;

/// What an observer says, whatever it reads.
struct Observer {
    document: Value,
    /// The parts that its files show completely.
    complete: Vec<&'static str>,
    unbound: Value,
    wanted: &'static str,
}

/// Where the data of the module starts.
const DATA: usize = 0x1000;

/// The data of a module.
#[derive(Default)]
struct Data(Vec<u8>);

impl Data {
    /// Adds bytes, and returns their address.
    fn put(&mut self, bytes: &[u8]) -> usize {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        let at = DATA + self.0.len();
        self.0.extend(bytes);
        at
    }

    /// Adds a text, and returns its address and length as four bytes each.
    fn text(&mut self, text: &str) -> Vec<u8> {
        words(&[self.put(text.as_bytes()), text.len()])
    }
}

fn words(words: &[usize]) -> Vec<u8> {
    words.iter().flat_map(|&word| u32::try_from(word).expect("32 bits").to_le_bytes()).collect()
}

impl Observer {
    fn build(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.module()).expect("it is WebAssembly text");
        let mut resolve = Resolve::new();
        resolve.push_str("plugin.wit", include_str!("../wit/plugin.wit")).expect("the contract is WIT");
        let world = "package test:guest;\nworld guest { include spec-engine:plugin/observer-plugin@0.1.3; }";
        let package = resolve.push_str("world.wit", world).expect("the world is WIT");
        let world = resolve.select_world(&[package], Some("guest")).expect("the world is there");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("the types fit");
        let encoder = ComponentEncoder::default().module(&module).expect("the module fits the world");
        encoder.validate(true).encode().expect("a component comes out")
    }

    fn module(&self) -> String {
        let mut data = Data::default();
        let none = || words(&[0, 0]);
        let (name, version, schema) = (data.text("mine"), data.text("1.0"), data.text(r#"{"type": "object"}"#));
        let description = [name.clone(), version, name, none(), none(), schema].concat();
        let description = data.put(&description);
        let (document, unbound) = (data.text(&self.document.to_string()), data.text(&self.unbound.to_string()));
        let converted = data.put(&[words(&[0]), document.clone(), none()].concat());
        let parts = self.complete.iter().map(|part| [data.text(part), words(&[0])].concat());
        let parts: Vec<u8> = parts.collect::<Vec<_>>().concat();
        let coverage = words(&[data.put(&parts), self.complete.len()]);
        let observed = data.put(&[words(&[0]), document, coverage, unbound, none()].concat());
        let wanted = data.text(self.wanted);
        let wanted = words(&[data.put(&wanted), 1]);
        let wanted = data.put(&wanted);
        let bytes: String = data.0.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let function = |name: &str, parameters: usize, result: usize| {
            let parameters = " i32".repeat(parameters);
            format!(
                "(func (export \"spec-engine:plugin/{name}\") (param{parameters}) (result i32) (i32.const {result}))\n"
            )
        };
        format!(
            "(module (memory (export \"memory\") 16) (global $heap (mut i32) (i32.const 0x80000))
  (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  {}{}{}{}(data (i32.const {DATA}) \"{bytes}\"))",
            function("meta@0.1.3#describe", 0, description),
            function("importer@0.1.3#convert", 6, converted),
            function("observer@0.1.3#wanted-files", 0, wanted),
            function("observer@0.1.3#observe", 9, observed),
        )
    }
}

const DOCUMENT: &str = r#"{
  "name": "shop",
  "services": {
    "api": {"image": {"name": "acme/api", "tag": "1"}, "aws": {"sqs": [{"name": "jobs"}, {"name": "old"}]}},
    "gone": {"image": {"name": "acme/gone", "tag": "1"}}
  }
}
"#;

fn workspace() -> Workspace {
    let api = json!({"image": {"name": "acme/api", "tag": "2"}, "aws": {"sqs": [{"name": "jobs"}]}});
    let observer = Observer {
        document: json!({"name": "mine", "services": {"api": api}}),
        complete: vec!["services", "aws.sqs", "no-such-part"],
        unbound: json!({"aws": {"rds": [{"name": "orders", "engine": "postgres"}]}}),
        wanted: "*.mine",
    };
    let workspace = Workspace::new();
    workspace.write("system.json", DOCUMENT).write("mine.wasm", observer.build());
    workspace.write("data/a.mine", "a").write("data/deep/b.mine", "b").write("data/c.yaml", "c: 1\n");
    workspace
}

#[test]
fn a_document_is_compared_with_what_it_says() {
    let workspace = workspace();
    let drift = ["drift", "system.json", "--from", "./mine.wasm", "data", "--output", "json"];
    let json: Value = serde_json::from_str(&workspace.run(&drift).ends(1).stdout).expect("a report");
    assert_eq!(json["sources"], json!([{"importer": "mine", "files": ["data/a.mine", "data/deep/b.mine"]}]));
    let found = json["differences"].as_array().expect("a list").iter();
    let found: Vec<(&str, &str)> = found
        .map(|one| (one["is"].as_str().unwrap_or_default(), one["pointer"].as_str().unwrap_or_default()))
        .collect();
    let expected = [
        ("different", "/services/api/image/tag"),
        ("missing", "/services/api/aws/sqs/1"),
        ("missing", "/services/gone"),
    ];
    assert_eq!(found, expected);
    assert!(json["remarks"][0].as_str().is_some_and(|remark| remark.contains("`orders`")), "{json}");
}

#[test]
fn a_document_is_brought_up_to_date_by_it() {
    let workspace = workspace();
    let into = ["import", "./mine.wasm", "data", "--into", "system.json"];
    workspace.run(&into).ends(0).says("do not show the service `gone`").says("--under SERVICE");
    let text = || std::fs::read_to_string(workspace.path().join("system.json")).expect("it is there");
    assert_eq!(text(), DOCUMENT.replacen("\"tag\": \"1\"", "\"tag\": \"2\"", 1));
    workspace.run(&[&into[..], &["--prune", "--under", "api"]].concat()).ends(0);
    let document: Value = serde_json::from_str(&text()).expect("a document");
    let api = &document["services"]["api"]["aws"];
    assert_eq!((api["sqs"].clone(), api["rds"][0]["name"].clone()), (json!([{"name": "jobs"}]), json!("orders")));
    assert!(document["services"].get("gone").is_none());
    workspace.run(&[&into[..], &["--prune", "--under", "api"]].concat()).ends(0).says("is up to date");
}
