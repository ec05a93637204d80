//! `actapub record monitor`: a fork, a rollback, a rewritten entry and an announcement that is not recorded are caught.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actapub::archive::audit::monitor::{Look, Monitor};
use actapub::archive::audit::{Source, Trust};
use actapub::archive::log;
use actapub::platform::net::{Client, NetSettings, Reach};
use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse as _;
use serde_json::json;

use super::folder::{Folder, leaves};
use crate::harness::{Database, TestServer, on_both};
use crate::process::Installation;

/// A server that shows the files of a folder, until the test ends.
async fn show(folder: PathBuf) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let files = move |uri: Uri| {
        let file = folder.join(uri.path().trim_start_matches('/'));
        async move {
            match fs::read(file) {
                Ok(bytes) => bytes.into_response(),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            }
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(files)).await });
    base
}

/// One look: the exit code and what was said.
async fn look(base: &str, state: &str, more: &[&str]) -> (i32, String) {
    let line: Vec<String> = [
        "record",
        "monitor",
        base,
        "--state",
        state,
        "--once",
        "--allow-private",
    ]
    .iter()
    .chain(more)
    .map(|it| (*it).to_owned())
    .collect();
    let ran = tokio::task::spawn_blocking(move || {
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        Installation::new().attempt(&line, b"")
    });
    let ran = ran.await.unwrap();
    (ran.status, format!("{}{}", ran.stdout, ran.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_grows_is_followed() {
    let mut folder = Folder::of(leaves(0, 300, 1));
    let base = show(folder.path().to_owned()).await;
    let state = folder.file("state.json").display().to_string();
    let (code, said) = look(&base, &state, &[]).await;
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("ok 300 entries, 300 new, all of them read; no outbox was found"),
        "{said}"
    );
    for (to, new) in [(301, 1), (520, 219), (520, 0), (769, 249)] {
        let from = folder.leaves.len() as u64;
        folder.grow(leaves(from, to, 1));
        let (code, said) = look(&base, &state, &[]).await;
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains(&format!("ok {to} entries, {new} new;")),
            "{said}"
        );
    }
    let (code, said) = look(&format!("{base}/other"), &state, &[]).await;
    assert_eq!(code, 1, "the state is of another record: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_contradicts_what_was_seen_is_an_alarm() {
    let folder = Folder::of(leaves(0, 300, 1));
    let base = show(folder.path().to_owned()).await;
    let state = folder.file("state.json").display().to_string();
    assert_eq!(look(&base, &state, &[]).await.0, 0);
    let kept = fs::read(&state).unwrap();
    let copy = |other: &Folder| {
        for path in [
            "checkpoint",
            "tile/entries/000",
            "tile/entries/001",
            "tile/0/000",
            "tile/0/001",
            "tile/1/000.p/1",
            "tile/1/000.p/2",
        ] {
            for path in [
                path.to_owned(),
                format!("{path}.p/44"),
                format!("{path}.p/43"),
                format!("{path}.p/144"),
            ] {
                match fs::read(other.file(&path)) {
                    Ok(bytes) => folder.put(&path, &bytes),
                    Err(_) => drop(fs::remove_file(folder.file(&path))),
                }
            }
        }
    };
    for (what, leaves, sentence) in [
        (
            "a rollback",
            leaves(0, 299, 1),
            "ALARM the record shows 299 entries, and 300 were signed before: it was rolled back",
        ),
        (
            "a fork of the same size",
            [leaves(0, 299, 1), leaves(299, 300, 2)].concat(),
            "ALARM the first 300 entries are not those",
        ),
        (
            "a fork that has grown",
            [leaves(0, 299, 1), leaves(299, 400, 2)].concat(),
            "ALARM the first 300 entries are not those",
        ),
        (
            "an entry rewritten long ago",
            [leaves(0, 9, 1), leaves(9, 10, 2), leaves(10, 400, 1)].concat(),
            "ALARM the first 300 entries are not those",
        ),
    ] {
        copy(&Folder::of(leaves));
        for time in ["once", "and again"] {
            let (code, said) = look(&base, &state, &[]).await;
            assert_eq!(code, 12, "{what}, {time}: {said}");
            assert!(said.contains(sentence), "{what}: {said}");
        }
        let held = fs::read_to_string(&state).unwrap();
        let held: serde_json::Value = serde_json::from_str(&held).unwrap();
        let evidence = held["evidence"].as_array().unwrap();
        assert_eq!(
            evidence.len(),
            1,
            "{what}: the contradictory head is kept, once"
        );
        assert!(
            held["checkpoint"].as_str().unwrap().contains("\n300\n"),
            "and does not replace the known one"
        );
        fs::write(&state, &kept).unwrap();
    }
    // The known log again: all is well.
    copy(&Folder::of(leaves(0, 300, 1)));
    assert_eq!(look(&base, &state, &[]).await.0, 0);
    // An entry that was rewritten in its bundle alone is found when everything is read again.
    folder.alter("tile/entries/000", "reply", "repli");
    let mut old: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    old["read_at"] = json!("2020-01-01T00:00:00Z");
    fs::write(&state, old.to_string()).unwrap();
    let (code, said) = look(&base, &state, &[]).await;
    assert_eq!(code, 10, "{said}");
    assert!(said.contains("entry 0 is"), "{said}");
}

/// A monitor of the test's agency, under the test's clock.
fn monitor(server: &TestServer) -> Monitor {
    let reach = Reach {
        allow_private: true,
    };
    let client = Client::new(&NetSettings::new("test", reach)).unwrap();
    let record = server.services.site.record("water").parse().unwrap();
    let source = Source::web(client.clone(), &record);
    let file = server.data.path().join("monitor.json");
    Monitor::open(
        client,
        source,
        Trust::default(),
        None,
        Some(file),
        server.clock.clone(),
    )
    .unwrap()
}

fn alarms(look: &Look) -> Vec<String> {
    look.alarms.iter().map(ToString::to_string).collect()
}

on_both! {
    async fn what_is_published_must_be_recorded(server: &TestServer) {
        let (first, _) = server.announce("Water is back.").await;
        let look = monitor(server).look().await.unwrap();
        assert_eq!((look.size, look.compared, alarms(&look)), (2, Some(1), vec![]));
        // Published, and not yet recorded: for a minute that is no alarm.
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let draft = server.draft("Off the record.");
        let late = server.write(move |conn| actapub::publishing::announce(conn, clock.as_ref(), &site, rules, draft)).await;
        let look = monitor(server).look().await.unwrap();
        assert_eq!((look.compared, alarms(&look)), (Some(2), vec![]));
        server.clock.advance(Duration::from_secs(61));
        let look = monitor(server).look().await.unwrap();
        let uri = server.services.site.announcement(late.id);
        assert_eq!(alarms(&look), [format!("published and not recorded: {uri}")]);
        // It is recorded after all.
        server.settle().await;
        let look = monitor(server).look().await.unwrap();
        assert_eq!((look.new, alarms(&look)), (1, vec![]));
        assert_ne!(first.id, late.id);
    }

    /// The database's leaves are changed under the server: what was signed does not cover them.
    async fn a_rewritten_record_is_caught(server: &TestServer) {
        server.announce("Water is back.").await;
        assert_eq!(alarms(&monitor(server).look().await.unwrap()), Vec::<String>::new());
        let agency = server.agency.id;
        let before = server.read(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            Ok(log::leaves(conn, log.id, 0, 2)?[0].clone())
        }).await;
        let changed = before.replace("agency.created", "agency.changed");
        assert_ne!(before, changed);
        server.write(move |conn| {
            use diesel::connection::SimpleConnection as _;
            conn.batch_execute(&format!("UPDATE record_leaves SET leaf = '{changed}' WHERE leaf = '{before}'"))
                .map_err(actapub::platform::db::Error::from)
        }).await;
        server.clock.advance(Duration::from_secs(25 * 3600));
        let look = monitor(server).look().await.unwrap();
        assert_eq!(alarms(&look), ["entry 0 is not the one that the tree was built from"]);
        let _: Arc<dyn actapub::kernel::Clock> = server.clock.clone();
    }
}

/// The program itself, beside a server that lives: it goes on by itself, notes what it saw, and cries when it has to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_follows_a_server_that_lives() {
    for database in Database::each() {
        let server = TestServer::start(database).await;
        server.announce("Water is back.").await;
        let record = server.services.site.record("water");
        let state = server.data.path().join("watch.json");
        let mut watching = Watching::begin(&record, &state);
        let said = watching.says().await;
        assert!(
            said.ends_with("ok 2 entries, 2 new, all of them read"),
            "{said}"
        );
        server.announce("And gone again.").await;
        watching.says_at_last("ok 3 entries, 1 new").await;

        // The clock of the server stands days back: what it publishes was to be recorded long ago.
        let (clock, site, rules) = (
            server.clock.clone(),
            server.services.site.clone(),
            server.services.rules,
        );
        let draft = server.draft("Off the record.");
        let off = server
            .write(move |conn| {
                actapub::publishing::announce(conn, clock.as_ref(), &site, rules, draft)
            })
            .await;
        let uri = server.services.site.announcement(off.id);
        let alarm = format!("ALARM published and not recorded: {uri}");
        watching.says_at_last(&alarm).await;
        // Whoever only looks once, such as cron, gets it as a code of its own.
        let state = state.display().to_string();
        let (code, said) = look(&record, &state, &[]).await;
        assert!(code == 13 && said.contains(&alarm), "{code}: {said}");
        server.settle().await;
        watching.says_at_last("ok 4 entries").await;
        watching.end();
        let (code, said) = look(&record, &state, &[]).await;
        assert_eq!(code, 0, "{said}");
        server.finish().await;
    }
}

/// `actapub record monitor --every 1s`, until it is ended.
struct Watching {
    process: std::process::Child,
    lines: tokio::sync::mpsc::UnboundedReceiver<String>,
}

impl Watching {
    fn begin(record: &str, state: &std::path::Path) -> Self {
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_actapub"))
            .args([
                "record",
                "monitor",
                record,
                "--every",
                "1s",
                "--allow-private",
            ])
            .arg("--state")
            .arg(state)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let out = std::io::BufReader::new(process.stdout.take().unwrap());
        let (told, lines) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            use std::io::BufRead as _;
            for line in out.lines().map_while(Result::ok) {
                let _ = told.send(line);
            }
        });
        Self { process, lines }
    }

    async fn says(&mut self) -> String {
        let line = tokio::time::timeout(crate::process::PATIENCE, self.lines.recv()).await;
        line.expect("it looks every second").expect("it goes on")
    }

    async fn says_at_last(&mut self, text: &str) {
        let mut said = String::new();
        for _ in 0..60 {
            said = self.says().await;
            if said.contains(text) {
                return;
            }
        }
        panic!("it does not say {text}, but {said}");
    }

    /// As a service manager ends it.
    fn end(mut self) {
        let id = self.process.id().to_string();
        let told = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
        assert!(told.unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }
}
