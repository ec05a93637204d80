//! Public replies to announcements, and public mentions of an agency.

mod erasure;
mod store;

pub use self::erasure::{
    Placed, empty, erase, has_words, hide, ids_of, is_erased, older, placed, said_by, withhold,
};
pub(in crate::dialogue) use self::erasure::{bar_for_good, erased};
pub use self::store::{
    answered, authors, by_id, by_ids, by_page, by_uri, by_uris, children, children_of, count_shown,
    first_answers, ids_in_thread, in_thread, is_barred, place_of, prune_tombstones, repliers,
    strays,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::actors::Actor;
use super::reactions;
use crate::kernel::{
    ActorId, AgencyId, AnnouncementId, Clock, EventId, ReplyId, SafeHtml, Timestamp,
};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// What a citizen says in public.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub id: ReplyId,
    /// ActivityPub id.
    pub uri: String,
    pub agency: AgencyId,
    /// The announcement at the head of the thread; none for a mention out of the blue.
    pub thread: Option<AnnouncementId>,
    pub author: Actor,
    /// ActivityPub id of what it answers.
    pub parent: Option<String>,
    pub standing: Standing,
    pub words: Words,
    pub received_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

/// Whether a reply is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Shown,
    /// That there was one stays; what it said is destroyed as soon as that may be.
    DeletedByAuthor {
        at: Timestamp,
    },
    /// Ordered to be destroyed, and kept for now since a hold asks for it: nobody is shown it.
    Withheld {
        at: Timestamp,
    },
    /// Destroyed by order: nobody can tell any more whose it was.
    Erased {
        at: Timestamp,
    },
}

/// What is said, made safe.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub html: SafeHtml,
    pub warning: Option<String>,
    /// BCP 47, if the author's server says.
    pub language: Option<String>,
    /// Its page on the author's server.
    pub url: String,
    pub attachments: Vec<Attachment>,
    /// As claimed by the author's server, never later than when it came.
    pub published_at: Timestamp,
}

/// Something attached elsewhere: linked to, never fetched or shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub url: String,
    pub media_type: Option<String>,
    pub alt: Option<String>,
}

/// A reply on its way in.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub uri: String,
    pub agency: AgencyId,
    pub thread: Option<AnnouncementId>,
    pub author: ActorId,
    pub parent: Option<String>,
    /// Whether its author wants it in public lists ("public" as opposed to "quiet public").
    pub listed: bool,
    pub words: Words,
    /// When its author last changed it, if ever.
    pub updated_at: Option<Timestamp>,
    pub event: Option<EventId>,
}

/// What came of something received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt<Id> {
    New(Id),
    Edited(Id),
    /// Known already, or older than what we have.
    Unchanged,
    /// Its author has deleted it.
    Deleted,
    /// Somebody else's.
    NotTheirs,
}

/// Takes in a reply, or a newer version of one that we have. In whatever order create, edits and deletion arrive, what
/// stands at last is the same.
pub fn receive(
    conn: &mut Conn,
    clock: &dyn Clock,
    incoming: &Incoming,
) -> Result<Receipt<ReplyId>, db::Error> {
    let mut shown = Shown::default();
    let receipt = receive_among(conn, clock, incoming, &mut shown)?;
    shown.count(conn)?;
    Ok(receipt)
}

/// Replies that have come to be shown in a transaction and are still to be counted, which is done once for all of them.
#[derive(Debug, Default)]
#[must_use = "the threads' figures lack them until they are counted"]
pub struct Shown(BTreeMap<AnnouncementId, i64>);

impl Shown {
    /// Adds them to their threads' figures.
    pub fn count(&mut self, conn: &mut Conn) -> Result<(), db::Error> {
        for (thread, replies) in std::mem::take(&mut self.0) {
            reactions::count_replies(conn, thread, replies)?;
        }
        Ok(())
    }
}

/// Like [`receive`], for one of many: the caller counts what is `shown` before the transaction ends.
pub fn receive_among(
    conn: &mut Conn,
    clock: &dyn Clock,
    incoming: &Incoming,
    shown: &mut Shown,
) -> Result<Receipt<ReplyId>, db::Error> {
    // Facts have their turn one after the other, so that nobody can bring the same meanwhile.
    let Some(known) = store::version_of(conn, &incoming.uri)? else {
        if store::is_barred(conn, &incoming.uri)? {
            return Ok(Receipt::Deleted);
        }
        return take_in(conn, clock, incoming, shown);
    };
    if known.author != incoming.author {
        return Ok(Receipt::NotTheirs);
    }
    if known.deleted {
        return Ok(Receipt::Deleted);
    }
    let newer = incoming
        .updated_at
        .is_some_and(|updated| known.edited_at.is_none_or(|edited| updated > edited));
    if !newer {
        return Ok(Receipt::Unchanged);
    }
    store::replace(conn, known.id, incoming)?;
    let fact = Fact::ReplyEdited {
        reply: known.id,
        event: incoming.event,
    };
    journal::append(conn, clock, known.agency, &fact)?;
    Ok(Receipt::Edited(known.id))
}

fn take_in(
    conn: &mut Conn,
    clock: &dyn Clock,
    incoming: &Incoming,
    shown: &mut Shown,
) -> Result<Receipt<ReplyId>, db::Error> {
    let reply = store::insert(conn, clock, incoming)?;
    if let Some(thread) = incoming.thread {
        *shown.0.entry(thread).or_default() += 1;
    }
    let fact = Fact::ReplyReceived {
        reply,
        event: incoming.event,
    };
    journal::append(conn, clock, incoming.agency, &fact)?;
    Ok(Receipt::New(reply))
}

/// Takes down what its author has deleted: it is hidden at once, and its place stays. What it said is destroyed by the
/// record, which learns of it by the fact. What we have never seen is not taken in any more.
pub fn delete(
    conn: &mut Conn,
    clock: &dyn Clock,
    uri: &str,
    author: ActorId,
    event: Option<EventId>,
) -> Result<Receipt<ReplyId>, db::Error> {
    match store::version_of(conn, uri)? {
        None => Ok(Receipt::Unchanged),
        Some(known) if known.author != author => Ok(Receipt::NotTheirs),
        Some(known) if known.deleted => Ok(Receipt::Deleted),
        Some(known) => {
            take_down(conn, clock, &known, event)?;
            Ok(Receipt::Deleted)
        }
    }
}

/// Notes that `uri`, which its own `host` has deleted, is not to be taken in when it comes late.
pub fn bar(conn: &mut Conn, clock: &dyn Clock, uri: &str, host: &str) -> Result<(), db::Error> {
    store::insert_tombstone(conn, clock, uri, host)
}

/// Takes down replies of somebody whose account is gone, at most `limit`; returns how many there were.
pub fn delete_by(
    conn: &mut Conn,
    clock: &dyn Clock,
    author: ActorId,
    limit: i64,
) -> Result<usize, db::Error> {
    let versions = store::versions_by(conn, author, limit)?;
    for known in &versions {
        take_down(conn, clock, known, None)?;
    }
    Ok(versions.len())
}

fn take_down(
    conn: &mut Conn,
    clock: &dyn Clock,
    known: &store::Version,
    event: Option<EventId>,
) -> Result<(), db::Error> {
    store::hide(conn, clock, known.id)?;
    if let Some(thread) = known.thread {
        reactions::count_replies(conn, thread, -1)?;
    }
    journal::append(
        conn,
        clock,
        known.agency,
        &Fact::ReplyDeleted {
            reply: known.id,
            event,
        },
    )
}
