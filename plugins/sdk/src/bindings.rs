//! The bindings that wit-bindgen makes of `wit/plugin.wit`.
#![allow(missing_docs, reason = "generated: the contract itself is documented line by line")]

wit_bindgen::generate!({
    path: "wit",
    world: "renderer-plugin",
    pub_export_macro: true,
    default_bindings_module: "spec_engine_plugin::bindings",
    additional_derives: [PartialEq],
});
