//! The numbers: what is told, and what is not.

use std::time::Duration;

use actapub::agencies::staff::{Mandate, Role};
use actapub::dialogue::numbers::{self, Figure, Grain, Report};
use actapub::dialogue::queue::{self, Which, Wording};

use super::{does, replies, seen, worker, writes};
use crate::harness::{Leftover, TestServer, on_both};

async fn report(server: &TestServer, by: &Mandate, grain: Grain) -> Report {
    let (clock, by) = (server.clock.clone(), by.clone());
    server
        .services
        .db
        .read(move |conn| numbers::report(conn, clock.as_ref(), &by, grain))
        .await
        .unwrap()
}

on_both! {
    async fn few_are_not_told_apart(server: &TestServer) {
        let (said, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let person = server.staff(&[Role::RecordsOfficer]).await;
        for number in 0..19 {
            replies(server, &alice, &uri, &format!("/notes/{number}"), "Is it?").await;
        }
        for number in 0..25 {
            writes(server, &alice, &format!("/letters/{number}"), "In confidence").await;
        }
        let figures = |report: &Report| {
            let last = report.periods.last().unwrap();
            (last.replies, report.announcements[0].replies, report.languages.len(), report.open)
        };
        for grain in Grain::ALL {
            let few = report(server, &person, grain).await;
            assert_eq!(figures(&few), (Figure::Few, Figure::Few, 0, Figure::Few), "private messages are in no number");
            let csv = few.csv(&server.services.site);
            assert!(csv.contains("fewer than 20") && !csv.contains(",19,"), "{csv}");
        }
        replies(server, &alice, &uri, "/notes/19", "Is it?").await;
        let enough = report(server, &person, Grain::Week).await;
        assert_eq!(figures(&enough), (Figure::Exactly(20), Figure::Exactly(20), 1, Figure::Exactly(20)));
        assert_eq!(enough.announcements[0].id, said.id);
        server.may_leave(Leftover::Deliveries);
    }

    async fn answers_and_how_long_they_take(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let chief = worker(server).await;
        for (number, hours) in [(1_u8, 1), (2, 3), (3, 8)] {
            replies(server, &alice, &uri, &format!("/notes/{number}"), "Is it?").await;
            let id = seen(server, &chief, Which::Open).await[0].id;
            server.clock.advance(Duration::from_secs(hours * 3600));
            let draft = does(server, &chief, id, |conn, clock, by, id| queue::answer(conn, clock, by, id, None)).await.unwrap();
            server.publishes(&chief, &server.stands(draft).await).await.unwrap();
            server.settle().await;
        }
        let found = report(server, &chief, Grain::Week).await;
        assert_eq!((found.answers, found.median), (3, Some(Duration::from_secs(3 * 3600))));
        assert_eq!((found.announcements[0].answers, found.overdue), (3, Figure::Few));
        let last = found.periods.last().unwrap();
        assert_eq!((last.answers, last.median), (3, found.median));
        // One in private is an answer as well, and about no announcement.
        writes(server, &alice, "/letters/1", "In confidence").await;
        let id = seen(server, &chief, Which::Open).await[0].id;
        server.clock.advance(Duration::from_secs(3600));
        let wording = Wording { text: "It is.".to_owned(), ..Wording::default() };
        let draft = does(server, &chief, id, move |conn, clock, by, id| queue::answer_with(conn, clock, by, id, wording)).await.unwrap();
        server.publishes(&chief, &server.stands(draft).await).await.unwrap();
        server.settle().await;
        let found = report(server, &chief, Grain::Week).await;
        assert_eq!((found.answers, found.median), (4, Some(Duration::from_secs(2 * 3600))));
        assert_eq!(found.announcements[0].answers, 3);
        server.may_leave(Leftover::Deliveries);
    }

    async fn followers_are_counted_day_by_day(server: &TestServer) {
        let peer = server.peer().await;
        let people: Vec<_> = (0..21).map(|n| peer.citizen(&format!("citizen{n}"))).collect();
        for person in &people {
            person.follows(server).await;
        }
        let officer = server.staff(&[Role::RecordsOfficer]).await;
        let of = |report: &Report| -> Vec<Option<Figure>> {
            report.periods.iter().rev().take(3).map(|it| it.followers).collect()
        };
        assert_eq!(of(&report(server, &officer, Grain::Week).await), [Some(Figure::Exactly(21)), None, None]);
        server.clock.advance(Duration::from_secs(7 * 24 * 3600));
        for person in &people[..2] {
            person.says(server, &person.act("Undo", person.act("Follow", server.actor()))).await;
        }
        assert_eq!(of(&report(server, &officer, Grain::Week).await), [Some(Figure::Few), Some(Figure::Exactly(21)), None]);
        // Whoever begins to count later knows of those who still follow.
        server.execute(vec![
            "DELETE FROM follower_days".to_owned(),
            "DELETE FROM cursors WHERE consumer = 'queue'".to_owned(),
        ]).await;
        server.services.fill_queues().await.unwrap();
        assert_eq!(of(&report(server, &officer, Grain::Week).await), [Some(Figure::Few), Some(Figure::Few), None]);
        server.may_leave(Leftover::Deliveries);
    }
}
