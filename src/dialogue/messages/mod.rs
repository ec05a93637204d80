//! What citizens write to an agency in private. No page, feed or collection ever shows it.

mod store;

pub use self::store::{
    Message, answering, by_ids, count, empty, erase, has_words, hide, id_of, is_erased, list,
    older, placed, received_at, redirect, said_by, withhold, words,
};

use super::replies::Receipt;
use crate::kernel::{ActorId, AgencyId, Clock, EventId, MessageId, SafeHtml, Timestamp};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// A private message on its way in.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub uri: String,
    pub agency: AgencyId,
    pub author: ActorId,
    pub parent: Option<String>,
    pub html: SafeHtml,
    pub warning: Option<String>,
    pub updated_at: Option<Timestamp>,
    pub event: Option<EventId>,
}

/// Keeps a private message, or a newer version of one.
pub fn receive(
    conn: &mut Conn,
    clock: &dyn Clock,
    incoming: &Incoming,
) -> Result<Receipt<MessageId>, db::Error> {
    if let Some(message) = store::insert(conn, clock, incoming)? {
        journal::append(
            conn,
            clock,
            incoming.agency,
            &Fact::MessageReceived {
                message,
                event: incoming.event,
            },
        )?;
        return Ok(Receipt::New(message));
    }
    let Some(known) = store::version_of(conn, &incoming.uri)? else {
        return Ok(Receipt::Deleted);
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
    let fact = Fact::MessageEdited {
        message: known.id,
        event: incoming.event,
    };
    journal::append(conn, clock, known.agency, &fact)?;
    Ok(Receipt::Edited(known.id))
}

/// Destroys the text of a message that its author has deleted.
pub fn delete(
    conn: &mut Conn,
    clock: &dyn Clock,
    uri: &str,
    author: ActorId,
    event: Option<EventId>,
) -> Result<Receipt<MessageId>, db::Error> {
    match store::version_of(conn, uri)? {
        None => Ok(Receipt::Unchanged),
        Some(known) if known.author != author => Ok(Receipt::NotTheirs),
        Some(known) if known.deleted => Ok(Receipt::Deleted),
        Some(known) => {
            take_away(conn, clock, &known, event)?;
            Ok(Receipt::Deleted)
        }
    }
}

/// Destroys messages of somebody whose account is gone, at most `limit`; returns how many there were.
pub fn delete_by(
    conn: &mut Conn,
    clock: &dyn Clock,
    author: ActorId,
    limit: i64,
) -> Result<usize, db::Error> {
    let versions = store::versions_by(conn, author, limit)?;
    for known in &versions {
        take_away(conn, clock, known, None)?;
    }
    Ok(versions.len())
}

fn take_away(
    conn: &mut Conn,
    clock: &dyn Clock,
    known: &store::Version,
    event: Option<EventId>,
) -> Result<(), db::Error> {
    store::hide(conn, clock, known.id)?;
    journal::append(
        conn,
        clock,
        known.agency,
        &Fact::MessageDeleted {
            message: known.id,
            event,
        },
    )
}
