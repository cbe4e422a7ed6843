//! `plugins cache`: shows the compiled components that are kept, and clears them.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::cli::args::PluginSources;
use crate::cli::{Failure, Outcome, discover, report};
use crate::text::visible;
use crate::wasm::{Cache, Host, Limits};

/// Shows what is kept, or removes it.
pub(super) fn run(clear: bool) -> anyhow::Result<Outcome> {
    let cache = discover::cache(&PluginSources::default());
    let Some(folder) = cache.folder().map(Path::to_owned) else {
        return Err(Failure::new("this system names no folder for caches: set XDG_CACHE_HOME").into());
    };
    if clear {
        let bytes =
            cache.clear().map_err(|error| Failure::new(format!("{} cannot be cleared: {error}", folder.display())))?;
        println!("{}: removed {}", folder.display(), megabytes(bytes));
        return Ok(Outcome::Clean);
    }
    let host = Host::new(Limits::default(), Cache::none());
    let kept = cache.list(&host);
    for entry in &kept {
        let since = DateTime::<Utc>::from(entry.since).to_rfc3339_opts(SecondsFormat::Secs, true);
        let usable = if entry.usable { "" } else { ", for another version or machine: not used" };
        println!("{}  {}  {since}  sha256:{}{usable}", visible(&entry.name), megabytes(entry.size), entry.sha256);
    }
    let all = kept.iter().map(|entry| entry.size).sum();
    let count = match kept.len() {
        1 => "1 compiled component".to_owned(),
        number => format!("{} compiled components", report::number(number)),
    };
    println!("{}: {count}, {} (--clear removes them)", folder.display(), megabytes(all));
    Ok(Outcome::Clean)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
