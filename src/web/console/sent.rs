//! A form that may hold files, read as it arrives: whatever is sent, memory stays bounded, and no word is lost to a file.

use axum::body::Body;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use futures_util::StreamExt as _;
use multer::{Constraints, Multipart, SizeLimit};

use super::typed::Typed;
use crate::web::{Problem, State as Web};

/// The words of a form, all together.
const LONGEST_WORDS: usize = 1024 * 1024;
/// Of an announcement of as many posts as there may be, with as many pictures each, and some more.
const MOST_FIELDS: usize = 800;
/// So much of a form is read, and what is too large thrown away: a browser listens to the answer only then.
const READ_AT_MOST: u64 = 160 * 1024 * 1024;

/// What somebody sent with a form.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) typed: Typed,
    /// Each with the field that it was chosen in.
    pub(super) files: Vec<(String, Upload)>,
}

/// A file, as far as it was kept.
pub(super) enum Upload {
    Whole(Vec<u8>),
    /// It has more bytes than these.
    TooLarge(usize),
}

/// How much of the files is kept.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    /// Of one file.
    pub(super) bytes: usize,
    pub(super) files: usize,
    /// Of the whole form; what comes then is not read.
    pub(super) reads: u64,
}

impl Keep {
    /// For the words alone.
    pub(super) fn words(longest: usize) -> Self {
        Self {
            bytes: 0,
            files: 0,
            reads: u64::try_from(longest).unwrap_or(u64::MAX),
        }
    }
}

/// Whether it is a form with files (RFC 7578).
pub(super) fn is_multipart(request: &Request<Body>) -> bool {
    boundary(request).is_some()
}

fn boundary(request: &Request<Body>) -> Option<String> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(kind).ok()
}

/// Reads what can be read: where a form breaks off, what came before is there.
pub(super) async fn read(request: Request<Body>, keep: Keep) -> Sent {
    let Some(boundary) = boundary(&request) else {
        return Sent::default();
    };
    let limits = SizeLimit::new().whole_stream(keep.reads);
    let body = request.into_body().into_data_stream();
    // The library reads as much as there is before it looks at any of it: words would go with what comes behind them.
    // What comes first it wants at once.
    let stream = body.enumerate().then(|(number, piece)| async move {
        if number > 0 {
            tokio::task::yield_now().await;
        }
        piece
    });
    let constraints = Constraints::new().size_limit(limits);
    let mut form = Multipart::with_constraints(stream, boundary, constraints);
    let (mut fields, mut files) = (vec![], vec![]);
    let mut words = LONGEST_WORDS;
    while let Ok(Some(mut field)) = form.next_field().await {
        if fields.len() >= MOST_FIELDS {
            break;
        }
        if let Some(name) = field.file_name() {
            // A field for a file is sent without one, too.
            let is_empty = name.is_empty();
            let kept = if files.len() < keep.files {
                keep.bytes
            } else {
                0
            };
            let field_name = field.name().unwrap_or_default().to_owned();
            let (bytes, is_whole) = chunks(&mut field, kept).await;
            if is_whole && bytes.is_empty() && is_empty {
                continue;
            }
            let file = if is_whole {
                Upload::Whole(bytes)
            } else {
                Upload::TooLarge(keep.bytes)
            };
            files.push((field_name, file));
            continue;
        }
        let name = field.name().unwrap_or_default().to_owned();
        let (bytes, _) = chunks(&mut field, words).await;
        words = words.saturating_sub(bytes.len() + name.len());
        fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Sent {
        typed: Typed::of(fields),
        files,
    }
}

/// The bytes of a field up to `most`, and whether these are all.
async fn chunks(field: &mut multer::Field<'_>, most: usize) -> (Vec<u8>, bool) {
    let (mut bytes, mut is_whole) = (vec![], true);
    loop {
        let chunk: Bytes = match field.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return (bytes, is_whole),
            Err(_) => return (bytes, false),
        };
        let room = most - bytes.len();
        is_whole &= chunk.len() <= room;
        bytes.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
    }
}

impl FromRequest<Web> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Self::Rejection> {
        if !is_multipart(&request) {
            let typed = Typed::from_request(request, web).await?;
            return Ok(Self {
                typed,
                files: vec![],
            });
        }
        // Each may hold some pictures in memory.
        let waiting = web.desk.uploads.acquire().await;
        let _turn = waiting.map_err(|_| Problem::Overloaded)?;
        let keep = Keep {
            bytes: web.server.pictures.bytes,
            files: web.server.rules.most_images,
            reads: READ_AT_MOST,
        };
        Ok(read(request, keep).await)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// In small pieces, as it comes over the wire.
    async fn sent(body: Vec<u8>, keep: Keep) -> Sent {
        let pieces: Vec<_> = body
            .chunks(1_000)
            .map(|piece| Ok::<_, Infallible>(piece.to_vec()))
            .collect();
        let request = Request::builder()
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from_stream(futures_util::stream::iter(pieces)))
            .unwrap();
        read(request, keep).await
    }

    fn form(file: usize) -> Vec<u8> {
        let mut body = b"--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHello\r\n\
            --b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n"
            .to_vec();
        body.extend(std::iter::repeat_n(b'x', file));
        body.extend(b"\r\n--b--\r\n");
        body
    }

    #[tokio::test]
    async fn words_stay_whatever_becomes_of_the_file() {
        let keep = Keep {
            bytes: 100,
            files: 4,
            reads: 10_000,
        };
        let whole = sent(form(100), keep).await;
        assert_eq!(whole.typed.get("text"), "Hello");
        assert!(
            matches!(&whole.files[..], [(name, Upload::Whole(bytes))] if name == "picture" && bytes.len() == 100)
        );
        for (size, keep) in [(101, keep), (50_000, keep), (1, Keep::words(10_000))] {
            let sent = sent(form(size), keep).await;
            assert_eq!(sent.typed.get("text"), "Hello", "{size}");
            assert!(
                matches!(sent.files[..], [(_, Upload::TooLarge(_))]),
                "{size}"
            );
        }
        // Broken off, and no form at all.
        let mut broken = form(100);
        broken.truncate(130);
        assert_eq!(sent(broken, keep).await.typed.get("text"), "Hello");
        assert!(sent(b"?".to_vec(), keep).await.files.is_empty());
    }
}
