//! Reading a whole log again, entry by entry, in memory that does not grow with it.

use super::bundle;
use super::tile::{FULL, Tile};
use super::tree::{ChangedTile, Edge, LARGEST};
use super::{Hash, checkpoint::Head};

/// Computes the tree over the entries that it is given, and compares it with what was said of it.
///
/// ```
/// use actapub::tlog::{Hash, audit::Auditor};
/// let mut auditor = Auditor::new();
/// auditor.expect(1, Hash::of_record(b"entry"))?;
/// auditor.feed(b"entry")?;
/// assert_eq!(auditor.finish(), Ok(()));
/// # Ok::<(), actapub::tlog::audit::Wrong>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Auditor {
    edge: Edge,
    /// Heads that are still to be reached, by size.
    expected: Vec<Head>,
}

/// Where a log is not what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The entry's hash is not the one that stands in the tile of hashes. Which of them was altered, a proof shows.
    #[error("entry {index} is not the one that the tree was built from")]
    Entry { index: u64 },
    /// The bundle holds something else than entries, or too few of them.
    #[error("the bundle that begins with entry {first}: {reason}")]
    Bundle {
        first: u64,
        reason: bundle::Malformed,
    },
    #[error(
        "the tile of hashes that begins with entry {first} has other hashes than its bundle has entries"
    )]
    Width { first: u64 },
    #[error("the first {size} entries have another root than the checkpoint says")]
    Root {
        size: u64,
        expected: Hash,
        found: Hash,
    },
    /// A root was to be compared at a size that was passed already.
    #[error("the entries are read beyond {size} already")]
    Passed { size: u64 },
    #[error("the log ends after {found} entries, and a checkpoint says {expected}")]
    TooShort { expected: u64, found: u64 },
    #[error("a log has at most {LARGEST} entries")]
    TooLarge,
}

impl Auditor {
    /// Begins with the first entry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on behind a tree that was verified before.
    pub const fn from_edge(edge: Edge) -> Self {
        Self {
            edge,
            expected: vec![],
        }
    }

    /// The number of entries so far.
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root over the entries so far.
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// The tree over the entries so far.
    pub const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Has the root compared when `size` entries were read: at once if they are, and an error if there are more
    /// already.
    pub fn expect(&mut self, size: u64, root: Hash) -> Result<(), Wrong> {
        if size < self.size() {
            return Err(Wrong::Passed { size });
        }
        self.expected.push(Head { size, root });
        self.compare()
    }

    /// Takes the next entry.
    pub fn feed(&mut self, entry: &[u8]) -> Result<(), Wrong> {
        self.leaf(Hash::of_record(entry), &mut vec![])
    }

    /// Takes a bundle of entries that begins where the last one ended, and its tile of leaf hashes, if there is one,
    /// to compare the entries with one by one. Returns the tiles of every level that became full by it; whoever has the
    /// log's own can compare them.
    ///
    /// A log is read in full bundles and one partial one at the end. Where reading went on from the middle of a
    /// bundle, [`Auditor::feed`] takes the rest of it.
    pub fn feed_bundle(
        &mut self,
        bundle: &[u8],
        tile: Option<&[u8]>,
    ) -> Result<Vec<ChangedTile>, Wrong> {
        let first = self.size();
        let bad = |reason| Wrong::Bundle { first, reason };
        let entries = bundle::iterate(bundle).map_err(bad)?;
        let room = u64::from(FULL) - first % u64::from(FULL);
        if entries.len() as u64 > room {
            return Err(bad(bundle::Malformed::TooMany));
        }
        if tile.is_some_and(|tile| tile.len() != entries.len() * Hash::SIZE) {
            return Err(Wrong::Width { first });
        }
        let mut hashes = tile.unwrap_or_default().chunks_exact(Hash::SIZE);
        let mut full = vec![];
        for entry in entries {
            let leaf = Hash::of_record(entry);
            if hashes.next().is_some_and(|hash| hash != leaf.as_bytes()) {
                return Err(Wrong::Entry { index: self.size() });
            }
            self.leaf(leaf, &mut full)?;
        }
        Ok(full)
    }

    /// Whether every root that was to be compared has been.
    pub fn finish(&self) -> Result<(), Wrong> {
        let left = self.expected.iter().map(|head| head.size).max();
        left.map_or(Ok(()), |expected| {
            let found = self.size();
            Err(Wrong::TooShort { expected, found })
        })
    }

    /// The width of the next bundle to be read in a tree of `size` entries, and its index: `None` at its end.
    pub fn next_bundle(&self, size: u64) -> Option<Tile> {
        Tile::in_tree(0, self.size() / u64::from(FULL), size).filter(|_| self.size() < size)
    }

    fn leaf(&mut self, leaf: Hash, full: &mut Vec<ChangedTile>) -> Result<(), Wrong> {
        if self.size() >= LARGEST {
            return Err(Wrong::TooLarge);
        }
        self.edge.push(leaf, full);
        self.compare()
    }

    fn compare(&mut self) -> Result<(), Wrong> {
        let size = self.edge.size();
        if self.expected.iter().all(|head| head.size != size) {
            return Ok(());
        }
        let found = self.edge.root();
        let mut wrong = None;
        self.expected.retain(|head| {
            if head.size == size && head.root != found {
                wrong = Some(head.root);
            }
            head.size != size
        });
        match wrong {
            None => Ok(()),
            Some(expected) => Err(Wrong::Root {
                size,
                expected,
                found,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::tests::{Shelf, entry, leaves};
    use crate::tlog::tree;

    /// The bundles of a log of `size` entries.
    fn bundles(size: u64) -> Vec<Vec<u8>> {
        let entries: Vec<_> = (0..size).map(entry).collect();
        let encode = |some: &[Vec<u8>]| bundle::encode(some.iter().map(|it| &it[..])).unwrap();
        entries.chunks(256).map(encode).collect()
    }

    #[test]
    fn a_whole_log_is_read_again() {
        let (mut shelf, edge) = Shelf::of(66_000);
        let mut auditor = Auditor::new();
        for size in [0, 1, 255, 256, 66_000] {
            auditor
                .expect(size, tree::root(size, &mut shelf).unwrap())
                .unwrap();
        }
        for (first, bundle) in (0..).zip(bundles(66_000)) {
            let next = auditor.next_bundle(66_000).unwrap();
            assert_eq!((next.level, next.index), (0, first));
            assert_eq!(
                usize::from(next.width),
                bundle::iterate(&bundle).unwrap().len()
            );
            let tile = &shelf.tiles[&(0, first)];
            for full in auditor.feed_bundle(&bundle, Some(tile)).unwrap() {
                assert!(full.bytes == shelf.tiles[&(full.level, full.index)]);
                assert_eq!(full.bytes.len(), 8192);
            }
        }
        assert_eq!(auditor.finish(), Ok(()));
        assert_eq!(auditor.next_bundle(66_000), None);
        assert_eq!((auditor.size(), auditor.root()), (66_000, edge.root()));
        assert_eq!(auditor.edge(), &edge);
    }

    #[test]
    fn an_altered_entry_is_named() {
        let (shelf, edge) = Shelf::of(700);
        for altered in [0, 255, 256, 511, 600, 699] {
            let mut entries: Vec<_> = (0..700).map(entry).collect();
            entries[altered][2] ^= 1;
            let index = altered as u64;
            let mut found = None;
            let mut auditor = Auditor::new();
            for (number, some) in (0..).zip(entries.chunks(256)) {
                let bundle = bundle::encode(some.iter().map(|it| &it[..])).unwrap();
                let tile = &shelf.tiles[&(0, number)];
                if let Err(wrong) = auditor.feed_bundle(&bundle, Some(tile)) {
                    found = Some(wrong);
                    break;
                }
            }
            assert_eq!(found, Some(Wrong::Entry { index }));
            // Without tiles the root alone shows it.
            let mut auditor = Auditor::new();
            auditor.expect(700, edge.root()).unwrap();
            let wrong = entries
                .iter()
                .map(|it| auditor.feed(it))
                .find_map(Result::err);
            let (expected, found) = (edge.root(), auditor.root());
            assert_eq!(
                wrong,
                Some(Wrong::Root {
                    size: 700,
                    expected,
                    found
                })
            );
        }
    }

    #[test]
    fn what_is_missing_is_noticed() {
        let mut auditor = Auditor::new();
        auditor.expect(2, Hash::EMPTY_TREE).unwrap();
        auditor.feed(b"one").unwrap();
        assert_eq!(
            auditor.finish(),
            Err(Wrong::TooShort {
                expected: 2,
                found: 1
            })
        );
        assert_eq!(
            auditor.expect(0, Hash::EMPTY_TREE),
            Err(Wrong::Passed { size: 0 })
        );
        assert_eq!(auditor.expect(1, Hash::of_record(b"one")), Ok(()));
        assert!(auditor.expect(1, Hash::EMPTY_TREE).is_err());
        let cut = Wrong::Bundle {
            first: 1,
            reason: bundle::Malformed::CutOff { whole: 0 },
        };
        assert_eq!(auditor.feed_bundle(&[0, 1], None), Err(cut));
        assert_eq!(
            auditor.feed_bundle(&[0, 0], Some(&[])),
            Err(Wrong::Width { first: 1 })
        );
        assert_eq!(
            auditor.feed_bundle(&[], Some(&[0; 32])),
            Err(Wrong::Width { first: 1 })
        );
        let many = Wrong::Bundle {
            first: 1,
            reason: bundle::Malformed::TooMany,
        };
        assert_eq!(auditor.feed_bundle(&[0; 512], None), Err(many));
    }

    #[test]
    fn reading_goes_on_where_it_stopped() {
        let (mut shelf, edge) = Shelf::of(700);
        let mut auditor = Auditor::from_edge(Edge::load(300, &mut shelf).unwrap());
        auditor.expect(700, edge.root()).unwrap();
        assert_eq!(auditor.next_bundle(700).map(|it| it.index), Some(1));
        for index in 300..512 {
            auditor.feed(&entry(index)).unwrap();
        }
        let last = bundles(700).pop().unwrap();
        assert_eq!(bundle::leaf_hashes(&last).unwrap(), leaves(700)[512..]);
        auditor.feed_bundle(&last, None).unwrap();
        assert_eq!(auditor.finish(), Ok(()));
    }
}
