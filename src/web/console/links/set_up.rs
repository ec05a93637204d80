//! Six questions that make of an empty server one on which an agency speaks.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::Opened;
use crate::agencies::staff::links::{self, Newcomer, Purpose};
use crate::agencies::staff::password::Password;
use crate::agencies::staff::sessions::Admitted;
use crate::agencies::staff::{self, Person};
use crate::agencies::{Agency, New};
use crate::kernel::Handle;
use crate::web::State as Web;
use crate::web::console::founding::{self, Founding};
use crate::web::console::pieces::Field;
use crate::web::console::sheet::{self, Sheet};
use crate::web::console::troubles::Troubles;
use crate::web::console::typed::Typed;

pub(in crate::web::console) async fn page(State(web): State<Web>, opened: Opened) -> Response {
    show(
        &web,
        &opened,
        &Typed::default(),
        &Troubles::none(opened.words),
    )
}

pub(in crate::web::console) async fn set_up(
    State(web): State<Web>,
    opened: Opened,
    typed: Typed,
) -> Response {
    let words = opened.words;
    let mut troubles = Troubles::none(words);
    let agency = founding::read(&typed, &mut troubles);
    let name = troubles.sift(Person::name_of(typed.get("name")));
    let email = troubles.sift(Person::address_of(typed.get("email")));
    let about = [typed.get("name"), typed.get("email"), typed.get("agency")];
    let password = Password::chosen(typed.get("password"), &about).map_err(staff::Error::from);
    let password = troubles.sift(password);
    let (Some(agency), Some(name), Some(email), Some(password)) = (agency, name, email, password)
    else {
        return show(&web, &opened, &typed, &troubles);
    };
    match found(&web, &opened, agency, (name, email, password)).await {
        Ok((agency, admitted)) => super::on(&web, admitted.as_ref(), &landing(&agency.handle)),
        Err(error @ staff::Error::LinkGone) => opened.refuse(&web, error),
        Err(error) => show(&web, &opened, &typed, &Troubles::of(words, error)),
    }
}

async fn found(
    web: &Web,
    opened: &Opened,
    agency: New,
    (name, email, password): (String, String, Password),
) -> Result<(Agency, Option<Admitted>), staff::Error> {
    let newcomer = Newcomer {
        name,
        email,
        language: opened.words.tag().to_owned(),
        password: super::hash(web, password).await?,
    };
    let (web_, token, browser) = (web.clone(), opened.token.clone(), opened.browser.clone());
    web.db
        .write(move |conn| {
            let clock = web_.clock.as_ref();
            let (agency, arrived) = links::set_up(conn, clock, &token, &newcomer, agency)?;
            let admitted = super::let_in(conn, &web_, &arrived, &browser)?;
            Ok((agency, admitted))
        })
        .await
}

fn landing(handle: &Handle) -> String {
    format!("/console/{handle}")
}

fn show(web: &Web, opened: &Opened, typed: &Typed, troubles: &Troubles) -> Response {
    let words = opened.words;
    if opened.link.purpose != Purpose::SetUp {
        return opened.refuse(web, staff::Error::LinkGone);
    }
    let founding = Founding {
        words,
        site: &web.site,
        typed,
        troubles,
        language: &web.server.language,
    };
    let main = html! {
        header.opening {
            p.kicker { (web.site.authority()) }
            h1 { (words.say("set-up-title")) }
            p.lead { (words.say("set-up-lead")) }
        }
        (troubles.show())
        form method="post" action={ "/console/set-up/" (opened.token.reveal()) } {
            fieldset {
                legend { (words.say("set-up-agency")) }
                (founding.fields())
            }
            fieldset {
                legend { (words.say("set-up-you")) }
                (Field { autocomplete: "name", ..Field::text("name", words.say("your-name"), typed.get("name")) }
                    .hinted(words.say("your-name-hint")).amiss(troubles).show())
                (Field::email("email", words.say("email"), typed.get("email"))
                    .hinted(words.say("email-hint")).amiss(troubles).show())
                (Field::password("password", words.say("new-password"), "new-password")
                    .hinted(words.say("password-hint")).amiss(troubles).show())
            }
            div.actions { button.button type="submit" { (words.say("set-up-do")) } }
        }
    };
    let sheet = Sheet::plain(words, words.say("set-up-title"), opened.who.as_ref(), main);
    sheet::answer(web, troubles.status(), &sheet)
}
