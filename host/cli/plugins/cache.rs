//! `plugins cache`: shows the compiled components in the cache, and clears them.

use std::io::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;

use spec_engine::limits::ComponentLimits;
use spec_engine::text::{plural, visible};
use spec_engine::wasm::{Cache, Host};

use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::session;

/// Show the compiled components in the cache, or remove them.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Remove them.
    #[arg(long)]
    clear: bool,
}

/// Shows the cache, or clears it.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let Some(folder) = session::cache_folder() else {
        return Err(Failure::new("this system names no folder for caches").help("set XDG_CACHE_HOME"));
    };
    let cache = Cache::at(folder.clone());
    let mut out = std::io::stdout().lock();
    if arguments.clear {
        let bytes =
            cache.clear().map_err(|error| Failure::new(format!("cannot clear {}: {error}", folder.display())))?;
        writeln!(out, "{}: removed {}", folder.display(), megabytes(bytes))?;
        return Ok(Outcome::Clean);
    }
    let cached = Host::new(ComponentLimits::default(), Cache::none()).cached_components(&cache);
    for entry in &cached {
        let since = DateTime::<Utc>::from(entry.since).to_rfc3339_opts(SecondsFormat::Secs, true);
        let usable = if entry.usable { "" } else { ", for another version or machine: not used" };
        let (name, size) = (visible(&entry.name), megabytes(entry.size));
        writeln!(out, "{name}  {size}  {since}  sha256:{}{usable}", entry.sha256)?;
    }
    let all = megabytes(cached.iter().map(|entry| entry.size).sum());
    let count = plural(cached.len(), "compiled component");
    writeln!(out, "{}: {count}, {all} (--clear removes them)", folder.display())?;
    Ok(Outcome::Clean)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
