//! Asks a registry, by the OCI distribution specification: reading only, and as nobody.

use std::cell::OnceCell;
use std::time::Instant;

use serde::Deserialize;
use url::Url;

use spec_engine::text::visible;

use crate::failure::{Failure, Result};
use crate::plugins::download::{self, Answer, Hosts, Request, ask};
use crate::plugins::package::SizeLimit;

/// The most bytes of a token.
const TOKEN: SizeLimit = SizeLimit { bytes: 256 << 10, name: "the most that a token may have" };

/// One repository of a registry.
pub(super) struct Registry {
    base: Url,
    repository: String,
    end: Instant,
    token: OnceCell<String>,
}

/// What is asked for.
pub(super) struct Query<'a> {
    /// What it is, in messages.
    pub what: &'a str,
    /// Its path below that of the repository, such as `tags/list`.
    pub path: &'a str,
    /// The media types that it may have.
    pub accept: &'a str,
    /// The most bytes of it.
    pub most: SizeLimit,
    /// Where it may be redirected to.
    pub hosts: Hosts,
}

/// What a registry gives to whoever asks as nobody.
#[derive(Deserialize)]
struct Token {
    #[serde(alias = "access_token")]
    token: String,
}

impl Registry {
    /// The repository of a registry, which is asked until `end`.
    ///
    /// # Errors
    /// Its host is none.
    pub fn new(registry: &str, repository: &str, end: Instant) -> Result<Self> {
        // The one registry whose name is not its host.
        let host = if registry == "docker.io" { "registry-1.docker.io" } else { registry };
        let mut base = download::parse(&format!("https://{host}/"))?;
        if download::is_loopback(&base) {
            base = download::parse(&format!("http://{host}/"))?;
        }
        Ok(Self { base, repository: repository.to_owned(), end, token: OnceCell::new() })
    }

    /// Asks for something of the repository.
    ///
    /// # Errors
    /// There is no answer, or it is not the one that was asked for.
    pub fn get(&self, query: &Query<'_>) -> Result<Answer> {
        let what = query.what;
        let url = self.base.join(&format!("v2/{}/{}", self.repository, query.path));
        let url = url.map_err(|why| Failure::new(format!("{what} was not read: {why}")))?;
        let mut answer = self.ask(&url, query)?;
        if answer.status == 401 && self.token.get().is_none() {
            let token = self.ask_token(what, answer.header("www-authenticate").unwrap_or_default())?;
            if self.token.set(token).is_ok() {
                answer = self.ask(&url, query)?;
            }
        }
        let failed = |why: &str| Failure::new(format!("{what} was not read: {why}"));
        match answer.status {
            200 => Ok(answer),
            401 | 403 => Err(closed(what)),
            404 => Err(failed("the registry does not have it").help("check the repository, the tag and the digest")),
            429 => Err(failed("the registry is asked too often").help("try again later")),
            status => {
                let failure = failed(&format!("the registry answers {status}"));
                Err(failure.help("try again, or download it yourself and add the file"))
            }
        }
    }

    fn ask(&self, url: &Url, query: &Query<'_>) -> Result<Answer> {
        let mut headers = vec![("accept", query.accept.to_owned())];
        headers.extend(self.token.get().map(|token| ("authorization", format!("Bearer {token}"))));
        let (url, most, hosts) = (url.clone(), query.most, query.hosts);
        ask(&Request { url, headers, most, hosts, end: self.end })
    }

    /// Asks for the token that a registry gives to everybody, where the challenge names who gives it.
    fn ask_token(&self, what: &str, challenge: &str) -> Result<String> {
        let challenges = http_auth::parse_challenges(challenge).unwrap_or_default();
        let bearer = challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case("bearer"));
        let bearer = bearer.ok_or_else(|| closed(what))?;
        let param = |name: &str| {
            let found = bearer.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped())
        };
        let realm = param("realm").ok_or_else(|| closed(what))?;
        let mut url = download::parse(&realm)?;
        download::check(&url, Some(&self.base)).map_err(|_| {
            let message = format!("{} asks for a token of {}, which is not https", what, visible(&realm));
            Failure::new(message).help("download it yourself and add the file")
        })?;
        let scope = param("scope").unwrap_or_else(|| format!("repository:{}:pull", self.repository));
        url.query_pairs_mut().append_pair("scope", &scope);
        if let Some(service) = param("service") {
            url.query_pairs_mut().append_pair("service", &service);
        }
        let answer = ask(&Request { url, headers: Vec::new(), most: TOKEN, hosts: Hosts::Same, end: self.end })?;
        if answer.status != 200 {
            return Err(closed(what));
        }
        let token: std::result::Result<Token, _> = serde_json::from_slice(&answer.body);
        let is_visible = |token: &Token| token.token.bytes().all(|byte| byte.is_ascii_graphic());
        token.ok().filter(is_visible).map(|token| token.token).ok_or_else(|| {
            let message = format!("{} was not read: the token that it was given is none", what);
            Failure::new(message).help("try again, or download it yourself and add the file")
        })
    }
}

fn closed(what: &str) -> Failure {
    let failure = Failure::new(format!("{what} was not read: the registry asks for a login"));
    failure.help("only what everybody may read is; download it yourself and add the file")
}
