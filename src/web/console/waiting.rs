//! What waits for somebody at the desk, on its first page.

use maud::{Markup, html};

use super::drafts::pieces::short;
use super::review::said::{self, by_clocks};
use super::visit::AtAgency;
use crate::agencies::staff::Right;
use crate::kernel::Zone;
use crate::publishing::drafts::{Draft, State, Waiting};
use crate::web::words::console::Words;

pub(super) fn show(at: &AtAgency, waiting: &Waiting, zone: &Zone) -> Markup {
    let words = at.words();
    let Waiting {
        to_approve,
        sent_back,
        ready,
        held,
        next,
    } = waiting;
    let is_nothing = to_approve.is_empty() && sent_back.is_empty() && ready.is_empty();
    html! {
        @if !held.is_empty() {
            div.alarm role="alert" {
                p { strong { (words.count("review-held-count", held.len())) } }
                ul {
                    @for draft in held {
                        li {
                            (link(at, draft))
                            @if let State::Held(why) = &draft.state { " " (said::hold(words, why)) }
                        }
                    }
                }
            }
        }
        @if at.mandate.allows(Right::Draft) {
            section aria-labelledby="waiting" {
                h2 #waiting { (words.say("review-waiting")) }
                @if is_nothing && held.is_empty() { p.empty { (words.say("review-nothing-waits")) } }
                div.columns {
                    (list(at, zone, "review-to-approve", to_approve))
                    (list(at, zone, "review-sent-back-to-you", sent_back))
                    (list(at, zone, "review-ready", ready))
                    (list(at, zone, "review-next-out", next))
                }
            }
        }
    }
}

fn list(at: &AtAgency, zone: &Zone, key: &str, drafts: &[Draft]) -> Markup {
    let words = at.words();
    html! {
        @if !drafts.is_empty() {
            section.panel aria-labelledby=(key) {
                h3 id=(key) { (words.say(key)) }
                ul.ways { @for draft in drafts { li { (link(at, draft)) p.hint { (when(words, zone, draft)) } } } }
            }
        }
    }
}

fn link(at: &AtAgency, draft: &Draft) -> Markup {
    let path = at.path(&format!("/drafts/{}/review", draft.id));
    html! { a href=(path) { bdi { (said::title(at.words(), draft)) } } }
}

fn when(words: Words, zone: &Zone, draft: &Draft) -> Markup {
    html! {
        @match &draft.state {
            State::Scheduled(due) => (by_clocks(zone, due.at)),
            State::SentBack { remark } => bdi { (short(remark)) },
            _ => { (words.say("review-since")) " " (by_clocks(zone, draft.changed_at)) }
        }
    }
}
