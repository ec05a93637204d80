//! How things come into the queue, and how they leave it without anybody's doing.

use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::kind::Subject as Recorded;
use actapub::dialogue::queue::{self, AnsweredBy, Kind, State, Subject, Which};
use serde_json::json;

use super::{does, kinds, quotes, replies, reports, seen, worker, writes};
use crate::harness::{Citizen, Leftover, TestServer, on_both};

on_both! {
    async fn whatever_is_sent_comes_in_once(server: &TestServer) {
        let (said, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let mut mention = alice.note("/notes/2", "", "Hello @water");
        mention["inReplyTo"] = json!(null);
        mention["tag"] = json!([{"type": "Mention", "href": server.actor(), "name": "@water"}]);
        mention["cc"] = json!([server.actor()]);
        alice.says(server, &alice.act("Create", mention)).await;
        writes(server, &alice, "/notes/3", "In confidence").await;
        quotes(server, &alice, &uri, "/notes/4").await;
        reports(server, &alice, json!([server.actor(), uri])).await;
        let person = worker(server).await;
        let items = seen(server, &person, Which::Open).await;
        assert_eq!(kinds(&items), [Kind::Reply, Kind::Mention, Kind::Message, Kind::Quote, Kind::Report]);
        assert_eq!((items[0].thread, items[3].thread, items[1].thread), (Some(said.id), Some(said.id), None));

        // A database without a queue, such as that of an older version: everything comes in at the first start.
        server.execute(vec![
            "DELETE FROM queue_items".to_owned(),
            "DELETE FROM cursors WHERE consumer = 'queue'".to_owned(),
        ]).await;
        // Two processes at once.
        let (one, two) = tokio::join!(server.services.fill_queues(), server.services.fill_queues());
        one.unwrap();
        two.unwrap();
        let again = seen(server, &person, Which::Open).await;
        assert_eq!(kinds(&again), kinds(&items));
        assert_eq!(again[0].received_at, items[0].received_at);
        server.may_leave(Leftover::Deliveries);
    }

    async fn what_is_edited_waits_again(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let person = worker(server).await;
        let id = seen(server, &person, Which::Open).await[0].id;
        does(server, &person, id, queue::done).await.unwrap();
        assert!(seen(server, &person, Which::Open).await.is_empty());
        server.clock.advance(std::time::Duration::from_secs(60));
        let mut edited = Citizen::edited(&note, "Is it drinkable?", "2026-11-24T12:00:30Z");
        edited["contentMap"] = json!({"fr": "<p>Is it drinkable?</p>"});
        alice.says(server, &alice.act("Update", edited)).await;
        let open = seen(server, &person, Which::Open).await;
        assert_eq!((open[0].id, open[0].since), (id, server.now()));
        assert!(open[0].received_at < open[0].since);
        // What its author says besides is an entry of its own.
        replies(server, &alice, &uri, "/notes/2", "And warm?").await;
        let open = seen(server, &person, Which::Open).await;
        assert_eq!(open.len(), 2);
        let by = person.clone();
        let others = does(server, &person, id, move |conn, _, _, id| {
            let item = queue::find(conn, &by, id)?;
            queue::others_by_author(conn, &by, &item, 10)
        }).await.unwrap();
        assert_eq!(others.iter().map(|it| it.id).collect::<Vec<_>>(), [open[1].id]);
        server.may_leave(Leftover::Deliveries);
    }

    async fn what_is_deleted_leaves(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let reply = replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let letter = writes(server, &alice, "/notes/2", "In confidence").await;
        let quote = quotes(server, &alice, &uri, "/notes/3").await;
        let person = worker(server).await;
        let open = seen(server, &person, Which::Open).await;
        assert_eq!(open.len(), 3);
        for item in &open {
            does(server, &person, item.id, |conn, clock, by, id| queue::note(conn, clock, by, id, "a private remark")).await.unwrap();
        }
        for gone in [&reply, &letter, &quote] {
            alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": gone["id"]}))).await;
        }
        assert!(seen(server, &person, Which::Everything).await.is_empty());
        for item in &open {
            let found = does(server, &person, item.id, |conn, _, by, id| queue::find(conn, by, id)).await;
            assert!(matches!(found, Err(queue::Error::NotFound)), "{found:?}");
        }
        assert_eq!(server.count("queue_notes").await, 0, "notes go with what they are about");
        assert_eq!(server.count("queue_items WHERE actor_id IS NOT NULL").await, 0);
        server.may_leave(Leftover::Deliveries);
    }

    async fn erasure_takes_notes_and_unsent_answers_along(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice7788");
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        writes(server, &alice, "/notes/2", "In confidence").await;
        reports(server, &alice, json!([uri])).await;
        let person = worker(server).await;
        let open = seen(server, &person, Which::Open).await;
        for item in &open {
            does(server, &person, item.id, |conn, clock, by, id| queue::note(conn, clock, by, id, "said to be 99887766")).await.unwrap();
        }
        let draft = does(server, &person, open[0].id, |conn, clock, by, id| queue::answer(conn, clock, by, id, None)).await.unwrap();
        assert!(server.places_of("alice7788").await.contains(&"draft_versions.proposal".to_owned()));
        for item in &open {
            let subject = match item.subject {
                Subject::Reply(id) | Subject::Mention(id) => Recorded::Reply(id),
                Subject::Message(id) => Recorded::Message(id),
                Subject::Report(id) => Recorded::Report(id),
                Subject::Quote(_) => unreachable!(),
            };
            let (clock, agency) = (server.clock.clone(), server.agency.id);
            server.write(move |conn| {
                let order = Order { subject, class: Class::Article17, basis: "code-1".to_owned(), role: "records-officer".to_owned() };
                erasure::order(conn, clock.as_ref(), agency, &order)
            }).await;
            server.settle().await;
        }
        for trace in ["99887766", "alice7788"] {
            assert!(!server.places_of(trace).await.iter().any(|place| place.starts_with("queue") || place.starts_with("draft")), "{trace}");
        }
        assert!(seen(server, &person, Which::Everything).await.is_empty());
        assert_eq!(server.stands(draft).await.standing(), actapub::publishing::drafts::Standing::Discarded);
        server.may_leave(Leftover::Deliveries);
    }

    async fn an_answer_counts_whichever_way_it_was_published(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let person = worker(server).await;
        let item = seen(server, &person, Which::Open).await[0].clone();
        server.clock.advance(std::time::Duration::from_secs(3600));
        // Past the queue, as a command does.
        let mut draft = server.draft("It is.");
        let reply = server.texts("SELECT uri AS value FROM replies").await[0].clone();
        draft.answering = Some(actapub::publishing::Answering { uri: reply, thread: item.thread });
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let answer = server.write(move |conn| actapub::publishing::announce(conn, clock.as_ref(), &site, rules, draft)).await;
        server.settle().await;
        let closed = seen(server, &person, Which::Closed).await;
        assert_eq!(closed[0].state, State::Answered { by: AnsweredBy::Announcement(answer.id), at: server.now() });
        // Taken back, it is an answer no more.
        let clock = server.clock.clone();
        server.write(move |conn| actapub::publishing::withdraw(conn, clock.as_ref(), answer.id, "Wrong.")).await;
        server.settle().await;
        assert_eq!(seen(server, &person, Which::Open).await[0].id, item.id);
        server.may_leave(Leftover::Deliveries);
    }
}
