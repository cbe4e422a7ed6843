//! Plugins over HTTPS: a server whose certificate an authority of this test has signed.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::workspace::{CommandRun, Workspace};

/// The program of the package `openssl`, which makes certificates and serves files.
const PROGRAM: &str = "openssl";

/// A server of the example index.
struct Server {
    process: Child,
    /// What it prints: a pipe that nobody holds would end it.
    _said: BufReader<ChildStdout>,
    /// Its address, with `localhost` as its host.
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes an authority, `ca.pem`, and a certificate of it for localhost, `server.pem`.
fn make_certificates(folder: &Path) {
    std::fs::write(folder.join("extensions"), "subjectAltName=DNS:localhost").unwrap();
    for line in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority",
        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out server.pem",
    ] {
        let made = Command::new(PROGRAM).args(line.split(' ')).current_dir(folder).output().unwrap();
        assert!(made.status.success(), "{line}: {}", String::from_utf8_lossy(&made.stderr));
    }
}

/// Makes an authority that has signed nothing, `other.pem`.
fn make_other_authority(folder: &Path) {
    let line = "req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 2 -subj /CN=other";
    let made = Command::new(PROGRAM).args(line.split(' ')).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Serves the example index; `None`, with a line that says so, where there is no `openssl`.
fn serve(certificates: &Path) -> Option<Server> {
    if Command::new(PROGRAM).arg("version").output().is_err() {
        eprintln!("skipped: there is no {PROGRAM}");
        return None;
    }
    make_certificates(certificates);
    let mut process = Command::new(PROGRAM)
        .args(["s_server", "-WWW", "-accept", "127.0.0.1:0", "-cert"])
        .args([certificates.join("server.pem"), "-key".into(), certificates.join("server.key")])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/index"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap());
    let port = said.by_ref().lines().map_while(Result::ok).find_map(|line| {
        let place = line.strip_prefix("ACCEPT ")?;
        place.rsplit(':').next().map(str::to_owned)
    });
    let address = format!("https://localhost:{}/index.json", port.expect("it says where it listens"));
    Some(Server { process, _said: said, address })
}

#[test]
fn an_index_over_https_is_read_where_its_authority_is_trusted() {
    let certificates = tempfile::tempdir().unwrap();
    let Some(server) = serve(certificates.path()) else { return };
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", format!("indexes = [{:?}]\n", server.address));
    let run = |arguments: &[&str], authority: &str| {
        let mut command = workspace.command(arguments);
        command.env("SSL_CERT_FILE", certificates.path().join(authority)).env_remove("SSL_CERT_DIR");
        CommandRun::of(command.output().unwrap())
    };

    make_other_authority(certificates.path());
    let refused = run(&["plugins", "search"], "other.pem").ends(2).says("was not downloaded");
    assert!(refused.stderr.contains("certificate") && refused.stderr.contains("SSL_CERT_FILE"), "{refused:?}");

    run(&["plugins", "search"], "ca.pem").ends(0).says("service-list");
    run(&["plugins", "add", "service-list@1.0.0"], "ca.pem").ends(0).says("added service-list 1.0.0");
    run(&["plugins", "outdated"], "ca.pem").ends(1).says("service-list: 1.0.0 -> 1.1.0");
    run(&["plugins", "update"], "ca.pem").ends(0).says("replaced service-list 1.1.0");
    run(&["plugins", "verify"], "other.pem").ends(0);
    let lock = std::fs::read_to_string(workspace.path().join("spec-engine.lock")).unwrap();
    assert!(lock.contains(&server.address) && lock.contains("version = \"1.1.0\""), "{lock}");
}
