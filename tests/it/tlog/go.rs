//! A log of ours, read by the code of Go's checksum database, and the other way round: `tests/go/sumdb.go`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use actapub::tlog::key::{KeyKind, SigningKey};
use actapub::tlog::tile::{TilePath, tiles_of_size};
use actapub::tlog::tree::{
    self, check_consistency, check_inclusion, consistency_proof, inclusion_proof,
};
use actapub::tlog::{Hash, Note, Tile, bundle};

use super::log::{Chance, Log, entry, leaf};
use crate::harness::left_out;

/// Where Debian's packages put the sources of Go libraries.
const LIBRARIES: &str = "/usr/share/gocode";

/// The program; `None` where Go or the library is missing, which is said once.
pub(crate) fn sumdb() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match PROGRAM.get_or_init(build) {
        Ok(program) => Some(program),
        Err(why) => {
            left_out("Go's checksum database", why);
            None
        }
    }
}

fn build() -> Result<PathBuf, String> {
    let library = Path::new(LIBRARIES).join("src/golang.org/x/mod/sumdb/tlog");
    let install = "install golang-go and golang-golang-x-mod-dev to run them";
    if !library.exists() || Command::new("go").arg("version").output().is_err() {
        return Err(install.to_owned());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go");
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("sumdb");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/sumdb.go");
    let built = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &source])
        .env("GO111MODULE", "off")
        .env("GOFLAGS", "")
        .env("GOPATH", LIBRARIES)
        .env("GOCACHE", folder.join("cache"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", errors(&built));
    Ok(program)
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs the program on a folder that holds a log as it is served.
pub(crate) fn run(program: &Path, command: &str, folder: &Path, keys: &[&str]) -> Output {
    Command::new(program)
        .arg(command)
        .arg(folder)
        .args(keys)
        .output()
        .unwrap()
}

/// A log on disk, as it is served, with proofs to be judged.
struct Folder {
    log: Log,
    root: tempfile::TempDir,
}

impl Folder {
    fn of(size: u64) -> Self {
        let folder = Self {
            log: Log::of(size),
            root: tempfile::tempdir().unwrap(),
        };
        folder.write("checkpoint", folder.log.checkpoint().to_string().as_bytes());
        for tile in tiles_of_size(size) {
            let bytes = &folder.log.tiles[&(tile.level, tile.index)];
            folder.write(&tile.path(), bytes);
            let Tile {
                level,
                index,
                width,
            } = tile;
            if level == 0 {
                let first = index * 256;
                let entries: Vec<_> = (first..first + u64::from(width)).map(entry).collect();
                let bundle = bundle::encode(entries.iter().map(|it| &it[..])).unwrap();
                folder.write(&TilePath::Entries { index, width }.to_string(), &bundle);
            }
        }
        folder
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn flip(&self, path: &str, at: usize) {
        let path = self.root.path().join(path);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
    }

    fn check(&self, program: &Path) -> Result<String, String> {
        let vkey = Log::key().verifier().to_string();
        let output = run(program, "check", self.root.path(), &[&vkey]);
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(errors(&output))
        }
    }
}

/// A line of the file `proofs`, with the verdict of our own check.
fn line(kind: &str, place: u64, size: u64, hashes: [Hash; 2], proof: &[Hash]) -> String {
    let [root, other] = hashes;
    let verdict = match kind {
        "record" => check_inclusion(proof, place, other, size, root),
        _ => check_consistency(proof, place, other, size, root),
    };
    let verdict = if verdict.is_ok() { "valid" } else { "invalid" };
    let words = [root, other].into_iter().chain(proof.iter().copied());
    let hashes: Vec<_> = words.map(|hash| hash.to_string()).collect();
    format!("{verdict} {kind} {place} {size} {}\n", hashes.join(" "))
}

/// Proofs about many trees, and as many that are damaged.
fn proofs(log: &mut Log, size: u64) -> String {
    let mut chance = Chance(5);
    let mut lines = String::new();
    for _ in 0..300 {
        let size = 1 + chance.below(size);
        let place = chance.below(size);
        let root = tree::root(size, log).unwrap();
        let proof = inclusion_proof(place, size, log).unwrap();
        let hashes = [root, leaf(place)];
        lines += &line("record", place, size, hashes, &proof);
        damage(
            &mut chance,
            &mut lines,
            "record",
            place,
            size,
            hashes,
            &proof,
        );
        let old = place + 1;
        let hashes = [root, tree::root(old, log).unwrap()];
        let proof = consistency_proof(old, size, log).unwrap();
        lines += &line("tree", old, size, hashes, &proof);
        damage(&mut chance, &mut lines, "tree", old, size, hashes, &proof);
    }
    assert!(lines.matches("invalid").count() > 400, "{lines}");
    assert!(
        lines
            .lines()
            .filter(|line| line.starts_with("valid"))
            .count()
            >= 600
    );
    lines
}

fn damage(
    chance: &mut Chance,
    lines: &mut String,
    kind: &str,
    place: u64,
    size: u64,
    hashes: [Hash; 2],
    proof: &[Hash],
) {
    let (mut place, mut size, mut hashes, mut proof) = (place, size, hashes, proof.to_vec());
    let other = Hash::of_record(b"other");
    match chance.below(7) {
        0 => hashes[0] = other,
        1 => hashes[1] = other,
        2 => place += 1,
        3 => size += 1,
        4 => proof.push(other),
        5 => drop(proof.pop()),
        _ if proof.is_empty() => size *= 2,
        _ => {
            let at = chance.place(proof.len());
            proof[at] = other;
        }
    }
    *lines += &line(kind, place, size, hashes, &proof);
}

#[test]
fn the_go_checksum_database_reads_our_log() {
    let Some(program) = sumdb() else { return };
    for size in [0, 1, 2, 255, 256, 257, 1000, 66_000] {
        let mut folder = Folder::of(size);
        if size > 0 {
            let lines = proofs(&mut folder.log, size);
            folder.write("proofs", lines.as_bytes());
        }
        assert_eq!(
            folder.check(program),
            Ok(format!("verified {size} entries\n"))
        );
    }
}

#[test]
fn the_go_checksum_database_notices_what_is_wrong() {
    let Some(program) = sumdb() else { return };
    let folder = Folder::of(600);
    for (path, at, complaint) in [
        ("checkpoint", 0, "checkpoint: invalid signature"),
        ("tile/entries/000", 5, "the entries have the root"),
        ("tile/entries/002.p/88", 1000, "the entries have the root"),
        ("tile/0/001", 8191, "tile/0/001 does not fit"),
        ("tile/1/000.p/2", 0, "tile/1/000.p/2 does not fit"),
    ] {
        folder.flip(path, at);
        let found = folder.check(program).unwrap_err();
        assert!(found.starts_with(complaint), "{path}: {found}");
        folder.flip(path, at);
    }
    let root = folder.log.edge.root();
    let proof = line("record", 0, 600, [root, leaf(0)], &[]).replace("invalid", "valid");
    folder.write("proofs", proof.as_bytes());
    assert!(
        folder
            .check(program)
            .unwrap_err()
            .starts_with("proofs, line 1: Go finds it invalid")
    );
}

#[test]
fn we_read_what_the_go_checksum_database_writes() {
    let Some(program) = sumdb() else { return };
    for size in [1, 7, 300, 1000] {
        let mut folder = Folder::of(size);
        let vkey = Log::key().verifier().to_string();
        let second = SigningKey::from_seed("second.example", KeyKind::Ed25519, &[8; 32]).unwrap();
        let output = run(
            program,
            "prove",
            folder.root.path(),
            &[&vkey, &second.reveal()],
        );
        assert!(output.status.success(), "{}", errors(&output));
        let output = String::from_utf8(output.stdout).unwrap();
        let (lines, checkpoint) = output.split_once("checkpoint\n").unwrap();
        assert!(lines.lines().count() > 60);
        for line in lines.lines() {
            accept(line, &mut folder.log);
        }
        let note = Note::parse(checkpoint).unwrap();
        assert_eq!(note.to_string(), checkpoint);
        assert_eq!(note.text, folder.log.checkpoint().text);
        for key in [&Log::key(), &second] {
            assert!(note.verify(key.verifier()).is_ok());
        }
    }
}

/// One line of what Go proves: it must hold, and be what we would have written.
fn accept(line: &str, log: &mut Log) {
    let words: Vec<&str> = line.split(' ').collect();
    let (place, size) = (words[2].parse().unwrap(), words[3].parse().unwrap());
    if words[0] == "path" {
        let (level, index, width) = (
            words[1].parse().unwrap(),
            place,
            u16::try_from(size).unwrap(),
        );
        let tile = Tile {
            level,
            index,
            width,
        };
        assert_eq!(tile.path(), words[4]);
        assert_eq!(TilePath::parse(words[4]), Ok(TilePath::Hashes(tile)));
        return;
    }
    let hashes: Vec<Hash> = words[4..]
        .iter()
        .map(|word| word.parse().unwrap())
        .collect();
    let (root, other, proof) = (hashes[0], hashes[1], &hashes[2..]);
    assert_eq!(tree::root(size, log), Ok(root));
    if words[1] == "record" {
        assert_eq!(check_inclusion(proof, place, other, size, root), Ok(()));
        assert_eq!(inclusion_proof(place, size, log).unwrap(), proof);
    } else {
        assert_eq!(check_consistency(proof, place, other, size, root), Ok(()));
        assert_eq!(consistency_proof(place, size, log).unwrap(), proof);
    }
}
