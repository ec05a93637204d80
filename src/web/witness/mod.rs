//! This server as a witness for others' logs: what logs post to, and what anybody can look at (c2sp.org/tlog-witness).

mod asked;
mod page;
mod shown;

use axum::Router;
use axum::extract::State as Extract;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};

use super::page::framed;
use super::{Problem, State, negotiation, words};

pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
        .route("/witness", get(witness))
        .route("/witness/add-checkpoint", post(asked::add_checkpoint))
        .route("/witness/{hash}/checkpoint", get(shown::checkpoint))
        .route("/witness/evidence/{id}", get(shown::evidence))
}

/// Whom this server is a witness for, and what it has refused: a page, or a document.
async fn witness(Extract(state): Extract<State>, asked: HeaderMap) -> Result<Response, Problem> {
    let shown = shown::load(&state).await?;
    Ok(if negotiation::wants_page(&asked) {
        let head = (words::WITNESS, words::WITNESS_LEAD, "/witness");
        framed(&state, &asked, head, shown.main())
    } else {
        shown.document(&asked)
    })
}
