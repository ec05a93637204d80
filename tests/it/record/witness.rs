//! This server as a witness: the cases of c2sp.org/tlog-witness, what it keeps, and who cannot make it sign two histories.

use std::collections::HashMap;
use std::time::Duration;

use actapub::app::Services;
use actapub::archive::witness::{self, Answer};
use actapub::tlog::key::KeyKind;
use actapub::tlog::tree::{Tiles, consistency_proof};
use actapub::tlog::witness::{AddCheckpoint, origin_hash};
use actapub::tlog::{Checkpoint, Edge, Hash, Head, Note, SigningKey, VerifierKey, note};
use axum::http::StatusCode;

use crate::harness::{Database, Reply, TestServer};

const ORIGIN: &str = "log.example/record/pool";

/// A log of somebody else's, in memory.
pub(crate) struct OtherLog {
    key: SigningKey,
    edge: Edge,
    tiles: HashMap<(u8, u64), Vec<u8>>,
    heads: Vec<Head>,
    entries: Vec<String>,
}

impl Tiles for OtherLog {
    type Error = ();

    fn tile(&mut self, level: u8, index: u64, _: u16) -> Result<Vec<u8>, ()> {
        self.tiles.get(&(level, index)).cloned().ok_or(())
    }
}

impl OtherLog {
    /// A log of `size` entries, which begin with `history`.
    fn of(history: &str, size: u64) -> Self {
        let mut log = Self {
            key: SigningKey::from_seed(ORIGIN, KeyKind::Ed25519, &[7; 32]).unwrap(),
            edge: Edge::empty(),
            tiles: HashMap::new(),
            heads: vec![Head::EMPTY],
            entries: vec![],
        };
        for number in 0..size {
            log.grow(&format!("{history} {number}"));
        }
        log
    }

    fn entry(&self, number: u64) -> String {
        self.entries[usize::try_from(number).unwrap()].clone()
    }

    fn grow(&mut self, entry: &str) {
        self.entries.push(entry.to_owned());
        for tile in self.edge.append(&[Hash::of_record(entry.as_bytes())]) {
            self.tiles.insert((tile.level, tile.index), tile.bytes);
        }
        self.heads.push(Head {
            size: self.edge.size(),
            root: self.edge.root(),
        });
    }

    fn note(&self, size: u64) -> Note {
        let head = self.heads[usize::try_from(size).unwrap()];
        Checkpoint::new(ORIGIN, head).sign(&self.key).unwrap()
    }

    fn request(&mut self, old: u64, size: u64) -> AddCheckpoint {
        let proof = consistency_proof(old, size, self).unwrap();
        AddCheckpoint::new(old, proof, self.note(size)).unwrap()
    }

    fn body(&mut self, old: u64, size: u64) -> String {
        self.request(old, size).to_string()
    }
}

/// A server that is a witness for [`OtherLog`]s, and the folder with its list.
pub(crate) async fn witness_for(
    database: Database,
    keys: &[String],
) -> (TestServer, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("witnessed.policy");
    let lines = keys.iter().map(|vkey| format!("log {vkey}"));
    std::fs::write(&list, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let server = TestServer::with(database, |sources| {
        sources
            .flag("federation.allow_private", "true")
            .flag("record.witness_for", list.display().to_string())
    })
    .await;
    (server, folder)
}

async fn of_other_log(database: Database) -> (TestServer, tempfile::TempDir) {
    let key = OtherLog::of("a", 0).key.verifier().to_string();
    witness_for(database, &[key]).await
}

async fn post(server: &TestServer, body: impl Into<Vec<u8>>) -> Reply {
    server
        .post_plain("/witness/add-checkpoint", body.into())
        .await
}

/// The cosignature in an answer; it must be valid for the checkpoint, and of the witness's time.
fn cosigned(server: &TestServer, request: &AddCheckpoint, reply: &Reply) {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let signatures = note::parse_signatures(&reply.text()).unwrap();
    let note = Note {
        text: request.note().text.clone(),
        signatures,
    };
    let verified = note.verify(server.services.web.witness.vkey()).unwrap();
    assert_eq!(
        verified.timestamp,
        Some(u64::try_from(server.now().seconds()).unwrap())
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn the_cases_of_the_specification() {
    for database in Database::each() {
        let (server, _folder) = of_other_log(database).await;
        let (mut log, mut other) = (OtherLog::of("a", 20), OtherLog::of("b", 20));
        let mut unknown = OtherLog::of("a", 5);
        unknown.key = SigningKey::from_seed(ORIGIN, KeyKind::Ed25519, &[8; 32]).unwrap();

        // Before anything was cosigned: another old size than 0 is a conflict.
        let reply = post(&server, log.body(3, 5)).await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (StatusCode::CONFLICT, "0\n")
        );
        assert_eq!(reply.header("content-type"), "text/x.tlog.size");
        // The empty tree, then the first entries, then more, then the same again.
        for (old, new) in [(0, 0), (0, 5), (5, 5), (5, 12), (12, 13), (13, 16)] {
            let request = log.request(old, new);
            cosigned(&server, &request, &post(&server, request.to_string()).await);
        }
        let signed = log.body(16, 20);
        let reworded = |from: &str, to: &str| signed.replacen(from, to, 1);
        let unsigned = signed[..signed.find('\u{2014}').unwrap()].to_owned();
        let mut with_others = log.request(16, 16).note().clone();
        with_others.add(
            note::sign(
                &with_others.text,
                &SigningKey::from_seed("else", KeyKind::Ed25519, &[9; 32]).unwrap(),
            )
            .unwrap(),
        );
        let (mut wrong, with_empty_proof) = (
            log.note(16),
            AddCheckpoint::new(16, vec![], log.note(20)).unwrap(),
        );
        wrong.signatures[0].bytes[5] ^= 1;
        let wrong_root = Head {
            root: Hash::of_record(b"x"),
            ..Head::EMPTY
        };
        let empty = Checkpoint::new(ORIGIN, wrong_root).sign(&log.key).unwrap();
        for (case, body, status) in [
            ("another old size", log.body(12, 20), 409),
            ("an old size of 0, to learn the size", log.body(0, 20), 409),
            (
                "an empty tree with a root",
                AddCheckpoint::new(0, vec![], empty).unwrap().to_string(),
                409,
            ),
            (
                "an old size above the checkpoint's",
                AddCheckpoint::new(16, vec![], log.note(12))
                    .unwrap()
                    .to_string(),
                400,
            ),
            ("no proof", with_empty_proof.to_string(), 422),
            (
                "a proof that is too long",
                reworded("old 16\n", &format!("old 16\n{}\n", Hash::of_record(b"x"))),
                422,
            ),
            ("a proof of another history", other.body(16, 20), 422),
            ("another tree of the same size", other.body(16, 16), 422),
            (
                "a hash that does not belong",
                {
                    let proof = log.request(16, 20).proof().to_vec();
                    signed.replace(&proof[0].to_string(), &Hash::of_record(b"x").to_string())
                },
                422,
            ),
            (
                "nobody's signature",
                unsigned.clone() + "\u{2014} else AAAAAAA=\n",
                403,
            ),
            ("another key's signature", unknown.body(0, 5), 403),
            (
                "a wrong signature of the key",
                AddCheckpoint::new(16, vec![], wrong).unwrap().to_string(),
                403,
            ),
            (
                "an unknown origin",
                signed.replace(ORIGIN, "log.example/record/lake"),
                404,
            ),
            ("no body", String::new(), 400),
            ("no old line", reworded("old 16\n", ""), 400),
            ("a leading zero", reworded("old 16", "old 016"), 400),
            ("two spaces", reworded("old 16", "old  16"), 400),
            ("a sign", reworded("old 16", "old +16"), 400),
            ("a carriage return", reworded("old 16\n", "old 16\r\n"), 400),
            (
                "a hash that is none",
                reworded("old 16\n", "old 16\nnonsense\n"),
                400,
            ),
            (
                "64 hashes",
                reworded(
                    "old 16\n",
                    &format!(
                        "old 16\n{}",
                        format!("{}\n", Hash::of_record(b"x")).repeat(64)
                    ),
                ),
                400,
            ),
            ("no signature", unsigned, 400),
            ("no newline at the end", signed.trim_end().to_owned(), 400),
            ("no empty line", signed.replace("\n\n", "\n"), 400),
        ] {
            let reply = post(&server, body).await;
            assert_eq!(reply.status.as_u16(), status, "{case}: {}", reply.text());
            if status == 409 {
                assert_eq!(reply.text(), "16\n", "{case}");
            }
        }
        assert_eq!(
            post(&server, b"old 16\n\n\xff\xfe\n".to_vec()).await.status,
            StatusCode::BAD_REQUEST
        );
        assert_eq!(
            post(&server, vec![b'a'; 300_000]).await.status,
            StatusCode::PAYLOAD_TOO_LARGE
        );
        let reply = server.get("/witness/add-checkpoint", "").await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        // Nothing of it has moved what is known. Other signatures are ignored, not kept.
        let request = AddCheckpoint::new(16, vec![], with_others).unwrap();
        cosigned(&server, &request, &post(&server, request.to_string()).await);
        let shown = server
            .get(&format!("/witness/{}/checkpoint", origin_hash(ORIGIN)), "")
            .await;
        let kept = Note::parse(&shown.text()).unwrap();
        assert_eq!(kept.signatures.len(), 2, "{}", shown.text());
        assert_eq!(
            Checkpoint::open(&kept, log.key.verifier()).unwrap().size,
            16
        );
        kept.verify(server.services.web.witness.vkey()).unwrap();
        assert_eq!(
            server
                .get(&format!("/witness/{}/checkpoint", origin_hash("x")), "")
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        cosigned(&server, &log.request(16, 20), &post(&server, signed).await);
        server.finish().await;
    }
}

/// A log that shows two histories is refused, and what it signed can be taken home.
#[tokio::test]
async fn what_a_log_should_not_have_signed_is_kept_and_shown() {
    for database in Database::each() {
        let (server, _folder) = of_other_log(database).await;
        let (mut log, mut fork) = (OtherLog::of("a", 30), OtherLog::of("b", 30));
        let reply = post(&server, log.body(0, 10)).await;
        assert_eq!(reply.status, StatusCode::OK);
        for _ in 0..3 {
            assert_eq!(
                post(&server, fork.body(10, 10)).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            assert_eq!(
                post(&server, fork.body(10, 15)).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            assert_eq!(
                post(&server, fork.body(4, 7)).await.status,
                StatusCode::CONFLICT
            );
        }
        // A conflict alone is no misbehaviour, and what the log did not sign is none of its doing.
        post(&server, log.body(5, 12)).await;
        let mut stranger = OtherLog::of("c", 10);
        stranger.key = SigningKey::from_seed(ORIGIN, KeyKind::Ed25519, &[8; 32]).unwrap();
        assert_eq!(
            post(&server, stranger.body(10, 10)).await.status,
            StatusCode::FORBIDDEN
        );

        let shown = server.get("/witness", "application/json").await.json();
        let vkey = shown["vkey"].as_str().unwrap();
        assert_eq!(
            &VerifierKey::parse(vkey).unwrap(),
            server.services.web.witness.vkey()
        );
        assert_eq!(shown["url"], format!("{}/witness", server.base()));
        assert_eq!(shown["logs"][0]["origin"], ORIGIN);
        assert_eq!(shown["logs"][0]["size"], 10);
        let refused = shown["refused"].as_array().unwrap();
        let told: Vec<String> = refused
            .iter()
            .map(|it| format!("{} {}", it["reason"].as_str().unwrap(), it["size"]))
            .collect();
        assert_eq!(told, ["smaller 7", "inconsistent 15", "fork 10"]);
        // The evidence convinces somebody who has the log's key and the checkpoint that was cosigned.
        let evidence = server
            .get(refused[2]["evidence"].as_str().unwrap(), "")
            .await;
        assert!(
            evidence
                .header("content-disposition")
                .contains("attachment")
        );
        let evidence = AddCheckpoint::parse(&evidence.text()).unwrap();
        let forked = Checkpoint::open(evidence.note(), log.key.verifier()).unwrap();
        let kept = server
            .get(shown["logs"][0]["checkpoint"].as_str().unwrap(), "")
            .await;
        let kept =
            Checkpoint::open(&Note::parse(&kept.text()).unwrap(), log.key.verifier()).unwrap();
        assert_eq!(forked.size, kept.size);
        assert_ne!(forked.root, kept.root);
        let page = server.get("/witness", "text/html").await;
        for said in [
            vkey,
            ORIGIN,
            "another history with the same number of entries, 10",
        ] {
            assert!(page.text().contains(said), "{said}: {}", page.text());
        }
        assert_eq!(
            server.get("/witness/evidence/999", "").await.status,
            StatusCode::NOT_FOUND
        );

        // However many there are, the first fork stays and the rest is bounded.
        for n in 0..40_u8 {
            let mut another = OtherLog::of(&n.to_string(), 10);
            server.clock.advance(Duration::from_secs(10));
            post(&server, another.body(10, 10)).await;
            post(&server, another.body(2, 3)).await;
        }
        let shown = server.get("/witness", "application/json").await.json();
        let count = |reason: &str| {
            let refused = shown["refused"].as_array().unwrap();
            refused.iter().filter(|it| it["reason"] == reason).count()
        };
        assert_eq!((count("fork"), count("smaller")), (16, 16));
        assert!(
            shown["refused"]
                .as_array()
                .unwrap()
                .iter()
                .any(|it| it["evidence"] == refused[2]["evidence"])
        );
        server.finish().await;
    }
}

/// Who asks too often waits, without costing the log its turn.
#[tokio::test]
async fn nobody_keeps_the_witness_busy() {
    let (server, _folder) = of_other_log(Database::sqlite()).await;
    let mut log = OtherLog::of("a", 5);
    let body = log.body(3, 5);
    let mut answers: HashMap<u16, usize> = HashMap::new();
    for _ in 0..60 {
        *answers
            .entry(post(&server, body.clone()).await.status.as_u16())
            .or_default() += 1;
    }
    assert_eq!(answers, HashMap::from([(409, 40), (429, 20)]));
    let elsewhere = server
        .services
        .web
        .witness
        .add_checkpoint(log.body(0, 5).as_bytes(), [192, 0, 2, 9].into())
        .await;
    assert!(matches!(elsewhere, Ok(Ok(Answer::Cosigned(_)))));
    server.finish().await;
}

/// Several processes on one database, or several requests in one: of two histories at most one is cosigned.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_race_never_get_two_heads_of_one_size_cosigned() {
    for database in Database::each() {
        let (server, _folder) = of_other_log(database).await;
        let clock = server.clock.clone();
        let second = Services::open_with(&server.config, clock.clone())
            .await
            .unwrap();
        let witnesses = [
            server.services.web.witness.clone(),
            second.web.witness.clone(),
        ];
        assert_eq!(
            witnesses[0].vkey(),
            witnesses[1].vkey(),
            "one server, one key"
        );
        let mut known = OtherLog::of("a", 0);
        for size in 1..=25_u64 {
            clock.advance(Duration::from_secs(1));
            // Each goes on from what is known, to two trees of the same size.
            let requests: Vec<(usize, String)> = (0..4_usize)
                .map(|n| {
                    let mut branch = OtherLog::of("a", 0);
                    for number in 0..size - 1 {
                        branch.grow(&known.entry(number));
                    }
                    branch.grow(&format!("{size} {}", n % 2));
                    (n, branch.body(size - 1, size))
                })
                .collect();
            let asked = requests.iter().map(|(n, body)| {
                let witness = witnesses[n / 2].clone();
                let body = body.clone();
                async move {
                    (
                        *n,
                        witness
                            .add_checkpoint(body.as_bytes(), [192, 0, 2, 1].into())
                            .await
                            .unwrap()
                            .unwrap(),
                    )
                }
            });
            let answers = futures_util::future::join_all(asked).await;
            let won: Vec<usize> = answers
                .iter()
                .filter(|(_, it)| matches!(it, Answer::Cosigned(_)))
                .map(|(n, _)| n % 2)
                .collect();
            assert_eq!(won.len(), 1, "size {size}: {answers:?}");
            known.entries.push(format!("{size} {}", won[0]));
        }
        server.finish().await;
    }
}

/// Killed after it has kept a head and before it has answered: the log asks again, and gets its cosignature.
#[tokio::test]
async fn an_answer_that_was_lost_is_given_again() {
    for database in Database::each() {
        let (server, _folder) = of_other_log(database).await;
        let mut log = OtherLog::of("a", 9);
        let body = log.body(0, 9);
        // Kept; the answer is thrown away with the process.
        drop(
            server
                .services
                .web
                .witness
                .add_checkpoint(body.as_bytes(), [192, 0, 2, 1].into())
                .await,
        );
        let restarted = Services::open_with(&server.config, server.clock.clone())
            .await
            .unwrap();
        let ask = async |body: String| {
            restarted
                .web
                .witness
                .add_checkpoint(body.as_bytes(), [192, 0, 2, 1].into())
                .await
                .unwrap()
                .unwrap()
        };
        let Answer::Refused(refusal) = ask(body).await else {
            panic!("the size has moved")
        };
        assert_eq!(
            (refusal.status(), refusal.to_string().contains("size 9")),
            (409, true),
            "{refusal}"
        );
        assert!(matches!(ask(log.body(9, 9)).await, Answer::Cosigned(_)));
        server.finish().await;
    }
}

/// The key is made once and stays, in the database or in a folder.
#[tokio::test]
async fn the_key_is_kept_where_keys_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let server = TestServer::with(Database::sqlite(), |sources| {
        sources
            .flag("federation.allow_private", "true")
            .flag("record.keys", keys.display().to_string())
    })
    .await;
    let vkey = server.services.web.witness.vkey().clone();
    assert_eq!(vkey.name(), witness::name(&server.services.site));
    assert_eq!(vkey.kind(), KeyKind::Cosignature);
    let file = keys.join("witness.key");
    let kept = SigningKey::parse(std::fs::read_to_string(&file).unwrap().trim()).unwrap();
    assert_eq!(kept.verifier(), &vkey);
    assert_eq!(
        server
            .count("settings WHERE name = 'witness.private'")
            .await,
        0
    );
    let again = Services::open_with(&server.config, server.clock.clone())
        .await
        .unwrap();
    assert_eq!(again.web.witness.vkey(), &vkey);
    std::fs::remove_file(&file).unwrap();
    let refused = Services::open_with(&server.config, server.clock.clone())
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("witness.key"), "{refused}");
    server.finish().await;
}
