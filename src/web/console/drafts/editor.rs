//! The page on which a draft is written: one part of it at a time, and beside it what will be seen.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::pieces::{Field, done};
use super::super::refusal::{Refusal, Refused};
use super::super::sheet::{self, Section, Sheet};
use super::super::troubles::Troubles;
use super::super::typed::{Asked, Typed};
use super::super::visit::AtAgency;
use super::{Which, form, look, pieces, refused};
use crate::agencies::staff;
use crate::kernel::{DraftId, PersonId};
use crate::publishing::Image;
use crate::publishing::drafts::{
    self, Act, Draft, Error, Kind, Part, PartNumber, Proposal, State as Stands, Version,
    VersionNumber,
};
use crate::publishing::house::{self, HouseRules};
use crate::web::State as Web;
use crate::web::words::console::Words;

/// A draft as it lies open.
pub(super) struct Open {
    pub(super) draft: Draft,
    /// All that one may see, the oldest first.
    pub(super) versions: Vec<Version>,
    pub(super) house: HouseRules,
    pub(super) names: HashMap<PersonId, String>,
}

/// What the form holds instead of what the part says.
pub(super) struct Held<'a> {
    pub(super) proposal: &'a Proposal,
    pub(super) typed: Option<&'a Typed>,
    /// The version that its author had before them.
    pub(super) seen: VersionNumber,
    /// Where it was kept aside.
    pub(super) aside: Option<&'a Version>,
}

pub(super) async fn open(web: &Web, at: &AtAgency, id: DraftId) -> Result<Open, Refused> {
    let mandate = at.mandate.clone();
    web.db
        .read(move |conn| {
            let draft = drafts::find(conn, &mandate, id)?;
            let versions = drafts::versions(conn, &mandate, id)?;
            let house = house::rules(conn, draft.agency)?;
            let people: Vec<PersonId> = versions.iter().filter_map(|it| it.by).collect();
            let names = staff::names(conn, &people)?;
            Ok::<_, Error>(Open {
                draft,
                versions,
                house,
                names,
            })
        })
        .await
        .map_err(|error| at.refused(web, error))
}

impl Open {
    /// Every picture that was ever in it, by its digest.
    pub(super) fn images(&self) -> HashMap<String, Image> {
        let proposals = self.versions.iter().filter_map(|it| it.proposal.as_ref());
        let images = proposals
            .flat_map(Proposal::contents)
            .flat_map(|content| &content.images);
        images
            .map(|image| (image.digest.clone(), image.clone()))
            .collect()
    }

    /// What was written last of a part, although it may have been removed.
    pub(super) fn last_of(&self, part: PartNumber) -> Option<&Version> {
        let merged = |it: &&Version| it.part == part && it.unmerged_from.is_none();
        self.versions.iter().rev().find(merged)
    }

    /// Offered where a language is asked for.
    pub(super) fn languages(&self, at: &AtAgency) -> Vec<String> {
        let mut tags = vec![at.agency.language.clone()];
        tags.extend(self.house.languages.iter().cloned());
        tags.dedup();
        tags
    }

    pub(super) fn who(&self, words: Words, by: Option<PersonId>) -> String {
        by.and_then(|id| self.names.get(&id).cloned())
            .unwrap_or_else(|| words.say("command-line"))
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    asked: Asked,
) -> Result<Response, Refused> {
    let open = open(&web, &at, which.draft()).await?;
    let troubles = Troubles::none(at.words());
    let number = |name: &str| asked.some(name).and_then(|text| text.parse().ok());
    if let Some(mine) = number("mine") {
        let aside = open.versions.iter().find(|it| it.number.get() == mine);
        let aside = aside.filter(|it| it.unmerged_from.is_some());
        let held = aside.and_then(|it| Some((it, it.proposal.as_ref()?)));
        let Some((aside, proposal)) = held else {
            return Err(at.refused(&web, Refusal::NotFound));
        };
        let newest = open.draft.part(aside.part).map(|it| it.version);
        let held = Held {
            proposal,
            typed: None,
            seen: newest.unwrap_or(aside.number),
            aside: Some(aside),
        };
        return Ok(show(
            &web,
            &at,
            &open,
            aside.part,
            Some(&held),
            None,
            &troubles,
        ));
    }
    let part = number("part").map(PartNumber::new);
    let part = part.filter(|it| open.draft.part(*it).is_some());
    let Some(part) = part.or_else(|| open.draft.parts.first().map(|it| it.number)) else {
        return Err(at.refused(&web, Refusal::NotFound));
    };
    Ok(show(&web, &at, &open, part, None, asked.done(), &troubles))
}

/// The page, with the form filled by what the part says or by what is `held`.
pub(super) fn show(
    web: &Web,
    at: &AtAgency,
    open: &Open,
    number: PartNumber,
    held: Option<&Held<'_>>,
    before: Option<&str>,
    troubles: &Troubles,
) -> Response {
    let words = at.words();
    let draft = &open.draft;
    let part = draft.part(number);
    let kind = draft
        .kind()
        .map_or_else(String::new, |kind| pieces::kind(words, kind));
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/drafts")) { (words.say("section-drafts")) } }
            h1 { (kind) " " span.mark-off { (refused::standing(words, draft.standing())) } }
            (ways(at, draft, Page::Editor))
        }
        @if let Some(sentence) = before.and_then(|what| said(words, what)) { (done(&sentence)) }
        (troubles.show())
        (stands(words, draft))
        @if let Some(held) = held { @if let Some(aside) = held.aside { (conflict(at, open, part, aside)) } }
        @else { (unmerged(at, open)) }
        @if draft.kind() == Some(Kind::Announcement) { (parts(at, draft, number)) }
        div.desk-of-two {
            (writing(web, at, open, part, number, held, troubles))
            section aria-labelledby="look-title" {
                h2 #look-title { (words.say("draft-look")) }
                div #look {
                    @match held.map(|it| it.proposal).or_else(|| part.and_then(|it| it.proposal.as_ref())) {
                        Some(proposal) => { (look::look(web, at, &open.house, proposal)) }
                        None => { p.empty { (words.say("draft-erased")) } }
                    }
                }
            }
        }
        @if draft.kind() == Some(Kind::Announcement) && !draft.standing().is_over() { (languages(at, open, number)) }
    };
    let sheet = Sheet::at(at, Section::Drafts, kind, main);
    let status = if held.is_some_and(|it| it.aside.is_some()) {
        StatusCode::CONFLICT
    } else {
        troubles.status()
    };
    sheet::answer(web, status, &sheet)
}

/// Whether a text may be saved while it is typed: not where that would undo what others have approved.
pub(super) const fn is_saved_as_typed(draft: &Draft) -> bool {
    matches!(draft.state, Stands::Writing | Stands::SentBack { .. })
}

/// Which page of a draft one is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web::console) enum Page {
    Editor,
    Review,
    Versions,
}

/// The pages of a draft.
pub(in crate::web::console) fn ways(at: &AtAgency, draft: &Draft, here: Page) -> Markup {
    let words = at.words();
    let own = at.path(&format!("/drafts/{}", draft.id));
    html! {
        nav aria-label=(words.say("draft-pages")) {
            ul.inline-list {
                li { a href=(own) aria-current=[(here == Page::Editor).then_some("page")] { (words.say("draft-write")) } }
                li { a href={ (own) "/review" } aria-current=[(here == Page::Review).then_some("page")] { (words.say("draft-review")) } }
                li { a href={ (own) "/versions" } aria-current=[(here == Page::Versions).then_some("page")] { (words.say("draft-versions")) } }
            }
        }
    }
}

fn said(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "saved" => words.say("draft-done-saved"),
        "again" => words.say("draft-done-again"),
        "unchanged" => words.say("draft-done-unchanged"),
        "added" => words.say("draft-done-added"),
        "removed" => words.say("draft-done-removed"),
        "exempt" => words.say("draft-done-exempt"),
        "dropped" => words.say("draft-done-dropped"),
        "post-added" => words.say("post-done-added"),
        "post-removed" => words.say("post-done-removed"),
        "post-moved" => words.say("post-done-moved"),
        "posts-left-out" => words.say("post-done-left-out"),
        _ => return None,
    })
}

/// What is to be known of where it stands.
fn stands(words: Words, draft: &Draft) -> Markup {
    html! {
        @match &draft.state {
            Stands::SentBack { remark } => {
                div.alarm { p { strong { (words.say("draft-sent-back-with")) } } p.verbatim { (remark) } }
            }
            Stands::Held(_) => { div.alarm { p { (words.say("draft-is-held")) } } }
            Stands::InReview | Stands::Approved | Stands::Scheduled(_) => { p.note { (words.say("draft-saving-undoes")) } }
            Stands::Published { .. } | Stands::Discarded { .. } => { p.note { (words.say("draft-is-over")) } }
            Stands::Writing => {}
        }
    }
}

/// One's own texts that were kept aside.
fn unmerged(at: &AtAgency, open: &Open) -> Markup {
    let words = at.words();
    let own = at.path(&format!("/drafts/{}", open.draft.id));
    let aside = open.versions.iter().filter(|it| it.unmerged_from.is_some());
    html! {
        @for version in aside {
            div.alarm {
                p {
                    (words.say("draft-aside")) " "
                    a href={ (own) "?mine=" (version.number) } { (words.say("draft-aside-see")) }
                }
            }
        }
    }
}

/// Both texts, where two people were at one: nothing is lost, and either can be taken.
fn conflict(at: &AtAgency, open: &Open, part: Option<&Part>, aside: &Version) -> Markup {
    let words = at.words();
    let mine = aside
        .proposal
        .as_ref()
        .map(Proposal::text)
        .unwrap_or_default();
    let theirs = part.and_then(|it| it.proposal.as_ref());
    let by = part
        .and_then(|it| open.last_of(it.number))
        .map(|it| open.who(words, it.by));
    let over = open.draft.standing().is_over();
    let title = if over {
        words.say("draft-conflict-over")
    } else if theirs.is_none() {
        words.say("draft-conflict-removed")
    } else {
        words.say_with("draft-conflict", "name", &by.unwrap_or_default())
    };
    html! {
        section.panel.conflict aria-labelledby="conflict" {
            h2 #conflict { (title) }
            p { (words.say("draft-conflict-lead")) }
            @if let Some(theirs) = theirs.map(Proposal::text) {
                div.columns {
                    div { h3 { (words.say("draft-theirs")) } p.verbatim dir="auto" { (theirs) } }
                    div { h3 { (words.say("draft-mine")) } p.verbatim dir="auto" { (mine) } }
                }
                h3 { (words.say("draft-difference")) }
                (pieces::difference(words, &drafts::words(&theirs, &mine)))
            }
            form.actions method="post" action=(at.path(&format!("/drafts/{}/drop", open.draft.id))) {
                input type="hidden" name="mine" value=(aside.number);
                button.button.quiet type="submit" { (words.say("draft-take-theirs")) }
            }
            @if theirs.is_some() && !over { p.note { (words.say("draft-take-mine-note")) } }
        }
    }
}

/// The languages of an announcement, one of which is open.
fn parts(at: &AtAgency, draft: &Draft, here: PartNumber) -> Markup {
    let words = at.words();
    html! {
        nav.choices aria-label=(words.say("draft-parts")) {
            ul.inline-list {
                @for part in &draft.parts {
                    li {
                        a href=(at.path(&format!("/drafts/{}?part={}", draft.id, part.number))) aria-current=[(part.number == here).then_some("page")] {
                            (pieces::language_of(part.proposal.as_ref()).unwrap_or_else(|| part.number.to_string()))
                        }
                    }
                }
            }
        }
    }
}

fn writing(
    web: &Web,
    at: &AtAgency,
    open: &Open,
    part: Option<&Part>,
    number: PartNumber,
    held: Option<&Held<'_>>,
    troubles: &Troubles,
) -> Markup {
    let words = at.words();
    let draft = &open.draft;
    let proposal = held.map(|it| it.proposal);
    let Some(proposal) = proposal.or_else(|| part.and_then(|it| it.proposal.as_ref())) else {
        return html! {};
    };
    // Where nothing can be saved any more, what was written can still be read and copied.
    let Some(part) = part.filter(|_| draft.standing().allows(Act::Save)) else {
        return html! {
            section aria-labelledby="writing" {
                h2 #writing { (words.say("draft-as-written")) }
                p.verbatim tabindex="0" dir="auto" { (proposal.text()) }
            }
        };
    };
    let languages = open.languages(at);
    let fields = form::Sheet {
        words,
        site: &web.site,
        proposal,
        typed: held.and_then(|it| it.typed),
        troubles,
        languages: &languages,
    };
    let seen = held.map_or(part.version, |it| it.seen);
    let own = at.path(&format!("/drafts/{}", draft.id));
    html! {
        section aria-labelledby="writing" {
            h2 #writing { (words.say("draft-write")) }
            form.writes method="post" enctype="multipart/form-data" action={ (own) "/parts/" (number) }
                data-automatic=[is_saved_as_typed(draft).then_some("yes")] data-preview=(at.path("/drafts/preview")) data-lookup=(at.path("/drafts/lookup")) {
                input type="hidden" name="seen" value=(seen);
                input type="hidden" name="draft" value=(draft.id);
                input type="hidden" name="part" value=(number);
                @if let Some(aside) = held.and_then(|it| it.aside) { input type="hidden" name="instead" value=(aside.number); }
                @if pieces::is_written(proposal) { (form::usual_button(words)) }
                (fields.fields())
                @if pieces::is_written(proposal) {
                    div.actions {
                        button.button type="submit" { (words.say("draft-save")) }
                        p.hint.saved role="status" {}
                    }
                }
            }
            div.actions { a.button.quiet href={ (own) "/review" } { (words.say("draft-to-review")) } }
        }
    }
}

/// Further languages, and why one is missing.
fn languages(at: &AtAgency, open: &Open, here: PartNumber) -> Markup {
    let words = at.words();
    let draft = &open.draft;
    let own = at.path(&format!("/drafts/{}", draft.id));
    let written: Vec<String> = draft
        .proposals()
        .filter_map(|it| pieces::language_of(Some(it)))
        .collect();
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    let missing = open.house.missing_languages(&written);
    let next = missing.first().copied().unwrap_or_default();
    html! {
        section.panel aria-labelledby="languages-title" {
            h2 #languages-title { (words.say("draft-languages")) }
            p { (words.say("draft-languages-lead")) }
            @if !missing.is_empty() && draft.exemption.is_none() {
                p.wrong { (words.say_with("draft-languages-missing", "languages", &missing.join(&words.say("list-comma")))) }
            }
            form.inline method="post" action={ (own) "/parts" } {
                (Field { list: Some("languages"), ..Field::text("add-language", words.say("draft-language-add"), next) }.show())
                button.button.quiet type="submit" { (words.say("draft-language-add-do")) }
            }
            @if draft.parts.len() > 1 {
                form.inline method="post" action={ (own) "/parts/" (here) "/remove" } {
                    input type="hidden" name="seen" value=(draft.version);
                    button.button.danger.small type="submit" { (words.say("draft-language-remove")) }
                }
            }
            @if !open.house.languages.is_empty() {
                form method="post" action={ (own) "/exempt" } {
                    input type="hidden" name="seen" value=(draft.version);
                    (Field::text("exemption", words.say("draft-exemption"), draft.exemption.as_deref().unwrap_or_default())
                        .optional().hinted(words.say("draft-exemption-hint")).show())
                    div.actions { button.button.quiet type="submit" { (words.say("save")) } }
                }
            }
        }
    }
}
