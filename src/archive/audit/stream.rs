//! A log's entries in order, read ahead a little and never more.

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};

use super::{Fault, Source};
use crate::tlog::tile::{FULL, Tile};

/// Bundles on their way at a time.
const AHEAD: usize = 8;

/// A bundle of entries and the tile of their hashes.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) tile: Tile,
    pub(super) entries: Bytes,
    pub(super) hashes: Bytes,
}

/// The pieces of a log of `size` entries that hold entry `from` and what follows.
pub(super) fn pieces(
    source: &Source,
    from: u64,
    size: u64,
) -> impl Stream<Item = Result<Piece, Fault>> + '_ {
    let first = from / u64::from(FULL);
    let tiles = (first..).map_while(move |index| Tile::in_tree(0, index, size));
    stream::iter(tiles)
        .map(move |tile| async move {
            let (entries, hashes) =
                futures_util::try_join!(source.entries(tile, size), source.hashes(tile, size))?;
            Ok(Piece {
                tile,
                entries,
                hashes,
            })
        })
        .buffered(AHEAD)
}
