//! A log of which more was seen elsewhere stops, and no other; who is believed in that; and how it goes on.

use std::time::Duration;

use actapub::app::{Services, Tasks};
use actapub::archive::log::{self, Log};
use actapub::archive::policies::Rules;
use actapub::archive::recorder::{self, Recorder};
use actapub::archive::witnesses::{Collector, cosigners};
use actapub::archive::{marks, resumptions, search};
use actapub::kernel::{AgencyId, Clock as _, SystemClock};
use actapub::platform::db;
use actapub::tlog::key::KeyKind;
use actapub::tlog::{Policy, SigningKey};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::audit::{audited, kinds};
use super::witness::witness_for;
use crate::commands::stage::{Stage, on_each};
use crate::harness::{Database, TestServer, on_both};
use crate::process::until;

/// What a liar says that it has seen.
const LIE: u64 = 1_000_000;

/// A witness that answers everything with a number, and shows no checkpoint.
struct Liar {
    url: String,
    key: SigningKey,
    tasks: Tasks,
}

impl Liar {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/liar", listener.local_addr().unwrap());
        let lie = || async {
            (
                StatusCode::CONFLICT,
                [(CONTENT_TYPE, "text/x.tlog.size")],
                format!("{LIE}\n"),
            )
        };
        let router = Router::new().route("/liar/add-checkpoint", axum::routing::post(lie));
        let tasks = Tasks::new();
        let stop = tasks.stopping();
        tasks.own("liar", async move {
            let served =
                axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
            served.await.unwrap();
        });
        Self {
            url,
            key: SigningKey::from_seed("liar.example", KeyKind::Cosignature, &[9; 32]).unwrap(),
            tasks,
        }
    }

    fn rules(&self) -> Rules {
        let text = format!(
            "witness Liar {} {}\nquorum none\n",
            self.key.verifier(),
            self.url
        );
        Rules {
            policy: Policy::parse(&text).unwrap(),
            text,
        }
    }

    async fn end(self) {
        self.tasks.stop(Duration::from_secs(5)).await;
    }
}

fn collector(server: &TestServer, rules: &Rules) -> Collector {
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

async fn log_of(server: &TestServer, agency: AgencyId) -> Log {
    server
        .read(move |conn| Ok(log::by_agency(conn, agency)?.unwrap()))
        .await
}

async fn water(server: &TestServer) -> Log {
    log_of(server, server.agency.id).await
}

async fn resume(server: &TestServer) -> Result<(), String> {
    let (clock, agency) = (server.clock.clone(), server.agency.id);
    let resumed = server.services.db.write(move |conn| {
        resumptions::resume(conn, clock.as_ref(), agency, "The newer disk is lost.")
    });
    resumed.await.map(drop).map_err(|error| error.to_string())
}

/// A recorder that remembers nothing, as after a start.
async fn started(server: &TestServer) -> Recorder {
    let services = Services::open_with(&server.config, server.clock.clone())
        .await
        .unwrap();
    let recorder = services.recorder();
    recorder.check().await.unwrap();
    recorder.recollect().await.unwrap();
    recorder
}

/// The statement of the newest entry of the agency's log.
async fn last_statement(server: &TestServer) -> serde_json::Value {
    let size = water(server).await.head.size;
    let path = format!("/record/water/{}.json", size - 1);
    server.get(&path, "").await.json()["statement"].clone()
}

on_both! {
    async fn a_lying_witness_stops_nothing(server: &TestServer) {
        let liar = Liar::start().await;
        let rules = liar.rules();
        let collector = collector(server, &rules);
        assert_eq!(collector.round().await.unwrap(), 1);
        let log = water(server).await;
        assert_eq!((log.floor, log.doubted_at), (0, None));
        let id = log.id;
        let known = server.read(move |conn| cosigners(conn, id)).await;
        assert!(known[0].failure.as_ref().unwrap().contains("it is not believed"), "{known:?}");
        assert!(known[0].size < LIE, "what was not proven is not kept");
        server.announce("Water is back.").await;
        // Neither after a restart: what is noted beside the database says that it is the newest.
        started(server).await;
        collector.offer_stored().await;
        let log = water(server).await;
        assert_eq!((log.floor, log.doubted_at), (0, None));
        assert_eq!(kinds(&audited(server).await), ["agency.created", "announcement.published"]);
        liar.end().await;
    }

    /// A database that came from somewhere else may be an old one: then a bare number counts, until the operator decides.
    async fn where_nothing_tells_how_old_the_database_is_a_witness_is_believed(server: &TestServer) {
        let liar = Liar::start().await;
        let (rules, transit) = (liar.rules(), server.create_agency("transit").await);
        server.announce("Water is back.").await;
        std::fs::remove_file(server.data.path().join("signed.jsonl")).unwrap();
        let recorder = started(server).await;
        assert!(water(server).await.doubted_at.is_some());
        let collector = collector(server, &rules);
        collector.offer_stored().await;
        let log = water(server).await;
        assert_eq!(log.floor, LIE);
        assert!(recorder::refusal(&log).unwrap().contains("actapub record resume"));
        assert_eq!(resume(server).await, Ok(()));
        assert_eq!(resume(server).await.unwrap_err(), "the record is not stopped: there is nothing to decide");
        let (clock, id) = (server.clock.clone(), transit.id);
        server.write(move |conn| resumptions::resume(conn, clock.as_ref(), id, "It is the same machine.")).await;
        server.services.outbox().run_until_idle().await;
        recorder.run_until_idle().await.unwrap();
        assert_eq!(kinds(&audited(server).await)[2..], ["log.resumed"]);
        assert_eq!(
            last_statement(server).await,
            serde_json::json!({"act": "log.resumed", "reason": "The newer disk is lost.", "seen": LIE, "size": 2})
        );
        // What was decided stands, and the liar is not believed a second time.
        started(server).await;
        server.clock.advance(Duration::from_secs(120));
        collector.offer_stored().await;
        assert_eq!(water(server).await.floor, 0);
        liar.end().await;
        server.settle().await;
    }

    /// What a log itself has signed stops it, and it alone; nothing is lost of what happens meanwhile.
    async fn only_the_log_that_is_behind_stops(server: &TestServer) {
        let transit = server.create_agency("transit").await;
        server.announce("Water is back.").await;
        let (agency, seen) = (server.agency.id, 5);
        server.write(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            log::raise_floors(conn, &[(log.origin, seen)])
        }).await;
        let at_transit = |text: &str| {
            let mut draft = server.draft(text);
            draft.agency = transit.id;
            draft
        };
        for n in 1..=3 {
            let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
            let draft = at_transit(&format!("The bus is late, time {n}."));
            server.write(move |conn| actapub::publishing::announce(conn, clock.as_ref(), &site, rules, draft)).await;
            server.announce(&format!("The pipe is dry, time {n}.")).await;
        }
        let (stopped, other) = (water(server).await, log_of(server, transit.id).await);
        assert_eq!((stopped.head.size, other.head.size), (2, 4));
        assert_eq!(other.signed.map(|it| it.size), Some(4));
        assert_eq!(server.read(recorder::backlog).await, 3);
        let found = async |log: actapub::kernel::LogId| {
            server.read(move |conn| search::find(conn, log, "time", None, 10)).await.len()
        };
        assert_eq!((found(stopped.id).await, found(other.id).await), (0, 3));
        // Somebody who asks is not told that the announcements are not there.
        let said = server.get("/verify?q=The+pipe+is+dry%2C+time+2.", "application/json").await.json();
        let searched = |said: &serde_json::Value, record: &str| {
            let all = said["searched"].as_array().unwrap();
            all.iter().find(|it| it["record"].as_str().unwrap().ends_with(record)).unwrap()["entries"].clone()
        };
        assert_eq!((searched(&said, "/water"), searched(&said, "/transit")), (2.into(), 4.into()), "{said}");

        assert_eq!(resume(server).await, Ok(()));
        server.settle().await;
        assert_eq!(server.count("journal_lanes").await, 0);
        assert_eq!(server.read(recorder::backlog).await, 0);
        assert_eq!(
            kinds(&audited(server).await),
            ["agency.created", "announcement.published", "announcement.published", "announcement.published", "announcement.published", "log.resumed"]
        );
        assert_eq!((found(stopped.id).await, found(other.id).await), (3, 3));
    }

    /// By what is noted beside it, whatever witnesses say or do not.
    async fn an_older_database_is_noticed_by_what_was_noted_beside_it(server: &TestServer) {
        let file = server.data.path().join("old.db");
        db::backup(&server.database.location, &file, &mut |_| {}).unwrap();
        server.announce("After the backup.").await;
        let size = water(server).await.head.size;
        db::restore(&file, &server.database.location, &mut |_| {}).unwrap();
        let recorder = started(server).await;
        let log = water(server).await;
        assert_eq!((log.head.size, log.floor), (size - 1, size));
        // Decided once, it is decided: the note is older.
        assert_eq!(resume(server).await, Ok(()));
        let again = started(server).await;
        assert_eq!(water(server).await.floor, 0);
        server.services.outbox().run_until_idle().await;
        again.run_until_idle().await.unwrap();
        let noted = marks::Marks::within(server.data.path()).read().unwrap();
        assert_eq!(noted[&log.origin].size, water(server).await.head.size);
        assert_eq!(kinds(&audited(server).await), ["agency.created", "log.resumed"]);
        drop(recorder);
        server.services.indexer().run_until_idle().await.unwrap();
    }
}

/// A witness that shows what the log has signed is believed; once that is overruled, it is overruled.
#[tokio::test]
async fn what_a_log_has_signed_is_proof_until_it_is_overruled() {
    for (database, other) in Database::each().zip(Database::each()) {
        let server = TestServer::start(database).await;
        let agency = server.agency.id;
        let vkeys = server
            .read(move |conn| {
                let log = log::by_agency(conn, agency)?.unwrap();
                actapub::archive::keys::verifier_keys(conn, &log, actapub::kernel::Timestamp::EPOCH)
            })
            .await;
        let (witness, _folder) = witness_for(other, &vkeys).await;
        let text = format!(
            "witness W {} {}/witness\nquorum W\n",
            witness.services.web.witness.vkey(),
            witness.base()
        );
        let rules = Rules {
            policy: Policy::parse(&text).unwrap(),
            text,
        };
        let file = server.data.path().join("old.db");
        db::backup(&server.database.location, &file, &mut |_| {}).unwrap();
        server.announce("After the backup.").await;
        collector(&server, &rules).round().await.unwrap();
        db::restore(&file, &server.database.location, &mut |_| {}).unwrap();
        // Nobody has a doubt, and nobody needs one.
        collector(&server, &rules).offer_stored().await;
        let log = water(&server).await;
        assert_eq!((log.head.size, log.floor, log.doubted_at), (1, 2, None));
        assert_eq!(resume(&server).await, Ok(()));
        let services = Services::open_with(&server.config, server.clock.clone())
            .await
            .unwrap();
        collector(&server, &rules).offer_stored().await;
        assert_eq!(water(&server).await.floor, 0);
        services.outbox().run_until_idle().await;
        services.recorder().run_until_idle().await.unwrap();
        let again = collector(&server, &rules);
        again.round().await.unwrap();
        let log = water(&server).await;
        assert_eq!((log.head.size, log.witnessed), (2, None));
        let id = log.id;
        let known = server.read(move |conn| cosigners(conn, id)).await;
        assert!(known[0].failure.is_some(), "{known:?}");
        assert_eq!(
            kinds(&audited(&server).await),
            ["agency.created", "log.resumed"]
        );
        witness.finish().await;
        server.stop().await;
    }
}

on_each! {
    /// As the operator does it.
    async fn the_operator_decides_to_go_on(stage: &Stage) {
        stage.announce(&["--text", "Water is back."]);
        // Signed, and not only recorded: what is killed in between has noted less, or nothing yet.
        let marks = marks::Marks::within(stage.home.folder());
        let origin = until("the announcement to be recorded and signed", async || {
            let (origin, mark) = marks.read().unwrap().pop_first()?;
            (mark.size == 3).then_some(origin)
        })
        .await;
        stage.close();
        // Somebody has put the database back, and not what lies beside it.
        marks.set(&[(origin, 9)], SystemClock.now()).unwrap();
        let server = stage.home.serve();
        stage.announce(&["--text", "This waits."]);
        let shown = stage.home.run(&["record", "show", "water", "--json"]);
        assert!(shown["refusal"].as_str().unwrap().contains("a later backup has to be restored"), "{shown}");
        assert_eq!(shown["entries"], 3);
        let ran = stage.home.attempt(&["record", "resume", "water", "--reason", " "], b"");
        assert!(ran.status == 1 && ran.stderr.contains("needs a reason"), "{}", ran.stderr);
        let ran = stage.home.attempt(&["record", "resume", "water", "--reason", "There is no later backup."], b"");
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains("a tree of 9 entries was seen elsewhere"), "{}", ran.stderr);
        until("what waited to be recorded", async || super::erase_commands::recorded(stage, 6).then_some(())).await;
        let shown = stage.home.run(&["record", "show", "water", "--json"]);
        assert_eq!(shown["refusal"], serde_json::Value::Null);
        let ran = stage.home.attempt(&["record", "resume", "water", "--reason", "Again."], b"");
        assert!(ran.status == 1 && ran.stderr.contains("is not stopped"), "{}", ran.stderr);
        let errors = server.kill();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("actapub record resume"), "{errors:?}");
    }
}
