//! One person of the staff: their roles, how they sign in, and their removal.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::letters::{self, Letter};
use super::pieces::{done, moment, role_does, role_name};
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Section, Sheet};
use super::team::guarded;
use super::troubles::Troubles;
use super::typed::{Asked, Typed};
use super::visit::AtAgency;
use crate::agencies::staff::links::{self, Lost};
use crate::agencies::staff::team::{self, Member};
use crate::agencies::staff::{self, Mandate, Person, Right, Role};
use crate::kernel::{Clock, PersonId, Timestamp};
use crate::platform::chance;
use crate::platform::db::Conn;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// What somebody is sent who is to set a new password.
pub(super) fn reset_letter<'a>(person: &'a Person, url: &'a str, until: Timestamp) -> Letter<'a> {
    Letter {
        to: Some(&person.email),
        words: Words::of(&person.language),
        subject: "letter-reset-subject",
        text: "letter-reset",
        name: &person.name,
        url,
        until,
    }
}

/// Somebody of the staff of the agency whose page this is.
#[derive(Debug, Deserialize)]
pub(super) struct Whom {
    person: PersonNumber,
}

/// A number that is read without complaint: of nobody, if it is none.
#[derive(Debug, Clone, Copy)]
struct PersonNumber(PersonId);

impl<'de> Deserialize<'de> for PersonNumber {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Ok(Self(text.parse().unwrap_or(PersonId::new(0))))
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
    asked: Asked,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let troubles = Troubles::none(at.words());
    Ok(show(&web, &at, &member, asked.done(), &troubles))
}

/// Gives a role.
pub(super) async fn give(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
    typed: Typed,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let given = changed(&web, &at, &member, &typed, team::give).await;
    said_or_shown(&web, &at, &member, given, "given")
}

/// Takes one. Who has none left is off the staff.
pub(super) async fn take(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
    typed: Typed,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let taken = changed(&web, &at, &member, &typed, team::take).await;
    if taken.is_ok() && member.roles.len() == 1 {
        return Ok(Redirect::to(&at.path("/staff?done=removed")).into_response());
    }
    said_or_shown(&web, &at, &member, taken, "taken")
}

/// [`team::give`] or [`team::take`].
type Change = fn(&mut Conn, &dyn Clock, &Mandate, PersonId, Role) -> Result<(), staff::Error>;

async fn changed(
    web: &Web,
    at: &AtAgency,
    member: &Member,
    typed: &Typed,
    change: Change,
) -> Result<(), staff::Error> {
    let role: Role = typed
        .get("role")
        .parse()
        .map_err(|_| staff::Error::NoRole)?;
    let (clock, mandate, person) = (web.clock.clone(), at.mandate.clone(), member.person.id);
    web.db
        .write(move |conn| change(conn, clock.as_ref(), &mandate, person, role))
        .await
}

pub(super) async fn end_sessions(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let (clock, mandate, person) = (web.clock.clone(), at.mandate.clone(), member.person.id);
    let ended = web
        .db
        .write(move |conn| team::end_sessions(conn, clock.as_ref(), &mandate, person))
        .await;
    said_or_shown(&web, &at, &member, ended.map(drop), "ended")
}

/// Makes a link by which they set a new password.
pub(super) async fn reset(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
    typed: Typed,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let (clock, mandate, person) = (web.clock.clone(), at.mandate.clone(), member.person.id);
    let lost = lost(&typed);
    let offered = web
        .db
        .write(move |conn| {
            links::offer_reset(conn, clock.as_ref(), &mandate, person, lost, &chance)
        })
        .await;
    let offered = match offered {
        Ok(offered) => offered,
        Err(error) => return said_or_shown(&web, &at, &member, Err(error), ""),
    };
    let words = at.words();
    let handed_over = letters::hand_over(
        &web,
        words,
        &reset_letter(
            &member.person,
            &web.site.resetting(offered.token.reveal()),
            offered.expires_at,
        ),
    )
    .await;
    let main = html! {
        header.opening {
            h1 { (words.say_with("reset-made", "name", &member.person.name)) }
            p.lead { (words.say("reset-made-lead")) }
        }
        (handed_over)
        div.actions { a.button href=(at.path("/staff")) { (words.say("back-to-staff")) } }
    };
    let sheet = Sheet::at(&at, Section::Staff, words.say("reset-offer"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

/// What is lost, as the form says.
pub(super) fn lost(typed: &Typed) -> Lost {
    if typed.get("lost") == "everything" {
        Lost::Everything
    } else {
        Lost::Password
    }
}

/// Asks whether somebody is really to be removed.
pub(super) async fn ask_to_remove(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let words = at.words();
    let title = words.say_with("remove-title", "name", &member.person.name);
    let own = at.path(&format!("/staff/{}", member.person.id));
    let main = html! {
        header.opening {
            p.kicker { a href=(own) { bdi { (member.person.name) } } }
            h1 { (title) }
            p.lead { (words.say_with("remove-lead", "agency", &at.agency.name)) }
        }
        form.actions method="post" action={ (own) "/remove" } {
            button.button.danger type="submit" { (words.say("remove-do")) }
            a.button.quiet href=(own) { (words.say("cancel")) }
        }
    };
    let sheet = Sheet::at(&at, Section::Staff, title.clone(), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

pub(super) async fn remove(
    State(web): State<Web>,
    at: AtAgency,
    Path(whom): Path<Whom>,
) -> Result<Response, Refused> {
    let member = found(&web, &at, whom.person.0).await?;
    let (clock, mandate, person) = (web.clock.clone(), at.mandate.clone(), member.person.id);
    let removed = web
        .db
        .write(move |conn| team::remove(conn, clock.as_ref(), &mandate, person))
        .await;
    match removed {
        Ok(()) => Ok(Redirect::to(&at.path("/staff?done=removed")).into_response()),
        error @ Err(_) => said_or_shown(&web, &at, &member, error, ""),
    }
}

/// They, if they are on this agency's staff and whoever asks may look after it.
async fn found(web: &Web, at: &AtAgency, person: PersonId) -> Result<Member, Refused> {
    at.require(Right::ManageStaff)
        .map_err(|refusal| at.refused(web, refusal))?;
    let mandate = at.mandate.clone();
    let members = web
        .db
        .read(move |conn| team::members(conn, &mandate))
        .await
        .map_err(|error| at.refused(web, error))?;
    let member = members.into_iter().find(|it| it.person.id == person);
    member.ok_or_else(|| at.refused(web, Refusal::NotFound))
}

/// Back to the page, which says what was done; or the page with what was not.
fn said_or_shown(
    web: &Web,
    at: &AtAgency,
    member: &Member,
    result: Result<(), staff::Error>,
    done: &str,
) -> Result<Response, Refused> {
    match result {
        Ok(()) => {
            let page = at.path(&format!("/staff/{}?done={done}", member.person.id));
            Ok(Redirect::to(&page).into_response())
        }
        Err(staff::Error::Refused(refused)) => Err(at.refused(web, refused)),
        Err(error) => {
            let troubles = Troubles::of(at.words(), error);
            Ok(show(web, at, member, None, &troubles))
        }
    }
}

fn said(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "given" => words.say("member-done-given"),
        "taken" => words.say("member-done-taken"),
        "ended" => words.say("member-done-ended"),
        _ => return None,
    })
}

fn show(
    web: &Web,
    at: &AtAgency,
    member: &Member,
    before: Option<&str>,
    troubles: &Troubles,
) -> Response {
    let words = at.words();
    let person = &member.person;
    let own = at.path(&format!("/staff/{}", person.id));
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/staff")) { (words.say("staff-title")) } }
            h1 { bdi { (person.name) } }
            p.acct dir="ltr" { (person.email) }
        }
        @if let Some(sentence) = before.and_then(|what| said(words, what)) { (done(&sentence)) }
        (troubles.show())
        div.columns {
            (roles(words, member, &own))
            (access(words, member, &own))
        }
        section aria-labelledby="remove" {
            h2 #remove { (words.say("remove-do")) }
            p { (words.say_with("remove-lead", "agency", &at.agency.name)) }
            div.actions { a.button.danger href={ (own) "/remove" } { (words.say("remove-ask")) } }
        }
    };
    let sheet = Sheet::at(at, Section::Staff, person.name.clone(), main);
    sheet::answer(web, troubles.status(), &sheet)
}

fn roles(words: Words, member: &Member, own: &str) -> Markup {
    html! {
        section.panel aria-labelledby="their-roles" {
            h2 #their-roles { (words.say("roles")) }
            ul.switches {
                @for role in Role::ALL {
                    @let has = member.roles.contains(&role);
                    li {
                        div {
                            strong { (role_name(words, role)) }
                            @if has { " " span.mark-on { (words.say("role-held")) } }
                            p.hint { (role_does(words, role)) }
                        }
                        form method="post" action={ (own) @if has { "/take" } @else { "/give" } } {
                            input type="hidden" name="role" value=(role);
                            @if has {
                                button.button.danger.small type="submit" {
                                    (words.say("role-take")) span.vh { " " (role_name(words, role)) }
                                }
                            } @else {
                                button.button.quiet.small type="submit" {
                                    (words.say("role-give")) span.vh { " " (role_name(words, role)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn access(words: Words, member: &Member, own: &str) -> Markup {
    html! {
        section.panel aria-labelledby="access" {
            h2 #access { (words.say("access-title")) }
            dl.facts {
                dt { (words.say("codes-title")) }
                dd { (guarded(words, member.is_guarded)) }
                dt { (words.say("staff-seen")) }
                dd { @match member.seen_at { Some(at) => { (moment(at)) } None => { (words.say("staff-not-here")) } } }
            }
            form method="post" action={ (own) "/reset" } {
                fieldset {
                    legend { (words.say("reset-offer")) }
                    (lost_choice(words))
                }
                div.actions { button.button.quiet type="submit" { (words.say("reset-make")) } }
            }
            form method="post" action={ (own) "/end-sessions" } {
                p { (words.say("end-sessions-lead")) }
                div.actions { button.button.danger type="submit" { (words.say("end-sessions")) } }
            }
        }
    }
}

/// What somebody cannot sign in with any more.
pub(super) fn lost_choice(words: Words) -> Markup {
    html! {
        div.choice {
            input #lost-password type="radio" name="lost" value="password" checked;
            label for="lost-password" { (words.say("lost-password")) }
        }
        div.choice {
            input #lost-everything type="radio" name="lost" value="everything";
            label for="lost-everything" { (words.say("lost-everything")) }
        }
    }
}
