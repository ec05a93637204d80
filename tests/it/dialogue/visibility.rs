//! Who may read a reply decides where it goes: into the thread, or into private correspondence.

use serde_json::{Value, json};

use super::{listed, seen_in_public, total};
use crate::harness::{Citizen, TestServer, on_both};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn addressed(citizen: &Citizen, note: &Value, to: Value, cc: Value) -> Value {
    let mut note = note.clone();
    note["to"] = to;
    note["cc"] = cc;
    let mut create = citizen.act("Create", note.clone());
    create["to"] = note["to"].clone();
    create["cc"] = note["cc"].clone();
    create
}

on_both! {
    async fn what_everybody_may_read_is_shown(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        for (number, (to, cc)) in [
            (json!([PUBLIC]), json!([alice.followers()])),
            (json!([alice.followers()]), json!([PUBLIC])),
            (json!("as:Public"), json!([])),
            (json!(["Public"]), Value::Null),
            (json!(PUBLIC), json!(server.actor())),
        ].into_iter().enumerate() {
            let note = alice.note(&format!("/notes/{number}"), &announcement, &format!("public words {number}"));
            alice.says(server, &addressed(&alice, &note, to, cc)).await;
            let (expected, uri) = (i64::try_from(number).unwrap() + 1, note["id"].as_str().unwrap());
            assert_eq!(total(server, &format!("{announcement}/replies")).await, expected);
            assert!(listed(server, &announcement).await.contains(&uri.to_owned()));
        }
        assert_eq!(server.count("messages").await, 0);
    }

    async fn what_few_may_read_is_kept_from_everybody_else(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        for (number, (to, cc)) in [
            (json!([alice.followers()]), json!([server.actor()])),
            (json!([server.actor()]), json!([])),
            (json!(server.actor()), Value::Null),
            (json!([server.actor(), peer.url("/users/bob")]), json!([])),
            (json!([alice.followers()]), json!([])),
        ].into_iter().enumerate() {
            let note = alice.note(&format!("/notes/{number}"), &announcement, "confidential words");
            alice.says(server, &addressed(&alice, &note, to, cc)).await;
            assert_eq!(server.count("messages").await, i64::try_from(number).unwrap() + 1);
        }
        // Not an answer to anything: a letter.
        let letter = alice.note("/notes/letter", &announcement, "confidential words");
        let mut letter = addressed(&alice, &letter, json!([server.actor()]), json!([]));
        letter["object"]["inReplyTo"] = Value::Null;
        alice.says(server, &letter).await;
        assert_eq!(server.count("messages").await, 6);
        assert_eq!(server.count("replies").await, 0);
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 0);
        for trace in ["confidential", "/notes/", "alice"] {
            assert_eq!(seen_in_public(server, &announcement, trace).await, Vec::<String>::new(), "{trace}");
        }
        assert!(server.composed().await.iter().all(|activity| activity["type"] == "Create"), "nothing is answered");
    }

    /// A note that says less than the activity that brought it, and the other way round: the narrower one counts.
    async fn nothing_is_made_public_by_its_envelope(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let note = alice.note("/notes/1", &announcement, "confidential words");
        let mut create = addressed(&alice, &note, json!([server.actor()]), json!([]));
        create["to"] = json!([PUBLIC]);
        alice.says(server, &create).await;
        assert_eq!(server.count("replies").await, 0);
        assert_eq!(seen_in_public(server, &announcement, "confidential").await, Vec::<String>::new());
    }

    /// Once public, an edit may narrow it; what was private never becomes public by an edit.
    async fn an_edit_does_not_publish_a_private_message(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let note = alice.note("/notes/1", &announcement, "confidential words");
        alice.says(server, &addressed(&alice, &note, json!([server.actor()]), json!([]))).await;
        let edited = Citizen::edited(&note, "other words", "2026-11-24T11:30:00Z");
        let mut update = addressed(&alice, &edited, json!([server.actor()]), json!([]));
        update["type"] = json!("Update");
        alice.says(server, &update).await;
        assert_eq!(server.count("messages WHERE html LIKE '%other words%'").await, 1);
        assert_eq!(server.count("replies").await, 0);
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        assert_eq!(server.places_of("confidential words").await, Vec::<String>::new());
        assert_eq!(server.places_of("other words").await, Vec::<String>::new());
    }

    async fn what_an_edit_narrows_is_shown_no_longer(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let note = alice.note("/notes/1", &announcement, "open words");
        alice.says(server, &alice.act("Create", note.clone())).await;
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 1);
        let edited = Citizen::edited(&note, "confidential words", "2026-11-24T11:30:00Z");
        let mut update = addressed(&alice, &edited, json!([server.actor()]), json!([]));
        update["type"] = json!("Update");
        alice.says(server, &update).await;
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 0);
        for words in ["open words", "confidential"] {
            assert_eq!(seen_in_public(server, &announcement, words).await, Vec::<String>::new(), "{words}");
        }
        assert_eq!(server.count("messages WHERE html LIKE '%confidential words%'").await, 1);
    }

    async fn a_private_message_that_comes_after_its_deletion_is_nowhere(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        // Somebody whom we know: of a stranger's deletions only those of accounts are answered without a look.
        alice.says(server, &alice.act("Like", announcement.clone())).await;
        let note = alice.note("/notes/1", &announcement, "confidential words");
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        alice.says(server, &addressed(&alice, &note, json!([server.actor()]), json!([]))).await;
        assert_eq!(server.count("messages").await, 0);
        assert_eq!(server.places_of("confidential words").await, Vec::<String>::new());
    }

    async fn a_mention_out_of_the_blue_stands_in_no_thread(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let mut note = alice.note("/notes/1", &announcement, "by the way");
        note["inReplyTo"] = Value::Null;
        note["tag"] = json!([{"type": "Mention", "href": server.actor(), "name": "@water"}]);
        alice.says(server, &alice.act("Create", note.clone())).await;
        assert_eq!(server.count("replies WHERE thread_id IS NULL").await, 1);
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 0);
        // Nobody is addressed: nothing of ours.
        note["id"] = json!(peer.url("/notes/2"));
        note["tag"] = json!([]);
        alice.says(server, &alice.act("Create", note)).await;
        assert_eq!(server.count("replies").await, 1);
    }
}
