//! The activities that are on their way, kept in memory once, however many inboxes they go to.

use std::sync::Arc;

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::federation::signatures::BodyDigest;
use crate::kernel::AgencyId;

const ITEMS: usize = 1_000;
const BYTES: u64 = 8 * 1024 * 1024;

/// An activity as it is sent.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) agency: AgencyId,
    pub(super) kind: String,
    pub(super) body: Bytes,
    pub(super) digest: BodyDigest,
}

impl Letter {
    pub(super) fn new(agency: AgencyId, kind: String, body: Vec<u8>) -> Self {
        Self {
            agency,
            kind,
            digest: BodyDigest::of(&body),
            body: body.into(),
        }
    }
}

/// The activities that were sent last, up to a few megabytes of them.
#[derive(Debug, Clone)]
pub(super) struct Letters(Arc<Cache<i64, Arc<Letter>, Weight>>);

impl Letters {
    pub(super) fn new() -> Self {
        Self(Arc::new(Cache::with_weighter(ITEMS, BYTES, Weight)))
    }

    pub(super) fn get(&self, id: i64) -> Option<Arc<Letter>> {
        self.0.get(&id)
    }

    pub(super) fn keep(&self, id: i64, letter: &Arc<Letter>) {
        self.0.insert(id, letter.clone());
    }
}

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<i64, Arc<Letter>> for Weight {
    fn weight(&self, _: &i64, letter: &Arc<Letter>) -> u64 {
        u64::try_from(letter.body.len()).unwrap_or(BYTES) + 200
    }
}
