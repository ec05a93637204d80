//! The layers between the crate and the network: guard and redirects, signature, bounds and media type.

use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{Extensions, HeaderValue, StatusCode};
use quick_cache::sync::Cache;
use reqwest_middleware::{Error, Middleware, Next, Result};
use url::Url;

use super::{FetchError, FetchSigner};
use crate::federation::signatures::{Dialect, Outgoing, sign};
use crate::kernel::Clock;
use crate::platform::net::Client;
use crate::platform::net::NetError;
use crate::platform::net::Reach;
use crate::platform::net::Unreachable;
use crate::platform::net::{Request, Response, ResponseBuilderExt as _};

/// As many redirects as Mastodon follows.
const MOST_REDIRECTS: usize = 3;
/// Hosts whose dialect is remembered: about 100 bytes each.
const REMEMBERED_HOSTS: usize = 10_000;

fn refuse(error: impl Into<FetchError>) -> Error {
    Error::middleware(error.into())
}

/// Asks the guard before every request, and follows redirects, relative ones too. A hop is a new request: it
/// is judged anew, and what follows below signs it anew.
pub(super) struct Guarded {
    pub(super) reach: Reach,
    /// Our own authority, from which nothing is fetched.
    pub(super) ours: String,
}

impl Guarded {
    fn judge(&self, url: &Url) -> std::result::Result<(), Unreachable> {
        self.reach.permits_url(url)?;
        if url.authority() == self.ours {
            return Err(Unreachable::Ourselves);
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Middleware for Guarded {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let mut request = request;
        for _ in 0..=MOST_REDIRECTS {
            self.judge(request.url()).map_err(refuse)?;
            let mut hop = request
                .try_clone()
                .ok_or_else(|| refuse(FetchError::Redirects))?;
            let response = next.clone().run(request, extensions).await?;
            if !is_redirect(response.status()) {
                return Ok(response);
            }
            *hop.url_mut() = target(&response).ok_or_else(|| refuse(FetchError::Redirects))?;
            request = hop;
        }
        Err(refuse(FetchError::Redirects))
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn target(response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let mut target = response.url().join(location).ok()?;
    target.set_fragment(None);
    Some(target)
}

/// Signs every request as the instance actor: in the dialect that the host answered to last, and in the other
/// one when the host answers 400 or 401.
pub(super) struct Signed {
    signer: Arc<dyn FetchSigner>,
    clock: Arc<dyn Clock>,
    /// Hosts that let us read in the newer dialect after refusing the older one: they did verify it.
    prefer_message: Cache<String, ()>,
}

impl Signed {
    pub(super) fn new(signer: Arc<dyn FetchSigner>, clock: Arc<dyn Clock>) -> Self {
        Self {
            signer,
            clock,
            prefer_message: Cache::new(REMEMBERED_HOSTS),
        }
    }

    fn sign(&self, request: &mut Request, dialect: Dialect) -> std::result::Result<(), FetchError> {
        let (key, key_id) = self.signer.current();
        let outgoing = Outgoing {
            method: request.method(),
            url: request.url(),
            body: None,
        };
        let headers = sign(&outgoing, &key, &key_id, dialect, self.clock.now())?;
        for (name, value) in headers {
            request.headers_mut().insert(name, value);
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Middleware for Signed {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let host = request.url().authority().to_owned();
        let (first, other) = if self.prefer_message.get(&host).is_some() {
            (Dialect::Message, Dialect::Cavage)
        } else {
            (Dialect::Cavage, Dialect::Message)
        };
        let mut again = request
            .try_clone()
            .ok_or_else(|| refuse(FetchError::Redirects))?;
        self.sign(&mut request, first).map_err(refuse)?;
        let response = next.clone().run(request, extensions).await?;
        if !matches!(response.status().as_u16(), 400 | 401) {
            return Ok(response);
        }
        self.sign(&mut again, other).map_err(refuse)?;
        let second = next.run(again, extensions).await?;
        if second.status().is_success() {
            match other {
                Dialect::Message => self.prefer_message.insert(host, ()),
                Dialect::Cavage => drop(self.prefer_message.remove(&host)),
            }
        }
        Ok(second)
    }
}

/// What a caller of [`Bounded`] takes for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// An ActivityPub document.
    Activity,
    /// A JSON resource descriptor (RFC 7033), or plain JSON, as some servers call it.
    Descriptor,
}

/// Turns every answer but a good one into its error; reads the body of a good one, and no more of it than is
/// allowed; and calls the media type by the one name that the crate knows.
pub(super) struct Bounded {
    pub(super) expected: Expected,
    pub(super) max_body: usize,
}

#[async_trait::async_trait]
impl Middleware for Bounded {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let accept = match self.expected {
            Expected::Activity => {
                "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""
            }
            Expected::Descriptor => "application/jrd+json, application/json",
        };
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static(accept));
        let response = next
            .run(request, extensions)
            .await
            .map_err(|error| match error {
                Error::Reqwest(error) => refuse(NetError::from_reqwest(&error)),
                ours @ Error::Middleware(_) => ours,
            })?;
        let status = response.status();
        if !status.is_success() {
            return Err(refuse(FetchError::from_answer(status, response.headers())));
        }
        let media_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let known =
            known_as(media_type, self.expected).ok_or_else(|| refuse(FetchError::WrongType))?;
        let url = response.url().clone();
        let body = Client::read_at_most(response, self.max_body)
            .await
            .map_err(refuse)?;
        let mut bounded = http::Response::new(body);
        bounded
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(known));
        Ok(at(url, bounded))
    }
}

/// The response as if it had come from this URL: the crate compares the document's id with it.
fn at(url: Url, response: http::Response<bytes::Bytes>) -> Response {
    let (parts, body) = response.into_parts();
    let built = http::Response::builder().url(url).body(body);
    match built {
        Ok(mut built) => {
            *built.headers_mut() = parts.headers;
            Response::from(built)
        }
        // A URL cannot make the builder fail; the crate would refuse the id of this one.
        Err(_) => Response::from(http::Response::new(bytes::Bytes::new())),
    }
}

/// The name under which the crate accepts a media type: whatever the case, the order of parameters and the
/// blanks between them. Plain JSON, HTML and JSON-LD of no profile are refused as documents: anyone may upload
/// those to a server, and would speak in its name.
pub(super) fn known_as(media_type: &str, expected: Expected) -> Option<&'static str> {
    let mut parts = media_type.split(';').map(str::trim);
    let essence = parts.next()?.to_ascii_lowercase();
    let has_profile = parts.any(|parameter| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("profile")
                && value
                    .trim()
                    .trim_matches('"')
                    .split_ascii_whitespace()
                    .any(|profile| profile == "https://www.w3.org/ns/activitystreams")
        })
    });
    match (expected, essence.as_str()) {
        (Expected::Activity, "application/activity+json") => Some("application/activity+json"),
        (Expected::Activity, "application/ld+json") if has_profile => {
            Some("application/activity+json")
        }
        (Expected::Descriptor, "application/jrd+json" | "application/json") => {
            Some("application/jrd+json")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_known_in_every_spelling_and_no_others() {
        for (media_type, is_activity, is_descriptor) in [
            ("application/activity+json", true, false),
            ("application/activity+json; charset=utf-8", true, false),
            ("application/activity+json;charset=utf-8", true, false),
            ("Application/Activity+JSON ; Charset=UTF-8", true, false),
            (
                r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
                true,
                false,
            ),
            (
                r#"application/ld+json;profile="https://www.w3.org/ns/activitystreams"; charset=utf-8"#,
                true,
                false,
            ),
            (
                r#"application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/activitystreams""#,
                true,
                false,
            ),
            ("application/ld+json", false, false),
            (
                r#"application/ld+json; profile="https://other.example/""#,
                false,
                false,
            ),
            ("application/json", false, true),
            ("application/jrd+json; charset=utf-8", false, true),
            ("text/html", false, false),
            ("text/plain; application/activity+json", false, false),
            ("application/activity+json2", false, false),
            ("", false, false),
        ] {
            assert_eq!(
                known_as(media_type, Expected::Activity).is_some(),
                is_activity,
                "{media_type}"
            );
            assert_eq!(
                known_as(media_type, Expected::Descriptor).is_some(),
                is_descriptor,
                "{media_type}"
            );
        }
    }
}
