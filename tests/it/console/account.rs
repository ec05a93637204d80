//! One's own account: name, language, password, codes, sessions, and showing again who one is.

use std::time::Duration;

use actapub::agencies::staff::Role;
use actapub::kernel::Secret;
use axum::http::StatusCode;

use super::{ANOTHER, PASSWORD, Visitor, hired, signed_in};
use crate::harness::{TestServer, on_both};
use crate::staff::code;

const ACCOUNT: &str = "/console/account";
/// Longer than somebody counts as having shown who they are, and shorter than a session.
const A_WHILE: Duration = Duration::from_secs(11 * 60);

async fn ada(server: &TestServer) -> Visitor {
    hired(server, server.agency.id, "Ada", &[Role::Author]).await
}

/// Switches codes on; returns the recovery codes.
async fn with_codes(server: &TestServer, visitor: &Visitor) -> Vec<String> {
    let page = visitor
        .sends("/console/account/codes/begin", &[])
        .await
        .is(StatusCode::OK, "<svg");
    let secret = page.between("aria-labelledby=\"by-hand\">", "</p>");
    let secret = Secret::new(secret);
    let first = code(&secret, server.now());
    let page = visitor
        .sends("/console/account/codes/confirm", &[("code", &first)])
        .await
        .is(StatusCode::OK, "shown only now");
    let list = page.between("<ol class=\"codes\" dir=\"ltr\">", "</ol>");
    list.split("<li>")
        .skip(1)
        .map(|item| item.trim_end_matches("</li>").to_owned())
        .collect()
}

on_both! {
    async fn a_name_and_a_language_are_ones_own(server: &TestServer) {
        let ada = ada(server).await;
        let page = ada.sends(ACCOUNT, &[("name", "Ada L."), ("speaks", "fr")]).await;
        ada.follows(&page).await.is(StatusCode::OK, "Votre compte").says("Enregistré.");
        ada.sees("/console").await.is(StatusCode::OK, "Bienvenue, Ada L.").says("lang=\"fr\"");
        ada.sends(ACCOUNT, &[("name", " "), ("speaks", "fr")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "Un nom compte de 1 à 200").says("aria-invalid");
        // What is said of something that nobody did is nothing.
        let page = ada.sees("/console/account?done=everything").await.is(StatusCode::OK, "Votre compte");
        page.says_nothing_of("role=\"status\"");
        server.settle().await;
    }

    async fn a_password_is_changed_by_who_knows_the_old_one(server: &TestServer) {
        let ada = ada(server).await;
        let elsewhere = signed_in(server, "Ada").await;
        let path = "/console/account/password";
        ada.sends(path, &[("current", ANOTHER), ("password", ANOTHER)]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This is not your password.").says(r##"href="#current""##);
        ada.sends(path, &[("current", PASSWORD), ("password", "ada@city.example")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "easily guessed");
        elsewhere.sees(ACCOUNT).await.is(StatusCode::OK, "Sign out everywhere else");

        let page = ada.sends(path, &[("current", PASSWORD), ("password", ANOTHER)]).await;
        ada.follows(&page).await.is(StatusCode::OK, "Your password is changed.");
        assert!(elsewhere.sees(ACCOUNT).await.leads_to().starts_with("/console/sign-in"));
        server.settle().await;
    }

    async fn ones_sessions_are_ended_one_by_one_or_all(server: &TestServer) {
        let ada = ada(server).await;
        let (first, second) = (signed_in(server, "Ada").await, signed_in(server, "Ada").await);
        let grace = hired(server, server.agency.id, "Grace", &[Role::Author]).await;
        let page = ada.sees(ACCOUNT).await.is(StatusCode::OK, "This one");
        let field = page.hidden("/console/account/end-session");
        let (_, session) = &field[0];

        // Somebody else's session is nobody's.
        grace.sends("/console/account/end-session", &[("session", session)]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This session has ended already.");
        let page = ada.sends("/console/account/end-session", &[("session", session)]).await;
        ada.follows(&page).await.is(StatusCode::OK, "The session has ended.");
        ada.sends("/console/account/end-session", &[("session", session)]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This session has ended already.");
        let mut open = 0;
        for visitor in [&first, &second] {
            open += usize::from(visitor.sees(ACCOUNT).await.status == StatusCode::OK);
        }
        assert_eq!(open, 1);

        let page = ada.sends("/console/account/end-others", &[]).await;
        ada.follows(&page).await.is(StatusCode::OK, "signed out everywhere but here");
        for visitor in [&first, &second] {
            assert_eq!(visitor.sees(ACCOUNT).await.status, StatusCode::SEE_OTHER);
        }
        grace.sees(ACCOUNT).await.is(StatusCode::OK, "Grace");
        server.settle().await;
    }

    async fn codes_are_asked_for_once_they_are_set_up(server: &TestServer) {
        let ada = ada(server).await;
        let page = ada.sends("/console/account/codes/begin", &[]).await.is(StatusCode::OK, "<svg");
        let secret = page.between("aria-labelledby=\"by-hand\">", "</p>");
        // A wrong code shows the same secret again.
        let page = ada.sends("/console/account/codes/confirm", &[("code", "12345")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This code is not right.");
        assert_eq!(page.between("aria-labelledby=\"by-hand\">", "</p>"), secret);

        let recovery = with_codes(server, &ada).await;
        assert_eq!(recovery.len(), 10);
        ada.sees("/console/account/codes").await.is(StatusCode::OK, "10 recovery codes are left.");
        ada.sends("/console/account/codes/begin", &[]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "set up already");

        let again = Visitor::of(server);
        let entry = [("email", "ada@city.example"), ("password", PASSWORD), ("to", ACCOUNT)];
        let page = again.sends("/console/sign-in", &entry).await.is(StatusCode::OK, "One more step");
        let mut fields = page.hidden("/console/sign-in/code");
        fields.push(("code".to_owned(), recovery[0].clone()));
        assert_eq!(again.sends_all("/console/sign-in/code", &fields).await.leads_to(), ACCOUNT);
        again.sees("/console/account/codes").await.is(StatusCode::OK, "9 recovery codes are left.");

        // New ones take the place of the old.
        again.sends("/console/account/codes/renew", &[]).await.is(StatusCode::OK, "shown only now")
            .says_nothing_of(&recovery[1]);
        let page = again.sends("/console/account/codes/remove", &[]).await;
        again.follows(&page).await.is(StatusCode::OK, "One-time codes are removed.");
        signed_in(server, "Ada").await;
        server.settle().await;
    }

    async fn what_is_dangerous_is_asked_for_again_and_loses_nothing(server: &TestServer) {
        let ada = ada(server).await;
        server.clock.advance(A_WHILE);
        let begin = "/console/account/codes/begin";
        let page = ada.sends(begin, &[("left", "a & b"), ("left", "c")]).await
            .is(StatusCode::FORBIDDEN, "Is it still you?");
        page.says_nothing_of("<svg");
        let mut fields = page.hidden("/console/prove");
        fields.push(("password".to_owned(), ANOTHER.to_owned()));
        let page = ada.sends_all("/console/prove", &fields).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "This is not your password.");

        let mut fields = page.hidden("/console/prove");
        fields.push(("password".to_owned(), PASSWORD.to_owned()));
        let page = ada.sends_all("/console/prove", &fields).await.is(StatusCode::OK, "Thank you");
        let kept = page.hidden(begin);
        assert_eq!(kept, [("left".to_owned(), "a & b".to_owned()), ("left".to_owned(), "c".to_owned())]);
        ada.sends(begin, &[]).await.is(StatusCode::OK, "<svg");
        server.settle().await;
    }

    async fn a_session_that_ends_in_mid_sentence_loses_nothing(server: &TestServer) {
        let ada = ada(server).await;
        server.clock.advance(Duration::from_secs(3 * 3600));
        let page = ada.sends(ACCOUNT, &[("name", "Ada \"the\" Countess"), ("speaks", "en")]).await
            .is(StatusCode::UNAUTHORIZED, "Nothing of what you wrote is lost");
        let mut fields = page.hidden("/console/sign-in");
        fields.push(("email".to_owned(), "ada@city.example".to_owned()));
        fields.push(("password".to_owned(), PASSWORD.to_owned()));
        let page = ada.sends_all("/console/sign-in", &fields).await.is(StatusCode::OK, "You are signed in again");
        let kept = page.hidden(ACCOUNT);
        let page = ada.sends_all(ACCOUNT, &kept).await;
        ada.follows(&page).await.is(StatusCode::OK, "Saved.");
        ada.sees("/console").await.says("Ada &quot;the&quot; Countess");
        server.settle().await;
    }
}
