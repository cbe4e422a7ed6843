//! What a plugin with rules is, and how it is exported.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::bindings::meta::exports::spec_engine::plugin::meta;
use crate::bindings::rules::exports::spec_engine::plugin::rules;
use crate::{About, Graph, Options, Place, Request, Severity};

pub use rules::Finding;

/// Checks a document against one rule. Exported, with others of its plugin, by [`rules!`](crate::rules!).
pub trait Rule {
    /// What a project can decide, declared with [`options!`](crate::options!): texts, truth values and whole numbers.
    /// [`NoOptions`](crate::NoOptions) for nothing.
    type Options: Options;

    /// What this rule is: the same answer at every call.
    fn about() -> AboutRule;

    /// What is wrong. The graph is that of the whole document, grouped by owner; [`host`](crate::host) tells the
    /// rest.
    ///
    /// # Errors
    /// One sentence that says why the rule could not do its work.
    fn check(graph: &Graph, options: &Self::Options) -> Result<Vec<Finding>, String>;
}

/// What a rule is. Its options describe themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboutRule {
    /// Its name within the plugin, kebab-case, after the fault: `too-many-connections`.
    pub name: &'static str,
    /// How bad the fault is, unless a project says otherwise.
    pub severity: Severity,
    /// One sentence on what it finds.
    pub summary: &'static str,
    /// What it does, why, with an example and what to write instead, as Markdown. May be empty.
    pub docs: &'static str,
}

impl Finding {
    /// Makes a finding: one sentence that names the thing and the fault.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, help: None }
    }

    /// What it is about: the host shows the line in the document.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The next step, as one sentence.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Exports rules as the component's `meta` and `rules`: what the plugin is, then each type that implements [`Rule`].
///
/// Outside wasm32 it only checks the types, so that several plugins can be linked into one native test.
///
/// ```
/// use spec_engine_plugin::{About, AboutRule, Finding, Graph, Place, Rule, Severity, options, rules};
///
/// options! {
///     /// What a project can decide.
///     pub struct Options {
///         /// The most connections that a service may have.
///         pub most: u32 = 10,
///     }
/// }
///
/// struct TooManyConnections;
///
/// impl Rule for TooManyConnections {
///     type Options = Options;
///
///     fn about() -> AboutRule {
///         AboutRule {
///             name: "too-many-connections",
///             severity: Severity::Warning,
///             summary: "A service has more connections than the house allows.",
///             docs: "",
///         }
///     }
///
///     fn check(graph: &Graph, options: &Options) -> Result<Vec<Finding>, String> {
///         let mut counts = vec![0; graph.nodes.len()];
///         for edge in &graph.edges {
///             counts[edge.source as usize] += 1;
///         }
///         let too_many = (0..).zip(counts).filter(|(_, count)| *count > options.most);
///         Ok(too_many
///             .map(|(node, count)| {
///                 let label = &graph.nodes[node as usize].label;
///                 Finding::new(format!("`{label}` has {count} connections")).at(Place::Node(node))
///             })
///             .collect())
///     }
/// }
///
/// rules! {
///     about: About::of("acme", env!("CARGO_PKG_VERSION"), "House rules of Acme"),
///     rules: [TooManyConnections],
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! rules {
    (about: $about:expr, rules: [$($rule:ty),+ $(,)?] $(,)?) => {
        const _: () = {
            struct Set;

            impl $crate::RuleSet for Set {
                fn describe() -> $crate::About {
                    $about
                }

                fn all() -> ::std::vec::Vec<$crate::RuleDescription> {
                    ::std::vec![$($crate::describe_rule::<$rule>()),+]
                }

                fn check(
                    name: &str,
                    graph: &$crate::Graph,
                    options: &str,
                ) -> ::core::result::Result<::std::vec::Vec<$crate::Finding>, ::std::string::String> {
                    $(
                        if name == <$rule as $crate::Rule>::about().name {
                            return $crate::check::<$rule>(graph, options);
                        }
                    )+
                    ::core::result::Result::Err(::std::format!("there is no rule `{name}`"))
                }
            }

            #[cfg(target_arch = "wasm32")]
            const _: () = {
                type Guest = $crate::RulesGuest<Set>;
                $crate::bindings::meta::export!(Guest with_types_in $crate::bindings::meta);
            $crate::bindings::rules::export!(Guest with_types_in $crate::bindings::rules);
            };

            #[cfg(not(target_arch = "wasm32"))]
            const _: fn() -> $crate::About = <Set as $crate::RuleSet>::describe;
        };
    };
}

/// The rules of a plugin. [`rules!`](crate::rules!) implements it.
#[doc(hidden)]
pub trait RuleSet {
    fn describe() -> About;
    fn all() -> Vec<rules::Rule>;
    fn check(name: &str, graph: &Graph, options: &str) -> Result<Vec<Finding>, String>;
}

/// Describes a rule as the host sees it, with the JSON Schema of its options.
#[doc(hidden)]
pub fn describe_rule<R: Rule>() -> rules::Rule {
    let AboutRule { name, severity, summary, docs } = R::about();
    rules::Rule {
        name: name.into(),
        severity,
        summary: summary.into(),
        docs: docs.into(),
        options_schema: R::Options::schema(),
    }
}

/// Checks a document against a rule as the host asks for it: reads the options, then calls [`Rule::check`].
///
/// # Errors
/// What [`Rule::check`] returns, or that the options are not what the schema says.
pub fn check<R: Rule>(graph: &Graph, options: &str) -> Result<Vec<Finding>, String> {
    let options =
        R::Options::parse(options).map_err(|why| format!("its options are not what its schema says: {why}"))?;
    R::check(graph, &options)
}

/// Stands between the generated bindings and rules.
#[doc(hidden)]
pub struct RulesGuest<S>(PhantomData<S>);

impl<S: RuleSet> meta::Guest for RulesGuest<S> {
    fn describe() -> meta::Description {
        crate::host::report_panics();
        S::describe().describe(String::new())
    }
}

impl<S: RuleSet> rules::Guest for RulesGuest<S> {
    fn all() -> Vec<rules::Rule> {
        crate::host::report_panics();
        S::all()
    }

    fn check(rule: String, graph: Graph, request: Request) -> Result<Vec<Finding>, String> {
        crate::host::report_panics();
        // As where a graph is rendered: the instance ends with this call.
        let graph = ManuallyDrop::new(graph);
        S::check(&rule, &graph, &request.options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options;

    options! {
        /// What a project can decide.
        struct Options {
            /// The shortest name.
            shortest: u16 = 3,
        }
    }

    struct ShortName;

    impl Rule for ShortName {
        type Options = Options;

        fn about() -> AboutRule {
            AboutRule { name: "short-name", severity: Severity::Info, summary: "A name is short.", docs: "Longer." }
        }

        fn check(graph: &Graph, options: &Options) -> Result<Vec<Finding>, String> {
            let is_short = graph.name.len() < options.shortest.into();
            Ok(is_short.then(|| Finding::new("short").with_help("Write more")).into_iter().collect())
        }
    }

    rules! { about: About::of("names", "1.0.0", "Looks at names"), rules: [ShortName] }

    fn graph() -> Graph {
        Graph {
            name: "sho".into(),
            description: None,
            version: None,
            words: vec![],
            nodes: vec![],
            edges: vec![],
            groups: vec![],
        }
    }

    #[test]
    fn a_rule_is_checked_with_the_options_of_the_host() {
        assert_eq!(check::<ShortName>(&graph(), ""), Ok(vec![]));
        let found = check::<ShortName>(&graph(), r#"{"shortest":4}"#).unwrap();
        assert_eq!((found[0].message.as_str(), found[0].help.as_deref()), ("short", Some("Write more")));
        assert!(check::<ShortName>(&graph(), r#"{"longest":4}"#).unwrap_err().contains("longest"));
    }

    #[test]
    fn a_rule_describes_itself_with_its_options() {
        let described = describe_rule::<ShortName>();
        assert_eq!((described.name.as_str(), described.docs.as_str()), ("short-name", "Longer."));
        assert!(described.options_schema.contains("shortest"));
    }
}
