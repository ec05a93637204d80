//! What is taken away can be checked by programs that we did not write, and is the same each time.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use actapub::archive::commitment::{Commitment, Manifest, Salt};
use actapub::archive::erasure::{self, Class, Order};
use actapub::archive::exports::{self, Disclosed, Exported, Extent, Plan};
use actapub::archive::kind::Subject;
use actapub::archive::leaf::ReadLeaf;
use actapub::archive::log;
use actapub::kernel::{AnnouncementId, ReplyId};
use actapub::platform::blobs::{self, Blob};
use actapub::publishing::{self, Image};
use actapub::tlog::audit::Auditor;
use actapub::tlog::{Checkpoint, Hash, Note, Policy, Receipt, VerifierKey, bundle};
use serde_json::{Value, json};

use super::audit::{audited, kinds};
use crate::harness::{TestServer, left_out, on_both};

const WORDS: &str = "a sentence that nobody else would write";

/// Two announcements, one of them with a picture and a reply by alice.
async fn record(server: &TestServer) -> AnnouncementId {
    server.announce("Another | one.").await;
    let bytes = b"not really a picture".to_vec();
    let digest = super::erased::hex(&bytes);
    let (clock, blob) = (
        server.clock.clone(),
        Blob {
            media_type: "image/png".to_owned(),
            bytes,
        },
    );
    let mut draft = server.draft("Water is back.\n\nIn all streets.");
    draft.images = vec![Image {
        digest: digest.clone(),
        media_type: "image/png".to_owned(),
        width: 1,
        height: 1,
        blurhash: "L00000fQfQfQfQfQfQfQfQfQfQfQ".to_owned(),
        alt: "A street".to_owned(),
        focus: None,
    }];
    let (site, rules) = (server.services.site.clone(), server.services.rules);
    let id = server
        .write(move |conn| {
            blobs::put(conn, clock.as_ref(), &digest, &blob)?;
            Ok::<_, publishing::Error>(
                publishing::announce(conn, clock.as_ref(), &site, rules, draft)?.id,
            )
        })
        .await;
    server.settle().await;
    let alice = server.peer().await.citizen("alice");
    let note = alice.note("/notes/1", &server.services.site.announcement(id), WORDS);
    alice.says(server, &alice.act("Create", note)).await;
    id
}

pub(crate) async fn export(
    server: &TestServer,
    extent: Extent,
    disclosed: Disclosed,
    name: &str,
) -> (PathBuf, Result<Exported, exports::Failure>) {
    let target = server.data.path().join(name);
    let (site, agency, file) = (
        server.services.site.clone(),
        server.agency.clone(),
        target.clone(),
    );
    let exported = server
        .services
        .db
        .read(move |conn| {
            let plan = Plan {
                site,
                log: log::by_agency(conn, agency.id)?.unwrap(),
                agency,
                extent,
                disclosed,
                licence: "https://creativecommons.org/publicdomain/zero/1.0/".to_owned(),
            };
            Ok::<_, exports::Failure>(exports::export(conn, &plan, &file, &mut |_| {}))
        })
        .await
        .unwrap();
    (target, exported)
}

/// All files of a folder, by their path in it.
pub(crate) fn files(folder: &Path) -> HashMap<String, Vec<u8>> {
    let mut found = HashMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// `bagit` of the Library of Congress, as `PyPI` has it; `None` where there is no Python, which is said once.
fn bagit() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let install = || {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bagit-1.9.0");
        let program = folder.join("bin/bagit.py");
        if program.exists() {
            return Ok(program);
        }
        let python = "install Python 3 with venv and pip to run them";
        for (command, arguments) in [
            (
                PathBuf::from("python3"),
                vec!["-m", "venv", folder.to_str().unwrap()],
            ),
            (
                folder.join("bin/python3"),
                vec!["-m", "pip", "install", "--quiet", "bagit==1.9.0"],
            ),
        ] {
            let ran = Command::new(command).args(arguments).output();
            if !ran.map_err(|_| python)?.status.success() {
                return Err(python.to_owned());
            }
        }
        Ok(program)
    };
    match PROGRAM.get_or_init(install) {
        Ok(program) => Some(program),
        Err(how) => {
            left_out("bagit", how);
            None
        }
    }
}

/// Whether the bag in a folder is sound, as others judge it.
fn is_sound(bag: &Path) -> bool {
    let sums = ["manifest-sha256.txt", "tagmanifest-sha256.txt"].map(|list| {
        run(Command::new("sha256sum")
            .args(["--quiet", "--strict", "-c", list])
            .current_dir(bag))
        .0
    });
    let sound = sums.iter().all(|sound| *sound);
    if let Some(bagit) = bagit() {
        let (agrees, said) = run(Command::new(bagit).arg("--validate").arg(bag));
        assert_eq!(agrees, sound, "{said}");
    }
    sound
}

/// Opens what a line says it opens; returns whether it opened anything.
fn opened(bag: &Path, line: &Value) -> bool {
    let leaf = ReadLeaf::parse(line["leaf"].as_str().unwrap().as_bytes()).unwrap();
    let Some(manifest) = line["manifest"].as_str() else {
        return false;
    };
    let manifest = Manifest::from_text(manifest.to_owned());
    let salt = Salt::parse(line["salt"].as_str().unwrap()).unwrap();
    assert_eq!(
        Commitment::to(&salt, &manifest).to_string(),
        leaf.commitment
    );
    let listed = manifest.parts().unwrap();
    let parts = line["parts"].as_array().unwrap();
    assert_eq!(listed.len(), parts.len());
    for (listed, part) in listed.iter().zip(parts) {
        let bytes = match (
            part["text"].as_str(),
            part["file"].as_str(),
            part["base64"].as_str(),
        ) {
            (Some(text), None, None) => text.as_bytes().to_vec(),
            (None, Some(file), None) => std::fs::read(bag.join(file)).unwrap(),
            (None, None, Some(base64)) => {
                use base64::Engine as _;
                base64::prelude::BASE64_STANDARD.decode(base64).unwrap()
            }
            other => panic!("{other:?}"),
        };
        assert!(
            listed.opens(Salt::parse(part["salt"].as_str().unwrap()).unwrap(), &bytes),
            "{part}"
        );
    }
    true
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    String::from_utf8(bytes.to_vec())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

on_both! {
    async fn a_whole_record_is_checked_by_others(server: &TestServer) {
        let id = record(server).await;
        let leaves = audited(server).await;
        let (bag, exported) = export(server, Extent::All, Disclosed::Public, "water").await;
        let exported = exported.unwrap();
        assert_eq!((exported.entries, exported.size), (leaves.len() as u64, leaves.len() as u64));
        assert!(is_sound(&bag));
        let files = files(&bag);
        let info = String::from_utf8(files["bag-info.txt"].clone()).unwrap();
        assert_eq!(files["bagit.txt"], b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        assert!(info.contains("Bagging-Date: 2026-11-24\n") && info.contains("Payload-Oxum: "), "{info}");

        // The log by its own files.
        let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
        let vkey = VerifierKey::parse(text("data/log/vkey").trim()).unwrap();
        let checkpoint = Checkpoint::open(&Note::parse(&text("data/log/checkpoint")).unwrap(), &vkey).unwrap();
        let entries = bundle::iterate(&files[&format!("data/log/tile/entries/000.p/{}", leaves.len())]).unwrap();
        let lines = lines(&files["data/records/000000.jsonl"]);
        let mut auditor = Auditor::new();
        auditor.expect(checkpoint.size, checkpoint.root).unwrap();
        for (line, entry) in lines.iter().zip(entries) {
            assert_eq!(line["leaf"].as_str().unwrap().as_bytes(), entry);
            auditor.feed(entry).unwrap();
        }
        auditor.finish().unwrap();
        assert!(files.contains_key(&format!("data/log/tile/0/000.p/{}", leaves.len())));

        // What agencies said is open, what citizens said is not.
        let open: Vec<bool> = lines.iter().map(|line| opened(&bag, line)).collect();
        assert_eq!(open, [true, true, true, false], "{lines:#?}");
        let all: String = files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        assert!(!all.contains("alice"), "nobody is named");
        // People can read it, and it asks nobody for anything.
        let page = text(&format!("data/threads/{id}.html"));
        assert!(page.contains("In all streets.") && page.contains(WORDS) && files.keys().any(|path| path.strip_prefix("data/media/").is_some_and(|name| page.contains(&format!("src=\"../media/{name}\"")))), "{page}");
        assert!(!page.contains("<script") && !page.contains("<link") && !page.contains("src=\"http"), "{page}");
        let table = text("data/metadata.csv");
        assert!(table.starts_with("file name|record id|title|description|creator|creation date|rights\n"));
        assert!(table.lines().all(|line| line.matches('|').count() == 6), "{table}");
        assert!(table.contains("Another / one."), "{table}");
        for path in files.keys().filter(|path| path.starts_with("data/")) {
            assert!(table.contains(&format!("\n{path}|")), "{path} is not listed");
        }
        let premis = text("data/premis.xml");
        assert_eq!(premis.matches("<event>").count(), leaves.len());
        assert_eq!(premis.matches("<eventType>creation<").count(), 3);
        assert!(text("data/HOW-TO-CHECK.html").contains("sha256sum -c"));

        // By the command, packed or not; what was changed is named.
        let (packed, exported) = export(server, Extent::All, Disclosed::Public, "water.tar.gz").await;
        exported.unwrap();
        let verify = |bag: &Path| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_actapub"));
            let output = command.args(["record", "verify"]).arg(bag).output().unwrap();
            (output.status.code(), String::from_utf8(output.stderr).unwrap())
        };
        assert_eq!(verify(&bag).0, Some(0));
        assert_eq!(verify(&packed).0, Some(0));
        let path = bag.join("data/records/000000.jsonl");
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, String::from_utf8_lossy(&whole).replace("In all streets.", "In all streetz.")).unwrap();
        let (code, said) = verify(&bag);
        assert!(code == Some(10) && said.contains("entry 2 is not what its leaf commits to"), "{said}");
        std::fs::write(&path, &whole).unwrap();

        // One byte.
        let mut changed = std::fs::read(&path).unwrap();
        changed[20] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert!(!is_sound(&bag));
    }

    /// As a folder, as an archive and as a compressed one; the same each time.
    async fn the_same_record_is_the_same_package(server: &TestServer) {
        record(server).await;
        for name in ["a.tar", "a.tar.gz"] {
            let (first, exported) = export(server, Extent::All, Disclosed::Staff, name).await;
            exported.unwrap();
            server.clock.advance(std::time::Duration::from_secs(5));
            let (second, _) = export(server, Extent::All, Disclosed::Staff, &format!("again-{name}")).await;
            assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(second).unwrap(), "{name}");
            let folder = server.data.path().join(format!("from-{name}"));
            std::fs::create_dir(&folder).unwrap();
            let (done, said) = run(Command::new("tar").arg("-xf").arg(&first).current_dir(&folder));
            assert!(done, "{said}");
            let bag = folder.join("water-record");
            assert!(is_sound(&bag));
            // For the staff everything is open.
            let lines = lines(&std::fs::read(bag.join("data/records/000000.jsonl")).unwrap());
            assert!(lines.iter().all(|line| opened(&bag, line)));
            assert!(lines[3]["parts"].to_string().contains(WORDS));
            let (_, again) = export(server, Extent::All, Disclosed::Staff, name).await;
            assert!(again.unwrap_err().to_string().contains("already"), "nothing is replaced");
        }
        let left: Vec<_> = std::fs::read_dir(server.data.path()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).filter(|name| name.contains("spool") || name.contains("part") || name.contains("seen")).collect();
        assert_eq!(left, Vec::<String>::new());
    }

    /// A thread has a proof for each entry, and a period is what came in it.
    async fn a_part_is_proven_entry_by_entry(server: &TestServer) {
        let id = record(server).await;
        let before = server.now();
        server.clock.advance(std::time::Duration::from_secs(3600));
        server.announce("Later.").await;
        let (bag, exported) = export(server, Extent::Thread(id), Disclosed::Public, "thread").await;
        assert_eq!(exported.unwrap().entries, 2);
        assert!(is_sound(&bag));
        let files = files(&bag);
        let vkey = VerifierKey::parse(String::from_utf8(files["data/log/vkey"].clone()).unwrap().trim()).unwrap();
        let policy = Policy::parse(&format!("log {vkey}\nquorum none\n")).unwrap();
        let lines = lines(&files["data/records/000000.jsonl"]);
        assert_eq!(lines.len(), 2);
        for line in &lines {
            let proof = &files[&format!("data/proofs/{}.tlog-proof", line["index"])];
            let receipt = Receipt::parse(std::str::from_utf8(proof).unwrap()).unwrap();
            let leaf = Hash::of_record(line["leaf"].as_str().unwrap().as_bytes());
            receipt.verify(leaf, &vkey, &policy).unwrap();
            assert!(receipt.verify(Hash::of_record(b"another"), &vkey, &policy).is_err());
        }
        let (bag, exported) = export(server, Extent::Period { from: before + std::time::Duration::from_secs(1), to: server.now() + std::time::Duration::from_secs(1) }, Disclosed::Public, "later").await;
        assert_eq!(exported.unwrap().entries, 1);
        assert!(is_sound(&bag));
        let (_, nothing) = export(server, Extent::Thread(AnnouncementId::new(1)), Disclosed::Public, "nothing").await;
        assert!(matches!(nothing, Err(exports::Failure::Nothing)));
        assert!(!server.data.path().join("nothing").exists());
    }

    async fn what_was_erased_is_a_tombstone(server: &TestServer) {
        let thread = record(server).await;
        let ids = server.texts("SELECT CAST(id AS TEXT) AS value FROM replies").await;
        let reply: ReplyId = ids[0].parse().unwrap();
        let order = Order { subject: Subject::Reply(reply), class: Class::Article17, basis: "gdpr-17-1-b".to_owned(), role: "dpo".to_owned() };
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        server.write(move |conn| erasure::order(conn, clock.as_ref(), agency, &order)).await;
        server.settle().await;
        let (bag, exported) = export(server, Extent::All, Disclosed::Staff, "water").await;
        exported.unwrap();
        assert!(is_sound(&bag));
        let files = files(&bag);
        assert!(files.values().all(|bytes| super::traces::find(bytes, WORDS).is_none()));
        let lines = lines(&files["data/records/000000.jsonl"]);
        assert_eq!(lines[3]["erased"], json!(true));
        assert_eq!(lines[3]["manifest"], Value::Null);
        let page = String::from_utf8(files[&format!("data/threads/{thread}.html")].clone()).unwrap();
        assert!(page.contains("Erased: art17, gdpr-17-1-b, decided by dpo."), "{page}");
        assert_eq!(kinds(&audited(server).await)[4..], ["redaction.ordered → 3", "redaction.done → 3"]);
    }

    /// What anybody may fetch: until last midnight, compressed, with its licence, and without names.
    async fn a_dump_is_there_for_everybody(server: &TestServer) {
        record(server).await;
        let dump = async || {
            let reply = server.get_with("/record/water/dump.jsonl.gz", &[("accept-encoding", "gzip, br")]).await;
            assert_eq!(reply.status, 200);
            assert_eq!(reply.header("content-type"), "application/gzip");
            assert_eq!(reply.header("content-encoding"), "");
            assert_eq!(reply.header("link"), "<https://creativecommons.org/publicdomain/zero/1.0/>; rel=\"license\"");
            let mut text = String::new();
            std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(reply.body.as_slice()), &mut text).unwrap();
            text
        };
        assert_eq!(dump().await.lines().count(), 1, "nothing was said before today");
        server.clock.advance(std::time::Duration::from_secs(24 * 3600));
        let text = dump().await;
        let records = lines(text.as_bytes());
        assert_eq!(records.len(), 1 + 4);
        assert_eq!(records[0]["licence"], "https://creativecommons.org/publicdomain/zero/1.0/");
        assert_eq!((&records[0]["entries"], &records[0]["until"]), (&json!(4), &json!("2026-11-25T00:00:00Z")));
        assert!(records[2]["manifest"].is_string());
        assert_eq!((&records[4]["text"], &records[4]["manifest"]), (&json!(WORDS), &Value::Null));
        assert!(!text.contains("alice"), "{text}");
        assert_eq!(server.get("/record/nobody/dump.jsonl.gz", "").await.status, 404);
    }
}
