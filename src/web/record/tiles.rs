//! The files of a log, as c2sp.org/tlog-tiles asks for them: checkpoint, tiles, entries; and the keys that verify them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, Uri, header};
use axum::response::Response;

use super::ranges::ranged;
use super::{Heads, found, open, set};
use crate::archive::keys::verifier_keys;
use crate::archive::log;
use crate::platform::db;
use crate::tlog::Hash;
use crate::tlog::tile::{NotATilePath, TilePath};
use crate::web::answer::{AsIs, Keep, conditional};
use crate::web::{Problem, State as Web};

pub(super) const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// Says of a checkpoint whether enough witnesses stand for it.
const WITNESSED: HeaderName = HeaderName::from_static("actapub-witnessed");

/// The newest checkpoint that a verifier should accept.
pub(super) async fn checkpoint(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let heads = heads(&web, name).await?;
    let served = heads.served.ok_or(Problem::NotFound)?;
    let mut response = open(conditional(&asked, TEXT, Keep::Seconds, served.note));
    let witnessed = if heads.policy.is_some() {
        "yes"
    } else {
        "not-asked"
    };
    set(&mut response, WITNESSED, witnessed);
    Ok(response)
}

/// The newest checkpoint that the log has signed, whether witnesses stand for it or not.
pub(super) async fn newest_checkpoint(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let heads = heads(&web, name).await?;
    let newest = heads.newest.ok_or(Problem::NotFound)?;
    let witnessed = match (&heads.policy, &heads.served) {
        (None, _) => "not-asked",
        (Some(_), Some(served)) if served.size >= newest.size => "yes",
        (Some(_), _) => "no",
    };
    let mut response = open(conditional(&asked, TEXT, Keep::Seconds, newest.note));
    set(&mut response, WITNESSED, witnessed);
    Ok(response)
}

async fn heads(web: &Web, name: String) -> Result<Heads, Problem> {
    let read = web.db.read(move |conn| -> Result<_, db::Error> {
        let log = found(conn, &name)?;
        Heads::of(conn, &log)
    });
    Ok(read.await?)
}

/// A tile of hashes or of entries, full or partial, if the signed tree has it.
pub(super) async fn tile(
    State(web): State<Web>,
    Path((name, _)): Path<(String, String)>,
    uri: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    // As it was sent: a path that needs decoding first is not the tile's one path.
    let place = format!("/record/{name}/");
    let path = uri.path().strip_prefix(&place).ok_or(Problem::NotFound)?;
    let path = TilePath::parse(path).map_err(|why| Problem::BadRequest(sentence(why)))?;
    let read = web.db.read(move |conn| -> Result<_, db::Error> {
        let log = found(conn, &name)?;
        // Only what was signed is given out: what lies behind may yet be lost.
        let signed = log.signed.as_ref().map_or(0, |signed| signed.size);
        if !path.is_in_tree(signed) {
            return Err(db::Error::NotFound);
        }
        match path {
            TilePath::Hashes(tile) => {
                let bytes = log::hash_tile(conn, log.id, tile.level, tile.index)?;
                let width = usize::from(tile.width) * Hash::SIZE;
                Ok(bytes.and_then(|bytes| Some(bytes.get(..width)?.to_vec())))
            }
            TilePath::Entries { index, width } => log::entries_tile(conn, log.id, index, width),
        }
    });
    let bytes = read.await?.ok_or_else(|| {
        tracing::error!("a tile of a signed tree is missing from the database");
        Problem::Internal
    })?;
    let keep = if path.width() < crate::tlog::tile::FULL {
        Keep::Minute
    } else {
        Keep::Forever
    };
    let mut response = open(ranged(&asked, BYTES, keep, &bytes));
    if matches!(path, TilePath::Hashes(_)) {
        // Hashes do not get any smaller.
        response.extensions_mut().insert(AsIs);
    }
    Ok(response)
}

const fn sentence(why: NotATilePath) -> &'static str {
    match why {
        NotATilePath::Shape => {
            "a tile's path is tile/<level>/<index>, with .p/<width> if it is partial"
        }
        NotATilePath::Level => {
            "a tile's level is a number from 0 to 63 without leading zeros, or `entries`"
        }
        NotATilePath::Index => {
            "a tile's index is written in groups of three digits, all but the last with an x before them"
        }
        NotATilePath::Width => {
            "a partial tile's width is a number from 1 to 255 without leading zeros"
        }
    }
}

/// The verifier key that signs from now on (c2sp.org/signed-note), in one line.
pub(super) async fn vkey(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let keys = keys(&web, name).await?;
    Ok(lines(&asked, keys.get(..1).unwrap_or_default()))
}

/// All verifier keys that sign at this time, a line each, the newest first.
pub(super) async fn vkeys(
    State(web): State<Web>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    Ok(lines(&asked, &keys(&web, name).await?))
}

async fn keys(web: &Web, name: String) -> Result<Vec<String>, Problem> {
    let now = web.clock.now();
    let read = web.db.read(move |conn| -> Result<_, db::Error> {
        let log = found(conn, &name)?;
        verifier_keys(conn, &log, now)
    });
    let keys = read.await?;
    if keys.is_empty() {
        return Err(Problem::NotFound);
    }
    Ok(keys)
}

fn lines(asked: &HeaderMap, keys: &[String]) -> Response {
    let mut response = open(conditional(
        asked,
        TEXT,
        Keep::Minute,
        keys.join("\n") + "\n",
    ));
    response.headers_mut().remove(header::VARY);
    response
}
