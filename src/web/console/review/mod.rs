//! A draft before other eyes: exactly what will go out, what has changed, who wrote and approved it, and what is to be done.

mod acts;
mod content;
mod emergency;
mod forms;
mod look;
pub(super) mod said;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};

use self::look::Looked;
use self::said::by_clocks;
use super::drafts::Which;
use super::drafts::editor::{Page, ways};
use super::drafts::refused;
use super::pieces::done;
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Section, Sheet};
use super::troubles::Troubles;
use super::typed::{Asked, Typed};
use super::visit::AtAgency;
use crate::kernel::{DraftId, PersonId, Unclear};
use crate::publishing::drafts::{self, Error, Hold};
use crate::web::State as Web;
use crate::web::words::console::Words;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/console/{handle}/drafts/{id}/review", get(page))
        .route(
            "/console/{handle}/drafts/{id}/review/{act}",
            post(acts::act),
        )
}

/// What goes out on one person's word: asked of who has just shown that it is them.
pub(super) fn dangerous() -> Router<Web> {
    Router::new().route(
        "/console/{handle}/drafts/{id}/review/emergency",
        get(emergency::page).post(emergency::publish),
    )
}

/// What came before the page: nothing, something that was done, or something that was not.
#[derive(Default)]
struct Before {
    done: Option<String>,
    typed: Typed,
    troubles: Option<Troubles>,
    /// What the clocks show twice or never.
    unclear: Option<Unclear>,
}

impl Before {
    /// What was not done, if it is about the draft; anything else has a page of its own.
    fn refused(words: Words, typed: Typed, error: Error) -> Result<Self, Refusal> {
        let unclear = match &error {
            Error::Unclear(unclear) => Some(unclear.clone()),
            _ => None,
        };
        match Refusal::from(error) {
            refusal @ Refusal::Draft(_) => Ok(Self {
                typed,
                troubles: Some(Troubles::of(words, refusal)),
                unclear,
                done: None,
            }),
            refusal => Err(refusal),
        }
    }
}

async fn page(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    asked: Asked,
) -> Result<Response, Refused> {
    let before = Before {
        done: asked.done().and_then(|what| said::done(at.words(), what)),
        ..Before::default()
    };
    show(&web, &at, which.draft(), &before).await
}

/// The page as it is now. Nothing that somebody typed is missing on it.
async fn show(web: &Web, at: &AtAgency, id: DraftId, before: &Before) -> Result<Response, Refused> {
    let looked = look::look(web, at, id).await?;
    let words = at.words();
    let none = Troubles::none(words);
    let troubles = before.troubles.as_ref().unwrap_or(&none);
    let title = said::title(words, &looked.draft);
    let main = html! {
        header.opening {
            h1 { bdi { (title) } }
            (ways(at, &looked.draft, Page::Review))
            p { (said::mark(words, looked.draft.standing())) " " span.note { (words.say_with("review-version", "number", &looked.draft.version.to_string())) } }
        }
        @if let Some(sentence) = &before.done { (done(sentence)) }
        (troubles.show())
        (stands(web, at, &looked))
        (content::goes_out(web, at, &looked))
        (content::has_changed(words, &looked))
        (people(at, &looked))
        (forms::what_to_do(at, &looked, before, troubles))
    };
    let sheet = Sheet::at(at, Section::Drafts, title.clone(), main);
    Ok(sheet::answer(web, troubles.status(), &sheet))
}

/// Where it stands, and what is in the way.
fn stands(web: &Web, at: &AtAgency, looked: &Looked) -> Markup {
    let (words, draft, zone) = (at.words(), &looked.draft, &looked.house.zone);
    html! {
        section.panel aria-labelledby="stands" {
            h2 #stands { (words.say("review-stands")) }
            @match &draft.state {
                drafts::State::Writing => p { (words.say("review-writing")) },
                drafts::State::InReview => p { (words.say("review-in-review")) },
                drafts::State::SentBack { remark } => {
                    p { (words.say("review-sent-back")) }
                    blockquote.remark { bdi { (remark) } }
                },
                drafts::State::Approved => p { (words.say("review-approved")) },
                drafts::State::Scheduled(due) => p { (words.say("review-scheduled")) " " strong { (by_clocks(&due.zone, due.at)) } },
                drafts::State::Held(why) => (held(at, why)),
                drafts::State::Published { at: then } => {
                    p { (words.say("review-published")) " " (by_clocks(zone, *then)) }
                    (published(web, at, looked))
                },
                drafts::State::Discarded { at: then } => p { (words.say("review-discarded")) " " (by_clocks(zone, *then)) },
            }
            @if !draft.standing().is_over() {
                p.quorum { (said::quorum(words, looked.quorum)) }
                @if looked.in_the_way.is_empty() { p.note { (words.say("review-nothing-in-the-way")) } }
                @else {
                    h3 { (words.say("review-in-the-way")) }
                    ul.in-the-way { @for error in &looked.in_the_way { li { (refused::sentence(error, words)) } } }
                }
            }
            @if let Some(reason) = &draft.exemption { p { (words.say("review-exemption")) " " bdi { (reason) } } }
        }
    }
}

fn held(at: &AtAgency, why: &Hold) -> Markup {
    html! {
        div.alarm role="alert" { p { strong { (at.words().say("review-held")) } " " (said::hold(at.words(), why)) } }
    }
}

fn published(web: &Web, at: &AtAgency, looked: &Looked) -> Markup {
    let ids = looked.draft.parts.iter().filter_map(|it| it.announcement);
    html! {
        ul.ways {
            @for id in ids {
                li { a href=(web.site.announcement_page(&at.agency.handle, id)) { (at.words().say("review-see-page")) } }
            }
        }
    }
}

/// Who wrote it and who approved it: for colleagues, never for the public.
fn people(at: &AtAgency, looked: &Looked) -> Markup {
    let (words, zone) = (at.words(), &looked.house.zone);
    let name = |by: Option<PersonId>| looked.name(words, by);
    html! {
        section aria-labelledby="people" {
            h2 #people { (words.say("review-people")) }
            p.hint { (words.say("review-people-hint")) }
            dl.facts {
                dt { (words.say("review-wrote")) }
                @for (by, then) in &looked.writers { dd { bdi { (name(*by)) } ", " (by_clocks(zone, *then)) } }
                @if looked.was_put_up {
                    dt { (words.say("review-put-up")) }
                    dd { bdi { (name(looked.draft.submitted_by)) } }
                }
                dt { (words.say("review-approvers")) }
                @if looked.approvals.is_empty() { dd { (words.say("review-nobody-yet")) } }
                @for approval in &looked.approvals { dd { bdi { (name(Some(approval.by))) } ", " (by_clocks(zone, approval.at)) } }
            }
        }
    }
}

/// Under which name the command line goes.
fn of_command_line(words: Words) -> String {
    words.say("command-line")
}
