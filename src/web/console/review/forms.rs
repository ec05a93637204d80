//! The buttons: those that somebody has the right to press, where the draft stands.

use maud::{Markup, html};

use super::super::drafts::refused;
use super::super::pieces::Field;
use super::super::troubles::Troubles;
use super::super::visit::AtAgency;
use super::Before;
use super::look::Looked;
use crate::agencies::staff::{By, Right};
use crate::kernel::Unclear;
use crate::publishing::drafts::{Act, Draft, Error, Kind};
use crate::web::words::console::Words;

/// Which version is looked at, as a form says it.
pub(super) fn version(draft: &Draft) -> Markup {
    html! { input type="hidden" name="version" value=(draft.version); }
}

/// Some lines of text.
pub(super) fn area(
    name: &str,
    label: &str,
    hint: &str,
    value: &str,
    troubles: &Troubles,
) -> Markup {
    let wrong = troubles.at(name);
    let described = if wrong.is_some() {
        format!("{name}-hint {name}-wrong")
    } else {
        format!("{name}-hint")
    };
    html! {
        div.field {
            label for=(name) { (label) }
            p.hint id={ (name) "-hint" } { (hint) }
            textarea.low id=(name) name=(name) rows="4" maxlength="2000" dir="auto" required aria-describedby=(described)
                aria-invalid=[wrong.as_ref().map(|_| "true")] { (value) }
            @if let Some(text) = &wrong { p.wrong id={ (name) "-wrong" } { (text) } }
        }
    }
}

/// What somebody may do here now.
fn ways(at: &AtAgency, looked: &Looked) -> Vec<Act> {
    let (draft, mandate, quorum) = (&looked.draft, &at.mandate, looked.quorum);
    let reviews = match mandate.by() {
        By::Person { roles, .. } => looked.house.may_approve(roles, &[]),
        By::Operator => false,
    };
    let is_within = looked.is_within(mandate);
    let goes_out = mandate.allows(Right::Schedule) && is_within && quorum.is_met();
    let publishes = goes_out && draft.standing().allows(Act::Publish);
    let may = |act: Act| match act {
        Act::Save | Act::TakeBack | Act::Discard => mandate.allows(Right::Draft),
        Act::Submit => mandate.allows(Right::Draft) && !quorum.is_met(),
        Act::Approve => looked.may_approve.is_ok(),
        Act::SendBack => reviews,
        Act::Schedule | Act::Publish => goes_out,
        Act::Unschedule => mandate.allows(Right::Schedule),
        // Only where there is no other way.
        Act::PublishInEmergency => {
            mandate.allows(Right::PublishInEmergency)
                && is_within
                && !(publishes && looked.in_the_way.is_empty())
        }
    };
    let all = [
        Act::Submit,
        Act::TakeBack,
        Act::Approve,
        Act::SendBack,
        Act::Schedule,
        Act::Unschedule,
        Act::Publish,
        Act::PublishInEmergency,
        Act::Discard,
    ];
    all.into_iter()
        .filter(|act| draft.standing().allows(*act) && may(*act))
        .collect()
}

pub(super) fn what_to_do(
    at: &AtAgency,
    looked: &Looked,
    before: &Before,
    troubles: &Troubles,
) -> Markup {
    let (words, draft) = (at.words(), &looked.draft);
    let own = at.path(&format!("/drafts/{}/review", draft.id));
    let ways = ways(at, looked);
    let can = |act: Act| ways.contains(&act);
    let one = |act: &str, class: &str, label: &str| {
        html! {
            form method="post" action={ (own) "/" (act) } {
                (version(draft))
                button class={ "button " (class) } type="submit" { (words.say(label)) }
            }
        }
    };
    let is_keys = draft.kind() == Some(Kind::Keys);
    html! {
        section aria-labelledby="what-to-do" {
            h2 #what-to-do { (words.say("review-what-to-do")) }
            @if let Some(why) = why_not(words, looked) { p.note { (why) } }
            @if draft.standing().is_over() { p { (words.say("review-over")) } }
            div.actions {
                @if can(Act::Approve) { (one("approve", "", "review-approve")) }
                @if can(Act::Submit) { (one("submit", "", "review-submit")) }
                @if can(Act::Publish) { (one("publish", if can(Act::Approve) { "quiet" } else { "" }, if is_keys { "review-publish-keys" } else { "review-publish" })) }
                @if can(Act::Unschedule) { (one("unschedule", "quiet", "review-unschedule")) }
                @if can(Act::TakeBack) { (one("take-back", "quiet", "review-take-back")) }
            }
            div.columns {
                @if can(Act::SendBack) {
                    form.panel method="post" action={ (own) "/send-back" } {
                        (version(draft))
                        (area("remark", &words.say("review-remark"), &words.say("review-remark-hint"), before.typed.get("remark"), troubles))
                        div.actions { button.button.quiet type="submit" { (words.say("review-send-back")) } }
                    }
                }
                @if can(Act::Schedule) { (schedule(words, looked, before, troubles, &own)) }
            }
            (left_over(words, &ways, before))
            div.actions {
                // An emergency is told in public.
                @if can(Act::PublishInEmergency) && draft.message.is_none() { a.button.danger href={ (own) "/emergency" } { (words.say("review-emergency-ask")) } }
                @if can(Act::Discard) { (one("discard", "danger", "review-discard")) }
            }
        }
    }
}

/// Why somebody whose role approves cannot approve this.
fn why_not(words: Words, looked: &Looked) -> Option<String> {
    match &looked.may_approve {
        Err(error @ (Error::OwnText | Error::AnotherApprover | Error::ApprovedAlready)) => {
            Some(refused::sentence(error, words))
        }
        _ => None,
    }
}

fn schedule(
    words: Words,
    looked: &Looked,
    before: &Before,
    troubles: &Troubles,
    own: &str,
) -> Markup {
    let zone = &looked.house.zone;
    let typed = before.typed.get("at");
    let hint = words.say_with("review-at-hint", "zone", zone.name());
    let field = Field {
        kind: "datetime-local",
        ..Field::text("at", words.say("review-at"), typed)
    };
    let offered = match &before.unclear {
        Some(Unclear::Twice { first, second, .. }) => {
            vec![(first, "review-first"), (second, "review-second")]
        }
        Some(Unclear::Never { next, .. }) => vec![(next, "review-next")],
        None => vec![],
    };
    html! {
        form.panel method="post" action={ (own) "/schedule" } {
            (version(&looked.draft))
            (field.hinted(hint).amiss(troubles).show())
            @if !offered.is_empty() {
                input type="hidden" name="asked" value=(typed);
                fieldset {
                    legend { (words.say("review-which")) }
                    @for (number, (offset, label)) in offered.iter().enumerate() {
                        div.choice {
                            input id={ "which-" (number) } type="radio" name="which" value=(offset) required;
                            label for={ "which-" (number) } { (words.say(label)) span.hint dir="ltr" { (offset) } }
                        }
                    }
                }
            }
            div.actions { button.button.quiet type="submit" { (words.say("review-schedule")) } }
        }
    }
}

/// What somebody had typed into a form that is not there any more.
fn left_over(words: Words, ways: &[Act], before: &Before) -> Markup {
    let typed = |name: &str, is_there: bool| before.typed.some(name).filter(|_| !is_there);
    let left: Vec<&str> = [
        typed("remark", ways.contains(&Act::SendBack)),
        typed("at", ways.contains(&Act::Schedule)),
        typed("reason", false),
    ]
    .into_iter()
    .flatten()
    .collect();
    html! {
        @if !left.is_empty() {
            div.panel {
                h3 { (words.say("review-typed")) }
                @for text in left { p.plain dir="auto" { (text) } }
            }
        }
    }
}
