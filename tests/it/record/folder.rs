//! A record in a folder, as a stranger may have copied it, and as somebody may have tampered with it.

use std::fs;
use std::path::{Path, PathBuf};

use actapub::tlog::key::KeyKind;
use actapub::tlog::tile::{FULL, TilePath};
use actapub::tlog::{Checkpoint, Edge, Hash, Head, SigningKey, bundle};
use tempfile::TempDir;

pub(crate) const ORIGIN: &str = "a.example/record/water";

/// A leaf with a commitment of its own.
pub(crate) fn leaf(index: u64, salt: u64) -> String {
    use base64::Engine as _;
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&index.to_be_bytes());
    bytes[8..16].copy_from_slice(&salt.to_be_bytes());
    let commitment = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let reference = if index == 0 {
        String::new()
    } else {
        format!("\"ref\":{},", index / 2)
    };
    let (hour, minute) = (index / 60 % 24, index % 60);
    let day = 1 + index / 1440 % 28;
    let (month, year) = (1 + index / 40_320 % 12, 2000 + index / 483_840);
    format!(
        r#"{{"c":"{commitment}","k":"citizen",{reference}"t":"reply.received","ts":"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}Z","v":1}}"#
    )
}

pub(crate) fn leaves(from: u64, to: u64, salt: u64) -> Vec<String> {
    (from..to).map(|index| leaf(index, salt)).collect()
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, KeyKind::Ed25519, &[9; 32]).unwrap()
}

/// A log of these leaves in the layout of C2SP tlog-tiles, signed.
pub(crate) struct Folder {
    pub(crate) at: TempDir,
    pub(crate) leaves: Vec<String>,
}

impl Folder {
    pub(crate) fn of(leaves: Vec<String>) -> Self {
        let at = tempfile::tempdir().unwrap();
        fs::write(at.path().join("vkey"), format!("{}\n", key().verifier())).unwrap();
        let folder = Self { at, leaves };
        folder.write();
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.at.path()
    }

    pub(crate) fn name(&self) -> String {
        self.path().display().to_string()
    }

    /// Appends, and signs the new head.
    pub(crate) fn grow(&mut self, more: Vec<String>) {
        self.leaves.extend(more);
        self.write();
    }

    /// Writes everything anew, consistent and signed.
    pub(crate) fn write(&self) {
        let mut edge = Edge::empty();
        for (chunk, index) in self.leaves.chunks(usize::from(FULL)).zip(0..) {
            let hashes: Vec<Hash> = chunk
                .iter()
                .map(|leaf| Hash::of_record(leaf.as_bytes()))
                .collect();
            for tile in edge.append(&hashes) {
                self.put(&tile.tile().path(), &tile.bytes);
            }
            let entries = bundle::encode(chunk.iter().map(String::as_bytes)).unwrap();
            let width = u16::try_from(chunk.len()).unwrap();
            self.put(&TilePath::Entries { index, width }.to_string(), &entries);
        }
        let head = Head {
            size: edge.size(),
            root: edge.root(),
        };
        self.put("checkpoint", Self::note(head).as_bytes());
    }

    /// A signed checkpoint.
    pub(crate) fn note(head: Head) -> String {
        Checkpoint::new(ORIGIN, head)
            .sign(&key())
            .unwrap()
            .to_string()
    }

    /// The signed head of the first `size` leaves.
    pub(crate) fn head(&self, size: usize) -> Head {
        let mut edge = Edge::empty();
        let hashes: Vec<Hash> = self.leaves[..size]
            .iter()
            .map(|leaf| Hash::of_record(leaf.as_bytes()))
            .collect();
        edge.append(&hashes);
        Head {
            size: edge.size(),
            root: edge.root(),
        }
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let file = self.file(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Writes a checkpoint of the first `size` leaves beside the log, and returns where.
    pub(crate) fn keep(&self, size: usize) -> String {
        let file = self.file(&format!("kept-{size}"));
        fs::write(&file, Self::note(self.head(size))).unwrap();
        file.display().to_string()
    }

    /// Changes one byte in the place where `find` stands in a file.
    pub(crate) fn alter(&self, path: &str, find: &str, with: &str) {
        let file = self.file(path);
        let bytes = fs::read(&file).unwrap();
        let at = bytes
            .windows(find.len())
            .position(|it| it == find.as_bytes())
            .unwrap();
        let mut changed = bytes[..at].to_vec();
        changed.extend_from_slice(with.as_bytes());
        changed.extend_from_slice(&bytes[at + find.len()..]);
        fs::write(file, changed).unwrap();
    }
}
