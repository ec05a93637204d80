//! Setting a new password by a link.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::Opened;
use crate::agencies::staff::links::{self, Lost, Purpose};
use crate::agencies::staff::password::Password;
use crate::agencies::staff::sessions::Admitted;
use crate::agencies::staff::{self, Person};
use crate::web::State as Web;
use crate::web::console::HOME;
use crate::web::console::pieces::{Field, moment};
use crate::web::console::sheet::{self, Sheet};
use crate::web::console::troubles::Troubles;
use crate::web::console::typed::Typed;

pub(in crate::web::console) async fn page(State(web): State<Web>, opened: Opened) -> Response {
    show(&web, &opened, &Troubles::none(opened.words))
}

pub(in crate::web::console) async fn set(
    State(web): State<Web>,
    opened: Opened,
    typed: Typed,
) -> Response {
    let words = opened.words;
    let Some(person) = opened.person.clone() else {
        return opened.refuse(&web, staff::Error::LinkGone);
    };
    let about = [person.name.as_str(), person.email.as_str()];
    let password = match Password::chosen(typed.get("password"), &about) {
        Ok(password) => password,
        Err(weak) => {
            let troubles = Troubles::of(words, staff::Error::from(weak));
            return show(&web, &opened, &troubles);
        }
    };
    match reset(&web, &opened, password).await {
        Ok(Some(admitted)) => super::on(&web, Some(&admitted), HOME),
        Ok(None) => done(&web, &opened),
        Err(error) => opened.refuse(&web, error),
    }
}

async fn reset(
    web: &Web,
    opened: &Opened,
    password: Password,
) -> Result<Option<Admitted>, staff::Error> {
    let hash = super::hash(web, password).await?;
    let (web_, token, browser) = (web.clone(), opened.token.clone(), opened.browser.clone());
    web.db
        .write(move |conn| {
            let arrived = links::reset(conn, web_.clock.as_ref(), &token, &hash)?;
            super::let_in(conn, &web_, &arrived, &browser)
        })
        .await
}

/// For who has codes: the password alone lets them in nowhere.
fn done(web: &Web, opened: &Opened) -> Response {
    let words = opened.words;
    let main = html! {
        header.opening {
            h1 { (words.say("reset-done")) }
            p.lead { (words.say("reset-done-lead")) }
        }
        div.actions { a.button href="/console/sign-in" { (words.say("sign-in")) } }
    };
    let sheet = Sheet::plain(words, words.say("reset-done"), None, main);
    sheet::answer(web, StatusCode::OK, &sheet)
}

fn show(web: &Web, opened: &Opened, troubles: &Troubles) -> Response {
    let words = opened.words;
    let (Purpose::Reset { lost, .. }, Some(Person { name, email, .. })) =
        (&opened.link.purpose, &opened.person)
    else {
        return opened.refuse(web, staff::Error::LinkGone);
    };
    let main = html! {
        header.opening {
            h1 { (words.say("reset-title")) }
            p.lead { (words.say_with("reset-lead", "name", name)) }
        }
        @match lost {
            Lost::Password => {}
            Lost::Everything => { p { (words.say("reset-everything")) } }
        }
        (troubles.show())
        form method="post" action={ "/console/reset/" (opened.token.reveal()) } {
            // So that a password manager knows whose it is.
            input type="hidden" name="username" autocomplete="username" value=(email);
            (Field::password("password", words.say("new-password"), "new-password")
                .hinted(words.say("password-hint")).amiss(troubles).show())
            p.note { (words.say("link-until")) " " (moment(opened.link.expires_at)) }
            div.actions { button.button type="submit" { (words.say("reset-set")) } }
        }
    };
    let sheet = Sheet::plain(words, words.say("reset-title"), opened.who.as_ref(), main);
    sheet::answer(web, troubles.status(), &sheet)
}
