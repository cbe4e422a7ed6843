//! A server on this machine that answers as a test says, and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A request: its method, its path with what stands behind the question mark, and its headers in lower case.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub headers: Vec<String>,
}

/// A server that runs until the test ends.
pub struct Server {
    /// `127.0.0.1:PORT`.
    pub host: String,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Starts a server. `answer` is handed the host of the server and the request.
    pub fn start(answer: impl Fn(&str, &Request) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (own, remembered) = (host.clone(), Arc::clone(&asked));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let lines: Vec<String> =
                    BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
                let Some(first) = lines.first() else { continue };
                let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                let headers = lines[1..].iter().map(|line| line.to_ascii_lowercase()).collect();
                let request = Request { path, headers };
                remembered.lock().unwrap().push(request.clone());
                // The other side may hang up.
                let _ = stream.write_all(&answer(&own, &request));
            }
        });
        Self { host, asked }
    }

    /// What it was asked until now.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

/// An answer with a body.
pub fn ok(body: &[u8]) -> Vec<u8> {
    answer("200 OK", "", body)
}

/// An answer with a status, more headers (each with its line end) and a body.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An answer that there is nothing.
pub fn nothing() -> Vec<u8> {
    answer("404 Not Found", "", b"")
}
