//! What will be seen of a text that is being written: the post, how long it is, how hard to read, whom it names.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::super::refusal::Refused;
use super::super::sent::Sent;
use super::super::troubles::Troubles;
use super::super::visit::AtAgency;
use super::preview::{Post, preview};
use super::{article, editor, form, mentions, new, pieces};
use crate::publishing::drafts::{Content, PartNumber, Proposal};
use crate::publishing::house::{self, HouseRules, reading};
use crate::publishing::markdown;
use crate::web::State as Web;
use crate::web::page::HTML;

/// Everything that goes out of a proposal, as it will be seen.
pub(super) fn look(web: &Web, at: &AtAgency, house: &HouseRules, proposal: &Proposal) -> Markup {
    let words = at.words();
    html! {
        @match proposal {
            Proposal::Withdrawal { reason, .. } => {
                p { (words.say("draft-withdrawal-look")) }
                blockquote.verbatim dir="auto" { (reason) }
            }
            Proposal::PrivateAnswer { to, content, .. } => {
                @let content = content.clone().addressed(to);
                p.note { (words.say("private-look")) " " span.acct dir="ltr" { "@" (to.acct) } }
                (preview(words, &Post { site: &web.site, agency: &at.agency, content: &content }))
                (about(web, at, house, &content))
            }
            Proposal::AnswerWithdrawal { reason, .. } => {
                p { (words.say("private-withdrawal-look")) }
                blockquote.verbatim dir="auto" { (reason) }
            }
            Proposal::Profile(profile) => {
                @if let Some(name) = &profile.name { p { strong { bdi { (name) } } } }
                @if let Some(summary) = &profile.summary {
                    div.prose { (maud::PreEscaped(markdown::render(summary, &web.site, &[]).html.as_str())) }
                }
            }
            Proposal::Pin { announcement } | Proposal::Unpin { announcement } => {
                p { a href=(format!("/@{}/{announcement}", at.agency.handle)) { (words.say("draft-see-announcement")) } }
            }
            Proposal::Keys => { p.empty { (words.say("draft-nothing-to-see")) } }
            Proposal::Announcement { .. } | Proposal::Edit { .. } | Proposal::Correction { .. } => {
                @let several = !proposal.rest().is_empty();
                @for (number, content) in (1..).zip(proposal.contents()) {
                    @if several { p.kicker { (pieces::post_of(words, number, proposal.contents().len())) } }
                    (preview(words, &Post { site: &web.site, agency: &at.agency, content }))
                    (article::look(web, words, content))
                    (about(web, at, house, content))
                }
            }
        }
    }
}

/// Counters and hints.
fn about(web: &Web, at: &AtAgency, house: &HouseRules, content: &Content) -> Markup {
    let words = at.words();
    let length = markdown::render(&content.markdown, &web.site, &content.mentions).length;
    let longest = web.server.rules.longest;
    let values = [("length", length.into()), ("longest", longest.into())];
    let hint = house
        .reading_index
        .and_then(|limit| reading::hint(&content.markdown, &content.language, limit));
    let unknown = mentions::unknown(&content.markdown, &content.mentions);
    let unknown: Vec<String> = unknown.iter().map(|acct| format!("@{acct}")).collect();
    html! {
        ul.hints {
            li.wrong[length > longest] { (words.say_of("draft-length", values)) }
            @if length > web.server.folded_beyond && length <= longest {
                li { (words.count("draft-length-folded", web.server.folded_beyond)) }
            }
            @if let Some(hint) = hint {
                li {
                    (words.say_of("draft-hard", [
                        ("index", hint.index.into()),
                        ("limit", hint.limit.into()),
                        ("words", hint.longest_sentence.into()),
                    ]))
                }
            }
            (article::hints(web, words, house, content))
            @if !unknown.is_empty() {
                li { (words.say_with("draft-unknown", "names", &unknown.join(&words.say("list-comma")))) }
            }
        }
    }
}

/// The same for a form that is not saved yet, as a piece of a page: for our script.
pub(super) async fn piece(
    State(web): State<Web>,
    at: AtAgency,
    sent: Sent,
) -> Result<Response, Refused> {
    let typed = &sent.typed;
    // What is amiss is said when it is saved.
    let mut troubles = Troubles::none(at.words());
    let (house, proposal) = if let Ok(id) = typed.get("draft").parse() {
        let open = editor::open(&web, &at, id).await?;
        let part = PartNumber::new(typed.get("part").parse().unwrap_or(0));
        let before = open.last_of(part).and_then(|it| it.proposal.as_ref());
        let before = before.cloned().unwrap_or_else(|| new::blank(&at));
        let proposal = form::proposal(typed, &before, &open.images(), &mut troubles);
        (open.house, proposal)
    } else {
        let agency = at.agency.id;
        let house = web.db.read(move |conn| house::rules(conn, agency)).await;
        let house = house.map_err(|error| at.refused(&web, error))?;
        let blank = new::blank(&at);
        let proposal = form::proposal(typed, &blank, &HashMap::new(), &mut troubles);
        (house, proposal)
    };
    let markup = look(&web, &at, &house, &proposal);
    let kind = [
        (header::CONTENT_TYPE, HTML),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((kind, markup.into_string()).into_response())
}
