//! Collecting cosignatures: from another server that is a witness, with and without its quorum, and after a backup that
//! is too old was restored.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actapub::app::{Services, Tasks};
use actapub::archive::log::{self, Log};
use actapub::archive::policies::{self, Rules};
use actapub::archive::witnesses::{Collector, cosigners};
use actapub::archive::{keys, recorder};
use actapub::kernel::Timestamp;
use actapub::platform::db;
use actapub::tlog::key::KeyKind;
use actapub::tlog::{Note, Policy, SigningKey};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::audit::{audited, kinds};
use super::witness::witness_for;
use crate::harness::{Database, TestServer};

pub(super) async fn log_of(server: &TestServer) -> Log {
    let agency = server.agency.id;
    server
        .read(move |conn| Ok(log::by_agency(conn, agency)?.unwrap()))
        .await
}

pub(super) async fn vkeys(server: &TestServer) -> Vec<String> {
    let agency = server.agency.id;
    server
        .read(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            keys::verifier_keys(conn, &log, Timestamp::EPOCH)
        })
        .await
}

pub(super) fn rules(text: String) -> Rules {
    Rules {
        policy: Policy::parse(&text).unwrap(),
        text,
    }
}

/// One witness, at an address of its own, that must have cosigned.
fn one(witness: &TestServer, url: &str) -> Rules {
    let vkey = witness.services.web.witness.vkey();
    rules(format!("witness W {vkey} {url}\nquorum W\n"))
}

pub(super) fn collector(server: &TestServer, rules: &Rules) -> Collector {
    let services = &server.services;
    Collector::new(
        services.db.clone(),
        services.clock.clone(),
        services.witness_client.clone(),
        Some(rules.clone()),
        services.bells.checkpoints.clone(),
        services.web.metrics.clone(),
    )
}

/// What stands between a log and a witness, and can be closed.
struct Way {
    url: String,
    open: Arc<AtomicBool>,
    tasks: Tasks,
}

#[derive(Clone)]
struct Beyond {
    open: Arc<AtomicBool>,
    url: String,
    http: reqwest::Client,
}

impl Way {
    async fn to(witness: &TestServer) -> Self {
        let open = Arc::new(AtomicBool::new(true));
        let beyond = Beyond {
            open: open.clone(),
            url: format!("{}/witness/add-checkpoint", witness.base()),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/way/", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/way/add-checkpoint", axum::routing::post(pass))
            .with_state(beyond);
        let tasks = Tasks::new();
        let stop = tasks.stopping();
        tasks.own("way", async move {
            let served =
                axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
            served.await.unwrap();
        });
        Self { url, open, tasks }
    }

    fn is_open(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
    }

    async fn end(self) {
        self.tasks.stop(Duration::from_secs(5)).await;
    }
}

async fn pass(State(beyond): State<Beyond>, body: Bytes) -> Response {
    if !beyond.open.load(Ordering::SeqCst) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let answer = beyond
        .http
        .post(&beyond.url)
        .body(body)
        .send()
        .await
        .unwrap();
    let (status, kind) = (answer.status(), answer.headers()[CONTENT_TYPE].clone());
    let body = answer.bytes().await.unwrap();
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}

/// How long a log has lacked its witnesses, and how often a witness failed, as Prometheus reads it.
fn figure(server: &TestServer, name: &str) -> u64 {
    let text = server.services.web.metrics.encode();
    let line = text.lines().find(|line| line.starts_with(name));
    line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn checkpoints_are_witnessed_and_wait_for_their_quorum() {
    for (database, other) in Database::each().zip(Database::each()) {
        let server = TestServer::start(database).await;
        let (witness, _folder) = witness_for(other, &vkeys(&server).await).await;
        let way = Way::to(&witness).await;
        let rules = one(&witness, &way.url);
        let collector = collector(&server, &rules);
        server.announce("Water is back.").await;
        assert_eq!(collector.round().await.unwrap(), 1);
        let log = log_of(&server).await;
        let witnessed = log.witnessed.clone().unwrap();
        assert_eq!(witnessed.size, log.head.size);
        assert_eq!(log.served(true), Some(&witnessed));
        let note = Note::parse(&witnessed.note).unwrap();
        assert!(rules.policy.judge(&note).satisfied, "{}", witnessed.note);
        // Whoever trusts the log, our own witness or the other finds all of them on it.
        note.verify(&vkeys(&server).await[0].parse().unwrap())
            .unwrap();
        note.verify(server.services.web.witness.vkey()).unwrap();
        assert_eq!(collector.round().await.unwrap(), 0, "nothing is missing");

        // Without the witness the last one stays, and the alarm rises.
        way.is_open(false);
        server.announce("And gone again.").await;
        assert_eq!(collector.round().await.unwrap(), 1);
        let behind = log_of(&server).await;
        assert_eq!(
            behind.witnessed.as_ref().map(|it| it.size),
            Some(witnessed.size)
        );
        assert!(behind.signed.unwrap().size > witnessed.size);
        assert_eq!(
            figure(
                &server,
                "actapub_record_witness_failures_total{witness=\"W\"}"
            ),
            1
        );
        // It is not asked again at once, but soon.
        assert_eq!(collector.round().await.unwrap(), 0);
        server.clock.advance(Duration::from_secs(75));
        assert_eq!(collector.round().await.unwrap(), 1);
        assert_eq!(
            figure(&server, "actapub_record_unwitnessed_seconds{log=\"water\"}"),
            75
        );
        let id = log.id;
        let known = server.read(move |conn| cosigners(conn, id)).await;
        assert_eq!(known[0].size, witnessed.size);
        assert!(
            known[0].failure.as_ref().unwrap().contains("502"),
            "{known:?}"
        );

        way.is_open(true);
        server.clock.advance(Duration::from_secs(75));
        witness.clock.advance(Duration::from_secs(150));
        assert_eq!(collector.round().await.unwrap(), 1);
        let caught_up = log_of(&server).await;
        assert_eq!(
            caught_up.witnessed.as_ref().map(|it| it.size),
            Some(caught_up.head.size)
        );
        assert_eq!(
            figure(&server, "actapub_record_unwitnessed_seconds{log=\"water\"}"),
            0
        );

        // A fresh checkpoint of the same tree is cosigned afresh; another process begins from what it finds.
        for server in [&server, &witness] {
            server.clock.advance(Duration::from_secs(601));
        }
        server.settle().await;
        let restarted = self::collector(&server, &rules);
        assert_eq!(restarted.round().await.unwrap(), 1);
        let note = Note::parse(&log_of(&server).await.witnessed.unwrap().note).unwrap();
        let fresh = note
            .verify(witness.services.web.witness.vkey())
            .unwrap()
            .timestamp;
        assert_eq!(fresh, u64::try_from(server.now().seconds()).ok());
        let own = note
            .verify(server.services.web.witness.vkey())
            .unwrap()
            .timestamp;
        assert_eq!(own, fresh, "the server's own line is as fresh");
        assert_eq!(restarted.round().await.unwrap(), 0);
        audited(&server).await;
        way.end().await;
        witness.finish().await;
        server.finish().await;
    }
}

/// The last one that enough have cosigned stays where verifiers look; the newer one is beside it, and says what it lacks.
#[tokio::test]
async fn what_lacks_its_witnesses_is_served_beside_and_marked() {
    for (database, other) in Database::each().zip(Database::each()) {
        let server = TestServer::start(database).await;
        let (witness, _folder) = witness_for(other, &vkeys(&server).await).await;
        let way = Way::to(&witness).await;
        let rules = one(&witness, &way.url);
        let (clock, adopted) = (server.clock.clone(), rules.clone());
        server
            .write(move |conn| policies::adopt_rules(conn, clock.as_ref(), Some(&adopted)))
            .await;
        server.settle().await;
        // As long as nobody has cosigned anything there is none.
        let answered = async |path: &str| {
            let reply = server.get(&format!("/record/water/{path}"), "").await;
            (
                reply.status.as_u16(),
                reply.header("actapub-witnessed").to_owned(),
                reply.text(),
            )
        };
        assert_eq!(answered("checkpoint").await.0, 404);
        let (status, witnessed, _) = answered("checkpoint/unwitnessed").await;
        assert_eq!((status, witnessed.as_str()), (200, "no"));
        collector(&server, &rules).round().await.unwrap();
        let (status, witnessed, before) = answered("checkpoint").await;
        assert_eq!((status, witnessed.as_str()), (200, "yes"));
        assert_eq!(answered("checkpoint/unwitnessed").await.1, "yes");

        way.is_open(false);
        server.announce("And gone again.").await;
        collector(&server, &rules).round().await.unwrap();
        let size = log_of(&server).await.head.size;
        assert_eq!(
            answered("checkpoint").await,
            (200, "yes".to_owned(), before)
        );
        let (status, witnessed, newer) = answered("checkpoint/unwitnessed").await;
        assert_eq!((status, witnessed.as_str()), (200, "no"));
        assert!(
            newer.contains(&format!("/record/water\n{size}\n")),
            "{newer}"
        );
        assert!(!rules.policy.judge(&Note::parse(&newer).unwrap()).satisfied);
        // Pages and documents say it, and a proof of the newest entry is made against it.
        let record = server.get("/record/water.json", "").await.json();
        assert_eq!(
            (
                &record["checkpoint"]["witnessed"],
                &record["unwitnessed"]["witnessed"],
                &record["unwitnessed"]["size"]
            ),
            (&true.into(), &false.into(), &size.into())
        );
        let page = server.get("/record/water", "text/html").await.text();
        assert!(page.contains("Signed since, witnesses to follow"), "{page}");
        let entry = server
            .get(&format!("/record/water/{}.json", size - 1), "")
            .await
            .json();
        assert_eq!(entry["checkpoint"]["witnessed"], false);
        let url = entry["checkpoint"]["url"].as_str().unwrap();
        assert!(
            url.ends_with("/record/water/checkpoint/unwitnessed"),
            "{url}"
        );
        let (_, _, proof) = answered(&format!("{}/proof", size - 1)).await;
        assert!(
            proof.contains(newer.split("\n\n").next().unwrap()),
            "{proof}"
        );
        assert_eq!(
            figure(
                &server,
                "actapub_record_witness_failures_total{witness=\"W\"}"
            ),
            1
        );

        way.is_open(true);
        server.clock.advance(Duration::from_secs(75));
        witness.clock.advance(Duration::from_secs(75));
        collector(&server, &rules).round().await.unwrap();
        assert_eq!(
            answered("checkpoint").await.2,
            answered("checkpoint/unwitnessed").await.2.clone()
        );
        assert_eq!(answered("checkpoint/unwitnessed").await.1, "yes");
        audited(&server).await;
        way.end().await;
        witness.finish().await;
        server.finish().await;
    }
}

/// Two of three, of which one gives no answer and another signs with a key that nobody asked for.
#[tokio::test]
async fn only_cosignatures_that_the_policy_names_count() {
    let server = TestServer::start(Database::sqlite()).await;
    let (good, _folder) = witness_for(Database::sqlite(), &vkeys(&server).await).await;
    let unasked = SigningKey::from_seed("else", KeyKind::Cosignature, &[3; 32]).unwrap();
    let nowhere = SigningKey::from_seed("nowhere", KeyKind::Cosignature, &[4; 32]).unwrap();
    let (good_key, good_url) = (
        good.services.web.witness.vkey(),
        format!("{}/witness", good.base()),
    );
    let (unasked, nowhere) = (unasked.verifier(), nowhere.verifier());
    let rules = rules(format!(
        "witness A {good_key} {good_url}\nwitness B {unasked} {good_url}\nwitness C {nowhere} http://127.0.0.1:1/w\ngroup G 2 A B C\nquorum G\n"
    ));
    let collector = collector(&server, &rules);
    assert_eq!(collector.round().await.unwrap(), 3);
    let log = log_of(&server).await;
    assert_eq!(log.witnessed, None);
    let id = log.id;
    let known = server.read(move |conn| cosigners(conn, id)).await;
    let failure = |key: String| {
        known
            .iter()
            .find(|it| it.vkey == key)
            .unwrap()
            .failure
            .clone()
    };
    assert_eq!(failure(good_key.to_string()), None);
    assert!(
        failure(unasked.to_string())
            .unwrap()
            .contains("no valid cosignature")
    );
    assert!(failure(nowhere.to_string()).is_some());
    good.finish().await;
    server.finish().await;
}

/// What an old backup brings back must not be signed a second time, in another way.
#[tokio::test]
async fn a_restored_backup_that_is_too_old_is_noticed_before_anything_is_signed() {
    for (database, other) in Database::each().zip(Database::each()) {
        let server = TestServer::start(database).await;
        let (witness, _folder) = witness_for(other, &vkeys(&server).await).await;
        let rules = one(&witness, &format!("{}/witness", witness.base()));
        collector(&server, &rules).round().await.unwrap();
        let file = server.data.path().join("old.db");
        db::backup(&server.database.location, &file, &mut |_| {}).unwrap();
        server.announce("After the backup.").await;
        collector(&server, &rules).round().await.unwrap();
        let seen = log_of(&server).await.head.size;
        db::restore(&file, &server.database.location, &mut |_| {}).unwrap();

        // The server starts: what was signed last is offered before anything new is.
        let before = log_of(&server).await;
        collector(&server, &rules).offer_stored().await;
        let log = log_of(&server).await;
        assert_eq!(
            (log.floor, log.head, &log.signed),
            (seen, before.head, &before.signed)
        );
        let draft = server.draft("What was said there before, in other words.");
        let (clock, site, limits) = (
            server.clock.clone(),
            server.services.site.clone(),
            server.services.rules,
        );
        server
            .write(move |conn| {
                actapub::publishing::announce(conn, clock.as_ref(), &site, limits, draft)
            })
            .await;
        server.services.outbox().run_until_idle().await;
        // The process that would sign remembers no tree of later.
        let services = Services::open_with(&server.config, server.clock.clone())
            .await
            .unwrap();
        let recorder = services.recorder();
        recorder.run_until_idle().await.unwrap();
        let refusal = recorder::refusal(&log_of(&server).await).unwrap();
        assert!(
            refusal.contains("a later backup has to be restored"),
            "{refusal}"
        );
        // Neither is an old checkpoint made to look fresh.
        server.clock.advance(Duration::from_secs(3_600));
        recorder.run_until_idle().await.unwrap();
        let after = log_of(&server).await;
        assert_eq!((after.head, after.signed), (before.head, before.signed));
        assert!(server.read(recorder::backlog).await > 0);
        witness.finish().await;
        server.stop().await;
    }
}

/// A policy is part of the record: of logs that are there, and of those that begin later.
#[tokio::test]
async fn the_record_says_who_watches_it() {
    for database in Database::each() {
        let server = TestServer::start(database).await;
        let key = SigningKey::from_seed("w.example", KeyKind::Cosignature, &[3; 32]).unwrap();
        let first = rules(format!(
            "witness W {} https://w.example/\nquorum W\n",
            key.verifier()
        ));
        for rules in [Some(first.clone()), Some(first), None] {
            let clock = server.clock.clone();
            server
                .write(move |conn| policies::adopt_rules(conn, clock.as_ref(), rules.as_ref()))
                .await;
            server.settle().await;
        }
        assert_eq!(
            kinds(&audited(&server).await),
            [
                "agency.created",
                "policy.changed",
                "witness.added",
                "policy.changed"
            ]
        );
        let current = server.read(policies::current).await;
        assert_eq!(current.as_deref(), Some("quorum none\n"));
        server.create_agency("transit").await;
        server.settle().await;
        let later = server
            .read(|conn| {
                let log = log::by_name(conn, "transit")?.unwrap();
                log::leaves(conn, log.id, 0, 10)
            })
            .await;
        assert_eq!(later.len(), 2, "{later:?}");
        assert!(later[1].contains("policy.changed"), "{later:?}");
        server.finish().await;
    }
}
