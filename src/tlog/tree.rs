//! The Merkle tree over a log's leaves, read from its tiles: roots and proofs (RFC 6962, section 2.1).

use std::collections::BTreeMap;

use super::Hash;
use super::tile::{self, HEIGHT, Tile};

pub use super::edge::{ChangedTile, Edge, LARGEST};
pub use super::proof::{Invalid, LONGEST_PROOF, check_consistency, check_inclusion};

/// Where tiles of hashes come from: a database, a folder, another server.
pub trait Tiles {
    type Error;

    /// The bytes of a tile, of which at least `min_width` hashes (32 bytes each) are needed; more may be given, since
    /// a tile only ever grows at its end. `min_width` is what the tile has in the tree that was asked about, so that
    /// exactly this partial tile may be fetched.
    fn tile(&mut self, level: u8, index: u64, min_width: u16) -> Result<Vec<u8>, Self::Error>;
}

/// A reference to tiles reads them as well.
impl<T: Tiles> Tiles for &mut T {
    type Error = T::Error;

    fn tile(&mut self, level: u8, index: u64, min_width: u16) -> Result<Vec<u8>, T::Error> {
        (**self).tile(level, index, min_width)
    }
}

/// Why something about a tree could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError<E> {
    /// The tiles could not be had, for the reason that their source gives.
    #[error("a tile could not be read: {0}")]
    Tiles(E),
    #[error("tile {index} of level {level} is shorter than its tree needs it")]
    TooShort { level: u8, index: u64 },
    /// There is no such leaf, or no such older tree.
    #[error("a tree of {size} leaves has no {place}")]
    OutOfRange { place: u64, size: u64 },
}

/// The root of the tree of the first `size` leaves: reads at most eight tiles.
///
/// It says what the tiles say; whoever does not trust them compares the root with a signed one.
pub fn root<T: Tiles>(size: u64, tiles: &mut T) -> Result<Hash, TreeError<T::Error>> {
    Reader::new(size, tiles).range(0, size)
}

/// The proof that the leaf `index` is in the tree of `size` leaves, from the leaf's sibling up
/// (RFC 6962, section 2.1.1). Refused if `index` is not below `size`.
pub fn inclusion_proof<T: Tiles>(
    index: u64,
    size: u64,
    tiles: &mut T,
) -> Result<Vec<Hash>, TreeError<T::Error>> {
    if index >= size {
        return Err(TreeError::OutOfRange { place: index, size });
    }
    let mut reader = Reader::new(size, tiles);
    let mut proof = vec![];
    let (mut low, mut high) = (0, size);
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(reader.range(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.range(low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `size` leaves begins with the tree of `old` leaves (RFC 6962, section 2.1.2). Empty if
/// `old` is 0 or `size`; refused if it is above.
pub fn consistency_proof<T: Tiles>(
    old: u64,
    size: u64,
    tiles: &mut T,
) -> Result<Vec<Hash>, TreeError<T::Error>> {
    if old > size {
        return Err(TreeError::OutOfRange { place: old, size });
    }
    if old == 0 {
        return Ok(vec![]);
    }
    let mut reader = Reader::new(size, tiles);
    let mut proof = vec![];
    let (mut low, mut high) = (0, size);
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(reader.range(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.range(low, middle)?);
            low = middle;
        }
    }
    // A part that the verifier cannot compute from the old root, unless it is the old tree itself.
    if low > 0 {
        proof.push(reader.range(low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The greatest power of two below `leaves`, which are at least two.
fn split(leaves: u64) -> u64 {
    1 << leaves.saturating_sub(1).max(1).ilog2()
}

/// The tiles of one tree, each read once.
struct Reader<'a, T: Tiles> {
    size: u64,
    tiles: &'a mut T,
    /// At most two of each level for any one question.
    read: BTreeMap<(u8, u64), Vec<u8>>,
}

impl<'a, T: Tiles> Reader<'a, T> {
    const fn new(size: u64, tiles: &'a mut T) -> Self {
        Self {
            size,
            tiles,
            read: BTreeMap::new(),
        }
    }

    /// The root over the leaves `low..high`, where `low` is a multiple of a power of two that is not below
    /// `high - low`: full subtrees from the left, the smallest last.
    fn range(&mut self, low: u64, high: u64) -> Result<Hash, TreeError<T::Error>> {
        let mut peaks = vec![];
        let mut from = low;
        while from < high {
            let level = (high - from).ilog2();
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            peaks.push(self.node(level, from >> level)?);
            from += 1 << level;
        }
        let all = peaks
            .into_iter()
            .rev()
            .reduce(|right, left| Hash::of_node(left, right));
        Ok(all.unwrap_or(Hash::EMPTY_TREE))
    }

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, TreeError<T::Error>> {
        let place = (level / HEIGHT, index >> (HEIGHT - level % HEIGHT));
        let (tile_level, tile_index) = place;
        let too_short = TreeError::TooShort {
            level: tile_level,
            index: tile_index,
        };
        if !self.read.contains_key(&place) {
            let Some(tile) = Tile::in_tree(tile_level, tile_index, self.size) else {
                return Err(too_short);
            };
            let bytes = self.tiles.tile(tile_level, tile_index, tile.width);
            self.read.insert(place, bytes.map_err(TreeError::Tiles)?);
        }
        self.read
            .get(&place)
            .and_then(|bytes| tile::hash_at(bytes, level, index))
            .ok_or(too_short)
    }
}
