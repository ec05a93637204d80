//! One entry: `/record/{name}/{index}` for people and programs, its proof, and the parts that its seal covers.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::evidence::{self, Asking};
use super::frame::Frame;
use super::tiles::TEXT;
use super::view::EntryView;
use super::{Heads, entry_page, found, index_of, open, page, set, signpost, wants_json};
use crate::archive::disclosure::Shown;
use crate::archive::log::{Log, Reader};
use crate::archive::parts;
use crate::kernel::Secret;
use crate::platform::db::{self, Conn};
use crate::tlog::tree::{self, TreeError};
use crate::tlog::{Note, Receipt};
use crate::web::answer::{Keep, conditional};
use crate::web::policy;
use crate::web::{Problem, State as Web};

const JSON: &str = "application/json";

/// What opens an entry for one reader, in the address or in a header.
#[derive(Deserialize)]
pub(super) struct Tokens {
    receipt: Option<String>,
    grant: Option<String>,
}

/// What a request shows, and the question by which links show it again.
struct Ticket {
    shown: Shown,
    query: String,
}

type Asked = Result<Query<Tokens>, QueryRejection>;

fn ticket(asked: &HeaderMap, query: Asked) -> Result<Ticket, Problem> {
    let Query(tokens) = query.map_err(|_| Problem::BadRequest("a receipt is given once"))?;
    let bearer = asked
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, token) in [("receipt", &tokens.receipt), ("grant", &tokens.grant)] {
        if let Some(token) = token {
            query.append_pair(name, token);
        }
    }
    let query = query.finish();
    Ok(Ticket {
        shown: Shown {
            receipt: tokens.receipt.map(Secret::new),
            grant: bearer.or(tokens.grant).map(Secret::new),
        },
        query: if query.is_empty() {
            query
        } else {
            format!("?{query}")
        },
    })
}

impl Ticket {
    /// Whether the answer may be for this reader alone, and is kept by nobody.
    const fn is_shown(&self) -> bool {
        self.shown.receipt.is_some() || self.shown.grant.is_some()
    }
}

/// `GET /record/{name}/{index}` and `…/{index}.json`
pub(super) async fn entry(
    State(web): State<Web>,
    Path((name, index)): Path<(String, String)>,
    query: Asked,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (index, json) = match index.strip_suffix(".json") {
        Some(index) => (index_of(index)?, true),
        None => (index_of(&index)?, wants_json(&asked)),
    };
    let ticket = ticket(&asked, query)?;
    let personal = ticket.is_shown();
    let view = view(&web, name, index, ticket).await?;
    let mut response = if json {
        let body = serde_json::to_vec(&view).map_err(|_| Problem::Internal)?;
        conditional(&asked, JSON, Keep::Minute, body)
    } else {
        let markup = entry_page::page(&Frame::of(&web), &view);
        let mut response = page::page(&web, &asked, markup);
        set(
            &mut response,
            header::CONTENT_SECURITY_POLICY,
            policy::CHECKING,
        );
        response
    };
    let links = links(&web, &view);
    if personal {
        response = alone(response);
    } else {
        response = open(response);
        signpost(&mut response, &links);
    }
    Ok(response)
}

/// For one reader: kept nowhere, and its address told to nobody.
fn alone(mut response: Response) -> Response {
    response.headers_mut().remove(header::ETAG);
    set(&mut response, header::CACHE_CONTROL, "no-store");
    set(&mut response, header::REFERRER_POLICY, "no-referrer");
    set(
        &mut response,
        HeaderName::from_static("x-robots-tag"),
        "noindex",
    );
    response
}

async fn view(web: &Web, name: String, index: u64, ticket: Ticket) -> Result<EntryView, Problem> {
    let (site, now, discloses) = (web.site.clone(), web.clock.now(), web.server.discloses);
    let read = web.db.read(move |conn| -> Result<_, db::Error> {
        let asking = Asking {
            site: &site,
            now,
            shown: &ticket.shown,
            discloses,
        };
        let opened = evidence::opened(conn, &asking, &name, index)?;
        // A token that opens nothing is not repeated.
        let query = if opened.disclosed.is_personal() {
            ticket.query
        } else {
            String::new()
        };
        evidence::view(conn, &asking, opened, query)
    });
    Ok(read.await?)
}

/// What a program can follow: see Signposting (signposting.org).
fn links(web: &Web, view: &EntryView) -> Vec<(String, &'static str)> {
    let mut links = vec![
        (view.url.clone(), "rel=\"cite-as\""),
        (
            format!("{}.json", view.url),
            "rel=\"describedby\"; type=\"application/json\"",
        ),
        (view.proof.clone(), "rel=\"item\"; type=\"text/plain\""),
        (view.record.clone(), "rel=\"collection\""),
    ];
    let parts = view.opening.iter().flat_map(|opening| &opening.parts);
    links.extend(
        parts
            .filter(|part| part.salt.is_some())
            .map(|part| (part.url.clone(), "rel=\"item\"")),
    );
    // What citizens say is theirs, and not ours to license.
    if view.kind.is_open() {
        links.push((web.server.licence.clone(), "rel=\"license\""));
    }
    links
}

/// A proof that stands for itself (c2sp.org/tlog-proof), against the checkpoint that is served, or against the newest
/// where witnesses have not signed that far.
pub(super) async fn proof(
    State(web): State<Web>,
    Path((name, index)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let index = index_of(&index)?;
    let read = web.db.read(move |conn| -> Result<_, Unproven> {
        let log = found(conn, &name)?;
        proven(conn, &log, index).map(|receipt| (receipt, log.name))
    });
    let (receipt, name) = read.await.map_err(|why| match why {
        Unproven::Db(error) => Problem::from(error),
        Unproven::Tree(error) => {
            tracing::error!(%error, "a proof could not be made");
            Problem::Internal
        }
        Unproven::Note => {
            tracing::error!("a stored checkpoint cannot be read");
            Problem::Internal
        }
    })?;
    let mut response = open(conditional(
        &asked,
        TEXT,
        Keep::Seconds,
        receipt.to_string(),
    ));
    set(
        &mut response,
        header::CONTENT_DISPOSITION,
        &format!("inline; filename=\"{name}-{index}.tlog-proof\""),
    );
    Ok(response)
}

#[derive(Debug, thiserror::Error)]
enum Unproven {
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error(transparent)]
    Tree(TreeError<db::Error>),
    #[error("a stored checkpoint cannot be read")]
    Note,
}

fn proven(conn: &mut Conn, log: &Log, index: u64) -> Result<Receipt, Unproven> {
    let heads = Heads::of(conn, log)?;
    let covering = heads.covering(index).ok_or(db::Error::NotFound)?;
    let note = Note::parse(&covering.note).map_err(|_| Unproven::Note)?;
    let mut tiles = Reader::new(conn, log.id);
    let proof = tree::inclusion_proof(index, covering.size, &mut tiles).map_err(Unproven::Tree)?;
    Ok(Receipt {
        extra: None,
        index,
        proof,
        note,
    })
}

/// The bytes of a part, to whom they are disclosed.
pub(super) async fn part(
    State(web): State<Web>,
    Path((name, index, part)): Path<(String, String, String)>,
    query: Asked,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let index = index_of(&index)?;
    let ticket = ticket(&asked, query)?;
    let personal = ticket.is_shown();
    let (site, now, discloses) = (web.site.clone(), web.clock.now(), web.server.discloses);
    let read = web.db.read(move |conn| -> Result<_, db::Error> {
        let asking = Asking {
            site: &site,
            now,
            shown: &ticket.shown,
            discloses,
        };
        let opened = evidence::opened(conn, &asking, &name, index)?;
        if !opened.disclosed.opens() {
            return Ok(None);
        }
        let salts = opened.entry.opening.as_ref().map(|it| &it.salts);
        let kept = parts::of(conn, &opened.entry)?.into_iter().enumerate();
        // Bytes whose salt is gone prove nothing, and are on their way out.
        Ok(kept
            .filter(|(n, _)| salts.is_some_and(|salts| salts.of_part(*n).is_some()))
            .map(|(_, kept)| kept)
            .find(|kept| kept.name == part))
    });
    let kept = read.await?.ok_or(Problem::NotFound)?;
    let bytes = kept.bytes.ok_or(Problem::NotFound)?;
    let mut response = if personal {
        alone((StatusCode::OK, bytes).into_response())
    } else {
        open(super::ranges::ranged(
            &asked,
            "application/octet-stream",
            Keep::Minute,
            &bytes,
        ))
    };
    // What somebody else wrote is a file here and never a page.
    set(&mut response, header::CONTENT_TYPE, &kept.media_type);
    set(
        &mut response,
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; sandbox",
    );
    let file = kept.name.replace('/', "-");
    set(
        &mut response,
        header::CONTENT_DISPOSITION,
        &format!("attachment; filename=\"{index}-{file}\""),
    );
    Ok(response)
}
