//! Makes components from a few lines of core WebAssembly text: the frame gives memory, `describe` and the contract's
//! types, a test gives the body of the function that does the work.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What a guest can do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    Renders,
    HasRules,
    Imports,
}

/// A guest to be built.
pub struct Guest {
    /// What it can do.
    pub ability: Ability,
    /// The body of `render`, `check` or `convert`, which leaves the address of its result: `0x200` is a response with one
    /// artifact, is findings, is a document.
    pub render: String,
    /// The body of `describe`, which leaves the address of its result: `0x100` is the description.
    pub describe: String,
    /// More of the module: imports first, then functions.
    pub imports: String,
    /// The name that it gives itself.
    pub name: String,
    /// The path of its artifact, as WebAssembly text has it.
    pub path: String,
    /// The paths of several artifacts, instead of that one; as text.
    pub paths: Vec<String>,
    /// The schema of its options.
    pub schema: String,
    /// The name of its rule.
    pub rule: String,
    /// How often its rule is in the list of rules.
    pub rules: usize,
    /// How often the artifact is in the response, or the finding among the findings, or the remark among the remarks.
    pub artifacts: usize,
    /// The length of the artifact's text in bytes, or of the document's.
    pub length: usize,
    /// The text of the artifact or the document, as WebAssembly text has it.
    pub content: String,
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
            ability: Ability::Renders,
            render: "(i32.const 0x200)".into(),
            describe: "(i32.const 0x100)".into(),
            imports: String::new(),
            name: "good".into(),
            path: "good.txt".into(),
            paths: Vec::new(),
            schema: String::new(),
            rule: "bad-thing".into(),
            rules: 1,
            artifacts: 1,
            length: 5,
            content: "hello".into(),
            pages: 128,
            version: "0.1.3",
            wasi: ("", ""),
        }
    }
}

impl Guest {
    /// A guest with a body of `render`.
    pub fn rendering(body: &str) -> Self {
        Self { render: body.into(), ..Self::default() }
    }

    /// A guest with another ability.
    pub fn with(ability: Ability) -> Self {
        Self { ability, ..Self::default() }
    }

    /// Builds the component.
    pub fn build(&self) -> Vec<u8> {
        let module = self.module();
        let encoder = ComponentEncoder::default();
        let mut encoder = encoder.module(&module).expect("the module fits the world").validate(true);
        encoder.encode().expect("a component comes out")
    }

    /// Builds the core module, which says what component it is, as wit-bindgen leaves it.
    pub fn module(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.text()).expect("the frame and the body are WebAssembly text");
        let mut resolve = Resolve::new();
        let contract =
            include_str!("../../wit/plugin.wit").replace("plugin@0.1.3", &format!("plugin@{}", self.version));
        resolve.push_str("plugin.wit", &contract).expect("the contract is WIT");
        if !self.wasi.0.is_empty() {
            resolve.push_str("wasi.wit", self.wasi.0).expect("the package is WIT");
        }
        let world = format!(
            "package test:guest;\nworld guest {{ include spec-engine:plugin/{}@{}; {} }}",
            match self.ability {
                Ability::Renders => "renderer-plugin",
                Ability::HasRules => "rules-plugin",
                Ability::Imports => "importer-plugin",
            },
            self.version,
            self.wasi.1
        );
        let package = resolve.push_str("world.wit", &world).expect("the world is WIT");
        let world = resolve.select_world(&[package], Some("guest")).expect("the world is there");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("the types fit");
        module
    }

    #[expect(clippy::too_many_lines, reason = "the text of one module")]
    fn text(&self) -> String {
        let Self { render, describe, imports, name, path, schema, rule, length, pages, version, content, .. } = self;
        let strings = format!("{name}1.0text/plaintxt");
        let (name_at, schema_at, path_at, rule_at) = (0x1000, 0x2000, 0x3000, 0x4000);
        let end = name_at + name.len();
        let pair = |at: usize, length: usize| format!("{}{}", word(at), word(length));
        let description = [
            pair(name_at, name.len()),
            pair(end, 3),
            pair(name_at, name.len()),
            pair(0x180, 1),
            pair(end + 13, 3),
            pair(schema_at, wat_length(schema)),
        ]
        .concat();
        let of_rule =
            [pair(rule_at, wat_length(rule)), word(1), pair(end, 3), pair(end, 3), pair(schema_at, 0)].concat();
        // One result of each kind, which is there as often as `artifacts` says, and what returns all of them.
        let content_at = pair(0x5000, *length);
        let several = self.paths.iter().scan(0x20000, |at, path| {
            let here = std::mem::replace(at, *at + path.len());
            Some([pair(here, path.len()), pair(end + 3, 10), word(0), content_at.clone()].concat())
        });
        let several: Vec<String> = several.collect();
        let all = pair(0x10000, if several.is_empty() { self.artifacts } else { several.len() });
        let (export, params, one, response) = match self.ability {
            Ability::Renders => {
                let artifact =
                    [pair(path_at, wat_length(path)), pair(end + 3, 10), word(0), content_at.clone()].concat();
                ("renderer", "render\") (param i32)", artifact, [word(0), all, pair(0, 0)].concat())
            }
            Ability::HasRules => {
                // The place of the finding is node 7, and there is no help.
                let place = [word(1), word(0), word(7), word(0)].concat();
                let finding = [content_at, place, word(0), pair(0, 0)].concat();
                ("rules", "check\") (param i32)", finding, [word(0), all].concat())
            }
            Ability::Imports => {
                // The position of the remark is file 7, line 0, column 0.
                let position = [word(1), word(7), word(0), word(0)].concat();
                let code = pair(rule_at, wat_length(rule));
                let remark = [word(1), code, pair(end, 3), position, word(0), pair(0, 0)].concat();
                let params = "convert\") (param i32 i32 i32 i32 i32 i32)";
                ("importer", params, remark, [word(0), content_at, all].concat())
            }
        };
        let rules = match self.ability {
            Ability::HasRules => {
                format!(r#"(func (export "spec-engine:plugin/rules@{version}#all") (result i32) (i32.const 0x300))"#)
            }
            Ability::Renders | Ability::Imports => String::new(),
        };
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
  (func (export "spec-engine:plugin/meta@{version}#describe") (result i32) {describe})
  {rules}
  (func $render (export "spec-engine:plugin/{export}@{version}#{params} (result i32)
    (local $i i32)
    {render})
  (data (i32.const 0x100) "{description}")
  (data (i32.const 0x180) "{media}")
  (data (i32.const 0x200) "{response}")
  (data (i32.const 0x300) "{list}")
  (data (i32.const 0x8000) "{of_rules}")
  (data (i32.const {name_at}) "{strings}")
  (data (i32.const {schema_at}) "{schema}")
  (data (i32.const {path_at}) "{path}")
  (data (i32.const {rule_at}) "{rule}")
  (data (i32.const 0x5000) "{content}")
  (data (i32.const 0x20000) "{paths}")
  (data (i32.const 0x10000) "{all}"))"#,
            media = pair(end + 3, 10),
            list = pair(0x8000, self.rules),
            of_rules = of_rule.repeat(self.rules),
            paths = self.paths.concat().bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>(),
            all = if several.is_empty() { one.repeat(self.artifacts) } else { several.concat() },
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
