//! Drafts at the desk: what is to be said or changed, from the first word until others look at it.

mod announcements;
pub(super) mod article;
pub(in crate::web::console) mod editor;
mod form;
mod list;
mod look;
mod lookup;
mod mentions;
mod new;
pub(in crate::web::console) mod pieces;
mod poll;
mod posts;
pub(in crate::web::console) mod preview;
pub(in crate::web::console) mod refused;
mod saving;
mod uploads;
mod versions;

use axum::Router;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::kernel::DraftId;
use crate::publishing::drafts::PartNumber;
use crate::web::State;

pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
        .route("/console/{handle}/drafts", get(list::page))
        .route(
            "/console/{handle}/drafts/new",
            get(new::page).post(new::create),
        )
        .route("/console/{handle}/drafts/preview", post(look::piece))
        .route("/console/{handle}/drafts/lookup", get(lookup::page))
        .route(
            "/console/{handle}/drafts/profile",
            post(announcements::begin_profile),
        )
        .route("/console/{handle}/drafts/{id}", get(editor::page))
        .route("/console/{handle}/drafts/{id}/parts", post(saving::add))
        .route(
            "/console/{handle}/drafts/{id}/parts/{part}",
            post(saving::save),
        )
        .route(
            "/console/{handle}/drafts/{id}/parts/{part}/remove",
            post(saving::remove),
        )
        .route("/console/{handle}/drafts/{id}/exempt", post(saving::exempt))
        .route(
            "/console/{handle}/drafts/{id}/drop",
            post(saving::drop_mine),
        )
        .route(
            "/console/{handle}/drafts/{id}/versions",
            get(versions::page),
        )
        .route("/console/{handle}/announcements", get(announcements::page))
        .route(
            "/console/{handle}/announcements/begin",
            post(announcements::begin),
        )
}

/// Which draft of the agency whose page this is, and which part of it.
#[derive(Debug, Deserialize)]
pub(in crate::web::console) struct Which {
    #[serde(rename = "id")]
    draft: String,
    #[serde(default)]
    part: String,
}

/// Numbers are read without complaint: of nothing, if they are none.
impl Which {
    pub(in crate::web::console) fn draft(&self) -> DraftId {
        self.draft.parse().unwrap_or(DraftId::new(0))
    }

    fn part(&self) -> PartNumber {
        PartNumber::new(self.part.parse().unwrap_or(0))
    }
}
