//! An entry's page: what happened, what is disclosed of it, and how to check it.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::frame::Frame;
use super::layout::{self, Sheet};
use super::view::{Destruction, Disclosed, EntryView, OpeningView, Reference, Said, Tombstone};
use crate::archive::kind::Kind;
use crate::web::address;
use crate::web::assets::Asset;
use crate::web::head::Meta;
use crate::web::language;
use crate::web::words;
use crate::web::words::record as said;

pub(super) fn page(frame: &Frame, view: &EntryView) -> Markup {
    let title = said::kind(view.kind);
    let agency = view.agency.as_ref();
    let record = frame.path(&view.record);
    let main = html! {
        article.announcement.sealed aria-labelledby="title" {
            @if let Some(agency) = agency { (layout::letterhead(frame, agency)) }
            header.announcement-head {
                p.kicker { a href=(record) { (said::RECORD) } " · " (said::entry(view.index)) }
                h1 #title { (title) }
            }
            @if let Some(tombstone) = &view.tombstone { (stone(frame, tombstone)) }
            (facts(frame, view))
            @if let Some(words) = &view.said { (spoken(words)) }
            @if let Some(statement) = &view.statement { (stated(frame, statement)) }
            @if let Some(note) = disclosure(view.disclosed) { p.note { (note) } }
        }
        (check(frame, view))
        @if let Some(opening) = &view.opening { (parts(frame, opening)) }
        nav.pager aria-label=(words::PAGES) {
            a.button.quiet href=(record) { (said::TO_RECORD) }
        }
    };
    let whose = agency.map_or_else(String::new, |agency| said::of(&agency.name));
    let heading = format!("{}: {title}", said::entry(view.index));
    let meta = Meta {
        title: words::titled(&heading, &frame.name),
        description: format!("{whose}. {heading}"),
        canonical: (!view.disclosed.is_personal()).then(|| view.url.clone()),
        scripts: vec![Asset::CheckScript],
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: words::LANGUAGE,
            meta,
            agency,
            main,
        },
    )
}

const fn disclosure(disclosed: Disclosed) -> Option<&'static str> {
    match disclosed {
        Disclosed::Everything | Disclosed::Withheld | Disclosed::Erased => None,
        Disclosed::Restricted => Some(said::RESTRICTED),
        Disclosed::Private => Some(said::PRIVATE),
        Disclosed::Internal => Some(said::INTERNAL),
        Disclosed::ToAuthor => Some(said::TO_AUTHOR),
        Disclosed::ToAuditor => Some(said::TO_AUDITOR),
    }
}

fn facts(frame: &Frame, view: &EntryView) -> Markup {
    html! {
        dl.record {
            div { dt { (said::WHOSE_ACT) } dd { (said::by(view.by)) } }
            div { dt { (said::WHEN) } dd { time datetime=(view.time) { (words::moment(view.at)) } } }
            @if let Some(target) = &view.refers_to {
                div { dt { (said::REFERS_TO) } dd { (reference(frame, target)) } }
            }
            @if !view.later.is_empty() {
                div { dt { (said::LATER) } dd { (references(frame, &view.later)) } }
            }
            @if !view.answers.is_empty() {
                div { dt { (said::ANSWERS) } dd { (references(frame, &view.answers)) } }
            }
            @if let Some(thread) = &view.thread {
                div { dt { (said::STANDS_IN) } dd { a href=(frame.path(thread)) { (said::THREAD) } } }
            }
            div {
                dt { (said::LEAF) }
                dd {
                    code.bytes #leaf dir="ltr" { (view.leaf) }
                    p.hint { (said::LEAF_NOTE) }
                }
            }
        }
    }
}

fn references(frame: &Frame, references: &[Reference]) -> Markup {
    html! {
        ul.references { @for one in references { li { (reference(frame, one)) } } }
    }
}

fn reference(frame: &Frame, one: &Reference) -> Markup {
    html! {
        a href=(frame.path(&one.url)) { (said::entry(one.index)) } ": "
        (one.kind.map_or(said::SOMETHING_NEWER, said::kind)) ", "
        time datetime=(one.time) { (when(&one.time)) }
    }
}

/// A leaf's time, which may be without seconds, for people.
fn when(time: &str) -> String {
    let whole = match time.strip_suffix('Z') {
        Some(minute) if minute.len() == "2026-11-24T12:00".len() => format!("{minute}:00Z"),
        _ => time.to_owned(),
    };
    whole
        .parse()
        .map_or_else(|_| time.to_owned(), words::moment)
}

fn stone(frame: &Frame, tombstone: &Tombstone) -> Markup {
    html! {
        section.tombstone aria-labelledby="erased" {
            @if tombstone.erased.is_some() {
                h2 #erased { (said::TOMBSTONE) }
                p { (said::TOMBSTONE_NOTE) }
            } @else {
                h2 #erased { (said::TO_BE_ERASED) }
                p { (said::TO_BE_ERASED_NOTE) }
            }
            dl.record {
                @if let Some(at) = tombstone.erased {
                    div { dt { (said::ERASED_AT) } dd { (layout::moment(at)) } }
                }
                @for order in &tombstone.orders { (destruction(frame, order)) }
            }
        }
    }
}

fn destruction(frame: &Frame, order: &Destruction) -> Markup {
    html! {
        div { dt { (said::CLASS) } dd { (said::class(order.class)) } }
        div { dt { (said::BASIS) } dd { code { (order.basis) } } }
        div { dt { (said::ROLE) } dd { code { (order.role) } } }
        div { dt { (said::ORDERED) } dd { (layout::moment(order.ordered)) } }
        @if !order.entries.is_empty() {
            div {
                dt { (said::IN_THE_RECORD) }
                dd {
                    ul.references {
                        @for one in &order.entries {
                            li {
                                (reference(frame, one)) " ("
                                a href={ (frame.path(&one.url)) "/proof" } { (said::PROOF) } ")"
                            }
                        }
                    }
                }
            }
        }
    }
}

fn spoken(words_of: &Said) -> Markup {
    let language = words_of.language.as_deref().and_then(language::well_formed);
    let prose = html! {
        div.prose lang=[language] dir=(language.map_or("auto", language::direction)) {
            (PreEscaped(words_of.html.as_str()))
        }
    };
    html! {
        section.quoted aria-labelledby="said" {
            h2 #said { (said::SAID) }
            p.who { bdi { (words_of.name) } " " span.acct dir="ltr" { (words_of.acct) } }
            @match &words_of.warning {
                Some(warning) => details.warning {
                    summary {
                        span.warning-label { (words::WARNING) } " "
                        span.warning-text dir="auto" { (warning) }
                    }
                    (prose)
                },
                None => (prose),
            }
            @if words_of.edited_since { p.note { (said::EDITED_SINCE) } }
            @if let Some((url, host)) = address::outward(&words_of.original).zip(address::host(&words_of.original)) {
                p.origin { a href=(url) rel="nofollow noopener ugc" { (words::original_at(&host)) } }
            }
        }
    }
}

/// What an agency or the system states, member by member.
fn stated(frame: &Frame, statement: &Value) -> Markup {
    let members = statement.as_object().into_iter().flatten();
    html! {
        section.quoted aria-labelledby="stated" {
            h2 #stated { (said::STATED) }
            dl.record {
                @for (name, value) in members.filter(|(name, value)| *name != "act" && !is_empty(value)) {
                    div { dt { (said::statement(name)) } dd dir="auto" { (shown(frame, name, value)) } }
                }
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn shown(frame: &Frame, name: &str, value: &Value) -> Markup {
    html! {
        @match value {
            Value::String(text) if matches!(name, "markdown" | "summary" | "policy") => {
                div.verbatim { (text) }
            }
            Value::String(text) if frame.site.is_ours(text) => {
                a href=(frame.path(text)) dir="ltr" { (text) }
            }
            Value::String(text) if name == "class" => { (said::class(text)) }
            Value::String(text) => { (text) }
            Value::Array(list) => {
                ul.references { @for one in list { li { (shown(frame, "", one)) } } }
            }
            Value::Object(members) => {
                @for (n, (member, value)) in members.iter().enumerate() {
                    @if n > 0 { br; }
                    span.hint { (said::statement(member)) ": " } (shown(frame, member, value))
                }
            }
            other => { (other.to_string()) }
        }
    }
}

fn parts(frame: &Frame, opening: &OpeningView) -> Markup {
    html! {
        section.parts aria-labelledby="parts" {
            h2 #parts { (said::PARTS) }
            p.note { (said::PARTS_NOTE) }
            ul.files {
                @for part in &opening.parts {
                    li {
                        p {
                            @if part.salt.is_some() {
                                a href=(frame.path(&part.url)) download { (part.name) }
                            } @else { (part.name) }
                            span.hint {
                                " " (part.media_type) ", " (words::number(part.size)) " " (said::SIZE)
                            }
                        }
                        p.hint {
                            (said::SALT) " "
                            code.bytes { (part.salt.as_deref().unwrap_or(said::DESTROYED)) }
                        }
                    }
                }
                @if let Some(salt) = &opening.salt {
                    li { p { (said::SALT_OF_ENTRY) } p.hint { code.bytes { (salt) } } }
                }
            }
        }
    }
}

fn check(frame: &Frame, view: &EntryView) -> Markup {
    let json = format!("{}.json{}", frame.path(&view.url), view.asking);
    let record = frame.path(&view.record);
    html! {
        section.check #verify aria-labelledby="check"
            data-record=(record) data-index=(view.index) data-json=(json) {
            h2 #check { (said::CHECK) }
            p.lead { (said::CHECK_LEAD) }
            p hidden { button.button type="button" { (said::CHECK_NOW) } }
            ol.steps aria-label=(said::STEPS) aria-live="polite" {
                @for step in &said::CHECK_STEPS {
                    li data-step=(step.name) data-good=(step.good) data-bad=(step.bad) data-open=(open_text(view, step))
                        data-failed=(said::FILE_FAILED) {
                        span.looks-at { (step.looks_at) }
                        span.result data-result {}
                    }
                }
            }
            @if !view.witnesses.is_empty() { (witnesses(view)) }
            p.verdict role="status" data-verdict data-busy=(said::CHECKING) data-good=(said::ALL_GOOD)
                data-bad=(said::NOT_GOOD) data-failed=(said::NOT_REACHED) {}
            div.columns {
                section aria-labelledby="proves" {
                    h3 #proves { (said::PROVES) }
                    ul.reasons { @for one in said::PROVEN { li { (one) } } }
                }
                section aria-labelledby="proves-not" {
                    h3 #proves-not { (said::PROVES_NOT) }
                    ul.reasons { @for one in said::NOT_PROVEN { li { (one) } } }
                }
            }
            section aria-labelledby="whose-key" {
                h3 #whose-key { (said::WHOSE_KEY) }
                p { (said::KEY_CAVEAT) }
                p { a href={ (record) "/vkey" } { (said::CHECKED_WITH) } }
            }
            section aria-labelledby="by-hand" {
                h3 #by-hand { (said::BY_HAND) }
                p { (said::BY_HAND_LEAD) }
                p { code.bytes dir="ltr" { (said::by_hand(&view.url)) } }
                ul.files aria-label=(said::FILES) {
                    @for (name, url) in [
                        (said::FILE_PROOF, frame.path(&view.proof).to_owned()),
                        (said::FILE_CHECKPOINT, frame.path(&view.checkpoint.url).to_owned()),
                        (said::FILE_VKEY, format!("{record}/vkey")),
                        (said::FILE_JSON, json.clone()),
                    ] {
                        li { a href=(url) { (name) } }
                    }
                }
            }
        }
    }
}

/// Those whom the policy names, with their keys: what the check finds of each is put beside it.
fn witnesses(view: &EntryView) -> Markup {
    html! {
        section aria-labelledby="witnesses" {
            h3 #witnesses { (said::WITNESSES) }
            p { (said::WITNESSES_NOTE) }
            ul.files.witnesses data-witnesses data-good=(said::COSIGNED) data-open=(said::NOT_COSIGNED)
                data-bad=(said::COSIGNED_WRONGLY) data-failed=(said::NOT_LOOKED_AT) {
                @for witness in &view.witnesses {
                    li data-vkey=(witness.vkey) {
                        p { bdi { (witness.name) } " " span.result data-result {} }
                        p.hint { code.bytes dir="ltr" { (witness.vkey) } }
                    }
                }
            }
        }
    }
}

/// Why a step cannot be taken.
fn open_text(view: &EntryView, step: &said::Step) -> &'static str {
    let about_the_seal = matches!(step.name, "commitment" | "parts");
    if step.name == "witnesses" && view.witnesses.is_empty() {
        return said::NO_WITNESSES;
    }
    match view.disclosed {
        Disclosed::Erased if about_the_seal => said::DESTROYED_WITH_IT,
        Disclosed::Withheld if about_the_seal => said::WITHHELD_WITH_IT,
        _ => step.open,
    }
}

/// The kinds in the order in which a form lists them.
pub(super) fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_leaves_are_read_with_and_without_seconds() {
        assert_eq!(when("2026-11-24T12:01Z"), "24 November 2026, 12:01 UTC");
        assert_eq!(when("2026-11-24T12:01:23Z"), "24 November 2026, 12:01 UTC");
        assert_eq!(when("tomorrow"), "tomorrow");
    }
}
