//! The page with the question, and the answer if one was asked.

use maud::{Markup, html};

use crate::archive::said::{Answer, Finding, Later, Piece, Searched, Verdict};
use crate::web::frame::Frame;
use crate::web::head::Meta;
use crate::web::layout::{self, Sheet};
use crate::web::words;
use crate::web::words::verify as said;

pub(super) fn page(frame: &Frame, question: &str, answer: Option<&Answer>) -> Markup {
    let main = html! {
        div.book {
            header.announcement-head {
                h1 { (said::TITLE) }
                p.lead { (said::LEAD) }
            }
            (form(question))
        }
        @if let Some(answer) = answer { (answered(frame, answer)) }
    };
    let meta = Meta {
        title: words::titled(said::TITLE, &frame.name),
        description: said::LEAD.to_owned(),
        canonical: answer
            .is_none()
            .then(|| format!("{}/verify", frame.site.base())),
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: words::LANGUAGE,
            meta,
            agency: None,
            main,
        },
    )
}

fn form(question: &str) -> Markup {
    html! {
        form.ask.verify action="/verify#answer" method="post" {
            label for="question" { (said::QUESTION) }
            p.hint #hint { (said::QUESTION_HINT) }
            textarea #question name="q" rows="6" required dir="auto" aria-describedby="hint"
                maxlength=(crate::archive::said::LONGEST) { (question) }
            div.field { button.button type="submit" { (said::ASK) } }
        }
    }
}

fn answered(frame: &Frame, answer: &Answer) -> Markup {
    let (line, meaning) = said::verdict(answer.verdict);
    html! {
        section.book aria-labelledby="answer" {
            h2.rubric #answer tabindex="-1" { (said::ANSWER) }
            p.lead.verdict { strong { (line) } }
            @for paragraph in meaning { p { (paragraph) } }
        }
        @if !answer.findings.is_empty() {
            section.book aria-labelledby="findings" {
                h2.rubric #findings { (said::FINDINGS) }
                @for one in &answer.findings { (finding(frame, one)) }
            }
        }
        section.book aria-labelledby="searched" {
            h2.rubric #searched { (said::SEARCHED) }
            @if answer.searched.is_empty() { p.note { (said::NOTHING_SEARCHED) } }
            ul.references { @for one in &answer.searched { (searched(frame, one)) } }
        }
    }
}

fn searched(frame: &Frame, one: &Searched) -> Markup {
    html! {
        li {
            a href=(frame.path(&one.record)) { bdi { (one.agency) } } ": "
            (said::up_to(one.entries))
            @if let Some(at) = one.at { ", " (layout::moment(at)) }
        }
    }
}

fn finding(frame: &Frame, one: &Finding) -> Markup {
    let when = match one.verdict {
        Verdict::Recorded | Verdict::SaidByCitizen => said::RECORDED_AT,
        Verdict::Said | Verdict::PartOfSaid | Verdict::Similar | Verdict::NotFound => said::AT,
    };
    html! {
        article.finding {
            h3 { (said::of_finding(one.verdict)) }
            @if let Some([before, words, behind]) = &one.within {
                @let is_part = !(before.is_empty() && behind.is_empty());
                blockquote lang=[one.language.as_deref()] dir="auto" {
                    p { (before) @if is_part { mark { (words) } } @else { (words) } (behind) }
                }
                @if is_part { p.note { (said::HIGHLIGHT) } }
            }
            @if !one.difference.is_empty() {
                blockquote lang=[one.language.as_deref()] dir="auto" {
                    p { (difference(&one.difference, said::ONLY_SAID, said::ONLY_ASKED)) }
                }
                p.note { (said::DIFFERENCE) }
            }
            dl.record {
                div { dt { (said::BY) } dd { bdi { (one.agency) } } }
                div { dt { (when) } dd { (layout::moment(one.at)) } }
                div { dt { (said::ENTRY) } dd { a href=(frame.path(&one.entry)) { (said::entry(one.index)) } } }
                @if let Some(page) = &one.page {
                    div { dt { (said::PAGE) } dd { a href=(frame.path(page)) { (page) } } }
                }
                @for step in &one.later { (later(frame, one, step)) }
            }
        }
    }
}

fn later(frame: &Frame, one: &Finding, step: &Later) -> Markup {
    html! {
        div {
            dt { (said::became(step.what)) }
            dd {
                (layout::moment(step.at)) ", "
                a href=(frame.path(&step.entry)) { (said::entry(step.index)) }
                @if let Some(reason) = &step.reason { p { (said::REASON) " " bdi { (reason) } } }
                @if !step.difference.is_empty() {
                    blockquote lang=[one.language.as_deref()] dir="auto" {
                        p { (difference(&step.difference, said::TAKEN_OUT, said::PUT_IN)) }
                    }
                    p.note { (said::NEWER) }
                }
            }
        }
    }
}

/// Two texts in one, for eyes and for ears.
fn difference(pieces: &[Piece], old: &str, new: &str) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Piece::Both(text) => (text),
                Piece::Said(text) => del { span.vh lang=(words::LANGUAGE) { (old) " " } (text) },
                Piece::Asked(text) => ins { span.vh lang=(words::LANGUAGE) { (new) " " } (text) },
            }
            " "
        }
    }
}
