//! Quotations (FEP-044f): asked for, granted with a stamp that anybody can look up, and ended.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{TestServer, on_both};

on_both! {
    async fn a_quotation_is_stamped(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let mut quote = alice.note("/notes/quote", &announcement, "Look at this.");
        quote.as_object_mut().unwrap().remove("inReplyTo");
        quote["quote"] = json!(announcement);
        let mut request = alice.act("QuoteRequest", announcement.clone());
        request["instrument"] = quote.clone();
        alice.says(server, &request).await;
        server.deliver().await;
        let received = peer.received();
        assert_eq!(received.len(), 1);
        let accept = &received[0].activity;
        assert_eq!((&accept["type"], &accept["object"]["id"]), (&json!("Accept"), &request["id"]));
        let stamp = accept["result"].as_str().unwrap().to_owned();
        let document = server.document(&stamp).await;
        assert_eq!(document["type"], "QuoteAuthorization");
        assert_eq!(document["id"], stamp);
        assert_eq!(document["attributedTo"], server.actor());
        assert_eq!(document["interactionTarget"], announcement);
        assert_eq!(document["interactingObject"], quote["id"]);

        // Asked again it answers again, with the same stamp.
        request["id"] = json!(format!("{}-again", request["id"].as_str().unwrap()));
        alice.says(server, &request).await;
        server.deliver().await;
        assert_eq!(peer.received()[0].activity["result"], stamp);

        // The quoting post goes, and the stamp with it.
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": quote["id"]}))).await;
        assert_eq!(server.get(&stamp, "application/activity+json").await.status, StatusCode::NOT_FOUND);
    }

    async fn only_ones_own_quotation_of_what_stands_is_stamped(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (peer, far) = (server.peer().await, server.peer().await);
        let (alice, bob) = (peer.citizen("alice"), far.citizen("bob"));
        let quote = |author: &crate::harness::Citizen, of: &str| {
            let mut quote = author.note("/notes/quote", of, "Look at this.");
            quote["quote"] = json!(of);
            quote
        };
        let unknown = format!("{}/ap/announcements/1", server.base());
        for (object, instrument) in [
            (announcement.clone(), quote(&bob, &announcement)),
            (announcement.clone(), quote(&alice, &unknown)),
            (unknown.clone(), quote(&alice, &unknown)),
        ] {
            let mut request = alice.act("QuoteRequest", object);
            request["instrument"] = instrument;
            alice.says(server, &request).await;
        }
        assert_eq!(server.count("quotes").await, 0);
        assert!(server.composed().await.iter().all(|activity| activity["type"] != "Accept"));
    }
}
