//! Lenient reading of JSON: one thing or many, a string or an object with an `id`.

use serde_json::{Map, Value};
use url::Url;

use crate::kernel::Plain;
use crate::kernel::SafeHtml;
use crate::kernel::Timestamp;

use super::origin::plain_origin;
use super::{DEEPEST, LONGEST_URI, Malformed};

/// The text of a document, once it is known to be UTF-8 and not nested too deep.
///
/// The depth is counted before any parser runs, so that none can run out of stack.
pub(super) fn checked(body: &[u8]) -> Result<&str, Malformed> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = behind_string(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Malformed::TooDeep);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(text)
}

/// Where a string ends that begins before `at`: behind its quotation mark, or where the text ends.
fn behind_string(bytes: &[u8], mut at: usize) -> usize {
    // Most of a document is in its strings, which are not looked at byte by byte.
    while let Some(rest) = bytes.get(at..)
        && let Some(found) = memchr::memchr2(b'"', b'\\', rest)
    {
        at += found + 1;
        if rest.get(found) == Some(&b'"') {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// A whole document. Of keys that stand twice the last one counts, here as in the envelope.
pub(super) fn document(body: &[u8]) -> Result<Map<String, Value>, Malformed> {
    match serde_json::from_str(checked(body)?) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Malformed::NotAnObject),
        Err(_) => Err(Malformed::NotJson),
    }
}

/// A type's name without the prefix that some JSON-LD writers leave on it.
pub(super) fn bare_kind(kind: &str) -> &str {
    kind.strip_prefix("as:")
        .or_else(|| kind.strip_prefix("https://www.w3.org/ns/activitystreams#"))
        .unwrap_or(kind)
}

/// The `type`: the first, if there are several.
pub(super) fn kind(map: &Map<String, Value>) -> Option<&str> {
    map.get("type").and_then(reference).map(bare_kind)
}

/// What a property refers to: a string, an object's `id` or `href`, or the first of an array that has either.
pub(super) fn reference(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(map) => map
            .get("id")
            .and_then(Value::as_str)
            .or_else(|| map.get("href").and_then(Value::as_str)),
        Value::Array(many) => many.iter().find_map(reference),
        _ => None,
    }
}

/// A reference that is a usable URL, unchanged: ids are compared byte for byte.
pub(super) fn uri(value: Option<&Value>) -> Option<String> {
    value
        .and_then(reference)
        .filter(|text| is_uri(text))
        .map(str::to_owned)
}

/// Whether a text is an absolute `http` or `https` URL with a host, without a password, of bearable length.
pub(super) fn is_uri(text: &str) -> bool {
    text.len() <= LONGEST_URI
        && (text.starts_with("https://") || text.starts_with("http://"))
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
        && (plain_origin(text).is_some()
            || Url::parse(text).is_ok_and(|url| {
                url.host().is_some() && url.username().is_empty() && url.password().is_none()
            }))
}

/// One thing or an array of things, as a slice.
pub(super) fn many(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(many)) => many,
        Some(one) => std::slice::from_ref(one),
    }
}

/// Text that is not empty.
pub(super) fn text(value: Option<&Value>) -> Option<&str> {
    value
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty())
}

/// One line of plain text; mark-up in it, which some servers send, becomes the text that it shows.
pub(super) fn line(value: Option<&Value>, longest: usize) -> Option<Plain> {
    line_of(text(value)?, longest)
}

pub(super) fn line_of(text: &str, longest: usize) -> Option<Plain> {
    let text = cut(text, longest.saturating_mul(8));
    let plain = if text.contains(['<', '&']) {
        Plain::clean(&SafeHtml::from_foreign(text).to_text(), longest)
    } else {
        Plain::clean(text, longest)
    };
    (!plain.is_empty()).then_some(plain)
}

pub(super) fn truth(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool).unwrap_or(false)
}

/// At most so many bytes, whole characters.
pub(super) fn cut(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A date as servers write it; `None` if it is none, or lies before 1970 or after 2200.
///
/// A date in the future is for the caller to judge, who has a clock.
pub fn date(text: &str) -> Option<Timestamp> {
    const LATEST: Timestamp = Timestamp::from_seconds(7_258_118_400);
    if text.len() > 64 {
        return None;
    }
    let text = text.trim();
    let timestamp = text.parse::<Timestamp>().ok().or_else(|| {
        // Without an offset it is UTC, as everything else on this wire.
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        let utc = jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?;
        Some(utc.into())
    })?;
    (Timestamp::EPOCH..LATEST)
        .contains(&timestamp)
        .then_some(timestamp)
}

pub(super) fn date_in(value: Option<&Value>) -> Option<Timestamp> {
    text(value).and_then(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_servers_write_them_and_absurd_ones_are_none() {
        for fine in [
            "2026-11-24T12:00:00Z",
            "2026-11-24T12:00:00.836Z",
            "2026-11-24T13:00:00+01:00",
            "2026-11-24T12:00:00",
            "2026-11-24T12:00:00.123456789Z",
        ] {
            assert_eq!(
                date(fine).map(|at| at.to_whole_second().to_string()),
                Some("2026-11-24T12:00:00Z".to_owned()),
                "{fine}"
            );
        }
        for absurd in [
            "",
            "-1",
            "yesterday",
            "99999-01-01T00:00:00Z",
            "+010000-01-01T00:00:00Z",
            "-000001-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2200-01-01T00:00:00Z",
            "18446744073709551615",
            "2026-13-45T99:99:99Z",
        ] {
            assert_eq!(date(absurd), None, "{absurd}");
        }
    }

    #[test]
    fn brackets_in_strings_are_not_depth() {
        let deep = format!("{{\"a\":\"{}\\\"[\"}}", "[".repeat(1000));
        assert!(document(deep.as_bytes()).is_ok());
        let deep = format!("{}{}", "[".repeat(DEEPEST + 1), "]".repeat(DEEPEST + 1));
        assert_eq!(document(deep.as_bytes()), Err(Malformed::TooDeep));
        assert_eq!(
            document("[".repeat(10_000).as_bytes()),
            Err(Malformed::TooDeep)
        );
        let just = format!(
            "{{\"a\":{}1{}}}",
            "[".repeat(DEEPEST - 1),
            "]".repeat(DEEPEST - 1)
        );
        assert!(document(just.as_bytes()).is_ok());
        // A quotation mark behind two backslashes ends the string, behind three it does not.
        let ended = format!(r#"{{"a":"\\","b":{}"#, "[".repeat(DEEPEST + 1));
        assert_eq!(document(ended.as_bytes()), Err(Malformed::TooDeep));
        let goes_on = format!(r#"{{"a":"\"{}"}}"#, "[".repeat(DEEPEST + 1));
        assert!(document(goes_on.as_bytes()).is_ok());
        for unfinished in [r#"{"a":"["#, r#"{"a":"["#, r#"""#] {
            assert_eq!(document(unfinished.as_bytes()), Err(Malformed::NotJson));
        }
    }

    #[test]
    fn only_web_addresses_are_references() {
        for bad in [
            "ftp://a.example/",
            "javascript:alert(1)",
            "https://",
            "https://user:pass@a.example/",
            "https://a.example/ x",
            "https://a.example/\u{7}",
            "payto://iban/DE1",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
        assert!(!is_uri(&format!("https://a.example/{}", "x".repeat(2048))));
        assert!(is_uri("https://müller.example/@ü"));
    }
}
