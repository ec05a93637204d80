//! What an announcement asks, and how it was answered.

use maud::{Markup, html};

use crate::web::words;

use super::language;
use super::layout;
use super::view::Poll;

/// The choices with how often each was made. One votes from one's own server, never here.
pub(super) fn poll(poll: &Poll, language: &str, ours: Option<&'static str>) -> Markup {
    // In a poll with several choices the bars are of the people, not of the choices.
    let all = if poll.multiple {
        poll.voters
    } else {
        poll.options.iter().map(|choice| choice.votes).sum()
    };
    html! {
        section.poll aria-label=(words::poll::POLL) lang=[ours] {
            ul {
                @for choice in &poll.options {
                    li {
                        span.poll-option lang=(language) dir=(language::direction(language)) { (choice.text) }
                        span.poll-votes { (words::poll::votes(choice.votes, all)) }
                        // The numbers stand beside it.
                        meter aria-hidden="true" min="0" max=(all.max(1)) value=(choice.votes) {}
                    }
                }
            }
            p.hint {
                (words::poll::voters(poll.voters)) " · "
                @if poll.multiple { (words::poll::SEVERAL) " · " }
                @if poll.closed_at.is_some() { (words::poll::ENDED) } @else { (words::poll::ENDS) }
                " " (layout::moment(poll.ends_at))
            }
            @if poll.closed_at.is_none() {
                p.hint { (words::poll::HOW) " " (words::poll::NOT_SECRET) }
            }
        }
    }
}
