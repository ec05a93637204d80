//! What was kept long enough is disposed of by itself, and the record says so.

use std::time::Duration;

use actapub::archive::holds::{self, Scope};
use actapub::kernel::Timestamp;
use serde_json::json;

use super::audit::{audited, kinds};
use super::traces::is_nowhere;
use crate::harness::{Database, TestServer};

const WORDS: &str = "a sentence that nobody else would write";
const PRIVATE: &str = "a private sentence that nobody would write";
const COMPLAINT: &str = "a complaint that nobody else would make";
const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn what_was_kept_long_enough_is_disposed_of() {
    for database in Database::each() {
        let server = TestServer::with(database, |sources| {
            sources
                .flag("federation.allow_private", "true")
                .flag("record.keep_replies", "3650d")
                .flag("record.keep_correspondence", "1095d")
        })
        .await;
        disposed_of(&server).await;
        server.finish().await;
    }
}

async fn disposed_of(server: &TestServer) {
    let (_, uri) = server.announce("Water is back.").await;
    let alice = server.peer().await.citizen("alice");
    let note = alice.note("/notes/1", &uri, WORDS);
    alice.says(server, &alice.act("Create", note)).await;
    let mut private = alice.note("/notes/2", &server.actor(), PRIVATE);
    private["to"] = json!([server.actor()]);
    private["cc"] = json!([]);
    let mut create = alice.act("Create", private);
    create["to"] = json!([server.actor()]);
    alice.says(server, &create).await;
    let mut flag = alice.act("Flag", json!([server.actor()]));
    flag["content"] = json!(COMPLAINT);
    alice.says(server, &flag).await;

    let dispose = async || {
        let due = server.services.dispose().await.unwrap();
        server.settle().await;
        (due.replies, due.messages, due.reports)
    };
    assert_eq!(dispose().await, (0, 0, 0), "nothing is old yet");
    server.clock.advance(DAY * 1096);
    let (clock, agency) = (server.clock.clone(), server.agency.id);
    let hold = server
        .write(move |conn| holds::place(conn, clock.as_ref(), agency, Scope::Agency, "Case 7"))
        .await;
    server.settle().await;
    assert_eq!(dispose().await, (0, 1, 1));
    assert!(
        !server.places_of(PRIVATE).await.is_empty(),
        "a hold stops it"
    );
    let delayed = server
        .count(&format!(
            "record_erasures WHERE done_at IS NULL AND due_at = {}",
            i64::MAX
        ))
        .await;
    assert_eq!(delayed, 2, "and it is seen to be held");
    let clock = server.clock.clone();
    server
        .write(move |conn| holds::release(conn, clock.as_ref(), hold))
        .await;
    server.settle().await;
    is_nowhere(server, PRIVATE).await;
    is_nowhere(server, COMPLAINT).await;
    assert!(
        !server.places_of(WORDS).await.is_empty(),
        "replies are kept longer"
    );
    assert_eq!(dispose().await, (0, 0, 0), "each is looked at once");

    server.clock.advance(DAY * 3650);
    assert_eq!(dispose().await, (1, 0, 0));
    is_nowhere(server, WORDS).await;
    let leaves = audited(server).await;
    let kinds = kinds(&leaves);
    assert_eq!(
        kinds[5..],
        [
            "hold.placed",
            "hold.released → 5",
            "retention.disposed → 3",
            "retention.disposed → 4",
            "retention.disposed → 2"
        ],
        "{kinds:#?}"
    );
    let stated = server
        .texts("SELECT statement AS value FROM record_entries WHERE kind = 54 ORDER BY place")
        .await;
    assert!(
        stated[0]
            .contains(r#""class":"retention","basis":"schedule/correspondence","role":"system""#),
        "{stated:?}"
    );
    assert!(stated[2].contains("schedule/replies"), "{stated:?}");
    assert!(server.now() > Timestamp::EPOCH);
}
