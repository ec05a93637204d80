//! Signatures made by ourselves and by hand, whole and damaged in every way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::*;
use crate::federation::keys::SigningKey;

mod corpus;
mod damage;

const NOW: Timestamp = Timestamp::from_seconds(1_795_500_000);
const KEY_ID: &str = "https://peer.example/users/1#main-key";
const BODY: &[u8] = br#"{"type":"Like"}"#;
const MEDIA_TYPE: &str = "application/activity+json";

/// A request that owns its parts, so that a test can change one.
#[derive(Clone)]
struct Wire {
    method: Method,
    target: String,
    headers: HeaderMap,
    scheme: &'static str,
    authority: &'static str,
    body: Vec<u8>,
}

impl Wire {
    fn parse(&self) -> Result<Claim, Refusal> {
        self.parse_at(NOW)
    }

    fn parse_at(&self, now: Timestamp) -> Result<Claim, Refusal> {
        let request = Request {
            method: &self.method,
            target: &self.target,
            headers: &self.headers,
            scheme: self.scheme,
            authority: self.authority,
            body: &self.body,
        };
        parse(&request, now, Policy::default())
    }

    fn check(&self, key: &SigningKey) -> Result<(), Refusal> {
        self.parse()?.verify(&key.public())
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
    }

    fn append(&mut self, name: &'static str, value: &'static str) {
        self.headers.append(name, HeaderValue::from_static(value));
    }

    fn remove(&mut self, name: &str) {
        assert!(self.headers.remove(name).is_some());
    }

    fn replace(&mut self, name: &'static str, from: &str, to: &str) {
        let value = self.headers[name].to_str().unwrap();
        assert!(value.contains(from), "{value}");
        let value = value.replace(from, to);
        self.set(name, &value);
    }
}

/// What [`sign`] makes of a request to `https://city.example/inbox?a=b`.
fn signed(key: &SigningKey, dialect: Dialect, method: Method, at: Timestamp) -> Wire {
    let url = Url::parse("https://city.example/inbox?a=b").unwrap();
    let body = if method == Method::POST { BODY } else { b"" };
    let request = Outgoing {
        method: &method,
        url: &url,
        body: (method == Method::POST).then(|| (BodyDigest::of(BODY), MEDIA_TYPE)),
    };
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("city.example"));
    headers.extend(sign(&request, key, KEY_ID, dialect, at).unwrap());
    Wire {
        method,
        target: "/inbox?a=b".to_owned(),
        headers,
        scheme: "https",
        authority: "city.example",
        body: body.to_vec(),
    }
}

/// A draft-cavage POST signed by hand: these parameters, and this signing string.
fn by_hand(key: &SigningKey, parameters: &str, base: &str) -> Wire {
    let mut wire = signed(key, Dialect::Cavage, Method::POST, NOW);
    let signature = STANDARD.encode(key.sign(base.as_bytes()).unwrap());
    wire.set(
        "signature",
        &format!("keyId=\"{KEY_ID}\",{parameters},signature=\"{signature}\""),
    );
    wire
}

/// An RFC 9421 POST signed by hand: this member of `Signature-Input`, and these lines before its parameters.
fn message_by_hand(key: &SigningKey, input: &str, lines: &str) -> Wire {
    let mut wire = signed(key, Dialect::Message, Method::POST, NOW);
    let base = format!("{lines}\"@signature-params\": {input}");
    let signature = STANDARD.encode(key.sign(base.as_bytes()).unwrap());
    wire.set("signature-input", &format!("sig1={input}"));
    wire.set("signature", &format!("sig1=:{signature}:"));
    wire
}

fn rsa() -> SigningKey {
    SigningKey::generate_rsa().unwrap().key
}

#[test]
fn what_we_sign_we_believe_in_both_dialects_and_with_both_keys() {
    let ed25519 = SigningKey::generate_ed25519().unwrap().key;
    for key in [rsa(), ed25519] {
        for dialect in [Dialect::Cavage, Dialect::Message] {
            for method in [Method::GET, Method::POST] {
                let wire = signed(&key, dialect, method, NOW);
                let claim = wire.parse().unwrap();
                assert_eq!((claim.key_id.as_str(), claim.dialect), (KEY_ID, dialect));
                assert_eq!(claim.verify(&key.public()), Ok(()));
            }
        }
    }
}

#[test]
fn another_key_is_refused() {
    let (ours, theirs) = (rsa(), rsa());
    let ed25519 = SigningKey::generate_ed25519().unwrap().key;
    for dialect in [Dialect::Cavage, Dialect::Message] {
        let wire = signed(&ours, dialect, Method::POST, NOW);
        assert_eq!(wire.check(&theirs), Err(Refusal::Mismatch));
        assert!(wire.check(&ed25519).unwrap_err().depends_on_key());
    }
    let wire = signed(&ours, Dialect::Cavage, Method::POST, NOW);
    assert_eq!(wire.check(&ed25519), Err(Refusal::OtherAlgorithm));
}

#[test]
fn signatures_that_cover_too_little_are_refused() {
    let key = rsa();
    let date = NOW.to_http_date();
    let digest = BodyDigest::of(BODY).to_digest();
    for (headers, base, reason) in [
        (
            "digest",
            format!("digest: {digest}"),
            Refusal::TargetNotCovered,
        ),
        ("date", format!("date: {date}"), Refusal::TargetNotCovered),
        (
            "(request-target) date digest",
            format!("(request-target): post /inbox?a=b\ndate: {date}\ndigest: {digest}"),
            Refusal::HostNotCovered,
        ),
        (
            "(request-target) host date",
            format!("(request-target): post /inbox?a=b\nhost: city.example\ndate: {date}"),
            Refusal::DigestNotCovered,
        ),
        (
            "(request-target) host digest",
            format!("(request-target): post /inbox?a=b\nhost: city.example\ndigest: {digest}"),
            Refusal::TimeNotCovered,
        ),
    ] {
        let wire = by_hand(&key, &format!("headers=\"{headers}\""), &base);
        assert_eq!(wire.check(&key), Err(reason), "{headers}");
    }
    let wire = by_hand(&key, "algorithm=\"rsa-sha256\"", &format!("date: {date}"));
    assert_eq!(wire.check(&key), Err(Refusal::TargetNotCovered));

    let end = format!(";created={};keyid=\"{KEY_ID}\"", NOW.seconds());
    let digest = BodyDigest::of(BODY).to_content_digest();
    for (names, lines, reason) in [
        ("", String::new(), Refusal::TargetNotCovered),
        (
            "\"@method\"",
            "\"@method\": POST\n".to_owned(),
            Refusal::TargetNotCovered,
        ),
        (
            "\"content-digest\" \"@method\" \"@path\"",
            format!("\"content-digest\": {digest}\n\"@method\": POST\n\"@path\": /inbox\n"),
            Refusal::TargetNotCovered,
        ),
        (
            "\"@method\" \"@target-uri\"",
            "\"@method\": POST\n\"@target-uri\": https://city.example/inbox?a=b\n".to_owned(),
            Refusal::DigestNotCovered,
        ),
    ] {
        let wire = message_by_hand(&key, &format!("({names}){end}"), &lines);
        assert_eq!(wire.check(&key), Err(reason), "{names}");
    }
}

#[test]
fn dialects_of_the_draft_are_believed() {
    let key = rsa();
    let date = NOW.to_http_date();
    let digest = BodyDigest::of(BODY).to_digest();
    let names = "(request-target) host date digest";
    let base = |target| {
        format!(
            "(request-target): post {target}\nhost: city.example\ndate: {date}\ndigest: {digest}"
        )
    };
    for (name, parameters, base) in [
        ("blanks after commas", format!("algorithm=\"rsa-sha256\" , headers=\"{names}\""), base("/inbox?a=b")),
        ("no algorithm", format!("headers=\"{names}\""), base("/inbox?a=b")),
        ("hs2019", format!("algorithm=\"hs2019\",headers=\"{names}\""), base("/inbox?a=b")),
        ("unquoted and unknown parameters", format!("created=7,version=2,headers=\"{names}\""), base("/inbox?a=b")),
        ("upper case", format!("headers=\"{}\"", names.to_ascii_uppercase()), base("/inbox?a=b")),
        ("target without its query", format!("headers=\"{names}\""), base("/inbox")),
        (
            "created and expires",
            "algorithm=\"hs2019\",created=1795499999,expires=\"1795503600\",headers=\"(request-target) host (created) (expires) digest\"".to_owned(),
            format!("(request-target): post /inbox?a=b\nhost: city.example\n(created): 1795499999\n(expires): 1795503600\ndigest: {digest}"),
        ),
    ] {
        let wire = by_hand(&key, &parameters, &base);
        assert_eq!(wire.check(&key), Ok(()), "{name}");
    }
    // Our own port may be written out; what is signed is what was sent.
    let mut wire = by_hand(
        &key,
        &format!("headers=\"{names}\""),
        &base("/inbox").replace("city.example", "City.example:443"),
    );
    wire.set("host", "City.example:443");
    assert_eq!(wire.check(&key), Ok(()));
    // A header that stands there twice is signed as one.
    let mut wire = by_hand(
        &key,
        &format!("headers=\"{names} x-twice\""),
        &format!("{}\nx-twice: a, b", base("/inbox")),
    );
    wire.set("x-twice", " a ");
    wire.headers
        .append("x-twice", HeaderValue::from_static("b"));
    assert_eq!(wire.check(&key), Ok(()));
}

#[test]
fn fedify_style_messages_and_every_component_are_believed() {
    let key = rsa();
    let digest = BodyDigest::of(BODY).to_content_digest();
    let input = format!(
        "(\"@method\" \"@target-uri\" \"@authority\" \"@scheme\" \"@request-target\" \"@path\" \"@query\" \"host\" \"content-digest\");alg=\"rsa-v1_5-sha256\";keyid=\"{KEY_ID}\";created=1795500000;expires=1795500300;nonce=\"a\""
    );
    let lines = format!(
        "\"@method\": POST\n\"@target-uri\": https://city.example/inbox?a=b\n\"@authority\": city.example\n\"@scheme\": https\n\"@request-target\": /inbox?a=b\n\"@path\": /inbox\n\"@query\": ?a=b\n\"host\": city.example\n\"content-digest\": {digest}\n"
    );
    assert_eq!(message_by_hand(&key, &input, &lines).check(&key), Ok(()));
}

#[test]
fn the_window_is_what_the_policy_says() {
    let key = rsa();
    for (seconds, verdict) in [
        (0, Ok(())),
        (-3600, Ok(())),
        (-3601, Err(Refusal::Stale)),
        (-86_400 * 3650, Err(Refusal::Stale)),
        (300, Ok(())),
        (301, Err(Refusal::Future)),
        (86_400 * 3650, Err(Refusal::Future)),
    ] {
        let at = Timestamp::from_seconds(NOW.seconds() + seconds);
        for dialect in [Dialect::Cavage, Dialect::Message] {
            let wire = signed(&key, dialect, Method::POST, at);
            assert_eq!(wire.check(&key), verdict, "{dialect:?} {seconds}");
        }
    }
    let policy = Policy::default();
    let expires = Some(NOW.seconds());
    assert_eq!(
        policy.judge(NOW.seconds() - 12 * 3600, expires, NOW),
        Ok(())
    );
    let older = NOW.seconds() - 12 * 3600 - 1;
    assert_eq!(policy.judge(older, expires, NOW), Err(Refusal::Stale));
    for extreme in [i64::MIN, i64::MAX] {
        assert!(policy.judge(extreme, Some(extreme), NOW).is_err());
    }
}

#[test]
fn a_time_beyond_all_numbers_is_refused_without_a_panic() {
    let key = rsa();
    let digest = BodyDigest::of(BODY).to_digest();
    for (created, reason) in [
        ("18446744073709551615", Refusal::BadTime),
        ("9223372036854775807", Refusal::Future),
        ("-9223372036854775808", Refusal::Stale),
        ("", Refusal::BadTime),
        ("now", Refusal::BadTime),
    ] {
        let base = format!(
            "(request-target): post /inbox?a=b\nhost: city.example\n(created): {created}\ndigest: {digest}"
        );
        let wire = by_hand(
            &key,
            &format!(
                "algorithm=\"hs2019\",created={created},headers=\"(request-target) host (created) digest\""
            ),
            &base,
        );
        assert_eq!(wire.check(&key), Err(reason), "{created}");
    }
}

/// A small generator (xorshift64): the same soup in every run.
struct Soup(u64);

impl Soup {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below).unwrap()).unwrap()
    }
}

#[test]
fn nothing_in_a_header_makes_it_panic() {
    const PIECES: [&str; 28] = [
        "keyId=",
        "headers=",
        "signature=",
        "created=",
        "expires=",
        "\"",
        ",",
        " ",
        ";",
        "=",
        "(",
        ")",
        ":",
        "sig1",
        "(created)",
        "(request-target)",
        "host",
        "date",
        "digest",
        "\"@method\"",
        "\"@target-uri\"",
        "18446744073709551615",
        "-1",
        "1795500000",
        "AAAA",
        "?1",
        "\u{e9}",
        "\\",
    ];
    const NAMES: [&str; 6] = [
        "signature",
        "signature-input",
        "date",
        "digest",
        "content-digest",
        "host",
    ];
    let key = rsa();
    let mut soup = Soup(0x5eed);
    let mut refused = 0;
    let whole =
        [Dialect::Cavage, Dialect::Message].map(|dialect| signed(&key, dialect, Method::POST, NOW));
    for round in 0..5_000 {
        let mut wire = whole[round % 2].clone();
        let name = NAMES[soup.next(NAMES.len())];
        let mut value: Vec<u8> = wire
            .headers
            .get(name)
            .map_or_else(Vec::new, |value| value.as_bytes().to_vec());
        for _ in 0..=soup.next(4) {
            let at = soup.next(value.len() + 1);
            let until = at + soup.next(value.len() - at + 1);
            let piece = PIECES[soup.next(PIECES.len())].bytes();
            value.splice(at..until, piece);
        }
        let Ok(value) = HeaderValue::from_bytes(&value) else {
            continue;
        };
        wire.headers.insert(HeaderName::from_static(name), value);
        if wire.check(&key).is_err() {
            refused += 1;
            continue;
        }
        // Whatever is still believed, nothing that was signed may have changed.
        for covered in wire.parse().unwrap().covered {
            let signed = whole[round % 2].headers.get(&covered);
            let found = wire.headers.get(&covered);
            let trimmed = |value: Option<&HeaderValue>| {
                value.map(|value| value.as_bytes().trim_ascii().to_vec())
            };
            assert_eq!(trimmed(found), trimmed(signed), "{covered}");
        }
    }
    assert!(refused > 2_500, "{refused}");
}
