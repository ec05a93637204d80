//! Joining the staff by an invitation: with a login that is new here, or as who is signed in already.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::Opened;
use crate::agencies::Agency;
use crate::agencies::staff::links::{self, Newcomer, Purpose};
use crate::agencies::staff::password::Password;
use crate::agencies::staff::{self, Person, Role};
use crate::web::State as Web;
use crate::web::console::pieces::{Field, moment, role_list};
use crate::web::console::refusal::Refusal;
use crate::web::console::sheet::{self, Sheet};
use crate::web::console::troubles::Troubles;
use crate::web::console::typed::Typed;
use crate::web::console::visit::SignedIn;

pub(in crate::web::console) async fn page(State(web): State<Web>, opened: Opened) -> Response {
    show(
        &web,
        &opened,
        &Typed::default(),
        &Troubles::none(opened.words),
    )
}

pub(in crate::web::console) async fn join(
    State(web): State<Web>,
    opened: Opened,
    typed: Typed,
) -> Response {
    match (&opened.who, typed.has("accept")) {
        (Some(who), true) => accept(&web, &opened, who).await,
        // The session has ended since the button was shown.
        (None, true) => {
            let to = address(&opened);
            opened.refuse(&web, Refusal::SignInFirst { to })
        }
        (Some(_), false) => show(&web, &opened, &typed, &Troubles::none(opened.words)),
        (None, false) => arrive(&web, &opened, &typed).await,
    }
}

async fn accept(web: &Web, opened: &Opened, who: &SignedIn) -> Response {
    let (clock, token, person) = (web.clock.clone(), opened.token.clone(), who.person.id);
    let accepted = web
        .db
        .write(move |conn| links::accept(conn, clock.as_ref(), &token, person))
        .await;
    match accepted {
        Ok(()) => Redirect::to(&landing(opened)).into_response(),
        Err(error) => opened.refuse(web, error),
    }
}

async fn arrive(web: &Web, opened: &Opened, typed: &Typed) -> Response {
    let words = opened.words;
    let mut troubles = Troubles::none(words);
    let name = troubles.sift(Person::name_of(typed.get("name")));
    let email = troubles.sift(Person::address_of(typed.get("email")));
    let agency = opened.agency.as_ref().map_or("", |it| it.name.as_str());
    let about = [typed.get("name"), typed.get("email"), agency];
    let password = Password::chosen(typed.get("password"), &about).map_err(staff::Error::from);
    let password = troubles.sift(password);
    let (Some(name), Some(email), Some(password)) = (name, email, password) else {
        return show(web, opened, typed, &troubles);
    };
    let came = come(web, opened, name, email, password).await;
    match came {
        Ok(admitted) => super::on(web, admitted.as_ref(), &landing(opened)),
        Err(error @ staff::Error::LinkGone) => opened.refuse(web, error),
        Err(error) => show(web, opened, typed, &Troubles::of(words, error)),
    }
}

async fn come(
    web: &Web,
    opened: &Opened,
    name: String,
    email: String,
    password: Password,
) -> Result<Option<staff::sessions::Admitted>, staff::Error> {
    let newcomer = Newcomer {
        name,
        email,
        language: opened.words.tag().to_owned(),
        password: super::hash(web, password).await?,
    };
    let (web_, token, browser) = (web.clone(), opened.token.clone(), opened.browser.clone());
    web.db
        .write(move |conn| {
            let arrived = links::join(conn, web_.clock.as_ref(), &token, &newcomer)?;
            super::let_in(conn, &web_, &arrived, &browser)
        })
        .await
}

/// Where whoever has joined begins.
fn landing(opened: &Opened) -> String {
    match &opened.agency {
        Some(agency) => format!("/console/{}", agency.handle),
        None => "/console/operator".to_owned(),
    }
}

fn address(opened: &Opened) -> String {
    format!("/console/join/{}", opened.token.reveal())
}

fn show(web: &Web, opened: &Opened, typed: &Typed, troubles: &Troubles) -> Response {
    let words = opened.words;
    let offer = match (&opened.link.purpose, &opened.agency) {
        (Purpose::Invitation { roles, .. }, Some(agency)) => staff_offer(opened, agency, roles),
        (Purpose::Operator, _) => operator_offer(opened),
        _ => return opened.refuse(web, staff::Error::LinkGone),
    };
    let main = html! {
        (offer)
        (troubles.show())
        @match &opened.who {
            Some(who) => { (acceptance(opened, who)) }
            None => { (entry(opened, typed, troubles)) }
        }
    };
    let sheet = Sheet::plain(words, words.say("join"), opened.who.as_ref(), main);
    sheet::answer(web, troubles.status(), &sheet)
}

fn staff_offer(opened: &Opened, agency: &Agency, roles: &[Role]) -> Markup {
    let words = opened.words;
    html! {
        header.opening {
            h1 { (words.say_with("join-title", "agency", &agency.name)) }
            @match &opened.link.by {
                Some(by) => { p.lead { (words.say_with("join-invited-by", "name", by)) } }
                None => { p.lead { (words.say("join-invited")) } }
            }
        }
        section.panel aria-labelledby="offered" {
            h2 #offered { (words.say("join-roles")) }
            (role_list(words, roles))
            p.note { (words.say("link-until")) " " (moment(opened.link.expires_at)) }
        }
    }
}

fn operator_offer(opened: &Opened) -> Markup {
    let words = opened.words;
    html! {
        header.opening {
            h1 { (words.say("join-operator-title")) }
            p.lead { (words.say("join-operator-lead")) }
        }
        p.note { (words.say("link-until")) " " (moment(opened.link.expires_at)) }
    }
}

/// For who is signed in.
fn acceptance(opened: &Opened, who: &SignedIn) -> Markup {
    let words = opened.words;
    html! {
        section {
            p { (words.say_with("join-as", "name", &who.person.name)) }
            form.actions method="post" action=(address(opened)) {
                button.button type="submit" name="accept" value="yes" { (words.say("join-accept")) }
            }
            p.note { (words.say("join-not-you")) }
        }
    }
}

/// For who has no login here yet.
fn entry(opened: &Opened, typed: &Typed, troubles: &Troubles) -> Markup {
    let words = opened.words;
    let email = if typed.has("email") {
        typed.get("email")
    } else {
        opened.link.email.as_deref().unwrap_or_default()
    };
    let to: String = url::form_urlencoded::byte_serialize(address(opened).as_bytes()).collect();
    html! {
        section aria-labelledby="you" {
            h2 #you { (words.say("join-you")) }
            form method="post" action=(address(opened)) {
                (Field { autocomplete: "name", ..Field::text("name", words.say("your-name"), typed.get("name")) }
                    .hinted(words.say("your-name-hint")).amiss(troubles).show())
                (Field::email("email", words.say("email"), email).hinted(words.say("email-hint")).amiss(troubles).show())
                (Field::password("password", words.say("new-password"), "new-password")
                    .hinted(words.say("password-hint")).amiss(troubles).show())
                div.actions { button.button type="submit" { (words.say("join")) } }
            }
            p.note { (words.say("join-known")) " " a href={ "/console/sign-in?to=" (to) } { (words.say("sign-in")) } }
        }
    }
}
