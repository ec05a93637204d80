//! An entry is checked in a reader's own browser: what holds is told from what was changed, step by step.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use super::audit::audited;
use crate::accessibility::chromium;
use crate::harness::{Database, TestServer, left_out};
use crate::node::Program;
use actapub::platform::db::{self, Conn};

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

    let all_good = json!({"signature": "good", "leaf": "good", "root": "good", "commitment": "good", "parts": "good"});
    let closed = json!({"signature": "good", "leaf": "good", "root": "good", "commitment": "open", "parts": "open"});
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
