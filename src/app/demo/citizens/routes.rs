//! The addresses of the citizens' server.

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Citizens, SERVER, documents, inbox, pages};
use crate::app::demo::script::{CITIZENS, Citizen};
use crate::kernel::Acct;

const LARGEST_BODY: usize = 1024 * 1024;

pub(in crate::app::demo) fn routes(citizens: Citizens) -> Router {
    Router::new()
        .route("/", get(pages::front))
        .route("/{at_handle}", get(pages::citizen))
        .route("/style.css", get(pages::style))
        .route("/.well-known/webfinger", get(webfinger))
        .route("/.well-known/nodeinfo", get(nodeinfo_links))
        .route("/nodeinfo/2.1", get(nodeinfo))
        .route("/inbox", post(inbox::receive))
        .route("/users/{handle}", get(actor))
        .route("/users/{handle}/inbox", post(inbox::receive))
        .route("/users/{handle}/{collection}", get(collection))
        .route("/users/{handle}/posts/{number}", get(note))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(citizens)
}

fn activity(document: &Value) -> Response {
    (
        [(header::CONTENT_TYPE, "application/activity+json")],
        document.to_string(),
    )
        .into_response()
}

fn resident(handle: &str) -> Option<&'static Citizen> {
    CITIZENS.iter().find(|citizen| citizen.handle == handle)
}

#[derive(Deserialize)]
struct Question {
    resource: String,
}

async fn webfinger(State(citizens): State<Citizens>, Query(question): Query<Question>) -> Response {
    let address = &citizens.0.address;
    let asked = question.resource.parse::<Acct>().ok();
    let named = asked
        .as_ref()
        .filter(|acct| acct.domain() == address.authority)
        .map(Acct::user);
    match named
        .or_else(|| address.handle_of(&question.resource))
        .and_then(resident)
    {
        Some(citizen) => {
            let document = documents::webfinger(address, citizen.handle).to_string();
            ([(header::CONTENT_TYPE, "application/jrd+json")], document).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn nodeinfo_links(State(citizens): State<Citizens>) -> Json<Value> {
    let href = format!("{}/nodeinfo/2.1", citizens.0.address.base());
    Json(
        json!({ "links": [{ "rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": href }] }),
    )
}

async fn nodeinfo() -> Json<Value> {
    Json(json!({
        "version": "2.1",
        "software": { "name": "actapub-demo-citizens", "version": env!("CARGO_PKG_VERSION") },
        "protocols": ["activitypub"],
        "services": { "inbound": [], "outbound": [] },
        "openRegistrations": false,
        "usage": { "users": { "total": CITIZENS.len() } },
        "metadata": {},
    }))
}

async fn actor(
    State(citizens): State<Citizens>,
    Path(handle): Path<String>,
    headers: HeaderMap,
) -> Response {
    let address = &citizens.0.address;
    let Ok(key) = citizens.key(&handle) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if handle == SERVER {
        return activity(&documents::server(address, &key.public()));
    }
    let Some(citizen) = resident(&handle) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html") && !accept.contains("json")) {
        return (
            StatusCode::SEE_OTHER,
            [(header::LOCATION, address.page(&handle))],
        )
            .into_response();
    }
    activity(&documents::person(address, citizen, &key.public()))
}

async fn collection(
    State(citizens): State<Citizens>,
    Path((handle, name)): Path<(String, String)>,
) -> Response {
    let id = format!("{}/{name}", citizens.0.address.actor(&handle));
    let total = citizens.0.memory.look(|all| match name.as_str() {
        "followers" => Some(0),
        "following" => Some(
            all.follows
                .iter()
                .filter(|follow| follow.by == handle && follow.accepted)
                .count(),
        ),
        "outbox" => {
            let written = all.posts.values().filter(|post| post.by == handle);
            Some(
                written
                    .filter(|post| !post.private && post.deleted.is_none())
                    .count(),
            )
        }
        _ => None,
    });
    match total.filter(|_| resident(&handle).is_some()) {
        Some(total) => activity(&documents::collection(&id, total)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A post; one that is private is nobody's to read here.
async fn note(
    State(citizens): State<Citizens>,
    Path((handle, number)): Path<(String, usize)>,
) -> Response {
    citizens.0.memory.look(|all| {
        let mut posts = all.posts.values();
        let found = posts.find(|post| post.by == handle && post.number == number && !post.private);
        match found {
            None => StatusCode::NOT_FOUND.into_response(),
            Some(post) if post.deleted.is_some() => (
                StatusCode::GONE,
                activity(&documents::tombstone(&citizens.0.address, post)),
            )
                .into_response(),
            Some(post) => activity(&documents::note(&citizens.0.address, all, post)),
        }
    })
}
