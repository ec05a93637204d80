//! How long what citizens took back is kept before it is destroyed, and what is disposed of by itself.

mod store;

use std::time::Duration;

use super::erasure::store::{insert, recorded};
use super::erasure::{Class, Order};
use super::kind::Subject;
use super::log;
use crate::dialogue::{messages, replies};
use crate::kernel::{AgencyId, Clock, MessageId, ReplyId, ReportId, Timestamp};
use crate::moderation;
use crate::platform::db::{self, Conn};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A set of rules for how long things are kept. None is legal advice: docs/OPERATIONS.md says what each is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// What its author deletes is destroyed at once.
    #[default]
    Neutral,
    /// As neutral: storage limitation, and the right to erasure (GDPR).
    Eu,
    /// What its author deletes is kept for 90 days (GRS 6.4, item 020).
    UsFederal,
    /// What its author deletes is kept for three years, as many states' schedules ask for correspondence.
    UsState,
}

impl Profile {
    pub const ALL: [Self; 4] = [Self::Neutral, Self::Eu, Self::UsFederal, Self::UsState];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Eu => "eu",
            Self::UsFederal => "us-federal",
            Self::UsState => "us-state",
        }
    }

    /// How long what its author deleted is kept.
    pub const fn deleted(self) -> Duration {
        match self {
            Self::Neutral | Self::Eu => Duration::ZERO,
            Self::UsFederal => DAY.saturating_mul(90),
            Self::UsState => DAY.saturating_mul(3 * 365),
        }
    }
}

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// What its author deleted.
    pub deleted: Duration,
    /// Private messages and reports, from when they came; for ever if `None`.
    pub correspondence: Option<Duration>,
    /// Public replies, from when they came; for ever if `None`.
    pub replies: Option<Duration>,
}

impl Retention {
    /// After which time a subject is disposed of by itself.
    pub const fn of(&self, subject: Subject) -> Option<Duration> {
        match subject {
            Subject::Reply(_) => self.replies,
            Subject::Message(_) | Subject::Report(_) => self.correspondence,
            _ => None,
        }
    }
}

/// How much was found to have been kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Due {
    pub replies: usize,
    pub messages: usize,
    pub reports: usize,
    /// Whether there may be more.
    pub more: bool,
}

impl Due {
    pub const fn is_nothing(&self) -> bool {
        self.replies == 0 && self.messages == 0 && self.reports == 0
    }

    /// Notes how many were looked at.
    fn looked_at(&mut self, count: usize, limit: i64) {
        self.more |= i64::try_from(count).unwrap_or(limit) >= limit;
    }
}

/// The basis of disposals, and the role that decides: nobody does in a single case.
const REPLIES: &str = "schedule/replies";
const CORRESPONDENCE: &str = "schedule/correspondence";
const ROLE: &str = "system";
/// In the place of the fact that orders a destruction: none does.
const NO_FACT: i64 = -1;

/// Orders the disposal of what was kept long enough, at most `limit` things of each kind; each is looked at once. Holds
/// stop what is ordered, not the order.
pub fn dispose(
    conn: &mut Conn,
    clock: &dyn Clock,
    retention: Retention,
    limit: i64,
) -> Result<Due, db::Error> {
    let mut due = Due::default();
    if let Some(kept) = retention.replies {
        let before = clock.now() - kept;
        let after = ReplyId::new(store::position(conn, "replies")?);
        let older = replies::older(conn, after, before, limit)?;
        due.looked_at(older.len(), limit);
        if let Some((last, _, _)) = older.last() {
            store::advance(conn, "replies", last.get())?;
        }
        for (id, agency, _) in older.iter().filter(|(_, _, erased)| !erased) {
            due.replies += order(conn, clock, *agency, Subject::Reply(*id), REPLIES)?;
        }
    }
    if let Some(kept) = retention.correspondence {
        let before = clock.now() - kept;
        messages_before(conn, clock, before, limit, &mut due)?;
        reports_before(conn, clock, before, limit, &mut due)?;
    }
    Ok(due)
}

fn messages_before(
    conn: &mut Conn,
    clock: &dyn Clock,
    before: Timestamp,
    limit: i64,
    due: &mut Due,
) -> Result<(), db::Error> {
    let after = MessageId::new(store::position(conn, "messages")?);
    let older = messages::older(conn, after, before, limit)?;
    due.looked_at(older.len(), limit);
    if let Some((last, _, _)) = older.last() {
        store::advance(conn, "messages", last.get())?;
    }
    for (id, agency, _) in older.iter().filter(|(_, _, erased)| !erased) {
        due.messages += order(conn, clock, *agency, Subject::Message(*id), CORRESPONDENCE)?;
    }
    Ok(())
}

fn reports_before(
    conn: &mut Conn,
    clock: &dyn Clock,
    before: Timestamp,
    limit: i64,
    due: &mut Due,
) -> Result<(), db::Error> {
    let after = ReportId::new(store::position(conn, "reports")?);
    let older = moderation::older(conn, after, before, limit)?;
    due.looked_at(older.len(), limit);
    if let Some((last, _)) = older.last() {
        store::advance(conn, "reports", last.get())?;
    }
    for (id, agency) in older {
        let entries = super::entries::by_subject(conn, Subject::Report(id))?;
        if entries.iter().any(|entry| entry.erased_at.is_none()) {
            due.reports += order(conn, clock, agency, Subject::Report(id), CORRESPONDENCE)?;
        }
    }
    Ok(())
}

/// Writes an order down that nobody gives: it is due at once. Returns how many were written.
fn order(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    subject: Subject,
    basis: &str,
) -> Result<usize, db::Error> {
    let Some(log) = log::by_agency(conn, agency)? else {
        return Ok(0);
    };
    let order = Order {
        subject,
        class: Class::Retention,
        basis: basis.to_owned(),
        role: ROLE.to_owned(),
    };
    let now = clock.now();
    let erasure = insert(conn, log.id, &order, now, now)?;
    recorded(conn, erasure, NO_FACT)?;
    Ok(1)
}
