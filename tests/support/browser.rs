//! A real browser, where one is installed.

use std::path::{Path, PathBuf};

/// Set to `1`, it makes a missing browser a failure.
pub const REQUIRED: &str = "SPEC_ENGINE_REQUIRE_ORACLES";

/// The names of the browser, as distributions have it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What could be seen of a page.
#[cfg(feature = "pictures")]
#[derive(Debug)]
pub struct Seen {
    /// What each step `read` returned.
    pub read: Vec<serde_json::Value>,
    /// Warnings and errors on the console, and what was thrown.
    pub complaints: Vec<String>,
    /// The address of everything that the page asked for.
    pub requests: Vec<String>,
}

/// Opens a page, as a reader who prefers the scheme `light` or `dark`, and goes through steps, which tests/oracles/browser.mjs describes. Without a browser it says so and
/// returns nothing, unless readers are required.
#[cfg(feature = "pictures")]
pub fn look(url: &str, scheme: &str, steps: serde_json::Value) -> Option<Seen> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use serde_json::{Value, json};

    let browser = installed()?;
    let mut child = Command::new("node")
        .arg("browser.mjs")
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node starts");
    let request = json!({"browser": browser, "url": url, "scheme": scheme, "steps": steps});
    child.stdin.take().unwrap().write_all(request.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let seen: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let texts =
        |key: &str| seen[key].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect();
    Some(Seen {
        read: seen["read"].as_array().unwrap().clone(),
        complaints: texts("complaints"),
        requests: texts("requests"),
    })
}

/// Finds the browser, and what drives it. Where one is missing it says so and returns nothing, unless readers are
/// required.
pub fn installed() -> Option<PathBuf> {
    let browser = browser().filter(|_| folder().join("node_modules/playwright-core").is_dir());
    if browser.is_none() {
        assert!(std::env::var(REQUIRED).as_deref() != Ok("1"), "{REQUIRED}=1, and there is no browser");
        println!("skipped: there is no browser (Debian's `chromium`, and `npm ci` in tests/oracles)");
    }
    browser
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles"))
}

fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .flat_map(|folder| BROWSERS.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
