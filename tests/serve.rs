//! `serve` against clients that misbehave: the process lives on, and one person's page keeps working.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::workspace::Workspace;

/// How long an answer may take while others misbehave; on an idle machine it takes a millisecond.
const SOON: Duration = Duration::from_secs(10);

/// A server with a page, that nobody has asked yet.
struct Served {
    child: Child,
    port: u16,
    _workspace: Workspace,
}

impl Served {
    fn start() -> Self {
        Self::start_with(|workspace| workspace.command(&["serve", "s.json", "--port", "0"]), 1)
    }

    /// Starts a server of a document with some services.
    fn start_with(command: impl Fn(&Workspace) -> std::process::Command, services: usize) -> Self {
        let workspace = Workspace::new();
        let text = "x".repeat(1_000);
        let service = |index| format!(r#""s{index}": {{"image": {{"name": "i"}}, "description": "{text}"}}"#);
        let services: Vec<String> = (0..services).map(service).collect();
        workspace.write("s.json", format!(r#"{{"name": "s", "services": {{{}}}}}"#, services.join(", ")));
        let mut child = command(&workspace).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut errors = child.stderr.take().unwrap();
        let mut buffer = [0; 1024];
        let mark = "is at http://127.0.0.1:";
        while !said.contains(mark) || !said[said.find(mark).unwrap() + mark.len()..].contains('/') {
            let read = errors.read(&mut buffer).unwrap();
            assert!(read > 0, "it ended: {said}");
            said.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        let port = said.split(mark).nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        // What it says later is not waited for.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        Self { child, port, _workspace: workspace }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(SOON * 3)).unwrap();
        stream.set_write_timeout(Some(SOON)).unwrap();
        stream
    }

    /// Sends the head of a request and returns the answer, as far as it comes.
    fn ask(&self, head: &str) -> String {
        let mut stream = self.connect();
        let head = head.replace("HOST", &format!("Host: 127.0.0.1:{}", self.port));
        stream.write_all(head.as_bytes()).unwrap();
        read_all(&mut stream)
    }

    /// Asserts that the page is there for somebody who behaves, soon.
    #[track_caller]
    fn answers(&self) {
        for path in ["/", "/page", "/state"] {
            let start = Instant::now();
            let answer = self.ask(&format!("GET {path} HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n"));
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer:.200}");
            assert!(start.elapsed() < SOON, "{path} took {:?}", start.elapsed());
        }
    }

    /// The resident memory of the process in bytes, where the system tells.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() << 10
    }

    /// Ends it, as a person does.
    fn stop(mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "it is still there");
        // SAFETY: it is a child of this process that has not been waited for.
        assert_eq!(unsafe { libc::kill(i32::try_from(self.child.id()).unwrap(), libc::SIGINT) }, 0);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads until the other side ends the connection, which it may do by breaking it off.
fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_body_is_refused_and_not_waited_for() {
    let served = Served::start();
    let before = served.memory();
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999999\r\n\r\n", "413"),
        ("GET /state HTTP/1.1\r\nHOST\r\nContent-Length: 5\r\n\r\nhello", "413"),
        ("GET / HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\n\r\n", "413"),
        ("POST / HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999999\r\n\r\n", "405"),
        ("POST /state HTTP/1.1\r\nHOST\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n", "405"),
        ("PUT / HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", "405"),
        ("GET / HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999999999999999999\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHOST\r\nContent-Length: -1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        let start = Instant::now();
        let answer = served.ask(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
        assert!(start.elapsed() < SOON, "{request}");
    }
    // A large body that does come.
    let mut stream = served.connect();
    let head = format!("POST / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 1073741824\r\n\r\n", served.port);
    stream.write_all(head.as_bytes()).unwrap();
    let mib = vec![b'x'; 1 << 20];
    let sent = (0..1024).take_while(|_| stream.write_all(&mib).is_ok()).count();
    assert!(sent < 1024, "it was read to the end");
    served.answers();
    assert!(served.memory() < before + (64 << 20), "{} and {}", before, served.memory());
    served.stop();
}

#[test]
fn a_head_is_bounded() {
    let served = Served::start();
    let before = served.memory();
    let long = format!("GET / HTTP/1.1\r\nHOST\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    let many = format!("GET / HTTP/1.1\r\nHOST\r\n{}\r\n", "X: y\r\n".repeat(100));
    let path = format!("GET /{} HTTP/1.1\r\nHOST\r\n\r\n", "x".repeat(20_000));
    for request in [long, many, path] {
        let answer = served.ask(&request);
        assert!(["HTTP/1.1 431", "HTTP/1.1 414"].iter().any(|status| answer.starts_with(status)), "{answer:.100}");
    }
    // A line of 1.5 GB, as far as it is taken.
    let mut stream = served.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
    let mib = vec![b'x'; 1 << 20];
    let sent = (0..1536).take_while(|_| stream.write_all(&mib).is_ok()).count();
    assert!(sent < 1536, "it was read to the end");
    assert!(served.memory() < before + (64 << 20), "{} and {}", before, served.memory());
    served.answers();
    served.stop();
}

#[test]
fn half_a_request_holds_nobody_up() {
    let served = Served::start();
    let halves: Vec<TcpStream> = (0..300)
        .map(|index| {
            let mut stream = served.connect();
            let start: &[u8] = if index % 2 == 0 { b"" } else { b"GET / HTTP/1.1\r\nHo" };
            stream.write_all(start).unwrap();
            stream
        })
        .collect();
    served.answers();
    let waiting: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = served.connect();
            let head = format!("GET /state?after=1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", served.port);
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    served.answers();
    // Those that are still open end by themselves.
    let mut last = halves.into_iter().next_back().unwrap();
    let start = Instant::now();
    read_all(&mut last);
    assert!(start.elapsed() < SOON * 3);
    drop(waiting);
    served.answers();
    served.stop();
}

#[test]
fn who_does_not_read_holds_nobody_up() {
    let served = Served::start_with(|workspace| workspace.command(&["serve", "s.json", "--port", "0"]), 3_000);
    let page = served.ask("GET /page HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n");
    assert!(page.len() > 3_000_000, "{}", page.len());
    let mut deaf: Vec<TcpStream> = (0..80)
        .map(|_| {
            let mut stream = served.connect();
            let head = format!("GET /page HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", served.port);
            stream.write_all(head.repeat(5).as_bytes()).unwrap();
            stream
        })
        .collect();
    served.answers();
    // After a while they are given up: what was not sent by then never comes.
    std::thread::sleep(Duration::from_secs(14));
    let last = deaf.last_mut().unwrap();
    let read = read_all(last);
    assert!(read.len() < 5 * page.len(), "all of it was sent to somebody who did not read");
    served.answers();
    served.stop();
}

/// Few descriptors: what is accepted uses them up before the limit of connections does.
#[test]
fn a_lack_of_descriptors_passes() {
    let limited = |workspace: &Workspace| {
        let mut shell = std::process::Command::new("sh");
        let program = workspace.command(&[]);
        shell.args(["-c", "ulimit -n 40; exec \"$0\" serve s.json --port 0", env!("CARGO_BIN_EXE_spec-engine")]);
        shell.current_dir(workspace.path());
        shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell
    };
    let served = Served::start_with(limited, 1);
    let open: Vec<TcpStream> = (0..200).map(|_| served.connect()).collect();
    std::thread::sleep(Duration::from_millis(500));
    served.answers();
    drop(open);
    served.answers();
    served.stop();
}

#[test]
fn another_host_in_the_first_line_is_refused() {
    let served = Served::start();
    let answer = served.ask("GET http://evil.example/page HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let latin = served.ask("GET / HTTP/1.1\r\nHOST\r\nOrigin: http://\u{e9}\r\nConnection: close\r\n\r\n");
    assert!(latin.starts_with("HTTP/1.1 403"), "{latin}");
    let head = served.ask("HEAD /page HTTP/1.1\r\nHOST\r\nConnection: close\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    served.stop();
}
