//! Who gets in where: strangers, colleagues without the right, other agencies' people, and other people's pages.

use actapub::agencies::staff::{Right, Role};
use axum::http::StatusCode;

use super::{PASSWORD, Visitor, hired, number};
use crate::harness::{TestServer, on_both};

/// Pages, and where their forms go.
const PAGES: [&str; 9] = [
    "/console",
    "/console/account",
    "/console/account/codes",
    "/console/water",
    "/console/water/staff",
    "/console/water/trail",
    "/console/water/queue",
    "/console/water/templates",
    "/console/water/numbers",
];
const FORMS: [&str; 20] = [
    "/console/account",
    "/console/account/password",
    "/console/account/end-session",
    "/console/account/end-others",
    "/console/account/codes/begin",
    "/console/account/codes/confirm",
    "/console/account/codes/renew",
    "/console/account/codes/remove",
    "/console/prove",
    "/console/water/staff/invite",
    "/console/water/staff/revoke",
    "/console/operator/create-agency",
    "/console/operator/invite",
    "/console/operator/make",
    "/console/operator/end",
    "/console/operator/reset",
    "/console/sign-in",
    "/console/sign-out",
    "/console/language",
    "/console/water/templates",
];
/// Below the page of somebody of the staff.
const OF_MEMBER: [&str; 5] = ["/give", "/take", "/end-sessions", "/reset", "/remove"];

on_both! {
    async fn strangers_are_led_to_sign_in(server: &TestServer) {
        let stranger = Visitor::of(server);
        for page in PAGES.iter().chain(&["/console/operator", "/console/nobody", "/console/water/staff/1"]) {
            let page = stranger.sees(page).await;
            assert!(page.leads_to().starts_with("/console/sign-in?to=%2Fconsole"), "{}", page.leads_to());
        }
        // And from there back to where they wanted to go, and nowhere else.
        hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        for (to, leads_to) in [
            ("/console/water", "/console/water"),
            ("https://evil.example/", "/console"),
            ("//evil.example/", "/console"),
        ] {
            let fields = [("email", "ada@city.example"), ("password", PASSWORD), ("to", to)];
            let page = Visitor::of(server).sends("/console/sign-in", &fields).await;
            assert_eq!(page.leads_to(), leads_to);
        }
        server.settle().await;
    }

    async fn no_other_page_sends_our_forms(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let own = format!("/console/water/staff/{}", number(server, "Chief").await);
        let forms = FORMS.iter().map(|form| (*form).to_owned());
        let forms: Vec<String> = forms.chain(OF_MEMBER.map(|part| format!("{own}{part}"))).collect();
        let before = server.count("journal").await;
        for form in &forms {
            for (origin, site) in [
                ("https://evil.example", "cross-site"),
                ("https://evil.example", ""),
                (server.base(), "same-site"),
                ("null", ""),
                ("", ""),
            ] {
                chief.sends_from(origin, site, form, &[("role", "author"), ("name", "Eve")]).await
                    .is(StatusCode::FORBIDDEN, "from a page that is not ours");
            }
        }
        assert_eq!(server.count("journal").await, before);
        chief.sees("/console").await.is(StatusCode::OK, "Welcome, Chief");
        server.settle().await;
    }

    async fn other_agencies_are_not_there_whatever_the_role(server: &TestServer) {
        let fire = server.create_agency("fire").await;
        hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let own = format!("/console/water/staff/{}", number(server, "Chief").await);
        for role in Role::ALL {
            let visitor = hired(server, fire.id, &format!("F{role}"), &[role]).await;
            visitor.sees("/console/fire").await.is(StatusCode::OK, "Department of fire");
            for page in ["/console/water", "/console/water/staff", "/console/water/trail", &own, "/console/nobody"] {
                visitor.sees(page).await.is(StatusCode::NOT_FOUND, "There is nothing at this address")
                    .says_nothing_of("Department of water");
            }
            for form in ["/console/water/staff/invite", "/console/water/staff/revoke"] {
                visitor.sends(form, &[("role", "author")]).await.is(StatusCode::NOT_FOUND, "There is nothing");
            }
            for part in OF_MEMBER {
                visitor.sends(&format!("{own}{part}"), &[("role", "author")]).await
                    .is(StatusCode::NOT_FOUND, "There is nothing");
                // Nor does one's own agency lead to another's people.
                let path = format!("{}{part}", own.replace("water", "fire"));
                let status = visitor.sends(&path, &[("role", "author")]).await.status;
                let expected = if role == Role::Administrator { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
                assert_eq!(status, expected, "{role} {part}");
            }
        }
        server.settle().await;
    }

    async fn colleagues_without_the_right_are_refused(server: &TestServer) {
        hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let own = format!("/console/water/staff/{}", number(server, "Chief").await);
        for role in Role::ALL {
            if Right::ManageStaff.roles().contains(&role) {
                continue;
            }
            let visitor = hired(server, server.agency.id, &format!("W{role}"), &[role]).await;
            let desk = visitor.sees("/console/water").await.is(StatusCode::OK, "Department of water");
            desk.says_nothing_of("/console/water/staff");
            desk.says_nothing_of("/console/water/trail");
            for page in ["/console/water/staff", "/console/water/trail", &own] {
                visitor.sees(page).await.is(StatusCode::FORBIDDEN, "Your roles at this agency do not allow this");
            }
            for form in ["/console/water/staff/invite", "/console/water/staff/revoke"] {
                let fields = [("role", "author"), ("invitation", "1")];
                visitor.sends(form, &fields).await.is(StatusCode::FORBIDDEN, "do not allow this");
            }
            for part in OF_MEMBER {
                visitor.sends(&format!("{own}{part}"), &[("role", "author")]).await
                    .is(StatusCode::FORBIDDEN, "do not allow this");
            }
        }
        server.settle().await;
    }

    async fn whoever_comes_back_to_a_form_finds_the_page_above(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        for (form, page) in [
            ("/console/account/codes/begin", "/console/account/codes"),
            ("/console/water/staff/invite", "/console/water/staff"),
            ("/console/prove", "/console"),
            ("/console/sign-in/code", "/console/sign-in"),
        ] {
            assert_eq!(chief.sees(form).await.leads_to(), page);
        }
        assert_eq!(chief.sends("/console/water/trail", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
        server.settle().await;
    }

    async fn pages_speak_the_language_that_was_chosen(server: &TestServer) {
        let stranger = Visitor::of(server);
        let page = stranger.sends("/console/language", &[("language", "fr")]).await;
        assert_eq!(page.leads_to(), "/console");
        stranger.sees("/console/sign-in").await.is(StatusCode::OK, "Se connecter").says("lang=\"fr\"");
        stranger.sends("/console/language", &[("language", "ar-XB")]).await.leads_to();
        stranger.sees("/console/sign-in").await.is(StatusCode::OK, "dir=\"rtl\"");
    }
}
