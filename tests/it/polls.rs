//! Polls: what is asked, who is counted, what the network is told, and what is left in the end.

mod many;

use std::time::Duration;

use actapub::publishing::polls::{Ends, Question};
use actapub::publishing::{self, Draft};
use serde_json::{Value, json};

use crate::harness::{Citizen, Leftover, TestServer, on_both};

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn question(multiple: bool) -> Question {
    Question {
        options: vec!["Monday".to_owned(), "Tuesday".to_owned()],
        multiple,
        ends: Ends::After { minutes: 60 },
    }
}

/// An announcement that asks this, and its ActivityPub id.
async fn asks(server: &TestServer, question: Question) -> String {
    let draft = Draft {
        poll: Some(question),
        ..server.draft("Which day?")
    };
    let (clock, site, rules) = (
        server.clock.clone(),
        server.services.site.clone(),
        server.services.rules,
    );
    let asked = server
        .services
        .db
        .write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, draft))
        .await
        .unwrap();
    server.settle().await;
    server.services.site.announcement(asked.id)
}

fn vote(server: &TestServer, voter: &Citizen, poll: &str, path: &str, option: &str) -> Value {
    json!({
        "id": voter.peer.url(path),
        "type": "Note",
        "name": option,
        "attributedTo": voter.uri,
        "inReplyTo": poll,
        "to": server.actor(),
    })
}

/// A vote as Mastodon sends it.
async fn votes(server: &TestServer, voter: &Citizen, poll: &str, path: &str, option: &str) {
    let mut create = voter.act("Create", vote(server, voter, poll, path, option));
    create["to"] = json!(server.actor());
    voter.says(server, &create).await;
}

async fn tended(server: &TestServer) {
    server.services.tend_polls().await.unwrap();
    server.settle().await;
}

/// How often each option was chosen, and by how many people, as others read it.
async fn tally(server: &TestServer, poll: &str, offered: &str) -> (Vec<Value>, Value) {
    let document = server.document(poll).await;
    let options = document[offered].as_array().unwrap();
    (
        options
            .iter()
            .map(|it| it["replies"]["totalItems"].clone())
            .collect(),
        document["votersCount"].clone(),
    )
}

on_both! {
    async fn a_poll_is_a_question_as_mastodon_has_it(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let document = server.document(&poll).await;
        assert_eq!(document["type"], "Question");
        assert_eq!(document["oneOf"], json!([
            {"type": "Note", "name": "Monday", "replies": {"type": "Collection", "totalItems": 0}},
            {"type": "Note", "name": "Tuesday", "replies": {"type": "Collection", "totalItems": 0}},
        ]));
        assert_eq!(document["endTime"], "2026-11-24T13:00:00Z");
        assert_eq!((&document["closed"], &document["votersCount"]), (&Value::Null, &json!(0)));
        let page = server.get(&poll, "text/html").await;
        let page = server.get(page.header("location"), "text/html").await.text();
        assert!(page.contains("Monday") && page.contains("<meter") && page.contains("not a secret ballot"), "{page}");
    }

    async fn everybody_counts_once_and_no_vote_is_a_reply(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let peer = server.peer().await;
        let (alice, bob) = (peer.citizen("alice"), peer.citizen("bob"));
        votes(server, &alice, &poll, "/votes/1", "Monday").await;
        votes(server, &alice, &poll, "/votes/2", "Tuesday").await;
        votes(server, &bob, &poll, "/votes/3", "Wednesday").await;
        votes(server, &bob, &poll, "/votes/4", "Tuesday").await;
        // Somebody else's vote, in one's own letter.
        let forged = vote(server, &bob, &poll, "/votes/5", "Monday");
        alice.says(server, &alice.act("Create", forged)).await;
        assert_eq!(tally(server, &poll, "oneOf").await, (vec![json!(1), json!(1)], json!(2)));
        assert_eq!((server.count("replies").await, server.count("messages").await), (0, 0));
        for words in ["Tuesday", "Wednesday"] {
            let places = server.places_of(words).await;
            assert!(!places.iter().any(|place| place.starts_with("events")), "{words}: {places:?}");
        }
    }

    async fn several_choices_come_one_by_one_or_at_once(server: &TestServer) {
        let poll = asks(server, question(true)).await;
        let peer = server.peer().await;
        let (alice, bob) = (peer.citizen("alice"), peer.citizen("bob"));
        for (path, option) in [("/votes/1", "Monday"), ("/votes/2", "Monday"), ("/votes/3", "Tuesday")] {
            votes(server, &alice, &poll, path, option).await;
        }
        let both = json!([
            vote(server, &bob, &poll, "/votes/4", "Monday"),
            vote(server, &bob, &poll, "/votes/5", "Tuesday"),
        ]);
        bob.says(server, &bob.act("Create", both)).await;
        assert_eq!(tally(server, &poll, "anyOf").await, (vec![json!(2), json!(2)], json!(2)));
    }

    async fn votes_are_told_together_and_the_end_once(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let peer = server.peer().await;
        for name in ["alice", "bob"] {
            votes(server, &peer.citizen(name), &poll, &format!("/votes/{name}"), "Monday").await;
        }
        let updates = async || server.composed().await.into_iter().filter(|it| it["type"] == "Update").collect::<Vec<_>>();
        tended(server).await;
        assert_eq!(updates().await.len(), 0, "not at each vote");
        server.clock.advance(minutes(4));
        tended(server).await;
        tended(server).await;
        let told = updates().await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["object"]["votersCount"], 2);
        assert_eq!(told[0]["object"]["updated"], Value::Null, "nothing was edited");

        // Whoever was down meanwhile closes it late, and once.
        server.clock.advance(minutes(24 * 60));
        let services = &server.services;
        let (one, other) = tokio::join!(services.tend_polls(), services.tend_polls());
        one.unwrap();
        other.unwrap();
        server.settle().await;
        let told = updates().await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[1]["object"]["closed"], "2026-11-24T13:00:00Z");
        let carol = peer.citizen("carol");
        votes(server, &carol, &poll, "/votes/late", "Tuesday").await;
        assert_eq!(tally(server, &poll, "oneOf").await, (vec![json!(2), json!(0)], json!(2)));

        assert_eq!(server.count("poll_votes").await, 2);
        server.clock.advance(minutes(11));
        tended(server).await;
        assert_eq!(server.count("poll_votes").await, 0);
        assert_eq!(server.services.tend_polls().await.unwrap(), None);
        assert_eq!(server.count("record_entries WHERE kind = 36").await, 1);
        let stated = server.texts("SELECT statement AS value FROM record_entries WHERE kind = 36").await;
        let stated: Value = serde_json::from_str(&stated[0]).unwrap();
        assert_eq!(stated["poll"]["options"], json!([{"option": "Monday", "votes": 2}, {"option": "Tuesday", "votes": 0}]));
        server.may_leave(Leftover::Deliveries);
    }

    async fn who_deletes_their_account_stays_counted_without_a_name(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let alice = server.peer().await.citizen("alice");
        votes(server, &alice, &poll, "/votes/1", "Monday").await;
        alice.says(server, &alice.act("Delete", alice.uri.clone())).await;
        assert_eq!(server.count("poll_votes").await, 0);
        assert_eq!(tally(server, &poll, "oneOf").await, (vec![json!(1), json!(0)], json!(1)));
    }

    async fn a_withdrawn_poll_is_over(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let id = server.services.site.announcement_of(&poll).unwrap();
        let clock = server.clock.clone();
        server.services.db.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "Asked wrongly.")).await.unwrap();
        server.settle().await;
        let alice = server.peer().await.citizen("alice");
        votes(server, &alice, &poll, "/votes/1", "Monday").await;
        assert_eq!(server.count("poll_votes").await, 0);
        assert_eq!(server.count("record_entries WHERE kind = 36").await, 1);
    }

    async fn what_is_left_of_a_poll_says_that_it_was_one(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let (_, note) = server.announce("No question.").await;
        for (uri, former) in [(&poll, "Question"), (&note, "Note")] {
            let id = server.services.site.announcement_of(uri).unwrap();
            let clock = server.clock.clone();
            server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "Asked wrongly.").map(drop)).await;
            server.settle().await;
            let gone = server.get(uri, "application/activity+json").await;
            assert_eq!((gone.status.as_u16(), gone.json()["formerType"].clone()), (410, json!(former)));
            let told = server.composed().await;
            let delete = told.iter().find(|it| it["type"] == "Delete" && it["object"]["id"] == **uri).unwrap();
            assert_eq!(delete["object"]["formerType"], former);
        }
        server.may_leave(Leftover::Deliveries);
    }

    async fn it_is_seen_wherever_the_announcement_is(server: &TestServer) {
        let draft = Draft {
            poll: Some(Question { options: vec!["Lundi".to_owned(), "Mardi & mercredi".to_owned()], ..question(true) }),
            language: "fr".to_owned(),
            ..server.draft("Quel jour ?")
        };
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let asked = server.write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, draft)).await;
        server.settle().await;
        let poll = server.services.site.announcement(asked.id);
        let alice = server.peer().await.citizen("alice");
        votes(server, &alice, &poll, "/votes/1", "Lundi").await;
        let page = server.services.site.announcement_page(&server.agency.handle, asked.id);
        // On the agency's page, which is in English, the words about it are.
        for (path, accept, words) in [
            (page.clone(), "text/html", ["Lundi", "1 (100\u{a0}%)", "1 personne a voté", "bulletin secret"]),
            (format!("{page}/embed"), "text/html", ["Lundi", "1 (100\u{a0}%)", "Sondage", "prend fin le"]),
            ("/@water".to_owned(), "text/html", ["Lundi", "1 (100 %)", "Poll", "ends"]),
            ("/@water.rss".to_owned(), "*/*", ["Lundi", "100\u{a0}%", "Sondage", "prend fin le 24 novembre 2026 à 13:00 UTC"]),
            ("/@water.atom".to_owned(), "*/*", ["Lundi", "100\u{a0}%", "Sondage", "plusieurs choix possibles"]),
        ] {
            let text = server.get(&path, accept).await.text();
            for word in words {
                assert!(text.contains(word), "{word} at {path}: {text}");
            }
        }
        server.may_leave(Leftover::Deliveries);
    }

    async fn the_choices_stay_as_they_were_published(server: &TestServer) {
        let poll = asks(server, question(false)).await;
        let id = server.services.site.announcement_of(&poll).unwrap();
        for (asked, fine) in [(Some(question(true)), false), (Some(question(false)), true), (None, true)] {
            let draft = Draft { poll: asked, ..server.draft("Which day, then?") };
            let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
            let edited = server.services.db.write(move |conn| publishing::edit(conn, clock.as_ref(), &site, rules, id, draft)).await;
            assert_eq!(edited.is_ok(), fine, "{edited:?}");
        }
        server.settle().await;
        assert_eq!(server.document(&poll).await["oneOf"][0]["name"], "Monday");
    }
}
