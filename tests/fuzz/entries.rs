//! What is done with bytes of strangers, one function for each format: whatever they are, nothing panics, and what is
//! accepted is written again as exactly what was read. Shared by the fuzz targets and by `tests/it/tlog/mutation.rs`.

use actapub::tlog::checkpoint::{Checkpoint, Head};
use actapub::tlog::key::{KeyKind, SigningKey, VerifierKey};
use actapub::tlog::tile::TilePath;
use actapub::tlog::witness::{AddCheckpoint, judge};
use actapub::tlog::{Hash, Note, Policy, Receipt, bundle, note, tile, tree};

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

pub fn tile_path(bytes: &[u8]) {
    let Some(path) = text(bytes) else { return };
    let Ok(tile) = TilePath::parse(path) else {
        return;
    };
    assert_eq!(tile.to_string(), path);
    assert!((1..=tile::FULL).contains(&tile.width()));
    for size in [0, 1, 70_000, u64::MAX] {
        let _ = tile.is_in_tree(size);
    }
    if let TilePath::Hashes(tile) = tile {
        assert_eq!(tile.path(), path);
        let _ = tile::hash_at(bytes, tile.level, tile.index);
    }
}

pub fn bundle(bytes: &[u8]) {
    let Ok(entries) = bundle::iterate(bytes) else {
        return;
    };
    let count = entries.len();
    assert!(count <= usize::from(tile::FULL));
    assert_eq!(bundle::encode(entries.clone()).as_deref(), Ok(bytes));
    assert_eq!(entries.count(), count);
    assert_eq!(bundle::leaf_hashes(bytes).map(|it| it.len()), Ok(count));
    assert_eq!(
        bundle::prefix(bytes, u16::try_from(count).unwrap_or_default()),
        Ok(bytes)
    );
    assert!(bundle::prefix(bytes, u16::MAX).is_err());
}

pub fn key(bytes: &[u8]) {
    let Some(line) = text(bytes) else { return };
    if let Ok(key) = VerifierKey::parse(line) {
        assert_eq!(key.to_string(), line);
    }
    if let Ok(key) = SigningKey::parse(line) {
        assert_eq!(key.reveal(), line);
    }
}

pub fn note(bytes: &[u8]) {
    let _ = text(bytes).map(note::parse_signatures);
    let Ok(note) = Note::from_bytes(bytes) else {
        return;
    };
    assert_eq!(note.to_string().as_bytes(), bytes);
    for key in keys(&note) {
        let _ = note.verify(&key);
    }
    let _ = Policy::none().judge(&note);
}

pub fn checkpoint(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
}

pub fn receipt(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(receipt) = Receipt::parse(text) else {
        return;
    };
    assert_eq!(receipt.to_string(), text);
    for key in keys(&receipt.note) {
        assert!(
            receipt
                .verify(Hash::EMPTY_TREE, &key, &Policy::none())
                .is_err()
        );
    }
}

pub fn request(bytes: &[u8]) {
    let Ok(request) = AddCheckpoint::from_bytes(bytes) else {
        return;
    };
    assert_eq!(request.to_string().as_bytes(), bytes);
    let keys = keys(request.note());
    let known = Head {
        size: request.old(),
        root: Hash::EMPTY_TREE,
    };
    for known in [None, Some(&known)] {
        let _ = judge(known, &request, &keys);
    }
}

pub fn policy(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match Policy::parse(text) {
        Err(error) => assert!(error.line <= text.lines().count()),
        Ok(policy) => {
            let (first, rest) = (policy.witnesses().first(), policy.logs());
            let unsigned = Note {
                text: Checkpoint::new("o", Head::EMPTY).to_string(),
                signatures: vec![],
            };
            let judgement = policy.judge(&unsigned);
            assert!(!judgement.satisfied || policy.needs_no_witness() && rest.is_empty());
            assert!(first.is_none_or(|it| !it.name.is_empty()));
        }
    }
}

/// Two numbers, two roots and a proof, side by side: read as an inclusion and as a consistency proof.
pub fn proof(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first_chunk() else {
        return;
    };
    let Some((second, rest)) = rest.split_first_chunk() else {
        return;
    };
    let (first, second) = (u64::from_be_bytes(*first), u64::from_be_bytes(*second));
    let hashes: Vec<Hash> = rest.chunks_exact(32).filter_map(Hash::from_slice).collect();
    let [one, other, proof @ ..] = &hashes[..] else {
        return;
    };
    let included = tree::check_inclusion(proof, first, *one, second, *other);
    assert!(included.is_err() || first < second && proof.len() <= tree::LONGEST_PROOF);
    let consistent = tree::check_consistency(proof, first, *one, second, *other);
    assert!(consistent.is_err() || first <= second && proof.len() <= tree::LONGEST_PROOF);
}

/// Keys of every kind that a note's signatures claim to be of.
fn keys(note: &Note) -> Vec<VerifierKey> {
    let name = note.signatures.first().map_or("n", |it| &it.name);
    [KeyKind::Ed25519, KeyKind::Cosignature]
        .into_iter()
        .filter_map(|kind| VerifierKey::new(name, kind, [1; 32]).ok())
        .collect()
}
