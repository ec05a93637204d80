//! Who is at what: locks, assignments, answers, and who may do any of it.

use std::time::Duration;

use actapub::agencies::staff::{Mandate, Right, Role};
use actapub::dialogue::queue::templates::{self, Written};
use actapub::dialogue::queue::{self, AnsweredBy, Error, Kind, State, Which};
use actapub::kernel::QueueItemId;
use actapub::publishing::drafts::{self, Standing};

use super::{does, replies, seen, worker, writes};
use crate::harness::{Leftover, TestServer, on_both};

const ACTS: [&str; 8] = [
    "find", "take", "release", "assign", "note", "answer", "done", "reopen",
];

async fn acts(
    server: &TestServer,
    by: &Mandate,
    item: QueueItemId,
    name: &'static str,
) -> Result<(), Error> {
    does(server, by, item, move |conn, clock, by, id| {
        match name {
            "find" => drop(queue::find(conn, by, id)?),
            "take" => drop(queue::take(conn, clock, by, id)?),
            "release" => drop(queue::release(conn, clock, by, id)?),
            "assign" => drop(queue::assign(conn, clock, by, id, None)?),
            "note" => queue::note(conn, clock, by, id, "A remark.")?,
            "answer" => drop(queue::answer(conn, clock, by, id, None)?),
            "done" => drop(queue::done(conn, clock, by, id)?),
            "reopen" => drop(queue::reopen(conn, clock, by, id)?),
            other => panic!("{other}"),
        }
        Ok(())
    })
    .await
}

on_both! {
    async fn who_takes_it_keeps_others_away_for_ten_minutes(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let (ada, ben) = (worker(server).await, worker(server).await);
        let id = seen(server, &ada, Which::Open).await[0].id;
        does(server, &ada, id, queue::take).await.unwrap();
        for name in ["take", "release", "answer", "done"] {
            let refused = acts(server, &ben, id, name).await;
            assert!(matches!(refused, Err(Error::InHands(by)) if Some(by) == ada.person()), "{name}: {refused:?}");
        }
        // Somebody else may note something; that takes it from nobody.
        acts(server, &ben, id, "note").await.unwrap();
        assert_eq!(seen(server, &ada, Which::Mine).await.len(), 1);
        assert_eq!(seen(server, &ben, Which::Mine).await.len(), 0);

        // Work renews it …
        server.clock.advance(Duration::from_secs(9 * 60));
        acts(server, &ada, id, "note").await.unwrap();
        server.clock.advance(Duration::from_secs(9 * 60));
        assert!(acts(server, &ben, id, "take").await.is_err());
        // … and after ten minutes without any others are let in.
        server.clock.advance(Duration::from_secs(60));
        acts(server, &ben, id, "take").await.unwrap();
        assert!(matches!(acts(server, &ada, id, "done").await, Err(Error::InHands(_))));
        acts(server, &ben, id, "release").await.unwrap();
        acts(server, &ada, id, "done").await.unwrap();
        assert!(matches!(acts(server, &ada, id, "take").await, Err(Error::Closed)));
        let trail = server.texts("SELECT act AS value FROM staff_trail WHERE act LIKE '%queue%' ORDER BY id").await;
        assert_eq!(trail.iter().map(|it| it.trim_matches('"')).collect::<Vec<_>>(), ["queue-taken", "queue-noted", "queue-noted", "queue-taken", "queue-done"]);
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn nobody_answers_twice(server: &TestServer) {
        let (said, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        let (ada, ben) = (worker(server).await, worker(server).await);
        let id = seen(server, &ada, Which::Open).await[0].id;
        let clock = server.clock.clone();
        let by = ada.clone();
        let template = server.write(move |conn| {
            templates::add(conn, clock.as_ref(), &by, Written { name: "Drinkable".to_owned(), language: "en".to_owned(), text: "It **is**.".to_owned() })
        }).await;
        // Both press at the same moment.
        let first = does(server, &ada, id, move |conn, clock, by, id| queue::answer(conn, clock, by, id, Some(template)));
        let second = does(server, &ben, id, move |conn, clock, by, id| queue::answer(conn, clock, by, id, Some(template)));
        let (first, second) = tokio::join!(first, second);
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
        assert_eq!(server.count("drafts").await, 1);
        let (winner, draft) = match (first, second) { (Ok(draft), _) => (ada.clone(), draft), (_, Ok(draft)) => (ben.clone(), draft), _ => unreachable!() };
        // The lock runs out, and the draft stands: still nobody begins another.
        server.clock.advance(Duration::from_secs(11 * 60));
        for by in [&ada, &ben] {
            assert!(matches!(acts(server, by, id, "answer").await, Err(Error::BeingAnswered(it)) if it == draft));
        }
        let standing = server.stands(draft).await;
        let content = standing.proposals().next().unwrap().contents()[0].clone();
        assert!(content.markdown.starts_with("@alice@"), "{}", content.markdown);
        assert!(content.markdown.ends_with(" It **is**."), "{}", content.markdown);
        assert_eq!(content.mentions[0].uri, alice.uri);

        // Given up, another may be begun; published, it is the answer.
        let (clock, by) = (server.clock.clone(), winner.clone());
        server.desk(move |conn, _| drafts::discard(conn, clock.as_ref(), &by, draft)).await.unwrap();
        let again = does(server, &ben, id, |conn, clock, by, id| queue::answer(conn, clock, by, id, None)).await.unwrap();
        let done = server.publishes(&ben, &server.stands(again).await).await.unwrap();
        server.settle().await;
        let answer = done[0].announcement.as_ref().unwrap();
        assert_eq!(answer.thread, said.id);
        let closed = seen(server, &ada, Which::Closed).await;
        assert_eq!(closed[0].state, State::Answered { by: AnsweredBy::Announcement(answer.id), at: server.now() });
        assert_eq!(server.stands(again).await.standing(), Standing::Published);
        server.may_leave(Leftover::Deliveries);
    }

    async fn each_role_may_do_what_the_table_says(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let gas = server.create_agency("gas").await;
        for role in Role::ALL {
            let person = server.staff(&[role]).await;
            let stranger = server.hire(gas.id, &[role]).await;
            let stranger = server.mandate(gas.id, stranger).await;
            for name in ACTS {
                replies(server, &alice, &uri, &format!("/notes/{role}-{name}"), "Is it?").await;
                writes(server, &alice, &format!("/letters/{role}-{name}"), "In confidence").await;
                let chief = worker(server).await;
                let mut open = seen(server, &chief, Which::Open).await;
                open.reverse();
                for kind in [Kind::Reply, Kind::Message] {
                    let item = open.iter().find(|it| it.kind() == kind).unwrap().clone();
                    let own = seen(server, &chief, Which::Open).await.len();
                    let refused = acts(server, &stranger, item.id, name).await;
                    assert!(matches!(refused, Err(Error::NotFound | Error::Refused(_))), "{role} {name}: {refused:?}");
                    if name == "reopen" {
                        acts(server, &chief, item.id, "done").await.unwrap();
                    }
                    let may = person.allows(Right::WorkQueue) && (kind == Kind::Reply || person.allows(Right::ReadPrivate));
                    match acts(server, &person, item.id, name).await {
                        Ok(()) => assert!(may, "{role} {name} {kind}"),
                        Err(Error::Refused(_) | Error::NotFound) => {
                            assert!(!may, "{role} {name} {kind}");
                            let left = seen(server, &chief, Which::Everything).await;
                            assert!(left.iter().any(|it| it.id == item.id && it.held_by(server.now()).is_none()), "{own}");
                        }
                        Err(error) => panic!("{role} {name} {kind}: {error}"),
                    }
                }
            }
            if person.allows(Right::WorkQueue) && !person.allows(Right::ReadPrivate) {
                let all = seen(server, &person, Which::Everything).await;
                assert!(all.iter().all(|it| it.kind() != Kind::Message), "{role}");
                let (clock, by) = (server.clock.clone(), person.clone());
                let counts = server.services.db.read(move |conn| {
                    let standing = queue::look(conn, clock.as_ref(), &by)?;
                    Ok::<_, Error>(queue::counts(conn, standing)?)
                }).await.unwrap();
                assert!(counts.iter().all(|it| it.kind != Kind::Message), "not even how many");
            }
        }
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn it_is_assigned_to_who_may_see_it(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        writes(server, &alice, "/notes/2", "In confidence").await;
        let chief = worker(server).await;
        let open = seen(server, &chief, Which::Open).await;
        let author = server.staff(&[Role::Author]).await.person();
        let officer = server.staff(&[Role::RecordsOfficer]).await.person();
        let gas = server.create_agency("gas").await;
        let elsewhere = Some(server.hire(gas.id, &Role::ALL).await);
        for (item, to, may) in [
            (&open[0], author, true),
            (&open[0], None, true),
            (&open[0], officer, false),
            (&open[0], elsewhere, false),
            (&open[1], author, false),
            (&open[1], chief.person(), true),
        ] {
            let done = does(server, &chief, item.id, move |conn, clock, by, id| queue::assign(conn, clock, by, id, to)).await;
            match done {
                Ok(item) => assert_eq!((item.assigned_to, may), (to, true)),
                Err(Error::Nobody) => assert!(!may),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(seen(server, &chief, Which::Mine).await.len(), 1);
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn who_waits_too_long_is_overdue(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        server.works_by(actapub::publishing::house::HouseRules { answer_within_hours: 2, ..Default::default() }).await;
        replies(server, &alice, &uri, "/notes/1", "Is it?").await;
        super::quotes(server, &alice, &uri, "/notes/2").await;
        let person = worker(server).await;
        server.clock.advance(Duration::from_secs(2 * 3600));
        assert!(seen(server, &person, Which::Overdue).await.is_empty());
        server.clock.advance(Duration::from_secs(1));
        let late = seen(server, &person, Which::Overdue).await;
        assert_eq!(super::kinds(&late), [Kind::Reply], "nobody waits who quotes");
        server.may_leave(Leftover::Deliveries);
    }
}
