//! Whoever operates the server: agencies, people, further operators.

use actapub::agencies::staff::{Operator, Role, links};
use actapub::platform::chance;
use axum::http::StatusCode;

use super::{ANOTHER, PASSWORD, Visitor, hired, number};
use crate::harness::{TestServer, on_both};

const OPERATOR: &str = "/console/operator";

/// Somebody who operates the server and is on no staff.
async fn operator(server: &TestServer, name: &str) -> Visitor {
    let clock = server.clock.clone();
    let offered = server
        .services
        .db
        .write(move |conn| {
            let operator = Operator::COMMAND_LINE;
            links::invite_operator(conn, clock.as_ref(), operator, None, &chance)
        })
        .await
        .unwrap();
    let path = format!("/console/join/{}", offered.token.reveal());
    let visitor = Visitor::of(server);
    visitor
        .sees(&path)
        .await
        .is(StatusCode::OK, "Operate this server");
    let email = super::address(name);
    let fields = [("name", name), ("email", &email), ("password", PASSWORD)];
    assert_eq!(visitor.sends(&path, &fields).await.leads_to(), OPERATOR);
    visitor
}

on_both! {
    async fn operators_set_agencies_up_and_their_staff(server: &TestServer) {
        let op = operator(server, "Olga").await;
        op.sees(OPERATOR).await.is(StatusCode::OK, "Department of water").says("olga@city.example");
        let path = "/console/operator/create-agency";
        for (handle, complaint) in [
            ("water", "There is an agency @water here already."),
            ("operator", "a word of this server’s own addresses"),
            ("fire brigade", "A handle has 1 to 30 characters"),
        ] {
            let fields = [("agency", "Fire Brigade"), ("handle", handle), ("writes", "en")];
            op.sends(path, &fields).await.is(StatusCode::UNPROCESSABLE_ENTITY, complaint).says("value=\"Fire Brigade\"");
        }
        let fields = [("agency", "Fire Brigade"), ("handle", "fire"), ("writes", "en")];
        assert_eq!(op.sends(path, &fields).await.leads_to(), "/console/fire/staff");
        op.sees("/console/fire/staff").await.is(StatusCode::OK, "Nobody is on the staff yet.");
        op.sends(path, &fields).await.is(StatusCode::UNPROCESSABLE_ENTITY, "There is an agency @fire here already.");
        let page = op.sends("/console/fire/staff/invite", &[("role", "administrator")]).await.is(StatusCode::OK, "shown only now");
        let link = page.between(server.base(), "<");
        Visitor::of(server).sees(&link).await.is(StatusCode::OK, "Join the staff of Fire Brigade");
        op.sees("/console/fire/trail").await.is(StatusCode::OK, "Invited somebody: Administrator");
        server.settle().await;
    }

    async fn operators_make_and_end_operators_and_help_anybody(server: &TestServer) {
        let op = operator(server, "Olga").await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        ada.sees(OPERATOR).await.is(StatusCode::NOT_FOUND, "There is nothing");
        for part in ["create-agency", "invite", "make", "end", "reset"] {
            ada.sends(&format!("{OPERATOR}/{part}"), &[]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        let id = number(server, "Ada").await;
        let page = op.sends("/console/operator/make", &[("person", &id)]).await;
        op.follows(&page).await.is(StatusCode::OK, "They operate the server now as well.").says("Made an operator");
        ada.sees(OPERATOR).await.is(StatusCode::OK, "Everyone who may sign in");
        let page = ada.sends("/console/operator/end", &[("person", &id)]).await;
        ada.sees(page.leads_to()).await.is(StatusCode::NOT_FOUND, "There is nothing");
        op.sends("/console/operator/end", &[("person", &id)]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "Only an operator of this server");
        op.sends("/console/operator/make", &[("person", "x")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "There is nobody of that address");

        op.sends("/console/operator/reset", &[("address", "nobody@city.example")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "There is nobody of that address").says(r##"href="#address""##);
        let page = op.sends("/console/operator/reset", &[("address", "ada@city.example"), ("lost", "everything")]).await
            .is(StatusCode::OK, "shown only now");
        let link = page.between(server.base(), "<");
        let hers = Visitor::of(server);
        hers.sees(&link).await.is(StatusCode::OK, "For Ada.").says("passkeys are removed as well");
        assert_eq!(hers.sends(&link, &[("password", ANOTHER)]).await.leads_to(), "/console");

        op.sends("/console/operator/invite", &[("email", "x")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "is written like");
        op.sends("/console/operator/invite", &[]).await.is(StatusCode::OK, "becomes an operator");
        server.settle().await;
    }
}
