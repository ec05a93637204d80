//! The staff's desk: where an agency's people write, approve, listen and look after each other.
//!
//! Nothing here is public or kept by caches. A handler takes what says who asks ([`visit`]) as an argument, so that it
//! cannot forget to ask; the right itself is asked for again by the use case. Every page works without script.

mod guard;
mod home;
mod kept;
mod pieces;
mod refusal;
mod sheet;
mod visit;

use axum::routing::get;
use axum::{Router, middleware};

use super::State;

/// Where the console begins, for links to it.
pub const HOME: &str = "/console";

pub(super) fn routes(state: &State) -> Router<State> {
    Router::new()
        .route(HOME, get(home::page))
        .route("/console/language", axum::routing::post(home::choose_language))
        // In this order from the inside: who is not signed in loses nothing, and nobody else's page sends a form.
        .layer(middleware::from_fn_with_state(
            state.clone(),
            kept::keep_what_was_typed,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            guard::only_from_here,
        ))
}
