//! Who may ask: a page of another site, or a name that leads here, could otherwise read the document.

use std::net::SocketAddr;

use tiny_http::Request;

/// Knows by what names the server may be asked.
pub(super) struct Guard {
    hosts: [String; 2],
}

/// Says why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
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
    pub fn check(&self, request: &Request) -> Result<(), Refused> {
        let values = |name: &'static str| {
            request.headers().iter().filter(move |header| header.field.equiv(name)).map(|header| header.value.as_str())
        };
        self.check_headers(values("Host"), values("Origin"))
    }

    fn check_headers<'a>(
        &self,
        mut hosts: impl Iterator<Item = &'a str>,
        mut origins: impl Iterator<Item = &'a str>,
    ) -> Result<(), Refused> {
        let is_own = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        if !(hosts.next().is_some_and(is_own) && hosts.next().is_none()) {
            return Err(Refused::Host);
        }
        if !origins.all(|origin| origin.strip_prefix("http://").is_some_and(is_own)) {
            return Err(Refused::Origin);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Guard, Refused};

    #[test]
    fn only_its_own_names_are_answered() {
        let guard = Guard::of(([127, 0, 0, 1], 7320).into());
        let check =
            |hosts: &[&str], origins: &[&str]| guard.check_headers(hosts.iter().copied(), origins.iter().copied());
        assert_eq!(check(&["127.0.0.1:7320"], &[]), Ok(()));
        assert_eq!(check(&["LOCALHOST:7320"], &["http://localhost:7320"]), Ok(()));
        for hosts in [&["evil.example:7320"][..], &["127.0.0.1"], &["127.0.0.1:80"], &[], &["localhost:7320", "x"]] {
            assert_eq!(check(hosts, &[]), Err(Refused::Host), "{hosts:?}");
        }
        for origin in ["http://evil.example", "null", "https://127.0.0.1:7320", "http://127.0.0.1:7321", ""] {
            assert_eq!(check(&["127.0.0.1:7320"], &[origin]), Err(Refused::Origin), "{origin}");
        }
    }
}
