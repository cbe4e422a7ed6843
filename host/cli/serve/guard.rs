//! Who may ask: a page of another site, or a name that leads here, could otherwise read the document.

use std::net::SocketAddr;

use hyper::Request;
use hyper::header::{HOST, HeaderName, ORIGIN};

/// Knows by what names the server may be asked.
pub(super) struct Guard {
    hosts: [String; 2],
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It names another host: a name that somebody else has pointed here.
    Host,
    /// A page of another site sent it.
    Origin,
}

impl Guard {
    /// Guards a server at an address.
    pub fn of(address: SocketAddr) -> Self {
        Self { hosts: [address.to_string(), format!("localhost:{}", address.port())] }
    }

    /// Checks a request.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        // What is not ASCII is no name of this server.
        let values = |name: HeaderName| {
            request.headers().get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default())
        };
        // A request can name its host in its first line, too: `GET http://evil.example/`.
        let authority = request.uri().authority().map(|authority| authority.as_str());
        if authority.is_some_and(|authority| !self.is_own(authority)) {
            return Err(Refusal::Host);
        }
        self.check_headers(values(HOST), values(ORIGIN))
    }

    fn is_own(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    fn check_headers<'a>(
        &self,
        mut hosts: impl Iterator<Item = &'a str>,
        mut origins: impl Iterator<Item = &'a str>,
    ) -> Result<(), Refusal> {
        let is_own = |host: &str| self.is_own(host);
        if !(hosts.next().is_some_and(is_own) && hosts.next().is_none()) {
            return Err(Refusal::Host);
        }
        if !origins.all(|origin| origin.strip_prefix("http://").is_some_and(is_own)) {
            return Err(Refusal::Origin);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Guard, Refusal};

    #[test]
    fn only_its_own_names_are_answered() {
        let guard = Guard::of(([127, 0, 0, 1], 7320).into());
        let check =
            |hosts: &[&str], origins: &[&str]| guard.check_headers(hosts.iter().copied(), origins.iter().copied());
        assert_eq!(check(&["127.0.0.1:7320"], &[]), Ok(()));
        assert_eq!(check(&["LOCALHOST:7320"], &["http://localhost:7320"]), Ok(()));
        for hosts in [&["evil.example:7320"][..], &["127.0.0.1"], &["127.0.0.1:80"], &[], &["localhost:7320", "x"]] {
            assert_eq!(check(hosts, &[]), Err(Refusal::Host), "{hosts:?}");
        }
        for origin in ["http://evil.example", "null", "https://127.0.0.1:7320", "http://127.0.0.1:7321", ""] {
            assert_eq!(check(&["127.0.0.1:7320"], &[origin]), Err(Refusal::Origin), "{origin}");
        }
    }
}
