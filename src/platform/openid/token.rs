//! The token in which a provider says who somebody is (OpenID Connect Core, section 3.1.3.7).

use std::time::Duration;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use super::OpenIdError;
use crate::kernel::Timestamp;

/// How much a provider's clock may differ from ours.
const LEEWAY: Duration = Duration::from_secs(60);

/// Those that a public key checks; `none` and those with a shared secret are not among them.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What a token has to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Which key a token names, if it names one.
pub(super) fn key_id(token: &str) -> Result<Option<String>, OpenIdError> {
    let header = decode_header(token).map_err(|_| OpenIdError::Token("it is none"))?;
    Ok(header.kid)
}

/// The key that a token names, or the only one there is.
pub(super) fn key_of<'a>(keys: &'a JwkSet, id: Option<&str>) -> Option<&'a Jwk> {
    match id {
        Some(id) => keys.find(id),
        None => keys.keys.first().filter(|_| keys.keys.len() == 1),
    }
}

/// What a token says, once everything about it fits.
pub(super) fn read(
    token: &str,
    key: &Jwk,
    expected: Expected<'_>,
) -> Result<Map<String, Value>, OpenIdError> {
    let wrong = OpenIdError::Token;
    let header = decode_header(token).map_err(|_| wrong("it is none"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(wrong("its algorithm is not one of ours"));
    }
    let key =
        DecodingKey::from_jwk(key).map_err(|_| wrong("its key is of no kind that we know"))?;
    let mut validation = Validation::new(header.alg);
    // Times are compared below, with our clock.
    validation.validate_exp = false;
    validation.set_audience(&[expected.client]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    let said = decode::<Map<String, Value>>(token, &key, &validation)
        .map_err(|_| wrong("its signature, issuer or audience does not fit"))?
        .claims;
    let time = |name| {
        said.get(name)
            .and_then(Value::as_i64)
            .map(Timestamp::from_seconds)
    };
    let ends = time("exp").ok_or(wrong("it has no end"))?;
    if ends + LEEWAY <= expected.now {
        return Err(wrong("it has ended"));
    }
    if time("iat").is_some_and(|made| made > expected.now + LEEWAY) {
        return Err(wrong("it was made in the future"));
    }
    if said.get("nonce").and_then(Value::as_str) != Some(expected.nonce) {
        return Err(wrong("it answers another question"));
    }
    // For whom it was made, where it names several (section 3.1.3.7, 4 and 5).
    let authorized = said.get("azp").and_then(Value::as_str);
    let is_for_several = said
        .get("aud")
        .and_then(Value::as_array)
        .is_some_and(|it| it.len() > 1);
    if authorized.is_some_and(|it| it != expected.client)
        || (is_for_several && authorized.is_none())
    {
        return Err(wrong("it was made for somebody else"));
    }
    Ok(said)
}
