//! Executing what was ordered, everywhere at once.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ledger::Line;
use super::store::{self, Erasure};
use super::{Class, Ledger, LedgerError, Order};
use crate::archive::entries::{self, Entry};
use crate::archive::kind::{Kind, Subject};
use crate::archive::{holds, log, receipts, search};
use crate::dialogue::quotes::{self, Quote};
use crate::dialogue::{actors, messages, queue, replies};
use crate::federation::{delivery, inbox, outbox};
use crate::kernel::{
    ActorId, AnnouncementId, Clock, EventId, MessageId, ReplyId, ReportId, Timestamp,
};
use crate::moderation;
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};
use crate::publishing;

/// When what a hold stands in the way of is due: never, until the hold is released.
pub(in crate::archive) const HELD: Timestamp = Timestamp::from_micros(i64::MAX);

/// Destructions executed in one go.
const AT_ONCE: i64 = 100;
/// A sweep of the file that takes no longer is done after every destruction; one that does, after a rest.
const QUICK: Duration = Duration::from_millis(250);
/// The rest, in so many times what the sweep took.
const REST: u32 = 20;

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
    /// Whether what was destroyed may still stand in the write-ahead log.
    unsettled: Arc<AtomicBool>,
    /// When the gaps of the file were overwritten last, and how long that took.
    swept: Arc<Mutex<Option<(Instant, Duration)>>>,
}

impl std::fmt::Debug for Eraser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eraser").finish_non_exhaustive()
    }
}

impl Eraser {
    pub fn new(db: Db, clock: Arc<dyn Clock>, ledger: Ledger) -> Self {
        Self {
            db,
            clock,
            ledger,
            unsettled: Arc::default(),
            swept: Arc::default(),
        }
    }

    /// Executes what is due, at most a hundred; returns how many orders were looked at.
    pub async fn step(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let due = self
            .db
            .read(move |conn| {
                let due = store::due(conn, now, AT_ONCE)?;
                let traces = traces_of_all(conn, &due)?;
                Ok::<_, db::Error>((due, traces))
            })
            .await?;
        let (due, traces) = due;
        let count = due.len();
        if count > 0 {
            let (clock, ledger) = (self.clock.clone(), self.ledger.clone());
            self.db
                .write(move |conn| {
                    conn.thoroughly(|conn| {
                        execute_all(conn, clock.as_ref(), &ledger, &due, &traces)
                    })
                })
                .await?;
            self.unsettled.store(true, Ordering::Relaxed);
        }
        // Until then the old text may stand in the write-ahead log, and where rows stood before they were moved.
        if self.unsettled.load(Ordering::Relaxed) && self.sweep().await? && self.db.settle().await?
        {
            self.unsettled.store(false, Ordering::Relaxed);
        }
        Ok(count)
    }

    /// Overwrites the gaps of the file; `false` if that takes long and was done only just before.
    async fn sweep(&self) -> Result<bool, Failure> {
        let swept = || self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *swept();
        if before.is_some_and(|(at, took)| took > QUICK && at.elapsed() < took * REST) {
            return Ok(false);
        }
        let begun = Instant::now();
        self.db.overwrite_gaps().await?;
        *swept() = Some((Instant::now(), begun.elapsed()));
        Ok(true)
    }
}

fn execute_all(
    conn: &mut Conn,
    clock: &dyn Clock,
    ledger: &Ledger,
    due: &[Erasure],
    traces: &HashMap<Subject, Traces>,
) -> Result<(), Failure> {
    // Somebody can only go when nothing is left that they said.
    let (people, words): (Vec<&Erasure>, Vec<&Erasure>) = due
        .iter()
        .partition(|it| matches!(it.subject, Subject::Actor(_)));
    execute_lot(conn, clock, ledger, &words, traces)?;
    execute_lot(conn, clock, ledger, &people, traces)
}

fn execute_lot(
    conn: &mut Conn,
    clock: &dyn Clock,
    ledger: &Ledger,
    lot: &[&Erasure],
    traces: &HashMap<Subject, Traces>,
) -> Result<(), Failure> {
    let (mut ready, mut lines) = (vec![], vec![]);
    for erasure in lot {
        // Another process may have been quicker, or another order of this lot.
        if store::find(conn, erasure.id)?.is_none_or(|it| it.done_at.is_some()) {
            continue;
        }
        let has_said = match erasure.subject {
            Subject::Actor(id) => actors::has_said(conn, id)?,
            _ => false,
        };
        if has_said || holds::stands(conn, erasure.log, erasure.subject)? {
            store::put_off(conn, erasure.id, HELD)?;
            continue;
        }
        let Some(log) = log::store::by_id(conn, erasure.log)? else {
            continue;
        };
        lines.push(line(conn, log.origin, erasure)?);
        ready.push((erasure, log.agency));
    }
    // First on the list: what is destroyed and not listed could come back with a backup.
    ledger.append(&lines)?;
    for (erasure, agency) in ready {
        let now = clock.now();
        destroy(conn, clock, erasure.subject, erasure.class, traces)?;
        store::done(conn, erasure.id, now)?;
        store::overtake(conn, erasure.subject, now)?;
        let fact = Fact::ErasureDone {
            erasure: erasure.id,
        };
        journal::append(conn, clock, agency, &fact)?;
    }
    Ok(())
}

fn line(conn: &mut Conn, log: String, erasure: &Erasure) -> Result<Line, db::Error> {
    let (subject_kind, subject) = erasure.subject.columns();
    Ok(Line {
        log,
        subject_kind,
        subject,
        came: came(conn, erasure.subject)?.unwrap_or(0),
        class: erasure.class.name().to_owned(),
        basis: erasure.basis.clone(),
        role: erasure.role.clone(),
        ordered: erasure.ordered_at.micros(),
    })
}

/// What tells the subject of an order from another of the same number: when it had come, in microseconds; of somebody
/// a part of a digest of their id.
fn came(conn: &mut Conn, subject: Subject) -> Result<Option<i64>, db::Error> {
    let came = match subject {
        Subject::Reply(id) => replies::by_id(conn, id)?.map(|reply| reply.received_at),
        Subject::Message(id) => messages::received_at(conn, id)?,
        Subject::Report(id) => moderation::received_at(conn, id)?,
        Subject::Announcement(id) => {
            publishing::find(conn, id)?.map(|announcement| announcement.published_at)
        }
        Subject::Actor(id) => {
            return Ok(actors::by_id(conn, id)?.map(|actor| fingerprint(&actor.uri)));
        }
        _ => None,
    };
    Ok(came.map(Timestamp::micros))
}

fn fingerprint(uri: &str) -> i64 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, uri.as_bytes());
    digest
        .as_ref()
        .first_chunk()
        .map_or(0, |first| i64::from_be_bytes(*first))
}

/// What is kept of somebody in places that have to be searched through: looked up before anything waits for it.
#[derive(Debug, Clone, Default)]
struct Traces {
    events: Vec<EventId>,
    answers: Vec<i64>,
    deliveries: Vec<i64>,
}

/// Only what somebody orders is searched for so: what is due in great numbers is not.
fn traces_of(conn: &mut Conn, subject: Subject, class: Class) -> Result<Traces, db::Error> {
    if matches!(class, Class::Author | Class::Retention) {
        return Ok(Traces::default());
    }
    let post = match subject {
        Subject::Actor(id) => return traces_of_person(conn, id),
        Subject::Reply(id) => replies::placed(conn, &[id])?.pop().map(|reply| reply.uri),
        Subject::Message(id) => messages::placed(conn, id)?.map(|(uri, _)| uri),
        _ => None,
    };
    Ok(Traces {
        // It may have quoted something.
        answers: match post {
            Some(uri) => outbox::answers_to(conn, &uri)?,
            None => vec![],
        },
        ..Traces::default()
    })
}

fn traces_of_person(conn: &mut Conn, id: ActorId) -> Result<Traces, db::Error> {
    let Some(actor) = actors::by_id(conn, id)? else {
        return Ok(Traces::default());
    };
    Ok(Traces {
        events: inbox::by_actor(conn, &actor.uri)?
            .into_iter()
            .map(|(event, _)| event)
            .collect(),
        answers: outbox::answers_to(conn, &actor.uri)?,
        deliveries: delivery::to_inbox(conn, &actor.inbox)?,
    })
}

fn traces_of_all(conn: &mut Conn, due: &[Erasure]) -> Result<HashMap<Subject, Traces>, db::Error> {
    let mut all = HashMap::new();
    for erasure in due {
        let traces = traces_of(conn, erasure.subject, erasure.class)?;
        all.insert(erasure.subject, traces);
    }
    Ok(all)
}

/// Destroys everything that is kept of a subject.
fn destroy(
    conn: &mut Conn,
    clock: &dyn Clock,
    subject: Subject,
    class: Class,
    traces: &HashMap<Subject, Traces>,
) -> Result<(), db::Error> {
    let traces = match traces.get(&subject) {
        Some(traces) => traces.clone(),
        None => traces_of(conn, subject, class)?,
    };
    outbox::destroy(conn, &traces.answers)?;
    let closed = entries::close(conn, clock.now(), subject)?;
    search::forget(conn, subject)?;
    match subject {
        Subject::Reply(id) => destroy_reply(conn, clock, id, class, &closed),
        Subject::Message(id) => destroy_message(conn, clock, id, class, &closed),
        Subject::Report(id) => destroy_report(conn, id, &closed),
        Subject::Announcement(id) => destroy_announcement(conn, id, &closed),
        Subject::Actor(id) => destroy_person(conn, id, &traces),
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
    if class == Class::Author {
        receipts::take_back(conn, id)?;
        taken_back(conn, reply.author, &reply.uri, closed)?;
        replies::empty(conn, id)?;
    } else {
        receipts::forget(conn, id)?;
        let sibling = messages::id_of(conn, &reply.uri)?;
        erase_evidence(
            conn,
            &reply.uri,
            closed,
            sibling.map(|(id, _)| Subject::Message(id)),
        )?;
        replies::erase(conn, clock, id)?;
        messages::redirect(conn, &reply.uri)?;
    }
    forget_author(conn, clock, reply.author)
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
    // What was answered goes with it; that an answer was taken back names nothing but whom to tell.
    let goes = |entry: &&Entry| match entry.kind {
        Kind::MessageAnswered => true,
        Kind::AnswerWithdrawn => class != Class::Author,
        _ => false,
    };
    let answers: Vec<i64> = closed.iter().filter(goes).map(|it| it.fact_seq).collect();
    outbox::destroy_bodies(conn, &answers)?;
    if class == Class::Author {
        taken_back(conn, author, &uri, closed)?;
        messages::empty(conn, clock, id)?;
    } else {
        let sibling = replies::ids_of(conn, std::slice::from_ref(&uri))?;
        let sibling = sibling.first().map(|(_, id)| Subject::Reply(*id));
        erase_evidence(conn, &uri, closed, sibling)?;
        messages::erase(conn, clock, id)?;
        messages::redirect(conn, &uri)?;
    }
    forget_author(conn, clock, author)
}

fn destroy_report(conn: &mut Conn, id: ReportId, closed: &[Entry]) -> Result<(), db::Error> {
    let events: Vec<EventId> = closed.iter().filter_map(|entry| entry.event).collect();
    inbox::erase(conn, &events)?;
    queue::forget_report(conn, id)?;
    moderation::erase(conn, id)
}

fn destroy_announcement(
    conn: &mut Conn,
    id: AnnouncementId,
    closed: &[Entry],
) -> Result<(), db::Error> {
    // That it was withdrawn says nothing of what it said, and others may not have heard of it yet.
    let facts: Vec<i64> = closed
        .iter()
        .filter(|entry| entry.kind != Kind::AnnouncementWithdrawn)
        .map(|entry| entry.fact_seq)
        .collect();
    outbox::destroy_bodies(conn, &facts)?;
    publishing::erase(conn, id)
}

fn destroy_person(conn: &mut Conn, id: ActorId, traces: &Traces) -> Result<(), db::Error> {
    for quote in quotes::by_actor(conn, id)? {
        destroy_quotation(conn, &quote)?;
    }
    inbox::erase(conn, &traces.events)?;
    delivery::forget(conn, &traces.deliveries)?;
    entries::forget_documents(conn, id)?;
    receipts::forget_person(conn, id)?;
    actors::erase(conn, id)
}

/// The request to quote may hold the quoting post, and our answer names who asked.
fn destroy_quotation(conn: &mut Conn, quote: &Quote) -> Result<(), db::Error> {
    let request: Vec<EventId> = inbox::by_uri(conn, &quote.request_uri)?
        .into_iter()
        .collect();
    inbox::erase(conn, &request)?;
    let facts: Vec<i64> = entries::by_subject(conn, Subject::Quote(quote.id))?
        .iter()
        .map(|entry| entry.fact_seq)
        .collect();
    outbox::destroy_bodies(conn, &facts)?;
    quotes::forget(conn, &quote.quote_uri)?;
    Ok(())
}

/// Empties the activities that brought what its author took back, up to the one by which they did: that may say
/// something else, if they only narrowed who may read it.
fn taken_back(
    conn: &mut Conn,
    author: ActorId,
    uri: &str,
    closed: &[Entry],
) -> Result<(), db::Error> {
    let took_back =
        |entry: &&Entry| matches!(entry.kind, Kind::ReplyDeleted | Kind::MessageDeleted);
    let before = closed.iter().find(took_back).and_then(|entry| entry.event);
    let mut events: HashSet<EventId> = closed
        .iter()
        .filter(|entry| !took_back(entry))
        .filter_map(|entry| entry.event)
        .collect();
    if let Some(actor) = actors::by_id(conn, author)? {
        events.extend(inbox::that_brought(conn, Some(&actor.uri), uri, before)?);
    }
    let events: Vec<EventId> = events.into_iter().collect();
    inbox::destroy_evidence(conn, &events)
}

/// Leaves no trace of the activities about something, whoever sent them, except those that are evidence for what the
/// same post still is in private, or in public.
fn erase_evidence(
    conn: &mut Conn,
    uri: &str,
    closed: &[Entry],
    sibling: Option<Subject>,
) -> Result<(), db::Error> {
    let mut events: HashSet<EventId> = closed.iter().filter_map(|entry| entry.event).collect();
    events.extend(inbox::that_brought(conn, None, uri, None)?);
    if let Some(sibling) = sibling {
        for entry in entries::by_subject(conn, sibling)? {
            if let Some(event) = entry.event.filter(|_| entry.erased_at.is_none()) {
                events.remove(&event);
            }
        }
    }
    let events: Vec<EventId> = events.into_iter().collect();
    inbox::erase(conn, &events)?;
    if let Some(quote) = quotes::find_by_uri(conn, uri)? {
        destroy_quotation(conn, &quote)?;
    }
    Ok(())
}

/// What was recorded of somebody goes with the last of their words; and they themselves, if that was ordered.
fn forget_author(conn: &mut Conn, clock: &dyn Clock, author: ActorId) -> Result<(), db::Error> {
    if !replies::has_words(conn, author)? && !messages::has_words(conn, author)? {
        entries::forget_documents(conn, author)?;
    }
    if !actors::has_said(conn, author)? {
        store::hasten_for(conn, Subject::Actor(author), clock.now())?;
    }
    Ok(())
}

/// Erasures in a row that need not be applied again, behind which no older one is looked for.
const IN_ORDER: usize = 1_000;

/// Destroys once more what the list says was destroyed: a backup from before has brought it back. Returns how much. It
/// begins with the newest, and costs little when there is nothing to do.
pub fn apply_again(conn: &mut Conn, clock: &dyn Clock, ledger: &Ledger) -> Result<usize, Failure> {
    let (mut back, mut in_order) = (vec![], 0);
    for line in ledger.read()?.into_iter().rev() {
        if in_order == IN_ORDER {
            break;
        }
        match restored(conn, line)? {
            Some(found) => {
                back.push(found);
                in_order = 0;
            }
            None => in_order += 1,
        }
    }
    let again = back.len();
    if again > 0 {
        conn.thoroughly(|conn| destroy_again(conn, clock, back))?;
    }
    Ok(again)
}

/// The log and the order of a line whose subject is here and was not destroyed as the line says.
fn restored(conn: &mut Conn, line: Line) -> Result<Option<(log::Log, Order, Timestamp)>, Failure> {
    let subject = Subject::from_columns(line.subject_kind, line.subject)?;
    let (Some(class), Some(log)) = (
        Class::named(&line.class),
        log::store::by_origin(conn, &line.log)?,
    ) else {
        return Ok(None);
    };
    let ordered = Timestamp::from_micros(line.ordered);
    let same = came(conn, subject)? == Some(line.came);
    let done = same
        && store::of_subject(conn, subject)?.iter().any(|erasure| {
            erasure.done_at.is_some() && (erasure.class == class || erasure.class != Class::Author)
        });
    if !same || done {
        return Ok(None);
    }
    let order = Order {
        subject,
        class,
        basis: line.basis,
        role: line.role,
    };
    Ok(Some((log, order, ordered)))
}

fn destroy_again(
    conn: &mut Conn,
    clock: &dyn Clock,
    back: Vec<(log::Log, Order, Timestamp)>,
) -> Result<(), Failure> {
    // In the order in which it was done.
    for (log, order, ordered) in back.into_iter().rev() {
        let now = clock.now();
        if order.class == Class::Author {
            match order.subject {
                Subject::Reply(id) => replies::hide(conn, clock, id)?,
                Subject::Message(id) => messages::hide(conn, clock, id)?,
                _ => {}
            }
        }
        if let Subject::Actor(id) = order.subject
            && actors::has_said(conn, id)?
        {
            // Something that the list does not know stands under their name.
            continue;
        }
        destroy(conn, clock, order.subject, order.class, &HashMap::new())?;
        let erasure = store::insert(conn, log.id, &order, ordered, now)?;
        store::recorded(conn, erasure, AGAIN)?;
        store::done(conn, erasure, now)?;
        store::overtake(conn, order.subject, now)?;
        journal::append(conn, clock, log.agency, &Fact::ErasureDone { erasure })?;
    }
    Ok(())
}

/// In the place of the fact that ordered it: no fact of this database did.
const AGAIN: i64 = -1;
