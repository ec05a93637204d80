//! The right edge of a growing tree: what an appender has to remember, and the tiles that it has to write.

use std::array;

use super::Hash;
use super::tile::{FULL, HEIGHT, LEVELS, Tile, hashes_of_level};
use super::tree::{Tiles, TreeError};

/// The most leaves that a tree may have here: 2^63 - 1, since other verifiers count in signed numbers.
pub const LARGEST: u64 = u64::MAX >> 1;

/// The state of a tree to which leaves are appended: its size and, of every level, the hashes of the tile that is not
/// full yet. At most 64 KiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    levels: [Vec<Hash>; LEVELS as usize],
}

/// A tile that is new, or that has grown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedTile {
    pub level: u8,
    pub index: u64,
    /// All of its hashes so far, not only the new ones; 8,192 bytes when it is full.
    pub bytes: Vec<u8>,
}

impl ChangedTile {
    fn new(level: u8, index: u64, hashes: &[Hash]) -> Self {
        let bytes = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        Self {
            level,
            index,
            bytes,
        }
    }

    /// Its place and width.
    pub fn tile(&self) -> Tile {
        let width = self.bytes.len() / Hash::SIZE;
        Tile {
            level: self.level,
            index: self.index,
            width: u16::try_from(width).unwrap_or(FULL),
        }
    }
}

impl Default for Edge {
    fn default() -> Self {
        Self::empty()
    }
}

impl Edge {
    /// A tree without leaves.
    ///
    /// ```
    /// use actapub::tlog::{Edge, Hash};
    /// let mut edge = Edge::empty();
    /// assert_eq!(edge.root(), Hash::EMPTY_TREE);
    /// let changed = edge.append(&[Hash::of_record(b"entry")]);
    /// assert_eq!(changed[0].tile().path(), "tile/0/000.p/1");
    /// assert_eq!(edge.root(), Hash::of_record(b"entry"));
    /// ```
    pub fn empty() -> Self {
        Self {
            size: 0,
            levels: array::from_fn(|_| vec![]),
        }
    }

    /// Takes up a tree of `size` leaves again: reads its tiles that are not full, at most eight. Refused above
    /// [`LARGEST`].
    ///
    /// Whether they are the right ones shows when [`Edge::root`] is compared with the root that was written down.
    pub fn load<T: Tiles>(size: u64, tiles: &mut T) -> Result<Self, TreeError<T::Error>> {
        if size > LARGEST {
            let place = size;
            return Err(TreeError::OutOfRange { place, size });
        }
        let mut edge = Self::empty();
        edge.size = size;
        for (level, hashes) in (0..LEVELS).zip(&mut edge.levels) {
            let all = hashes_of_level(level, size);
            let (index, width) = (all / u64::from(FULL), all % u64::from(FULL));
            let width = u16::try_from(width).unwrap_or(FULL);
            if width == 0 {
                continue;
            }
            let bytes = tiles.tile(level, index, width).map_err(TreeError::Tiles)?;
            let wanted = bytes
                .get(..usize::from(width) * Hash::SIZE)
                .ok_or(TreeError::TooShort { level, index })?;
            hashes.extend(wanted.chunks_exact(Hash::SIZE).filter_map(Hash::from_slice));
        }
        Ok(edge)
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree as it is now: at most 255 hashes for every level of tiles.
    pub fn root(&self) -> Hash {
        let joined = self
            .levels
            .iter()
            .fold(None, |below, hashes| join(hashes, below));
        joined.unwrap_or(Hash::EMPTY_TREE)
    }

    /// Appends leaves, and returns every tile that came to be or grew, with all of its bytes: first the tiles that
    /// became full, then those that are partial.
    pub fn append(&mut self, leaf_hashes: &[Hash]) -> Vec<ChangedTile> {
        let mut changed = vec![];
        let before: Vec<u64> = self.hashes();
        for leaf in leaf_hashes {
            self.push(*leaf, &mut changed);
        }
        for (level, hashes) in (0..LEVELS).zip(&self.levels) {
            let all = hashes_of_level(level, self.size);
            let grew = before.get(usize::from(level)) != Some(&all);
            if grew && !hashes.is_empty() {
                changed.push(ChangedTile::new(level, all / u64::from(FULL), hashes));
            }
        }
        changed
    }

    fn hashes(&self) -> Vec<u64> {
        (0..LEVELS)
            .map(|level| hashes_of_level(level, self.size))
            .collect()
    }

    /// Appends one leaf; tiles that become full by it are added to `full`.
    pub(super) fn push(&mut self, leaf: Hash, full: &mut Vec<ChangedTile>) {
        self.size = self.size.saturating_add(1);
        let mut hash = leaf;
        for (level, hashes) in (0..LEVELS).zip(&mut self.levels) {
            hashes.push(hash);
            if hashes.len() < usize::from(FULL) {
                return;
            }
            let shift = u32::from(HEIGHT) * (u32::from(level) + 1);
            let tiles = self.size.checked_shr(shift).unwrap_or(0);
            full.push(ChangedTile::new(level, tiles.saturating_sub(1), hashes));
            let Some(root) = join(hashes, None) else {
                return;
            };
            hashes.clear();
            hash = root;
        }
    }
}

/// The root over equally high subtrees side by side, and over what follows to their right, which is less high.
fn join(hashes: &[Hash], behind: Option<Hash>) -> Option<Hash> {
    let mut level = hashes.to_vec();
    let mut behind = behind;
    while let Some(last) = level.last().copied() {
        if level.len() % 2 == 1 {
            level.pop();
            behind = Some(behind.map_or(last, |right| Hash::of_node(last, right)));
        }
        level = level
            .chunks_exact(2)
            .filter_map(|pair| Some(Hash::of_node(*pair.first()?, *pair.last()?)))
            .collect();
    }
    behind
}
