//! Bundles of entries: what stands behind a tile of leaf hashes (c2sp.org/tlog-tiles, "Log entries").

use super::Hash;
use super::tile::FULL;

/// Bytes of the longest entry that the format can hold.
pub const LONGEST_ENTRY: usize = 65_535;

/// An entry that no bundle can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry has {size} bytes, and at most {LONGEST_ENTRY} fit")]
pub struct TooLong {
    pub size: usize,
}

/// Bytes that are no bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a bundle of entries ends within an entry, after {whole} whole ones")]
    CutOff { whole: usize },
    #[error("a bundle holds more than 256 entries")]
    TooMany,
    #[error("a bundle holds fewer entries than it should")]
    TooFew,
}

/// The entries side by side, each behind its length in two bytes, big-endian.
///
/// ```
/// use actapub::tlog::bundle;
/// let bytes = bundle::encode([&b"one"[..], b""])?;
/// assert_eq!(bytes, b"\x00\x03one\x00\x00");
/// # Ok::<(), bundle::TooLong>(())
/// ```
pub fn encode<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TooLong> {
    let mut bundle = vec![];
    for entry in entries {
        push(&mut bundle, entry)?;
    }
    Ok(bundle)
}

/// Adds an entry to a bundle. The caller sees to it that no more than 256 stand in one.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TooLong> {
    let size = u16::try_from(entry.len()).map_err(|_| TooLong { size: entry.len() })?;
    bundle.extend_from_slice(&size.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle, in order; it is looked through before the first one is given out.
pub fn iterate(bundle: &[u8]) -> Result<Entries<'_>, Malformed> {
    let mut entries = Entries {
        rest: bundle,
        left: 0,
    };
    let mut rest = bundle;
    while !rest.is_empty() {
        let (_, behind) = first(rest).ok_or(Malformed::CutOff {
            whole: entries.left,
        })?;
        if entries.left >= usize::from(FULL) {
            return Err(Malformed::TooMany);
        }
        entries.left += 1;
        rest = behind;
    }
    Ok(entries)
}

/// The beginning of a bundle that holds its first `width` entries: the partial bundle that a wider one replaces.
pub fn prefix(bundle: &[u8], width: u16) -> Result<&[u8], Malformed> {
    let mut entries = iterate(bundle)?;
    for _ in 0..width {
        entries.next().ok_or(Malformed::TooFew)?;
    }
    let size = bundle.len() - entries.rest.len();
    Ok(bundle.get(..size).unwrap_or_default())
}

/// The leaf hashes of a bundle's entries: its tile of level 0.
pub fn leaf_hashes(bundle: &[u8]) -> Result<Vec<Hash>, Malformed> {
    Ok(iterate(bundle)?.map(Hash::of_record).collect())
}

/// The entries of a bundle that has been looked through.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (entry, rest) = first(self.rest)?;
        self.rest = rest;
        self.left = self.left.saturating_sub(1);
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Entries<'_> {}

fn first(bundle: &[u8]) -> Option<(&[u8], &[u8])> {
    let (size, rest) = bundle.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_read_again() {
        let longest = vec![9; LONGEST_ENTRY];
        let entries: [&[u8]; 4] = [b"a", b"", &longest, b"end"];
        let bundle = encode(entries).unwrap();
        let read = iterate(&bundle).unwrap();
        assert_eq!(read.len(), 4);
        assert_eq!(read.collect::<Vec<_>>(), entries);
        assert_eq!(iterate(b"").unwrap().count(), 0);
        for width in 0..=4 {
            let part = encode(entries.into_iter().take(width)).unwrap();
            let width = u16::try_from(width).unwrap();
            assert_eq!(prefix(&bundle, width), Ok(&part[..]));
        }
        assert_eq!(prefix(&bundle, 5), Err(Malformed::TooFew));
        assert_eq!(leaf_hashes(&bundle).unwrap(), entries.map(Hash::of_record));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let size = LONGEST_ENTRY + 1;
        assert_eq!(encode([&vec![0; size][..]]), Err(TooLong { size }));
        assert!(iterate(&[0; 512]).is_ok());
        assert_eq!(iterate(&[0; 514]).unwrap_err(), Malformed::TooMany);
        let cut = |bytes: &[u8]| iterate(bytes).unwrap_err();
        assert_eq!(cut(b"\x00"), Malformed::CutOff { whole: 0 });
        assert_eq!(cut(b"\x00\x00\x00"), Malformed::CutOff { whole: 1 });
        assert_eq!(cut(b"\x00\x01a\x00\x02b"), Malformed::CutOff { whole: 1 });
        assert_eq!(cut(b"\xff\xffa"), Malformed::CutOff { whole: 0 });
    }
}
