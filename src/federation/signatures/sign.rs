//! Signing what goes out, in either dialect.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use url::{Position, Url};

use super::{BodyDigest, Dialect};
use crate::federation::keys::{Algorithm, KeyError, SigningKey};
use crate::kernel::Timestamp;

/// Room for what is signed, as it usually is, in bytes.
const BASE: usize = 512;

/// A request that is to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    pub method: &'a Method,
    pub url: &'a Url,
    /// The body's digest and its media type, if there is a body.
    pub body: Option<(BodyDigest, &'a str)>,
}

/// The headers to set, replacing any of the same name. `Host` is signed too and not among them: the client
/// writes it as it is signed, the host and its port if that is not the scheme's own.
pub type SignedHeaders = Vec<(HeaderName, HeaderValue)>;

/// Signs a request at this moment: at each attempt anew, for peers accept only what is minutes old. The key's
/// signature is nearly all of the work.
pub fn sign(
    request: &Outgoing<'_>,
    key: &SigningKey,
    key_id: &str,
    dialect: Dialect,
    now: Timestamp,
) -> Result<SignedHeaders, KeyError> {
    match dialect {
        Dialect::Cavage => cavage(request, key, key_id, now),
        Dialect::Message => message(request, key, key_id, now),
    }
}

/// `(request-target) host date`, and `digest content-type` with a body: what all servers accept.
fn cavage(
    request: &Outgoing<'_>,
    key: &SigningKey,
    key_id: &str,
    now: Timestamp,
) -> Result<SignedHeaders, KeyError> {
    let host = authority(request.url);
    let date = now.to_http_date();
    let method = request.method.as_str().to_ascii_lowercase();
    let mut base = String::with_capacity(BASE);
    let _ = write!(
        base,
        "(request-target): {method} {}\nhost: {host}\ndate: {date}",
        target(request.url)
    );
    let mut names = "(request-target) host date";
    let mut headers = Vec::with_capacity(4);
    headers.push((http::header::DATE, value(date)?));
    if let Some((digest, media_type)) = request.body {
        let digest = digest.to_digest();
        let _ = write!(base, "\ndigest: {digest}\ncontent-type: {media_type}");
        names = "(request-target) host date digest content-type";
        headers.push((HeaderName::from_static("digest"), value(digest)?));
        headers.push((http::header::CONTENT_TYPE, value(media_type.to_owned())?));
    }
    let signature = key.sign(base.as_bytes())?;
    let algorithm = match key.algorithm() {
        Algorithm::Rsa => "rsa-sha256",
        Algorithm::Ed25519 => "hs2019",
    };
    let mut header = String::with_capacity(BASE + 2 * signature.len());
    let _ = write!(
        header,
        "keyId=\"{key_id}\",algorithm=\"{algorithm}\",headers=\"{names}\",signature=\""
    );
    STANDARD.encode_string(signature, &mut header);
    header.push('"');
    headers.push((HeaderName::from_static("signature"), value(header)?));
    Ok(headers)
}

/// `@method @target-uri`, and `content-digest` with a body: what Mastodon asks for. `alg` is left out, for the
/// key says it and not every reader knows every name.
fn message(
    request: &Outgoing<'_>,
    key: &SigningKey,
    key_id: &str,
    now: Timestamp,
) -> Result<SignedHeaders, KeyError> {
    let host = authority(request.url);
    let mut base = format!(
        "\"@method\": {}\n\"@target-uri\": {}://{host}{}\n",
        request.method,
        request.url.scheme(),
        target(request.url)
    );
    let mut names = r#"("@method" "@target-uri")"#;
    let mut headers = Vec::new();
    if let Some((digest, media_type)) = request.body {
        let digest = digest.to_content_digest();
        let _ = writeln!(base, "\"content-digest\": {digest}");
        names = r#"("@method" "@target-uri" "content-digest")"#;
        headers.push((HeaderName::from_static("content-digest"), value(digest)?));
        headers.push((http::header::CONTENT_TYPE, value(media_type.to_owned())?));
    }
    let parameters = format!("{names};created={};keyid=\"{key_id}\"", now.seconds());
    let _ = write!(base, "\"@signature-params\": {parameters}");
    let signature = STANDARD.encode(key.sign(base.as_bytes())?);
    headers.push((
        HeaderName::from_static("signature-input"),
        value(format!("sig1={parameters}"))?,
    ));
    headers.push((
        HeaderName::from_static("signature"),
        value(format!("sig1=:{signature}:"))?,
    ));
    Ok(headers)
}

/// A key id with a line break is no key id of ours.
fn value(text: String) -> Result<HeaderValue, KeyError> {
    HeaderValue::from_maybe_shared(Bytes::from(text)).map_err(|_| KeyError::Sign)
}

fn authority(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

fn target(url: &Url) -> &str {
    &url[Position::BeforePath..Position::AfterQuery]
}
