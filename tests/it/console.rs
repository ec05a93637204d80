//! The staff's desk, as the people who work there see it: every page, every refusal.

mod account;
mod browser;
mod doors;
mod drafts;
mod keyboard;
mod letters;
mod links;
mod openid;
mod operator;
mod passkeys;
mod posts;
mod queue;
mod review;
mod rules;
mod story;
mod team;
mod visitor;

use actapub::agencies::staff::links::Invitation;
use actapub::agencies::staff::{Mandate, Role, Token, links as staff_links};
use actapub::kernel::AgencyId;
use actapub::platform::chance;
use axum::http::StatusCode;

use self::visitor::Visitor;
use crate::harness::TestServer;

/// What everybody here signs in with.
const PASSWORD: &str = "gravel pelican honest umbrella";
const ANOTHER: &str = "seven quiet lanterns by the pier";

/// The token of an invitation to an agency's staff.
async fn invited(server: &TestServer, agency: AgencyId, roles: &[Role]) -> Token {
    let (clock, roles) = (server.clock.clone(), roles.to_vec());
    let mandate = Mandate::operator(agency);
    let offered = server
        .services
        .db
        .write(move |conn| {
            let invitation = Invitation { email: None, roles };
            staff_links::invite(conn, clock.as_ref(), &mandate, invitation, &chance)
        })
        .await
        .unwrap();
    offered.token
}

/// Somebody who has joined an agency's staff, in their browser.
async fn hired(server: &TestServer, agency: AgencyId, name: &str, roles: &[Role]) -> Visitor {
    let token = invited(server, agency, roles).await;
    let visitor = Visitor::of(server);
    let page = visitor
        .sends(
            &format!("/console/join/{}", token.reveal()),
            &[
                ("name", name),
                ("email", &address(name)),
                ("password", PASSWORD),
            ],
        )
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    visitor
}

/// Who has signed in anew.
async fn signed_in(server: &TestServer, name: &str) -> Visitor {
    let visitor = Visitor::of(server);
    let fields = [("email", address(name)), ("password", PASSWORD.to_owned())];
    let fields = fields.each_ref().map(|(key, value)| (*key, value.as_str()));
    let page = visitor.sends("/console/sign-in", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    visitor
}

fn address(name: &str) -> String {
    format!("{}@city.example", name.to_lowercase())
}

/// The number of somebody, by name.
async fn number(server: &TestServer, name: &str) -> String {
    let query = format!("SELECT CAST(id AS TEXT) AS value FROM people WHERE name = '{name}'");
    server.texts(&query).await[0].clone()
}
