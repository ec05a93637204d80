//! Executing what was ordered, everywhere at once.

use std::collections::HashSet;
use std::sync::Arc;

use super::ledger::Line;
use super::store::{self, Erasure};
use super::{Class, Ledger, LedgerError, Order};
use crate::archive::entries::{self, Entry};
use crate::archive::kind::{Kind, Subject};
use crate::archive::{holds, log, search};
use crate::dialogue::{actors, messages, replies};
use crate::federation::{inbox, outbox};
use crate::kernel::{AnnouncementId, Clock, EventId, MessageId, ReplyId, ReportId, Timestamp};
use crate::moderation;
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};
use crate::publishing;

/// When what a hold stands in the way of is due: never, until the hold is released.
pub(in crate::archive) const HELD: Timestamp = Timestamp::from_micros(i64::MAX);

/// Destructions executed in one go.
const AT_ONCE: i64 = 100;

/// Why destructions are not executed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error("the list of erasures could not be written: {0}")]
    Ledger(#[from] LedgerError),
}

/// Executes what is due.
#[derive(Clone)]
pub struct Eraser {
    db: Db,
    clock: Arc<dyn Clock>,
    ledger: Ledger,
}

impl std::fmt::Debug for Eraser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eraser").finish_non_exhaustive()
    }
}

impl Eraser {
    pub const fn new(db: Db, clock: Arc<dyn Clock>, ledger: Ledger) -> Self {
        Self { db, clock, ledger }
    }

    /// Executes what is due, at most a hundred; returns how many orders were looked at.
    pub async fn step(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let due = self
            .db
            .read(move |conn| store::due(conn, now, AT_ONCE))
            .await?;
        if due.is_empty() {
            return Ok(0);
        }
        let count = due.len();
        let (ready, due) = self.db.read(move |conn| list(conn, due)).await?;
        // First on the list: what is destroyed and not listed could come back with a backup.
        let ledger = self.ledger.clone();
        tokio::task::spawn_blocking(move || ledger.append(&ready))
            .await
            .map_err(|stopped| db::Error::Unavailable(stopped.to_string()))??;
        let clock = self.clock.clone();
        self.db
            .write(move |conn| {
                conn.thoroughly(|conn| {
                    for erasure in &due {
                        execute(conn, clock.as_ref(), erasure)?;
                    }
                    Ok::<_, db::Error>(())
                })
            })
            .await?;
        // Until then the old text may stand in the write-ahead log.
        self.db.settle().await?;
        Ok(count)
    }
}

/// The lines for those that nothing holds back, and all of the orders.
fn list(conn: &mut Conn, due: Vec<Erasure>) -> Result<(Vec<Line>, Vec<Erasure>), db::Error> {
    let mut lines = vec![];
    for erasure in &due {
        if holds::stands(conn, erasure.log, erasure.subject)? {
            continue;
        }
        let Some(log) = log::store::by_id(conn, erasure.log)? else {
            continue;
        };
        let (subject_kind, subject) = erasure.subject.columns();
        lines.push(Line {
            log: log.origin,
            subject_kind,
            subject,
            came: came(conn, erasure.subject)?.map_or(0, Timestamp::micros),
            class: erasure.class.name().to_owned(),
            basis: erasure.basis.clone(),
            role: erasure.role.clone(),
            ordered: erasure.ordered_at.micros(),
        });
    }
    Ok((lines, due))
}

/// When what an order is about had come: what tells it from another of the same number.
fn came(conn: &mut Conn, subject: Subject) -> Result<Option<Timestamp>, db::Error> {
    match subject {
        Subject::Reply(id) => Ok(replies::by_id(conn, id)?.map(|reply| reply.received_at)),
        Subject::Message(id) => messages::received_at(conn, id),
        Subject::Report(id) => moderation::received_at(conn, id),
        Subject::Announcement(id) => {
            Ok(publishing::find(conn, id)?.map(|announcement| announcement.published_at))
        }
        _ => Ok(None),
    }
}

fn execute(conn: &mut Conn, clock: &dyn Clock, erasure: &Erasure) -> Result<(), db::Error> {
    if holds::stands(conn, erasure.log, erasure.subject)? {
        return store::put_off(conn, erasure.id, HELD);
    }
    destroy(conn, clock, erasure.subject, erasure.class)?;
    store::done(conn, erasure.id, clock.now())?;
    let Some(log) = log::store::by_id(conn, erasure.log)? else {
        return Ok(());
    };
    let fact = Fact::ErasureDone {
        erasure: erasure.id,
    };
    journal::append(conn, clock, log.agency, &fact)
}

/// Destroys everything that is kept of a subject.
pub(in crate::archive) fn destroy(
    conn: &mut Conn,
    clock: &dyn Clock,
    subject: Subject,
    class: Class,
) -> Result<(), db::Error> {
    let closed = entries::close(conn, clock.now(), subject)?;
    search::forget(conn, subject)?;
    match subject {
        Subject::Reply(id) => destroy_reply(conn, clock, id, class, &closed),
        Subject::Message(id) => destroy_message(conn, clock, id, class, &closed),
        Subject::Report(id) => destroy_report(conn, id, &closed),
        Subject::Announcement(id) => destroy_announcement(conn, id, &closed),
        _ => Ok(()),
    }
}

fn destroy_reply(
    conn: &mut Conn,
    clock: &dyn Clock,
    id: ReplyId,
    class: Class,
    closed: &[Entry],
) -> Result<(), db::Error> {
    let Some(reply) = replies::placed(conn, &[id])?.into_iter().next() else {
        return Ok(());
    };
    destroy_evidence(conn, reply.author, &reply.uri, class, closed)?;
    if class == Class::Author {
        replies::empty(conn, id)?;
    } else {
        replies::erase(conn, clock, id)?;
    }
    forget_author(conn, reply.author)
}

fn destroy_message(
    conn: &mut Conn,
    clock: &dyn Clock,
    id: MessageId,
    class: Class,
    closed: &[Entry],
) -> Result<(), db::Error> {
    let Some((uri, author)) = messages::placed(conn, id)? else {
        return Ok(());
    };
    destroy_evidence(conn, author, &uri, class, closed)?;
    if class == Class::Author {
        messages::empty(conn, id)?;
    } else {
        messages::erase(conn, clock, id)?;
    }
    forget_author(conn, author)
}

fn destroy_report(conn: &mut Conn, id: ReportId, closed: &[Entry]) -> Result<(), db::Error> {
    let events: Vec<EventId> = closed.iter().filter_map(|entry| entry.event).collect();
    inbox::destroy_evidence(conn, &events)?;
    moderation::erase(conn, id)
}

fn destroy_announcement(
    conn: &mut Conn,
    id: AnnouncementId,
    closed: &[Entry],
) -> Result<(), db::Error> {
    let facts: Vec<i64> = closed.iter().map(|entry| entry.fact_seq).collect();
    outbox::destroy_bodies(conn, &facts)?;
    publishing::erase(conn, id)
}

/// The activities that brought something, or versions of it.
///
/// What its author took back goes with everything before that: the activity by which they did may say something else,
/// if they only narrowed who may read it.
fn destroy_evidence(
    conn: &mut Conn,
    author: crate::kernel::ActorId,
    uri: &str,
    class: Class,
    closed: &[Entry],
) -> Result<(), db::Error> {
    let took_back = |entry: &&Entry| {
        class == Class::Author && matches!(entry.kind, Kind::ReplyDeleted | Kind::MessageDeleted)
    };
    let before = closed.iter().find(took_back).and_then(|entry| entry.event);
    let mut events: HashSet<EventId> = closed
        .iter()
        .filter(|entry| !took_back(entry))
        .filter_map(|entry| entry.event)
        .collect();
    if let Some(actor) = actors::by_id(conn, author)? {
        events.extend(inbox::that_brought(conn, &actor.uri, uri, before)?);
    }
    let events: Vec<EventId> = events.into_iter().collect();
    inbox::destroy_evidence(conn, &events)
}

/// What was recorded of somebody goes with the last of their words.
fn forget_author(conn: &mut Conn, author: crate::kernel::ActorId) -> Result<(), db::Error> {
    if !replies::has_words(conn, author)? && !messages::has_words(conn, author)? {
        entries::forget_documents(conn, author)?;
    }
    Ok(())
}

/// Destroys once more what the list says was destroyed: a backup from before has brought it back. Returns how much.
pub fn apply_again(conn: &mut Conn, clock: &dyn Clock, ledger: &Ledger) -> Result<usize, Failure> {
    let mut again = 0;
    for line in ledger.read()? {
        let subject = Subject::from_columns(line.subject_kind, line.subject)?;
        let (Some(class), Some(log)) = (
            Class::named(&line.class),
            log::store::by_origin(conn, &line.log)?,
        ) else {
            continue;
        };
        let same = came(conn, subject)?.is_some_and(|came| came.micros() == line.came);
        let done = store::of_subject(conn, subject)?
            .iter()
            .any(|erasure| erasure.done_at.is_some());
        if !same || done {
            continue;
        }
        let order = Order {
            subject,
            class,
            basis: line.basis,
            role: line.role,
        };
        let ordered = Timestamp::from_micros(line.ordered);
        let erasure = store::insert(conn, log.id, &order, ordered, clock.now())?;
        conn.thoroughly(|conn| destroy(conn, clock, subject, class))?;
        store::done(conn, erasure, clock.now())?;
        journal::append(conn, clock, log.agency, &Fact::ErasureDone { erasure })?;
        again += 1;
    }
    Ok(again)
}
