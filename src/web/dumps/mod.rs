//! The daily dump of a record: all that everybody may have of it, as one file of lines.

use std::io::Write as _;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Problem, State as Web};
use crate::archive::exports::dump;
use crate::archive::log::{self, Log};
use crate::kernel::Timestamp;
use crate::platform::db;

/// Dumps that are written at the same time; each holds a page of entries in memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

const DAY: i64 = 24 * 3600;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/record/{name}/dump.jsonl.gz", get(dump))
}

/// The record up to the last midnight (UTC), as the database has it now: what was erased since is not in it.
async fn dump(State(web): State<Web>, Path(name): Path<String>) -> Result<Response, Problem> {
    let until = Timestamp::from_seconds(web.clock.now().seconds().div_euclid(DAY) * DAY);
    let (log, size) = web
        .db
        .read(move |conn| {
            let log = log::by_name(conn, &name)?.ok_or(db::Error::NotFound)?;
            let size = dump::size_before(conn, &log, until)?;
            Ok::<_, db::Error>((log, size))
        })
        .await?;
    let Ok(permit) = AT_ONCE.try_acquire() else {
        return Ok((
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "60")],
            "several dumps are being fetched just now\n",
        )
            .into_response());
    };
    let head = dump::head(&web.site, &log, size, until, &web.server.licence);
    let licence = format!("<{}>; rel=\"license\"", web.server.licence);
    let pages = Pages {
        web,
        log,
        size,
        next: Some(0),
        head: Some(head),
        gzip: GzEncoder::new(vec![], Compression::default()),
        _permit: permit,
    };
    let body = stream::unfold(pages, |pages| async move { pages.next().await });
    Ok((
        [
            (header::CONTENT_TYPE, "application/gzip".to_owned()),
            (header::CACHE_CONTROL, "public, max-age=300".to_owned()),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
            (header::LINK, licence),
        ],
        Body::from_stream(body),
    )
        .into_response())
}

/// A dump on its way: a page is read when the one before was taken.
struct Pages {
    web: Web,
    log: Log,
    size: u64,
    /// The index to go on with; `None` behind the last page.
    next: Option<u64>,
    head: Option<String>,
    gzip: GzEncoder<Vec<u8>>,
    _permit: SemaphorePermit<'static>,
}

impl Pages {
    async fn next(mut self) -> Option<(Result<Bytes, db::Error>, Self)> {
        loop {
            let from = self.next?;
            let mut text = self.head.take().unwrap_or_default();
            let (site, log, below) = (self.web.site.clone(), self.log.clone(), self.size);
            let page = self
                .web
                .db
                .read(move |conn| dump::lines(conn, &site, &log, from, below))
                .await;
            match page {
                Err(error) => {
                    self.next = None;
                    return Some((Err(error), self));
                }
                Ok(Some((lines, next))) => {
                    self.next = Some(next);
                    text.push_str(&lines);
                }
                Ok(None) => self.next = None,
            }
            let done = write(&mut self.gzip, &text, self.next.is_none());
            if !done.is_empty() {
                return Some((Ok(done.into()), self));
            }
        }
    }
}

/// What is compressed so far: writing into memory cannot fail.
fn write(gzip: &mut GzEncoder<Vec<u8>>, text: &str, last: bool) -> Vec<u8> {
    let _ = gzip.write_all(text.as_bytes());
    if last {
        let _ = gzip.try_finish();
    }
    std::mem::take(gzip.get_mut())
}
