//! Pieces that several pages about drafts use.

use maud::{Markup, html};

use crate::publishing::drafts::{Draft, Kind, Piece, Proposal};
use crate::web::words::console::Words;

/// The characters of an excerpt.
const EXCERPT: usize = 140;

/// What kind of act it is, in a word.
pub(in crate::web::console) fn kind(words: Words, kind: Kind) -> String {
    words.say(&format!("draft-kind-{kind}"))
}

/// The language in which it is written, if it is of one.
pub(super) fn language_of(proposal: Option<&Proposal>) -> Option<String> {
    let contents = proposal?.contents();
    let language = contents.first()?.language.clone();
    (!language.is_empty()).then_some(language)
}

/// Whether there is something to write about it.
pub(super) const fn is_written(proposal: &Proposal) -> bool {
    !matches!(
        proposal,
        Proposal::Pin { .. } | Proposal::Unpin { .. } | Proposal::Keys
    )
}

/// Which of several posts it is.
pub(in crate::web::console) fn post_of(words: Words, number: usize, of: usize) -> String {
    words.say_of("post-of", [("number", number.into()), ("of", of.into())])
}

/// The first words of a draft.
pub(super) fn excerpt(draft: &Draft) -> String {
    let texts = draft.proposals().map(Proposal::text);
    let text = texts.into_iter().find(|text| !text.trim().is_empty());
    short(&text.unwrap_or_default())
}

/// The first words of a text, in one line.
pub(in crate::web::console) fn short(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().take(EXCERPT).collect();
    let line = line.join(" ");
    match line.char_indices().nth(EXCERPT) {
        None => line,
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
    }
}

/// Two texts as one: what went is struck out, what came is underlined, and both are said as well.
pub(in crate::web::console) fn difference(words: Words, pieces: &[Piece]) -> Markup {
    html! {
        div.difference.verbatim dir="auto" {
            @for piece in pieces {
                @match piece {
                    Piece::Same(text) => { (text) }
                    Piece::Removed(text) => {
                        del { span.vh { "[" (words.say("draft-piece-removed")) " " } (text) span.vh { "]" } }
                    }
                    Piece::Added(text) => {
                        ins { span.vh { "[" (words.say("draft-piece-added")) " " } (text) span.vh { "]" } }
                    }
                }
            }
        }
    }
}
