//! Asks other machines for files, when the user asks for them. Nothing else of this program touches the network.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use ureq::Agent;
use ureq::http::HeaderMap;
use url::{Host, Url};

use spec_engine::text::{redact, visible};

use super::package::SizeLimit;
use crate::failure::{Failure, Result};

/// The most redirections that a download follows.
const MOST_REDIRECTS: u32 = 5;

/// How long the other side may take to answer at all, at the most.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is asked for.
pub(super) struct Request {
    /// Where.
    pub url: Url,
    /// What is sent besides, to this host only: the name and the value of each header.
    pub headers: Vec<(&'static str, String)>,
    /// The most bytes of it.
    pub most: SizeLimit,
    /// Where it may be redirected to.
    pub hosts: Hosts,
    /// When nobody waits for it any more.
    pub end: Instant,
}

/// The hosts that a request may be redirected to, over HTTPS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hosts {
    /// Any: the sum of what comes is known, whoever sends it.
    Any,
    /// The one that was asked: what it says is believed.
    Same,
}

/// What was answered.
pub(super) struct Answer {
    /// The status, 400 and above too.
    pub status: u16,
    headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Asks for something. Only HTTPS is trusted, except on this machine.
pub(super) fn ask(request: &Request) -> Result<Answer> {
    let mut url = request.url.clone();
    let address = &shown(&url);
    if let Err(why) = check(&url, None) {
        let failure = Failure::new(format!("{address} was not downloaded: {why}"));
        return Err(failure.help("name the https:// address, or download it yourself and add the file"));
    }
    let failed = |why: String| {
        let help = next_step(&why);
        Failure::new(format!("{address} was not downloaded: {why}")).help(help)
    };
    for _ in 0..=MOST_REDIRECTS {
        let left = request.end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let mut call = agent(&url, left).get(url.as_str());
        // What is for one host is not for the next.
        let headers = request.headers.iter().filter(|_| url.origin() == request.url.origin());
        for (name, value) in headers {
            call = call.header(*name, value);
        }
        let mut response = call.call().map_err(|why| failed(reason(&why, request.most)))?;
        let status = response.status();
        if status.is_redirection() {
            let to = response.headers().get("location").and_then(|to| to.to_str().ok());
            let to = to.ok_or_else(|| failed("it is redirected, and not told where to".to_owned()))?;
            let next = url.join(to);
            let next = next.map_err(|why| failed(format!("it is redirected to {}: {why}", visible(&redact(to)))))?;
            check(&next, Some(&url)).map_err(failed)?;
            if request.hosts == Hosts::Same && next.origin() != request.url.origin() {
                let failure = failed(format!("it is redirected to another host, {}", shown(&next)));
                return Err(failure.help("name that address instead, if you trust it"));
            }
            url = next;
            continue;
        }
        let announced = response.body().content_length();
        if announced.is_some_and(|announced| announced > request.most.bytes) {
            return Err(failed(reason(&ureq::Error::BodyExceedsLimit(request.most.bytes), request.most)));
        }
        let body = response.body_mut().with_config().limit(request.most.bytes).read_to_vec();
        let body = body.map_err(|why| failed(reason(&why, request.most)))?;
        if announced.is_some_and(|announced| announced != body.len() as u64) {
            let failure = Failure::new(format!("{address} was not downloaded whole: the connection ended early"));
            return Err(failure.help("try again"));
        }
        return Ok(Answer { status: status.as_u16(), headers: response.headers().clone(), body });
    }
    Err(failed(format!("it is redirected more than {MOST_REDIRECTS} times")))
}

/// The next step where something was not downloaded.
fn next_step(why: &str) -> &'static str {
    if why.contains("certificate") {
        "trust whoever signed it in the system's store of certificates; on Linux, SSL_CERT_FILE may name a file with theirs"
    } else {
        "try again, or download it yourself and add the file"
    }
}

/// Downloads a file.
pub(super) fn download(url: Url, most: SizeLimit, hosts: Hosts, end: Instant) -> Result<Vec<u8>> {
    let address = shown(&url);
    let answer = ask(&Request { url, headers: Vec::new(), most, hosts, end })?;
    if answer.status != 200 {
        let failure = Failure::new(format!("{address} was not downloaded: the server answers {}", answer.status));
        return Err(failure.help("check the address, or download it yourself and add the file"));
    }
    Ok(answer.body)
}

/// The name of the file at an address.
pub(super) fn file_name(url: &Url) -> String {
    let last = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

/// An address without what may be a secret in it: who asks, and what stands after the path.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Only an address without a host has no place for them, and none of these is downloaded.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Reads an address.
///
/// # Errors
/// It is none.
pub(super) fn parse(address: &str) -> Result<Url> {
    Url::parse(address).map_err(|why| Failure::new(format!("{} is no address: {why}", redact(address))))
}

/// Checks where a request goes, first or from somewhere else: over HTTPS, and from this machine to this machine.
pub(super) fn check(url: &Url, from: Option<&Url>) -> std::result::Result<(), String> {
    match (url.scheme(), from) {
        ("https", _) => Ok(()),
        ("http", None) if is_loopback(url) => Ok(()),
        ("http", Some(from)) if is_loopback(url) && from.scheme() == "http" => Ok(()),
        (_, None) => Err("only https:// addresses are".to_owned()),
        (_, Some(_)) => Err(format!("it is redirected to {}, which is not https", shown(url))),
    }
}

/// Whether an address is of this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Makes what asks one address, and follows no redirection by itself.
fn agent(url: &Url, time: Duration) -> Agent {
    let is_local = is_loopback(url);
    let mut config = Agent::config_builder()
        .https_only(!is_local)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(time))
        .timeout_connect(Some(PATIENCE.min(time)))
        .timeout_recv_response(Some(PATIENCE.min(time)))
        .user_agent(concat!("spec-engine/", env!("CARGO_PKG_VERSION")))
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build());
    if is_local {
        config = config.proxy(None);
    }
    Agent::new_with_config(config.build())
}

/// Why a download failed, in the user's words.
fn reason(why: &ureq::Error, most: SizeLimit) -> String {
    match why {
        ureq::Error::BodyExceedsLimit(_) => format!("it has more than {} bytes, {}", most.bytes, most.name),
        ureq::Error::Timeout(which) => format!("it takes too long ({which}; --timeout gives it longer)"),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, parse, shown};

    #[test]
    fn an_address_is_kept_without_secrets() {
        let kept = shown(&parse("https://ann:pw@example.com/a/x.wasm?X-Amz-Signature=s#t").unwrap());
        assert_eq!(kept, "https://example.com/a/x.wasm");
    }

    #[test]
    fn a_redirection_leads_to_https_or_stays_on_this_machine() {
        let allowed = |to: &str, from: Option<&str>| {
            check(&parse(to).unwrap(), from.map(|from| parse(from).unwrap()).as_ref()).is_ok()
        };
        let (https, http, local) = ("https://example.com/a", "http://example.com/a", "http://127.0.0.1:80/a");
        assert!(allowed(https, None) && allowed(local, None) && !allowed(http, None) && !allowed("ftp://a/b", None));
        assert!(allowed(https, Some(https)) && allowed(https, Some(local)) && allowed(local, Some(local)));
        assert!(!allowed(http, Some(https)) && !allowed(http, Some(local)) && !allowed(local, Some(https)));
        assert!(!allowed("file:///etc/passwd", Some(https)));
    }
}
