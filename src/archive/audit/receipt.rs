//! One entry and its proof, offline or from its server.

use super::{Fault, Invalid, Report, Source, Trust, open, read_keys};
use crate::archive::leaf::ReadLeaf;
use crate::tlog::receipt::Unproven;
use crate::tlog::tile::{FULL, Tile};
use crate::tlog::{Checkpoint, Hash, Receipt, VerifierKey, bundle};

/// Whether a file begins as a proof does (c2sp.org/tlog-proof).
pub fn is_proof(text: &str) -> bool {
    text.starts_with("c2sp.org/tlog-proof@")
}

/// Checks a proof of an entry's bytes.
pub fn check(
    proof: &str,
    entry: &[u8],
    keys: &[VerifierKey],
    own_keys: bool,
    trust: &Trust,
) -> Result<Report, Fault> {
    let receipt = Receipt::parse(proof).map_err(|error| Fault::unreadable("the proof", error))?;
    let index = receipt.index;
    let wrong = |why: String| Fault::Invalid(Invalid::Proof { index, why });
    let (_, vkeys) = open(&receipt.note, keys)?;
    let key = keys
        .iter()
        .find(|key| Checkpoint::open(&receipt.note, key).is_ok())
        .ok_or_else(|| wrong("no key of the log has signed it".to_owned()))?;
    // A file may end in a newline that the entry has not.
    let bare = entry.strip_suffix(b"\n").unwrap_or(entry);
    let mut outcome = receipt.verify(Hash::of_record(entry), key, &trust.policy);
    if matches!(outcome, Err(Unproven::NotIncluded(_))) && bare.len() != entry.len() {
        outcome = receipt.verify(Hash::of_record(bare), key, &trust.policy);
    }
    let size = Checkpoint::parse(&receipt.note.text).map_or(0, |it| it.size);
    let proven = outcome.map_err(|unproven| match unproven {
        Unproven::Unwitnessed(judgement) => Fault::Unwitnessed { size, judgement },
        other => wrong(other.to_string()),
    })?;
    if ReadLeaf::parse(bare).is_none() {
        return Err(wrong("the entry is no leaf of a record".to_owned()));
    }
    Ok(Report {
        origin: proven.checkpoint.origin.clone(),
        size: proven.checkpoint.size,
        root: proven.checkpoint.root,
        vkeys,
        own_keys,
        cosigned_by: proven.cosigned_by,
        from: None,
        entry: Some(index),
        note: receipt.note.to_string(),
    })
}

/// Checks one entry of a record with the proof that its server gives.
pub async fn from_server(source: &Source, index: u64, trust: &Trust) -> Result<Report, Fault> {
    let proof = source.text(&format!("{index}/proof")).await?;
    let receipt = Receipt::parse(&proof).map_err(|error| Fault::unreadable("the proof", error))?;
    if receipt.index != index {
        let why = format!("it is about entry {}", receipt.index);
        return Err(Invalid::Proof { index, why }.into());
    }
    let own_keys = trust.keys.is_empty();
    let keys = if own_keys {
        read_keys(&source.text("vkey").await?)
            .map_err(|why| Invalid::Checkpoint(format!("the key beside it: {why}")))?
    } else {
        trust.keys.clone()
    };
    let (checkpoint, _) = open(&receipt.note, &keys)?;
    let (full, inside) = (index / u64::from(FULL), index % u64::from(FULL));
    let beyond = || Invalid::Proof {
        index,
        why: format!("its checkpoint has only {} entries", checkpoint.size),
    };
    let tile = Tile::in_tree(0, full, checkpoint.size).ok_or_else(beyond)?;
    let entries = source.entries(tile, checkpoint.size).await?;
    let inside = usize::try_from(inside).unwrap_or(usize::MAX);
    let entry = bundle::iterate(&entries)
        .ok()
        .and_then(|mut entries| entries.nth(inside))
        .ok_or_else(beyond)?;
    check(&proof, entry, &keys, own_keys, trust)
}
