//! What is destroyed is nowhere any more, and everything that was proven stays proven.

use actapub::archive::erasure::{self, Class, Error, Order};
use actapub::archive::holds::{self, Scope};
use actapub::archive::kind::Subject;
use actapub::kernel::{AnnouncementId, ReplyId};
use axum::http::StatusCode;
use serde_json::json;

use super::audit::{audited, kinds};
use crate::harness::{TestServer, on_both};

const WORDS: &str = "a sentence that nobody else would write";

/// An announcement with one reply by alice, who says [`WORDS`].
async fn conversation(server: &TestServer) -> (AnnouncementId, ReplyId) {
    let (announcement, uri) = server.announce("Water is back.").await;
    let alice = server.peer().await.citizen("alice");
    let note = alice.note("/notes/1", &uri, WORDS);
    alice.says(server, &alice.act("Create", note)).await;
    let id = server
        .texts("SELECT CAST(id AS TEXT) AS value FROM replies")
        .await;
    (announcement.id, id[0].parse().unwrap())
}

fn order(reply: ReplyId) -> Order {
    Order {
        subject: Subject::Reply(reply),
        class: Class::Article17,
        basis: "gdpr-17-1-b".to_owned(),
        role: "records-officer".to_owned(),
    }
}

async fn erase(server: &TestServer, order: Order) -> Result<(), Error> {
    let (clock, agency) = (server.clock.clone(), server.agency.id);
    let ordered = server
        .services
        .db
        .write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order))
        .await;
    server.settle().await;
    ordered.map(drop)
}

on_both! {
    async fn what_is_erased_is_nowhere(server: &TestServer) {
        let (announcement, reply) = conversation(server).await;
        let before = audited(server).await;
        assert!(!server.places_of(WORDS).await.is_empty());
        erase(server, order(reply)).await.unwrap();
        assert_eq!(server.places_of(WORDS).await, Vec::<String>::new());
        assert_eq!(server.count("replies WHERE uri LIKE '%notes/1%'").await, 0, "nor where it stood");
        let after = audited(server).await;
        assert_eq!(after[..before.len()], before[..], "what was recorded stands");
        assert_eq!(kinds(&after)[before.len()..], ["redaction.ordered → 2", "redaction.done → 2"]);
        let page = server.get(&format!("/@water/{announcement}"), "text/html").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("Erased for legal reasons"));
        assert!(!page.text().contains("alice"));
        // Not a second time.
        assert!(matches!(erase(server, order(reply)).await, Err(Error::Erased)));
    }

    /// The author's server may send it once more.
    async fn what_is_erased_is_not_taken_in_again(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, WORDS);
        alice.says(server, &alice.act("Create", note.clone())).await;
        let id = server.texts("SELECT CAST(id AS TEXT) AS value FROM replies").await;
        erase(server, order(id[0].parse().unwrap())).await.unwrap();
        alice.says(server, &alice.act("Update", note)).await;
        assert_eq!(server.places_of(WORDS).await, Vec::<String>::new());
        assert_eq!(server.count("replies WHERE state = 0").await, 0);
    }

    /// A hold delays a destruction, and its release lets it happen.
    async fn a_hold_keeps_what_was_deleted(server: &TestServer) {
        let (announcement, reply) = conversation(server).await;
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        let hold = server.write(move |conn| {
            holds::place(conn, clock.as_ref(), agency, Scope::Thread(announcement), "Case 7")
        }).await;
        erase(server, order(reply)).await.unwrap();
        assert!(!server.places_of(WORDS).await.is_empty(), "it is kept");
        let clock = server.clock.clone();
        server.write(move |conn| holds::release(conn, clock.as_ref(), hold)).await;
        server.settle().await;
        assert_eq!(server.places_of(WORDS).await, Vec::<String>::new());
        assert_eq!(kinds(&audited(server).await)[3..], [
            "hold.placed → 1", "redaction.ordered → 2", "hold.released → 3", "redaction.done → 2",
        ]);
    }

    async fn a_code_that_could_name_somebody_is_refused(server: &TestServer) {
        let (_, reply) = conversation(server).await;
        let named = Order { basis: "because Alice asked".to_owned(), ..order(reply) };
        assert!(matches!(erase(server, named).await, Err(Error::Code(_))));
    }

    /// Who only narrows who may read it has not taken back what they now say in private.
    async fn what_is_narrowed_keeps_its_new_evidence(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, WORDS);
        alice.says(server, &alice.act("Create", note.clone())).await;
        let mut narrowed = note.clone();
        narrowed["to"] = json!([server.actor()]);
        narrowed["cc"] = json!([]);
        narrowed["content"] = json!("<p>only for you</p>");
        narrowed["updated"] = json!("2026-11-24T11:30:00Z");
        let mut update = alice.act("Update", narrowed);
        update["to"] = json!([server.actor()]);
        alice.says(server, &update).await;
        assert_eq!(server.places_of(WORDS).await, Vec::<String>::new());
        assert!(!server.places_of("only for you").await.is_empty());
        audited(server).await;
    }
}
