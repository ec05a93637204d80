//! What may be done to a signed request on its way, and the reason for which each is refused.

use super::*;

/// A name, a change to a request that was signed, and the reason.
type Case = (&'static str, fn(&mut Wire), Refusal);

/// In either dialect.
#[rustfmt::skip]
const BOTH: &[Case] = &[
    ("unsigned", |w| { w.headers.remove("signature"); w.headers.remove("signature-input"); }, Refusal::Unsigned),
    ("swapped body", |w| w.body = b"{}".to_vec(), Refusal::OtherBody),
    ("no body", |w| w.body.clear(), Refusal::OtherBody),
    ("other method", |w| w.method = Method::PUT, Refusal::Mismatch),
    ("other path", |w| w.target = "/users/2/inbox".to_owned(), Refusal::Mismatch),
    ("other host", |w| w.set("host", "other.example"), Refusal::OtherHost),
    ("signed for another host", |w| { w.authority = "other.example"; w.set("host", "other.example"); }, Refusal::Mismatch),
    ("no host", |w| { w.headers.remove("host"); w.authority = "other.example"; }, Refusal::Mismatch),
    ("repeated host", |w| w.append("host", "city.example"), Refusal::Repeated),
    ("not text", |w| { w.headers.insert("host", HeaderValue::from_bytes(b"\xff").unwrap()); }, Refusal::Malformed),
    ("long", |w| w.set("host", &"a".repeat(LONGEST_HEADER + 1)), Refusal::TooLong),
];

#[rustfmt::skip]
const CAVAGE: &[Case] = &[
    ("other date", |w| w.replace("date", ":00 GMT", ":01 GMT"), Refusal::Mismatch),
    ("unreadable date", |w| w.set("date", "yesterday"), Refusal::BadTime),
    ("date of another format", |w| w.set("date", "2026-11-24T12:00:00Z"), Refusal::BadTime),
    ("date before 1970", |w| w.set("date", "Wed, 31 Dec 1969 23:59:59 GMT"), Refusal::BadTime),
    ("no date", |w| w.remove("date"), Refusal::CoversMissing),
    ("two dates", |w| w.append("date", "x"), Refusal::Repeated),
    ("no digest", |w| w.remove("digest"), Refusal::CoversMissing),
    ("digest of another kind", |w| w.replace("digest", "SHA-256", "MD5"), Refusal::BadDigest),
    ("another digest beside", |w| w.replace("digest", "SHA-256", "MD5=AAAA,SHA-256"), Refusal::Mismatch),
    ("other media type", |w| w.set("content-type", "text/plain"), Refusal::Mismatch),
    ("parameter twice", |w| w.replace("signature", "headers=", "headers=\"date\",headers="), Refusal::Repeated),
    ("key twice", |w| w.replace("signature", "keyId=", "keyid=\"x\",keyId="), Refusal::Repeated),
    ("header twice", |w| w.append("signature", "keyId=\"x\""), Refusal::Repeated),
    ("component twice", |w| w.replace("signature", "host date", "host host date"), Refusal::Repeated),
    ("no key", |w| w.replace("signature", "keyId=", "k="), Refusal::NoKeyId),
    ("empty key", |w| w.replace("signature", KEY_ID, ""), Refusal::NoKeyId),
    ("long key", |w| w.replace("signature", KEY_ID, &"a".repeat(LONGEST_KEY_ID + 1)), Refusal::TooLong),
    ("no signature", |w| w.replace("signature", "signature=", "s="), Refusal::Malformed),
    ("not base64", |w| w.replace("signature", "signature=\"", "signature=\"!"), Refusal::Malformed),
    ("long signature", |w| w.replace("signature", "signature=\"", &format!("signature=\"{}", "A".repeat(1000))), Refusal::TooLong),
    ("open quote", |w| w.set("signature", "keyId=\"abc"), Refusal::Malformed),
    ("no equals", |w| w.set("signature", "keyId"), Refusal::Malformed),
    ("empty", |w| w.set("signature", ""), Refusal::NoKeyId),
    ("escape", |w| w.replace("signature", "keyId=\"", "keyId=\"\\\\"), Refusal::Malformed),
    ("other algorithm", |w| w.replace("signature", "rsa-sha256", "hmac-sha256"), Refusal::UnknownAlgorithm),
    ("created with rsa-sha256", |w| w.replace("signature", "host date", "host (created)"), Refusal::UnknownAlgorithm),
    ("pseudo header", |w| w.replace("signature", "host date", "host (magic) date"), Refusal::UnknownComponent),
    ("itself", |w| w.replace("signature", "host date", "host signature date"), Refusal::UnknownComponent),
    ("many", |w| w.replace("signature", "host date", &many(" ", "")), Refusal::TooLong),
];

#[rustfmt::skip]
const MESSAGE: &[Case] = &[
    ("other time", |w| w.replace("signature-input", "1795500000", "1795500001"), Refusal::Mismatch),
    ("no digest", |w| w.remove("content-digest"), Refusal::CoversMissing),
    ("digest of another kind", |w| w.replace("content-digest", "sha-256", "sha-512"), Refusal::BadDigest),
    ("other scheme", |w| w.scheme = "http", Refusal::Mismatch),
    ("other query", |w| w.target = "/inbox".to_owned(), Refusal::Mismatch),
    ("huge time", |w| w.replace("signature-input", "1795500000", "18446744073709551615"), Refusal::Malformed),
    ("greatest time", |w| w.replace("signature-input", "1795500000", "999999999999999"), Refusal::Future),
    ("least time", |w| w.replace("signature-input", "1795500000", "-999999999999999"), Refusal::Stale),
    ("fractional time", |w| w.replace("signature-input", "1795500000", "1795500000.5"), Refusal::BadTime),
    ("no time", |w| w.replace("signature-input", ";created=1795500000", ""), Refusal::TimeNotCovered),
    ("expired", |w| w.replace("signature-input", ";created", ";expires=1795400000;created"), Refusal::Stale),
    ("no key", |w| w.replace("signature-input", "keyid", "tag"), Refusal::NoKeyId),
    ("key of another kind", |w| w.replace("signature-input", &format!("\"{KEY_ID}\""), "7"), Refusal::Malformed),
    ("other algorithm", |w| w.replace("signature-input", ";keyid", ";alg=\"hmac-sha256\";keyid"), Refusal::UnknownAlgorithm),
    ("algorithm of another key", |w| w.replace("signature-input", ";keyid", ";alg=\"ed25519\";keyid"), Refusal::OtherAlgorithm),
    ("component twice", |w| w.replace("signature-input", "(\"@method\"", "(\"@method\" \"@method\""), Refusal::Repeated),
    ("component with parameter", |w| w.replace("signature-input", "(\"@method\"", "(\"@method\";req"), Refusal::UnknownComponent),
    ("unknown component", |w| w.replace("signature-input", "(\"@method\"", "(\"@status\" \"@method\""), Refusal::UnknownComponent),
    ("itself", |w| w.replace("signature-input", "(\"@method\"", "(\"signature\" \"@method\""), Refusal::UnknownComponent),
    ("missing header", |w| w.replace("signature-input", "(\"@method\"", "(\"x-none\" \"@method\""), Refusal::CoversMissing),
    ("many", |w| w.replace("signature-input", "(", &format!("({} ", many(" ", "\""))), Refusal::TooLong),
    ("token for a component", |w| w.replace("signature-input", "\"@method\"", "method"), Refusal::Malformed),
    ("not a list", |w| w.set("signature-input", "sig1=7"), Refusal::Malformed),
    ("not structured", |w| w.set("signature-input", "sig1=("), Refusal::Malformed),
    ("empty", |w| w.set("signature-input", ""), Refusal::Malformed),
    ("signature missing", |w| w.remove("signature"), Refusal::Malformed),
    ("signature of another label", |w| w.replace("signature", "sig1", "sig2"), Refusal::Malformed),
    ("signature as text", |w| w.set("signature", "sig1=\"AAAA\""), Refusal::Malformed),
    ("several signatures", |w| w.replace("signature", "sig1=", "sig2=:AAAA:, sig1="), Refusal::SeveralSignatures),
    ("several inputs", |w| w.replace("signature-input", "sig1=", "sig2=(), sig1="), Refusal::SeveralSignatures),
];

/// More names than anybody signs.
fn many(separator: &str, quote: &str) -> String {
    let names: Vec<String> = (0..40)
        .map(|number| format!("{quote}x-{number}{quote}"))
        .collect();
    names.join(separator)
}

#[test]
fn damaged_requests_are_refused_each_with_its_reason() {
    let key = rsa();
    for (dialect, cases) in [
        (Dialect::Cavage, BOTH),
        (Dialect::Message, BOTH),
        (Dialect::Cavage, CAVAGE),
        (Dialect::Message, MESSAGE),
    ] {
        let whole = signed(&key, dialect, Method::POST, NOW);
        assert_eq!(whole.check(&key), Ok(()));
        for (name, damage, reason) in cases {
            let mut wire = whole.clone();
            damage(&mut wire);
            assert_eq!(wire.check(&key), Err(*reason), "{dialect:?}: {name}");
        }
    }
}
