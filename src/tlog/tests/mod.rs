//! Trees and chance for the tests of this module: the definition of RFC 6962 written down again, and seeded numbers.

mod oracle;
mod policies;
mod trees;

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::tlog::tree::{ChangedTile, Tiles};
use crate::tlog::{Edge, Hash};

/// Numbers that look random and are the same in every run.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `SplitMix64`.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, which is above 0.
    pub(super) const fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(super) fn place(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap()
    }
}

pub(super) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

pub(super) fn leaves(size: u64) -> Vec<Hash> {
    (0..size)
        .map(|index| Hash::of_record(&entry(index)))
        .collect()
}

/// MTH of RFC 6962, section 2.1, word for word.
pub(super) fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_TREE,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Hash::of_node(defined_root(left), defined_root(right))
        }
    }
}

/// A log's tiles as a folder would keep them: every write replaces what was there.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    pub(super) tiles: BTreeMap<(u8, u64), Vec<u8>>,
    /// What was asked for: level, index and width.
    pub(super) asked: Vec<(u8, u64, u16)>,
}

impl Shelf {
    pub(super) fn put(&mut self, changed: Vec<ChangedTile>) {
        for tile in changed {
            self.tiles.insert((tile.level, tile.index), tile.bytes);
        }
    }

    /// The shelf and the edge of a tree of `size` leaves.
    pub(super) fn of(size: u64) -> (Self, Edge) {
        let mut shelf = Self::default();
        let mut edge = Edge::empty();
        shelf.put(edge.append(&leaves(size)));
        (shelf, edge)
    }
}

impl Tiles for Shelf {
    type Error = Infallible;

    fn tile(&mut self, level: u8, index: u64, min_width: u16) -> Result<Vec<u8>, Infallible> {
        self.asked.push((level, index, min_width));
        Ok(self.tiles.get(&(level, index)).cloned().unwrap_or_default())
    }
}
