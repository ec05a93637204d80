//! `backup`, `restore`, `migrate`, `doctor`, `config` and `health`.

use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::{Stage, on_each};
use crate::harness::{Answer, Database, Peer};
use crate::process::{Installation, until};

/// What the doctor says about something, with the verdict in front, and how the command ends.
fn examined(home: &Installation, arguments: &[&str]) -> (Vec<(String, String)>, i32) {
    let mut all = vec!["doctor", "--json"];
    all.extend(arguments);
    let ran = home.attempt(&all, b"");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["healthy"], ran.status == 0, "{report}");
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter().map(|it| {
        let said = format!("{}: {}", text(&it["verdict"]), text(&it["sentence"]));
        (text(&it["about"]), said)
    });
    (findings.collect(), ran.status)
}

/// Fails unless one finding about `about` begins and goes on like this.
fn says(findings: &[(String, String)], about: &str, begins: &str, holds: &str) {
    let fits =
        |it: &&(String, String)| it.0 == about && it.1.starts_with(begins) && it.1.contains(holds);
    assert!(
        findings.iter().find(fits).is_some(),
        "{about}: {begins} … {holds}: {findings:#?}"
    );
}

on_each! {
    /// A backup taken while the server runs has everything, and can take its place.
    async fn a_backup_is_taken_and_restored(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        let kept = stage.announce(&["--text", "Before the backup."]);
        let note = alice.note("/notes/1", kept["id"].as_str().unwrap(), "Noted.");
        stage.says(&alice, &alice.act("Create", note)).await;
        stage.shows(kept["url"].as_str().unwrap(), "Noted.").await;
        let file = stage.home.folder().join("backup.db").display().to_string();
        let ran = stage.home.attempt(&["backup", &file], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("the private keys included"), "{}", ran.stderr);
        let lost = stage.announce(&["--text", "After the backup."]);

        // On the same place: with a server on SQLite it is refused, since that would go on with what it remembers.
        if stage.database.file().is_some() {
            let refusal = stage.home.refuses(&["restore", &file]);
            assert!(refusal.contains("a server runs on") && refusal.contains("stop it first"), "{refusal}");
        }
        stage.close();
        let ran = stage.home.attempt(&["restore", &file], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("What was there until now is kept in"), "{}", ran.stderr);
        is_as_before(stage, &stage.home, &kept, &lost).await;

        // On another place, and on the other kind of database where there is one.
        for database in Database::each() {
            let elsewhere = stage.home.moved_to(&database);
            let ran = elsewhere.attempt(&["restore", &file], b"");
            assert_eq!(ran.status, 0, "{}", ran.stderr);
            assert!(!ran.stderr.contains("is kept in"), "{}", ran.stderr);
            is_as_before(stage, &elsewhere, &kept, &lost).await;
        }
    }

    async fn the_doctor_looks_at_a_running_server(stage: &Stage) {
        let (alice, _) = stage.citizen("alice").await;
        stage.follows(&alice).await;
        alice.peer.answers("/.well-known/nodeinfo", Answer::document(&json!({"links": []})));
        let (findings, status) = examined(&stage.home, &[]);
        assert_eq!(status, 0, "{findings:#?}");
        says(&findings, "database", "good: ", "up to date");
        says(&findings, "agencies", "good: ", "@water");
        says(&findings, "inbox", "good: ", "No received activity waits");
        says(&findings, "deliveries", "good: ", "No delivery waits");
        says(&findings, "peers", "good: ", "No server is known to be out of reach");
        says(&findings, "url", "good: ", "answers as this server");
        says(&findings, "webfinger", "good: ", &format!("@water@{}", stage.home.authority()));
        says(&findings, "clock", "good: ", "The clock agrees with that of");
        says(&findings, "dns", "left_out: ", "on this machine");
        if stage.database.file().is_some() {
            says(&findings, "disk", "good: ", "can be written to");
        }
        // For people: one line each.
        let text = stage.home.run(&["doctor"]);
        assert!(text.as_str().unwrap().lines().all(|line| line.starts_with("good ") || line.starts_with("note ") || line.starts_with("left out ")), "{text}");

        // A peer that fails again and again is left alone for a while, which is said.
        alice.peer.answers("/inbox", Answer::status(StatusCode::INTERNAL_SERVER_ERROR));
        for number in 0..10 {
            stage.announce(&["--text", &format!("Number {number}.")]);
        }
        until("the peer to be left alone", async || {
            let (findings, _) = examined(&stage.home, &[]);
            findings.iter().any(|it| it.0 == "peers" && it.1.starts_with("note: 1 server does not answer at present")).then_some(())
        }).await;

        stage.close();
        let (findings, status) = examined(&stage.home, &[]);
        assert_eq!(status, 0, "{findings:#?}");
        says(&findings, "url", "left_out: Nothing answers", "a server does not run");
        says(&findings, "webfinger", "left_out: ", "nothing answers");
    }

    async fn health_is_asked_of_the_server(stage: &Stage) {
        assert_eq!(stage.home.run(&["health"]), "good\n");
        assert_eq!(stage.home.run(&["health", "--live"]), "good\n");
        stage.close();
        let refusal = stage.home.refuses(&["health"]);
        assert!(refusal.contains(&format!("no server answers on {}", stage.home.authority())), "{refusal}");
    }

    async fn the_configuration_is_checked_and_shown(stage: &Stage) {
        assert_eq!(stage.home.run(&["config", "check"]), "good\n");
        let shown = stage.home.run(&["config", "show", "--json"]);
        let url = shown.as_array().unwrap().iter().find(|it| it["key"] == "url").unwrap();
        assert_eq!(url["value"], stage.home.base());
        assert_eq!(url["variable"], "ACTAPUB_URL");
        assert_eq!(url["source"], "environment");
        let text = stage.home.run(&["config", "show"]);
        assert!(text.as_str().unwrap().contains("allow_private = true"), "{text}");
        let docs = stage.home.run(&["config", "docs"]);
        assert_eq!(docs.as_str().unwrap(), std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CONFIGURATION.md")).unwrap());
    }

    async fn the_database_is_brought_up_to_date(stage: &Stage) {
        let ran = stage.home.attempt(&["migrate"], b"");
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        assert!(ran.stderr.ends_with("The database is up to date.\n"), "{}", ran.stderr);
        if let Some(file) = stage.database.file() {
            // An empty file is a database of SQLite's, and lacks everything.
            let fresh = file.with_file_name("fresh.db");
            std::fs::write(&fresh, b"").unwrap();
            let home = stage.home.moved_to(&Database::sqlite()).with("ACTAPUB_DATABASE", format!("sqlite:{}", fresh.display()));
            let (findings, _) = examined(&home, &[]);
            says(&findings, "database", "note: ", "`actapub migrate`");
            let ran = home.run(&["migrate"]);
            assert!(ran.as_str().unwrap().starts_with("2026"), "{ran}");
            assert_eq!(home.run(&["agency", "list", "--json"]), json!([]));
        }
    }
}

/// The agency, its announcement, its follower and the reply are there, and what came later is not.
async fn is_as_before(stage: &Stage, home: &Installation, kept: &Value, lost: &Value) {
    let (kept, lost) = (kept["url"].as_str().unwrap(), lost["url"].as_str().unwrap());
    assert_eq!(
        home.run(&["agency", "list", "--json"])[0]["name"],
        "Water Works"
    );
    let followers = home.run(&["followers", "water", "--json"]);
    assert_eq!(followers.as_array().unwrap().len(), 1);
    assert_eq!(home.run(&["replies", kept, "--json"])[0]["state"], "shown");
    let refusal = home.refuses(&["replies", lost]);
    assert!(refusal.contains("no such announcement"), "{refusal}");
    let server = home.serve();
    let page = stage.shows(kept, "Before the backup.").await;
    assert!(page.contains("Noted."), "{page}");
    assert_eq!(stage.get(lost, "text/html").await.0, StatusCode::NOT_FOUND);
    // The record signs nothing if more of it was signed before than is restored.
    let complaints = server.kill();
    let of_record = |it: &String| it.contains("a later backup has to be restored");
    assert!(complaints.iter().all(of_record), "{complaints:?}");
}

/// What the doctor says about an installation that is not well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_says_what_is_wrong() {
    let sick = |variable, value: &str| Installation::new().with(variable, value.to_owned());
    let garbage = tempfile::tempdir().unwrap();
    let garbage = garbage.path().join("a.db");
    std::fs::create_dir_all(garbage.parent().unwrap()).unwrap();
    std::fs::write(&garbage, "this is no database ".repeat(100)).unwrap();
    for (variable, value, about, begins, holds) in [
        (
            "ACTAPUB_LISTEN",
            "everywhere",
            "configuration",
            "broken: ",
            "ACTAPUB_LISTEN",
        ),
        (
            "ACTAPUB_DATA",
            "/proc",
            "disk",
            "broken: Cannot write to the data folder",
            "/proc",
        ),
        (
            "ACTAPUB_DATABASE",
            &format!("sqlite:{}", garbage.display()),
            "database",
            "broken: ",
            "a.db",
        ),
        (
            "ACTAPUB_DATABASE",
            "postgres://127.0.0.1:1/actapub",
            "database",
            "broken: ",
            "127.0.0.1",
        ),
        (
            "ACTAPUB_DATA",
            "/nowhere/at/all",
            "database",
            "note: There is no",
            "`actapub serve`",
        ),
    ] {
        let (findings, status) = examined(&sick(variable, value), &[]);
        says(&findings, about, begins, holds);
        assert_eq!(status == 0, begins.starts_with("note"), "{value}");
    }

    // As others would see it: a name that leads nowhere, and what does not speak TLS.
    let nowhere = sick("ACTAPUB_URL", "https://actapub.invalid")
        .with("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "false".to_owned());
    let (findings, status) = examined(&nowhere, &[]);
    says(&findings, "dns", "broken: actapub.invalid", "not found");
    says(
        &findings,
        "url",
        "broken: https://actapub.invalid cannot be reached",
        "",
    );
    assert_eq!(status, 1);
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        std::io::Write::write_all(
            &mut stream,
            b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n",
        )
        .unwrap();
        std::io::copy(&mut stream, &mut std::io::sink())
    });
    let (findings, status) = examined(&sick("ACTAPUB_URL", &format!("https://{address}")), &[]);
    says(&findings, "tls", "broken: ", "does not speak TLS");
    assert_eq!(status, 1);
    answering.join().unwrap().unwrap();
}

/// A certificate that nobody vouches for, and a handle domain whose web server knows nothing of us.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_sees_what_others_see() {
    let (peer, address) = Peer::secure("peer.example").await;
    let home = Installation::new().with("ACTAPUB_URL", format!("https://{address}"));
    let (findings, status) = examined(&home, &[]);
    says(
        &findings,
        "tls",
        "broken: ",
        "is not from an authority that the web trusts",
    );
    assert_eq!(status, 1);
    peer.finish().await;

    let elsewhere = Peer::start().await;
    let domain = elsewhere
        .base
        .trim_start_matches("http://")
        .replace("127.0.0.1", "localhost");
    let home = Installation::new().with("ACTAPUB_HANDLE_DOMAIN", domain.clone());
    home.run(&["agency", "create", "water", "--name", "Water Works"]);
    let server = home.serve();
    let asked = format!("/.well-known/webfinger?resource=acct:water@{domain}");
    elsewhere.answers(&asked, Answer::status(StatusCode::NOT_FOUND));
    let (findings, status) = examined(&home, &[]);
    says(
        &findings,
        "webfinger",
        &format!("broken: {domain} answers with 404"),
        "does its web server pass",
    );
    assert_eq!(status, 1);
    elsewhere.answers(
        &asked,
        Answer::document(&json!({"subject": format!("acct:water@{domain}"), "links": []})),
    );
    let (findings, _) = examined(&home, &[]);
    says(
        &findings,
        "webfinger",
        &format!("broken: {domain} says that @water@{domain} is nobody"),
        "",
    );
    assert_eq!(server.kill(), Vec::<String>::new());
    elsewhere.finish().await;
}

/// A clock that disagrees with the rest of the world: here the rest of the world is told to be late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_compares_the_clock() {
    let stage = Stage::set(Database::sqlite());
    let (alice, _) = stage.citizen("alice").await;
    stage.follows(&alice).await;
    let late = Answer::document(&json!({})).with("date", "Tue, 24 Nov 2020 11:00:00 GMT");
    alice.peer.answers("/.well-known/nodeinfo", late);
    let (findings, status) = examined(&stage.home, &[]);
    says(
        &findings,
        "clock",
        "broken: The clock is ",
        "seconds ahead of that of",
    );
    assert_eq!(status, 1);
    stage.clear().await;
}
