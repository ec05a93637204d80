//! Reading HTTP Message Signatures (RFC 9421), as far as the fediverse uses them.

use sfv::{BareItem, Dictionary, FieldType as _, InnerList, Item, ListEntry, Parser};

use super::{
    BodyDigest, Claim, Dialect, LONGEST_BASE, LONGEST_HEADER, MOST_COMPONENTS, Policy, Refusal,
    Request, has_body, joined_header,
};
use crate::federation::keys::Algorithm;
use crate::kernel::Timestamp;

pub(super) fn parse(
    request: &Request<'_>,
    now: Timestamp,
    policy: Policy,
) -> Result<Claim, Refusal> {
    let inputs = dictionary(request, "signature-input")?;
    let signatures = dictionary(request, "signature")?;
    // As Mastodon does: several signatures, and it would be unclear which of them somebody vouches for.
    if inputs.len() > 1 || signatures.len() > 1 {
        return Err(Refusal::SeveralSignatures);
    }
    let Some((label, ListEntry::InnerList(input))) = inputs.first() else {
        return Err(Refusal::Malformed);
    };
    let Some(ListEntry::Item(Item {
        bare_item: BareItem::ByteSequence(signature),
        ..
    })) = signatures.get(label)
    else {
        return Err(Refusal::Malformed);
    };
    let covered = read_covered(input)?;
    let covers = |name: &str| covered.iter().any(|covered| covered == name);
    if !covers("@method") || !covers("@target-uri") {
        return Err(Refusal::TargetNotCovered);
    }
    if has_body(request) {
        if !covers("content-digest") {
            return Err(Refusal::DigestNotCovered);
        }
        let digest = joined_header(request, "content-digest")?;
        BodyDigest::of(request.body).check_content_digest(&digest)?;
    }
    let key_id = text(input, "keyid")?.ok_or(Refusal::NoKeyId)?;
    let created = number(input, "created")?.ok_or(Refusal::TimeNotCovered)?;
    policy.judge(created, number(input, "expires")?, now)?;
    let algorithm = match text(input, "alg")? {
        None => None,
        Some("rsa-v1_5-sha256") => Some(Algorithm::Rsa),
        Some("ed25519") => Some(Algorithm::Ed25519),
        Some(_) => return Err(Refusal::UnknownAlgorithm),
    };
    Ok(Claim {
        key_id: key_id.to_owned(),
        dialect: Dialect::Message,
        algorithm,
        bases: vec![base(request, &covered, input)?],
        covered,
        signature: signature.clone(),
    })
}

fn dictionary(request: &Request<'_>, name: &str) -> Result<Dictionary, Refusal> {
    let header = joined_header(request, name).map_err(|refusal| match refusal {
        Refusal::CoversMissing => Refusal::Malformed,
        other => other,
    })?;
    if header.len() > LONGEST_HEADER {
        return Err(Refusal::TooLong);
    }
    Parser::new(&header).parse().map_err(|_| Refusal::Malformed)
}

/// The covered components, none twice (section 2.5) and none with parameters, which nobody uses here.
fn read_covered(input: &InnerList) -> Result<Vec<String>, Refusal> {
    if input.items.len() > MOST_COMPONENTS {
        return Err(Refusal::TooLong);
    }
    let mut covered: Vec<String> = Vec::with_capacity(input.items.len());
    for item in &input.items {
        let BareItem::String(name) = &item.bare_item else {
            return Err(Refusal::Malformed);
        };
        if !item.params.is_empty() {
            return Err(Refusal::UnknownComponent);
        }
        let name = name.as_str().to_owned();
        if covered.contains(&name) {
            return Err(Refusal::Repeated);
        }
        covered.push(name);
    }
    Ok(covered)
}

fn text<'a>(input: &'a InnerList, name: &str) -> Result<Option<&'a str>, Refusal> {
    match input.params.get(name) {
        None => Ok(None),
        Some(BareItem::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(Refusal::Malformed),
    }
}

fn number(input: &InnerList, name: &str) -> Result<Option<i64>, Refusal> {
    match input.params.get(name) {
        None => Ok(None),
        Some(BareItem::Integer(seconds)) => Ok(Some(i64::from(*seconds))),
        Some(_) => Err(Refusal::BadTime),
    }
}

/// The signature base (section 2.5).
fn base(request: &Request<'_>, covered: &[String], input: &InnerList) -> Result<Vec<u8>, Refusal> {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((request.target, ""));
    let mut base = Vec::with_capacity(512);
    for name in covered {
        base.push(b'"');
        base.extend_from_slice(name.as_bytes());
        base.extend_from_slice(b"\": ");
        match name.as_str() {
            "@method" => base.extend_from_slice(request.method.as_str().as_bytes()),
            "@target-uri" => {
                base.extend_from_slice(request.scheme.as_bytes());
                base.extend_from_slice(b"://");
                base.extend_from_slice(request.authority.as_bytes());
                base.extend_from_slice(request.target.as_bytes());
            }
            "@authority" => base.extend_from_slice(request.authority.as_bytes()),
            "@scheme" => base.extend_from_slice(request.scheme.as_bytes()),
            "@request-target" => base.extend_from_slice(request.target.as_bytes()),
            "@path" => base.extend_from_slice(path.as_bytes()),
            // The question mark stands even when there is no query (section 2.2.7).
            "@query" => {
                base.push(b'?');
                base.extend_from_slice(query.as_bytes());
            }
            derived if derived.starts_with('@') => return Err(Refusal::UnknownComponent),
            "signature" | "signature-input" => return Err(Refusal::UnknownComponent),
            name => base.extend_from_slice(&joined_header(request, name)?),
        }
        base.push(b'\n');
        if base.len() > LONGEST_BASE {
            return Err(Refusal::TooLong);
        }
    }
    base.extend_from_slice(b"\"@signature-params\": ");
    let parameters = vec![ListEntry::InnerList(input.clone())].serialize();
    base.extend_from_slice(parameters.ok_or(Refusal::Malformed)?.as_bytes());
    Ok(base)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;
    use crate::federation::keys::PublicKey;

    /// RFC 9421, appendix B.2.6: somebody else's key and signature, over a base that we build.
    #[test]
    fn the_vector_of_the_rfc_verifies() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "example.com"),
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let request = Request {
            method: &Method::POST,
            target: "/foo?param=Value&Pet=dog",
            headers: &headers,
            scheme: "https",
            authority: "example.com",
            body: b"{\"hello\": \"world\"}",
        };
        let input = r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
        let inputs: Dictionary = Parser::new(input).parse().unwrap();
        let Some(ListEntry::InnerList(input)) = inputs.get("sig-b26") else {
            panic!("not a list");
        };
        let base = base(&request, &read_covered(input).unwrap(), input).unwrap();
        let key = STANDARD
            .decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
            .unwrap();
        let signature = STANDARD
            .decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==")
            .unwrap();
        assert!(
            PublicKey::from_ed25519(&key)
                .unwrap()
                .verifies(&base, &signature)
        );
    }
}
