//! An entry is checked in a reader's own browser: what holds is told from what was changed, step by step.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use super::audit::audited;
use super::witness::witness_for;
use super::witnesses::{collector, log_of, rules, vkeys};
use crate::accessibility::chromium;
use crate::harness::{Database, TestServer, left_out};
use crate::node::Program;
use actapub::archive::policies;
use actapub::platform::db::{self, Conn};
use actapub::tlog::SigningKey;
use actapub::tlog::key::KeyKind;

async fn browser() -> Option<Program> {
    let Some(chromium) = chromium() else {
        left_out(
            "Chromium",
            "install it, or name one in ACTAPUB_TEST_CHROMIUM, to run them",
        );
        return None;
    };
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check");
    let pictures = pictures.display().to_string();
    let arguments = ["--browser", &chromium, "--pictures", &pictures];
    let (browser, _) = Program::start("axe.mjs", &arguments).await?;
    Some(browser)
}

/// Has the browser check an entry; returns the verdict and the state of each step.
async fn checked(
    server: &TestServer,
    browser: &mut Program,
    name: &str,
    index: u64,
) -> (String, Value) {
    let url = server.services.site.record_entry("water", index);
    let seen = browser
        .does(json!({"order": "check", "url": url, "name": name}))
        .await;
    assert_eq!(seen["complaints"], json!([]), "{seen}");
    assert_eq!(seen["alike"], true, "{seen}");
    (
        seen["verdict"].as_str().unwrap().to_owned(),
        seen["steps"].clone(),
    )
}

/// Changes what is stored, as only who runs the server can.
async fn tamper(server: &TestServer, sql: &'static str) {
    server
        .write(move |conn| -> Result<(), db::Error> {
            match conn {
                Conn::Sqlite(conn) => conn.batch_execute(sql).unwrap(),
                Conn::Postgres(conn) => conn.batch_execute(sql).unwrap(),
            }
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn a_browser_tells_what_holds_from_what_was_changed() {
    let Some(mut browser) = browser().await else {
        return;
    };
    let server = TestServer::start(Database::sqlite()).await;
    let (_, uri) = server
        .announce("Water is back. Boil it for three minutes.")
        .await;
    let alice = server.peer().await.citizen("alice");
    let note = alice.note("/notes/1", &uri, "At last!");
    alice
        .says(&server, &alice.act("Create", note.clone()))
        .await;
    let other = alice.note("/notes/2", &uri, "I take that back.");
    alice
        .says(&server, &alice.act("Create", other.clone()))
        .await;
    let gone = alice.act("Delete", json!({"type": "Tombstone", "id": other["id"]}));
    alice.says(&server, &gone).await;
    audited(&server).await;

    let all_good = json!({"signature": "good", "witnesses": "open", "leaf": "good", "root": "good", "commitment": "good", "parts": "good"});
    let closed = json!({"signature": "good", "witnesses": "open", "leaf": "good", "root": "good", "commitment": "open", "parts": "open"});
    assert_eq!(
        checked(&server, &mut browser, "good", 1).await,
        ("good".to_owned(), all_good.clone())
    );
    assert_eq!(
        checked(&server, &mut browser, "first", 0).await,
        ("good".to_owned(), all_good)
    );
    assert_eq!(
        checked(&server, &mut browser, "reply", 2).await,
        ("good".to_owned(), closed.clone())
    );
    assert_eq!(
        checked(&server, &mut browser, "erased", 3).await,
        ("good".to_owned(), closed)
    );

    // What the agency stated is replaced: the seal still opens, but not over these bytes.
    tamper(&server, "UPDATE record_entries SET statement = replace(statement, 'three', 'four') WHERE place % 1024 = 1").await;
    let (verdict, steps) = checked(&server, &mut browser, "statement", 1).await;
    assert_eq!(
        (verdict.as_str(), &steps["commitment"], &steps["parts"]),
        ("bad", &json!("good"), &json!("bad"))
    );

    // The line itself is replaced: the tiles know another.
    tamper(&server, "UPDATE record_leaves SET leaf = replace(leaf, 'reply.received', 'reply.accepted') WHERE place % 1024 = 2").await;
    let (verdict, steps) = checked(&server, &mut browser, "leaf", 2).await;
    assert_eq!(
        (verdict.as_str(), &steps["signature"], &steps["leaf"]),
        ("bad", &json!("good"), &json!("bad"))
    );
    assert!(steps["root"].is_null() || steps["root"] == "", "{steps}");

    // A tile is replaced as well: it leads elsewhere than what was signed.
    tamper(
        &server,
        "UPDATE record_tiles SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 0",
    )
    .await;
    let (verdict, steps) = checked(&server, &mut browser, "tile", 1).await;
    assert_eq!(
        (verdict.as_str(), &steps["leaf"], &steps["root"]),
        ("bad", &json!("good"), &json!("bad"))
    );
    server.stop().await;
}

/// Of the witnesses on the page it is told which have signed, by their own keys.
#[tokio::test]
async fn a_browser_sees_who_has_cosigned() {
    let Some(mut browser) = browser().await else {
        return;
    };
    let server = TestServer::start(Database::sqlite()).await;
    let (witness, _folder) = witness_for(Database::sqlite(), &vkeys(&server).await).await;
    let nobody = SigningKey::from_seed("nobody", KeyKind::Cosignature, &[4; 32]).unwrap();
    let rules = rules(format!(
        "witness County {} {}/witness\nwitness Nobody {} http://127.0.0.1:1/w\ngroup One 1 County Nobody\nquorum One\n",
        witness.services.web.witness.vkey(),
        witness.base(),
        nobody.verifier()
    ));
    let (clock, adopted) = (server.clock.clone(), rules.clone());
    server
        .write(move |conn| policies::adopt_rules(conn, clock.as_ref(), Some(&adopted)))
        .await;
    server.settle().await;
    collector(&server, &rules).round().await.unwrap();
    let url = server.services.site.record_entry("water", 1);
    let look = async |browser: &mut Program, url: &str, name: &str| {
        let seen = browser
            .does(json!({"order": "check", "url": url, "name": name}))
            .await;
        assert_eq!(seen["complaints"], json!([]), "{seen}");
        seen
    };
    let seen = look(&mut browser, &url, "cosigned").await;
    assert_eq!(
        (
            &seen["verdict"],
            &seen["steps"]["witnesses"],
            &seen["witnesses"]
        ),
        (&json!("good"), &json!("good"), &json!(["good", "open"])),
        "{seen}"
    );
    let text = seen["text"].as_str().unwrap();
    assert!(text.contains("signed 2026-11-24 12:00 UTC"), "{text}");

    // What they have not seen yet is checked against the checkpoint beside.
    server.announce("Water is back.").await;
    let newer = server
        .services
        .site
        .record_entry("water", log_of(&server).await.head.size - 1);
    let seen = look(&mut browser, &newer, "unwitnessed").await;
    assert_eq!(
        (
            &seen["verdict"],
            &seen["steps"]["witnesses"],
            &seen["witnesses"]
        ),
        (&json!("good"), &json!("open"), &json!(["open", "open"])),
        "{seen}"
    );

    // A line in a witness's name that it has not written.
    let name = witness.services.web.witness.vkey().name();
    let note = log_of(&server).await.witnessed.unwrap().note;
    let line = note.lines().find(|it| it.contains(name)).unwrap();
    let (start, end) = line.split_at(line.len() - 12);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{start}{other}{}", &end[1..]);
    let sql =
        format!("UPDATE record_logs SET witnessed = replace(witnessed, '{line}', '{forged}')");
    tamper(&server, sql.leak()).await;
    let seen = look(&mut browser, &url, "forged").await;
    assert_eq!(
        (
            &seen["verdict"],
            &seen["steps"]["witnesses"],
            &seen["witnesses"],
            &seen["steps"]["root"]
        ),
        (
            &json!("bad"),
            &json!("bad"),
            &json!(["bad", "open"]),
            &json!("good")
        ),
        "{seen}"
    );
    witness.finish().await;
    server.stop().await;
}
