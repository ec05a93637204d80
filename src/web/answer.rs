//! Answers that may be kept by whoever asked: with an `ETag` over their bytes, and 304 for those who have them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How long an answer may be used without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// What moves on all the time, such as a log's checkpoint.
    Seconds,
    /// Documents and pages: a minute is short enough for readers, and long enough when a thousand servers ask at once.
    Minute,
    Hour,
    /// What is addressed by its own digest.
    Forever,
}

/// An extension of answers that nothing makes smaller.
#[derive(Debug, Clone, Copy)]
pub(super) struct AsIs;

impl Keep {
    const fn header(self) -> &'static str {
        match self {
            Self::Seconds => "public, max-age=5",
            Self::Minute => "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400",
            Self::Hour => "public, max-age=3600",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// Answers with `body`, or with 304 if the reader has these very bytes.
pub fn conditional(
    asked: &HeaderMap,
    media_type: &'static str,
    keep: Keep,
    body: impl Into<Vec<u8>>,
) -> Response {
    let body = body.into();
    let etag = etag(&body);
    let known = asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*");
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(body))
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(keep.header()),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept, accept-encoding"),
    );
    if let Ok(etag) = HeaderValue::from_str(&format!("W/{etag}")) {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn etag(body: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, body);
    let short = digest.as_ref().get(..12).unwrap_or_default();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(short))
}
