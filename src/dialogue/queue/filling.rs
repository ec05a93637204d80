//! How the queue is filled: from the journal, with a cursor of its own, so that everything comes into it once.
//!
//! What an older version has received stands in the journal as well, and comes in at the first start.

use super::item::{AnsweredBy, State, Subject};
use super::store::{self, Arrival};
use crate::dialogue::{messages, numbers, quotes, replies};
use crate::kernel::{AnnouncementId, Clock, MessageId, QuoteId, ReplyId, ReportId};
use crate::moderation;
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Entry, Fact};
use crate::publishing;

const CONSUMER: &str = "queue";
/// Facts taken in one transaction: few, since nobody else may write on SQLite meanwhile.
const BATCH: i64 = 256;

/// Whether there are facts to read: a look that commits to nothing.
pub fn is_behind(conn: &mut Conn) -> Result<bool, db::Error> {
    Ok(journal::backlog(conn, CONSUMER)? > 0)
}

/// Takes in the next facts, in a transaction. Whether there were any.
pub fn take_in(conn: &mut Conn, clock: &dyn Clock) -> Result<bool, db::Error> {
    let position = journal::position(conn, CONSUMER)?;
    if position == 0 {
        numbers::begin(conn)?;
    }
    let facts = journal::read(conn, position, BATCH)?;
    let Some(last) = facts.last().map(|fact| fact.seq) else {
        return Ok(false);
    };
    for fact in &facts {
        act_upon(conn, clock, fact)?;
    }
    journal::advance(conn, CONSUMER, last)?;
    Ok(true)
}

fn act_upon(conn: &mut Conn, clock: &dyn Clock, entry: &Entry) -> Result<(), db::Error> {
    match entry.fact {
        Fact::ReplyReceived { reply, .. } => reply_came(conn, entry, reply),
        Fact::ReplyEdited { reply, .. } => reply_edited(conn, entry, reply),
        Fact::ReplyDeleted { reply, .. } => store::hide(conn, Subject::Reply(reply)),
        Fact::MessageReceived { message, .. } => message_came(conn, entry, message),
        Fact::MessageEdited { message, .. } => {
            store::reopen(conn, Subject::Message(message), entry.at)
        }
        Fact::MessageDeleted { message, .. } => store::hide(conn, Subject::Message(message)),
        Fact::QuoteAuthorised { quote } => quoted(conn, entry, quote),
        Fact::QuoteRevoked { quote } => store::hide(conn, Subject::Quote(quote)),
        Fact::ReportReceived { report } => report_came(conn, entry, report),
        Fact::AnnouncementPublished { announcement, .. } => answered(conn, entry, announcement),
        Fact::AnnouncementWithdrawn { announcement } => {
            store::reopen_answered(conn, AnsweredBy::Announcement(announcement), entry.at)
        }
        Fact::MessageAnswered { message, answer } => {
            let by = AnsweredBy::Message(answer);
            close(conn, entry, Subject::Message(message), by)
        }
        Fact::AnswerWithdrawn { answer, .. } => {
            store::reopen_answered(conn, AnsweredBy::Message(answer), entry.at)
        }
        Fact::FollowAccepted { .. } | Fact::FollowerLeft { .. } => {
            numbers::count_followers(conn, clock, entry.agency, entry.at)
        }
        _ => Ok(()),
    }
}

fn reply_came(conn: &mut Conn, entry: &Entry, id: ReplyId) -> Result<(), db::Error> {
    let Some(reply) = replies::by_id(conn, id)? else {
        return Ok(());
    };
    if reply.standing != replies::Standing::Shown {
        return Ok(());
    }
    let subject = match reply.thread {
        Some(_) => Subject::Reply(id),
        None => Subject::Mention(id),
    };
    store::insert(
        conn,
        &Arrival {
            agency: entry.agency,
            subject,
            thread: reply.thread,
            author: Some(reply.author.id),
            language: reply.words.language,
            at: entry.at,
        },
    )
}

/// What an answer said need not be an answer to what the question says now.
fn reply_edited(conn: &mut Conn, entry: &Entry, id: ReplyId) -> Result<(), db::Error> {
    let Some(reply) = replies::by_id(conn, id)? else {
        return Ok(());
    };
    if reply.standing != replies::Standing::Shown {
        return Ok(());
    }
    store::reopen(conn, Subject::Reply(id), entry.at)?;
    store::speaks(conn, Subject::Reply(id), reply.words.language.as_deref())
}

fn message_came(conn: &mut Conn, entry: &Entry, id: MessageId) -> Result<(), db::Error> {
    let Some((author, _)) = messages::words(conn, id)? else {
        return Ok(());
    };
    store::insert(
        conn,
        &Arrival {
            agency: entry.agency,
            subject: Subject::Message(id),
            thread: None,
            author: Some(author),
            language: None,
            at: entry.at,
        },
    )
}

fn quoted(conn: &mut Conn, entry: &Entry, id: QuoteId) -> Result<(), db::Error> {
    let Some(quote) = quotes::find(conn, id)?.filter(|quote| !quote.revoked) else {
        return Ok(());
    };
    store::insert(
        conn,
        &Arrival {
            agency: entry.agency,
            subject: Subject::Quote(id),
            thread: Some(quote.announcement),
            author: Some(quote.actor),
            language: None,
            at: entry.at,
        },
    )
}

fn report_came(conn: &mut Conn, entry: &Entry, id: ReportId) -> Result<(), db::Error> {
    // One whose words are destroyed names nothing any more.
    if !moderation::by_ids(conn, &[id])?
        .iter()
        .any(|report| !report.objects.is_empty())
    {
        return Ok(());
    }
    store::insert(
        conn,
        &Arrival {
            agency: entry.agency,
            subject: Subject::Report(id),
            thread: None,
            author: None,
            language: None,
            at: entry.at,
        },
    )
}

/// An announcement may be the answer to something here, whoever wrote it and by whichever way.
fn answered(conn: &mut Conn, entry: &Entry, id: AnnouncementId) -> Result<(), db::Error> {
    let Some(uri) = publishing::answered_by(conn, id)? else {
        return Ok(());
    };
    let subject = match replies::by_uri(conn, &uri)? {
        Some(reply) => Subject::Reply(reply.id),
        None => match quotes::find_by_uri(conn, &uri)? {
            Some(quote) => Subject::Quote(quote.id),
            None => return Ok(()),
        },
    };
    close(conn, entry, subject, AnsweredBy::Announcement(id))
}

fn close(
    conn: &mut Conn,
    entry: &Entry,
    subject: Subject,
    by: AnsweredBy,
) -> Result<(), db::Error> {
    if let Some(item) = store::by_subject(conn, subject)?
        && item.agency == entry.agency
        && item.state != State::Gone
    {
        store::answered(conn, item.id, by, entry.at)?;
    }
    Ok(())
}
