//! Destroying what an entry holds while its leaf stands: who orders it, when it is due, what holds it back.
//!
//! An order is written down as a fact; once that fact is recorded, and no hold stands in the way, what was ordered is
//! executed everywhere and the execution is recorded in turn.

pub(super) mod execute;
mod ledger;
pub(super) mod store;

pub use self::execute::{Eraser, Failure, apply_again};
pub use self::ledger::{Ledger, LedgerError};
pub use self::store::{Erasure, of_subject, waiting};

use serde_json::{Value, json};

use super::gather::Draft;
use super::kind::{Kind, Subject};
use super::log;
use crate::kernel::{AgencyId, Clock, ErasureId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

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

/// Orders that what the record holds of a subject is destroyed at once. A hold does not refuse the order; it delays it.
pub fn order(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    order: &Order,
) -> Result<ErasureId, Error> {
    for code in [&order.basis, &order.role] {
        if !is_code(code) {
            return Err(Error::Code(code.clone()));
        }
    }
    let log = log::by_agency(conn, agency)?.ok_or(Error::NotRecorded)?;
    may_be_erased(conn, order.subject)?;
    let now = clock.now();
    let erasure = store::insert(conn, log.id, order, now, now)?;
    journal::append(conn, clock, agency, &Fact::ErasureOrdered { erasure })?;
    Ok(erasure)
}

fn is_code(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    !text.is_empty() && text.len() <= 64 && text.chars().all(fits)
}

fn may_be_erased(conn: &mut Conn, subject: Subject) -> Result<(), Error> {
    let entries = super::entries::by_subject(conn, subject)?;
    if entries.is_empty() {
        return Err(Error::NotRecorded);
    }
    if entries.iter().all(|entry| entry.erased_at.is_some()) {
        return Err(Error::Erased);
    }
    match subject {
        Subject::Reply(_) | Subject::Message(_) | Subject::Report(_) => Ok(()),
        Subject::Announcement(id) => {
            let withdrawn = crate::publishing::find(conn, id)?
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
