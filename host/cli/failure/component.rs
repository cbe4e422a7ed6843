//! The next step after a fault of a component, and after a limit.

use spec_engine::limits::{LimitExceeded, Subject};
use spec_engine::plugin::{ComponentFault, ModuleFault};

/// The next step after a fault of the component of a plugin.
pub(super) fn component_help(plugin: &str, fault: &ComponentFault) -> Option<String> {
    let report = || format!("report it to the author of `{plugin}`");
    Some(match fault {
        ComponentFault::Unsupported(_) => "use a template instead".to_owned(),
        ComponentFault::Empty | ComponentFault::Truncated => "build it again, or copy it again".to_owned(),
        ComponentFault::Zip | ComponentFault::Gzip => "unpack it first".to_owned(),
        ComponentFault::BinaryVersion => "build it with a toolchain for components (binary version 0x0d)".to_owned(),
        ComponentFault::NotWasm => "name a `.wasm` component, or a template, whose name ends in `.tera`".to_owned(),
        ComponentFault::Invalid | ComponentFault::Module(ModuleFault::Unusable) => {
            "see what `wasm-tools validate` reports, and build it again".to_owned()
        }
        ComponentFault::Module(ModuleFault::Undescribed) => {
            "build it with wit-bindgen (in Rust: `spec-engine-plugin`), or make a component of it: `wasm-tools \
             component new`; if the file may be incomplete, copy it again"
                .to_owned()
        }
        ComponentFault::Module(ModuleFault::OldWasi) => {
            "build it for the target wasm32-unknown-unknown or wasm32-wasip2".to_owned()
        }
        ComponentFault::Module(ModuleFault::NotBuilt) => {
            "make a component of it: `wasm-tools component new`".to_owned()
        }
        ComponentFault::Contract(_) => "build it again with the contract of this host: wit/plugin.wit".to_owned(),
        ComponentFault::UnknownImport { contract, .. } => {
            format!("a plugin imports spec-engine:plugin/host@{contract} and WASI 0.2, nothing else")
        }
        ComponentFault::OtherContract { contract, .. } => {
            format!("build it for {contract}, or use the spec-engine that it was built for")
        }
        ComponentFault::NotAPlugin { .. } | ComponentFault::ExportsNothing { .. } => {
            "build it for a world of wit/plugin.wit, such as `renderer-plugin`".to_owned()
        }
        ComponentFault::TooLarge(exceeded) | ComponentFault::Compiling(exceeded) | ComponentFault::Limit(exceeded) => {
            raise(Some(plugin), exceeded)
        }
        ComponentFault::Compiler(_) => "try again; where it fails again, report it to spec-engine's authors".to_owned(),
        ComponentFault::PassedComponent => {
            "a component in a component is defined where it is used; import and export instances instead".to_owned()
        }
        ComponentFault::NotGranted(_) => {
            "a plugin gets no files, no network, no clock and no entropy: build it without what needs them".to_owned()
        }
        ComponentFault::StackOverflow(_) => "look for a recursion without end; this limit is fixed".to_owned(),
        ComponentFault::Panic => format!("{}, with its log", report()),
        ComponentFault::ArtifactPath { .. } => {
            "the path of an artifact is relative to the output folder, such as `docs/api.md`".to_owned()
        }
        ComponentFault::Description(_)
        | ComponentFault::Exit
        | ComponentFault::OutOfRange { .. }
        | ComponentFault::NoGraph
        | ComponentFault::Trap(_)
        | ComponentFault::Rule { .. } => report(),
        ComponentFault::NotCalled(_) => return None,
    })
}

/// How a limit is raised.
pub(super) fn raise(plugin: Option<&str>, exceeded: &LimitExceeded) -> String {
    let key = exceeded.limit.key;
    let Some(value) = exceeded.raised() else { return format!("the limit `{key}` cannot be raised") };
    match (exceeded.subject, plugin) {
        (Subject::Component | Subject::Template, Some(plugin)) => {
            format!("raise it with --limit {plugin}.{key}={value}")
        }
        (Subject::Component | Subject::Template, None) => format!("raise it with --limit {key}={value}"),
        (Subject::Script, _) => format!("raise it with `--rule-limit {key}={value}`"),
    }
}
