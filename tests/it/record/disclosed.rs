//! Who sees what opens an entry: everybody an agency's, its author and auditors a citizen's, nobody what was erased.

use actapub::archive::disclosure;
use actapub::archive::log;
use actapub::platform::chance;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::audit::audited;
use crate::harness::{Citizen, Database, TestServer, on_both};

/// An announcement (1), a public reply (2) and a private message (3).
async fn conversation(server: &TestServer) -> (Citizen, Value) {
    let (_, uri) = server.announce("Water is back.").await;
    let alice = server.peer().await.citizen("alice");
    let note = alice.note("/notes/1", &uri, "At last! A word of mine.");
    alice.says(server, &alice.act("Create", note.clone())).await;
    let mut message = alice.note("/notes/2", "", "Between us: a secret.");
    message["to"] = json!([server.actor()]);
    message["cc"] = json!([]);
    let mut create = alice.act("Create", message);
    create["to"] = json!([server.actor()]);
    alice.says(server, &create).await;
    assert_eq!(audited(server).await.len(), 4);
    let delete = alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}));
    (alice, delete)
}

async fn receipt(server: &TestServer, index: u64) -> String {
    let agency = server.agency.id;
    server
        .write(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            disclosure::receipt(conn, &log, index, &chance)
        })
        .await
        .reveal()
        .clone()
}

async fn grant(server: &TestServer) -> (actapub::kernel::GrantId, String) {
    let (agency, clock) = (server.agency.id, server.clock.clone());
    let until = "2026-12-01T00:00:00Z".parse().unwrap();
    let (id, token) = server
        .write(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            disclosure::grant(conn, clock.as_ref(), &log, "Audit office", until, &chance)
        })
        .await;
    (id, token.reveal().clone())
}

async fn seen(server: &TestServer, path: &str) -> String {
    let entry = server
        .get(&format!("/record/water/{path}"), "application/json")
        .await;
    assert_eq!(entry.status, StatusCode::OK, "{path}");
    entry.json()["disclosed"].as_str().unwrap().to_owned()
}

on_both! {
    async fn a_citizens_entry_is_opened_by_its_receipt_or_a_grant(server: &TestServer) {
        conversation(server).await;
        let part = async |path: &str| server.get(&format!("/record/water/{path}"), "").await.status.as_u16();
        assert_eq!(seen(server, "1").await, "everything");
        assert_eq!(seen(server, "2").await, "restricted");
        assert_eq!(seen(server, "3").await, "private");
        assert_eq!((part("1/parts/statement").await, part("2/parts/body").await, part("3/parts/body").await), (200, 404, 404));
        let reply = server.get("/record/water/2", "application/json").await;
        assert!(reply.text().contains("A word of mine.") && !reply.text().contains("salt"), "{}", reply.text());
        let message = server.get("/record/water/3", "application/json").await;
        assert!(!message.text().contains("secret") && !message.text().contains("alice"), "{}", message.text());

        let token = receipt(server, 2).await;
        assert_eq!(seen(server, &format!("2?receipt={token}")).await, "to-author");
        assert_eq!(seen(server, &format!("3?receipt={token}")).await, "private", "it opens one entry");
        assert_eq!(part(&format!("2/parts/body?receipt={token}")).await, 200);
        let own = server.get(&format!("/record/water/2?receipt={token}"), "text/html").await;
        assert_eq!((own.header("cache-control"), own.header("referrer-policy")), ("no-store", "no-referrer"));
        assert_eq!((own.header("etag"), own.header("access-control-allow-origin")), ("", ""));
        assert!(own.text().contains(&format!("/record/water/2/parts/body?receipt={token}")));
        let token = receipt(server, 3).await;
        assert_eq!(seen(server, &format!("3?receipt={token}")).await, "to-author", "a complaint that came can be proved");

        let (id, token) = grant(server).await;
        let bearer = async |path: &str| {
            let header = format!("Bearer {token}");
            let reply = server.get_with(path, &[("authorization", &header), ("accept", "application/json")]).await;
            assert_eq!(reply.header("cache-control"), "no-store");
            reply.json()["disclosed"].as_str().unwrap().to_owned()
        };
        assert_eq!(bearer("/record/water/2").await, "to-auditor");
        assert_eq!(bearer("/record/water/3").await, "private", "no grant opens correspondence");
        assert_eq!(seen(server, &format!("2?grant={token}")).await, "to-auditor");
        for wrong in ["", "x", "AAAA", &token[1..], "%00", "é"] {
            assert_eq!(seen(server, &format!("2?grant={wrong}")).await, "restricted", "{wrong}");
            assert_eq!(seen(server, &format!("2?receipt={wrong}")).await, "restricted", "{wrong}");
        }
        let (agency, now) = (server.agency.id, server.now());
        let revoked = server.write(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            disclosure::revoke(conn, now, log.id, id)
        }).await;
        assert!(revoked);
        assert_eq!(bearer("/record/water/2").await, "restricted", "it was revoked");
        let (_, token) = grant(server).await;
        assert_eq!(seen(server, &format!("2?grant={token}")).await, "to-auditor");
        server.clock.advance(std::time::Duration::from_secs(8 * 24 * 3600));
        assert_eq!(seen(server, &format!("2?grant={token}")).await, "restricted", "it has run out");
    }

    async fn what_was_erased_is_a_tombstone_for_everybody(server: &TestServer) {
        let (alice, delete) = conversation(server).await;
        let token = receipt(server, 2).await;
        let before = server.get("/record/water/2", "application/json").await.json();
        alice.says(server, &delete).await;
        audited(server).await;
        let after = server.get(&format!("/record/water/2?receipt={token}"), "application/json").await;
        let entry = after.json();
        assert_eq!((&entry["leaf"], &entry["disclosed"]), (&before["leaf"], &json!("erased")));
        assert!(entry["opening"].is_null() && entry["said"].is_null(), "{entry}");
        let order = &entry["tombstone"]["orders"][0];
        assert_eq!(order["class"], "author-delete");
        assert_eq!(order["entries"][0]["kind"], "redaction.done");
        assert!(!after.text().contains("A word of mine"));
        let page = server.get("/record/water/2", "text/html").await.text();
        assert!(page.contains("This entry was erased") && page.contains("Its author deleted it"), "{page}");
        assert_eq!(server.get(&format!("/record/water/2/parts/body?receipt={token}"), "").await.status, StatusCode::NOT_FOUND);
    }
}

/// Where the operator says so, everybody sees what opens a reply that is shown.
#[tokio::test]
async fn an_operator_may_open_public_replies_to_everybody() {
    let server = TestServer::with(Database::sqlite(), |sources| {
        sources
            .flag("federation.allow_private", "true")
            .flag("record.disclosure", "public")
    })
    .await;
    let (alice, delete) = conversation(&server).await;
    assert_eq!(seen(&server, "2").await, "everything");
    assert_eq!(seen(&server, "3").await, "private");
    alice.says(&server, &delete).await;
    assert_eq!(seen(&server, "2").await, "erased");
    server.finish().await;
}
