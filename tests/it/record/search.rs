//! Looking for words: what stands is found, what was taken back is not, and no query is an error.

use actapub::archive::entries::Place;
use actapub::archive::log;
use actapub::archive::search::{self, Hit};
use actapub::platform::db::{self, Location};
use actapub::publishing;
use serde_json::json;

use crate::harness::{Citizen, Database, TestServer, on_both};

async fn find(server: &TestServer, query: &str) -> Vec<Hit> {
    let (agency, query) = (server.agency.id, query.to_owned());
    server
        .read(move |conn| {
            let log = log::by_agency(conn, agency)?.unwrap();
            search::find(conn, log.id, &query, None, 50)
        })
        .await
}

async fn indices(server: &TestServer, query: &str) -> Vec<u64> {
    find(server, query)
        .await
        .into_iter()
        .map(|hit| hit.place.index)
        .collect()
}

on_both! {
    /// The record's own page looks for words, too.
    async fn a_record_is_searched_where_it_is_browsed(server: &TestServer) {
        server.announce("The pool in the north opens on Monday.").await;
        server.announce("The library is closed.").await;
        let listed = async |query: &str| {
            let found = server.get(&format!("/record/water.json?{query}"), "application/json").await.json();
            let entries = found["entries"].as_array().unwrap().clone();
            entries.iter().map(|entry| entry["index"].as_u64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(listed("q=pool").await, [1]);
        assert_eq!(listed("q=the").await, [2, 1]);
        assert_eq!(listed("q=the&below=2").await, [1]);
        assert_eq!(listed("q=pool&kind=announcement.edited").await, Vec::<u64>::new());
        let page = server.get("/record/water?q=%22closed%22", "text/html").await.text();
        assert!(page.contains("The library is closed.") && !page.contains("The pool"), "{page}");
        let long = format!("/record/water?q={}", "a".repeat(501));
        assert_eq!(server.get(&long, "text/html").await.status, axum::http::StatusCode::BAD_REQUEST);
    }

    async fn words_and_phrases_are_found(server: &TestServer) {
        server.announce("The pool in the **north** opens on Monday at 9:30.").await;
        server.announce("L’eau n’est pas potable à Genève.").await;
        server.announce("停水通知：明天上午停水。").await;
        for (query, expected) in [
            ("pool", vec![1]), ("POOL monday", vec![1]), ("\"opens on monday\"", vec![1]), ("\"monday opens\"", vec![]),
            ("geneve potable", vec![2]), ("停水", vec![3]), ("通知 明天", vec![3]), ("明上", vec![]),
            ("9:30", vec![1]), ("pool eau", vec![]), ("", vec![]), ("\"", vec![]), ("* OR NEAR(", vec![]),
            ("a' OR 1=1 --", vec![]), ("pool AND monday", vec![]), ("(pool)", vec![1]), ("words:pool", vec![]),
            ("& | ! <-> :*", vec![]),
        ] {
            assert_eq!(indices(server, query).await, expected, "{query}");
        }
        let hit = &find(server, "north").await[0];
        assert!(hit.excerpt.contains("the north opens"), "{}", hit.excerpt);
        let (agency, log) = (server.agency.id, hit.place.log);
        server.read(move |conn| {
            assert_eq!(log::by_agency(conn, agency)?.unwrap().id, log);
            for (below, expected) in [(4, vec![3, 2]), (2, vec![1]), (1, vec![])] {
                // All three hold this letter nowhere; each holds one of these words.
                let found: Vec<u64> = ["pool", "eau", "停水"].iter().flat_map(|query| {
                    search::find(conn, log, query, Some(below), 5).unwrap()
                }).map(|hit| hit.place.index).rev().take(2).collect();
                assert_eq!(found, expected.into_iter().collect::<Vec<u64>>(), "below {below}");
            }
            assert_eq!(search::find(conn, actapub::kernel::LogId::new(log.get() + 1), "pool", None, 5)?, []);
            Ok(())
        }).await;
    }

    async fn every_wording_is_found_and_marked(server: &TestServer) {
        let (announcement, _) = server.announce("Closed on Tuesday.").await;
        let (clock, site, rules, id) = (server.clock.clone(), server.services.site.clone(), server.services.rules, announcement.id);
        let draft = server.draft("Closed on Wednesday.");
        server.write(move |conn| publishing::edit(conn, clock.as_ref(), &site, rules, id, draft)).await;
        server.settle().await;
        let found: Vec<(u64, bool, bool)> = find(server, "closed").await.iter().map(|it| (it.place.index, it.superseded, it.withdrawn)).collect();
        assert_eq!(found, [(2, false, false), (1, true, false)]);
        let clock = server.clock.clone();
        server.write(move |conn| publishing::withdraw(conn, clock.as_ref(), id, "A mistake.")).await;
        server.settle().await;
        assert!(find(server, "closed").await.iter().all(|it| it.withdrawn));
    }

    async fn the_index_follows_what_citizens_do(server: &TestServer) {
        let (_, uri) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let note = alice.note("/notes/1", &uri, "Quixotic plumbing at last!");
        alice.says(server, &alice.act("Create", note.clone())).await;
        assert_eq!(indices(server, "quixotic plumbing").await, [2]);
        assert_eq!(indices(server, "alice").await, Vec::<u64>::new(), "nobody is looked for");
        let edited = Citizen::edited(&note, "Splendid plumbing", "2026-11-24T11:10:00Z");
        alice.says(server, &alice.act("Update", edited)).await;
        assert_eq!(indices(server, "quixotic").await, Vec::<u64>::new());
        assert_eq!(indices(server, "splendid").await, [3]);
        alice.says(server, &alice.act("Delete", json!({"type": "Tombstone", "id": note["id"]}))).await;
        assert_eq!(indices(server, "splendid").await, Vec::<u64>::new());
        for word in ["quixotic", "splendid", "plumbing"] {
            assert_eq!(server.places_of(word).await, Vec::<String>::new(), "{word}");
        }
        // Not in the bytes of the file either.
        if let Some(file) = server.database.file() {
            for ending in ["", "-wal"] {
                let bytes = std::fs::read(format!("{}{ending}", file.display())).unwrap_or_default();
                assert!(!bytes.windows(8).any(|it| it == b"splendid"), "{ending}");
            }
        }
    }

    /// Whoever writes to an agency alone is not found by anybody.
    async fn what_is_private_is_not_found(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let mut note = alice.note("/notes/1", "", "Between us: the pump is broken.");
        note["to"] = json!([server.actor()]);
        note["cc"] = json!([]);
        let mut create = alice.act("Create", note);
        create["to"] = json!([server.actor()]);
        alice.says(server, &create).await;
        assert_eq!(indices(server, "pump").await, Vec::<u64>::new());
        assert_eq!(server.count("search_texts").await, 0);
    }

    /// The index is not carried over, and is made anew.
    async fn a_restored_database_is_searched_as_before(server: &TestServer) {
        server.announce("The pool opens.").await;
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup.db");
        db::backup(&server.database.location, &backup, &mut |_| {}).unwrap();
        server.announce("The pool closes.").await;
        for database in [Some(Database::sqlite()), Database::postgres()].into_iter().flatten() {
            if matches!(database.location, Location::Sqlite(_)) != matches!(server.database.location, Location::Sqlite(_)) {
                db::migrate(&database.location).unwrap();
            }
            db::restore(&backup, &database.location, &mut |_| {}).unwrap();
            let db = db::Db::open(&database.location, 2).await.unwrap();
            let look = move |conn: &mut db::Conn| {
                let log = log::by_name(conn, "water")?.unwrap();
                search::find(conn, log.id, "pool", None, 5)
            };
            assert_eq!(db.read(look).await.unwrap(), [], "not yet");
            search::Indexer::new(db.clone()).run_until_idle().await.unwrap();
            let found: Vec<Place> = db.read(look).await.unwrap().into_iter().map(|hit| hit.place).collect();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].index, 1);
        }
    }
}
