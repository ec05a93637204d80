//! Links by mail, through a real mail server.

use std::net::TcpListener;

use actapub::agencies::staff::Role;
use axum::http::StatusCode;
use serde_json::Value;

use super::{Visitor, hired, number};
use crate::harness::{Database, TestServer};
use crate::node::Program;

const USER: &str = "acta@city";
const PASSWORD: &str = "a p:ss/word";
/// An address that the mail server does not know.
const NOBODY: &str = "nobody@city.example";

async fn server(database: Database, mail: String) -> TestServer {
    TestServer::with(database, |sources| {
        sources
            .flag("mail.server", mail)
            .flag("mail.from", "Springfield <desk@city.example>")
    })
    .await
}

/// The words of a letter, as somebody reads it.
fn read(letter: &Value) -> String {
    let text = letter["text"].as_str().unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body = if head.contains("quoted-printable") {
        body.replace("=\r\n", "").replace("=3D", "=")
    } else {
        body.to_owned()
    };
    format!("{head}\n\n{body}")
}

/// The one path of that kind which stands in a text.
fn path(text: &str, base: &str, kind: &str) -> String {
    let from = text
        .split(base)
        .find(|rest| rest.starts_with(kind))
        .unwrap();
    from.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_goes_by_mail_to_whom_it_is_for() {
    let Some((mut mail, ready)) = Program::start("smtp.mjs", &[USER, PASSWORD, NOBODY]).await
    else {
        return;
    };
    let url = format!(
        "smtp://acta%40city:a%20p%3Ass%2Fword@127.0.0.1:{}",
        ready["port"]
    );
    for database in Database::each() {
        let server = server(database, url.clone()).await;
        let base = server.base().to_owned();
        let chief = hired(&server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let invite = "/console/water/staff/invite";

        // Whoever invites does not see the link: it says that whoever uses it reads that mail.
        let page = chief
            .sends(invite, &[("email", "ada@city.example"), ("role", "author")])
            .await;
        let page = page.is(StatusCode::OK, "The link was sent to ada@city.example");
        page.says_nothing_of("/console/join/");
        let letter = mail
            .hears("an invitation", |it| it["event"] == "letter")
            .await;
        assert_eq!(letter["from"], "desk@city.example");
        assert_eq!(letter["to"], serde_json::json!(["ada@city.example"]));
        let text = read(&letter);
        for said in [
            "From: Springfield <desk@city.example>",
            "Subject: You are invited to the staff of Department of water",
            "It can be used once",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let link = path(&text, &base, "/console/join/");
        Visitor::of(&server)
            .sees(&link)
            .await
            .is(StatusCode::OK, "Chief has invited you.");

        // Nobody's address is known, or the server does not take it: then it is theirs to hand over.
        let page = chief.sends(invite, &[("role", "author")]).await;
        page.is(StatusCode::OK, "shown only now")
            .says("/console/join/");
        let page = chief
            .sends(invite, &[("email", NOBODY), ("role", "author")])
            .await;
        page.is(
            StatusCode::OK,
            "does not take a letter to nobody@city.example",
        )
        .says("/console/join/");

        // A new password, in the words of the one who is to set it.
        let paul = hired(&server, server.agency.id, "Paul", &[Role::Author]).await;
        let page = paul
            .sends("/console/account", &[("name", "Paul"), ("speaks", "fr")])
            .await;
        page.is(StatusCode::SEE_OTHER, "");
        let own = format!("/console/water/staff/{}", number(&server, "Paul").await);
        let page = chief.sends(&format!("{own}/reset"), &[]).await;
        let page = page.is(StatusCode::OK, "The link was sent to paul@city.example");
        page.says_nothing_of("/console/reset/");
        let letter = mail.hears("a reset", |it| it["event"] == "letter").await;
        let text = read(&letter);
        assert!(
            text.contains("Subject: Un nouveau mot de passe sur"),
            "{text}"
        );
        let link = path(&text, &base, "/console/reset/");
        Visitor::of(&server)
            .sees(&link)
            .await
            .is(StatusCode::OK, "Paul");
        server.settle().await;
        server.stop().await;
    }
    assert!(mail.told().is_empty(), "no letter too many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_is_down_loses_no_invitation() {
    // Bound, and given up again: nobody answers there.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = server(Database::sqlite(), format!("smtp://127.0.0.1:{port}")).await;
    let chief = hired(&server, server.agency.id, "Chief", &[Role::Administrator]).await;
    let page = chief
        .sends(
            "/console/water/staff/invite",
            &[("email", "ada@city.example"), ("role", "author")],
        )
        .await
        .is(StatusCode::OK, "The mail server does not answer");
    let link = page.between(server.base(), "<");
    Visitor::of(&server)
        .sees(&link)
        .await
        .is(StatusCode::OK, "Chief has invited you.");
    server.settle().await;
    server.stop().await;
}
