//! Roots, proofs and appended leaves against the definition, over many sizes.

use super::{Chance, Shelf, defined_root, entry, leaves};
use crate::tlog::tile::{Tile, hash_at, tiles_of_size};
use crate::tlog::tree::{
    self, Invalid, LARGEST, TreeError, check_consistency, check_inclusion, consistency_proof,
    inclusion_proof,
};
use crate::tlog::{Edge, Hash};

/// Small ones, all that lie around the edges of tiles, and one with three levels of tiles.
const SIZES: [u64; 22] = [
    0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 100, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537,
    70_000,
];

#[test]
fn roots_are_those_of_the_definition() {
    let all = leaves(70_000);
    for size in SIZES {
        let expected = defined_root(&all[..usize::try_from(size).unwrap()]);
        let (mut shelf, edge) = Shelf::of(size);
        assert_eq!(edge.root(), expected, "{size}");
        assert_eq!(tree::root(size, &mut shelf), Ok(expected), "{size}");
        assert!(shelf.asked.len() <= 8);
        for (level, index, width) in shelf.asked {
            let tile = Tile::in_tree(level, index, size).unwrap();
            assert_eq!(tile.width, width, "only what a tree of {size} has");
        }
    }
}

#[test]
fn leaves_may_come_in_batches_of_any_size() {
    let all = leaves(3000);
    for seed in 0..20 {
        let mut chance = Chance::new(seed);
        let mut shelf = Shelf::default();
        let mut edge = Edge::empty();
        while edge.size() < 3000 {
            let from = usize::try_from(edge.size()).unwrap();
            let most = [2, 40, 900][chance.place(3)];
            let batch = chance.place(most);
            let batch = &all[from..(from + batch).min(all.len())];
            let before = shelf.clone();
            let changed = edge.append(batch);
            for tile in &changed {
                let old = before.tiles.get(&(tile.level, tile.index));
                let old = old.map_or(&[][..], |it| it);
                assert!(tile.bytes.starts_with(old) && tile.bytes.len() > old.len());
                let place = tile.tile();
                assert_eq!(
                    Tile::in_tree(place.level, place.index, edge.size()),
                    Some(place)
                );
            }
            shelf.put(changed);
            let sofar = &all[..from + batch.len()];
            assert_eq!(edge.root(), defined_root(sofar));
            assert_eq!(Edge::load(edge.size(), &mut shelf), Ok(edge.clone()));
        }
        let (whole, _) = Shelf::of(3000);
        assert!(shelf.tiles == whole.tiles);
        let listed: Vec<_> = tiles_of_size(3000).map(|it| (it.level, it.index)).collect();
        assert_eq!(listed, shelf.tiles.keys().copied().collect::<Vec<_>>());
    }
}

#[test]
fn a_wider_tile_serves_every_smaller_tree() {
    let (mut shelf, _) = Shelf::of(2000);
    let all = leaves(2000);
    let mut chance = Chance::new(1);
    for _ in 0..200 {
        let size = chance.below(2001);
        let expected = defined_root(&all[..usize::try_from(size).unwrap()]);
        assert_eq!(tree::root(size, &mut shelf), Ok(expected));
        // Every hash of it that is not there yet was not needed.
        assert_eq!(Edge::load(size, &mut shelf).unwrap().root(), expected);
    }
}

#[test]
fn every_proof_holds_and_no_other() {
    let (mut shelf, _) = Shelf::of(1100);
    let all = leaves(1100);
    let mut chance = Chance::new(2);
    for round in 0..400 {
        let size = if round < 40 {
            round + 1
        } else {
            1 + chance.below(1100)
        };
        let root = tree::root(size, &mut shelf).unwrap();
        let index = chance.below(size);
        let leaf = all[usize::try_from(index).unwrap()];
        let proof = inclusion_proof(index, size, &mut shelf).unwrap();
        let check = |proof: &[Hash], index, leaf, size, root| {
            check_inclusion(proof, index, leaf, size, root)
        };
        assert_eq!(check(&proof, index, leaf, size, root), Ok(()));
        for other in mutations(&proof, &mut chance) {
            assert!(
                check(&other, index, leaf, size, root).is_err(),
                "{index} of {size}"
            );
        }
        assert_eq!(
            check(&proof, index, leaf, size, altered(root, &mut chance)),
            Err(Invalid::Root)
        );
        assert_eq!(
            check(&proof, index, altered(leaf, &mut chance), size, root),
            Err(Invalid::Root)
        );
        assert!(check(&proof, index + 1, leaf, size, root).is_err());
        assert!(index == 0 || check(&proof, index - 1, leaf, size, root).is_err());
        // A size says more than which way the proof goes only through the root that is signed with it, so a proof may
        // hold for a size that has the same way; not for half of it or less.
        assert!(check(&proof, index, leaf, size * 2, root).is_err());
        assert!(size < 2 || check(&proof, index, leaf, size / 2, root).is_err());

        let old = chance.below(size + 1);
        let old_root = tree::root(old, &mut shelf).unwrap();
        let proof = consistency_proof(old, size, &mut shelf).unwrap();
        let check = |proof: &[Hash], old, old_root, size, root| {
            check_consistency(proof, old, old_root, size, root)
        };
        assert_eq!(
            check(&proof, old, old_root, size, root),
            Ok(()),
            "{old} of {size}"
        );
        for other in mutations(&proof, &mut chance) {
            assert!(
                check(&other, old, old_root, size, root).is_err(),
                "{old} of {size}"
            );
        }
        assert!(check(&proof, old, altered(old_root, &mut chance), size, root).is_err());
        assert!(
            old == 0 || check(&proof, old, old_root, size, altered(root, &mut chance)).is_err()
        );
        assert!(old == size || check(&proof, old + 1, old_root, size, root).is_err());
        assert!(old == 0 || check(&proof, old - 1, old_root, size, root).is_err());
    }
}

/// The proof with a byte changed in every hash, one hash more, one less, and two exchanged.
fn mutations(proof: &[Hash], chance: &mut Chance) -> Vec<Vec<Hash>> {
    let mut all = vec![];
    for at in 0..proof.len() {
        let mut other = proof.to_vec();
        other[at] = altered(proof[at], chance);
        all.push(other);
        let mut other = proof.to_vec();
        other.remove(at);
        all.push(other);
    }
    for at in 0..=proof.len() {
        let mut other = proof.to_vec();
        other.insert(at, Hash::of_record(b"one more"));
        all.push(other);
    }
    if let [first, second, rest @ ..] = proof {
        all.push([&[*second, *first], rest].concat());
    }
    all
}

fn altered(hash: Hash, chance: &mut Chance) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[chance.place(32)] ^= 1 << chance.place(8);
    Hash::from_bytes(bytes)
}

#[test]
fn every_byte_of_a_proof_counts() {
    let (mut shelf, edge) = Shelf::of(300);
    let proof = inclusion_proof(299, 300, &mut shelf).unwrap();
    let consistency = consistency_proof(270, 300, &mut shelf).unwrap();
    let old_root = tree::root(270, &mut shelf).unwrap();
    let leaf = Hash::of_record(&entry(299));
    for at in 0..32 {
        let change = |hash: Hash| {
            let mut bytes = *hash.as_bytes();
            bytes[at] ^= 0x40;
            Hash::from_bytes(bytes)
        };
        for place in 0..proof.len() {
            let mut other = proof.clone();
            other[place] = change(other[place]);
            assert_eq!(
                check_inclusion(&other, 299, leaf, 300, edge.root()),
                Err(Invalid::Root)
            );
        }
        for place in 0..consistency.len() {
            let mut other = consistency.clone();
            other[place] = change(other[place]);
            assert!(check_consistency(&other, 270, old_root, 300, edge.root()).is_err());
        }
    }
}

#[test]
fn what_is_not_there_is_an_error() {
    let (mut shelf, _) = Shelf::of(300);
    let out = |place, size| Err(TreeError::OutOfRange { place, size });
    assert_eq!(inclusion_proof(300, 300, &mut shelf), out(300, 300));
    assert_eq!(inclusion_proof(0, 0, &mut shelf), out(0, 0));
    assert_eq!(
        inclusion_proof(u64::MAX, u64::MAX, &mut shelf),
        out(u64::MAX, u64::MAX)
    );
    assert_eq!(consistency_proof(301, 300, &mut shelf), out(301, 300));
    let short = TreeError::TooShort { level: 0, index: 1 };
    assert_eq!(tree::root(301, &mut shelf), Err(short.clone()));
    assert_eq!(
        inclusion_proof(0, 512, &mut shelf),
        Err(TreeError::TooShort { level: 1, index: 0 })
    );
    assert_eq!(Edge::load(301, &mut shelf), Err(short));
    assert!(Edge::load(LARGEST + 1, &mut shelf).is_err());
    for size in [LARGEST, u64::MAX - 1, u64::MAX] {
        assert!(tree::root(size, &mut shelf).is_err());
        assert!(inclusion_proof(size - 1, size, &mut shelf).is_err());
        assert!(consistency_proof(size - 1, size, &mut shelf).is_err());
    }
}

/// All hashes of every tile are the same one: enough to walk through trees of any size.
struct Endless(Hash);

impl tree::Tiles for Endless {
    type Error = std::convert::Infallible;

    fn tile(&mut self, _: u8, _: u64, min_width: u16) -> Result<Vec<u8>, Self::Error> {
        Ok(self.0.as_bytes().repeat(usize::from(min_width)))
    }
}

#[test]
fn the_largest_trees_do_not_overflow() {
    let mut tiles = Endless(Hash::of_record(b""));
    for size in [1 << 63, (1 << 63) - 1, u64::MAX, u64::MAX - 1, u64::MAX / 3] {
        let root = tree::root(size, &mut tiles).unwrap();
        for index in [0, 1, size / 2, size - 2, size - 1] {
            let proof = inclusion_proof(index, size, &mut tiles).unwrap();
            assert!(proof.len() <= tree::LONGEST_PROOF);
            // The tiles contradict one another, so the roots do; the shape must be right nevertheless.
            let checked = check_inclusion(&proof, index, tiles.0, size, root);
            assert!(
                matches!(checked, Ok(()) | Err(Invalid::Root)),
                "{checked:?}"
            );
            let proof = consistency_proof(index, size, &mut tiles).unwrap();
            let checked = check_consistency(&proof, index, root, size, root);
            assert_ne!(checked, Err(Invalid::Length), "{index} of {size}");
        }
    }
    let mut edge = Edge::load(LARGEST, &mut tiles).unwrap();
    let changed = edge.append(&[tiles.0]);
    assert_eq!(edge.size(), LARGEST + 1);
    assert_eq!(
        changed.len(),
        8,
        "seven tiles become full, and the highest gets its 128th hash"
    );
}

#[test]
fn the_empty_tree_is_part_of_every_tree() {
    let root = Hash::of_record(b"");
    let some = [root];
    let empty = Hash::EMPTY_TREE;
    assert_eq!(check_consistency(&[], 0, empty, 1, root), Ok(()));
    assert_eq!(check_consistency(&[], 0, empty, 0, empty), Ok(()));
    assert_eq!(
        check_consistency(&[], 0, empty, 0, root),
        Err(Invalid::Root)
    );
    assert_eq!(check_consistency(&[], 0, root, 0, root), Err(Invalid::Root));
    assert_eq!(
        check_consistency(&[], 0, root, 1, root),
        Err(Invalid::OldRoot)
    );
    assert_eq!(
        check_consistency(&some, 0, empty, 1, root),
        Err(Invalid::Length)
    );
    assert_eq!(check_consistency(&[], 1, root, 1, root), Ok(()));
    assert_eq!(
        check_consistency(&some, 1, root, 1, root),
        Err(Invalid::Length)
    );
    assert_eq!(
        check_consistency(&[], 1, empty, 1, root),
        Err(Invalid::OldRoot)
    );
    assert_eq!(
        check_consistency(&[], 2, root, 1, root),
        Err(Invalid::OutOfRange)
    );
    assert_eq!(check_inclusion(&[], 0, root, 1, root), Ok(()));
    assert_eq!(
        check_inclusion(&[], 0, root, 0, root),
        Err(Invalid::OutOfRange)
    );
}

#[test]
fn nodes_inside_of_tiles() {
    let (shelf, _) = Shelf::of(600);
    let all = leaves(600);
    for level in 0..=9_u8 {
        for index in 0..(600_u64 >> level) {
            let width = 1 << level;
            let from = usize::try_from(index).unwrap() * width;
            let place = (level / 8, index >> (8 - level % 8));
            let hash = hash_at(&shelf.tiles[&place], level, index);
            assert_eq!(
                hash,
                Some(defined_root(&all[from..from + width])),
                "{level} {index}"
            );
        }
    }
    assert_eq!(hash_at(&[], 0, 0), None);
    assert_eq!(hash_at(&[0; 31], 0, 256), None);
    assert_eq!(
        hash_at(&[0; 8192], u8::MAX, u64::MAX),
        hash_at(&[0; 8192], 7, 1)
    );
    assert_eq!(hash_at(&[0; 4096], 7, 1), None);
}
