//! Which version is meant: by semantic versioning, and by the contract that this host has.

use semver::{Version, VersionReq};

use spec_engine::text::quote;
use spec_engine::wasm::{contract_version, supports_contract};

use super::file::{Entry, Release};
use crate::failure::{Failure, Result};

/// How many versions an error names.
const SHOWN: usize = 10;

/// The version that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VersionChoice {
    /// The newest that is no pre-release.
    Newest,
    /// This one.
    Exact(Version),
    /// The newest that fits: `^1.2`.
    Fitting(VersionReq),
}

impl VersionChoice {
    /// Reads what stands behind the @ of a name: a whole version is that one, and `1.2` the newest 1.x from 1.2.
    ///
    /// # Errors
    /// It is no version.
    pub fn parse(text: &str) -> Result<Self> {
        if let Ok(version) = Version::parse(text) {
            return Ok(Self::Exact(version));
        }
        VersionReq::parse(text).map(Self::Fitting).map_err(|why| {
            let failure = Failure::new(format!("{} is no version: {why}", quote(text)));
            failure.help("write one such as 1.2.0, or which ones fit: 1.2, ^1, ~1.2, \">=1, <3\"")
        })
    }

    /// What fits in the place of a version without breaking who uses it.
    pub fn compatible_with(version: &Version) -> Self {
        // A caret with a whole version is always a requirement.
        VersionReq::parse(&format!("^{version}")).map_or_else(|_| Self::Exact(version.clone()), Self::Fitting)
    }

    /// Whether a version fits.
    pub fn fits(&self, version: &Version) -> bool {
        match self {
            Self::Newest => version.pre.is_empty(),
            Self::Exact(exact) => exact == version,
            Self::Fitting(fitting) => fitting.matches(version),
        }
    }

    /// The newest of some versions that fits.
    pub fn newest<'v>(&self, versions: impl IntoIterator<Item = &'v Version>) -> Option<&'v Version> {
        versions.into_iter().filter(|version| self.fits(version)).max()
    }
}

/// The version of a plugin that is meant: the newest that fits, of those that this host can run.
///
/// # Errors
/// None fits, or this host can run none of those that fit.
pub(crate) fn pick<'e>(name: &str, entry: &'e Entry, wanted: &VersionChoice, index: &str) -> Result<&'e Release> {
    let fitting = || entry.versions.iter().filter(|release| wanted.fits(&release.version));
    let newest = |releases: &mut dyn Iterator<Item = &'e Release>| releases.max_by(|a, b| a.version.cmp(&b.version));
    if let Some(release) = newest(&mut fitting().filter(|release| is_runnable(release))) {
        return Ok(release);
    }
    let Some(release) = newest(&mut fitting()) else {
        let failure = Failure::new(format!("{index} has no {name} {}", described(wanted)));
        return Err(failure.help(known(name, entry)));
    };
    let needed = release.contract.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "{name} {} needs version {needed} of the contract, and this spec-engine has {}",
        release.version,
        contract_version()
    );
    let runnable = newest(&mut entry.versions.iter().filter(|release| is_runnable(release)));
    let other = runnable.map(|release| format!(", or add {name}@{}", release.version)).unwrap_or_default();
    Err(Failure::new(message).help(format!("use a newer spec-engine{other}")))
}

/// Whether this host can run a version.
pub(crate) fn is_runnable(release: &Release) -> bool {
    release.contract.as_ref().is_none_or(supports_contract)
}

fn described(wanted: &VersionChoice) -> String {
    match wanted {
        VersionChoice::Newest => "that is no pre-release".to_owned(),
        VersionChoice::Exact(version) => version.to_string(),
        VersionChoice::Fitting(fitting) => format!("that fits {fitting}"),
    }
}

/// The versions that there are, the newest first.
fn known(name: &str, entry: &Entry) -> String {
    let mut versions: Vec<&Version> = entry.versions.iter().map(|release| &release.version).collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    if versions.is_empty() {
        return format!("it has no version of {name} at all");
    }
    let shown: Vec<String> = versions.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = if versions.len() > SHOWN { format!(" and {} more", versions.len() - SHOWN) } else { String::new() };
    format!("it has {}{more}; add {name}@VERSION", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{Entry, VersionChoice, pick};

    fn entry(versions: &[(&str, &str)]) -> Entry {
        let release = |(version, contract): &(&str, &str)| {
            serde_json::json!({"version": version, "contract": contract, "files": {}})
        };
        let versions: Vec<_> = versions.iter().map(release).collect();
        serde_json::from_value(serde_json::json!({"kind": "component", "versions": versions})).unwrap()
    }

    #[test]
    fn the_newest_that_fits_and_runs_is_meant() {
        let entry = entry(&[
            ("1.9.0", "0.1.0"),
            ("1.10.0", "0.1.0"),
            ("1.11.0-rc.1", "0.1.0"),
            ("2.0.0", "0.1.0"),
            ("3.0.0", "0.9.0"),
        ]);
        let picked = |wanted: &str| {
            let wanted = if wanted.is_empty() { VersionChoice::Newest } else { VersionChoice::parse(wanted).unwrap() };
            pick("x", &entry, &wanted, "i").map(|release| release.version.to_string()).map_err(|failure| failure.message)
        };
        assert_eq!(picked("").unwrap(), "2.0.0");
        assert_eq!(picked("1").unwrap(), "1.10.0");
        assert_eq!(picked("1.9").unwrap(), "1.10.0");
        assert_eq!(picked("~1.9").unwrap(), "1.9.0");
        assert_eq!(picked("1.11.0-rc.1").unwrap(), "1.11.0-rc.1");
        assert_eq!(picked(">=1, <3").unwrap(), "2.0.0");
        assert!(picked("3").unwrap_err().contains("needs version 0.9.0 of the contract"));
        assert!(picked("1.9.1").unwrap_err().contains("i has no x 1.9.1"));
        assert!(VersionChoice::parse("one").is_err());
        let current = Version::parse("1.9.0").unwrap();
        assert!(VersionChoice::compatible_with(&current).fits(&Version::new(1, 10, 0)));
        assert!(!VersionChoice::compatible_with(&current).fits(&Version::new(2, 0, 0)));
    }
}
