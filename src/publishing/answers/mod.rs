//! What an agency answers in private to a private message: it goes to one person, and is shown to nobody but the staff who
//! may read what was written in private.
//!
//! From the draft to the wire it has a type and a table of its own. Nothing that publishes takes one, and no announcement
//! is made from one.

mod store;

pub use self::store::{by_messages, find};
pub(super) use self::store::{is_private, note_approval};

use super::announcement::{Revision, Withdrawal};
use super::drafts::{self, Content};
use super::{Error, Mention, Rules};
use crate::kernel::{AgencyId, AnswerId, Clock, MessageId, SafeHtml, Site, Timestamp};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// An answer as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub id: AnswerId,
    pub agency: AgencyId,
    /// What it answers.
    pub message: MessageId,
    /// BCP 47.
    pub language: String,
    pub warning: Option<String>,
    pub markdown: String,
    pub html: SafeHtml,
    pub sent_at: Timestamp,
    /// The reason is for the staff.
    pub withdrawn: Option<Withdrawal>,
}

/// Answers a message. `to` is its author, whom the text addresses first; whom else it names stays text, since a server
/// shows a post to everybody who is tagged in it.
pub(super) fn send(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    rules: Rules,
    agency: AgencyId,
    (message, to): (MessageId, &Mention),
    content: Content,
) -> Result<Answer, Error> {
    expect_fit(&content)?;
    let now = clock.now();
    if content.markdown.trim().is_empty() || content.says_only_to(to) {
        return Err(Error::Empty);
    }
    let said = content.addressed(to).said(agency, None, false);
    let revision = Revision::of(said, 1, site, rules, now)?;
    let answer = Answer {
        id: AnswerId::mint(now),
        agency,
        message,
        language: revision.language,
        warning: revision.warning,
        markdown: revision.markdown,
        html: revision.html,
        sent_at: now,
        withdrawn: None,
    };
    store::insert(conn, &answer)?;
    let fact = Fact::MessageAnswered {
        message,
        answer: answer.id,
    };
    journal::append(conn, clock, agency, &fact)?;
    Ok(answer)
}

/// Takes an answer back: its reader's server is asked to delete it.
pub(super) fn withdraw(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    id: AnswerId,
    reason: &str,
) -> Result<Answer, Error> {
    let answer = store::find(conn, id)?
        .filter(|answer| answer.agency == agency)
        .ok_or(Error::NotFound)?;
    if answer.withdrawn.is_some() {
        return Err(Error::Withdrawn);
    }
    let withdrawal = Withdrawal::new(reason, clock.now())?;
    store::withdraw(conn, id, &withdrawal)?;
    let fact = Fact::AnswerWithdrawn {
        message: answer.message,
        answer: id,
    };
    journal::append(conn, clock, agency, &fact)?;
    Ok(Answer {
        withdrawn: Some(withdrawal),
        ..answer
    })
}

/// Pictures and a long text would have addresses that anybody can open, and a poll counts in public.
pub(super) fn expect_fit(content: &Content) -> Result<(), Error> {
    if content.images.is_empty() && content.poll.is_none() && content.article.is_none() {
        Ok(())
    } else {
        Err(Error::NotInPrivate)
    }
}

/// Answers a message no more that its author has deleted, or that is to be destroyed: what was begun is given up, and
/// nobody is shown what was written.
pub fn withhold(conn: &mut Conn, now: Timestamp, message: MessageId) -> Result<(), db::Error> {
    drafts::withhold_private(conn, message, now)
}

/// Destroys what was answered to a message that is destroyed, with all drafts of it.
pub fn forget(conn: &mut Conn, now: Timestamp, message: MessageId) -> Result<(), db::Error> {
    store::empty(conn, message)?;
    drafts::drop_private(conn, message, now)
}
