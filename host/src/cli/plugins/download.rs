//! Downloads a component: once, when the user asks for it. Nothing else of this program touches the network.

use std::net::IpAddr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use ureq::Agent;
use url::{Host, Url};

use crate::cli::Failure;

/// The most redirections that a download follows.
const MOST_REDIRECTS: u32 = 5;

/// How long the other side may take to answer at all, at the most.
const PATIENCE: Duration = Duration::from_secs(20);

/// Says whether the user named an address and not a path.
pub(super) fn is_address(source: &str) -> bool {
    source.contains("://")
}

/// Returns the name of the file at an address.
pub(super) fn file_name(address: &str) -> anyhow::Result<String> {
    let url = parse(address)?;
    let last = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    Ok(percent_decode_str(last).decode_utf8_lossy().into_owned())
}

/// Downloads a file of at most so many bytes, within a time. Only HTTPS is trusted, except on this machine.
pub(super) fn download(address: &str, most: u64, time: Duration) -> anyhow::Result<Vec<u8>> {
    let url = parse(address)?;
    let is_local = is_loopback(&url);
    if url.scheme() != "https" && !(url.scheme() == "http" && is_local) {
        let failure = Failure::new(format!("{address} was not downloaded: only https:// addresses are"));
        return Err(failure.help("name the https:// address, or download it yourself and add the file").into());
    }
    let mut config = Agent::config_builder()
        .https_only(!is_local)
        .max_redirects(MOST_REDIRECTS)
        .max_redirects_will_error(true)
        .timeout_global(Some(time))
        .timeout_connect(Some(PATIENCE.min(time)))
        .timeout_recv_response(Some(PATIENCE.min(time)))
        .user_agent(concat!("spec-engine/", env!("CARGO_PKG_VERSION")))
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build());
    if is_local {
        config = config.proxy(None);
    }
    let agent = Agent::new_with_config(config.build());
    let failed = |why: &ureq::Error| {
        let failure = Failure::new(format!("{address} was not downloaded: {}", reason(why, most)));
        failure.help("try again, or download it yourself and add the file")
    };
    let mut response = agent.get(url.as_str()).call().map_err(|why| failed(&why))?;
    let announced = response.body().content_length();
    let bytes = response.body_mut().with_config().limit(most).read_to_vec().map_err(|why| failed(&why))?;
    if announced.is_some_and(|announced| announced != bytes.len() as u64) {
        let failure = Failure::new(format!("{address} was not downloaded whole: the connection ended early"));
        return Err(failure.help("try again").into());
    }
    Ok(bytes)
}

fn parse(address: &str) -> Result<Url, Failure> {
    Url::parse(address).map_err(|why| Failure::new(format!("{address} is no address: {why}")))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Says why a download failed, in the user's words.
fn reason(why: &ureq::Error, most: u64) -> String {
    match why {
        ureq::Error::StatusCode(status) => format!("the server answers {status}"),
        ureq::Error::TooManyRedirects => format!("it is redirected more than {MOST_REDIRECTS} times"),
        ureq::Error::RequireHttpsOnly(to) => format!("it is redirected to {to}, which is not https"),
        ureq::Error::BodyExceedsLimit(_) => {
            format!("it has more than {most} bytes, the limit `component-size` (--limit component-size=…)")
        }
        ureq::Error::Timeout(which) => format!("it takes too long ({which}; --timeout gives it longer)"),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        other => other.to_string(),
    }
}
