//! Debian's docker-registry on this machine, and what is pushed to it by plain HTTP.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The program of the package `docker-registry`.
const PROGRAM: &str = "docker-registry";

/// A registry that runs until it is dropped.
pub struct Registry {
    child: Child,
    _storage: TempDir,
    /// `127.0.0.1:PORT`.
    pub host: String,
    /// A header with its line end.
    authorization: String,
}

/// A user of the registry with a login: the line of its file, the example of bcrypt's own tests, and what is sent.
const LOGIN: (&str, &str) = ("ann:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "YW5uOlUqVQ==");

impl Registry {
    /// Starts a registry; `None`, with a word on it, where it is not installed. Where everything has to be installed,
    /// that is an error.
    pub fn start() -> Option<Self> {
        Self::start_with("", "")
    }

    /// Starts a registry that answers nobody without a login, and returns what is sent as `Basic`.
    pub fn start_with_login() -> Option<(Self, &'static str)> {
        Some((Self::start_with(LOGIN.0, &format!("Authorization: Basic {}\r\n", LOGIN.1))?, LOGIN.1))
    }

    fn start_with(users: &str, authorization: &str) -> Option<Self> {
        let storage = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let host = format!("127.0.0.1:{port}");
        let config = storage.path().join("config.yml");
        let folder = storage.path().join("storage");
        let text = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder:?}}}}}\nhttp: {{addr: \
             \"{host}\"}}\n"
        );
        let logins = storage.path().join("htpasswd");
        std::fs::write(&logins, users).unwrap();
        let auth = if users.is_empty() {
            String::new()
        } else {
            format!("auth: {{htpasswd: {{realm: test, path: {logins:?}}}}}\n")
        };
        std::fs::write(&config, format!("{text}{auth}")).unwrap();
        let started =
            Command::new(PROGRAM).arg("serve").arg(&config).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(child) = started else {
            assert!(std::env::var_os("SPEC_ENGINE_REQUIRE_ORACLES").is_none(), "{PROGRAM} is not installed");
            eprintln!("skipped: {PROGRAM} is not installed");
            return None;
        };
        let registry = Self { child, _storage: storage, host, authorization: authorization.to_owned() };
        let start = Instant::now();
        while TcpStream::connect(&registry.host).is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "{PROGRAM} does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(registry)
    }

    /// Pushes files under a name and a tag, each as a layer with its title. Returns the SHA-256 of the manifest.
    pub fn push(&self, repository: &str, tag: &str, files: &[(&str, &[u8])]) -> String {
        let layers = files.iter().map(|(title, content)| {
            let mut layer = self.blob(repository, content, "application/octet-stream");
            layer["annotations"] = json!({"org.opencontainers.image.title": title});
            layer
        });
        self.push_layers(repository, tag, layers.collect())
    }

    /// Pushes a manifest of some layers.
    pub fn push_layers(&self, repository: &str, tag: &str, layers: Vec<Value>) -> String {
        let config = self.blob(repository, b"{}", "application/vnd.oci.empty.v1+json");
        let kind = "application/vnd.oci.image.manifest.v1+json";
        let manifest = json!({"schemaVersion": 2, "mediaType": kind, "config": config, "layers": layers}).to_string();
        let (status, _) = self.send("PUT", &format!("/v2/{repository}/manifests/{tag}"), kind, manifest.as_bytes());
        assert_eq!(status, 201, "the manifest is taken");
        sum(manifest.as_bytes())
    }

    /// Pushes a blob, and returns what a manifest says of it.
    pub fn blob(&self, repository: &str, content: &[u8], media_type: &str) -> Value {
        let (status, location) = self.send("POST", &format!("/v2/{repository}/blobs/uploads/"), "text/plain", b"");
        assert_eq!(status, 202, "an upload begins");
        let path = location.split_once(&self.host).map_or(location.as_str(), |(_, path)| path);
        let digest = format!("sha256:{}", sum(content));
        let joint = if path.contains('?') { '&' } else { '?' };
        let (status, _) =
            self.send("PUT", &format!("{path}{joint}digest={digest}"), "application/octet-stream", content);
        assert_eq!(status, 201, "the blob is taken");
        json!({"mediaType": media_type, "digest": digest, "size": content.len()})
    }

    /// Sends a request. Returns the status and where it leads to.
    fn send(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n{}Connection: \
             close\r\n\r\n",
            self.host,
            body.len(),
            self.authorization,
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let location = answer.lines().find_map(|line| line.strip_prefix("Location: "));
        (status, location.unwrap_or_default().to_owned())
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
