//! Private answers in the database. The rows never leave this file.

use diesel::prelude::*;

use super::Answer;
use crate::kernel::{AgencyId, AnswerId, MessageId, SafeHtml, Timestamp};
use crate::platform::db::schema::{answers, messages, replies};
use crate::platform::db::{self, Conn};
use crate::publishing::Withdrawal;

#[derive(Queryable, Selectable)]
#[diesel(table_name = answers)]
struct Row {
    id: i64,
    agency_id: i64,
    message_id: i64,
    language: String,
    warning: Option<String>,
    markdown: String,
    html: String,
    sent_at: i64,
    withdrawn_at: Option<i64>,
    reason: Option<String>,
}

impl From<Row> for Answer {
    fn from(row: Row) -> Self {
        let reason = row.reason.unwrap_or_default();
        Self {
            id: AnswerId::new(row.id),
            agency: AgencyId::new(row.agency_id),
            message: MessageId::new(row.message_id),
            language: row.language,
            warning: row.warning,
            markdown: row.markdown,
            html: SafeHtml::trusted(row.html),
            sent_at: Timestamp::from_micros(row.sent_at),
            withdrawn: row.withdrawn_at.map(|at| Withdrawal {
                at: Timestamp::from_micros(at),
                reason,
            }),
        }
    }
}

pub(super) fn insert(conn: &mut Conn, answer: &Answer) -> Result<(), db::Error> {
    diesel::insert_into(answers::table)
        .values((
            answers::id.eq(answer.id.get()),
            answers::agency_id.eq(answer.agency.get()),
            answers::message_id.eq(answer.message.get()),
            answers::language.eq(&answer.language),
            answers::warning.eq(&answer.warning),
            answers::markdown.eq(&answer.markdown),
            answers::html.eq(answer.html.as_str()),
            answers::sent_at.eq(answer.sent_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes how many people stood for an answer.
pub(in crate::publishing) fn note_approval(
    conn: &mut Conn,
    id: AnswerId,
    people: u32,
) -> Result<(), db::Error> {
    let people = i32::try_from(people).unwrap_or(i32::MAX);
    diesel::update(answers::table.find(id.get()))
        .set(answers::approved_by.eq(people))
        .execute(conn)?;
    Ok(())
}

pub(super) fn withdraw(
    conn: &mut Conn,
    id: AnswerId,
    withdrawal: &Withdrawal,
) -> Result<(), db::Error> {
    diesel::update(answers::table.find(id.get()))
        .set((
            answers::withdrawn_at.eq(withdrawal.at.micros()),
            answers::reason.eq(&withdrawal.reason),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, id: AnswerId) -> Result<Option<Answer>, db::Error> {
    let row = answers::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Answer::from))
}

/// What was answered to these messages, the first first, at most `limit`.
pub fn by_messages(
    conn: &mut Conn,
    messages: &[MessageId],
    limit: i64,
) -> Result<Vec<Answer>, db::Error> {
    let rows: Vec<Row> = answers::table
        .filter(answers::message_id.eq_any(messages.iter().map(|id| id.get())))
        .order((answers::sent_at, answers::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Answer::from).collect())
}

/// Destroys what was answered to a message.
pub(super) fn empty(conn: &mut Conn, message: MessageId) -> Result<(), db::Error> {
    diesel::update(answers::table.filter(answers::message_id.eq(message.get())))
        .set((
            answers::markdown.eq(""),
            answers::html.eq(""),
            answers::warning.eq(None::<String>),
            answers::reason.eq(None::<String>),
        ))
        .execute(conn)?;
    Ok(())
}

/// As replies are written: everybody may read it.
const SHOWN: i16 = 0;

/// Whether something was said in private, and not in public as well: nothing public may answer it.
pub(in crate::publishing) fn is_private(conn: &mut Conn, uri: &str) -> Result<bool, db::Error> {
    let message: Option<i64> = messages::table
        .filter(messages::uri.eq(uri))
        .select(messages::id)
        .first(conn)
        .optional()?;
    if message.is_none() {
        return Ok(false);
    }
    let reply: Option<i64> = replies::table
        .filter(replies::uri.eq(uri))
        .filter(replies::state.eq(SHOWN))
        .select(replies::id)
        .first(conn)
        .optional()?;
    Ok(reply.is_none())
}
