//! The staff of an agency: who is on it, and who is invited.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::letters::{self, Letter};
use super::pieces::{Field, done, moment, role_boxes, role_names};
use super::refusal::Refused;
use super::sheet::{self, Section, Sheet};
use super::troubles::Troubles;
use super::typed::{Asked, Typed};
use super::visit::AtAgency;
use crate::agencies::staff::links::{self, Invitation, Link, Offered, Purpose};
use crate::agencies::staff::team::{self, Member};
use crate::agencies::staff::{self, Right, Role};
use crate::platform::chance;
use crate::web::State as Web;
use crate::web::words::console::Words;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let troubles = Troubles::none(at.words());
    show(&web, &at, asked.done(), &Typed::default(), &troubles).await
}

pub(super) async fn invite(
    State(web): State<Web>,
    at: AtAgency,
    typed: Typed,
) -> Result<Response, Refused> {
    let invitation = Invitation {
        email: typed.some("email").map(str::to_owned),
        roles: roles(&typed),
    };
    let (clock, mandate, new) = (web.clock.clone(), at.mandate.clone(), invitation.clone());
    let offered = web
        .db
        .write(move |conn| links::invite(conn, clock.as_ref(), &mandate, new, &chance))
        .await;
    match offered {
        Ok(offered) => Ok(invited(&web, &at, &invitation, &offered).await),
        Err(error @ (staff::Error::NoRole | staff::Error::Address)) => {
            let troubles = Troubles::of(at.words(), error);
            show(&web, &at, None, &typed, &troubles).await
        }
        Err(error) => Err(at.refused(&web, error)),
    }
}

/// The roles whose boxes are ticked.
fn roles(typed: &Typed) -> Vec<Role> {
    typed
        .all("role")
        .filter_map(|name| name.parse().ok())
        .collect()
}

pub(super) async fn revoke(
    State(web): State<Web>,
    at: AtAgency,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let revoked = match typed.get("invitation").parse() {
        Ok(link) => {
            web.db
                .write(move |conn| links::revoke(conn, clock.as_ref(), &mandate, link))
                .await
        }
        Err(_) => Err(staff::Error::NoInvitation),
    };
    match revoked {
        Ok(()) => Ok(Redirect::to(&at.path("/staff?done=revoked")).into_response()),
        Err(error @ staff::Error::NoInvitation) => {
            let troubles = Troubles::of(at.words(), error);
            show(&web, &at, None, &Typed::default(), &troubles).await
        }
        Err(error) => Err(at.refused(&web, error)),
    }
}

async fn invited(web: &Web, at: &AtAgency, invitation: &Invitation, offered: &Offered) -> Response {
    let words = at.words();
    let letter = Letter {
        to: invitation.email.as_deref(),
        words,
        subject: "letter-invitation-subject",
        text: "letter-invitation",
        name: &at.agency.name,
        url: &web.site.joining(offered.token.reveal()),
        until: offered.expires_at,
    };
    let handed_over = letters::hand_over(web, words, &letter).await;
    let main = html! {
        header.opening {
            h1 { (words.say("invited-title")) }
            p.lead { (words.say("invited-lead")) }
        }
        (handed_over)
        dl.facts {
            dt { (words.say("roles")) }
            dd { (role_names(words, &invitation.roles)) }
            @if let Some(email) = &invitation.email {
                dt { (words.say("invited-for")) }
                dd { bdi { (email) } }
            }
        }
        div.actions { a.button href=(at.path("/staff")) { (words.say("back-to-staff")) } }
    };
    let sheet = Sheet::at(at, Section::Staff, words.say("invited-title"), main);
    sheet::answer(web, StatusCode::OK, &sheet)
}

async fn show(
    web: &Web,
    at: &AtAgency,
    before: Option<&str>,
    typed: &Typed,
    troubles: &Troubles,
) -> Result<Response, Refused> {
    at.require(Right::ManageStaff)
        .map_err(|refusal| at.refused(web, refusal))?;
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let (members, open) = web
        .db
        .read(move |conn| {
            let members = team::members(conn, &mandate)?;
            let open = links::invitations(conn, clock.as_ref(), &mandate)?;
            Ok::<_, staff::Error>((members, open))
        })
        .await
        .map_err(|error| at.refused(web, error))?;
    let words = at.words();
    let main = html! {
        header.opening {
            h1 { (words.say("staff-title")) }
            p.lead { (words.say_with("staff-lead", "agency", &at.agency.name)) }
        }
        @if let Some(sentence) = before.and_then(|what| said(words, what)) { (done(&sentence)) }
        (troubles.show())
        (people(at, &members))
        @if !open.is_empty() { (invitations(at, &open)) }
        (invitation(at, typed, troubles))
    };
    let sheet = Sheet::at(at, Section::Staff, words.say("staff-title"), main);
    Ok(sheet::answer(web, troubles.status(), &sheet))
}

fn said(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "revoked" => words.say("staff-done-revoked"),
        "removed" => words.say("staff-done-removed"),
        _ => return None,
    })
}

fn people(at: &AtAgency, members: &[Member]) -> Markup {
    let words = at.words();
    html! {
        section aria-labelledby="people" {
            h2.vh #people { (words.say("staff-people")) }
            @if members.is_empty() { p.empty { (words.say("staff-nobody")) } }
            @else {
                div.scroll tabindex="0" role="region" aria-labelledby="people" {
                    table {
                        thead {
                            tr {
                                th scope="col" { (words.say("staff-who")) }
                                th scope="col" { (words.say("roles")) }
                                th scope="col" { (words.say("codes-title")) }
                                th scope="col" { (words.say("staff-seen")) }
                                th scope="col" { span.vh { (words.say("actions")) } }
                            }
                        }
                        tbody { @for member in members { (row(at, member)) } }
                    }
                }
            }
        }
    }
}

fn row(at: &AtAgency, member: &Member) -> Markup {
    let words = at.words();
    let Member {
        person,
        roles,
        seen_at,
        is_guarded,
        passkeys: _,
    } = member;
    html! {
        tr {
            th scope="row" { bdi { (person.name) } br; span.acct dir="ltr" { (person.email) } }
            td { (role_names(words, roles)) }
            td { (guarded(words, *is_guarded)) }
            td { @match seen_at { Some(at) => { (moment(*at)) } None => { "–" } } }
            td {
                a href=(at.path(&format!("/staff/{}", person.id))) {
                    (words.say("change")) span.vh { " " (person.name) }
                }
            }
        }
    }
}

/// Whether a password alone lets nobody in.
pub(super) fn guarded(words: Words, is_guarded: bool) -> Markup {
    html! {
        @if is_guarded { span.mark-on { (words.say("codes-on")) } }
        @else { span.mark-off { (words.say("codes-off")) } }
    }
}

fn invitations(at: &AtAgency, open: &[Link]) -> Markup {
    let words = at.words();
    html! {
        section aria-labelledby="invitations" {
            h2 #invitations { (words.say("invitations-title")) }
            div.scroll tabindex="0" role="region" aria-labelledby="invitations" {
                table {
                    thead {
                        tr {
                            th scope="col" { (words.say("invitations-for")) }
                            th scope="col" { (words.say("roles")) }
                            th scope="col" { (words.say("invitations-by")) }
                            th scope="col" { (words.say("link-until")) }
                            th scope="col" { span.vh { (words.say("actions")) } }
                        }
                    }
                    tbody { @for link in open { (open_row(at, link)) } }
                }
            }
        }
    }
}

fn open_row(at: &AtAgency, link: &Link) -> Markup {
    let words = at.words();
    let roles = match &link.purpose {
        Purpose::Invitation { roles, .. } => role_names(words, roles),
        Purpose::Operator | Purpose::Reset { .. } | Purpose::SetUp => String::new(),
    };
    let whom = link.email.clone();
    let whom = whom.unwrap_or_else(|| words.say("invitations-anybody"));
    html! {
        tr {
            th scope="row" { bdi { (whom) } }
            td { (roles) }
            td { bdi { (link.by.clone().unwrap_or_else(|| words.say("command-line"))) } }
            td { (moment(link.expires_at)) }
            td {
                form method="post" action=(at.path("/staff/revoke")) {
                    input type="hidden" name="invitation" value=(link.id);
                    button.button.danger.small type="submit" {
                        (words.say("invitations-revoke")) span.vh { " " (whom) }
                    }
                }
            }
        }
    }
}

fn invitation(at: &AtAgency, typed: &Typed, troubles: &Troubles) -> Markup {
    let words = at.words();
    html! {
        section.panel aria-labelledby="invite" {
            h2 #invite { (words.say("invite-title")) }
            p { (words.say("invite-lead")) }
            form method="post" action=(at.path("/staff/invite")) {
                (Field { autocomplete: "off", ..Field::email("email", words.say("invite-email"), typed.get("email")) }
                    .optional().hinted(words.say("invite-email-hint")).amiss(troubles).show())
                (role_boxes(words, &roles(typed), troubles))
                div.actions { button.button type="submit" { (words.say("invite-do")) } }
            }
        }
    }
}
