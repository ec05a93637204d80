//! What a citizen's browser shows. No script, no cookie, nothing loaded from another server.
//!
//! A page is one function from a [`view`] to mark-up; `layout` and `head` beside us hold what all pages share,
//! [`words`](crate::web::words) every word they say of their own.

pub mod view;

pub mod about;
pub mod agency;
pub mod announcement;
pub mod article;
pub mod embed;
pub mod error;
pub mod front;
pub mod hashtag;
pub mod invitation;
pub mod oembed;
pub mod withdrawn;

pub mod thread;

mod answer;
mod at_length;
mod card;
mod excerpt;
mod files;
mod leading;
mod load;
mod poll;
mod reading;
mod series;

#[cfg(test)]
mod specimens;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};

pub(super) use self::answer::for_people;
pub(super) use self::reading::{Onward, agency_page};

use super::{State, address, assets, frame, head, language, layout, marks, page, pager, policy};

/// All pages but `/@{handle}`, whose address the feeds share.
pub(super) fn routes(_: &State) -> Router<State> {
    Router::new()
        .route("/", get(reading::front_page))
        .route("/about", get(reading::about_page))
        .route(
            "/@{handle}/follow",
            get(leading::follow_form).post(leading::follow),
        )
        .route("/@{handle}/theme.css", get(files::theme))
        .route("/@{handle}/{id}", get(reading::announcement_page))
        .route("/@{handle}/{id}/article", get(at_length::article_page))
        .route(
            "/@{handle}/{id}/article/changes/{number}",
            get(at_length::change_page),
        )
        .route("/@{handle}/{id}/embed", get(reading::embed_page))
        .route(
            "/@{handle}/{id}/reply",
            get(leading::reply_form).post(leading::reply),
        )
        .route("/tags/{tag}", get(reading::tag_page))
        .route("/api/oembed", get(reading::oembed_document))
        .route("/media/{name}", get(files::media))
        .route("/assets/{name}", get(files::asset))
        .route("/favicon.ico", get(files::mark))
        .route("/favicon.svg", get(files::mark))
        .route("/robots.txt", get(files::robots))
        .layer(Extension(Arc::<leading::Gate>::default()))
}
