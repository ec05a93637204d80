//! Who replies in public gets a receipt in private: once, if they want it, and for what is still there.

use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::kind::Subject;
use actapub::archive::log;
use actapub::archive::receipts;
use actapub::archive::resumptions;
use actapub::kernel::{ActorId, ReplyId};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::audit::{audited, kinds};
use super::traces::is_nowhere;
use crate::harness::{Citizen, Database, Leftover, TestServer};

async fn with_receipts(database: Database) -> TestServer {
    TestServer::with(database, |sources| {
        sources
            .flag("federation.allow_private", "true")
            .flag("record.receipts", "true")
    })
    .await
}

/// The private messages that have reached a citizen's server since it was asked last.
async fn received(server: &TestServer, citizen: &Citizen) -> Vec<Value> {
    server.deliver().await;
    let came = citizen.peer.received().into_iter().map(|it| it.activity);
    came.filter(|activity| activity["to"] == json!([citizen.uri]) && activity["type"] == "Create")
        .collect()
}

/// Something said to the agency alone.
async fn writes(
    server: &TestServer,
    citizen: &Citizen,
    path: &str,
    in_reply_to: &Value,
    text: &str,
) {
    let mut note = citizen.note(path, "", text);
    note["inReplyTo"] = in_reply_to.clone();
    note["to"] = json!([server.actor()]);
    note["cc"] = json!([]);
    note["tag"] = json!([{"type": "Mention", "href": server.actor(), "name": "@water"}]);
    let mut create = citizen.act("Create", note);
    create["to"] = json!([server.actor()]);
    citizen.says(server, &create).await;
}

async fn replies(server: &TestServer, citizen: &Citizen, path: &str, to: &str) -> Value {
    let note = citizen.note(path, to, "Since when?");
    citizen
        .says(server, &citizen.act("Create", note.clone()))
        .await;
    note
}

fn link(message: &Value) -> String {
    let content = message["object"]["content"].as_str().unwrap();
    let link = content.split("href=\"").nth(1).unwrap();
    link.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn a_receipt_comes_once_for_each_thread_and_opens_the_entry() {
    for database in Database::each() {
        let server = with_receipts(database).await;
        let (_, uri) = server.announce("Water is back.").await;
        let (alice, bob) = (
            server.peer().await.citizen("alice"),
            server.peer().await.citizen("bob"),
        );
        let note = replies(&server, &alice, "/notes/1", &uri).await;
        let came = received(&server, &alice).await;
        assert_eq!(came.len(), 1, "{came:?}");
        let message = &came[0];
        assert_eq!(message["actor"], server.actor());
        assert_eq!(message["object"]["inReplyTo"], note["id"]);
        assert_eq!(message["object"]["tag"][0]["href"], json!(alice.uri));
        let content = message["object"]["content"].as_str().unwrap();
        assert!(
            content.contains("entry no. 2 of the public record of Department of water"),
            "{content}"
        );
        // What it leads to is the author's alone.
        let link = link(message);
        let (page, query) = link.split_once('?').unwrap();
        assert!(page.ends_with("/record/water/2"), "{link}");
        let entry = server.get(&format!("{page}.json?{query}"), "").await.json();
        assert_eq!(entry["disclosed"], "to-author");
        assert!(entry["opening"]["salt"].is_string(), "{entry}");
        assert_eq!(server.get(&link, "text/html").await.status, StatusCode::OK);
        // Nobody else has it anywhere.
        for place in [
            message["id"].as_str().unwrap(),
            message["object"]["id"].as_str().unwrap(),
        ] {
            assert_eq!(
                server.get(place, "application/activity+json").await.status,
                StatusCode::NOT_FOUND,
                "{place}"
            );
        }
        let outbox = server
            .document(&format!("{}/outbox?page=1", server.actor()))
            .await
            .to_string();
        assert!(!outbox.contains("receipt="), "{outbox}");
        let page = server.get("/@water", "text/html").await.text();
        assert!(!page.contains("receipt="), "{page}");

        replies(&server, &alice, "/notes/2", &uri).await;
        assert_eq!(
            received(&server, &alice).await,
            Vec::<Value>::new(),
            "once is enough"
        );
        replies(&server, &bob, "/notes/1", note["id"].as_str().unwrap()).await;
        assert_eq!(received(&server, &bob).await.len(), 1);
        let (_, other) = server.announce("And gone again.").await;
        replies(&server, &alice, "/notes/3", &other).await;
        assert_eq!(received(&server, &alice).await.len(), 1, "another thread");
        // They are no part of the record.
        let leaves = kinds(&audited(&server).await);
        assert_eq!(leaves.len(), 7, "{leaves:?}");
        server.finish().await;
    }
}

#[tokio::test]
async fn who_answers_stop_gets_no_more() {
    for database in Database::each() {
        let server = with_receipts(database).await;
        let (_, uri) = server.announce("Water is back.").await;
        let (alice, bob) = (
            server.peer().await.citizen("alice"),
            server.peer().await.citizen("bob"),
        );
        replies(&server, &alice, "/notes/1", &uri).await;
        let came = received(&server, &alice).await;
        let answered = came[0]["object"]["id"].clone();
        // Something else that they write changes nothing.
        writes(
            &server,
            &alice,
            "/notes/2",
            &answered,
            "@water Please do not stop the water!",
        )
        .await;
        let (_, second) = server.announce("And gone again.").await;
        replies(&server, &alice, "/notes/3", &second).await;
        assert_eq!(received(&server, &alice).await.len(), 1);
        writes(&server, &alice, "/notes/4", &answered, "@water Stop.").await;
        let (_, third) = server.announce("Back at last.").await;
        replies(&server, &alice, "/notes/5", &third).await;
        replies(&server, &bob, "/notes/1", &third).await;
        assert_eq!(received(&server, &alice).await, Vec::<Value>::new());
        assert_eq!(received(&server, &bob).await.len(), 1);
        // It was said in private, and is recorded as that.
        assert!(kinds(&audited(&server).await).contains(&"message.received".to_owned()));
        server.finish().await;
    }
}

/// Neither to who has blocked the agency, nor for what is gone: be it before the message is made, or before it goes out.
#[tokio::test]
async fn nothing_is_sent_to_who_is_not_there_for_it() {
    for database in Database::each() {
        let server = with_receipts(database).await;
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        alice
            .says(&server, &alice.act("Block", server.actor()))
            .await;
        replies(&server, &alice, "/notes/1", &uri).await;
        assert_eq!(
            received(&server, &alice).await,
            Vec::<Value>::new(),
            "blocked"
        );

        // Deleted and recorded before the receipts look.
        let bob = server.peer().await.citizen("bob");
        let note = bob.note("/notes/1", &uri, "Since when?");
        let deleted = bob.act("Delete", json!({"type": "Tombstone", "id": note["id"]}));
        for activity in [bob.act("Create", note), deleted] {
            let signed = bob.letter(&server, &activity).cavage(&bob.key);
            assert_eq!(server.post(&signed).await.status, StatusCode::ACCEPTED);
        }
        server.settle().await;
        assert_eq!(
            received(&server, &bob).await,
            Vec::<Value>::new(),
            "deleted"
        );

        // The message is made, and not delivered yet.
        let carol = server.peer().await.citizen("carol");
        let note = replies(&server, &carol, "/notes/1", &uri).await;
        assert_eq!(server.count("deliveries WHERE state = 0").await, 1);
        carol
            .says(
                &server,
                &carol.act("Delete", json!({"type": "Tombstone", "id": note["id"]})),
            )
            .await;
        assert_eq!(
            received(&server, &carol).await,
            Vec::<Value>::new(),
            "deleted meanwhile"
        );
        let dave = server.peer().await.citizen("dave");
        replies(&server, &dave, "/notes/1", &uri).await;
        assert_eq!(server.count("deliveries WHERE state = 0").await, 1);
        dave.says(&server, &dave.act("Block", server.actor())).await;
        assert_eq!(
            received(&server, &dave).await,
            Vec::<Value>::new(),
            "blocked meanwhile"
        );
        let erin = server.peer().await.citizen("erin");
        replies(&server, &erin, "/notes/1", &uri).await;
        writes(&server, &erin, "/notes/2", &Value::Null, "STOP").await;
        assert_eq!(
            received(&server, &erin).await,
            Vec::<Value>::new(),
            "stopped meanwhile"
        );
        audited(&server).await;
        server.finish().await;
    }
}

/// What was said before receipts were switched on, or while they were off, is left alone.
#[tokio::test]
async fn receipts_begin_when_they_are_switched_on() {
    for database in Database::each() {
        let server = TestServer::start(database).await;
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        replies(&server, &alice, "/notes/1", &uri).await;
        let sender = server.services.receipts();
        sender.run_until_idle().await.unwrap();
        assert_eq!(received(&server, &alice).await, Vec::<Value>::new());
        let bob = server.peer().await.citizen("bob");
        replies(&server, &bob, "/notes/1", &uri).await;
        sender.run_until_idle().await.unwrap();
        assert_eq!(received(&server, &bob).await.len(), 1);
        server.write(receipts::switch_off).await;
        let carol = server.peer().await.citizen("carol");
        replies(&server, &carol, "/notes/1", &uri).await;
        sender.run_until_idle().await.unwrap();
        assert_eq!(received(&server, &carol).await, Vec::<Value>::new());
        server.finish().await;
    }
}

#[tokio::test]
async fn nothing_is_left_of_the_receipts_of_who_is_erased() {
    for database in Database::each() {
        let server = with_receipts(database).await;
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice778899");
        replies(&server, &alice, "/notes/1", &uri).await;
        assert_eq!(received(&server, &alice).await.len(), 1);
        assert!(
            server
                .places_of("This is your receipt")
                .await
                .contains(&"activities.body".to_owned())
        );
        let id: ReplyId = server
            .texts("SELECT CAST(id AS TEXT) AS value FROM replies")
            .await[0]
            .parse()
            .unwrap();
        let order = |subject| Order {
            subject,
            class: Class::Article17,
            basis: "gdpr-17-1-b".to_owned(),
            role: "dpo".to_owned(),
        };
        let (clock, agency, terms) = (
            server.clock.clone(),
            server.agency.id,
            order(Subject::Reply(id)),
        );
        server
            .write(move |conn| erasure::order(conn, clock.as_ref(), agency, &terms))
            .await;
        server.settle().await;
        is_nowhere(&server, "This is your receipt").await;
        assert_eq!(server.count("record_receipts").await, 0);
        writes(&server, &alice, "/notes/2", &Value::Null, "STOP").await;
        let (clock, who) = (server.clock.clone(), alice.uri.clone());
        server
            .write(move |conn| {
                let id = actapub::dialogue::actors::id_of(conn, &who)?.unwrap();
                let terms = order(Subject::Actor(ActorId::new(0)));
                while !erasure::order_words_of(conn, clock.as_ref(), id, &terms, 9)?.is_empty() {}
                erasure::order_person(conn, clock.as_ref(), id, &terms)
            })
            .await;
        server.settle().await;
        is_nowhere(&server, "alice778899").await;
        assert_eq!(server.count("record_receipt_stops").await, 0);
        audited(&server).await;
        server.may_leave(Leftover::Deliveries);
        server.finish().await;
    }
}

/// What is recorded late gets its receipt late, and once.
#[tokio::test]
async fn a_stopped_record_delays_its_receipts_and_no_others() {
    for database in Database::each() {
        let server = with_receipts(database).await;
        let transit = server.create_agency("transit").await;
        let (_, uri) = server.announce("Water is back.").await;
        let mut draft = server.draft("The bus is late.");
        draft.agency = transit.id;
        let (clock, site, rules) = (
            server.clock.clone(),
            server.services.site.clone(),
            server.services.rules,
        );
        let bus = server
            .write(move |conn| {
                actapub::publishing::announce(conn, clock.as_ref(), &site, rules, draft)
            })
            .await;
        server.settle().await;
        let agency = server.agency.id;
        server
            .write(move |conn| {
                let log = log::by_agency(conn, agency)?.unwrap();
                log::raise_floors(conn, &[(log.origin, 9)])
            })
            .await;
        let (alice, bob) = (
            server.peer().await.citizen("alice"),
            server.peer().await.citizen("bob"),
        );
        replies(&server, &alice, "/notes/1", &uri).await;
        replies(
            &server,
            &bob,
            "/notes/1",
            &server.services.site.announcement(bus.id),
        )
        .await;
        assert_eq!(
            received(&server, &alice).await,
            Vec::<Value>::new(),
            "there is no entry yet"
        );
        assert_eq!(received(&server, &bob).await.len(), 1);
        let clock = server.clock.clone();
        server
            .write(move |conn| {
                resumptions::resume(conn, clock.as_ref(), agency, "There is no later one.")
            })
            .await;
        server.settle().await;
        server.settle().await;
        let came = received(&server, &alice).await;
        assert_eq!(came.len(), 1);
        assert!(link(&came[0]).contains("/record/water/2?"), "{came:?}");
        assert_eq!(received(&server, &bob).await, Vec::<Value>::new());
        audited(&server).await;
        server.finish().await;
    }
}
