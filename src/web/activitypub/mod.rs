//! What other servers read and where they write.

mod actors;
mod announcements;
mod collections;
mod discovery;
mod inbox;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::Value;

use super::State;
use super::answer::{Keep, conditional};
use crate::agencies::{self, Agency};
use crate::federation::keys::Keys;
use crate::federation::wire::outgoing::KeysView;
use crate::kernel::AgencyId;
use crate::web::Problem;

const ACTIVITY_JSON: &str = "application/activity+json";

pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
        .route("/inbox", post(inbox::shared))
        .route("/actor", get(actors::instance))
        .route("/actor/inbox", post(inbox::shared))
        .route("/actor/outbox", get(collections::instance_outbox))
        .route("/ap/agencies/{id}", get(actors::agency))
        .route("/ap/agencies/{id}/inbox", post(inbox::of_agency))
        .route("/ap/agencies/{id}/outbox", get(collections::outbox))
        .route("/ap/agencies/{id}/followers", get(collections::followers))
        .route("/ap/agencies/{id}/following", get(collections::following))
        .route("/ap/agencies/{id}/featured", get(collections::featured))
        .route("/ap/agencies/{id}/tags", get(collections::featured_tags))
        .route("/ap/announcements/{id}", get(announcements::note))
        .route(
            "/ap/announcements/{id}/article",
            get(announcements::article),
        )
        .route(
            "/ap/announcements/{id}/replies",
            get(announcements::replies),
        )
        .route("/ap/announcements/{id}/likes", get(announcements::likes))
        .route("/ap/announcements/{id}/shares", get(announcements::shares))
        .route("/ap/contexts/{id}", get(announcements::context))
        .route("/ap/activities/{id}", get(announcements::activity))
        .route(
            "/ap/quote-authorizations/{id}",
            get(announcements::quote_authorization),
        )
        .route("/.well-known/webfinger", get(discovery::webfinger))
        .route("/.well-known/host-meta", get(discovery::host_meta))
        .route(
            "/.well-known/host-meta.json",
            get(discovery::host_meta_json),
        )
        .route("/.well-known/nodeinfo", get(discovery::nodeinfo_links))
        .route("/nodeinfo/2.0", get(discovery::nodeinfo_2_0))
        .route("/nodeinfo/2.1", get(discovery::nodeinfo_2_1))
}

/// A document, open to scripts of other origins: it is public anyhow.
fn document(asked: &HeaderMap, document: &Value) -> Response {
    let mut response = conditional(asked, ACTIVITY_JSON, Keep::Minute, document.to_string());
    open(&mut response);
    response
}

fn open(response: &mut Response) {
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        axum::http::HeaderValue::from_static("*"),
    );
}

/// What is left of something: 410 with its tombstone.
fn gone(tombstone: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, ACTIVITY_JSON),
        (header::VARY, "accept, accept-encoding"),
    ];
    (StatusCode::GONE, headers, tombstone.to_string()).into_response()
}

async fn agency(state: &State, id: &str) -> Result<Agency, Problem> {
    let id: AgencyId = id.parse().map_err(|_| Problem::NotFound)?;
    state
        .db
        .read(move |conn| agencies::find(conn, id))
        .await?
        .ok_or(Problem::NotFound)
}

fn keys_view(keys: &Keys) -> KeysView {
    KeysView::of(keys)
}
