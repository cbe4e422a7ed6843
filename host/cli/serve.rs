//! `serve`: shows a document in a browser on this machine, and shows it again whenever it changes.
//!
//! The page around the drawing is the server's own; the drawing stands in a frame without rights. Only requests that
//! name this server as their host, and come from its own page or from nobody's, are answered.

mod answer;
mod client;
mod guard;
mod server;
mod state;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anstream::adapter::strip_bytes;
use clap::Args;

use self::answer::Answers;
use self::guard::Guard;
use self::server::Server;
use self::state::{TurnOutput, State};
use crate::arguments::{DocumentArguments, PluginArguments, SettingArguments, ViewArguments};
use crate::drawing::DrawingArguments;
use crate::failure::{Failure, Result};
use crate::layout::LayoutArguments;
use crate::watch::DELAY;
use crate::watch::inputs::{self, Inputs};
use crate::watch::redraw::{Redraw, Redrawer};
use crate::watch::watcher::{Change, WakeReason, Watcher};
use crate::outcome::Outcome;
use crate::report;

/// Show a document in a browser, and again whenever it changes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine serve payments.json --open
  spec-engine serve payments.json --group-by owner --port 0

Only this machine can reach it: it listens on 127.0.0.1. The page is that of the renderer `html`,
with the findings above it. Ctrl-C ends it.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    document: DocumentArguments,
    /// The port to listen on; 0 for any that is free.
    #[arg(long, default_value_t = 7320)]
    port: u16,
    /// Open the page in the browser.
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    settings: SettingArguments,
    /// Draw what can be drawn of a document with errors.
    #[arg(long)]
    allow_errors: bool,
    /// How long nothing may change before it is drawn again, in milliseconds, 1 to 60000.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = DELAY, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    delay: u64,
    #[command(flatten)]
    layout: LayoutArguments,
    #[command(flatten)]
    view: ViewArguments,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// Serves until it is told to stop.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut watcher = Watcher::start(Duration::from_millis(arguments.delay))?;
    let document = inputs::document(&arguments.document)?;
    let drawing = DrawingArguments {
        document: DocumentArguments { document: Some(document.clone()) },
        plugin: Some("html".to_owned()),
        settings: arguments.settings.clone(),
        layout: arguments.layout,
        view: arguments.view.clone(),
        out: None,
        split: None,
        overwrite: false,
        allow_errors: arguments.allow_errors,
        plugins: arguments.plugins.clone(),
    };
    let mut inputs = Inputs::of(&document, &drawing, None);
    watcher.watch(&inputs);
    let mut redrawer = Redrawer::new(drawing.clone(), usize::MAX);
    let first = drawn(redrawer.draw(Change::Project)?);
    let state = Arc::new(State::new(document.display().to_string(), first));

    let listener = listen(arguments.port)?;
    let failed = |error: std::io::Error| Failure::new(format!("the server cannot start: {error}"));
    let address = listener.local_addr().map_err(failed)?;
    let answers = Answers { guard: Guard::of(address), state: Arc::clone(&state) };
    let server = Server::start(listener, answers).map_err(failed)?;
    let url = format!("http://{address}/");
    report::note(&format!("{} is at {url} (Ctrl-C ends it)", document.display()))?;
    if arguments.open
        && let Err(error) = open::that_detached(&url)
    {
        report::warning(&format!("no browser could be opened: {error}; open {url} yourself"))?;
    }
    while watcher.wait() == WakeReason::Change {
        if server.is_finished() {
            return Err(Failure::new("the server answers no more").help("start it again"));
        }
        inputs = Inputs::of(&document, &drawing, Some(&inputs));
        if let Some(change) = watcher.watch(&inputs) {
            let redraw = redrawer.draw(change).unwrap_or_else(|failure| Redraw::failed(&failure));
            state.replace(drawn(redraw));
        }
    }
    server.stop();
    Ok(Outcome::Clean)
}

fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(|error| {
        let failure = Failure::new(format!("cannot listen on 127.0.0.1:{port}: {error}"));
        failure.help("name another port, or --port 0 for any that is free")
    })
}

/// The part of a drawing that is shown.
fn drawn(redraw: Redraw) -> TurnOutput {
    let report = String::from_utf8_lossy(&strip_bytes(&redraw.report).into_vec()).into_owned();
    let page = redraw.artifacts.and_then(|artifacts| artifacts.into_iter().next()).map(|artifact| artifact.content);
    TurnOutput { report, page: page.map(Into::into) }
}
