//! Somebody on another server, as far as we know them.

mod store;

pub(in crate::dialogue) use self::store::Row;

pub(in crate::dialogue) use self::store::nobody;
pub use self::store::{
    by_id, by_uri, by_uris, delete, documents, erase, has_said, id_of, remember, some_hosts,
    touch_moved,
};

use crate::kernel::{ActorId, Timestamp};

/// A citizen (or any other account) and how to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: ActorId,
    /// ActivityPub id.
    pub uri: String,
    /// The authority of `uri`.
    pub host: String,
    /// `preferredUsername`.
    pub handle: String,
    /// What stands behind the second `@`: the host, or the domain that WebFinger made of it.
    pub domain: String,
    /// The name they use; their handle if they use none.
    pub name: String,
    /// Profile page.
    pub url: String,
    pub inbox: String,
    pub shared_inbox: Option<String>,
    /// Their followers collection, by which a post for followers only is told.
    pub followers: Option<String>,
    pub fetched_at: Timestamp,
    pub deleted: bool,
}

impl Actor {
    /// `citizen@example.social`
    pub fn acct(&self) -> String {
        format!("{}@{}", self.handle, self.domain)
    }

    /// Where one delivery reaches everybody on their server.
    pub fn delivery_inbox(&self) -> &str {
        self.shared_inbox.as_deref().unwrap_or(&self.inbox)
    }
}

/// An actor as its server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    pub uri: String,
    pub host: String,
    /// `Person`, `Service`, …
    pub kind: String,
    pub handle: String,
    pub domain: String,
    pub name: String,
    pub url: String,
    pub inbox: String,
    pub shared_inbox: Option<String>,
    pub followers: Option<String>,
    /// The document as fetched: evidence of whose key signed.
    pub document: String,
}
