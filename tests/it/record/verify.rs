//! `actapub record verify` as a stranger runs it: each verdict has a code and a sentence that names the place.

use std::fs;

use actapub::tlog::tree::Tiles;
use actapub::tlog::{Hash, Note, Receipt, tree};

use super::folder::{Folder, key, leaves};
use crate::process::Installation;

/// The exit code and all that was said.
fn verify(arguments: &[&str]) -> (i32, String) {
    let line = [&["record", "verify"], arguments].concat();
    let ran = Installation::new().attempt(&line, b"");
    (
        ran.status,
        format!("{}{}", ran.stdout, ran.stderr).trim().to_owned(),
    )
}

fn verdict(folder: &Folder, more: &[&str]) -> (i32, String) {
    let name = folder.name();
    verify(&[&[name.as_str()], more].concat())
}

#[test]
fn a_whole_log_is_valid_at_every_size() {
    for size in [1, 2, 255, 256, 257, 600] {
        let folder = Folder::of(leaves(0, size, 1));
        let (code, said) = verdict(&folder, &[]);
        assert_eq!(code, 0, "{said}");
        assert!(
            said.starts_with("valid: a.example/record/water is whole"),
            "{said}"
        );
        assert!(
            said.contains("The key came from the record itself"),
            "{said}"
        );
        let vkey = key().verifier().to_string();
        let (code, said) = verdict(&folder, &["--vkey", &vkey, "--json"]);
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(
            (code, &json["verdict"], &json["own_key"]),
            (0, &"valid".into(), &false.into())
        );
        assert_eq!(json["size"], size);
    }
}

#[test]
fn what_was_changed_is_named() {
    let fresh = || Folder::of(leaves(0, 600, 1));
    let invalid = |folder: &Folder, sentence: &str| {
        let (code, said) = verdict(folder, &[]);
        assert_eq!(code, 10, "{said}");
        assert_eq!(said, format!("error: invalid: {sentence}"));
    };
    let folder = fresh();
    folder.alter("tile/entries/001", "citizen", "agenciz");
    invalid(
        &folder,
        "entry 256 is not the one that the tree was built from",
    );

    // The entry and its hash, but not what was built from that.
    let folder = fresh();
    let mut rewritten = folder.leaves.clone();
    rewritten[300] = super::folder::leaf(300, 2);
    let other = Folder::of(rewritten);
    for path in ["tile/entries/001", "tile/0/001"] {
        folder.put(path, &fs::read(other.file(path)).unwrap());
    }
    invalid(
        &folder,
        "entries 256 to 511 are not those that tile/1/000.p/2 was built from",
    );

    // All tiles, but not what was signed.
    let folder = fresh();
    for path in ["tile/entries/001", "tile/0/001", "tile/1/000.p/2"] {
        folder.put(path, &fs::read(other.file(path)).unwrap());
    }
    invalid(
        &folder,
        "the 600 entries have another root than the checkpoint says; no tile tells which of them was changed",
    );

    let folder = fresh();
    fs::remove_file(folder.file("tile/0/002.p/88")).unwrap();
    invalid(
        &folder,
        "tile/0/002.p/88 is not there, and a log of 600 entries has it",
    );

    let folder = fresh();
    folder.alter("checkpoint", "\n600\n", "\n601\n");
    invalid(
        &folder,
        "the checkpoint: the signature of a.example/record/water is wrong",
    );

    let mut strange = leaves(0, 10, 1);
    strange[7] = strange[7].replace("\"ref\":3", "\"ref\":7");
    invalid(
        &Folder::of(strange),
        "entry 7 is no leaf of a record: it refers to an entry that is not before it",
    );
    let mut strange = leaves(0, 200, 1);
    strange[199] = strange[199].replace("2000-01-01T03", "2000-01-01T02");
    strange[199] = strange[199].replace(":19Z", ":00Z");
    invalid(
        &Folder::of(strange),
        "entry 199 is no leaf of a record: its time lies more than an hour before an earlier entry's",
    );
}

#[test]
fn a_wider_tile_serves_for_a_partial_one() {
    let folder = Folder::of(leaves(0, 600, 1));
    let grown = Folder::of(leaves(0, 768, 1));
    for path in ["tile/0/002", "tile/entries/002"] {
        folder.put(path, &fs::read(grown.file(path)).unwrap());
        fs::remove_file(folder.file(&format!("{path}.p/88"))).unwrap();
    }
    assert_eq!(verdict(&folder, &[]).0, 0);
}

#[test]
fn a_known_head_is_held_against_it() {
    let folder = Folder::of(leaves(0, 600, 1));
    for size in [1, 255, 256, 300, 600] {
        let (code, said) = verdict(&folder, &["--from", &folder.keep(size)]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("going on from {size}")), "{said}");
    }
    let kept = folder.keep(300);
    // A fork, signed by the same key.
    let fork = Folder::of([leaves(0, 200, 1), leaves(200, 700, 2)].concat());
    assert_eq!(verdict(&fork, &[]).0, 0, "in itself it is sound");
    let (code, said) = verdict(&fork, &["--from", &kept]);
    assert_eq!(code, 12, "{said}");
    assert!(
        said.contains("the first 300 entries are not those that were signed before"),
        "{said}"
    );
    // A rollback.
    let (code, said) = verdict(&Folder::of(leaves(0, 299, 1)), &["--from", &kept]);
    assert_eq!(code, 12, "{said}");
    assert!(said.contains("it was rolled back"), "{said}");
    // Another log's checkpoint says nothing.
    fs::write(
        &kept,
        "other\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— other AAAAAAAA\n",
    )
    .unwrap();
    assert_eq!(verdict(&folder, &["--from", &kept]).0, 10);
}

#[test]
fn a_policy_asks_for_witnesses() {
    let folder = Folder::of(leaves(0, 5, 1));
    let witness = actapub::tlog::SigningKey::from_seed(
        "w.example",
        actapub::tlog::key::KeyKind::Cosignature,
        &[3; 32],
    )
    .unwrap();
    let policy = folder.file("policy");
    let text = format!(
        "log {}\nwitness w {}\nquorum w\n",
        key().verifier(),
        witness.verifier()
    );
    fs::write(&policy, text).unwrap();
    let policy = policy.display().to_string();
    let (code, said) = verdict(&folder, &["--policy", &policy]);
    assert_eq!(code, 11, "{said}");
    assert_eq!(
        said,
        "error: unwitnessed: the checkpoint of 5 entries is not cosigned as the policy asks: by nobody"
    );
    let note = fs::read_to_string(folder.file("checkpoint")).unwrap();
    let mut note = Note::parse(&note).unwrap();
    note.add(actapub::tlog::cosignature::cosign(&note.text, &witness, 1_800_000_000).unwrap());
    folder.put("checkpoint", note.to_string().as_bytes());
    let (code, said) = verdict(&folder, &["--policy", &policy]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("cosigned by w"), "{said}");
}

struct Files<'a>(&'a Folder, u64);

impl Tiles for Files<'_> {
    type Error = std::io::Error;

    fn tile(&mut self, level: u8, index: u64, _: u16) -> Result<Vec<u8>, Self::Error> {
        let tile = actapub::tlog::Tile::in_tree(level, index, self.1).unwrap();
        fs::read(self.0.file(&tile.path()))
    }
}

#[test]
fn one_proof_is_checked_offline() {
    let folder = Folder::of(leaves(0, 600, 1));
    let proof = Receipt {
        extra: None,
        index: 300,
        proof: tree::inclusion_proof(300, 600, &mut Files(&folder, 600)).unwrap(),
        note: Note::parse(&Folder::note(folder.head(600))).unwrap(),
    };
    folder.put("300.tlog-proof", proof.to_string().as_bytes());
    folder.put("entry", folder.leaves[300].as_bytes());
    let (proof, entry) = (
        folder.file("300.tlog-proof").display().to_string(),
        folder.file("entry").display().to_string(),
    );
    let vkey = key().verifier().to_string();
    let ask = |entry: &str| verify(&[&proof, "--entry", entry, "--vkey", &vkey]);
    assert_eq!(
        ask(&entry),
        (
            0,
            "valid: entry 300 is in a.example/record/water, signed under 600 entries".to_owned()
        )
    );
    folder.put("entry", format!("{}\n", folder.leaves[300]).as_bytes());
    assert_eq!(ask(&entry).0, 0, "an editor has added a newline");
    folder.put("entry", folder.leaves[301].as_bytes());
    let (code, said) = ask(&entry);
    assert_eq!(code, 10);
    assert!(
        said.starts_with("error: invalid: the proof of entry 300: "),
        "{said}"
    );
    assert_ne!(
        Hash::of_record(folder.leaves[300].as_bytes()),
        Hash::of_record(folder.leaves[301].as_bytes())
    );
    // What is missing is said, with the code of a wrong command line.
    assert_eq!(verify(&[&proof, "--vkey", &vkey]).0, 2);
    assert_eq!(verify(&[&proof, "--entry", &entry]).0, 2);
    assert_eq!(verify(&[&entry, "--vkey", &vkey]).0, 2);
}

#[test]
fn what_cannot_be_read_is_not_called_invalid() {
    let (code, said) = verify(&["/nowhere/at/all"]);
    assert_eq!(code, 1, "{said}");
    let empty = tempfile::tempdir().unwrap();
    let (code, said) = verify(&[&empty.path().display().to_string()]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("not checked"), "{said}");
    // A private address is refused unless asked for.
    let (code, said) = verify(&["https://127.0.0.1:1/record/water"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("not public"), "{said}");
    assert_eq!(verify(&["x", "--vkey", "nonsense"]).0, 2);
    assert_eq!(verify(&[]).0, 2);
}

#[test]
fn a_bag_is_checked_file_by_file() {
    use std::fmt::Write as _;
    let folder = Folder::of(leaves(0, 300, 1));
    let bag = tempfile::tempdir().unwrap();
    let log = bag.path().join("data/log");
    fs::create_dir_all(&log).unwrap();
    let mut manifest = String::new();
    for path in [
        "checkpoint",
        "vkey",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    ] {
        let bytes = fs::read(folder.file(path)).unwrap();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
        for byte in digest.as_ref() {
            write!(manifest, "{byte:02x}").unwrap();
        }
        writeln!(manifest, "  data/log/{path}").unwrap();
        fs::create_dir_all(log.join(path).parent().unwrap()).unwrap();
        fs::write(log.join(path), bytes).unwrap();
    }
    fs::write(bag.path().join("manifest-sha256.txt"), manifest).unwrap();
    fs::write(
        bag.path().join("bagit.txt"),
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    )
    .unwrap();
    let name = bag.path().display().to_string();
    assert_eq!(verify(&[&name]).0, 0);
    let whole = fs::read(log.join("vkey")).unwrap();
    fs::write(log.join("vkey"), [whole.as_slice(), b"\n"].concat()).unwrap();
    let said = "error: invalid: the file data/log/vkey is not what the manifest says";
    assert_eq!(verify(&[&name]), (10, said.to_owned()));
    fs::write(log.join("vkey"), whole).unwrap();
    // What is wrong with the log itself is said more exactly.
    fs::write(log.join("tile/1/000.p/1"), [0; 32]).unwrap();
    let said = "error: invalid: entries 0 to 255 are not those that tile/1/000.p/1 was built from";
    assert_eq!(verify(&[&name]), (10, said.to_owned()));
}

/// Not a test of speed but a way to measure it: `cargo test --release -- --ignored a_million`.
#[test]
#[ignore = "a measurement"]
fn a_million_entries_are_read_in_seconds() {
    let folder = Folder::of(leaves(0, 1_000_000, 1));
    let begun = std::time::Instant::now();
    let (code, said) = verdict(&folder, &[]);
    eprintln!("{code} {said}: {:?}", begun.elapsed());
    assert_eq!(code, 0);
}
