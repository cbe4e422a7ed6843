//! Downloads a component: once, when the user asks for it. Nothing else of this program touches the network.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use ureq::Agent;
use url::{Host, Url};

use spec_engine::text::redact;

use crate::failure::{Failure, Result};

/// The most redirections that a download follows.
const MOST_REDIRECTS: u32 = 5;

/// How long the other side may take to answer at all, at the most.
const PATIENCE: Duration = Duration::from_secs(20);

/// The name of the file at an address.
pub(super) fn file_name(address: &str) -> Result<String> {
    let url = parse(address)?;
    let last = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    Ok(percent_decode_str(last).decode_utf8_lossy().into_owned())
}

/// An address without what may be a secret in it: who asks, and what stands after the path.
pub(super) fn without_secrets(address: &str) -> Result<String> {
    let mut url = parse(address)?;
    // Only an address without a host has no place for them, and none of these is downloaded.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.into())
}

/// Downloads a file of at most so many bytes, within a time. Only HTTPS is trusted, except on this machine.
pub(super) fn download(address: &str, most: u64, time: Duration) -> Result<Vec<u8>> {
    let end = Instant::now() + time;
    let mut url = parse(address)?;
    let address = &without_secrets(address)?;
    if let Err(why) = check(&url, None) {
        let failure = Failure::new(format!("{address} was not downloaded: {why}"));
        return Err(failure.help("name the https:// address, or download it yourself and add the file"));
    }
    let failed = |why: String| {
        let failure = Failure::new(format!("{address} was not downloaded: {why}"));
        failure.help("try again, or download it yourself and add the file")
    };
    for _ in 0..=MOST_REDIRECTS {
        let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let agent = agent(&url, left);
        let mut response = agent.get(url.as_str()).call().map_err(|why| failed(reason(&why, most)))?;
        if response.status().is_redirection() {
            let to = response.headers().get("location").and_then(|to| to.to_str().ok());
            let to = to.ok_or_else(|| failed("it is redirected, and not told where to".to_owned()))?;
            let next = url.join(to).map_err(|why| failed(format!("it is redirected to {to}: {why}")))?;
            check(&next, Some(&url)).map_err(failed)?;
            url = next;
            continue;
        }
        let announced = response.body().content_length();
        if announced.is_some_and(|announced| announced > most) {
            return Err(failed(reason(&ureq::Error::BodyExceedsLimit(most), most)));
        }
        let body = response.body_mut().with_config().limit(most).read_to_vec();
        let bytes = body.map_err(|why| failed(reason(&why, most)))?;
        if announced.is_some_and(|announced| announced != bytes.len() as u64) {
            let failure = Failure::new(format!("{address} was not downloaded whole: the connection ended early"));
            return Err(failure.help("try again"));
        }
        return Ok(bytes);
    }
    Err(failed(format!("it is redirected more than {MOST_REDIRECTS} times")))
}

/// Makes what asks one address, and follows no redirection by itself.
fn agent(url: &Url, time: Duration) -> Agent {
    let is_local = is_loopback(url);
    let mut config = Agent::config_builder()
        .https_only(!is_local)
        .max_redirects(0)
        .max_redirects_will_error(false)
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

/// Checks where a download goes, first or by a redirection: over HTTPS, and from this machine to this machine.
fn check(url: &Url, from: Option<&Url>) -> std::result::Result<(), String> {
    match (url.scheme(), from) {
        ("https", _) => Ok(()),
        ("http", None) if is_loopback(url) => Ok(()),
        ("http", Some(from)) if is_loopback(url) && from.scheme() == "http" => Ok(()),
        (_, None) => Err("only https:// addresses are".to_owned()),
        (_, Some(_)) => Err(format!("it is redirected to {url}, which is not https")),
    }
}

fn parse(address: &str) -> Result<Url> {
    Url::parse(address).map_err(|why| Failure::new(format!("{} is no address: {why}", redact(address))))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Why a download failed, in the user's words.
fn reason(why: &ureq::Error, most: u64) -> String {
    match why {
        ureq::Error::StatusCode(status) => format!("the server answers {status}"),
        ureq::Error::BodyExceedsLimit(_) => {
            format!("it has more than {most} bytes, the limit `component-size` (--limit component-size=…)")
        }
        ureq::Error::Timeout(which) => format!("it takes too long ({which}; --timeout gives it longer)"),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, parse, without_secrets};

    #[test]
    fn an_address_is_kept_without_secrets() {
        let kept = without_secrets("https://ann:pw@example.com/a/x.wasm?X-Amz-Signature=s#t").unwrap();
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
