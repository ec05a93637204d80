//! The queue: what citizens sent, for a team to work through.

mod acts;
mod correspondence;
mod entry;
mod filters;
mod list;
mod said;
mod templates;

use axum::Router;
use axum::routing::{get, post};
use serde::Deserialize;

use super::refusal::{Refusal, Refused};
use super::troubles::Troubles;
use super::visit::AtAgency;
use crate::dialogue::queue::{Error, Kind};
use crate::kernel::QueueItemId;
use crate::publishing::drafts;
use crate::web::State;
use crate::web::State as Web;
use crate::web::words::console::Words;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/console/{handle}/queue", get(list::page))
        .route("/console/{handle}/queue/{item}", get(entry::page))
        .route("/console/{handle}/queue/{item}/take", post(acts::take))
        .route(
            "/console/{handle}/queue/{item}/release",
            post(acts::release),
        )
        .route("/console/{handle}/queue/{item}/assign", post(acts::assign))
        .route("/console/{handle}/queue/{item}/answer", post(acts::answer))
        .route(
            "/console/{handle}/queue/{item}/withdraw",
            post(acts::withdraw),
        )
        .route("/console/{handle}/queue/{item}/done", post(acts::done))
        .route("/console/{handle}/queue/{item}/reopen", post(acts::reopen))
        .route("/console/{handle}/queue/{item}/note", post(acts::note))
        .route(
            "/console/{handle}/templates",
            get(templates::page).post(templates::add),
        )
        .route(
            "/console/{handle}/templates/{template}",
            get(templates::one).post(templates::change),
        )
        .route(
            "/console/{handle}/templates/{template}/remove",
            post(templates::remove),
        )
}

/// Which entry an address names.
#[derive(Debug, Deserialize)]
struct Which {
    item: String,
}

impl Which {
    /// What is no number is that of nothing.
    fn number(&self) -> QueueItemId {
        self.item.parse().unwrap_or(QueueItemId::new(0))
    }
}

fn kind_name(words: Words, kind: Kind) -> String {
    words.say(&format!("queue-kind-{kind}"))
}

/// A page of its own for what is nobody's mistake; what can be put right is said above the form.
fn troubles(web: &Web, at: &AtAgency, error: Error) -> Result<Troubles, Refused> {
    let words = at.words();
    let (field, key): (&'static str, &str) = match error {
        Error::Refused(refused) | Error::Draft(drafts::Error::Refused(refused)) => {
            return Err(at.refused(web, refused));
        }
        Error::NotFound | Error::NoTemplate => return Err(at.refused(web, Refusal::NotFound)),
        Error::Db(error) | Error::Draft(drafts::Error::Db(error)) => {
            return Err(at.refused(web, error));
        }
        Error::InHands(_) => ("standing", "queue-trouble-in-hands"),
        Error::Closed => ("standing", "queue-trouble-closed"),
        Error::Open => ("standing", "queue-trouble-open"),
        Error::BeingAnswered(_) => ("answer", "queue-trouble-being-answered"),
        Error::NoAnswer => ("answer", "queue-trouble-no-answer"),
        Error::NotAnswered => ("answer", "queue-trouble-not-answered"),
        Error::Draft(_) => ("answer", "queue-trouble-draft"),
        Error::Note => ("note", "queue-trouble-note"),
        Error::Nobody => ("assign", "queue-trouble-nobody"),
        Error::Template => ("text", "template-trouble"),
        Error::TemplateTaken => ("name", "template-trouble-taken"),
        Error::TooManyTemplates => ("name", "template-trouble-many"),
        Error::Language(_) => ("tongue", "template-trouble-language"),
    };
    let mut troubles = Troubles::none(words);
    troubles.about(field, words.say(key));
    Ok(troubles)
}
