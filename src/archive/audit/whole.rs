//! A whole log, from its first entry to its head.

use std::collections::BTreeMap;
use std::convert::Infallible;

use futures_util::{StreamExt as _, pin_mut};

use super::stream::{Piece, pieces};
use super::{Contradiction, Fault, Invalid, Leaves, Report, Source, Trust, open, read_keys};
use crate::archive::leaf::ReadLeaf;
use crate::tlog::audit::{Auditor, Wrong};
use crate::tlog::tile::{self, FULL, Tile, TilePath, tiles_of_size};
use crate::tlog::tree::{ChangedTile, Edge, Tiles};
use crate::tlog::{Checkpoint, Hash, Head, Note, VerifierKey, bundle};

/// A signed head, and who signed it.
#[derive(Debug, Clone)]
pub struct Signed {
    pub checkpoint: Checkpoint,
    pub note: Note,
    pub keys: Vec<VerifierKey>,
    /// Those of the keys that signed.
    pub vkeys: Vec<String>,
    pub own_keys: bool,
}

/// The head that a record shows now.
pub async fn head(source: &Source, trust: &Trust) -> Result<Signed, Fault> {
    let note = source.text("checkpoint").await?;
    let note = Note::parse(&note).map_err(|error| Invalid::Checkpoint(error.to_string()))?;
    let own_keys = trust.keys.is_empty();
    let keys = if own_keys {
        read_keys(&source.text("vkey").await?)
            .map_err(|why| Invalid::Checkpoint(format!("the key beside it: {why}")))?
    } else {
        trust.keys.clone()
    };
    let (checkpoint, vkeys) = open(&note, &keys)?;
    Ok(Signed {
        checkpoint,
        note,
        keys,
        vkeys,
        own_keys,
    })
}

/// How far reading has come: entries read, and how many there are.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// Reads a whole log: recomputes its tree from its entries, compares every tile, the signed head and, if one is given,
/// an older signed head, and looks at each leaf. Memory does not grow with the log.
pub async fn check(
    source: &Source,
    trust: &Trust,
    from: Option<&Note>,
    progress: Progress<'_>,
) -> Result<Report, Fault> {
    let signed = head(source, trust).await?;
    let from = match from {
        Some(note) => Some(open(note, &signed.keys)?.0.head()),
        None => None,
    };
    let mut walk = Walk::begin(Edge::empty(), Leaves::default());
    walk.go(
        source,
        signed.checkpoint.head(),
        from,
        progress,
        &mut |_, _, _| {},
    )
    .await?;
    let judgement = trust.policy.judge(&signed.note);
    if !judgement.satisfied {
        let size = signed.checkpoint.size;
        return Err(Fault::Unwitnessed { size, judgement });
    }
    Ok(Report {
        origin: signed.checkpoint.origin,
        size: signed.checkpoint.size,
        root: signed.checkpoint.root,
        vkeys: signed.vkeys,
        own_keys: signed.own_keys,
        cosigned_by: judgement.cosigned_by,
        from: from.map(|head| head.size),
        entry: None,
        note: signed.note.to_string(),
    })
}

/// Reading a log from where one stands up to a head.
#[derive(Debug, Clone)]
pub struct Walk {
    auditor: Auditor,
    pub leaves: Leaves,
    /// The roots of full tiles of level 0 since the last full one of level 1, to tell which of them was changed.
    roots: Vec<Hash>,
    begun: u64,
    /// The log's own tiles at its right edge.
    partial: Fetched,
}

/// What sees each entry: its index, its leaf, its bytes.
pub type Each<'a> = &'a mut (dyn FnMut(u64, &ReadLeaf, &[u8]) + Send);

impl Walk {
    /// Goes on behind a tree that was verified before.
    pub fn begin(edge: Edge, leaves: Leaves) -> Self {
        Self {
            begun: edge.size(),
            auditor: Auditor::from_edge(edge),
            leaves,
            roots: vec![],
            partial: Fetched::default(),
        }
    }

    /// The tree over the entries so far.
    pub const fn edge(&self) -> &Edge {
        self.auditor.edge()
    }

    /// The tiles that were not full at the head that was read to: with them one goes on from there.
    pub(super) fn into_partial(self) -> Fetched {
        self.partial
    }

    /// Reads on up to a signed head, past an older one if there is one.
    pub async fn go(
        &mut self,
        source: &Source,
        to: Head,
        known: Option<Head>,
        progress: Progress<'_>,
        each: Each<'_>,
    ) -> Result<(), Fault> {
        let here = self.auditor.size();
        let lowest = known.map_or(here, |known| known.size.max(here));
        if to.size < lowest {
            return Err(Fault::Contradiction(Contradiction::Rollback {
                known: lowest,
                found: to.size,
            }));
        }
        let known_size = known.map(|known| known.size);
        let explain = |wrong| explain(wrong, known_size, to.size);
        if let Some(known) = known {
            self.auditor
                .expect(known.size, known.root)
                .map_err(explain)?;
        }
        self.auditor.expect(to.size, to.root).map_err(|wrong| {
            // A root that differs at the size where reading begins: what was verified before is not what is signed now.
            match wrong {
                Wrong::Root { size, .. } if size == here && here > 0 => {
                    Fault::Contradiction(Contradiction::Fork { known: here })
                }
                other => explain(other),
            }
        })?;
        let mut head_wrong = None;
        {
            let ahead = pieces(source, here, to.size);
            pin_mut!(ahead);
            while self.auditor.size() < to.size {
                let Some(piece) = ahead.next().await else {
                    break;
                };
                match self.piece(source, &piece?, to.size, each).await {
                    Ok(()) => progress(self.auditor.size(), to.size),
                    Err(Step::Wrong(wrong @ Wrong::Root { size, .. }))
                        if size == to.size && known_size != Some(size) =>
                    {
                        head_wrong = Some(wrong);
                    }
                    Err(Step::Wrong(wrong)) => return Err(explain(wrong)),
                    Err(Step::Fault(fault)) => return Err(fault),
                }
            }
        }
        self.edges(source, to).await?;
        if head_wrong.is_some() {
            return Err(self.astray(to.size));
        }
        self.auditor.finish().map_err(explain)
    }

    /// The tiles do not tell what was changed. If reading began behind something verified, that is what is not gone on
    /// from; otherwise the entries simply are not the signed ones.
    const fn astray(&self, size: u64) -> Fault {
        if self.begun > 0 {
            Fault::Contradiction(Contradiction::Fork { known: self.begun })
        } else {
            Fault::Invalid(Invalid::Root { size })
        }
    }

    async fn piece(
        &mut self,
        source: &Source,
        piece: &Piece,
        size: u64,
        each: Each<'_>,
    ) -> Result<(), Step> {
        let first = piece.tile.index * u64::from(FULL);
        let here = self.auditor.size();
        let skip = usize::try_from(here.saturating_sub(first)).unwrap_or(0);
        let entries =
            bundle::iterate(&piece.entries).map_err(|reason| Wrong::Bundle { first, reason })?;
        for (entry, index) in entries.clone().skip(skip).zip(here..) {
            let leaf = self
                .leaves
                .take(index, entry)
                .map_err(|why| Fault::Invalid(Invalid::Leaf { index, why }));
            // An entry that is none of ours may have been put in the place of one: that is the better sentence.
            let hash = Hash::of_record(entry);
            let at = usize::try_from(index - first).unwrap_or(0) * Hash::SIZE;
            if piece.hashes.get(at..at + Hash::SIZE) != Some(hash.as_bytes()) {
                return Err(Wrong::Entry { index }.into());
            }
            each(index, &leaf?, entry);
        }
        let full = if skip == 0 {
            self.auditor
                .feed_bundle(&piece.entries, Some(&piece.hashes))?
        } else {
            for entry in entries.skip(skip) {
                self.auditor.feed(entry)?;
            }
            vec![]
        };
        for tile in full {
            self.compare(source, &tile, size).await?;
        }
        Ok(())
    }

    /// Compares a tile that became full with the log's own, and remembers the roots of the lowest.
    async fn compare(
        &mut self,
        source: &Source,
        tile: &ChangedTile,
        size: u64,
    ) -> Result<(), Fault> {
        if tile.level == 0 {
            let half = |n| tile::hash_at(&tile.bytes, 7, n);
            if let (Some(left), Some(right)) = (half(0), half(1)) {
                self.roots.push(Hash::of_node(left, right));
            }
            return Ok(());
        }
        let theirs = source.hashes(tile.tile(), size).await?;
        if tile.level == 1 {
            self.roots.clear();
        }
        differs(tile.tile(), &tile.bytes, &theirs)
    }

    /// Compares the tiles that are not full: those of level 1 hash by hash, all of them by their root.
    async fn edges(&mut self, source: &Source, to: Head) -> Result<(), Fault> {
        let mut fetched = Fetched::default();
        for tile in tiles_of_size(to.size).filter(|tile| !tile.is_full()) {
            let theirs = source.hashes(tile, to.size).await?;
            if tile.level == 1 && self.begun == 0 {
                let ours: Vec<u8> = self
                    .roots
                    .iter()
                    .flat_map(|hash| *hash.as_bytes())
                    .collect();
                differs(tile, &ours, &theirs)?;
            }
            fetched.0.insert((tile.level, tile.index), theirs.to_vec());
        }
        let edge = Edge::load(to.size, &mut fetched);
        if edge.is_ok_and(|edge| edge.root() == to.root) {
            self.partial = fetched;
            return Ok(());
        }
        Err(self.astray(to.size))
    }
}

/// Whether two tiles are the same; names the entries below the first hash that is not.
fn differs(tile: Tile, ours: &[u8], theirs: &[u8]) -> Result<(), Fault> {
    let pairs = ours.chunks(Hash::SIZE).zip(theirs.chunks(Hash::SIZE));
    let Some(at) = (0_u64..)
        .zip(pairs)
        .find(|(_, (a, b))| a != b)
        .map(|(at, _)| at)
    else {
        return Ok(());
    };
    let below = u64::from(FULL).saturating_pow(u32::from(tile.level));
    let first = (tile.index * u64::from(FULL) + at).saturating_mul(below);
    Err(Invalid::Range {
        first,
        last: first.saturating_add(below - 1),
        path: TilePath::Hashes(tile).to_string(),
    }
    .into())
}

enum Step {
    Wrong(Wrong),
    Fault(Fault),
}

impl From<Wrong> for Step {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Fault> for Step {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What the arithmetic found, in the words of this module.
fn explain(wrong: Wrong, known: Option<u64>, size: u64) -> Fault {
    let path = |first: u64, width| {
        TilePath::Entries {
            index: first / u64::from(FULL),
            width,
        }
        .to_string()
    };
    match wrong {
        Wrong::Root { size: at, .. } if known == Some(at) => {
            Fault::Contradiction(Contradiction::Fork { known: at })
        }
        Wrong::Root { size, .. } => Invalid::Root { size }.into(),
        Wrong::Entry { index } => Invalid::Entry { index }.into(),
        Wrong::Bundle { first, reason } => Invalid::Tile {
            path: path(first, FULL),
            why: reason.to_string(),
        }
        .into(),
        Wrong::Width { first } => Invalid::Tile {
            path: path(first, FULL),
            why: "it has not as many entries as its tile has hashes".to_owned(),
        }
        .into(),
        Wrong::Passed { .. } | Wrong::TooShort { .. } | Wrong::TooLarge => {
            Invalid::Checkpoint(format!("{wrong}, of {size}")).into()
        }
    }
}

/// Tiles that have been fetched already.
#[derive(Debug, Clone, Default)]
pub(super) struct Fetched(pub(super) BTreeMap<(u8, u64), Vec<u8>>);

impl Tiles for Fetched {
    type Error = Infallible;

    fn tile(&mut self, level: u8, index: u64, _: u16) -> Result<Vec<u8>, Infallible> {
        Ok(self.0.get(&(level, index)).cloned().unwrap_or_default())
    }
}
