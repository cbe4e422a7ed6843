//! What scripts can ask of texts: patterns, addresses, networks. Asked of `()`, a field that the document does not have,
//! nothing matches.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::rc::Rc;

use globset::{GlobBuilder, GlobMatcher};
use ipnet::IpNet;
use regex::{Regex, RegexBuilder};
use rhai::{Dynamic, Engine};

use super::meter::{self, Native};
use crate::text::quote;

/// The bytes of a compiled pattern.
const PATTERN_BYTES: usize = 512 << 10;

/// The bytes of the text of a pattern.
const PATTERN_TEXT: usize = 4_096;

/// The patterns that are kept compiled on a thread.
const PATTERNS_KEPT: usize = 256;

/// The steps that a script pays for compiling a pattern.
const STEPS_PER_PATTERN: usize = 500;

/// The bytes of a text that a script looks through for one step.
const BYTES_PER_STEP: usize = 64;

thread_local! {
    static PATTERNS: RefCell<HashMap<String, Rc<Regex>>> = RefCell::default();
    static GLOBS: RefCell<HashMap<String, Rc<GlobMatcher>>> = RefCell::default();
}

/// Registers the functions.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("matches", |text: &str, pattern: &str| -> Native<bool> {
        meter::charge(text.len() / BYTES_PER_STEP)?;
        Ok(compiled(&PATTERNS, pattern, regex)?.is_match(text))
    });
    engine.register_fn("matches", |(): (), pattern: &str| -> Native<bool> {
        compiled(&PATTERNS, pattern, regex)?;
        Ok(false)
    });
    engine.register_fn("glob", |text: &str, pattern: &str| -> Native<bool> {
        meter::charge(text.len() / BYTES_PER_STEP)?;
        Ok(compiled(&GLOBS, pattern, glob)?.is_match(text))
    });
    engine.register_fn("glob", |(): (), pattern: &str| -> Native<bool> {
        compiled(&GLOBS, pattern, glob)?;
        Ok(false)
    });
    engine.register_fn("url", url);
    engine.register_fn("url", |(): ()| ());
    engine.register_fn("cidr_contains", |network: &str, address: &str| -> Native<bool> {
        let network = network.parse::<IpNet>().map_err(|_| not_cidr(network))?;
        match (address.parse::<IpNet>(), address.parse::<IpAddr>()) {
            (Ok(inner), _) => Ok(network.contains(&inner)),
            (_, Ok(address)) => Ok(network.contains(&address)),
            _ => {
                Err(format!("expected an address such as `10.0.1.7` or `10.0.1.0/24`, found {}", quote(address)).into())
            }
        }
    });
    engine.register_fn("cidr_contains", |(): (), _: Dynamic| false);
    engine.register_fn("cidr_contains", |_: &str, (): ()| false);
}

/// Finds a compiled pattern, or compiles it.
fn compiled<P>(
    kept: &'static std::thread::LocalKey<RefCell<HashMap<String, Rc<P>>>>,
    pattern: &str,
    compile: fn(&str) -> Result<P, PatternError>,
) -> Native<Rc<P>> {
    kept.with_borrow_mut(|kept| {
        if let Some(compiled) = kept.get(pattern) {
            return Ok(Rc::clone(compiled));
        }
        meter::charge(STEPS_PER_PATTERN)?;
        if pattern.len() > PATTERN_TEXT {
            return Err(PatternError::TooLong(pattern.to_owned()).to_string().into());
        }
        let compiled = Rc::new(compile(pattern).map_err(|error| error.to_string())?);
        if kept.len() >= PATTERNS_KEPT {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), Rc::clone(&compiled));
        Ok(compiled)
    })
}

/// A pattern that cannot be compiled.
#[derive(Debug, thiserror::Error)]
enum PatternError {
    #[error("the pattern {} is longer than {PATTERN_TEXT} bytes", quote(.0))]
    TooLong(String),
    #[error("the pattern {} needs more than {} KiB when compiled", quote(.pattern), .bytes >> 10)]
    TooLarge { pattern: String, bytes: usize },
    #[error("invalid pattern {}: {reason}", quote(.pattern))]
    Invalid { pattern: String, reason: String },
}

fn regex(pattern: &str) -> Result<Regex, PatternError> {
    let built =
        RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).nest_limit(64).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(bytes) => PatternError::TooLarge { pattern: pattern.to_owned(), bytes },
        error => {
            // The last line names the fault; those before it draw the pattern.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            PatternError::Invalid { pattern: pattern.to_owned(), reason }
        }
    })
}

fn glob(pattern: &str) -> Result<GlobMatcher, PatternError> {
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    let invalid = |reason| PatternError::Invalid { pattern: pattern.to_owned(), reason };
    built.map(|glob| glob.compile_matcher()).map_err(|error| invalid(error.kind().to_string()))
}

/// The parts of a URL; `()` where a text is not one.
fn url(text: &str) -> Dynamic {
    let Ok(url) = url::Url::parse(text) else { return Dynamic::UNIT };
    let some = |text: &str| if text.is_empty() { Dynamic::UNIT } else { text.into() };
    let parts = [
        ("scheme", url.scheme().into()),
        ("user", some(url.username())),
        ("has_password", url.password().is_some().into()),
        ("host", url.host_str().map_or(Dynamic::UNIT, Into::into)),
        ("port", url.port_or_known_default().map_or(Dynamic::UNIT, |port| Dynamic::from_int(port.into()))),
        ("path", url.path().into()),
    ];
    Dynamic::from_map(parts.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn not_cidr(text: &str) -> String {
    format!("expected a network such as `10.0.0.0/16`, found {}", quote(text))
}
