//! Deliveries as they come from the database, with the keys that sign them.

use std::collections::HashSet;
use std::sync::Arc;

use super::letter::{Letter, Letters};
use super::store::{self, Leased, Room};
use super::{Signers, Signing};
use crate::federation::keys::RingError;
use crate::kernel::Timestamp;
use crate::platform::db::{self, Db};

/// The keys for a delivery, or why there are none.
pub(super) type Keys = Result<Arc<Signing>, Arc<RingError>>;

/// What was leased in one go.
pub(super) struct Batch {
    pub(super) leased: Vec<(Leased, Keys)>,
    pub(super) lease_until: Timestamp,
    /// Whether more is due than there was room for.
    pub(super) more: bool,
    /// The hosts for which more is due than they may get at once.
    pub(super) crowded: HashSet<Arc<str>>,
}

/// Leases what there is room for.
pub(super) async fn claim(
    db: &Db,
    letters: Letters,
    signers: &dyn Signers,
    room: Room,
) -> Result<Batch, db::Error> {
    let lease_until = room.lease_until;
    let claimed = db
        .write_beside(move |conn| store::claim(conn, &letters, room))
        .await?;
    let mut leased = Vec::with_capacity(claimed.leased.len());
    // Most of a batch is one letter to many.
    let mut last: Option<(Arc<Letter>, Keys)> = None;
    for it in claimed.leased {
        let keys = match &last {
            Some((letter, keys)) if Arc::ptr_eq(letter, &it.letter) => keys.clone(),
            _ => signers
                .for_activity(it.letter.agency, &it.letter.kind)
                .await
                .map_err(Arc::new),
        };
        last = Some((it.letter.clone(), keys.clone()));
        leased.push((it, keys));
    }
    Ok(Batch {
        leased,
        lease_until,
        more: claimed.more,
        crowded: claimed.crowded,
    })
}
