//! The bindings that wit-bindgen makes of `wit/plugin.wit`.
//!
//! There is a world for each interface that a plugin exports, and what makes the component puts together the worlds of
//! those that it does export: so what a renderer, rules and an importer have in common is generated once.
#![allow(missing_docs, reason = "generated: the contract itself is documented line by line")]

wit_bindgen::generate!({
    path: "wit",
    inline: "package spec-engine:guest; world renders { import spec-engine:plugin/host@0.1.3; export spec-engine:plugin/renderer@0.1.3; }",
    world: "spec-engine:guest/renders",
    pub_export_macro: true,
    default_bindings_module: "spec_engine_plugin::bindings",
    generate_all,
    additional_derives: [PartialEq],
});

/// What every plugin says of itself.
pub mod meta {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package spec-engine:guest; world describes { export spec-engine:plugin/meta@0.1.3; }",
        world: "spec-engine:guest/describes",
        pub_export_macro: true,
        default_bindings_module: "spec_engine_plugin::bindings::meta",
        generate_all,
        additional_derives: [PartialEq],
    });
}

/// Rules.
pub mod rules {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package spec-engine:guest; world checks { import spec-engine:plugin/host@0.1.3; export spec-engine:plugin/rules@0.1.3; }",
        world: "spec-engine:guest/checks",
        pub_export_macro: true,
        default_bindings_module: "spec_engine_plugin::bindings::rules",
        generate_all,
        with: {
            "spec-engine:plugin/types@0.1.3": crate::bindings::spec_engine::plugin::types,
            "spec-engine:plugin/host@0.1.3": crate::bindings::spec_engine::plugin::host,
        },
        additional_derives: [PartialEq],
    });
}

/// Importers.
pub mod importer {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package spec-engine:guest; world imports { import spec-engine:plugin/host@0.1.3; export spec-engine:plugin/importer@0.1.3; export spec-engine:plugin/observer@0.1.3; }",
        world: "spec-engine:guest/imports",
        pub_export_macro: true,
        default_bindings_module: "spec_engine_plugin::bindings::importer",
        generate_all,
        with: {
            "spec-engine:plugin/types@0.1.3": crate::bindings::spec_engine::plugin::types,
            "spec-engine:plugin/host@0.1.3": crate::bindings::spec_engine::plugin::host,
        },
        additional_derives: [PartialEq],
    });
}
