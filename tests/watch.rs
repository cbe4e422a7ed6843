//! `watch` and `serve`: what they do when files change, and how they end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::support::browser::look;
use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::json;

/// How long something may take that takes some milliseconds. It is there to end a test that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command that runs until it is told to stop.
struct Running {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Running {
    fn start(workspace: &Workspace, arguments: &[&str]) -> Self {
        let mut child =
            workspace.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let errors = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || errors.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines, said: Vec::new() }
    }

    /// Waits until it says something.
    #[track_caller]
    fn says(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.said.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
        panic!("it did not say `{text}`, but {:#?}", self.said);
    }

    fn is_silent(&mut self, time: Duration) {
        if let Ok(line) = self.lines.recv_timeout(time) {
            panic!("it said {line}");
        }
    }

    /// How long it has computed, in hundredths of a second; 0 where the system does not say.
    fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let times = after_name.split_whitespace().skip(11).take(2);
        times.filter_map(|time| time.parse::<u64>().ok()).sum()
    }

    fn stop(mut self, signal: i32) -> i32 {
        // SAFETY: it is a child of this process that has not been waited for.
        let sent = unsafe { libc::kill(i32::try_from(self.child.id()).unwrap(), signal) };
        assert_eq!(sent, 0);
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().expect("it ends by itself");
            }
            assert!(Instant::now() < end, "it did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn system(service: &str) -> String {
    format!(r#"{{"name": "s", "services": {{"{service}": {{"image": {{"name": "i", "tag": "1"}}}}}}}}"#)
}

#[test]
fn watch_draws_at_each_change_and_keeps_the_last_good_picture() {
    let workspace = Workspace::new();
    workspace.write("s.json", system("first"));
    let drawing = || std::fs::read_to_string(workspace.path().join("out.svg")).unwrap();
    let mut watch = Running::start(&workspace, &["watch", "s.json", "-o", "out.svg"]);
    watch.says("out.svg is drawn");
    assert!(drawing().contains(">first<"));

    workspace.write("s.json", system("second"));
    watch.says("out.svg is drawn");
    assert!(drawing().contains(">second<"));

    workspace.write("s.json", r#"{"name": "s", "services": {"third": {"imag": {}}}}"#);
    watch.says("error[unknown-field]");
    watch.says("did you mean `image`?");
    watch.says("out.svg stays as it was");
    assert!(drawing().contains(">second<"));

    // An editor replaces the file.
    workspace.write("s.json.new", system("fourth"));
    std::fs::rename(workspace.path().join("s.json.new"), workspace.path().join("s.json")).unwrap();
    watch.says("out.svg is drawn");
    assert!(drawing().contains(">fourth<"));
    assert_eq!(watch.stop(libc::SIGINT), 0);
    let mut names: Vec<_> =
        std::fs::read_dir(workspace.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| name != "home");
    names.sort();
    assert_eq!(names, ["out.svg", "s.json"], "nothing else was left");
}

#[test]
fn watch_shows_the_errors_first_and_not_everything() {
    let services: Vec<String> =
        (0..20).map(|index| format!(r#""s{index}": {{"image": {{"name": "i"}}, "owner": "nobody"}}"#)).collect();
    let workspace = Workspace::new();
    workspace.write(
        "s.json",
        format!(r#"{{"name": "s", "services": {{{}, "bad": {{"image": {{"nam": "i"}}}}}}}}"#, services.join(", ")),
    );
    let mut watch = Running::start(&workspace, &["watch", "s.json", "-o", "out.svg", "--max-findings", "3"]);
    watch.says("… and ");
    watch.says("out.svg stays as it was");
    let shown = watch.said.iter().filter(|line| line.starts_with("error[") || line.starts_with("warning["));
    let shown: Vec<&String> = shown.collect();
    assert_eq!(shown.len(), 3, "{shown:#?}");
    assert!(shown.iter().any(|line| line.starts_with("error[unknown-field]")), "{shown:#?}");
    assert_eq!(watch.stop(libc::SIGINT), 0);
}

#[test]
fn watch_sees_a_document_and_its_folder_go_and_come_back() {
    let workspace = Workspace::new();
    workspace.write("docs/s.json", system("first"));
    let mut watch = Running::start(&workspace, &["watch", "docs/s.json", "-o", "out.svg"]);
    watch.says("out.svg is drawn");
    std::fs::remove_file(workspace.path().join("docs/s.json")).unwrap();
    watch.says("there is no document docs/s.json");
    watch.says("out.svg stays as it was");
    std::fs::remove_dir(workspace.path().join("docs")).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    workspace.write("docs/s.json", system("again"));
    watch.says("out.svg is drawn");
    assert!(std::fs::read_to_string(workspace.path().join("out.svg")).unwrap().contains(">again<"));
    assert_eq!(watch.stop(libc::SIGTERM), 0);
}

#[test]
fn watch_draws_when_the_project_or_a_template_changes() {
    let workspace = Workspace::new();
    workspace.write("s.json", system("first")).write("t.txt.tera", "one {{ graph.name }}\n");
    let mut watch = Running::start(&workspace, &["watch", "s.json", "--plugin", "./t.txt.tera", "-o", "out.txt"]);
    watch.says("out.txt is drawn");
    workspace.write("t.txt.tera", "two {{ graph.name }}\n");
    watch.says("out.txt is drawn");
    assert_eq!(std::fs::read_to_string(workspace.path().join("out.txt")).unwrap(), "two s\n");
    workspace.write("spec-engine.toml", "[rules]\nunpinned-image = \"err\"\n");
    watch.says("spec-engine.toml:2:18");
    watch.says("out.txt is drawn");
    workspace.write(".spec-engine/rules/r.rhai", "//! No.\n\n");
    watch.says("r.rhai");
    assert_eq!(watch.stop(libc::SIGINT), 0);
}

#[test]
fn watch_and_serve_draw_at_the_places_that_are_kept() {
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", "").write("s.json", system("first"));
    workspace.run(&["render", "s.json", "-o", "out.svg", "--keep-layout"]).ends(0);
    let read = |file: &str| std::fs::read_to_string(workspace.path().join(file)).unwrap();
    let middle = || crate::pictures::middles(&read("out.svg"))["svc:first"];
    let lock = read("layout.lock");
    let before = middle();
    let mut watch = Running::start(&workspace, &["watch", "s.json", "-o", "out.svg"]);
    watch.says("out.svg is drawn");
    assert_eq!(middle(), before);

    let place = lock.lines().find_map(|line| line.strip_prefix("\"svc:first\" = ")).unwrap();
    workspace.write("layout.lock", lock.replace(place, "[300, 200]"));
    watch.says("out.svg is drawn");
    let after = middle();
    assert!(after.0 > before.0 + 100.0 && after.1 > before.1 + 100.0, "{before:?} {after:?}");

    workspace.write("layout.lock", "version = 1\n<<<<<<<");
    watch.says("cannot read layout.lock");
    watch.says("out.svg is drawn");
    assert_eq!(middle(), before, "it stands anywhere");

    workspace.write("layout.lock", lock.replace(place, "[300, 200]"));
    let (server, port) = serve(&workspace, "s.json");
    let page = get(port, "/page");
    let start = page.find("<svg").expect("a picture");
    let picture = &page[start..start + page[start..].find("</svg>").expect("its end") + 6];
    assert_eq!(crate::pictures::middles(picture)["svc:first"], after);
    drop(server);
}

#[test]
fn watch_waits_for_quiet_and_does_nothing_where_nothing_changes() {
    let workspace = Workspace::new();
    workspace.write("s.json", system("first"));
    let mut watch = Running::start(&workspace, &["watch", "s.json", "-o", "out.svg", "--delay", "1500"]);
    watch.says("out.svg is drawn");
    for index in 0..10 {
        workspace.write("s.json", system(&format!("s{index}")));
        std::thread::sleep(Duration::from_millis(30));
    }
    watch.says("out.svg is drawn");
    assert!(std::fs::read_to_string(workspace.path().join("out.svg")).unwrap().contains(">s9<"));
    watch.is_silent(Duration::from_millis(1_500));
    // To read the document, or to write something else beside it, is no change.
    std::fs::read(workspace.path().join("s.json")).unwrap();
    workspace.write("other.txt", "x");
    watch.is_silent(Duration::from_millis(1_500));
    let ticks = watch.ticks();
    watch.is_silent(Duration::from_secs(2));
    assert!(watch.ticks() - ticks < 5, "it computes while it waits");
    assert_eq!(watch.stop(libc::SIGINT), 0);
}

#[test]
fn what_cannot_be_watched_is_said_at_once() {
    let workspace = Workspace::new();
    workspace.write("s.json", system("first"));
    workspace.run(&["watch", "s.json"]).ends(2).says("--out FILE.svg");
    workspace.run(&["watch", "gone.json", "-o", "x.svg"]).ends(2).says("there is no document gone.json");
    workspace
        .run(&["watch", "s.json", "-o", "x.svg", "--plugin", "nobody"])
        .ends(2)
        .says("there is no plugin `nobody`");
    workspace
        .run(&["watch", "s.json", "-o", "x.svg", "--set", "colour=red"])
        .ends(2)
        .says("there is no option `colour`");
    workspace.run_with_stdin(&["watch", "-", "-o", "x.svg"], b"{}").ends(2).says("standard input cannot be watched");
    workspace.run(&["serve", "gone.json"]).ends(2).says("there is no document gone.json");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    workspace.run(&["serve", "s.json", "--port", &port]).ends(2).says("--port 0");
}

/// Sends a request as it stands, and returns the answer.
fn ask(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.replace("PORT", &port.to_string()).as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn get(port: u16, path: &str) -> String {
    ask(port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"))
}

fn serve(workspace: &Workspace, document: &str) -> (Running, u16) {
    let mut serve = Running::start(workspace, &["serve", document, "--port", "0"]);
    let line = serve.says("is at http://127.0.0.1:");
    let port = line.split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
    (serve, port)
}

#[test]
fn serve_answers_its_own_page_and_nobody_else() {
    let workspace = Workspace::new();
    workspace.write("<b>.json", system("<img src=x>"));
    let (serve, port) = serve(&workspace, "<b>.json");
    let shell = get(port, "/");
    assert!(shell.starts_with("HTTP/1.1 200") && shell.contains("frame-ancestors 'none'"), "{shell}");
    assert!(get(port, "/shell.js").contains("text/javascript"));
    let page = get(port, "/page");
    assert!(page.contains("default-src 'none'") && !page.contains("<img src=x>"));
    let state = get(port, "/state");
    assert!(state.contains("application/json") && state.contains(r#""version":1"#), "{state}");
    for path in ["/s.json", "/../s.json", "/page/", "//", "/%2e%2e/s.json", "/etc/passwd"] {
        assert!(get(port, path).starts_with("HTTP/1.1 404"), "{path}");
    }
    let refused = [
        "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /state HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n",
        "GET /page HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: null\r\nConnection: close\r\n\r\n",
    ];
    for request in refused {
        let answer = ask(port, request);
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("refused"), "{request}: {answer}");
    }
    let post = "POST /state HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert!(ask(port, post).starts_with("HTTP/1.1 405"));
    assert_eq!(serve.stop(libc::SIGINT), 0);
}

#[test]
fn serve_tells_of_each_change_and_keeps_the_last_good_page() {
    let workspace = Workspace::new();
    workspace.write("s.json", system("first"));
    let (serve, port) = serve(&workspace, "s.json");
    assert!(get(port, "/page").contains(">first<"));
    let news = std::thread::spawn(move || get(port, "/state?after=1"));
    std::thread::sleep(Duration::from_millis(200));
    workspace.write("s.json", system("second"));
    let news = news.join().unwrap();
    assert!(news.contains(r#""version":2"#) && news.contains(r#""drawn":2"#), "{news}");
    assert!(get(port, "/page").contains(">second<"));
    workspace.write("s.json", "{");
    let news = get(port, "/state?after=2");
    assert!(news.contains("invalid-json") && news.contains(r#""drawn":2"#), "{news}");
    assert!(get(port, "/page").contains(">second<"));
    std::fs::remove_file(workspace.path().join("s.json")).unwrap();
    assert!(get(port, "/state?after=3").contains("there is no document s.json"));
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    assert!(get(port, "/state?after=4").contains(r#""drawn":5"#));
    assert!(get(port, "/page").contains("payments-platform"));
    assert_eq!(serve.stop(libc::SIGTERM), 0);
}

#[test]
fn a_browser_shows_each_change_and_keeps_what_is_selected() {
    let workspace = Workspace::new();
    let payments = std::fs::read_to_string(PAYMENTS).unwrap();
    workspace.write("s.json", &payments);
    let (serve, port) = serve(&workspace, "s.json");
    let path = workspace.path().join("s.json");
    let (changed, broken) = (payments.replace("\"email-templates\"", "\"letters\""), "{");
    let edits = std::thread::spawn(move || {
        // Whatever the browser has shown by then, it goes through the same steps.
        std::thread::sleep(Duration::from_secs(3));
        std::fs::write(&path, changed).unwrap();
        std::thread::sleep(Duration::from_secs(3));
        std::fs::write(&path, broken).unwrap();
    });
    let heading = json!({"frame": "document.querySelector('#facts h2')?.textContent"});
    let steps = json!([
        {"wait": "document.getElementById('page').src.includes('drawn=')"},
        {"frame": "document.querySelector('g[role=button][data-id=\"rds:users-db\"]')?.dispatchEvent(new MouseEvent('click', {bubbles: true}))"},
        heading,
        {"wait": "document.getElementById('page').src.includes('drawn=2')"},
        heading,
        {"frame": "document.querySelectorAll('g[data-id=\"s3:letters\"]').length"},
        {"wait": "document.getElementById('summary').className === 'old'"},
        {"read": "document.getElementById('report').textContent"},
        heading,
    ]);
    let seen = look(&format!("http://127.0.0.1:{port}/"), "dark", steps);
    edits.join().unwrap();
    assert_eq!(serve.stop(libc::SIGINT), 0);
    let Some(seen) = seen else { return };
    assert_eq!(seen.complaints, Vec::<String>::new());
    assert_eq!((&seen.read[1], &seen.read[2]), (&json!("users-db"), &json!("users-db")));
    assert_eq!(seen.read[3], 1);
    assert!(seen.read[4].as_str().unwrap().contains("invalid-json"), "{:?}", seen.read);
    assert_eq!(seen.read[5], "users-db", "the last good page is still there");
    let own = format!("http://127.0.0.1:{port}/");
    assert!(seen.requests.iter().all(|request| request.starts_with(&own)), "{:?}", seen.requests);
}
