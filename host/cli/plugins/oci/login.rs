//! Logins of registries, as `docker login` and `podman login` keep them: in a file, or its text in the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use spec_engine::file;
use spec_engine::text::{quote, visible};

/// The variable that holds the text of the file, as in GitLab CI.
const VARIABLE: &str = "DOCKER_AUTH_CONFIG";

/// The most bytes of the file.
const MAX_BYTES: u64 = 1 << 20;

/// The name of Docker's own registry in the file.
const DOCKER_HUB: &str = "index.docker.io";

/// What is known of the login for a registry.
pub(super) enum Login {
    /// There is one.
    Known {
        /// What is sent as `Basic`: name and password in Base64.
        basic: String,
        /// Where it is kept.
        place: String,
    },
    /// There is none that can be used.
    Unknown {
        /// Why, where that is not simply that nobody logged in.
        why: Option<String>,
    },
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    auths: BTreeMap<String, Entry>,
    creds_store: Option<String>,
    #[serde(default)]
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct Entry {
    auth: Option<String>,
    #[serde(rename = "identitytoken")]
    identity_token: Option<String>,
}

impl Login {
    /// Finds the login for a repository of a registry: that in the environment is stronger.
    pub fn find(registry: &str, repository: &str) -> Self {
        let variable = std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty());
        let of_environment = variable.map(|text| (VARIABLE.to_owned(), Ok(text)));
        let of_file = config_file().map(|path| (path.display().to_string(), file::read_text(&path, MAX_BYTES)));
        let mut why = None;
        for (place, text) in of_environment.into_iter().chain(of_file) {
            let text = match text {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    why = why.or_else(|| Some(format!("the logins in {place} cannot be read: {error}")));
                    continue;
                }
            };
            match Config::read(&text).map_or_else(Err, |config| config.basic(registry, repository)) {
                Ok(Some(basic)) => return Self::Known { basic, place },
                Ok(None) => {}
                Err(reason) => why = why.or_else(|| Some(format!("the login in {place} cannot be used: {reason}"))),
            }
        }
        Self::Unknown { why }
    }
}

impl Config {
    fn read(text: &str) -> Result<Self, String> {
        // The message has no part of the text, which is secret.
        serde_json::from_str(text).map_err(|error| format!("line {}, column {}", error.line(), error.column()))
    }

    /// The login for a repository.
    ///
    /// # Errors
    /// There is one, in a form that is not supported.
    fn basic(&self, registry: &str, repository: &str) -> Result<Option<String>, String> {
        let keys = self.auths.iter();
        let fits = keys.filter_map(|(key, entry)| Some((depth(key, registry, repository)?, entry)));
        let entry = fits.max_by_key(|(depth, _)| *depth).map(|(_, entry)| entry);
        if let Some(auth) = entry.and_then(|entry| entry.auth.as_deref()).filter(|auth| !auth.is_empty()) {
            let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
            return match auth.bytes().all(is_base64) {
                true => Ok(Some(auth.to_owned())),
                false => Err("`auth` is not Base64".to_owned()),
            };
        }
        if entry.is_some_and(|entry| entry.identity_token.is_some()) {
            return Err("it is an identity token, and a name with a password is needed".to_owned());
        }
        let mut helpers = self.cred_helpers.iter();
        let helper = helpers.find(|(key, _)| depth(key, registry, repository).is_some()).map(|(_, helper)| helper);
        // Docker writes an empty entry for a login that is in its store.
        let helper = helper.or_else(|| self.creds_store.as_ref().filter(|_| entry.is_some()));
        match helper {
            Some(helper) => {
                Err(format!("it is in the credential helper {}, and no program is run for it", quote(&visible(helper))))
            }
            None => Ok(None),
        }
    }
}

/// How narrow a key of the file is that is for a repository: `registry.example`, `registry.example/acme`, or
/// `https://registry.example/v1/`; `None` where it is for another.
fn depth(key: &str, registry: &str, repository: &str) -> Option<usize> {
    let key = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    let (host, path) = key.split_once('/').unwrap_or((key, ""));
    let registry = if registry == "docker.io" { DOCKER_HUB } else { registry };
    let host = if host == "docker.io" { DOCKER_HUB } else { host };
    if !host.eq_ignore_ascii_case(registry) {
        return None;
    }
    let path = path.trim_end_matches('/');
    let rest = repository.strip_prefix(path);
    let is_whole = ["", "v1", "v2"].contains(&path);
    match rest {
        _ if is_whole => Some(0),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Some(path.len()),
        _ => None,
    }
}

/// The file of logins of Docker.
fn config_file() -> Option<PathBuf> {
    let named = std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = named.or_else(|| Some(etcetera::home_dir().ok()?.join(".docker")));
    folder.map(|folder| folder.join("config.json"))
}

#[cfg(test)]
mod tests {
    use super::{Config, depth};

    #[test]
    fn a_login_is_for_its_registry() {
        for (key, fits) in [
            ("registry.example", Some(0)),
            ("https://registry.example/v1/", Some(0)),
            ("REGISTRY.example/v2", Some(0)),
            ("registry.example/acme", Some(4)),
            ("registry.example/acme/inventory", Some(14)),
            ("registry.example/ac", None),
            ("registry.example:5000", None),
            ("registry.example.evil", None),
            ("example", None),
            ("", None),
        ] {
            assert_eq!(depth(key, "registry.example", "acme/inventory"), fits, "{key}");
        }
        assert_eq!(depth("https://index.docker.io/v1/", "docker.io", "acme/x"), Some(0));
    }

    #[test]
    fn the_narrowest_login_is_used_and_no_helper_is_run() {
        let basic = |text: &str| Config::read(text).and_then(|config| config.basic("r.example", "acme/x"));
        let both = r#"{"auths": {"r.example": {"auth": "YTpi"}, "r.example/acme": {"auth": "Yzpk"}}}"#;
        assert_eq!(basic(both), Ok(Some("Yzpk".to_owned())));
        assert_eq!(basic(r#"{"auths": {"other.example": {"auth": "YTpi"}}, "credsStore": "desktop"}"#), Ok(None));
        for (text, why) in [
            (r#"{"auths": {"r.example": {}}, "credsStore": "desktop"}"#, "`desktop`"),
            (r#"{"credHelpers": {"r.example": "ecr-login"}}"#, "`ecr-login`"),
            (r#"{"auths": {"r.example": {"identitytoken": "s3cret"}}}"#, "identity token"),
            (r#"{"auths": {"r.example": {"auth": "s3cret\r\nX: y"}}}"#, "not Base64"),
            (r#"{"auths": "s3cret"}"#, "line 1, column"),
        ] {
            let said = basic(text).unwrap_err();
            assert!(said.contains(why) && !said.contains("s3cret"), "{said}");
        }
    }
}
