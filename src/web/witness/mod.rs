//! This server as a witness for others' logs: what logs post to, and what anybody can look at (c2sp.org/tlog-witness).

mod asked;
mod page;
mod shown;

use axum::Router;
use axum::routing::{get, post};

use super::State;

pub(super) use self::shown::load;

/// All but `/witness` itself, whose frame the pages have.
pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
        .route("/witness/add-checkpoint", post(asked::add_checkpoint))
        .route("/witness/{hash}/checkpoint", get(shown::checkpoint))
        .route("/witness/evidence/{id}", get(shown::evidence))
}
