//! Signatures made by ourselves and by hand, whole and damaged in every way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::*;
use crate::federation::keys::SigningKey;

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

/// A change that somebody on the way makes to a signed request.
type Damage = fn(&mut Wire);

#[test]
fn damaged_requests_are_refused_each_with_its_reason() {
    let key = rsa();
    let both: &[(&str, Damage, Refusal)] = &[
        (
            "unsigned",
            |w| {
                w.headers.remove("signature");
                w.headers.remove("signature-input");
            },
            Refusal::Unsigned,
        ),
        (
            "swapped body",
            |w| w.body = b"{}".to_vec(),
            Refusal::OtherBody,
        ),
        ("no body", |w| w.body.clear(), Refusal::OtherBody),
        (
            "other method",
            |w| w.method = Method::PUT,
            Refusal::Mismatch,
        ),
        (
            "other path",
            |w| w.target = "/users/2/inbox".to_owned(),
            Refusal::Mismatch,
        ),
        (
            "other host",
            |w| w.set("host", "other.example"),
            Refusal::OtherHost,
        ),
        (
            "signed for another host",
            |w| {
                w.authority = "other.example";
                w.set("host", "other.example");
            },
            Refusal::Mismatch,
        ),
        (
            "no host",
            |w| {
                w.headers.remove("host");
                w.authority = "other.example";
            },
            Refusal::Mismatch,
        ),
        (
            "repeated host",
            |w| {
                w.headers
                    .append("host", HeaderValue::from_static("city.example"));
            },
            Refusal::Repeated,
        ),
        (
            "not text",
            |w| {
                w.headers
                    .insert("host", HeaderValue::from_bytes(b"\xff").unwrap());
            },
            Refusal::Malformed,
        ),
        (
            "long",
            |w| w.set("host", &"a".repeat(LONGEST_HEADER + 1)),
            Refusal::TooLong,
        ),
    ];
    let cavage: &[(&str, Damage, Refusal)] = &[
        (
            "other date",
            |w| w.set("date", &NOW.to_http_date().replace(":00 GMT", ":01 GMT")),
            Refusal::Mismatch,
        ),
        (
            "unreadable date",
            |w| w.set("date", "yesterday"),
            Refusal::BadTime,
        ),
        (
            "date of another format",
            |w| w.set("date", "2026-11-24T12:00:00Z"),
            Refusal::BadTime,
        ),
        (
            "date before 1970",
            |w| w.set("date", "Wed, 31 Dec 1969 23:59:59 GMT"),
            Refusal::BadTime,
        ),
        (
            "no date",
            |w| {
                w.headers.remove("date");
            },
            Refusal::CoversMissing,
        ),
        (
            "two dates",
            |w| {
                w.headers.append("date", HeaderValue::from_static("x"));
            },
            Refusal::Repeated,
        ),
        (
            "no digest",
            |w| {
                w.headers.remove("digest");
            },
            Refusal::CoversMissing,
        ),
        (
            "digest of another kind",
            |w| w.replace("digest", "SHA-256", "MD5"),
            Refusal::BadDigest,
        ),
        (
            "another digest beside",
            |w| w.replace("digest", "SHA-256", "MD5=AAAA,SHA-256"),
            Refusal::Mismatch,
        ),
        (
            "other media type",
            |w| w.set("content-type", "text/plain"),
            Refusal::Mismatch,
        ),
        (
            "parameter twice",
            |w| w.replace("signature", "headers=", "headers=\"date\",headers="),
            Refusal::Repeated,
        ),
        (
            "key twice",
            |w| w.replace("signature", "keyId=", "keyid=\"x\",keyId="),
            Refusal::Repeated,
        ),
        (
            "header twice",
            |w| {
                let v = w.headers["signature"].clone();
                w.headers.append("signature", v);
            },
            Refusal::Repeated,
        ),
        (
            "component twice",
            |w| w.replace("signature", "host date", "host host date"),
            Refusal::Repeated,
        ),
        (
            "no key",
            |w| w.replace("signature", "keyId=", "k="),
            Refusal::NoKeyId,
        ),
        (
            "empty key",
            |w| w.replace("signature", KEY_ID, ""),
            Refusal::NoKeyId,
        ),
        (
            "long key",
            |w| w.replace("signature", KEY_ID, &"a".repeat(LONGEST_KEY_ID + 1)),
            Refusal::TooLong,
        ),
        (
            "no signature",
            |w| w.replace("signature", "signature=", "s="),
            Refusal::Malformed,
        ),
        (
            "not base64",
            |w| w.replace("signature", "signature=\"", "signature=\"!"),
            Refusal::Malformed,
        ),
        (
            "open quote",
            |w| w.set("signature", "keyId=\"abc"),
            Refusal::Malformed,
        ),
        (
            "no equals",
            |w| w.set("signature", "keyId"),
            Refusal::Malformed,
        ),
        ("empty", |w| w.set("signature", ""), Refusal::NoKeyId),
        (
            "escape",
            |w| w.replace("signature", "keyId=\"", "keyId=\"\\\\"),
            Refusal::Malformed,
        ),
        (
            "other algorithm",
            |w| w.replace("signature", "rsa-sha256", "hmac-sha256"),
            Refusal::UnknownAlgorithm,
        ),
        (
            "created with rsa-sha256",
            |w| w.replace("signature", "host date", "host (created)"),
            Refusal::UnknownAlgorithm,
        ),
        (
            "pseudo header",
            |w| w.replace("signature", "host date", "host (magic) date"),
            Refusal::UnknownComponent,
        ),
        (
            "itself",
            |w| w.replace("signature", "host date", "host signature date"),
            Refusal::UnknownComponent,
        ),
        (
            "many",
            |w| {
                let names: Vec<String> = (0..40).map(|n| format!("x-{n}")).collect();
                w.replace("signature", "host date", &names.join(" "));
            },
            Refusal::TooLong,
        ),
    ];
    let message: &[(&str, Damage, Refusal)] = &[
        (
            "other time",
            |w| {
                w.replace(
                    "signature-input",
                    "created=1795500000",
                    "created=1795500001",
                )
            },
            Refusal::Mismatch,
        ),
        (
            "no digest",
            |w| {
                w.headers.remove("content-digest");
            },
            Refusal::CoversMissing,
        ),
        (
            "digest of another kind",
            |w| w.replace("content-digest", "sha-256", "sha-512"),
            Refusal::BadDigest,
        ),
        ("other scheme", |w| w.scheme = "http", Refusal::Mismatch),
        (
            "other query",
            |w| w.target = "/inbox".to_owned(),
            Refusal::Mismatch,
        ),
        (
            "huge time",
            |w| w.replace("signature-input", "1795500000", "18446744073709551615"),
            Refusal::Malformed,
        ),
        (
            "greatest time",
            |w| w.replace("signature-input", "1795500000", "999999999999999"),
            Refusal::Future,
        ),
        (
            "least time",
            |w| w.replace("signature-input", "1795500000", "-999999999999999"),
            Refusal::Stale,
        ),
        (
            "fractional time",
            |w| w.replace("signature-input", "1795500000", "1795500000.5"),
            Refusal::BadTime,
        ),
        (
            "no time",
            |w| w.replace("signature-input", ";created=1795500000", ""),
            Refusal::TimeNotCovered,
        ),
        (
            "expired",
            |w| w.replace("signature-input", ";created", ";expires=1795400000;created"),
            Refusal::Stale,
        ),
        (
            "no key",
            |w| w.replace("signature-input", "keyid", "tag"),
            Refusal::NoKeyId,
        ),
        (
            "key of another kind",
            |w| w.replace("signature-input", &format!("\"{KEY_ID}\""), "7"),
            Refusal::Malformed,
        ),
        (
            "other algorithm",
            |w| w.replace("signature-input", ";keyid", ";alg=\"hmac-sha256\";keyid"),
            Refusal::UnknownAlgorithm,
        ),
        (
            "algorithm of another key",
            |w| w.replace("signature-input", ";keyid", ";alg=\"ed25519\";keyid"),
            Refusal::OtherAlgorithm,
        ),
        (
            "component twice",
            |w| {
                w.replace(
                    "signature-input",
                    "(\"@method\"",
                    "(\"@method\" \"@method\"",
                )
            },
            Refusal::Repeated,
        ),
        (
            "component with parameter",
            |w| w.replace("signature-input", "(\"@method\"", "(\"@method\";req"),
            Refusal::UnknownComponent,
        ),
        (
            "unknown component",
            |w| {
                w.replace(
                    "signature-input",
                    "(\"@method\"",
                    "(\"@status\" \"@method\"",
                )
            },
            Refusal::UnknownComponent,
        ),
        (
            "itself",
            |w| {
                w.replace(
                    "signature-input",
                    "(\"@method\"",
                    "(\"signature\" \"@method\"",
                )
            },
            Refusal::UnknownComponent,
        ),
        (
            "missing header",
            |w| w.replace("signature-input", "(\"@method\"", "(\"x-none\" \"@method\""),
            Refusal::CoversMissing,
        ),
        (
            "token for a component",
            |w| w.replace("signature-input", "\"@method\"", "method"),
            Refusal::Malformed,
        ),
        (
            "not a list",
            |w| w.set("signature-input", "sig1=7"),
            Refusal::Malformed,
        ),
        (
            "not structured",
            |w| w.set("signature-input", "sig1=("),
            Refusal::Malformed,
        ),
        (
            "empty",
            |w| w.set("signature-input", ""),
            Refusal::Malformed,
        ),
        (
            "signature missing",
            |w| {
                w.headers.remove("signature");
            },
            Refusal::Malformed,
        ),
        (
            "signature of another label",
            |w| w.replace("signature", "sig1", "sig2"),
            Refusal::Malformed,
        ),
        (
            "signature as text",
            |w| w.set("signature", "sig1=\"AAAA\""),
            Refusal::Malformed,
        ),
        (
            "several signatures",
            |w| w.replace("signature", "sig1=", "sig2=:AAAA:, sig1="),
            Refusal::SeveralSignatures,
        ),
        (
            "several inputs",
            |w| w.replace("signature-input", "sig1=", "sig2=(), sig1="),
            Refusal::SeveralSignatures,
        ),
    ];
    let of = |dialect, cases: &[(&str, Damage, Refusal)]| {
        let whole = signed(&key, dialect, Method::POST, NOW);
        assert_eq!(whole.check(&key), Ok(()));
        for (name, damage, reason) in cases {
            let mut wire = whole.clone();
            damage(&mut wire);
            assert_eq!(wire.check(&key), Err(*reason), "{dialect:?}: {name}");
        }
    };
    of(Dialect::Cavage, both);
    of(Dialect::Message, both);
    of(Dialect::Cavage, cavage);
    of(Dialect::Message, message);
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
    for round in 0..20_000 {
        let dialect = if round % 2 == 0 {
            Dialect::Cavage
        } else {
            Dialect::Message
        };
        // Signing is slow: damage the same two requests over and over.
        thread_local! {
            static WHOLE: std::cell::RefCell<Vec<Wire>> = const { std::cell::RefCell::new(Vec::new()) };
        }
        let mut wire = WHOLE.with_borrow_mut(|whole| {
            if whole.is_empty() {
                whole.push(signed(&key, Dialect::Cavage, Method::POST, NOW));
                whole.push(signed(&key, Dialect::Message, Method::POST, NOW));
            }
            whole[usize::from(dialect == Dialect::Message)].clone()
        });
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
        refused += usize::from(wire.check(&key).is_err());
    }
    assert!(refused > 15_000, "{refused}");
}

mod corpus {
    //! Whole requests of other people's servers, where the folder that holds them stands beside the project.

    use std::path::PathBuf;

    use serde_json::Value;

    use super::*;
    use crate::federation::keys::PublicKey;
    use crate::federation::signatures::proof;

    fn folder() -> Option<PathBuf> {
        let folder = std::env::var_os("ACTAPUB_CORPUS").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
            PathBuf::from,
        );
        let wire = folder.join("wire");
        if wire.is_dir() {
            return Some(wire);
        }
        eprintln!("left out: no corpus of other servers' requests stands beside the project");
        None
    }

    fn json(path: &std::path::Path) -> Value {
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// Every captured request with its time; the actors' documents with theirs.
    fn requests(folder: &std::path::Path) -> (Vec<(String, Value)>, Vec<Value>) {
        let mut requests: Vec<(String, Value)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().contains("--"))
            .map(|path| {
                (
                    path.file_name().unwrap().to_string_lossy().into_owned(),
                    json(&path),
                )
            })
            .collect();
        requests.sort_by(|a, b| a.0.cmp(&b.0));
        let actors = json(&folder.join("actors.json"));
        (requests, actors.as_array().unwrap().clone())
    }

    fn wire(request: &Value) -> (Wire, Timestamp) {
        let mut headers = HeaderMap::new();
        for pair in request["req_headers"].as_array().unwrap() {
            headers.append(
                pair[0].as_str().unwrap().parse::<HeaderName>().unwrap(),
                pair[1].as_str().unwrap().parse().unwrap(),
            );
        }
        let wire = Wire {
            method: request["method"].as_str().unwrap().parse().unwrap(),
            target: request["path"].as_str().unwrap().to_owned(),
            headers,
            scheme: "https",
            authority: Box::leak(
                request["host"]
                    .as_str()
                    .unwrap()
                    .to_owned()
                    .into_boxed_str(),
            ),
            body: request["req_body"].as_str().unwrap().as_bytes().to_vec(),
        };
        #[expect(clippy::cast_possible_truncation, reason = "a time of this century")]
        let at = Timestamp::from_seconds(request["t"].as_f64().unwrap() as i64);
        (wire, at)
    }

    /// The keys that were published under this id.
    fn keys(actors: &[Value], key_id: &str) -> Vec<PublicKey> {
        actors
            .iter()
            .map(|actor| &actor["document"]["publicKey"])
            .filter(|key| key["id"] == key_id)
            .map(|key| PublicKey::from_pem(key["publicKeyPem"].as_str().unwrap()).unwrap())
            .collect()
    }

    #[test]
    fn every_request_of_other_servers_verifies_and_none_does_with_a_byte_changed() {
        let Some(folder) = folder() else { return };
        let (requests, actors) = requests(&folder);
        assert!(requests.len() > 50);
        for (name, request) in requests {
            let (wire, at) = wire(&request);
            let claim = wire
                .parse_at(at)
                .unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
            let keys = keys(&actors, &claim.key_id);
            let mut fitting = keys.iter().filter(|key| claim.verify(key).is_ok());
            let key = fitting
                .next()
                .unwrap_or_else(|| panic!("{name}: no key of {} fits", keys.len()));

            let late = Timestamp::from_seconds(at.seconds() + 2 * 3600);
            assert_eq!(wire.parse_at(late), Err(Refusal::Stale), "{name}");
            let mut other = wire.clone();
            other.body[0] ^= 1;
            assert_eq!(other.parse_at(at), Err(Refusal::OtherBody), "{name}");
            for covered in claim
                .covered
                .iter()
                .filter(|covered| !covered.starts_with('('))
            {
                let mut other = wire.clone();
                let mut value = other.headers[covered.as_str()].as_bytes().to_vec();
                value[0] ^= 1;
                let value = HeaderValue::from_bytes(&value).unwrap();
                other
                    .headers
                    .insert(covered.parse::<HeaderName>().unwrap(), value);
                let verdict = other.parse_at(at).and_then(|claim| claim.verify(key));
                assert!(verdict.is_err(), "{name}: {covered}");
            }
            let mut other = wire.clone();
            other.target.push('x');
            let verdict = other.parse_at(at).and_then(|claim| claim.verify(key));
            assert_eq!(verdict, Err(Refusal::Mismatch), "{name}");
        }
    }

    #[test]
    fn every_proof_of_other_servers_verifies() {
        let Some(folder) = folder() else { return };
        let (requests, actors) = requests(&folder);
        let mut verified = 0;
        for (name, request) in requests {
            let document: Value =
                serde_json::from_str(request["req_body"].as_str().unwrap()).unwrap();
            let Ok(method) = proof::method(&document) else {
                continue;
            };
            let keys: Vec<PublicKey> = actors
                .iter()
                .filter_map(|actor| actor["document"]["assertionMethod"].as_array())
                .flatten()
                .filter(|key| key["id"] == method)
                .map(|key| {
                    PublicKey::from_multibase(key["publicKeyMultibase"].as_str().unwrap()).unwrap()
                })
                .collect();
            if keys.is_empty() {
                continue;
            }
            let (_, at) = wire(&request);
            let is_proven = |document: &Value| {
                keys.iter()
                    .any(|key| proof::verify(document, key, at).is_ok())
            };
            assert!(is_proven(&document), "{name}");
            let mut other = document.clone();
            other["id"] = Value::from("https://other.example/1");
            assert!(!is_proven(&other), "{name}");
            verified += 1;
        }
        assert!(verified > 10, "{verified}");
    }
}
