//! Destroying what an entry holds while its leaf stands: who orders it, when it is due, what holds it back.
//!
//! An order is written down as a fact; once that fact is recorded, and no hold stands in the way, what was ordered is
//! executed everywhere and the execution is recorded in turn.

mod companions;
pub(super) mod execute;
mod ledger;
pub(super) mod store;

pub use self::execute::{Eraser, Failure, apply_again};
pub use self::ledger::{Ledger, LedgerError};
pub use self::store::{Erasure, count_executed, executed, find, of_subject, waiting, withheld};

use serde_json::{Value, json};

use super::gather::Draft;
use super::kind::{Kind, Subject};
use super::log;
use crate::dialogue::{messages, replies};
use crate::federation::outbox;
use crate::kernel::{ActorId, AgencyId, Clock, ErasureId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};
use crate::publishing;

/// Why something is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Its author deleted it.
    Author,
    /// The right to erasure (GDPR, article 17, or its like).
    Article17,
    /// A court ordered it.
    Court,
    /// It concerns a minor.
    Minor,
    /// It holds data of somebody else than its author.
    ThirdParty,
    /// The time for which it is kept has run out.
    Retention,
}

impl Class {
    pub const ALL: [Self; 6] = [
        Self::Author,
        Self::Article17,
        Self::Court,
        Self::Minor,
        Self::ThirdParty,
        Self::Retention,
    ];

    /// As it stands in the record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "author-delete",
            Self::Article17 => "art17",
            Self::Court => "court",
            Self::Minor => "minor",
            Self::ThirdParty => "pii-third-party",
            Self::Retention => "retention",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// An order to destroy.
#[derive(Debug, Clone)]
pub struct Order {
    pub subject: Subject,
    pub class: Class,
    /// The legal basis as a short code, such as `gdpr-17-1-b`: it is public, and names nobody.
    pub basis: String,
    /// The role that decided, such as `records-officer`.
    pub role: String,
}

/// Why nothing is destroyed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is nothing of that in the record")]
    NotRecorded,
    #[error("it was destroyed already")]
    Erased,
    #[error("its destruction was ordered already and waits to be executed")]
    Waiting,
    #[error("an announcement is withdrawn before it is erased, so that other servers are told")]
    NotWithdrawn,
    #[error("only replies, private messages, reports and announcements are erased")]
    NotErasable,
    #[error(
        "the legal basis and the role are codes of at most 64 letters, digits, dots and hyphens, such as `gdpr-17-1-b`: they are public; `{0}` is not"
    )]
    Code(String),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Orders that what the record holds of a subject is destroyed at once, and with it what belongs to it: what the same
/// post is in private, and the reports about it, which may quote it. A hold does not refuse the order; it delays it. In any
/// case nobody is shown it from now on.
///
/// Returns the orders, that of the subject first.
pub fn order(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    order: &Order,
) -> Result<Vec<ErasureId>, Error> {
    check_codes(order)?;
    may_be_erased(conn, order.subject)?;
    let mut ordered = vec![write_down(conn, clock, agency, order)?];
    for (subject, agency) in companions::of(conn, order.subject)? {
        if may_be_erased(conn, subject).is_ok() {
            let order = Order {
                subject,
                ..order.clone()
            };
            ordered.push(write_down(conn, clock, agency, &order)?);
        }
    }
    Ok(ordered)
}

/// Orders the erasure of what somebody said, at most some `limit` things at a time: until there is none.
pub fn order_words_of(
    conn: &mut Conn,
    clock: &dyn Clock,
    actor: ActorId,
    terms: &Order,
    limit: i64,
) -> Result<Vec<ErasureId>, Error> {
    check_codes(terms)?;
    let mut ordered = vec![];
    for (subject, agency) in companions::words_of(conn, actor, limit)? {
        let order_of = Order {
            subject,
            ..terms.clone()
        };
        match order(conn, clock, agency, &order_of) {
            Ok(ids) => ordered.extend(ids),
            // Ordered with something else of this lot, or never recorded.
            Err(Error::Waiting | Error::Erased | Error::NotRecorded) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(ordered)
}

/// Orders that no trace is left of somebody once nothing stands under their name: what they are called, their keys,
/// whom they follow, what they liked and quoted.
pub fn order_person(
    conn: &mut Conn,
    clock: &dyn Clock,
    actor: ActorId,
    terms: &Order,
) -> Result<ErasureId, Error> {
    check_codes(terms)?;
    let subject = Subject::Actor(actor);
    if store::of_subject(conn, subject)?
        .iter()
        .any(|erasure| erasure.done_at.is_none())
    {
        return Err(Error::Waiting);
    }
    let agency = match companions::words_of(conn, actor, 1)?.first() {
        Some((_, agency)) => *agency,
        None => log::all(conn)?.first().ok_or(Error::NotRecorded)?.agency,
    };
    let order = Order {
        subject,
        ..terms.clone()
    };
    write_down(conn, clock, agency, &order)
}

fn write_down(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    order: &Order,
) -> Result<ErasureId, Error> {
    let log = log::by_agency(conn, agency)?.ok_or(Error::NotRecorded)?;
    let now = clock.now();
    let erasure = store::insert(conn, log.id, order, now, now)?;
    withhold(conn, clock, order.subject)?;
    journal::append(conn, clock, agency, &Fact::ErasureOrdered { erasure })?;
    Ok(erasure)
}

/// Shows a subject to nobody any more, whenever it may be destroyed. What the record says of it is left out by whoever
/// reads it: see [`withheld`].
fn withhold(conn: &mut Conn, clock: &dyn Clock, subject: Subject) -> Result<(), db::Error> {
    match subject {
        Subject::Reply(id) => {
            super::receipts::take_back(conn, id)?;
            replies::withhold(conn, clock, id)
        }
        Subject::Message(id) => {
            let facts: Vec<i64> = super::entries::by_subject(conn, subject)?
                .iter()
                .filter(|entry| entry.kind == Kind::MessageAnswered)
                .map(|entry| entry.fact_seq)
                .collect();
            outbox::hold_back(conn, &facts)?;
            messages::withhold(conn, clock, id)
        }
        Subject::Announcement(id) => {
            // Others may still have to hear that it was withdrawn.
            let facts: Vec<i64> = super::entries::by_subject(conn, subject)?
                .iter()
                .filter(|entry| entry.kind != Kind::AnnouncementWithdrawn)
                .map(|entry| entry.fact_seq)
                .collect();
            outbox::hold_back(conn, &facts)?;
            publishing::withhold_pictures(conn, clock.now(), id)
        }
        _ => Ok(()),
    }
}

/// Whether the codes of an order are codes, and could name nobody.
pub fn check_codes(order: &Order) -> Result<(), Error> {
    match [&order.basis, &order.role]
        .into_iter()
        .find(|code| !is_code(code))
    {
        Some(code) => Err(Error::Code(code.clone())),
        None => Ok(()),
    }
}

fn is_code(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    !text.is_empty() && text.len() <= 64 && text.chars().all(fits)
}

/// Whether a subject can be erased, and is not yet. What its author deleted can be: that they said something is left.
pub fn may_be_erased(conn: &mut Conn, subject: Subject) -> Result<(), Error> {
    let entries = super::entries::by_subject(conn, subject)?;
    if entries.is_empty() {
        return Err(Error::NotRecorded);
    }
    let closed = entries.iter().all(|entry| entry.erased_at.is_some());
    let erased = match subject {
        Subject::Reply(id) => replies::is_erased(conn, id)?,
        Subject::Message(id) => messages::is_erased(conn, id)?,
        _ => closed,
    };
    if erased {
        return Err(Error::Erased);
    }
    let waits = |it: &Erasure| it.done_at.is_none() && it.class != Class::Author;
    if store::of_subject(conn, subject)?.iter().any(waits) {
        return Err(Error::Waiting);
    }
    match subject {
        Subject::Reply(_) | Subject::Message(_) | Subject::Report(_) => Ok(()),
        Subject::Announcement(id) => {
            let withdrawn = publishing::find(conn, id)?
                .is_none_or(|announcement| announcement.withdrawn.is_some());
            if withdrawn {
                Ok(())
            } else {
                Err(Error::NotWithdrawn)
            }
        }
        _ => Err(Error::NotErasable),
    }
}

/// What the record says of an order or of its execution; it refers to what is or was there.
pub(super) fn stated(
    conn: &mut Conn,
    draft: &mut Draft,
    id: ErasureId,
) -> Result<Value, db::Error> {
    let Some(erasure) = store::find(conn, id)? else {
        return Ok(Value::Null);
    };
    draft.refers_to = Some(erasure.subject);
    if draft.kind == Kind::RedactionDone && erasure.class == Class::Retention {
        draft.kind = Kind::RetentionDisposed;
    }
    Ok(json!({
        "class": erasure.class.name(),
        "basis": erasure.basis,
        "role": erasure.role,
        "ordered": erasure.ordered_at.to_whole_second(),
        "destroyed": (draft.kind != Kind::RedactionOrdered)
            .then_some(["payload", "salts", "evidence"]),
    }))
}
