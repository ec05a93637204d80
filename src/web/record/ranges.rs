//! A part of a file, for those who ask for one (RFC 9110, section 14).

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::set;
use crate::web::answer::{Keep, conditional};

/// Answers with `body`, with the one range of it that is asked for, or with 304.
pub(super) fn ranged(
    asked: &HeaderMap,
    media_type: &'static str,
    keep: Keep,
    body: &[u8],
) -> Response {
    let size = body.len();
    let mut response = conditional(asked, media_type, keep, body);
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    // What a reader has kept can only be continued if it is known by a strong tag, and ours are weak.
    if response.status() != StatusCode::OK || asked.contains_key(header::IF_RANGE) {
        return response;
    }
    match asked
        .get(header::RANGE)
        .map(|range| parse(range.as_bytes(), size))
    {
        None | Some(Asked::Whole) => {}
        Some(Asked::Part { start, end }) => {
            let part = body.get(start..end).unwrap_or_default().to_vec();
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            *response.body_mut() = Body::from(part);
            response.headers_mut().remove(header::CONTENT_LENGTH);
            let range = format!("bytes {start}-{}/{size}", end.saturating_sub(1));
            set(&mut response, header::CONTENT_RANGE, &range);
        }
        Some(Asked::Nowhere) => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.headers_mut().remove(header::CACHE_CONTROL);
            set(
                &mut response,
                header::CONTENT_RANGE,
                &format!("bytes */{size}"),
            );
        }
    }
    response
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// What is not understood, or asks for several parts, is answered with everything.
    Whole,
    /// From `start`, before `end`; not empty.
    Part { start: usize, end: usize },
    /// Behind the end.
    Nowhere,
}

fn parse(range: &[u8], size: usize) -> Asked {
    let Some((first, last)) = std::str::from_utf8(range)
        .ok()
        .and_then(|range| range.trim().strip_prefix("bytes="))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Longer than any file of ours is as good as its end.
        digits.then(|| text.parse::<usize>().unwrap_or(usize::MAX))
    };
    let (start, end) = match (number(first), number(last)) {
        (Some(start), Some(last)) if start <= last => (start, last.saturating_add(1).min(size)),
        (Some(start), None) if last.is_empty() => (start, size),
        (None, Some(length)) if first.is_empty() => (size.saturating_sub(length), size),
        _ => return Asked::Whole,
    };
    if start < end {
        Asked::Part { start, end }
    } else {
        Asked::Nowhere
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_what_is_there() {
        let part = |start, end| Asked::Part { start, end };
        for (range, expected) in [
            ("bytes=0-9", part(0, 10)),
            ("bytes=90-", part(90, 100)),
            ("bytes=90-400", part(90, 100)),
            ("bytes=-10", part(90, 100)),
            ("bytes=-400", part(0, 100)),
            ("bytes=0-99999999999999999999999", part(0, 100)),
            ("bytes=100-", Asked::Nowhere),
            ("bytes=99999999999999999999999-", Asked::Nowhere),
            ("bytes=-0", Asked::Nowhere),
            ("bytes=9-1", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("lines=0-9", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(parse(range.as_bytes(), 100), expected, "{range}");
        }
        assert_eq!(parse(b"bytes=0-", 0), Asked::Nowhere);
    }
}
