//! What an announcement asks, and how it was answered.

use maud::{Markup, html};

use crate::web::words::poll::{self as words, Words};

use super::language;
use super::view::Poll;

/// The choices with how often each was made. One votes from one's own server, never here.
pub(super) fn poll(poll: &Poll, language: &str, page_language: &str) -> Markup {
    let words = words::of(page_language);
    let all = poll.all();
    html! {
        section.poll aria-label=(words.poll()) lang=[words.lang(page_language)] {
            ul {
                @for choice in &poll.options {
                    li {
                        span.poll-option lang=(language) dir=(language::direction(language)) { (choice.text) }
                        span.poll-votes { (words.votes(choice.votes, all)) }
                        // The numbers stand beside it.
                        meter aria-hidden="true" min="0" max=(all.max(1)) value=(choice.votes) {}
                    }
                }
            }
            p.hint { (standing(words, poll)) }
            @if poll.closed_at.is_none() {
                p.hint { (words.how()) " " (words.not_secret()) }
            }
        }
    }
}

/// The same in short, for where an announcement is one of several.
pub(super) fn brief(poll: &Poll, language: &str, page_language: &str) -> Markup {
    let words = words::of(page_language);
    let all = poll.all();
    html! {
        div.poll lang=[words.lang(page_language)] {
            ul {
                @for choice in &poll.options {
                    li {
                        span.poll-option lang=(language) dir=(language::direction(language)) { (choice.text) }
                        span.poll-votes { (words.votes(choice.votes, all)) }
                    }
                }
            }
            p.hint { (words.poll()) " · " (standing(words, poll)) }
        }
    }
}

fn standing(words: Words, poll: &Poll) -> Markup {
    html! {
        (words.voters(poll.voters)) " · "
        @if poll.multiple { (words.several()) " · " }
        (words.until(poll.closed_at)) " "
        time datetime=(poll.ends_at.to_whole_second()) { (words.moment(poll.ends_at)) }
    }
}
