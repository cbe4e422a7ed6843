//! What a request is answered. No path takes a body, and none is read.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use super::guard::{Guard, Refusal};
use super::state::State;

const SHELL: &str = include_str!("shell.html");
const SCRIPT: &str = include_str!("shell.js");

/// How long a page waits for news before it asks again.
const PATIENCE: Duration = Duration::from_secs(25);

/// Answers requests: with the page around the drawing, the drawing, and the state of things.
pub(super) struct Answers {
    pub guard: Guard,
    pub state: Arc<State>,
}

pub(super) type Answer = Response<Full<Bytes>>;

impl Answers {
    /// Answers a request. One for the state of things is answered as soon as that is newer than what the page knows.
    pub async fn answer<B: Body>(&self, request: Request<B>) -> Answer {
        let has_body = !request.body().is_end_stream();
        let request = request.map(|_unread| ());
        // No other request can come after a body that nobody reads.
        let last = |answer| if has_body { with(answer, header::CONNECTION, "close") } else { answer };
        if let Err(refused) = self.guard.check(&request) {
            return last(text(StatusCode::FORBIDDEN, refused.message()));
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let refused = text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
            return last(with(refused, header::ALLOW, "GET, HEAD"));
        }
        if has_body {
            return last(text(StatusCode::PAYLOAD_TOO_LARGE, "no request takes a body"));
        }
        match request.uri().path() {
            "/" => shell(SHELL, "text/html; charset=utf-8"),
            "/shell.js" => shell(SCRIPT, "text/javascript; charset=utf-8"),
            "/page" => match self.state.page() {
                Some(page) => {
                    let page = of(StatusCode::OK, page, "text/html; charset=utf-8");
                    with(page, header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'")
                }
                None => text(StatusCode::NOT_FOUND, "nothing has been drawn yet"),
            },
            "/state" => {
                let query = request.uri().query().unwrap_or_default();
                if let Some(known) = query.strip_prefix("after=").and_then(|after| after.parse().ok()) {
                    self.state.wait_for_news(known, PATIENCE).await;
                }
                of(StatusCode::OK, self.state.to_json().into(), "application/json")
            }
            _ => text(StatusCode::NOT_FOUND, "there is no such page"),
        }
    }
}

fn text(status: StatusCode, text: &str) -> Answer {
    of(status, format!("{text}\n").into(), "text/plain; charset=utf-8")
}

fn shell(content: &'static str, media_type: &'static str) -> Answer {
    let policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-src 'self'; \
                  connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let shell = of(StatusCode::OK, Bytes::from_static(content.as_bytes()), media_type);
    with(shell, header::CONTENT_SECURITY_POLICY, policy)
}

fn of(status: StatusCode, content: Bytes, media_type: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(content));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

fn with(mut answer: Answer, name: header::HeaderName, value: &'static str) -> Answer {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
    answer
}

impl Refusal {
    fn message(self) -> &'static str {
        match self {
            Self::Host => {
                "refused: the request names another host (spec-engine serve answers to 127.0.0.1 and localhost)"
            }
            Self::Origin => "refused: the request comes from another site's page",
        }
    }
}
