//! What somebody passes on is not believed: its origin is asked.

use axum::http::StatusCode;
use serde_json::json;

use super::total;
use crate::harness::{Answer, Citizen, TestServer, on_both};

/// `passer` signs and sends what `activity` says that another did.
async fn passes_on(passer: &Citizen, server: &TestServer, activity: &serde_json::Value) {
    let signed = passer.letter(server, activity).cavage(&passer.key);
    let reply = server.post(&signed).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.text());
    server.settle().await;
}

on_both! {
    async fn a_reply_passed_on_is_read_at_its_origin(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, passer) = (peer.citizen("alice"), far.citizen("passer"));
        let note = alice.note("/notes/1", &announcement, "what alice said");
        peer.serves(&note);
        let mut forged = note.clone();
        forged["content"] = json!("<p>what alice never said</p>");
        passes_on(&passer, server, &alice.act("Create", forged)).await;
        assert_eq!(server.texts("SELECT html AS value FROM replies").await, ["<p>what alice said</p>"]);
        assert_eq!(peer.asked("/notes/1"), 1);

        // Not there at all: made up.
        peer.answers("/notes/2", Answer::status(StatusCode::NOT_FOUND));
        let made_up = alice.note("/notes/2", &announcement, "made up");
        passes_on(&passer, server, &alice.act("Create", made_up)).await;
        assert_eq!(server.count("replies").await, 1);

        // What the origin says of an edit counts, and of a deletion.
        peer.serves(&Citizen::edited(&note, "what alice says now", "2026-11-24T11:30:00Z"));
        passes_on(&passer, server, &alice.act("Update", note.clone())).await;
        assert_eq!(server.texts("SELECT html AS value FROM replies").await, ["<p>what alice says now</p>"]);
        let delete = alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}));
        passes_on(&passer, server, &delete).await;
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 1, "the origin still has it");
        peer.answers("/notes/1", Answer::status(StatusCode::GONE));
        let delete = alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}));
        passes_on(&passer, server, &delete).await;
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 0);
        assert_eq!(server.places_of("what alice says now").await, Vec::<String>::new());
    }

    async fn what_no_origin_can_confirm_is_dropped(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, passer) = (peer.citizen("alice"), far.citizen("passer"));
        for kind in ["Like", "Announce", "Follow", "Block", "Undo", "Flag", "Move"] {
            let mut activity = alice.act(kind, announcement.clone());
            activity["target"] = json!(passer.uri);
            passes_on(&passer, server, &activity).await;
        }
        let mut ours = alice.act("Delete", announcement.clone());
        passes_on(&passer, server, &ours).await;
        ours = alice.act("Create", json!({"type": "Note", "id": announcement, "attributedTo": server.actor(), "content": "x"}));
        passes_on(&passer, server, &ours).await;
        for table in ["reactions", "followers", "blocks", "reports", "replies"] {
            assert_eq!(server.count(table).await, 0, "{table}");
        }
        assert_eq!(server.document(&announcement).await["type"], "Note");
    }

    /// A post by reference, as Lemmy and others send: read at its origin, where its author's server vouches for it.
    async fn a_post_named_by_its_id_is_fetched(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, bob) = (peer.citizen("alice"), far.citizen("bob"));
        let note = alice.note("/notes/1", &announcement, "by reference");
        peer.serves(&note);
        alice.says(server, &alice.act("Create", note["id"].clone())).await;
        assert_eq!(server.count("replies").await, 1);
        // On another server than its author's.
        let elsewhere = bob.note("/notes/1", &announcement, "elsewhere");
        alice.says(server, &alice.act("Create", elsewhere)).await;
        assert_eq!(server.count("replies").await, 1);
        assert_eq!(far.asked_at_all(), 0);
    }
}
