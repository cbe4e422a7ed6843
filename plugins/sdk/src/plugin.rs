//! What a plugin is, and how it is exported.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::bindings::exports::spec_engine::plugin::renderer;
use crate::bindings::meta::exports::spec_engine::plugin::meta;
use crate::{Description, Diagnostic, Graph, Options, Request, Response};

/// Turns graphs into artifacts. Exported with [`plugin!`](crate::plugin!).
pub trait Plugin {
    /// What the user can set, declared with [`options!`](crate::options!); [`NoOptions`](crate::NoOptions) for nothing.
    type Options: Options;

    /// What this plugin is: the same answer at every call.
    fn describe() -> About;

    /// Makes artifacts of a graph, or says why there are none.
    ///
    /// # Errors
    /// The diagnostics that say why nothing could be made. What is made but should be looked at goes into
    /// [`Response::diagnostics`].
    fn render(graph: &Graph, options: &Self::Options) -> Result<Response, Vec<Diagnostic>>;
}

/// What a plugin is. Its options describe themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The plugin's own name, kebab-case: `inventory`.
    pub name: &'static str,
    /// The plugin's own version, as a rule `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// One line on what it makes or finds.
    pub summary: &'static str,
    /// The media types of its artifacts, the main one first. Empty where it does not render.
    pub media_types: &'static [&'static str],
    /// The ending of its main artifact without the dot: `csv`. Empty where it does not render.
    pub file_extension: &'static str,
}

impl About {
    /// What a plugin is that does not render: its name, its version, one line on what it makes or finds.
    pub const fn of(name: &'static str, version: &'static str, summary: &'static str) -> Self {
        Self { name, version, summary, media_types: &[], file_extension: "" }
    }

    /// The description in the words of the contract.
    pub(crate) fn describe(self, options_schema: String) -> Description {
        Description {
            name: self.name.into(),
            version: self.version.into(),
            summary: self.summary.into(),
            media_types: self.media_types.iter().map(|&media_type| media_type.into()).collect(),
            file_extension: self.file_extension.into(),
            options_schema,
        }
    }
}

/// Exports a [`Plugin`] as the component's `meta` and `renderer`.
///
/// Outside wasm32 it only checks the type, so that several plugins can be linked into one native test.
#[macro_export]
macro_rules! plugin {
    ($plugin:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Guest = $crate::Guest<$plugin>;
    $crate::bindings::meta::export!(Guest with_types_in $crate::bindings::meta);
    $crate::bindings::export!(Guest with_types_in $crate::bindings);
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::About = <$plugin as $crate::Plugin>::describe;
    };
}

/// Describes a plugin as the host sees it, with the JSON Schema of its options.
pub fn describe<P: Plugin>() -> Description {
    P::describe().describe(P::Options::schema())
}

/// Renders a request as the host makes it: reads the options, then calls [`Plugin::render`].
///
/// # Errors
/// What [`Plugin::render`] returns, or one diagnostic `invalid-options`.
pub fn render<P: Plugin>(graph: &Graph, request: &Request) -> Result<Response, Vec<Diagnostic>> {
    let options = P::Options::parse(&request.options).map_err(|why| {
        let message = format!("the options of `{}` are not what its schema says: {why}", P::describe().name);
        vec![Diagnostic::error("invalid-options", message)]
    })?;
    P::render(graph, &options)
}

/// Stands between the generated bindings and a plugin.
#[doc(hidden)]
pub struct Guest<P>(PhantomData<P>);

impl<P: Plugin> meta::Guest for Guest<P> {
    fn describe() -> Description {
        crate::host::report_panics();
        describe::<P>()
    }
}

impl<P: Plugin> renderer::Guest for Guest<P> {
    fn render(graph: Graph, request: Request) -> Result<Response, Vec<Diagnostic>> {
        crate::host::report_panics();
        // The instance ends with this call: to walk 90,000 records and free each would be for nothing.
        let graph = ManuallyDrop::new(graph);
        render::<P>(&graph, &request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Artifact, NoOptions};

    struct Names;

    impl Plugin for Names {
        type Options = NoOptions;

        fn describe() -> About {
            About {
                name: "names",
                version: "1.2.3",
                summary: "Lists names",
                media_types: &["text/plain"],
                file_extension: "txt",
            }
        }

        fn render(graph: &Graph, _: &NoOptions) -> Result<Response, Vec<Diagnostic>> {
            Ok(Response::of(Artifact::text("names.txt", "text/plain", graph.name.clone())))
        }
    }

    plugin!(Names);

    fn request(options: &str) -> Request {
        Request { options: options.into(), engine: "0.1.0".into() }
    }

    fn graph() -> Graph {
        Graph {
            name: "shop".into(),
            description: None,
            version: None,
            words: vec![],
            nodes: vec![],
            edges: vec![],
            groups: vec![],
        }
    }

    #[test]
    fn a_plugin_without_options_has_no_schema() {
        assert_eq!(describe::<Names>().options_schema, "");
        assert_eq!(describe::<Names>().media_types, ["text/plain"]);
    }

    #[test]
    fn empty_options_text_is_an_empty_object() {
        for options in ["", "{}"] {
            let response = render::<Names>(&graph(), &request(options)).unwrap();
            assert_eq!(response.artifacts[0].as_text(), Some("shop"));
        }
    }

    #[test]
    fn options_that_cannot_be_read_are_a_diagnostic() {
        let diagnostics = render::<Names>(&graph(), &request("{\"colour\":1}")).unwrap_err();
        assert_eq!(diagnostics[0].code, "invalid-options");
        assert!(diagnostics[0].message.contains("`names`"), "{}", diagnostics[0].message);
    }
}
