//! One-time links: joining, new passwords, and the first set-up.

use actapub::agencies::staff::Role;
use axum::http::StatusCode;

use super::{ANOTHER, PASSWORD, Visitor, address, hired, invited, number};
use crate::harness::{Database, TestServer, on_both};
use crate::process::Installation;

on_both! {
    async fn an_invitation_is_looked_at_often_and_used_once(server: &TestServer) {
        let token = invited(server, server.agency.id, &[Role::Author, Role::Approver]).await;
        let path = format!("/console/join/{}", token.reveal());
        let ada = Visitor::of(server);
        for _ in 0..2 {
            let page = ada.sees(&path).await.is(StatusCode::OK, "Join the staff of Department of water");
            page.says("Writes announcements");
            page.says("Approves what others wrote");
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("referrer-policy"), "same-origin");
        }

        let typed = [("name", "Ada"), ("email", "ada at city"), ("password", "too little")];
        let page = ada.sends(&path, &typed).await.is(StatusCode::UNPROCESSABLE_ENTITY, "An e-mail address is written like");
        page.says("A password has at least 12 characters");
        page.says(r#"value="ada at city""#);
        page.says(r#"aria-invalid="true""#);
        page.says(r##"href="#password""##);
        page.says_nothing_of("too little");

        let typed = [("name", "Ada"), ("email", "Ada@City.example"), ("password", PASSWORD)];
        let page = ada.sends(&path, &typed).await;
        assert_eq!(page.leads_to(), "/console/water");
        ada.follows(&page).await.is(StatusCode::OK, "Department of water").says("Author");

        // The same form once more, and the link in somebody else's hands.
        ada.sends(&path, &typed).await.is(StatusCode::GONE, "This link is not valid");
        let other = Visitor::of(server);
        other.sees(&path).await.is(StatusCode::GONE, "This link is not valid");
        other.sends(&path, &typed).await.is(StatusCode::GONE, "This link is not valid");
        for token in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            other.sees(&format!("/console/join/{token}")).await.is(StatusCode::GONE, "This link is not valid");
        }
        server.settle().await;
    }

    async fn who_has_a_login_accepts_with_it(server: &TestServer) {
        let fire = server.create_agency("fire").await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let path = format!("/console/join/{}", invited(server, fire.id, &[Role::Approver]).await.reveal());
        ada.sees("/console/fire").await.is(StatusCode::NOT_FOUND, "There is nothing at this address");

        // As a stranger, under her address.
        let stranger = Visitor::of(server);
        let typed = [("name", "Ada"), ("email", "ada@city.example"), ("password", PASSWORD)];
        stranger.sends(&path, &typed).await.is(StatusCode::UNPROCESSABLE_ENTITY, "signs in with this address here already")
            .says(r##"href="#email""##);
        // Without a session, the button leads to signing in and back here.
        let page = stranger.sends(&path, &[("accept", "yes")]).await;
        assert!(page.leads_to().starts_with("/console/sign-in?to=%2Fconsole%2Fjoin%2F"));

        ada.sees(&path).await.is(StatusCode::OK, "You are signed in as Ada.");
        assert_eq!(ada.sends(&path, &[("accept", "yes")]).await.leads_to(), "/console/fire");
        ada.sees("/console/fire").await.is(StatusCode::OK, "Approver");
        ada.sends(&path, &[("accept", "yes")]).await.is(StatusCode::GONE, "This link is not valid");
        server.settle().await;
    }

    async fn a_link_sets_a_new_password_and_ends_all_sessions(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = format!("/console/water/staff/{}", number(server, "Ada").await);
        let page = chief.sends(&format!("{own}/reset"), &[("lost", "password")]).await.is(StatusCode::OK, "shown only now");
        let link = page.between("/console/reset/", "<");
        let path = format!("/console/reset/{link}");

        let hers = Visitor::of(server);
        hers.sees(&path).await.is(StatusCode::OK, "For Ada.");
        hers.sends(&path, &[("password", "ada@city.example")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "easily guessed");
        ada.sees("/console").await.is(StatusCode::OK, "Welcome, Ada");
        assert_eq!(hers.sends(&path, &[("password", ANOTHER)]).await.leads_to(), "/console");
        hers.sees("/console").await.is(StatusCode::OK, "Welcome, Ada");
        assert!(ada.sees("/console").await.leads_to().starts_with("/console/sign-in"));
        hers.sends(&path, &[("password", PASSWORD)]).await.is(StatusCode::GONE, "This link is not valid");

        let old = [("email", "ada@city.example"), ("password", PASSWORD)];
        Visitor::of(server).sends("/console/sign-in", &old).await.is(StatusCode::UNPROCESSABLE_ENTITY, "is not right");
        server.settle().await;
    }

    async fn whoever_tries_tokens_is_stopped(server: &TestServer) {
        let thief = Visitor::of(server);
        let mut stopped = None;
        for attempt in 0..100 {
            let page = thief.sees(&format!("/console/join/{attempt}")).await;
            if page.status == StatusCode::TOO_MANY_REQUESTS {
                page.says("Too many attempts");
                assert_eq!(page.header("retry-after"), "60");
                stopped = Some(attempt);
                break;
            }
            assert_eq!(page.status, StatusCode::GONE);
        }
        assert_eq!(stopped, Some(60));
    }
}

#[tokio::test]
async fn six_questions_set_an_empty_server_up_on_sqlite() {
    six_questions(&Installation::new()).await;
}

#[tokio::test]
async fn six_questions_set_an_empty_server_up_on_postgres() {
    let Some(database) = Database::postgres() else {
        return;
    };
    six_questions(&Installation::new().moved_to(&database)).await;
}

async fn six_questions(home: &Installation) {
    let server = home.serve();
    let link = server.set_up_link().await;
    let path = link.strip_prefix(home.base()).unwrap().to_owned();
    let visitor = Visitor::at(home.base());
    visitor
        .sees(&path)
        .await
        .is(StatusCode::OK, "Let your agency speak");
    // It is no invitation.
    let joining = path.replace("set-up", "join");
    visitor
        .sees(&joining)
        .await
        .is(StatusCode::GONE, "This link is not valid");

    let page = visitor
        .sends(&path, &[("handle", "Water Works"), ("writes", "?")])
        .await
        .is(
            StatusCode::UNPROCESSABLE_ENTITY,
            "An agency needs a name of",
        );
    for complaint in [
        "A handle has 1 to 30 characters",
        "is no language tag",
        "A name has 1 to 200 characters",
        "An e-mail address is written like",
        "A password has at least 12 characters",
    ] {
        page.says(complaint);
    }
    page.says(r#"value="Water Works""#);

    let ada = address("Ada");
    let mut typed = [
        ("agency", "Municipal Water Works"),
        ("handle", "account"),
        ("writes", "fr-CA"),
        ("name", "Ada"),
        ("email", &ada),
        ("password", PASSWORD),
    ];
    visitor.sends(&path, &typed).await.is(
        StatusCode::UNPROCESSABLE_ENTITY,
        "a word of this server’s own addresses",
    );
    typed[1].1 = "water";
    let page = visitor.sends(&path, &typed).await;
    assert_eq!(page.leads_to(), "/console/water");
    let desk = visitor.follows(&page).await;
    desk.says("Administrator");
    desk.says("Operate the server");
    visitor
        .sees("/@water")
        .await
        .is(StatusCode::OK, "Municipal Water Works");
    visitor
        .sees("/console/operator")
        .await
        .is(StatusCode::OK, "Municipal Water Works");

    let other = Visitor::at(home.base());
    other
        .sees(&path)
        .await
        .is(StatusCode::GONE, "This link is not valid");
    other
        .sends(&path, &typed)
        .await
        .is(StatusCode::GONE, "This link is not valid");
    assert_eq!(server.kill(), Vec::<String>::new());
    let people = home.run(&["staff", "list", "--json"]);
    assert!(people.to_string().contains("Ada"), "{people}");
}
