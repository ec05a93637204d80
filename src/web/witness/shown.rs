//! `GET /witness` and what it leads to: the key, the logs with what was seen last of each, and what was refused.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::Markup;
use serde::Serialize;

use super::page;
use crate::archive::witness;
use crate::kernel::Timestamp;
use crate::platform::db;
use crate::tlog::witness::{AddCheckpoint, origin_hash};
use crate::web::answer::{Keep, conditional};
use crate::web::{Problem, State as Web};

/// All that the witness shows.
#[derive(Debug, Serialize)]
pub(in crate::web) struct Shown {
    pub(super) name: String,
    pub(super) vkey: String,
    /// Where logs post to, without `/add-checkpoint`; the checkpoints that were seen are below it too.
    pub(super) url: String,
    pub(super) logs: Vec<Log>,
    pub(super) refused: Vec<Refused>,
}

/// A log that this server is a witness for.
#[derive(Debug, Serialize)]
pub(super) struct Log {
    pub(super) origin: String,
    pub(super) keys: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(flatten)]
    pub(super) seen: Option<Seen>,
}

/// The largest tree that was cosigned.
#[derive(Debug, Serialize)]
pub(super) struct Seen {
    pub(super) size: u64,
    pub(super) root: String,
    pub(super) at: Timestamp,
    pub(super) checkpoint: String,
}

/// A head that a log signed and that was not cosigned.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    pub(super) origin: String,
    pub(super) reason: &'static str,
    pub(super) size: Option<u64>,
    pub(super) known_size: u64,
    pub(super) at: Timestamp,
    pub(super) evidence: String,
}

/// Everything, read once.
pub(in crate::web) async fn load(web: &Web) -> Result<Shown, db::Error> {
    let (heads, evidence) = web
        .db
        .read(|conn| Ok::<_, db::Error>((witness::heads(conn)?, witness::all_evidence(conn)?)))
        .await?;
    let url = format!("{}/witness", web.site.base());
    let mut logs: Vec<Log> = web
        .witness
        .logs()
        .map(|(origin, keys, url)| Log {
            origin: origin.to_owned(),
            keys: keys.iter().map(ToString::to_string).collect(),
            url: url.map(str::to_owned),
            seen: None,
        })
        .collect();
    for head in heads {
        let seen = Some(Seen {
            size: head.head.size,
            root: head.head.root.to_string(),
            at: head.at.to_whole_second(),
            checkpoint: format!("{url}/{}/checkpoint", origin_hash(&head.origin)),
        });
        match logs.iter_mut().find(|log| log.origin == head.origin) {
            Some(log) => log.seen = seen,
            // Our own logs, and those that are listed no more.
            None => logs.push(Log {
                origin: head.origin,
                keys: vec![],
                url: None,
                seen,
            }),
        }
    }
    let refused = evidence.into_iter().map(|it| Refused {
        reason: it.reason.word(),
        size: AddCheckpoint::parse(&it.request)
            .ok()
            .map(|request| request.checkpoint().size),
        known_size: it.known_size,
        at: it.at.to_whole_second(),
        evidence: format!("{url}/evidence/{}", it.id),
        origin: it.origin,
    });
    Ok(Shown {
        name: web.witness.vkey().name().to_owned(),
        vkey: web.witness.vkey().to_string(),
        logs,
        refused: refused.collect(),
        url,
    })
}

impl Shown {
    /// For programs.
    pub(in crate::web) fn document(&self, asked: &HeaderMap) -> Response {
        let body = serde_json::to_vec(self).unwrap_or_default();
        open(conditional(asked, "application/json", Keep::Minute, body))
    }

    /// For people: what stands inside the frame of every page.
    pub(in crate::web) fn main(&self) -> Markup {
        page::main(self)
    }
}

/// `GET /witness/{origin hash}/checkpoint`: the last checkpoint of a log that was cosigned, with the cosignature.
pub(super) async fn checkpoint(
    State(web): State<Web>,
    Path(hash): Path<String>,
) -> Result<Response, Problem> {
    let heads = web.db.read(witness::heads).await?;
    let head = heads.into_iter().find(|it| origin_hash(&it.origin) == hash);
    let head = head.ok_or(Problem::NotFound)?;
    Ok(text(head.checkpoint, "public, max-age=5"))
}

/// `GET /witness/evidence/{id}`: a request that was refused, as a file.
pub(super) async fn evidence(
    State(web): State<Web>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let found = web
        .db
        .read(move |conn| witness::one_evidence(conn, id))
        .await?;
    let found = found.ok_or(Problem::NotFound)?;
    let mut response = text(found.request, "public, max-age=3600");
    let name = format!("attachment; filename=\"refused-checkpoint-{id}.txt\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn text(body: String, keep: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, keep),
    ];
    open((StatusCode::OK, headers, body).into_response())
}

/// Pages of others may read it.
fn open(mut response: Response) -> Response {
    response.headers_mut().insert(
        HeaderName::from_static("access-control-allow-origin"),
        HeaderValue::from_static("*"),
    );
    response
}
