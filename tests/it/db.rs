//! The database in trouble, and the database at work: one clear sentence for each trouble, and nothing lost between.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::Command;

use actapub::agencies;
use actapub::platform::db::{Conn, Db, Error, Location};
use actapub::platform::journal::{self, Fact};
use axum::http::StatusCode;
use diesel::connection::SimpleConnection as _;
use futures_util::FutureExt as _;
use futures_util::future::join_all;

use crate::harness::{Database, Leftover, TestServer, on_both};

fn execute(conn: &mut Conn, statement: &str) -> Result<(), Error> {
    Ok(conn.batch_execute(statement)?)
}

/// What the command says when it cannot do what it is told; one sentence, without the marks of a crash.
fn complaint(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_actapub"))
        .args(arguments)
        .env_remove("ACTAPUB_CONFIG")
        .env("ACTAPUB_LOG_LEVEL", "error")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success(),
        "{arguments:?} should fail: {said}"
    );
    assert!(
        !said.contains("panicked") && !said.contains("RUST_BACKTRACE"),
        "{said}"
    );
    assert!(
        (1..=3).contains(&said.trim().lines().count()),
        "one sentence, not:\n{said}"
    );
    said
}

fn path(folder: &Path) -> String {
    folder.display().to_string()
}

#[test]
fn a_data_folder_that_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    // Below a file, and where no file system takes files, not even those of root.
    for data in [path(&file.join("data")), "/proc/actapub".to_owned()] {
        let said = complaint(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
        assert!(
            said.contains(&data) && said.contains("data folder"),
            "{said}"
        );
    }
}

#[test]
fn a_read_only_data_folder_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(folder.path().join("probe"), b"").is_ok() {
        // Root writes everywhere; the folder above that takes no files stands for this one.
        return;
    }
    let said = complaint(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        &path(folder.path()),
    ]);
    assert!(said.contains("cannot write to the data folder"), "{said}");
}

#[test]
fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let said = complaint(&[
        "serve",
        "--listen",
        &address,
        "--data",
        &path(folder.path()),
    ]);
    assert!(
        said.contains(&address) && said.contains("--listen"),
        "{said}"
    );
}

#[test]
fn a_newer_database_is_said_and_left_alone() {
    let database = Database::sqlite();
    actapub::platform::db::migrate(&database.location).unwrap();
    let mut conn = database.location.connect().unwrap();
    execute(&mut conn, "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000000', '2026-01-01')").unwrap();
    let said = complaint(&["migrate", "--database", &database.setting()]);
    assert!(said.contains("newer Actapub"), "{said}");
    if let Some(postgres) = Database::postgres() {
        let mut conn = postgres.location.connect().unwrap();
        execute(&mut conn, "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000000', now())").unwrap();
        let said = complaint(&["migrate", "--database", &postgres.setting()]);
        assert!(said.contains("newer Actapub"), "{said}");
    }
}

#[test]
fn a_locked_database_is_said() {
    let database = Database::sqlite();
    let mut conn = database.location.connect().unwrap();
    execute(&mut conn, "BEGIN EXCLUSIVE").unwrap();
    let said = complaint(&["migrate", "--database", &database.setting()]);
    assert!(said.contains("locked"), "{said}");
}

#[test]
fn what_is_no_database_is_said() {
    let database = Database::sqlite();
    std::fs::write(
        database.file().unwrap(),
        "This is a letter and not a database.".repeat(100),
    )
    .unwrap();
    let said = complaint(&["migrate", "--database", &database.setting()]);
    assert!(said.contains("not a database"), "{said}");
    let said = complaint(&[
        "migrate",
        "--database",
        "postgres://nobody@127.0.0.1:1/none",
    ]);
    assert!(said.contains("cannot open the database"), "{said}");
    assert!(
        !complaint(&[
            "migrate",
            "--database",
            "postgres://u:hunter2@127.0.0.1:1/none"
        ])
        .contains("hunter2")
    );
}

#[test]
fn a_bad_certificate_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("ca.pem");
    for text in [
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    ] {
        std::fs::write(&pem, text).unwrap();
        let config = folder.path().join("actapub.toml");
        std::fs::write(
            &config,
            format!(
                "data = \"{}\"\n[federation]\nextra_ca = \"{}\"\n",
                path(folder.path()),
                path(&pem)
            ),
        )
        .unwrap();
        let said = complaint(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--config",
            &path(&config),
        ]);
        assert!(
            said.contains("federation.extra_ca") && said.contains(&path(&pem)),
            "{said}"
        );
    }
}

/// A full disk: what could not be written is not acknowledged, reading goes on, and so does everything once there is
/// room again.
#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let server = TestServer::start(Database::sqlite()).await;
    let peer = server.peer().await;
    let alice = peer.citizen("alice");
    let (_, announcement) = server.announce("Water is back.").await;
    alice
        .says(&server, &alice.act("Like", announcement.clone()))
        .await;
    let pages: i64 = server
        .texts("SELECT CAST(page_count AS TEXT) AS value FROM pragma_page_count")
        .await[0]
        .parse()
        .unwrap();
    let limit = format!("PRAGMA max_page_count = {}", pages + 2);
    server.write(move |conn| execute(conn, &limit)).await;
    let (mut acknowledged, mut refused) = (0, 0);
    for number in 0..40 {
        let note = alice.note(
            &format!("/notes/{number}"),
            &announcement,
            &"words ".repeat(500),
        );
        let signed = alice
            .letter(&server, &alice.act("Create", note))
            .cavage(&alice.key);
        match server.post(&signed).await.status {
            StatusCode::ACCEPTED => acknowledged += 1,
            StatusCode::SERVICE_UNAVAILABLE => refused += 1,
            other => panic!("{other}"),
        }
        assert_eq!(
            server
                .get(&announcement, "application/activity+json")
                .await
                .status,
            StatusCode::OK
        );
    }
    assert!(refused > 0, "the disk was never full");
    // The writer may have opened the file anew, and with it all the room there is.
    server
        .write(|conn| execute(conn, "PRAGMA max_page_count = 1000000"))
        .await;
    server.settle().await;
    assert_eq!(server.count("replies").await, acknowledged);
    alice
        .says(
            &server,
            &alice.act(
                "Create",
                alice.note("/notes/last", &announcement, "at last"),
            ),
        )
        .await;
    assert_eq!(server.count("replies").await, acknowledged + 1);
    server.finish().await;
}

on_both! {
    /// Writes that are committed together: one that fails or panics takes only itself along.
    async fn a_write_that_fails_takes_only_itself(server: &TestServer) {
        let writes = (0..90).map(|number| {
            let write = server.services.db.write(move |conn| {
                execute(conn, &format!("INSERT INTO tombstones (uri, host, at) VALUES ('test:{number}', 'test', 0)"))?;
                match number % 3 {
                    0 => Ok(()),
                    1 => Err(Error::Corrupt("on purpose")),
                    _ => panic!("on purpose"),
                }
            });
            AssertUnwindSafe(write).catch_unwind()
        });
        for (number, outcome) in join_all(writes).await.into_iter().enumerate() {
            match (number % 3, outcome) {
                (0, Ok(Ok(()))) | (1, Ok(Err(Error::Corrupt("on purpose")))) | (2, Err(_)) => {}
                (_, other) => panic!("{number}: {other:?}"),
            }
        }
        assert_eq!(server.count("tombstones").await, 30);
        // A statement that the database refuses, among others.
        let one = server.services.db.write(|conn| execute(conn, "INSERT INTO nowhere VALUES (1)"));
        let other = server.services.db.write(|conn| execute(conn, "INSERT INTO tombstones (uri, host, at) VALUES ('test:other', 'test', 0)"));
        let (one, other) = tokio::join!(one, other);
        assert!(one.is_err() && other.is_ok());
        assert_eq!(server.count("tombstones").await, 31);
    }

    /// A savepoint within a write fails on its own.
    async fn a_savepoint_takes_back_only_its_own(server: &TestServer) {
        server.write(|conn| {
            execute(conn, "INSERT INTO tombstones (uri, host, at) VALUES ('test:1', 'test', 0)")?;
            let inner: Result<(), Error> = conn.savepoint(|conn| {
                execute(conn, "INSERT INTO tombstones (uri, host, at) VALUES ('test:2', 'test', 0)")?;
                execute(conn, "INSERT INTO tombstones (uri, host, at) VALUES ('test:1', 'test', 0)")
            });
            assert!(matches!(inner, Err(Error::Taken)), "{inner:?}");
            execute(conn, "INSERT INTO tombstones (uri, host, at) VALUES ('test:3', 'test', 0)")
        }).await;
        assert_eq!(server.texts("SELECT uri AS value FROM tombstones ORDER BY uri").await, ["test:1", "test:3"]);
    }

    /// Facts become visible in the order of their numbers, whoever appends and however long it takes.
    async fn a_reader_of_facts_misses_none(server: &TestServer) {
        let other = Db::open(&server.database.location, 4).await.unwrap();
        let (agency, clock) = (server.agency.id, server.clock.clone());
        let begun = server.read(|conn| journal::read(conn, 0, 1_000)).await.last().map_or(0, |entry| entry.seq);
        let appends = (0..60).map(|number| {
            let clock = clock.clone();
            let db = if number % 2 == 0 { &server.services.db } else { &other };
            db.write(move |conn| {
                journal::append(conn, clock.as_ref(), agency, &Fact::AgencyChanged)?;
                if number % 5 == 4 { Err(Error::Corrupt("on purpose")) } else { Ok(()) }
            })
        });
        let reads = async {
            let (mut at, mut seen) = (begun, 0);
            while seen < 48 {
                let entries = server.services.db.read(move |conn| journal::read(conn, at, 7)).await.unwrap();
                seen += entries.len();
                at = entries.last().map_or(at, |entry| entry.seq);
            }
            seen
        };
        let (outcomes, seen) = tokio::join!(join_all(appends), reads);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 48);
        assert_eq!(seen, 48);
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn a_handle_is_given_once(server: &TestServer) {
        let taken = server.read(agencies::list).await;
        assert_eq!(taken.len(), 1);
        let new = |handle: &str| agencies::New {
            handle: handle.parse().unwrap(),
            name: "Another".to_owned(),
            summary: String::new(),
            summary_html: actapub::kernel::SafeHtml::from_plain(""),
            links: vec![],
            language: "en".to_owned(),
            avatar: None,
            header: None,
        };
        let (clock, again) = (server.clock.clone(), new("water"));
        let refused = server.services.db.write(move |conn| agencies::create(conn, clock.as_ref(), again)).await;
        assert!(matches!(refused, Err(agencies::Error::Taken(_))), "{refused:?}");
    }
}

/// A server that starts while another has the database already: neither stands in the other's way.
#[tokio::test]
async fn several_processes_may_open_one_database() {
    let database = Database::sqlite();
    let opened = join_all((0..4).map(|_| Db::open(&database.location, 2))).await;
    assert!(
        opened.iter().all(Result::is_ok),
        "{:?}",
        opened.iter().find_map(|it| it.as_ref().err())
    );
    let Some(postgres) = Database::postgres() else {
        return;
    };
    let opened = join_all((0..4).map(|_| Db::open(&postgres.location, 2))).await;
    assert!(opened.iter().all(Result::is_ok));
    assert!(matches!(postgres.location, Location::Postgres(_)));
}
