//! The first page of an agency's desk: what waits for somebody, what they are to it, and where to begin.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::pieces::role_list;
use super::refusal::Refused;
use super::sheet::{self, Section, Sheet};
use super::visit::AtAgency;
use super::waiting;
use crate::agencies::staff::{By, Right};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Error};
use crate::publishing::house;
use crate::web::State as Web;

pub(super) async fn page(State(web): State<Web>, at: AtAgency) -> Result<Response, Refused> {
    let agency = &at.agency;
    let mandate = at.mandate.clone();
    let query = move |conn: &mut Conn| -> Result<_, Error> {
        let zone = house::rules(conn, mandate.agency())?.zone;
        Ok((drafts::waiting(conn, &mandate)?, zone))
    };
    let found = web.db.read(query).await;
    let (waiting, zone) = found.map_err(|error| at.refused(&web, error))?;
    let main = html! {
        header.opening {
            h1 { bdi { (agency.name) } }
            p.acct dir="ltr" { "@" (web.site.acct(&agency.handle)) }
        }
        (waiting::show(&at, &waiting, &zone))
        div.columns {
            (roles(&at))
            (next(&at))
        }
    };
    let title = agency.name.clone();
    let sheet = Sheet::at(&at, Section::Desk, title, main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

fn roles(at: &AtAgency) -> Markup {
    let words = at.words();
    html! {
        section.panel aria-labelledby="yours" {
            h2 #yours { (words.say("desk-roles")) }
            @if let By::Person { roles, is_operator, .. } = at.mandate.by() {
                (role_list(words, roles))
                @if *is_operator { p.note { (words.say("desk-operator")) } }
            }
        }
    }
}

fn next(at: &AtAgency) -> Markup {
    let (words, handle) = (at.words(), &at.agency.handle);
    html! {
        section.panel aria-labelledby="next" {
            h2 #next { (words.say("desk-next")) }
            ul.ways {
                @if at.mandate.allows(Right::WorkQueue) {
                    li { a href={ "/console/" (handle) "/queue" } { (words.say("queue-title")) } p.hint { (words.say("queue-lead")) } }
                }
                @if at.mandate.allows(Right::SeeNumbers) {
                    li { a href={ "/console/" (handle) "/numbers" } { (words.say("numbers-title")) } p.hint { (words.say("numbers-lead")) } }
                }
                @if at.mandate.allows(Right::Draft) {
                    li { a href={ "/console/" (handle) "/calendar" } { (words.say("calendar-section")) } p.hint { (words.say("calendar-desk")) } }
                }
                li { a href={ "/console/" (handle) "/rules" } { (words.say("rules-section")) } p.hint { (words.say("rules-desk")) } }
                @if at.mandate.allows(Right::ManageStaff) {
                    li { a href={ "/console/" (handle) "/staff" } { (words.say("section-staff")) } p.hint { (words.say("desk-staff")) } }
                }
                @if at.mandate.allows(Right::ReadTrail) {
                    li { a href={ "/console/" (handle) "/trail" } { (words.say("section-trail")) } p.hint { (words.say("desk-trail")) } }
                }
                li { a href={ "/@" (handle) } { (words.say("public-page")) } p.hint { (words.say("desk-public")) } }
                li { a href={ "/record/" (handle) } { (words.say("desk-record")) } p.hint { (words.say("desk-record-hint")) } }
            }
        }
    }
}
