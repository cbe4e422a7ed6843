//! Does what its option says, so that a test sees what the user reads of it: `.ci/scaffolds` builds it.

use spec_engine_plugin::{
    About, Artifact, Diagnostic, Graph, Plugin, Response, dbg, eprintln, options, plugin, println,
};

options! {
    /// What the user can set.
    pub struct Options {
        /// What to do.
        pub act: String = "print".to_owned(),
    }
}

/// The plugin.
pub struct Loud;

impl Plugin for Loud {
    type Options = Options;

    fn describe() -> About {
        About {
            name: "my-list",
            version: "0.1.0",
            summary: "Does what its option says",
            media_types: &["text/plain"],
            file_extension: "txt",
        }
    }

    fn render(graph: &Graph, options: &Options) -> Result<Response, Vec<Diagnostic>> {
        println!("to standard output");
        eprintln!("to standard error");
        let services = dbg!(graph.nodes.len());
        match options.act.as_str() {
            "raise" => panic!("raised on purpose"),
            "answer" => Err(vec![Diagnostic::error("on-purpose", "answered on purpose").with_help("Do not")]),
            "deep" => Ok(Response::of(Artifact::text("loud.txt", "text/plain", find_nothing(services)))),
            _ => Ok(Response::of(Artifact::text("loud.txt", "text/plain", "done\n"))),
        }
    }
}

#[inline(never)]
fn find_nothing(count: usize) -> String {
    let names: Vec<String> = Vec::new();
    names[count].clone()
}

plugin!(Loud);
