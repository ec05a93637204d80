//! What `GET /witness` says to people.

use maud::{Markup, html};

use super::shown::{Log, Refused, Shown};
use crate::kernel::Timestamp;
use crate::web::words;

pub(super) fn main(shown: &Shown) -> Markup {
    html! {
        article.about {
            header.opening {
                h1 { (words::WITNESS) }
                p.lead { (words::WITNESS_LEAD) }
            }
            section {
                h2 { (words::WITNESS_KEY) }
                p { (words::WITNESS_KEY_USE) }
                p { code dir="ltr" { (shown.vkey) } }
                p { code dir="ltr" { (shown.url) } }
            }
            section {
                h2 { (words::WITNESSED_LOGS) }
                @if shown.logs.is_empty() { p { (words::WITNESSED_NONE) } }
                ul { @for log in &shown.logs { li { (one_log(log)) } } }
            }
            section {
                h2 { (words::REFUSED_HEADS) }
                @if shown.refused.is_empty() { p { (words::REFUSED_NONE) } }
                @else { p { (words::REFUSED_MEANING) } }
                ul { @for refused in &shown.refused { li { (one_refused(refused)) } } }
            }
        }
    }
}

fn one_log(log: &Log) -> Markup {
    html! {
        code dir="ltr" { (log.origin) }
        @if let Some(seen) = &log.seen {
            ": " (words::seen(seen.size)) ", " (moment(seen.at)) ". "
            a href=(seen.checkpoint) { (words::CHECKPOINT) }
        } @else {
            ": " (words::NOT_SEEN)
        }
    }
}

fn one_refused(refused: &Refused) -> Markup {
    html! {
        code dir="ltr" { (refused.origin) } ": "
        (words::refused(refused.reason, refused.size.unwrap_or(0), refused.known_size))
        " " (moment(refused.at)) ". "
        a href=(refused.evidence) { (words::EVIDENCE) }
    }
}

fn moment(at: Timestamp) -> Markup {
    html! { time datetime=(at) { (words::moment(at)) } }
}
