//! The record, for everybody who reads or checks it: pages for people, and the files that C2SP's tlog-tiles asks for.

mod browse;
mod browse_page;
mod entry;
mod entry_page;
mod evidence;
mod ranges;
mod tiles;
mod view;

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;

use super::{Problem, State, frame, layout, page, pager};
use crate::archive::log::{self, Checkpointed, Log};
use crate::archive::policies;
use crate::platform::db::{self, Conn};
use crate::tlog::Policy;

pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
        .route("/record/{name}", get(browse::record))
        .route("/record/{name}/checkpoint", get(tiles::checkpoint))
        .route(
            "/record/{name}/checkpoint/unwitnessed",
            get(tiles::newest_checkpoint),
        )
        .route("/record/{name}/tile/{*rest}", get(tiles::tile))
        .route("/record/{name}/vkey", get(tiles::vkey))
        .route("/record/{name}/vkeys", get(tiles::vkeys))
        .route("/record/{name}/{index}", get(entry::entry))
        .route("/record/{name}/{index}/proof", get(entry::proof))
        .route("/record/{name}/{index}/parts/{*part}", get(entry::part))
}

/// The log of that name, or nothing is there.
fn found(conn: &mut Conn, name: &str) -> Result<Log, db::Error> {
    log::by_name(conn, name)?.ok_or(db::Error::NotFound)
}

/// Which trees a log stands for at this moment.
struct Heads {
    /// What `/checkpoint` serves.
    served: Option<Checkpointed>,
    /// The newest that the log itself has signed.
    newest: Option<Checkpointed>,
    policy: Option<Policy>,
}

impl Heads {
    fn of(conn: &mut Conn, log: &Log) -> Result<Self, db::Error> {
        let policy = policies::current(conn)?
            .and_then(|policy| Policy::parse(&policy).ok())
            .filter(|policy| !policy.needs_no_witness());
        let served = log.served(policy.is_some()).cloned();
        let newest = match (&served, &log.signed) {
            // Of the same tree, the one for which witnesses stand.
            (Some(witnessed), Some(signed)) if witnessed.size >= signed.size => served.clone(),
            _ => log.signed.clone(),
        };
        Ok(Self {
            served,
            newest,
            policy,
        })
    }

    /// Leaves of the largest tree that is signed: what lies behind is not shown yet.
    fn size(&self) -> u64 {
        self.newest.as_ref().map_or(0, |newest| newest.size)
    }

    /// The checkpoint that covers an entry: the one that is served, or the newer one if it is not witnessed yet.
    fn covering(&self, index: u64) -> Option<&Checkpointed> {
        let covers = |it: &&Checkpointed| index < it.size;
        self.served
            .as_ref()
            .filter(covers)
            .or_else(|| self.newest.as_ref().filter(covers))
    }
}

/// An index as it stands in an address: no sign, no leading zeros.
fn index_of(text: &str) -> Result<u64, Problem> {
    let index: u64 = text.parse().map_err(|_| Problem::NotFound)?;
    if index.to_string() == text {
        Ok(index)
    } else {
        Err(Problem::NotFound)
    }
}

/// Whether a program asks: JSON is named, and HTML is not.
fn wants_json(asked: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        asked
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|one| one.split(';').next())
            .any(|one| one.trim().eq_ignore_ascii_case(wanted))
    };
    accepts("application/json") && !accepts("text/html")
}

/// Open to scripts of other origins: it is public anyhow.
fn open(mut response: Response) -> Response {
    set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Adds `Link` headers: what a program can follow without reading the page (Signposting).
fn signpost(response: &mut Response, links: &[(String, &str)]) {
    for (url, relation) in links {
        if let Ok(value) = HeaderValue::from_str(&format!("<{url}>; {relation}")) {
            response.headers_mut().append(header::LINK, value);
        }
    }
}
