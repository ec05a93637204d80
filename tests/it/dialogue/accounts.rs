//! Accounts that change, move, and go.

use serde_json::json;

use super::{seen_in_public, total};
use crate::harness::{Citizen, Leftover, TestServer, on_both};

on_both! {
    async fn a_new_name_is_read_from_its_server(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        alice.says(server, &alice.act("Create", alice.note("/notes/1", &announcement, "hello"))).await;
        let mut told = alice.document();
        told["name"] = json!("As told");
        let mut served = alice.document();
        served["name"] = json!("As served");
        peer.serves(&served);
        alice.says(server, &alice.act("Update", told)).await;
        assert_eq!(server.texts("SELECT name AS value FROM actors").await, ["As served"]);
    }

    async fn who_moves_stops_following_if_both_sides_agree(server: &TestServer) {
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, other) = (peer.citizen("alice"), far.citizen("other"));
        alice.follows(server).await;
        let mut moved = alice.act("Move", alice.uri.clone());
        moved["target"] = json!(other.uri);
        alice.says(server, &moved).await;
        assert_eq!(server.count("followers").await, 1, "the new account does not know the old one");

        let mut document = other.document();
        document["alsoKnownAs"] = json!([alice.uri]);
        far.serves(&document);
        let eve = peer.citizen("eve");
        let mut forged = eve.act("Move", alice.uri.clone());
        forged["target"] = json!(other.uri);
        eve.says(server, &forged).await;
        assert_eq!(server.count("followers").await, 1, "one moves oneself only");

        let mut moved = alice.act("Move", alice.uri.clone());
        moved["target"] = json!(other.uri);
        alice.says(server, &moved).await;
        assert_eq!(server.count("followers").await, 0);
        server.may_leave(Leftover::Deliveries);
    }

    /// An account that is gone takes everything with it that its owner said.
    async fn who_deletes_their_account_is_gone(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        alice.follows(server).await;
        let note = alice.note("/notes/1", &announcement, "words of alice");
        alice.says(server, &alice.act("Create", note.clone())).await;
        let edited = Citizen::edited(&note, "later words", "2026-11-24T11:30:00Z");
        alice.says(server, &alice.act("Update", edited)).await;
        let mut letter = alice.act("Create", alice.note("/notes/2", &announcement, "private words"));
        letter["to"] = json!([server.actor()]);
        letter["object"]["to"] = json!([server.actor()]);
        letter["object"]["cc"] = json!([]);
        alice.says(server, &letter).await;
        alice.says(server, &alice.act("Like", announcement.clone())).await;
        alice.says(server, &alice.act("Announce", announcement.clone())).await;
        assert_eq!((server.count("replies").await, server.count("messages").await), (1, 1));

        alice.says(server, &alice.act("Delete", alice.uri.clone())).await;
        assert_eq!(server.count("followers").await, 0);
        for collection in ["replies", "likes", "shares"] {
            assert_eq!(total(server, &format!("{announcement}/{collection}")).await, 0, "{collection}");
        }
        for words in ["words of alice", "later words", "private words", "alice of the tests"] {
            assert_eq!(server.places_of(words).await, Vec::<String>::new(), "{words}");
            assert_eq!(seen_in_public(server, &announcement, words).await, Vec::<String>::new(), "{words}");
        }
        server.may_leave(Leftover::Deliveries);
    }

    /// Every server of the network tells us of every account that is gone; most of them we never met.
    async fn the_deletion_of_a_stranger_costs_nothing(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        alice.says(server, &alice.act("Delete", alice.uri.clone())).await;
        alice.says(server, &alice.act("Delete", json!({"type": "Person", "id": alice.uri}))).await;
        assert_eq!(peer.asked_at_all(), 0);
        assert_eq!((server.count("events").await, server.count("actors").await), (0, 0));
    }

    async fn nobody_deletes_or_edits_what_is_not_theirs(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, eve, mallory) = (peer.citizen("alice"), peer.citizen("eve"), far.citizen("mallory"));
        let note = alice.note("/notes/1", &announcement, "words of alice");
        alice.says(server, &alice.act("Create", note.clone())).await;
        for thief in [&eve, &mallory] {
            thief.says(server, &thief.act("Delete", note["id"].clone())).await;
            let mut stolen = Citizen::edited(&note, "stolen words", "2026-11-24T11:30:00Z");
            thief.says(server, &thief.act("Update", stolen.clone())).await;
            stolen["attributedTo"] = json!(thief.uri);
            thief.says(server, &thief.act("Update", stolen)).await;
            thief.says(server, &thief.act("Delete", alice.uri.clone())).await;
            thief.says(server, &thief.act("Delete", announcement.clone())).await;
        }
        assert_eq!(server.texts("SELECT html AS value FROM replies").await, ["<p>words of alice</p>"]);
        assert_eq!(server.document(&announcement).await["type"], "Note");
    }
}
