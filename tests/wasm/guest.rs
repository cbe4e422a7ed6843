//! Makes components from a few lines of core WebAssembly text: the frame gives memory, `describe` and the contract's
//! types, a test gives the body of `render`.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A guest to be built.
pub struct Guest {
    /// The body of `render`, which leaves the address of its result: `0x200` is a response with one artifact.
    pub render: String,
    /// More of the module: imports first, then functions.
    pub imports: String,
    /// The name that it gives itself.
    pub name: String,
    /// The path of its artifact, as WebAssembly text has it.
    pub path: String,
    /// The schema of its options.
    pub schema: String,
    /// How often the artifact is in the response.
    pub artifacts: usize,
    /// The length of the artifact's text in bytes.
    pub length: usize,
    /// Pages of memory.
    pub pages: usize,
    /// The version of the contract.
    pub version: &'static str,
    /// WIT packages of WASI, and what the world imports of them.
    pub wasi: (&'static str, &'static str),
}

impl Default for Guest {
    fn default() -> Self {
        Self {
            render: "(i32.const 0x200)".into(),
            imports: String::new(),
            name: "good".into(),
            path: "good.txt".into(),
            schema: String::new(),
            artifacts: 1,
            length: 5,
            pages: 128,
            version: "0.1.0",
            wasi: ("", ""),
        }
    }
}

impl Guest {
    /// Returns a guest with a body of `render`.
    pub fn rendering(body: &str) -> Self {
        Self { render: body.into(), ..Self::default() }
    }

    /// Builds the component.
    pub fn build(&self) -> Vec<u8> {
        let module = self.module();
        let mut encoder = ComponentEncoder::default();
        let encoder = encoder.module(&module).expect("the module fits the world").validate(true);
        encoder.encode().expect("a component comes out")
    }

    /// Builds the core module, which says what component it is, as wit-bindgen leaves it.
    pub fn module(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.text()).expect("the frame and the body are WebAssembly text");
        let mut resolve = Resolve::new();
        let contract =
            include_str!("../../wit/plugin.wit").replace("plugin@0.1.0", &format!("plugin@{}", self.version));
        resolve.push_str("plugin.wit", &contract).expect("the contract is WIT");
        if !self.wasi.0.is_empty() {
            resolve.push_str("wasi.wit", self.wasi.0).expect("the package is WIT");
        }
        let world = format!(
            "package test:guest;\nworld guest {{ include spec-engine:plugin/renderer-plugin@{}; {} }}",
            self.version, self.wasi.1
        );
        let package = resolve.push_str("world.wit", &world).expect("the world is WIT");
        let world = resolve.select_world(&[package], Some("guest")).expect("the world is there");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("the types fit");
        module
    }

    fn text(&self) -> String {
        let Self { render, imports, name, path, schema, artifacts, length, pages, version, .. } = self;
        let strings = format!("{name}1.0text/plaintxt");
        let (name_at, schema_at, path_at) = (0x1000, 0x2000, 0x3000);
        let end = name_at + name.len();
        let pair = |at: usize, length: usize| format!("{}{}", word(at), word(length));
        let describe = [
            pair(name_at, name.len()),
            pair(end, 3),
            pair(name_at, name.len()),
            pair(0x180, 1),
            pair(end + 13, 3),
            pair(schema_at, schema.len()),
        ]
        .concat();
        let path_length = wat_length(path);
        let artifact = [pair(path_at, path_length), pair(end + 3, 10), word(0), pair(0x5000, *length)].concat();
        let schema = schema.replace('"', "\\\"");
        format!(
            r#"(module
  {imports}
  (memory (export "memory") {pages})
  (global $heap (mut i32) (i32.const 0x600000))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "spec-engine:plugin/meta@{version}#describe") (result i32) (i32.const 0x100))
  (func $render (export "spec-engine:plugin/renderer@{version}#render") (param i32) (result i32)
    (local $i i32)
    {render})
  (data (i32.const 0x100) "{describe}")
  (data (i32.const 0x180) "{media}")
  (data (i32.const 0x200) "{response}")
  (data (i32.const {name_at}) "{strings}")
  (data (i32.const {schema_at}) "{schema}")
  (data (i32.const {path_at}) "{path}")
  (data (i32.const 0x5000) "hello")
  (data (i32.const 0x10000) "{all}"))"#,
            media = pair(end + 3, 10),
            response = [word(0), pair(0x10000, *artifacts), pair(0, 0)].concat(),
            all = artifact.repeat(*artifacts),
        )
    }
}

/// Writes a number as four bytes of WebAssembly text.
fn word(value: usize) -> String {
    u32::try_from(value).expect("32 bits").to_le_bytes().iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// Counts the bytes of a string of WebAssembly text, in which an escape is a backslash and two digits.
fn wat_length(text: &str) -> usize {
    text.len() - 2 * text.matches('\\').count()
}
