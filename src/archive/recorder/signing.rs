//! Signing the heads that are committed.

use super::{Failure, REFRESH};
use crate::archive::log::{self, Checkpointed, Log, Reader};
use crate::archive::witness::{self, OwnWord, Witness};
use crate::kernel::{LogId, Timestamp};
use crate::platform::db::{self, Conn};
use crate::tlog::{Checkpoint, Hash, Note, SigningKey, tree};

/// What was signed, and has still to be kept.
pub(super) struct Signed {
    log: LogId,
    /// The log's origin, if more was signed of it than before.
    grown: Option<String>,
    checkpoint: Checkpointed,
    /// The same with our own witness's line, if it may give one.
    cosigned: Option<OwnWord>,
}

impl Signed {
    pub(super) fn new(
        conn: &mut Conn,
        log: &Log,
        keys: &[SigningKey],
        witness: Option<&Witness>,
        at: Timestamp,
    ) -> Result<Self, Failure> {
        let text = Checkpoint::new(&log.origin, log.head).to_string();
        let note = Note::signed(&text, &keys.iter().collect::<Vec<_>>())?;
        let cosigned = match witness {
            Some(witness) => {
                let trusted: Vec<_> = keys.iter().map(|key| key.verifier().clone()).collect();
                witness::own_word(conn, witness, &trusted, &note, at, |conn, old| {
                    proof(conn, log, old)
                })?
            }
            None => None,
        };
        let before = log.signed.as_ref().map_or(0, |signed| signed.size);
        Ok(Self {
            log: log.id,
            grown: (log.head.size > before).then(|| log.origin.clone()),
            checkpoint: Checkpointed {
                size: log.head.size,
                at,
                note: note.to_string(),
            },
            cosigned,
        })
    }

    /// Origin and size of the log, if more was signed of it than before.
    pub(super) fn grown(&self) -> Option<(String, u64)> {
        Some((self.grown.clone()?, self.checkpoint.size))
    }

    pub(super) fn keep(mut self, conn: &mut Conn) -> Result<(), db::Error> {
        if let Some(word) = self.cosigned {
            if witness::give(conn, &word)? {
                self.checkpoint.note = word.note;
            } else if log::store::by_id(conn, self.log)?
                .and_then(|log| log.signed)
                .is_some_and(|signed| signed.size == self.checkpoint.size)
            {
                // Another process was quicker, and its note bears the line.
                return Ok(());
            }
        }
        log::store::put_signed(conn, self.log, &self.checkpoint)?;
        Ok(())
    }
}

/// The proof that a log goes on from its tree of `old` entries; `None` if there was no such tree.
fn proof(conn: &mut Conn, log: &Log, old: u64) -> Result<Option<Vec<Hash>>, Failure> {
    if old > log.head.size {
        return Ok(None);
    }
    let mut tiles = Reader::new(conn, log.id);
    Ok(Some(tree::consistency_proof(
        old,
        log.head.size,
        &mut tiles,
    )?))
}

pub(super) fn is_due(log: &Log, now: Timestamp) -> bool {
    match &log.signed {
        None => log.head.size > 0,
        Some(signed) => log.head.size > signed.size || now.since(signed.at) >= REFRESH,
    }
}
