//! Many votes, and votes that come to several processes at once.

use std::time::Duration;

use actapub::app::Services;
use actapub::dialogue::votes::{self, Vote};
use actapub::kernel::ActorId;
use serde_json::json;

use super::{asks, question, tally, vote};
use crate::harness::{Citizen, Database, Leftover, TestServer, on_both};

const VOTERS: i64 = 10_000;
const AT_ONCE: i64 = 500;
/// Above all that tests give out.
const FIRST: i64 = 1_000_000;

/// People on other servers, as far as a vote needs them.
async fn people(server: &TestServer) {
    for lot in 0..VOTERS / AT_ONCE {
        let rows: Vec<String> = (0..AT_ONCE)
            .map(|n| FIRST + lot * AT_ONCE + n)
            .map(|id| {
                format!(
                    "({id}, 'https://far.example/{id}', 'far.example', 'Person', 'p{id}', 'far.example', '', '', \
                     'https://far.example/{id}/inbox', 'https://far.example/inbox', '', 0)"
                )
            })
            .collect();
        let statement = format!(
            "INSERT INTO actors (id, uri, host, kind, handle, domain, name, url, inbox, shared_inbox, document, fetched_at) VALUES {}",
            rows.join(", ")
        );
        server.execute(vec![statement]).await;
    }
}

/// Lets a lot vote, as the inbox does it once it has believed a letter; returns how many were counted.
async fn vote_all(server: &TestServer, poll: &str, lot: i64) -> i64 {
    let id = server.services.site.announcement_of(poll).unwrap();
    let clock = server.clock.clone();
    server
        .write(move |conn| {
            let mut counted = 0;
            for number in lot * AT_ONCE..(lot + 1) * AT_ONCE {
                let option = if number % 3 == 0 { "Monday" } else { "Tuesday" };
                let voter = ActorId::new(FIRST + number);
                let came = votes::vote(conn, clock.as_ref(), id, voter, option)?;
                counted += i64::from(came == Vote::Counted);
            }
            Ok::<_, actapub::platform::db::Error>(counted)
        })
        .await
}

on_both! {
    /// Without their signatures, which take longer than everything else in a program that is not optimised.
    async fn ten_thousand_votes_are_counted_right(server: &TestServer) {
        people(server).await;
        let poll = asks(server, question(false)).await;
        for lot in 0..VOTERS / AT_ONCE {
            assert_eq!(vote_all(server, &poll, lot).await, AT_ONCE);
        }
        // Everybody once, whatever they choose the second time.
        assert_eq!(vote_all(server, &poll, 3).await, 0);
        assert_eq!(tally(server, &poll, "oneOf").await, (vec![json!(3_334), json!(6_666)], json!(VOTERS)));
        assert_eq!(server.count("poll_votes").await, VOTERS);
        // What is kept of a poll does not grow.
        let kept = server.texts("SELECT options || tallies AS value FROM polls").await;
        assert!(kept[0].len() < 64, "{kept:?}");
        // The network is told once, and each server once.
        server.clock.advance(Duration::from_secs(3_600));
        server.services.tend_polls().await.unwrap();
        server.settle().await;
        assert_eq!(server.count("deliveries").await, 1);
        server.clock.advance(Duration::from_secs(3_600));
        server.services.tend_polls().await.unwrap();
        assert_eq!(server.count("poll_votes").await, 0);
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }
}

/// Two servers on one database, each with connections of its own, act upon what came at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_count_together() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let server = TestServer::start(database).await;
    let other = Services::open_with(&server.config, server.clock.clone())
        .await
        .unwrap();
    let poll = asks(&server, question(false)).await;
    let peer = server.peer().await;
    let people: Vec<Citizen> = (0..24)
        .map(|n| peer.citizen(&format!("citizen{n}")))
        .collect();
    // Everybody twice, for different things: whichever is first counts.
    for (n, voter) in people.iter().enumerate() {
        for (k, option) in ["Monday", "Tuesday"].into_iter().enumerate() {
            let said = vote(&server, voter, &poll, &format!("/votes/{n}-{k}"), option);
            let mut create = voter.act("Create", said);
            create["to"] = json!(server.actor());
            let signed = voter.letter(&server, &create).cavage(&voter.key);
            assert!(server.post(&signed).await.status.is_success());
        }
    }
    let (one, two) = (server.services.worker(), other.worker());
    tokio::join!(one.run_until_idle(), two.run_until_idle());
    server.settle().await;
    let (options, voters) = tally(&server, &poll, "oneOf").await;
    let all: u64 = options.iter().map(|it| it.as_u64().unwrap()).sum();
    assert_eq!((all, voters), (24, json!(24)), "{options:?}");
    assert_eq!(server.count("poll_votes").await, 24);

    // The same person at the very same moment, and different ones.
    let second = asks(&server, question(true)).await;
    let id = server.services.site.announcement_of(&second).unwrap();
    let voters = server
        .texts(
            "SELECT CAST(id AS TEXT) AS value FROM actors WHERE handle LIKE 'citizen%' ORDER BY id",
        )
        .await;
    let voters: Vec<ActorId> = voters.iter().map(|id| id.parse().unwrap()).collect();
    let ballot = async |services: &Services| {
        let mut counted = 0;
        for voter in voters.iter().copied() {
            for option in ["Monday", "Tuesday"] {
                let clock = server.clock.clone();
                let came = services
                    .db
                    .write(move |conn| votes::vote(conn, clock.as_ref(), id, voter, option))
                    .await
                    .unwrap();
                counted += u32::from(came == Vote::Counted);
            }
        }
        counted
    };
    let (first, last) = tokio::join!(ballot(&server.services), ballot(&other));
    assert_eq!(first + last, 48);
    assert_eq!(
        tally(&server, &second, "anyOf").await,
        (vec![json!(24), json!(24)], json!(24))
    );
    server.may_leave(Leftover::Deliveries);
    server.finish().await;
}
