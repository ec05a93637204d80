//! The way from our page to the citizen's own server, where they follow or reply.

use maud::{Markup, html};

use crate::web::words;

use super::excerpt;
use super::head::Meta;
use super::layout;
use super::layout::Sheet;
use super::view::Frame;
use super::view::HandleTrouble;
use super::view::Invitation;
use super::view::Purpose;

/// The name of the form's only field.
pub const FIELD: &str = "address";

/// A form that posts to the page's own address, so that a citizen's address stands in no log and no history.
pub fn page(frame: &Frame, view: &Invitation) -> Markup {
    let agency = &view.agency;
    let (title, lead, by_hand, copy) = match &view.purpose {
        Purpose::Follow => (
            words::follow(&agency.name),
            words::follow_lead(&agency.name),
            words::BY_HAND_FOLLOW,
            frame.acct(&agency.handle),
        ),
        Purpose::Reply { announcement } => (
            words::reply_to(&agency.name),
            words::reply_lead().to_owned(),
            words::BY_HAND_REPLY,
            frame
                .site
                .announcement_page(&agency.handle, announcement.id),
        ),
    };
    let main = html! {
        div.invitation {
            (layout::letterhead(frame, agency))
            h1 { (title) }
            @if let Purpose::Reply { announcement } = &view.purpose {
                blockquote.target lang=(announcement.language) dir="auto" {
                    a href=(frame.announcement(&agency.handle, announcement.id)) {
                        (excerpt::of_announcement(&announcement.html, announcement.warning.as_deref(), 200))
                    }
                }
            }
            p.lead { (lead) }
            (form(view))
            section aria-labelledby="by-hand" {
                h2 #by-hand { (words::BY_HAND) }
                p { (by_hand) }
                p.copy { code dir="ltr" { (copy) } }
            }
            section aria-labelledby="no-account" {
                h2 #no-account { (words::NO_ACCOUNT) }
                p { (words::NO_ACCOUNT_ANSWER) }
            }
        }
    };
    let meta = Meta {
        title: words::titled(
            &match view.trouble {
                Some(_) => format!("{} {title}", words::ERROR_PREFIX),
                None => title,
            },
            &frame.name,
        ),
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: words::LANGUAGE,
            meta,
            agency: Some(agency),
            main,
        },
    )
}

fn form(view: &Invitation) -> Markup {
    let trouble = view
        .trouble
        .as_ref()
        .map(|trouble| sentence(trouble, &view.entered));
    let described_by = if trouble.is_some() {
        "trouble hint"
    } else {
        "hint"
    };
    html! {
        form.ask method="post" {
            label for="address" { (words::YOUR_HANDLE) }
            p.hint #hint { (words::YOUR_HANDLE_HINT) }
            @if let Some(sentence) = &trouble {
                p.trouble #trouble role="alert" { strong { (words::ERROR_PREFIX) } " " bdi { (sentence) } }
            }
            div.field {
                input #address name=(FIELD) type="text" value=(view.entered) required maxlength="512" dir="ltr"
                    inputmode="email" autocapitalize="none" autocomplete="on" spellcheck="false"
                    aria-describedby=(described_by) aria-invalid=[trouble.as_ref().map(|_| "true")];
                button.button type="submit" { (words::GO) }
            }
        }
    }
}

fn sentence(trouble: &HandleTrouble, entered: &str) -> String {
    match trouble {
        HandleTrouble::Missing => words::NO_ADDRESS.to_owned(),
        HandleTrouble::NotAnAddress => words::not_an_address(&excerpt::of_text(entered, 80)),
        HandleTrouble::Silent { host } => words::server_silent(host),
        HandleTrouble::Unknown { host } => words::person_unknown(host),
        HandleTrouble::NoWayIn { host } => words::no_way_in(host),
    }
}
