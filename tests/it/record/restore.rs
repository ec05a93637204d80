//! A backup that is restored does not bring back what was erased since.

use actapub::archive::erasure::{self, Class, Ledger, Order};
use actapub::archive::kind::Subject;
use actapub::kernel::{ReplyId, SystemClock};
use actapub::platform::db::{self, Location};
use serde_json::{Value, json};

use super::audit::{audited, kinds};
use super::traces::is_nowhere;
use crate::commands::stage::{Stage, on_each};
use crate::harness::{TestServer, on_both};
use crate::process::until;

const WORDS: &str = "a sentence that nobody else would write";
const DELETED: &str = "a sentence that its author took back";

on_both! {
    async fn a_backup_brings_nothing_back(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice778899");
        let (first, second) = (alice.note("/notes/1", &uri, WORDS), alice.note("/notes/2", &uri, DELETED));
        alice.says(server, &alice.act("Create", first)).await;
        alice.says(server, &alice.act("Create", second.clone())).await;
        let file = server.data.path().join("backup.db");
        db::backup(&server.database.location, &file, &mut |_| {}).unwrap();

        let ids = server.texts("SELECT CAST(min(id) AS TEXT) AS value FROM replies").await;
        let id: ReplyId = ids[0].parse().unwrap();
        let order = Order {
            subject: Subject::Reply(id),
            class: Class::Article17,
            basis: "gdpr-17-1-b".to_owned(),
            role: "dpo".to_owned(),
        };
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        server.write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order)).await;
        server.settle().await;
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": second["id"]}))).await;
        is_nowhere(server, WORDS).await;
        is_nowhere(server, DELETED).await;

        // Copied back by hand, as a start of the server finds it.
        db::restore(&file, &server.database.location, &mut |_| {}).unwrap();
        assert!(!server.places_of(WORDS).await.is_empty(), "the backup has it");
        assert_eq!(server.services.apply_erasures_again().await.unwrap(), 2);
        is_nowhere(server, WORDS).await;
        is_nowhere(server, DELETED).await;
        assert_eq!(server.services.apply_erasures_again().await.unwrap(), 0, "once is enough");
        assert_eq!(server.count("replies WHERE state = 0").await, 0, "and neither is shown");
        assert_eq!(server.count("tallies WHERE replies <> 0").await, 0);
        // This process remembers the tree from before.
        let services = actapub::app::Services::open_with(&server.config, server.clock.clone()).await.unwrap();
        services.outbox().run_until_idle().await;
        let recorder = services.recorder();
        recorder.check().await.unwrap();
        recorder.run_until_idle().await.unwrap();
        server.settle().await;
        assert_eq!(kinds(&audited(server).await)[4..], ["redaction.done → 2", "redaction.done → 3"]);
        is_nowhere(server, WORDS).await;
        is_nowhere(server, DELETED).await;
    }
}

on_each! {
    /// The same by the commands.
    async fn restore_applies_erasures_again(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        let kept = stage.announce(&["--text", "Water is back."]);
        let note = alice.note("/notes/1", kept["id"].as_str().unwrap(), WORDS);
        stage.says(&alice, &alice.act("Create", note.clone())).await;
        stage.shows(kept["url"].as_str().unwrap(), WORDS).await;
        let file = stage.home.folder().join("backup.db").display().to_string();
        until("the reply to be recorded", async || {
            super::erase_commands::recorded(stage, 4).then_some(())
        }).await;
        stage.home.run(&["backup", &file]);
        let url = note["id"].as_str().unwrap();
        let done = stage.home.run(&["record", "erase", url, "--class", "art17", "--basis", "gdpr-17-1-b", "--role", "dpo", "--yes", "--json"]);
        assert_eq!(done[0]["state"], "done", "{done}");
        stage.close();
        let ran = stage.home.attempt(&["restore", &file], b"");
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains("1 erasure was applied again"), "{}", ran.stderr);
        let holds = match &stage.database.location {
            Location::Sqlite(path) => ["", "-wal"].iter().any(|ending| {
                let bytes = std::fs::read(format!("{path}{ending}")).unwrap_or_default();
                super::traces::find(&bytes, WORDS).is_some()
            }),
            location @ Location::Postgres(_) => {
                let mut conn = location.connect().unwrap();
                let again = erasure::apply_again(&mut conn, &SystemClock, &Ledger::within(stage.home.folder())).unwrap();
                again > 0
            }
        };
        assert!(!holds, "nothing of it is there before a server answers");
        let server = stage.home.serve();
        let page = stage.shows(kept["url"].as_str().unwrap(), "Water is back.").await;
        assert!(!page.contains(WORDS), "{page}");
        let shown: Value = stage.home.run(&["replies", kept["url"].as_str().unwrap(), "--json"]);
        assert_eq!(shown[0]["state"], "erased", "{shown}");
        // It is older than what was signed, and says so.
        let complaints = server.kill();
        assert!(complaints.iter().all(|it| it.contains("a later backup has to be restored")), "{complaints:?}");
    }
}
