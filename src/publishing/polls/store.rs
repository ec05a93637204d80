//! Polls in the database. The rows never leave this file.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Choice, Poll};
use crate::kernel::{AgencyId, AnnouncementId, Timestamp};
use crate::platform::db::schema::polls;
use crate::platform::db::{self, Conn};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = polls, treat_none_as_default_value = false)]
struct Row {
    announcement_id: i64,
    agency_id: i64,
    options: String,
    tallies: String,
    multiple: i16,
    voters: i64,
    ends_at: i64,
    closed_at: Option<i64>,
    due_at: Option<i64>,
}

/// A poll that nobody else can change meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub agency: AgencyId,
    pub poll: Poll,
    pub(super) due_at: Option<Timestamp>,
}

impl Row {
    fn into_poll(self) -> Result<Poll, db::Error> {
        let texts: Vec<String> =
            serde_json::from_str(&self.options).map_err(|_| db::Error::Corrupt("polls.options"))?;
        let votes: Vec<u64> =
            serde_json::from_str(&self.tallies).map_err(|_| db::Error::Corrupt("polls.tallies"))?;
        if texts.len() != votes.len() {
            return Err(db::Error::Corrupt("polls.tallies"));
        }
        Ok(Poll {
            options: texts
                .into_iter()
                .zip(votes)
                .map(|(text, votes)| Choice { text, votes })
                .collect(),
            multiple: self.multiple != 0,
            ends_at: Timestamp::from_micros(self.ends_at),
            closed_at: self.closed_at.map(Timestamp::from_micros),
            voters: u64::try_from(self.voters).map_err(|_| db::Error::Corrupt("polls.voters"))?,
        })
    }
}

fn tallies(poll: &Poll) -> Result<String, db::Error> {
    let votes: Vec<u64> = poll.options.iter().map(|choice| choice.votes).collect();
    serde_json::to_string(&votes).map_err(|_| db::Error::Corrupt("polls.tallies"))
}

pub(in crate::publishing) fn insert(
    conn: &mut Conn,
    agency: AgencyId,
    id: AnnouncementId,
    poll: &Poll,
) -> Result<(), db::Error> {
    let texts: Vec<&str> = poll.options.iter().map(|it| it.text.as_str()).collect();
    let row = Row {
        announcement_id: id.get(),
        agency_id: agency.get(),
        options: serde_json::to_string(&texts).map_err(|_| db::Error::Corrupt("polls.options"))?,
        tallies: tallies(poll)?,
        multiple: i16::from(poll.multiple),
        voters: 0,
        ends_at: poll.ends_at.micros(),
        closed_at: None,
        due_at: Some(poll.ends_at.micros()),
    };
    diesel::insert_into(polls::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The polls of those of these announcements that have one.
pub(in crate::publishing) fn of(
    conn: &mut Conn,
    ids: &[i64],
) -> Result<HashMap<i64, Poll>, db::Error> {
    let rows: Vec<Row> = polls::table
        .filter(polls::announcement_id.eq_any(ids))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter()
        .map(|row| Ok((row.announcement_id, row.into_poll()?)))
        .collect()
}

/// The poll of an announcement, kept from everybody else until the transaction ends.
pub fn find_for_change(conn: &mut Conn, id: AnnouncementId) -> Result<Option<Held>, db::Error> {
    let own = polls::table.find(id.get());
    let row: Option<Row> = match conn {
        Conn::Postgres(conn) => own
            .select(Row::as_select())
            .for_update()
            .first(conn)
            .optional()?,
        Conn::Sqlite(conn) => own.select(Row::as_select()).first(conn).optional()?,
    };
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Held {
        agency: AgencyId::new(row.agency_id),
        due_at: row.due_at.map(Timestamp::from_micros),
        poll: row.into_poll()?,
    }))
}

/// Saves the tallies, which are to be told by `told_by` at the latest.
pub(super) fn count(
    conn: &mut Conn,
    id: AnnouncementId,
    poll: &Poll,
    told_by: Timestamp,
) -> Result<(), db::Error> {
    let voters = i64::try_from(poll.voters).map_err(|_| db::Error::Corrupt("polls.voters"))?;
    diesel::update(polls::table.find(id.get()))
        .set((polls::tallies.eq(tallies(poll)?), polls::voters.eq(voters)))
        .execute(conn)?;
    let later = polls::table
        .find(id.get())
        .filter(polls::due_at.gt(told_by.micros()));
    diesel::update(later)
        .set(polls::due_at.eq(told_by.micros()))
        .execute(conn)?;
    Ok(())
}

pub(super) fn set_due(
    conn: &mut Conn,
    id: AnnouncementId,
    at: Option<Timestamp>,
) -> Result<(), db::Error> {
    diesel::update(polls::table.find(id.get()))
        .set(polls::due_at.eq(at.map(Timestamp::micros)))
        .execute(conn)?;
    Ok(())
}

/// Whether it was open until now.
pub(super) fn close(
    conn: &mut Conn,
    id: AnnouncementId,
    now: Timestamp,
    due: Timestamp,
) -> Result<bool, db::Error> {
    let open = polls::table
        .find(id.get())
        .filter(polls::closed_at.is_null());
    let closed = diesel::update(open)
        .set((
            polls::closed_at.eq(now.micros()),
            polls::due_at.eq(due.micros()),
        ))
        .execute(conn)?;
    Ok(closed > 0)
}

/// The polls of all agencies with which something is to be done, the most overdue first, at most `limit`.
pub fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<AnnouncementId>, db::Error> {
    let ids: Vec<i64> = polls::table
        .filter(polls::due_at.le(now.micros()))
        .order(polls::due_at)
        .limit(limit)
        .select(polls::announcement_id)
        .load(conn)?;
    Ok(ids.into_iter().map(AnnouncementId::new).collect())
}

/// When something is to be done next with any poll.
pub fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>, db::Error> {
    let at: Option<i64> = polls::table
        .filter(polls::due_at.is_not_null())
        .select(diesel::dsl::min(polls::due_at))
        .first(conn)?;
    Ok(at.map(Timestamp::from_micros))
}

/// Destroys what could be chosen; how often stays.
pub(in crate::publishing) fn erase(conn: &mut Conn, id: AnnouncementId) -> Result<(), db::Error> {
    let tallies: Option<String> = polls::table
        .find(id.get())
        .select(polls::tallies)
        .first(conn)
        .optional()?;
    let Some(tallies) = tallies else {
        return Ok(());
    };
    let votes: Vec<u64> =
        serde_json::from_str(&tallies).map_err(|_| db::Error::Corrupt("polls.tallies"))?;
    let texts = serde_json::to_string(&vec![""; votes.len()])
        .map_err(|_| db::Error::Corrupt("polls.options"))?;
    diesel::update(polls::table.find(id.get()))
        .set(polls::options.eq(texts))
        .execute(conn)?;
    Ok(())
}
