//! Drafts at the desk: what is to be said or changed, from the first word until others look at it.

pub(in crate::web::console) mod preview;
pub(in crate::web::console) mod refused;

use axum::Router;

use crate::web::State;

pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
}
