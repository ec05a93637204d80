//! Several processes on one database keep one log: no entry twice, none left out, whoever is quicker.

use actapub::archive::recorder::Failure;
use actapub::platform::db;

use super::audit::audited;
use crate::harness::{TestServer, on_both};

on_both! {
    async fn two_recorders_keep_one_log(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let said = 24;
        for number in 0..said {
            let note = alice.note(&format!("/notes/{number}"), &uri, "At last!");
            let signed = alice.letter(server, &alice.act("Create", note)).cavage(&alice.key);
            assert!(server.post(&signed).await.status.is_success());
        }
        let (one, other) = (server.services.recorder(), server.services.recorder());
        let (worker, outbox) = (server.services.worker(), server.services.outbox());
        // Facts come in while both look for them.
        let produce = async {
            worker.run_until_idle().await;
            outbox.run_until_idle().await;
        };
        let (first, second, ()) = tokio::join!(turns(&one), turns(&other), produce);
        server.settle().await;
        assert_eq!(first + second, 0, "whoever comes second finds that out before anything is written");
        let leaves = audited(server).await;
        let replies = leaves.iter().filter(|leaf| leaf.kind == "reply.received").count();
        assert_eq!(replies, said);
        let (entries, facts) = (
            server.texts("SELECT CAST(fact_seq AS TEXT) AS value FROM record_entries ORDER BY place").await,
            server.texts("SELECT CAST(seq AS TEXT) AS value FROM journal ORDER BY seq").await,
        );
        assert_eq!(entries, facts, "each fact once, in its order");
    }
}

/// Lets a recorder work for a while; returns how often it failed in another way than by coming second.
async fn turns(recorder: &actapub::archive::recorder::Recorder) -> usize {
    let mut failures = 0;
    for _ in 0..60 {
        match recorder.step().await {
            Ok(_) | Err(Failure::Db(db::Error::Unavailable(_))) => {}
            Err(error) => {
                eprintln!("{error}");
                failures += 1;
            }
        }
    }
    failures
}
