//! Tiles: 256 hashes of one level side by side, and the paths under which they are served (c2sp.org/tlog-tiles).

use std::fmt;
use std::str::FromStr;

use super::Hash;

/// Hashes of a full tile, and entries of a full bundle.
pub const FULL: u16 = 256;

/// Levels of the tree between one level of tiles and the next: a tile is a subtree of this height.
pub const HEIGHT: u8 = 8;

/// Levels of tiles that a tree of at most 2^64 leaves can have.
pub const LEVELS: u8 = 8;

/// The highest level that a path may name.
const HIGHEST_LEVEL: u64 = 63;

/// One tile of hashes: where it lies, and how many hashes it has.
///
/// Its hash `i` is the root of the full subtree over the leaves
/// `(index * 256 + i) * 256^level .. (index * 256 + i + 1) * 256^level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 holds leaf hashes; each hash of a higher level is the root of a full tile of the level below.
    pub level: u8,
    /// Counted from the left of its level, from 0.
    pub index: u64,
    /// Number of hashes: 1 to 256. Less than 256 is a partial tile.
    pub width: u16,
}

/// What a path below a log's prefix asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TilePath {
    /// `tile/<L>/<N>[.p/<W>]`
    Hashes(Tile),
    /// `tile/entries/<N>[.p/<W>]`: the entries whose leaf hashes are the level-0 tile of this index and width.
    Entries { index: u64, width: u16 },
}

/// Why a path names no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATilePath {
    #[error("a tile's path is tile/<level>/<index>, with .p/<width> if it is partial")]
    Shape,
    #[error("a tile's level is a number from 0 to 63 without leading zeros, or `entries`")]
    Level,
    #[error(
        "a tile's index is written in groups of three digits, all but the last with an x before them"
    )]
    Index,
    #[error("a partial tile's width is a number from 1 to 255 without leading zeros")]
    Width,
}

impl Tile {
    /// The tile as it stands in a tree of `size` leaves; `None` if that tree has no such tile.
    ///
    /// ```
    /// use actapub::tlog::Tile;
    /// assert_eq!(Tile::in_tree(0, 273, 70_000).map(|it| it.width), Some(112));
    /// assert_eq!(Tile::in_tree(2, 0, 70_000).map(|it| it.width), Some(1));
    /// assert_eq!(Tile::in_tree(0, 274, 70_000), None);
    /// ```
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        let hashes = hashes_of_level(level, size);
        let left = hashes.checked_sub(index.checked_mul(u64::from(FULL))?)?;
        let width = u16::try_from(left.min(u64::from(FULL))).ok()?;
        (width > 0).then_some(Self {
            level,
            index,
            width,
        })
    }

    /// Whether no hash can be added to it any more.
    pub const fn is_full(&self) -> bool {
        self.width >= FULL
    }

    /// The path behind the log's prefix, such as `tile/0/x001/234.p/5`.
    ///
    /// ```
    /// use actapub::tlog::Tile;
    /// let tile = Tile { level: 0, index: 1_234_067, width: 256 };
    /// assert_eq!(tile.path(), "tile/0/x001/x234/067");
    /// ```
    pub fn path(&self) -> String {
        TilePath::Hashes(*self).to_string()
    }
}

impl TilePath {
    /// Reads a path behind the log's prefix, with `tile/` and without a slash before it. Every tile has exactly one
    /// path: anything else, such as additional zeros, is refused.
    pub fn parse(path: &str) -> Result<Self, NotATilePath> {
        let rest = path.strip_prefix("tile/").ok_or(NotATilePath::Shape)?;
        let (level, rest) = rest.split_once('/').ok_or(NotATilePath::Shape)?;
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, FULL),
            Some((index, width)) => (index, parse_width(width)?),
        };
        let index = parse_index(index)?;
        if level == "entries" {
            return Ok(Self::Entries { index, width });
        }
        let level = super::decimal::parse(level)
            .filter(|level| *level <= HIGHEST_LEVEL)
            .and_then(|level| u8::try_from(level).ok())
            .ok_or(NotATilePath::Level)?;
        Ok(Self::Hashes(Tile {
            level,
            index,
            width,
        }))
    }

    /// The number of hashes or entries that are asked for: 1 to 256.
    pub const fn width(&self) -> u16 {
        match self {
            Self::Hashes(tile) => tile.width,
            Self::Entries { width, .. } => *width,
        }
    }

    /// Whether a tree of `size` leaves has this tile with at least this width.
    pub fn is_in_tree(&self, size: u64) -> bool {
        let (level, index) = match self {
            Self::Hashes(tile) => (tile.level, tile.index),
            Self::Entries { index, .. } => (0, *index),
        };
        Tile::in_tree(level, index, size).is_some_and(|tile| self.width() <= tile.width)
    }
}

/// The path behind the log's prefix.
impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match self {
            Self::Hashes(tile) => {
                write!(f, "tile/{}/", tile.level)?;
                (tile.index, tile.width)
            }
            Self::Entries { index, width } => {
                f.write_str("tile/entries/")?;
                (*index, *width)
            }
        };
        write_index(f, index)?;
        if width < FULL {
            write!(f, ".p/{width}")?;
        }
        Ok(())
    }
}

impl FromStr for TilePath {
    type Err = NotATilePath;

    fn from_str(path: &str) -> Result<Self, NotATilePath> {
        Self::parse(path)
    }
}

fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    // At most seven groups of three digits: 10^18 is the greatest power of a thousand below 2^64.
    let mut unit = 1_000_000_000_000_000_000;
    while unit > 1 {
        if index >= unit {
            write!(f, "x{:03}/", index / unit % 1000)?;
        }
        unit /= 1000;
    }
    write!(f, "{:03}", index % 1000)
}

fn parse_index(text: &str) -> Result<u64, NotATilePath> {
    let mut index = 0_u64;
    let mut groups = text.split('/').peekable();
    let mut first = true;
    while let Some(group) = groups.next() {
        let digits = if groups.peek().is_some() {
            group.strip_prefix('x').ok_or(NotATilePath::Index)?
        } else {
            group
        };
        let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let superfluous = first && groups.peek().is_some() && digits == "000";
        if !three || superfluous {
            return Err(NotATilePath::Index);
        }
        let group: u64 = digits.parse().map_err(|_| NotATilePath::Index)?;
        index = index
            .checked_mul(1000)
            .and_then(|index| index.checked_add(group))
            .ok_or(NotATilePath::Index)?;
        first = false;
    }
    Ok(index)
}

fn parse_width(text: &str) -> Result<u16, NotATilePath> {
    super::decimal::parse(text)
        .filter(|width| (1..u64::from(FULL)).contains(width))
        .and_then(|width| u16::try_from(width).ok())
        .ok_or(NotATilePath::Width)
}

/// How many hashes the level of tiles has in a tree of `size` leaves: `floor(size / 256^level)`.
pub(super) fn hashes_of_level(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT))
        .unwrap_or(0)
}

/// Every tile of hashes, full or partial, of a tree of `size` leaves: level by level, from the left. The bundles of
/// entries have the same indices and widths as the tiles of level 0.
pub fn tiles_of_size(size: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).flat_map(move |level| {
        let tiles = hashes_of_level(level, size).div_ceil(u64::from(FULL));
        (0..tiles).filter_map(move |index| Tile::in_tree(level, index, size))
    })
}

/// The hash of a node of the tree out of the bytes of the tile that it lies in; `None` if the tile does not reach
/// that far.
///
/// `level` counts the levels of the tree, not of tiles (0 is a leaf), and `index` is the node's place in its level.
/// So the tile is the one of level `level / 8` whose index is `index >> (8 - level % 8)`.
pub fn hash_at(tile: &[u8], level: u8, index: u64) -> Option<Hash> {
    let inside = level % HEIGHT;
    let width = 1_usize << inside;
    // The place within the tile, in hashes: at most 255, whatever the index.
    let first = usize::try_from((index << inside) % u64::from(FULL)).ok()?;
    let bytes = tile.get(first * Hash::SIZE..(first + width) * Hash::SIZE)?;
    let mut hashes: Vec<Hash> = bytes
        .chunks_exact(Hash::SIZE)
        .filter_map(Hash::from_slice)
        .collect();
    while hashes.len() > 1 {
        hashes = hashes
            .chunks_exact(2)
            .filter_map(|pair| Some(Hash::of_node(*pair.first()?, *pair.last()?)))
            .collect();
    }
    hashes.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tile(level: u8, index: u64, width: u16) -> TilePath {
        TilePath::Hashes(Tile {
            level,
            index,
            width,
        })
    }

    #[test]
    fn every_tile_has_one_path() {
        let entries = |index, width| TilePath::Entries { index, width };
        for (path, expected) in [
            ("tile/0/000", tile(0, 0, FULL)),
            ("tile/0/000.p/1", tile(0, 0, 1)),
            ("tile/1/999", tile(1, 999, FULL)),
            ("tile/1/x001/000", tile(1, 1000, FULL)),
            ("tile/0/x001/234.p/5", tile(0, 1234, 5)),
            ("tile/63/x001/x234/067.p/255", tile(63, 1_234_067, 255)),
            (
                "tile/0/x018/x446/x744/x073/x709/x551/615",
                tile(0, u64::MAX, FULL),
            ),
            (
                "tile/0/x001/x000/x000/x000/x000/x000/000",
                tile(0, 1_000_000_000_000_000_000, FULL),
            ),
            ("tile/entries/000", entries(0, FULL)),
            ("tile/entries/x123/456.p/17", entries(123_456, 17)),
        ] {
            assert_eq!(TilePath::parse(path), Ok(expected));
            assert_eq!(expected.to_string(), path);
        }
    }

    #[test]
    fn no_other_path_is_read() {
        use NotATilePath::{Index, Level, Shape, Width};
        for (path, expected) in [
            ("", Shape),
            ("tile", Shape),
            ("tile/", Shape),
            ("tile/0", Shape),
            ("/tile/0/000", Shape),
            ("tiles/0/000", Shape),
            ("tile/00/000", Level),
            ("tile/64/000", Level),
            ("tile/255/000", Level),
            ("tile/256/000", Level),
            ("tile/-1/000", Level),
            ("tile/+1/000", Level),
            ("tile//000", Level),
            ("tile/data/000", Level),
            ("tile/Entries/000", Level),
            ("tile/99999999999999999999/000", Level),
            ("tile/8/0/000", Index),
            ("tile/0/", Index),
            ("tile/0/0", Index),
            ("tile/0/00", Index),
            ("tile/0/0000", Index),
            ("tile/0/x000", Index),
            ("tile/0/x000/001", Index),
            ("tile/0/x000/x001/001", Index),
            ("tile/0/001/001", Index),
            ("tile/0/x01/001", Index),
            ("tile/0/x001/x001", Index),
            ("tile/0/X001/001", Index),
            ("tile/0/x001//001", Index),
            ("tile/0/+01", Index),
            ("tile/0/000/", Index),
            ("tile/0/000.p", Index),
            ("tile/0/../000", Index),
            ("tile/0/%30", Index),
            ("tile/0/٠٠٠", Index),
            ("tile/0/x018/x446/x744/x073/x709/x551/616", Index),
            ("tile/0/x999/x999/x999/x999/x999/x999/999", Index),
            ("tile/0/x001/x018/x446/x744/x073/x709/x551/615", Index),
            ("tile/0/000.p/", Width),
            ("tile/0/000.p/0", Width),
            ("tile/0/000.p/256", Width),
            ("tile/0/000.p/01", Width),
            ("tile/0/000.p/+1", Width),
            ("tile/0/000.p/1/", Width),
            ("tile/0/000.p/1.p/1", Width),
            ("tile/0/000.p/65537", Width),
            ("tile/entries/000.p/99999999999999999999", Width),
        ] {
            assert_eq!(TilePath::parse(path), Err(expected), "{path}");
        }
    }

    /// The example of the specification.
    #[test]
    fn the_tiles_of_a_tree_of_70_000() {
        let all: Vec<_> = tiles_of_size(70_000).collect();
        let of = |level, full| {
            let is = |it: &&Tile| it.level == level && it.is_full() == full;
            all.iter().filter(is).collect::<Vec<_>>()
        };
        assert_eq!(of(0, true).len(), 273);
        assert_eq!(
            of(0, false),
            [&Tile {
                level: 0,
                index: 273,
                width: 112
            }]
        );
        assert_eq!(of(1, true).len(), 1);
        assert_eq!(
            of(1, false),
            [&Tile {
                level: 1,
                index: 1,
                width: 17
            }]
        );
        assert_eq!(
            of(2, false),
            [&Tile {
                level: 2,
                index: 0,
                width: 1
            }]
        );
        assert_eq!(all.len(), 277);
        assert_eq!(tiles_of_size(0).count(), 0);
        let of_256: Vec<_> = tiles_of_size(256).map(|it| it.path()).collect();
        assert_eq!(of_256, ["tile/0/000", "tile/1/000.p/1"]);
    }

    #[test]
    fn what_a_tree_has_is_told_from_what_it_has_not() {
        assert!(tile(0, 273, 112).is_in_tree(70_000));
        assert!(tile(0, 273, 1).is_in_tree(70_000));
        assert!(!tile(0, 273, 113).is_in_tree(70_000));
        assert!(!tile(0, 273, FULL).is_in_tree(70_000));
        assert!(tile(0, 272, 3).is_in_tree(70_000));
        assert!(!tile(3, 0, 1).is_in_tree(70_000));
        assert!(!tile(0, u64::MAX, 1).is_in_tree(u64::MAX));
        assert!(!tile(63, 0, 1).is_in_tree(u64::MAX));
        assert!(tile(7, 0, 255).is_in_tree(u64::MAX));
        assert!(!tile(7, 0, FULL).is_in_tree(u64::MAX));
        assert!(
            TilePath::Entries {
                index: 273,
                width: 112
            }
            .is_in_tree(70_000)
        );
        assert!(
            !TilePath::Entries {
                index: 274,
                width: 1
            }
            .is_in_tree(70_000)
        );
        assert_eq!(Tile::in_tree(u8::MAX, 0, u64::MAX), None);
        let highest = tiles_of_size(u64::MAX).next();
        assert_eq!(
            highest,
            Some(Tile {
                level: 0,
                index: 0,
                width: FULL
            })
        );
    }
}
