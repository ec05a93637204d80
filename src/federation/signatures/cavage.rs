//! Reading draft-cavage-http-signatures-12, in the dialects that servers speak.

use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{
    BodyDigest, Claim, Dialect, LONGEST_BASE, MOST_COMPONENTS, Policy, Refusal, Request, has_body,
    joined_header, one_header,
};
use crate::federation::keys::Algorithm;
use crate::kernel::Timestamp;

/// The parameters that count; others are ignored, as the draft asks.
#[derive(Default)]
struct Parameters<'a> {
    key_id: Option<&'a str>,
    algorithm: Option<&'a str>,
    headers: Option<&'a str>,
    signature: Option<&'a str>,
    created: Option<&'a str>,
    expires: Option<&'a str>,
}

pub(super) fn parse(
    request: &Request<'_>,
    now: Timestamp,
    policy: Policy,
) -> Result<Claim, Refusal> {
    let header = one_header(request.headers, "signature")?.ok_or(Refusal::Unsigned)?;
    let parameters = read_parameters(header)?;
    let key_id = parameters.key_id.ok_or(Refusal::NoKeyId)?;
    let signature = STANDARD
        .decode(parameters.signature.ok_or(Refusal::Malformed)?)
        .map_err(|_| Refusal::Malformed)?;
    let (algorithm, is_hs2019) = match parameters.algorithm {
        // The key decides; in practice it is RSA with SHA-256.
        None | Some("hs2019") => (None, true),
        Some("rsa-sha256") => (Some(Algorithm::Rsa), false),
        Some(_) => return Err(Refusal::UnknownAlgorithm),
    };
    let covered = read_covered(parameters.headers, is_hs2019)?;
    let covers = |name: &str| covered.iter().any(|covered| covered == name);
    // Section 2.3: these belong to hs2019 alone.
    if !is_hs2019 && (covers("(created)") || covers("(expires)")) {
        return Err(Refusal::UnknownAlgorithm);
    }
    if !covers("(request-target)") {
        return Err(Refusal::TargetNotCovered);
    }
    if !covers("host") {
        return Err(Refusal::HostNotCovered);
    }
    if has_body(request) {
        if !covers("digest") {
            return Err(Refusal::DigestNotCovered);
        }
        BodyDigest::of(request.body).check_digest(&joined_header(request, "digest")?)?;
    }
    judge_time(request, &parameters, &covered, now, policy)?;

    let mut bases = vec![base(request, &parameters, &covered, request.target)?];
    // Some sign the path alone, though they send a query.
    if let Some((path, _)) = request.target.split_once('?') {
        bases.push(base(request, &parameters, &covered, path)?);
    }
    Ok(Claim {
        key_id: key_id.to_owned(),
        dialect: Dialect::Cavage,
        algorithm,
        covered,
        signature,
        bases,
    })
}

/// `name="value"` or `name=123`, separated by commas, blanks around them allowed.
fn read_parameters(header: &str) -> Result<Parameters<'_>, Refusal> {
    let mut parameters = Parameters::default();
    let mut rest = header.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or(Refusal::Malformed)?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or(Refusal::Malformed)?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        // No server escapes anything, and to unescape would be to sign something else.
        if value.contains('\\') {
            return Err(Refusal::Malformed);
        }
        let name = name.trim();
        let slot = match name.to_ascii_lowercase().as_str() {
            "keyid" => &mut parameters.key_id,
            "algorithm" => &mut parameters.algorithm,
            "headers" => &mut parameters.headers,
            "signature" => &mut parameters.signature,
            "created" => &mut parameters.created,
            "expires" => &mut parameters.expires,
            "" => return Err(Refusal::Malformed),
            _ => &mut None,
        };
        if slot.replace(value.trim()).is_some() {
            return Err(Refusal::Repeated);
        }
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.is_empty() => after,
            None => return Err(Refusal::Malformed),
        };
    }
    Ok(parameters)
}

/// The names of the covered headers in lower case; what is covered when the sender does not say follows from
/// the algorithm (section 2.1.6).
fn read_covered(headers: Option<&str>, is_hs2019: bool) -> Result<Vec<String>, Refusal> {
    let headers = headers.unwrap_or(if is_hs2019 { "(created)" } else { "date" });
    let mut covered: Vec<String> = Vec::new();
    for name in headers.split_ascii_whitespace() {
        let name = name.to_ascii_lowercase();
        if covered.contains(&name) {
            return Err(Refusal::Repeated);
        }
        if covered.len() == MOST_COMPONENTS {
            return Err(Refusal::TooLong);
        }
        covered.push(name);
    }
    Ok(covered)
}

/// Every time that is covered must be within the window, and one must be.
fn judge_time(
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    covered: &[String],
    now: Timestamp,
    policy: Policy,
) -> Result<(), Refusal> {
    let covers = |name: &str| covered.iter().any(|covered| covered == name);
    let created = parameters.created.map(seconds).transpose()?;
    let expires = parameters.expires.map(seconds).transpose()?;
    // An `expires` that is not covered could have been added by anyone.
    let expires = expires.filter(|_| covers("(expires)"));
    let mut is_dated = false;
    if covers("(created)") {
        policy.judge(created.ok_or(Refusal::CoversMissing)?, expires, now)?;
        is_dated = true;
    }
    if covers("date") {
        let date = one_header(request.headers, "date")?.ok_or(Refusal::CoversMissing)?;
        policy.judge(http_date(date)?, expires, now)?;
        is_dated = true;
    }
    is_dated.then_some(()).ok_or(Refusal::TimeNotCovered)
}

fn seconds(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::BadTime)
}

fn http_date(text: &str) -> Result<i64, Refusal> {
    let date = httpdate::parse_http_date(text.trim()).map_err(|_| Refusal::BadTime)?;
    let since = date
        .duration_since(UNIX_EPOCH)
        .map_err(|_| Refusal::BadTime)?;
    i64::try_from(since.as_secs()).map_err(|_| Refusal::BadTime)
}

/// The signing string (section 2.3).
fn base(
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    covered: &[String],
    target: &str,
) -> Result<Vec<u8>, Refusal> {
    let mut base = Vec::with_capacity(512);
    for (index, name) in covered.iter().enumerate() {
        if index > 0 {
            base.push(b'\n');
        }
        base.extend_from_slice(name.as_bytes());
        base.extend_from_slice(b": ");
        match name.as_str() {
            "(request-target)" => {
                let method = request.method.as_str().to_ascii_lowercase();
                base.extend_from_slice(method.as_bytes());
                base.push(b' ');
                base.extend_from_slice(target.as_bytes());
            }
            "(created)" => {
                let created = parameters.created.ok_or(Refusal::CoversMissing)?;
                base.extend_from_slice(created.as_bytes());
            }
            "(expires)" => {
                let expires = parameters.expires.ok_or(Refusal::CoversMissing)?;
                base.extend_from_slice(expires.as_bytes());
            }
            pseudo if pseudo.starts_with('(') => return Err(Refusal::UnknownComponent),
            // A signature cannot cover itself, and would be a way to hide the rest.
            "signature" => return Err(Refusal::UnknownComponent),
            name => base.extend_from_slice(&joined_header(request, name)?),
        }
        if base.len() > LONGEST_BASE {
            return Err(Refusal::TooLong);
        }
    }
    Ok(base)
}
