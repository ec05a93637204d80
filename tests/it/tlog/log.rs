//! A small log in memory, and numbers that look random.

use std::collections::BTreeMap;

use actapub::tlog::key::KeyKind;
use actapub::tlog::tree::Tiles;
use actapub::tlog::{Checkpoint, Edge, Hash, Head, Note, SigningKey};

pub(super) const ORIGIN: &str = "city.example/record/press";

/// `SplitMix64`: the same in every run.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) const fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    pub(super) fn place(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap()
    }
}

/// Entries of many lengths, an empty one among them.
pub(super) fn entry(index: u64) -> Vec<u8> {
    let length = usize::try_from(index * 37 % 300).unwrap();
    format!("{index} ")
        .into_bytes()
        .into_iter()
        .cycle()
        .take(length)
        .collect()
}

pub(super) fn leaf(index: u64) -> Hash {
    Hash::of_record(&entry(index))
}

pub(super) struct Log {
    pub(super) edge: Edge,
    pub(super) tiles: BTreeMap<(u8, u64), Vec<u8>>,
}

impl Log {
    pub(super) fn of(size: u64) -> Self {
        let mut log = Self {
            edge: Edge::empty(),
            tiles: BTreeMap::new(),
        };
        let leaves: Vec<_> = (0..size).map(leaf).collect();
        for batch in leaves.chunks(100) {
            for tile in log.edge.append(batch) {
                log.tiles.insert((tile.level, tile.index), tile.bytes);
            }
        }
        log
    }

    pub(super) fn key() -> SigningKey {
        SigningKey::from_seed(ORIGIN, KeyKind::Ed25519, &[1; 32]).unwrap()
    }

    pub(super) fn checkpoint(&self) -> Note {
        let head = Head {
            size: self.edge.size(),
            root: self.edge.root(),
        };
        Checkpoint::new(ORIGIN, head).sign(&Self::key()).unwrap()
    }
}

impl Tiles for Log {
    type Error = String;

    fn tile(&mut self, level: u8, index: u64, _: u16) -> Result<Vec<u8>, String> {
        let tile = self.tiles.get(&(level, index)).cloned();
        tile.ok_or_else(|| format!("no tile {level} {index}"))
    }
}
