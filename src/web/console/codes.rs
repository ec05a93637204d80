//! One-time codes from an app: setting them up, recovery codes, removing them.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use qrcode::{Color, EcLevel, QrCode};

use super::pieces::Field;
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Sheet};
use super::troubles::Troubles;
use super::typed::Typed;
use super::visit::SignedIn;
use crate::agencies::staff;
use crate::agencies::staff::codes::{self, Enrolment, Standing};
use crate::kernel::Secret;
use crate::platform::chance;
use crate::platform::db;
use crate::web::State as Web;

pub(super) async fn page(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let session = who.session.clone();
    let standing = web
        .db
        .read(move |conn| codes::standing(conn, &session))
        .await
        .map_err(|error: db::Error| refused(&web, &who, error))?;
    let words = who.words;
    let main = html! {
        header.opening {
            p.kicker { a href="/console/account" { (words.say("account")) } }
            h1 { (words.say("codes-title")) }
            p.lead { (words.say("codes-why")) }
        }
        @if standing.are_set_up { (manage(&who, standing)) } @else { (offer(&who)) }
    };
    Ok(answer(&web, &who, StatusCode::OK, main))
}

fn offer(who: &SignedIn) -> Markup {
    let words = who.words;
    html! {
        p { (words.say("codes-need")) }
        form.actions method="post" action="/console/account/codes/begin" {
            button.button type="submit" { (words.say("codes-begin")) }
        }
    }
}

fn manage(who: &SignedIn, standing: Standing) -> Markup {
    let words = who.words;
    html! {
        div.columns {
            section.panel aria-labelledby="recovery" {
                h2 #recovery { (words.say("codes-recovery")) }
                p { (words.count("codes-left", standing.recovery_codes)) }
                p.note { (words.say("codes-renew-note")) }
                form.actions method="post" action="/console/account/codes/renew" {
                    button.button.quiet type="submit" { (words.say("codes-renew")) }
                }
            }
            section.panel aria-labelledby="off" {
                h2 #off { (words.say("codes-remove")) }
                p { (words.say("codes-remove-note")) }
                form.actions method="post" action="/console/account/codes/remove" {
                    button.button.danger type="submit" { (words.say("codes-remove")) }
                }
            }
        }
    }
}

/// Shows the secret, as a picture and to be typed.
pub(super) async fn begin(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let (clock, site, session) = (web.clock.clone(), web.site.clone(), who.session.clone());
    let enrolment = web
        .db
        .write(move |conn| codes::enrol(conn, clock.as_ref(), &site, &session, &chance))
        .await
        .map_err(|error| refused(&web, &who, error))?;
    Ok(enrol_page(
        &web,
        &who,
        &enrolment,
        &Troubles::none(who.words),
    ))
}

pub(super) async fn confirm(
    State(web): State<Web>,
    who: SignedIn,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    let code = typed.get("code").to_owned();
    let confirmed = web
        .db
        .write(move |conn| codes::confirm(conn, clock.as_ref(), &session, &code, &chance))
        .await;
    match confirmed {
        Ok(recovery) => Ok(recovery_page(&web, &who, &recovery)),
        Err(staff::Error::WrongCode) => {
            let (clock, site, session) = (web.clock.clone(), web.site.clone(), who.session.clone());
            let enrolment = web
                .db
                .read(move |conn| codes::begun(conn, clock.as_ref(), &site, &session))
                .await
                .map_err(|error| refused(&web, &who, error))?;
            let mut troubles = Troubles::none(who.words);
            troubles.about("code", who.words.say("codes-first-wrong"));
            Ok(enrol_page(&web, &who, &enrolment, &troubles))
        }
        Err(error) => Err(refused(&web, &who, error)),
    }
}

pub(super) async fn renew(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    let recovery = web
        .db
        .write(move |conn| codes::renew_recovery_codes(conn, clock.as_ref(), &session, &chance))
        .await
        .map_err(|error| refused(&web, &who, error))?;
    Ok(recovery_page(&web, &who, &recovery))
}

pub(super) async fn remove(State(web): State<Web>, who: SignedIn) -> Result<Response, Refused> {
    let (clock, session) = (web.clock.clone(), who.session.clone());
    web.db
        .write(move |conn| codes::remove(conn, clock.as_ref(), &session))
        .await
        .map_err(|error| refused(&web, &who, error))?;
    Ok(Redirect::to("/console/account?done=no-codes").into_response())
}

fn refused(web: &Web, who: &SignedIn, error: impl Into<Refusal>) -> Refused {
    error.into().page(web, who.words, Some(who))
}

fn enrol_page(web: &Web, who: &SignedIn, enrolment: &Enrolment, troubles: &Troubles) -> Response {
    let words = who.words;
    let code = Field {
        autocomplete: "one-time-code",
        ..Field::text("code", words.say("code"), "")
    };
    let main = html! {
        header.opening {
            p.kicker { a href="/console/account" { (words.say("account")) } }
            h1 { (words.say("codes-begin")) }
        }
        (troubles.show())
        ol.stages {
            li {
                h2 { (words.say("codes-scan")) }
                p { (words.say("codes-scan-lead")) }
                @if let Some(picture) = picture(enrolment.address.reveal(), &words.say("codes-picture")) { (picture) }
                p #by-hand { (words.say("codes-by-hand")) }
                p.secret dir="ltr" tabindex="0" aria-labelledby="by-hand" { (enrolment.secret.reveal()) }
            }
            li {
                h2 { (words.say("codes-first")) }
                form method="post" action="/console/account/codes/confirm" {
                    (code.hinted(words.say("code-lead")).amiss(troubles).show())
                    div.actions {
                        button.button type="submit" { (words.say("codes-confirm")) }
                        a.button.quiet href="/console/account" { (words.say("cancel")) }
                    }
                }
            }
        }
    };
    answer(web, who, troubles.status(), main)
}

/// Shows recovery codes, for the only time.
fn recovery_page(web: &Web, who: &SignedIn, recovery: &[Secret<String>]) -> Response {
    let words = who.words;
    let main = html! {
        header.opening {
            h1 { (words.say("codes-recovery")) }
            p.lead { (words.say("codes-recovery-lead")) }
        }
        div.done role="status" { p { (words.say("account-done-codes")) } }
        ol.codes dir="ltr" { @for code in recovery { li { (code.reveal()) } } }
        p.note { (words.say("codes-recovery-note")) }
        div.actions { a.button href="/console/account" { (words.say("codes-kept")) } }
    };
    answer(web, who, StatusCode::OK, main)
}

fn answer(web: &Web, who: &SignedIn, status: StatusCode, main: Markup) -> Response {
    let sheet = Sheet::plain(who.words, who.words.say("codes-title"), Some(who), main);
    sheet::answer(web, status, &sheet)
}

/// A QR code (ISO/IEC 18004) as a drawing inside the page: nobody else is asked for it, and no cache keeps it. What is too
/// long for one is shown as text only.
fn picture(text: &str, label: &str) -> Option<Markup> {
    /// Light modules around it, as the standard asks for.
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, colour) in code.to_colors().iter().enumerate() {
        if *colour == Color::Dark {
            let (x, y) = (place % width + QUIET, place / width + QUIET);
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = width + 2 * QUIET;
    Some(html! {
        div.qr {
            svg viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) shape-rendering="crispEdges" {
                path d=(PreEscaped(path)) {}
            }
        }
    })
}
