//! Whoever operates the server: all agencies, everyone who may sign in, and further operators.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::founding::{self, Founding};
use super::letters::{self, Letter};
use super::member;
use super::pieces::{Field, done, moment, role_names};
use super::refusal::Refused;
use super::sheet::{self, Sheet};
use super::team::guarded;
use super::trail;
use super::troubles::Troubles;
use super::typed::{Asked, Typed};
use super::visit::AsOperator;
use crate::agencies::staff::links;
use crate::agencies::staff::team::{self, Member};
use crate::agencies::staff::trail::{Line, of_server};
use crate::agencies::{self, Agency, staff};
use crate::kernel::PersonId;
use crate::platform::chance;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Lines of the server's own trail that are shown.
const LINES: i64 = 30;

/// What the page shows.
struct House {
    agencies: Vec<Agency>,
    people: Vec<Member>,
    trail: Vec<Line>,
}

pub(super) async fn page(
    State(web): State<Web>,
    by: AsOperator,
    asked: Asked,
) -> Result<Response, Refused> {
    let troubles = Troubles::none(by.words());
    show(&web, &by, asked.done(), &Typed::default(), &troubles).await
}

pub(super) async fn create_agency(
    State(web): State<Web>,
    by: AsOperator,
    typed: Typed,
) -> Result<Response, Refused> {
    let mut troubles = Troubles::none(by.words());
    let Some(new) = founding::read(&typed, &mut troubles) else {
        return show(&web, &by, None, &typed, &troubles).await;
    };
    let clock = web.clock.clone();
    let created = web
        .db
        .write(move |conn| agencies::create(conn, clock.as_ref(), new))
        .await;
    match created {
        Ok(agency) => {
            let desk = format!("/console/{}/staff", agency.handle);
            Ok(Redirect::to(&desk).into_response())
        }
        Err(error) => {
            let troubles = Troubles::of(by.words(), error);
            show(&web, &by, None, &typed, &troubles).await
        }
    }
}

pub(super) async fn invite(
    State(web): State<Web>,
    by: AsOperator,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, operator) = (web.clock.clone(), by.operator);
    let email = typed.some("email").map(str::to_owned);
    let offered = web
        .db
        .write(move |conn| {
            let clock = clock.as_ref();
            links::invite_operator(conn, clock, operator, email.as_deref(), &chance)
        })
        .await;
    match offered {
        Ok(offered) => {
            let letter = Letter {
                to: typed.some("email"),
                words: by.words(),
                subject: "letter-operator-subject",
                text: "letter-operator",
                name: &web.server.name,
                url: &web.site.joining(offered.token.reveal()),
                until: offered.expires_at,
            };
            Ok(told(&web, &by, "invited-title", "invited-operator-lead", &letter).await)
        }
        Err(error) => {
            let troubles = Troubles::of(by.words(), error);
            show(&web, &by, None, &typed, &troubles).await
        }
    }
}

/// Makes somebody an operator who has a login here.
pub(super) async fn make(
    State(web): State<Web>,
    by: AsOperator,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, operator) = (web.clock.clone(), by.operator);
    let made = match person(&typed) {
        Ok(person) => {
            web.db
                .write(move |conn| team::make_operator(conn, clock.as_ref(), operator, person))
                .await
        }
        Err(error) => Err(error),
    };
    finish(&web, &by, made, "made").await
}

/// Ends it.
pub(super) async fn end(
    State(web): State<Web>,
    by: AsOperator,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, operator) = (web.clock.clone(), by.operator);
    let ended = match person(&typed) {
        Ok(person) => {
            web.db
                .write(move |conn| team::end_operator(conn, clock.as_ref(), operator, person))
                .await
        }
        Err(error) => Err(error),
    };
    finish(&web, &by, ended, "ended").await
}

/// Makes a link by which anybody here sets a new password.
pub(super) async fn reset(
    State(web): State<Web>,
    by: AsOperator,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, operator, lost) = (web.clock.clone(), by.operator, member::lost(&typed));
    let email = typed.get("address").to_owned();
    let offered = web
        .db
        .write(move |conn| {
            let found = staff::find_by_address(conn, &email)?.ok_or(staff::Error::Unknown)?;
            let clock = clock.as_ref();
            let id = found.id;
            let offered = links::offer_reset_as_operator(conn, clock, operator, id, lost, &chance)?;
            Ok((offered, found))
        })
        .await;
    match offered {
        Ok((offered, person)) => {
            let url = web.site.resetting(offered.token.reveal());
            let letter = member::reset_letter(&person, &url, offered.expires_at);
            Ok(told(&web, &by, "reset-offer", "reset-made-lead", &letter).await)
        }
        Err(staff::Error::Unknown) => {
            let mut troubles = Troubles::none(by.words());
            troubles.about("address", by.words().say("staff-unknown"));
            show(&web, &by, None, &typed, &troubles).await
        }
        Err(error) => Err(by.refused(&web, error)),
    }
}

fn person(typed: &Typed) -> Result<PersonId, staff::Error> {
    let number = typed.get("person").parse();
    number.map_err(|_| staff::Error::Unknown)
}

async fn finish(
    web: &Web,
    by: &AsOperator,
    result: Result<(), staff::Error>,
    done: &str,
) -> Result<Response, Refused> {
    match result {
        Ok(()) => Ok(Redirect::to(&format!("/console/operator?done={done}")).into_response()),
        Err(error) => {
            let troubles = Troubles::of(by.words(), error);
            show(web, by, None, &Typed::default(), &troubles).await
        }
    }
}

/// A link that was made, which is told once.
async fn told(
    web: &Web,
    by: &AsOperator,
    title: &str,
    lead: &str,
    letter: &Letter<'_>,
) -> Response {
    let words = by.words();
    let handed_over = letters::hand_over(web, words, letter).await;
    let main = html! {
        header.opening {
            h1 { (words.say(title)) }
            p.lead { (words.say(lead)) }
        }
        (handed_over)
        div.actions { a.button href="/console/operator" { (words.say("operator")) } }
    };
    let sheet = Sheet::plain(words, words.say(title), Some(&by.who), main);
    sheet::answer(web, StatusCode::OK, &sheet)
}

fn said(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "made" => words.say("operator-done-made"),
        "ended" => words.say("operator-done-ended"),
        _ => return None,
    })
}

async fn show(
    web: &Web,
    by: &AsOperator,
    before: Option<&str>,
    typed: &Typed,
    troubles: &Troubles,
) -> Result<Response, Refused> {
    let operator = by.operator;
    let house = web
        .db
        .read(move |conn| {
            Ok::<_, crate::platform::db::Error>(House {
                agencies: agencies::list(conn)?,
                people: team::everyone(conn, operator)?,
                trail: of_server(conn, None, LINES)?,
            })
        })
        .await
        .map_err(|error| by.refused(web, error))?;
    let words = by.words();
    let founding = Founding {
        words,
        site: &web.site,
        typed,
        troubles,
        language: &web.server.language,
    };
    let main = html! {
        header.opening {
            h1 { (words.say("operator")) }
            p.lead { (words.say("operator-lead")) }
        }
        @if let Some(sentence) = before.and_then(|what| said(words, what)) { (done(&sentence)) }
        (troubles.show())
        (agencies_of(web, words, &house.agencies))
        section aria-labelledby="everyone" {
            h2 #everyone { (words.say("operator-everyone")) }
            (people(words, &house.people))
        }
        div.columns {
            section.panel aria-labelledby="new-agency" {
                h2 #new-agency { (words.say("operator-create")) }
                form method="post" action="/console/operator/create-agency" {
                    (founding.fields())
                    div.actions { button.button type="submit" { (words.say("operator-create")) } }
                }
            }
            div.stack {
                (invitation(words, typed, troubles))
                (new_password(words, typed, troubles))
            }
        }
        @if !house.trail.is_empty() {
            section aria-labelledby="server-trail" {
                h2 #server-trail { (words.say("operator-trail")) }
                (trail::table(words, &house.trail))
            }
        }
    };
    let sheet = Sheet::plain(words, words.say("operator"), Some(&by.who), main);
    Ok(sheet::answer(web, troubles.status(), &sheet))
}

fn agencies_of(web: &Web, words: Words, agencies: &[Agency]) -> Markup {
    html! {
        section aria-labelledby="agencies" {
            h2 #agencies { (words.say("operator-agencies")) }
            ul.cards {
                @for Agency { handle, name, language, .. } in agencies {
                    li.panel {
                        h3 { a href={ "/console/" (handle) } { bdi lang=(language) { (name) } } }
                        p.acct dir="ltr" { "@" (web.site.acct(handle)) }
                        p { a href={ "/console/" (handle) "/staff" } { (words.say("section-staff")) span.vh { " " (name) } } }
                    }
                }
            }
        }
    }
}

fn people(words: Words, people: &[Member]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="everyone" {
            table {
                thead {
                    tr {
                        th scope="col" { (words.say("staff-who")) }
                        th scope="col" { (words.say("roles")) }
                        th scope="col" { (words.say("codes-title")) }
                        th scope="col" { (words.say("staff-seen")) }
                        th scope="col" { (words.say("operator-is")) }
                    }
                }
                tbody { @for member in people { (row(words, member)) } }
            }
        }
    }
}

fn row(words: Words, member: &Member) -> Markup {
    let Member {
        person,
        roles,
        seen_at,
        is_guarded,
        passkeys: _,
    } = member;
    let is_operator = person.operator_since.is_some();
    html! {
        tr {
            th scope="row" { bdi { (person.name) } br; span.acct dir="ltr" { (person.email) } }
            td { (role_names(words, roles)) }
            td { (guarded(words, *is_guarded)) }
            td { @match seen_at { Some(at) => { (moment(*at)) } None => { "–" } } }
            td {
                form method="post" action={ "/console/operator/" @if is_operator { "end" } @else { "make" } } {
                    input type="hidden" name="person" value=(person.id);
                    @if is_operator {
                        button.button.danger.small type="submit" { (words.say("operator-end")) span.vh { " " (person.name) } }
                    } @else {
                        button.button.quiet.small type="submit" { (words.say("operator-make")) span.vh { " " (person.name) } }
                    }
                }
            }
        }
    }
}

fn invitation(words: Words, typed: &Typed, troubles: &Troubles) -> Markup {
    html! {
        section.panel aria-labelledby="invite" {
            h2 #invite { (words.say("operator-invite")) }
            form method="post" action="/console/operator/invite" {
                (Field { autocomplete: "off", ..Field::email("email", words.say("invite-email"), typed.get("email")) }
                    .optional().hinted(words.say("invite-email-hint")).amiss(troubles).show())
                div.actions { button.button type="submit" { (words.say("invite-do")) } }
            }
        }
    }
}

fn new_password(words: Words, typed: &Typed, troubles: &Troubles) -> Markup {
    html! {
        section.panel aria-labelledby="help" {
            h2 #help { (words.say("reset-offer")) }
            form method="post" action="/console/operator/reset" {
                (Field { autocomplete: "off", ..Field::email("address", words.say("email"), typed.get("address")) }
                    .hinted(words.say("reset-address-hint")).amiss(troubles).show())
                fieldset {
                    legend { (words.say("lost-what")) }
                    (member::lost_choice(words))
                }
                div.actions { button.button.quiet type="submit" { (words.say("reset-make")) } }
            }
        }
    }
}
