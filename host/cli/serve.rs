//! `serve`: shows a document in a browser on this machine, and shows it again whenever it changes.
//!
//! The page around the drawing is the server's own; the drawing stands in a frame without rights. Only requests that
//! name this server as their host, and come from its own page or from nobody's, are answered.

mod guard;
mod state;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anstream::adapter::strip_bytes;
use clap::Args;
use tiny_http::{Header, Method, Request, Response, Server};

use self::guard::{Guard, Refused};
use self::state::{Drawn, State};
use crate::arguments::{DocumentArguments, PluginArguments, SettingArguments, ViewArguments};
use crate::drawing::DrawingArguments;
use crate::failure::{Failure, Result};
use crate::watch::DELAY;
use crate::watch::inputs::{self, Inputs};
use crate::watch::redraw::{Redraw, Redrawer};
use crate::watch::watcher::{Change, Wake, Watcher};
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
    view: ViewArguments,
    #[command(flatten)]
    plugins: PluginArguments,
}

const SHELL: &str = include_str!("serve/shell.html");
const SCRIPT: &str = include_str!("serve/shell.js");

/// How long a page waits for news before it asks again.
const PATIENCE: Duration = Duration::from_secs(25);

/// The most pages that may wait for news at the same time.
const MOST_WAITING: usize = 64;

/// Serves until it is told to stop.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut watcher = Watcher::start(Duration::from_millis(arguments.delay))?;
    let document = inputs::document(&arguments.document)?;
    let drawing = DrawingArguments {
        document: DocumentArguments { document: Some(document.clone()) },
        plugin: Some("html".to_owned()),
        settings: arguments.settings.clone(),
        view: arguments.view.clone(),
        out: None,
        split: None,
        allow_errors: arguments.allow_errors,
        plugins: arguments.plugins.clone(),
    };
    let mut inputs = Inputs::of(&document, &drawing, None);
    watcher.watch(&inputs);
    let mut redrawer = Redrawer::new(drawing.clone(), usize::MAX);
    let first = drawn(redrawer.draw(Change::Project)?);
    let state = Arc::new(State::new(document.display().to_string(), first));

    let server = Arc::new(listen(arguments.port)?);
    let Some(address) = server.server_addr().to_ip() else { return Err(Failure::new("the server has no address")) };
    let url = format!("http://{address}/");
    report::note(&format!("{} is at {url} (Ctrl-C ends it)", document.display()))?;
    let answering = {
        let (server, state, guard) = (Arc::clone(&server), Arc::clone(&state), Guard::of(address));
        std::thread::spawn(move || {
            loop {
                match server.recv() {
                    Ok(request) => answer(request, &guard, &state),
                    Err(why) => break why,
                }
            }
        })
    };
    if arguments.open
        && let Err(error) = open::that_detached(&url)
    {
        report::warning(&format!("no browser could be opened: {error}; open {url} yourself"))?;
    }
    while watcher.wait() == Wake::Change {
        if answering.is_finished() {
            let why = answering.join().map_or_else(|_panic| "it broke down".to_owned(), |why| why.to_string());
            return Err(Failure::new(format!("the server answers no more: {why}")).help("start it again"));
        }
        inputs = Inputs::of(&document, &drawing, Some(&inputs));
        if let Some(change) = watcher.watch(&inputs) {
            let redraw = redrawer.draw(change).unwrap_or_else(|failure| Redraw::failed(&failure));
            state.replace(drawn(redraw));
        }
    }
    server.unblock();
    // It ends with its loop; a panic in it has been printed by then.
    let _ = answering.join();
    Ok(Outcome::Clean)
}

fn listen(port: u16) -> Result<Server> {
    Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(|error| {
        let failure = Failure::new(format!("cannot listen on 127.0.0.1:{port}: {error}"));
        failure.help("name another port, or --port 0 for any that is free")
    })
}

/// The part of a drawing that is shown.
fn drawn(redraw: Redraw) -> Drawn {
    let report = String::from_utf8_lossy(&strip_bytes(&redraw.report).into_vec()).into_owned();
    let page = redraw.artifacts.and_then(|artifacts| artifacts.into_iter().next()).map(|artifact| artifact.content);
    Drawn { report, page: page.map(Arc::from) }
}

/// Answers a request.
fn answer(request: Request, guard: &Guard, state: &Arc<State>) {
    let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
    let response = match guard.check(&request) {
        Err(refused) => text(refused.status(), refused.message()),
        Ok(()) if !matches!(request.method(), Method::Get | Method::Head) => text(405, "only GET and HEAD"),
        Ok(()) => match path {
            "/" => shell(SHELL, "text/html; charset=utf-8"),
            "/shell.js" => shell(SCRIPT, "text/javascript; charset=utf-8"),
            "/page" => match state.page() {
                Some(page) => of(200, page.to_vec(), "text/html; charset=utf-8")
                    .with_header(header("Content-Security-Policy", "frame-ancestors 'self'")),
                None => text(404, "nothing has been drawn yet"),
            },
            "/state" => {
                let after = query.strip_prefix("after=").and_then(|after| after.parse().ok());
                return news(request, after, state);
            }
            _ => text(404, "there is no such page"),
        },
    };
    // Whoever asked may have gone.
    let _ = request.respond(response);
}

/// Answers with the state of things, as soon as it is newer than what the page knows.
fn news(request: Request, after: Option<u64>, state: &Arc<State>) {
    let respond = |request: Request, json: String| {
        // Whoever asked may have gone.
        let _ = request.respond(of(200, json.into_bytes(), "application/json"));
    };
    let Some(after) = after else { return respond(request, state.to_json()) };
    let waiting = Arc::clone(state);
    if state.waiting() >= MOST_WAITING {
        let _ = request.respond(text(503, "too many pages wait"));
        return;
    }
    std::thread::spawn(move || {
        waiting.wait_for_news(after, PATIENCE);
        respond(request, waiting.to_json());
    });
}

type Answer = Response<std::io::Cursor<Vec<u8>>>;

fn text(status: u16, text: &str) -> Answer {
    of(status, format!("{text}\n").into_bytes(), "text/plain; charset=utf-8")
}

fn shell(content: &str, media_type: &str) -> Answer {
    let policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-src 'self'; \
                  connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    of(200, content.as_bytes().to_vec(), media_type).with_header(header("Content-Security-Policy", policy))
}

fn of(status: u16, content: Vec<u8>, media_type: &str) -> Answer {
    let headers = [
        ("Content-Type", media_type),
        ("Cache-Control", "no-store"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    let response = Response::from_data(content).with_status_code(status);
    headers.into_iter().fold(response, |response, (name, value)| response.with_header(header(name, value)))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("the headers that are written here are ASCII")
}

impl Refused {
    fn status(self) -> u16 {
        match self {
            Self::Host | Self::Origin => 403,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Host => {
                "refused: the request names another host (spec-engine serve answers to 127.0.0.1 and localhost)"
            }
            Self::Origin => "refused: the request comes from another site's page",
        }
    }
}
