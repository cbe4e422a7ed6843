//! Asks a registry, by the OCI distribution specification: reading only, and as nobody, unless the registry asks for a
//! login and there is one.

use std::cell::OnceCell;
use std::time::Instant;

use http_auth::ChallengeRef;
use serde::Deserialize;
use url::Url;

use spec_engine::text::visible;

use super::login::Login;
use crate::failure::{Failure, Result};
use crate::plugins::download::{self, Answer, Hosts, Request, ask};
use crate::plugins::package::SizeLimit;

/// The most bytes of a token.
const TOKEN: SizeLimit = SizeLimit { bytes: 256 << 10, name: "the most that a token may have" };

/// One repository of a registry.
pub(super) struct Registry {
    /// Its name, as users write it.
    name: String,
    base: Url,
    repository: String,
    end: Instant,
    /// What is sent with each request, once the registry has asked for it.
    authorization: OnceCell<String>,
    /// Looked for when the registry asks for it.
    login: OnceCell<Login>,
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

/// What a registry gives to everybody, or to whoever has a login.
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
        let (name, repository) = (registry.to_owned(), repository.to_owned());
        Ok(Self { name, base, repository, end, authorization: OnceCell::new(), login: OnceCell::new() })
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
        if answer.status == 401 && self.authorization.get().is_none() {
            let authorization = self.authorize(what, answer.header("www-authenticate").unwrap_or_default())?;
            if self.authorization.set(authorization).is_ok() {
                answer = self.ask(&url, query)?;
            }
        }
        let failed = |why: &str| Failure::new(format!("{what} was not read: {why}"));
        match answer.status {
            200 => Ok(answer),
            401 | 403 => Err(self.closed(what)),
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
        headers.extend(self.authorization.get().map(|value| ("authorization", value.clone())));
        let (url, most, hosts) = (url.clone(), query.most, query.hosts);
        ask(&Request { url, headers, most, hosts, end: self.end })
    }

    /// What a registry wants to be sent that asks for it so.
    fn authorize(&self, what: &str, challenge: &str) -> Result<String> {
        let challenges = http_auth::parse_challenges(challenge).unwrap_or_default();
        let find = |scheme| challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme));
        match (find("bearer"), find("basic"), self.login()) {
            (Some(bearer), ..) => Ok(format!("Bearer {}", self.ask_token(what, bearer)?)),
            (None, Some(_), Login::Known { basic, .. }) => Ok(format!("Basic {basic}")),
            _ => Err(self.closed(what)),
        }
    }

    fn login(&self) -> &Login {
        self.login.get_or_init(|| Login::find(&self.name, &self.repository))
    }

    /// Asks for the token that a registry gives to everybody, or to whoever has a login, of who gives it.
    fn ask_token(&self, what: &str, challenge: &ChallengeRef<'_>) -> Result<String> {
        let param = |name: &str| {
            let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped())
        };
        let realm = param("realm").ok_or_else(|| self.closed(what))?;
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
        let headers = match self.login() {
            Login::Known { basic, .. } => vec![("authorization", format!("Basic {basic}"))],
            Login::Unknown { .. } => Vec::new(),
        };
        let answer = ask(&Request { url, headers, most: TOKEN, hosts: Hosts::Same, end: self.end })?;
        if answer.status != 200 {
            return Err(self.closed(what));
        }
        let token: std::result::Result<Token, _> = serde_json::from_slice(&answer.body);
        let is_visible = |token: &Token| token.token.bytes().all(|byte| byte.is_ascii_graphic());
        token.ok().filter(is_visible).map(|token| token.token).ok_or_else(|| {
            let message = format!("{} was not read: the token that it was given is none", what);
            Failure::new(message).help("try again, or download it yourself and add the file")
        })
    }

    /// The error that the registry wants another login.
    fn closed(&self, what: &str) -> Failure {
        let name = &self.name;
        let failed = |why: &str| Failure::new(format!("{what} was not read: {why}"));
        match self.login() {
            Login::Known { place, .. } => {
                let failure = failed(&format!("the registry refuses the login for {name} in {}", visible(place)));
                failure.help(format!("log in again, such as with `docker login {name}`; the login may lack the right to pull"))
            }
            Login::Unknown { why: Some(why) } => {
                let failure = failed(&format!("the registry asks for a login; {why}"));
                failure.help("write the login as `auths` of DOCKER_AUTH_CONFIG, or download it yourself and add the file")
            }
            Login::Unknown { why: None } => {
                let help = "is used by the next try; or download it yourself and add the file";
                failed("the registry asks for a login").help(format!("what `docker login {name}` writes {help}"))
            }
        }
    }
}
