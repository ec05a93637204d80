//! Replies out of order, twice, edited before seen, deleted before created: the end state is right.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{listed, total};
use crate::harness::{Answer, Citizen, Leftover, TestServer, on_both};

/// All orders of `0..count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![vec![]];
    }
    let shorter = orders(count - 1);
    let insert = |order: &Vec<usize>, at: usize| {
        let mut order = order.clone();
        order.insert(at, count - 1);
        order
    };
    shorter
        .iter()
        .flat_map(|order| (0..count).map(move |at| insert(order, at)))
        .collect()
}

/// One reply's life: created, edited twice, deleted.
fn life(alice: &Citizen, path: &str, announcement: &str) -> [Value; 4] {
    let note = alice.note(path, announcement, "first words");
    let second = alice.edited(&note, "second words", "2026-11-24T11:10:00Z");
    let third = alice.edited(&note, "third words", "2026-11-24T11:20:00Z");
    let tombstone = json!({"type": "Tombstone", "id": note["id"]});
    [
        alice.act("Create", note),
        alice.act("Update", second),
        alice.act("Update", third),
        alice.act("Delete", tombstone),
    ]
}

on_both! {
    async fn edits_end_with_the_latest_in_whatever_order(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let orders = orders(3);
        for (number, order) in orders.iter().enumerate() {
            let life = life(&alice, &format!("/notes/{number}"), &announcement);
            for step in order {
                alice.says(server, &life[*step]).await;
                // The same once more, under an id of its own, as a resent copy.
                let mut again = life[*step].clone();
                again["id"] = json!(format!("{}-again", again["id"].as_str().unwrap()));
                alice.says(server, &again).await;
            }
            let html = server.texts(&format!("SELECT html AS value FROM replies WHERE uri LIKE '%/notes/{number}'")).await;
            assert_eq!(html, ["<p>third words</p>"], "{order:?}");
        }
        let expected = i64::try_from(orders.len()).unwrap();
        assert_eq!(total(server, &format!("{announcement}/replies")).await, expected);
        assert_eq!(server.count("replies").await, expected);
    }

    async fn a_deletion_wins_in_whatever_order(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        for (number, order) in orders(4).iter().enumerate() {
            for step in order {
                alice.says(server, &life(&alice, &format!("/notes/{number}"), &announcement)[*step]).await;
            }
            assert_eq!(total(server, &format!("{announcement}/replies")).await, 0, "{order:?}");
        }
        assert_eq!(listed(server, &announcement).await, Vec::<String>::new());
        for words in ["first words", "second words", "third words"] {
            assert_eq!(server.count(&format!("replies WHERE html LIKE '%{words}%'")).await, 0);
        }
    }

    /// What its author has deleted is in no table any more, the evidence included.
    async fn a_deleted_text_is_nowhere(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let life = life(&alice, "/notes/1", &announcement);
        for activity in &life[..3] {
            alice.says(server, activity).await;
        }
        assert!(!server.places_of("third words").await.is_empty());
        alice.says(server, &life[3]).await;
        for words in ["first words", "second words", "third words"] {
            assert_eq!(server.places_of(words).await, Vec::<String>::new(), "{words}");
        }
        assert_eq!(server.count("replies WHERE deleted_at IS NOT NULL").await, 1, "that there was one stays");
    }

    /// Deleted before it came: the late text is not kept either.
    async fn a_text_that_comes_after_its_deletion_is_nowhere(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let life = life(&alice, "/notes/1", &announcement);
        for step in [3, 0, 1] {
            alice.says(server, &life[step]).await;
        }
        assert_eq!(server.count("replies").await, 0);
        for words in ["first words", "second words"] {
            assert_eq!(server.places_of(words).await, Vec::<String>::new(), "{words}");
        }
    }

    async fn unknown_parents_are_fetched(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (near, far) = (server.peer().await, server.peer().await);
        let (alice, bob) = (near.citizen("alice"), far.citizen("bob"));
        let parent = bob.note("/notes/parent", &announcement, "what came before");
        far.serves(&parent);
        let middle = alice.note("/notes/middle", parent["id"].as_str().unwrap(), "in between");
        near.serves(&middle);
        let reply = alice.note("/notes/reply", middle["id"].as_str().unwrap(), "at last");
        alice.says(server, &alice.act("Create", reply.clone())).await;
        let ids: Vec<_> = [&parent, &middle, &reply].iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        let mut listed = listed(server, &announcement).await;
        listed.sort();
        let mut expected = ids.clone();
        expected.sort();
        assert_eq!(listed, expected);
        assert_eq!((far.asked("/notes/parent"), near.asked("/notes/middle"), near.asked("/notes/reply")), (1, 1, 0));
        // Known now: nothing is fetched for the next.
        let next = alice.note("/notes/next", &ids[0], "and again");
        alice.says(server, &alice.act("Create", next)).await;
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 4);
        assert_eq!(far.asked("/notes/parent"), 1);
    }

    async fn a_line_of_parents_without_end_is_not_followed(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let mut last = announcement.clone();
        for number in 0..60 {
            let note = alice.note(&format!("/notes/{number}"), &last, "on and on");
            peer.serves(&note);
            note["id"].as_str().unwrap().clone_into(&mut last);
        }
        let before = peer.asked_at_all();
        alice.says(server, &alice.act("Create", alice.note("/notes/deep", &last, "far away"))).await;
        let asked = peer.asked_at_all() - before;
        assert!(asked <= 26, "{asked} requests for one activity");
        assert_eq!(server.count("replies").await, 0);
        // Two that answer one another.
        for (one, other) in [("a", "b"), ("b", "a")] {
            peer.serves(&alice.note(&format!("/notes/{one}"), &peer.url(&format!("/notes/{other}")), "round"));
        }
        alice.says(server, &alice.act("Create", alice.note("/notes/round", &peer.url("/notes/a"), "round"))).await;
        assert_eq!(server.count("replies").await, 0);
    }

    /// A private parent does not enter the thread by being answered in public, nor does what is not to be had.
    async fn parents_that_are_not_for_everybody_stay_out(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        let mut hidden = alice.note("/notes/hidden", &announcement, "confidential words");
        hidden["to"] = json!([alice.followers()]);
        hidden["cc"] = json!([]);
        peer.serves(&hidden);
        let stolen = {
            let mut stolen = alice.note("/notes/stolen", &announcement, "words");
            stolen["attributedTo"] = json!("http://somebody.test/users/else");
            stolen
        };
        peer.serves(&stolen);
        peer.answers("/notes/gone", Answer::status(StatusCode::GONE));
        peer.answers("/notes/none", Answer::status(StatusCode::NOT_FOUND));
        peer.answers("/notes/page", Answer::typed("text/html", b"<p>hello</p>".to_vec()));
        peer.answers("/notes/inside", Answer::redirect("http://127.0.0.1:1/admin"));
        for parent in ["hidden", "stolen", "gone", "none", "page"] {
            let note = alice.note(&format!("/replies/{parent}"), &peer.url(&format!("/notes/{parent}")), "public words");
            alice.says(server, &alice.act("Create", note)).await;
            assert_eq!(server.count("replies").await, 0, "{parent}");
        }
        // The text of the hidden one came in by a fetch and is not stored.
        assert_eq!(server.places_of("confidential words").await, Vec::<String>::new());
    }

    async fn what_cannot_be_done_now_is_tried_again_and_at_last_set_aside(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let (broken, well) = (server.peer().await, server.peer().await);
        let (alice, bob) = (broken.citizen("alice"), well.citizen("bob"));
        broken.answers("/notes/parent", Answer::status(StatusCode::BAD_GATEWAY));
        let reply = alice.note("/notes/reply", &broken.url("/notes/parent"), "an answer");
        alice.says(server, &alice.act("Create", reply)).await;
        assert_eq!(server.count("event_queue WHERE attempts = 1").await, 1);
        // What the same citizen does next waits, what others do does not.
        alice.says(server, &alice.act("Like", announcement.clone())).await;
        bob.says(server, &bob.act("Like", announcement.clone())).await;
        assert_eq!(total(server, &format!("{announcement}/likes")).await, 1);
        let mut tries = broken.asked("/notes/parent");
        for _ in 0..7 {
            server.settle().await;
            assert_eq!(broken.asked("/notes/parent"), tries, "not before its time");
            server.clock.advance(Duration::from_secs(25 * 3600));
            server.settle().await;
            assert!(broken.asked("/notes/parent") > tries, "tried again");
            tries = broken.asked("/notes/parent");
        }
        assert_eq!(total(server, &format!("{announcement}/likes")).await, 2, "the rest went on long ago");
        let aside = server.texts("SELECT reason AS value FROM events WHERE state = 2").await;
        assert_eq!(aside.len(), 1);
        assert!(aside[0].contains("502"), "{aside:?}");
        server.clock.advance(Duration::from_secs(25 * 3600));
        server.settle().await;
        assert_eq!(broken.asked("/notes/parent"), tries, "set aside for good");

        // Somebody looks into it, and the server is back.
        let mut parent = alice.note("/notes/parent", &announcement, "the beginning");
        parent["published"] = json!("2026-11-24T10:00:00Z");
        broken.serves(&parent);
        let now = server.now();
        let again = server.write(move |conn| actapub::federation::inbox::retry_all(conn, now)).await;
        assert_eq!(again, 1);
        server.settle().await;
        assert_eq!(total(server, &format!("{announcement}/replies")).await, 2);
        server.may_leave(Leftover::Deliveries);
    }
}
