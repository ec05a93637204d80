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

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn text(bytes: impl AsRef<[u8]>) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn key_pair() -> (EcdsaKeyPair, Jwk) {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = (text(&point[1..33]), text(&point[33..]));
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "one"});
        (pair, serde_json::from_value(jwk).unwrap())
    }

    fn token(pair: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", text(header.to_string()), text(claims.to_string()));
        let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", text(signature))
    }

    fn claims() -> Value {
        json!({
            "iss": "https://login.city.gov", "aud": "actapub", "sub": "ada", "nonce": "n",
            "exp": NOW.seconds() + 300, "iat": NOW.seconds(),
        })
    }

    fn read_at(token: &str, key: &Jwk, now: Timestamp) -> Result<Map<String, Value>, OpenIdError> {
        let expected = Expected {
            issuer: "https://login.city.gov",
            client: "actapub",
            nonce: "n",
            now,
        };
        read(token, key, expected)
    }

    #[test]
    fn a_token_counts_if_everything_about_it_fits() {
        let (pair, key) = key_pair();
        let es256 = json!({"alg": "ES256", "kid": "one"});
        let good = token(&pair, &es256, &claims());
        assert_eq!(read_at(&good, &key, NOW).unwrap()["sub"], "ada");
        assert!(read_at(&good, &key, NOW + Duration::from_secs(361)).is_err());
        assert!(read_at(&good, &key, NOW - Duration::from_secs(61)).is_err());
        assert!(read_at(&good, &key_pair().1, NOW).is_err(), "another's key");

        let lies = [
            ("iss", json!("https://evil.example")),
            ("aud", json!("another")),
            ("aud", json!(["actapub", "another"])),
            ("azp", json!("another")),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("exp", Value::Null),
            ("sub", Value::Null),
        ];
        for (name, lie) in lies {
            let mut said = claims();
            said[name] = lie;
            assert!(
                read_at(&token(&pair, &es256, &said), &key, NOW).is_err(),
                "{said}"
            );
        }
        let mut for_several = claims();
        for_several["aud"] = json!(["actapub", "another"]);
        for_several["azp"] = json!("actapub");
        assert!(read_at(&token(&pair, &es256, &for_several), &key, NOW).is_ok());
    }

    #[test]
    fn nobody_signs_with_nothing_or_with_what_everybody_knows() {
        let (pair, key) = key_pair();
        for alg in ["none", "HS256", "RS256", "ES384"] {
            let header = json!({"alg": alg, "kid": "one"});
            assert!(
                read_at(&token(&pair, &header, &claims()), &key, NOW).is_err(),
                "{alg}"
            );
        }
        for nonsense in ["", ".", "..", "a.b.c"] {
            assert!(read_at(nonsense, &key, NOW).is_err());
            assert!(key_id(nonsense).is_err());
        }
    }
}
