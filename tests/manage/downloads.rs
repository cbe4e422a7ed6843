//! Plugins that are downloaded, from servers that behave and servers that do not.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use super::{D2, MERMAID, files, lock, sum};
use crate::support::workspace::{CommandRun, Workspace};

/// Serves each connection with the next of some answers, and returns the address. An answer that is empty keeps silent.
fn server(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let own = address.clone();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut request = [0; 4096];
            // What it asks for does not count.
            let _ = stream.read(&mut request);
            let text = String::from_utf8_lossy(&answer).replace("SERVER", &own).into_bytes();
            let answer = if answer.is_ascii() { text } else { answer };
            // The other side may hang up.
            let _ = stream.write_all(&answer);
            if answer.is_empty() {
                std::thread::sleep(Duration::from_secs(60));
            }
        }
    });
    address
}

fn ok(length: usize, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").as_bytes(), body].concat()
}

fn add(workspace: &Workspace, address: &str, sum: &str) -> CommandRun {
    workspace.run(&["plugins", "add", &format!("{address}/inventory.wasm"), "--sha256", sum, "--timeout", "60"])
}

#[test]
fn a_download_is_checked_before_it_is_looked_at() {
    let workspace = Workspace::new();
    let address = server(vec![ok(MERMAID.len(), MERMAID)]);
    add(&workspace, &address, &sum(MERMAID)).ends(0).says("added inventory");
    assert!(lock(&workspace).contains(&format!("source = \"{address}/inventory.wasm\"")));
    workspace.run(&["plugins", "verify"]).ends(0).says("as pinned");
}

#[test]
fn a_server_that_misbehaves_leaves_nothing_behind() {
    let redirect = || {
        b"HTTP/1.1 302 Found\r\nLocation: SERVER/inventory.wasm\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec()
    };
    let elsewhere =
        b"HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x.wasm\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec();
    let to_http =
        b"HTTP/1.1 302 Found\r\nLocation: http://example.invalid/x.wasm\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec();
    let endless = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec(), vec![0xff; 80 << 20]].concat();
    let cases: Vec<(Vec<Vec<u8>>, &str)> = vec![
        (vec![ok(MERMAID.len(), &MERMAID[..MERMAID.len() / 2])], "was not downloaded"),
        (vec![ok(80 << 20, &vec![0xff; 80 << 20])], "the limit `component-size`"),
        (vec![endless], "the limit `component-size`"),
        ((0..20).map(|_| redirect()).collect(), "redirected more than 5 times"),
        (vec![elsewhere], "is redirected to ftp://127.0.0.1/x.wasm, which is not https"),
        (vec![to_http], "is redirected to http://example.invalid/x.wasm, which is not https"),
        (vec![ok(D2.len(), D2)], "is not the expected file"),
        (
            vec![b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()],
            "the server answers 404",
        ),
        (vec![b"SSH-2.0-nonsense\r\n".to_vec()], "was not downloaded"),
        (vec![], "was not downloaded"),
    ];
    for (answers, said) in cases {
        let workspace = Workspace::new();
        let ran = add(&workspace, &server(answers), &sum(MERMAID)).ends(2).says(said);
        assert!(ran.stderr.contains("help"), "{}", ran.stderr);
        assert_eq!(files(&workspace), Vec::<String>::new());
    }
}

#[test]
fn a_server_that_keeps_silent_is_not_waited_for() {
    let workspace = Workspace::new();
    let address = format!("{}/inventory.wasm", server(vec![Vec::new()]));
    let ran = workspace.run(&["plugins", "add", &address, "--sha256", &sum(MERMAID), "--timeout", "1"]).ends(2);
    ran.says("it takes too long").says("--timeout");
    assert_eq!(files(&workspace), Vec::<String>::new());
}

#[test]
fn a_file_that_is_announced_too_large_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(&ok(99_999_999_999, b"")).unwrap();
        // The body never comes.
        let _ = is_done.recv();
    });
    let (workspace, start) = (Workspace::new(), std::time::Instant::now());
    let ran = add(&workspace, &address, &sum(MERMAID)).ends(2).says("the limit `component-size`");
    // The command waits 60 s for a download.
    assert!(start.elapsed() < Duration::from_secs(40), "{ran:?}");
    assert_eq!(files(&workspace), Vec::<String>::new());
    drop(done);
    server.join().unwrap();
}

#[test]
fn a_download_needs_a_sum_and_https() {
    let workspace = Workspace::new();
    let address = "https://plugins.example/inventory.wasm";
    workspace.run(&["plugins", "add", address]).ends(2).says("needs its SHA-256").says("--sha256");
    for (address, said) in [
        ("http://plugins.example/x.wasm", "only https://"),
        ("ftp://127.0.0.1/x.wasm", "only https://"),
        ("file:///etc/passwd.wasm", "only https://"),
        ("https://plugins.example/x.tera", "does not end in .wasm"),
        ("https://", "is no address"),
    ] {
        workspace.run(&["plugins", "add", address, "--sha256", &sum(b"")]).ends(2).says(said);
    }
}
