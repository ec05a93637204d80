//! Counting in the database. Days are counted from 1970, in UTC.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::kernel::{AgencyId, AnnouncementId, Timestamp};
use crate::platform::db::schema::{follower_days, followers, queue_items};
use crate::platform::db::{self, Conn, on_either};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
/// As the queue writes them: replies, mentions, quotations; open, answered, gone.
const REPLY: i16 = 0;
const MENTION: i16 = 1;
const MESSAGE: i16 = 2;
const QUOTE: i16 = 3;
const OPEN: i16 = 0;
const ANSWERED: i16 = 1;
const GONE: i16 = 3;
/// As reactions are written: a boost.
const BOOST: i16 = 1;
/// More answers than a year has.
const MOST_ANSWERS: i64 = 200_000;
const MOST_LANGUAGES: i64 = 200;

#[derive(QueryableByName)]
struct Daily {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many there are on each day of `query`, which holds numbers of ours only.
fn daily(conn: &mut Conn, query: &str) -> Result<BTreeMap<i64, i64>, db::Error> {
    let rows: Vec<Daily> = on_either!(conn => sql_query(query).load(conn))?;
    Ok(rows.into_iter().map(|it| (it.day, it.count)).collect())
}

/// What came on each day.
pub(super) struct Came {
    pub(super) replies: BTreeMap<i64, i64>,
    pub(super) quotes: BTreeMap<i64, i64>,
}

pub(super) fn came_by_day(
    conn: &mut Conn,
    agency: AgencyId,
    beginning: i64,
) -> Result<Came, db::Error> {
    let of = |kinds: &str| {
        format!(
            "SELECT received_at / {DAY_MICROS} AS day, count(*) AS count FROM queue_items \
             WHERE agency_id = {agency} AND kind IN ({kinds}) AND state <> {GONE} \
             AND received_at >= {} GROUP BY 1",
            beginning * DAY_MICROS
        )
    };
    Ok(Came {
        replies: daily(conn, &of(&format!("{REPLY}, {MENTION}")))?,
        quotes: daily(conn, &of(&QUOTE.to_string()))?,
    })
}

pub(super) fn boosts_by_day(
    conn: &mut Conn,
    agency: AgencyId,
    beginning: i64,
) -> Result<BTreeMap<i64, i64>, db::Error> {
    let query = format!(
        "SELECT r.at / {DAY_MICROS} AS day, count(*) AS count FROM announcements a \
         JOIN reactions r ON r.announcement_id = a.id AND r.kind = {BOOST} \
         WHERE a.agency_id = {agency} AND r.at >= {} GROUP BY 1",
        beginning * DAY_MICROS
    );
    daily(conn, &query)
}

/// The answers since a day, those in private among them: on which day each was given, and how long it took.
pub(super) fn answers(
    conn: &mut Conn,
    agency: AgencyId,
    beginning: i64,
) -> Result<Vec<(i64, Duration)>, db::Error> {
    let rows: Vec<(Option<i64>, i64)> = queue_items::table
        .filter(queue_items::agency_id.eq(agency.get()))
        .filter(queue_items::state.eq(ANSWERED))
        .filter(queue_items::closed_at.ge(beginning * DAY_MICROS))
        .limit(MOST_ANSWERS)
        .select((queue_items::closed_at, queue_items::since))
        .load(conn)?;
    let answers = rows.into_iter().filter_map(|(closed, since)| {
        let (closed, since) = (closed?, Timestamp::from_micros(since));
        let took = Timestamp::from_micros(closed).since(since);
        Some((closed.div_euclid(DAY_MICROS), took))
    });
    Ok(answers.collect())
}

/// How much is open that was said in public, and how much of it waits since before `overdue`.
pub(super) fn waiting(
    conn: &mut Conn,
    agency: AgencyId,
    overdue: Timestamp,
) -> Result<(i64, i64), db::Error> {
    let open = || {
        queue_items::table
            .filter(queue_items::agency_id.eq(agency.get()))
            .filter(queue_items::state.eq(OPEN))
            .filter(queue_items::kind.ne(MESSAGE))
    };
    let all = open().count().get_result(conn)?;
    let late = open()
        .filter(queue_items::kind.ne(QUOTE))
        .filter(queue_items::since.lt(overdue.micros()))
        .count()
        .get_result(conn)?;
    Ok((all, late))
}

/// What the queue knows of an announcement.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Thread {
    pub(super) quotes: i64,
    pub(super) answers: i64,
}

pub(super) fn by_thread(
    conn: &mut Conn,
    ids: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, Thread>, db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(Option<i64>, i16, i16, i64)> = queue_items::table
        .filter(queue_items::thread_id.eq_any(ids))
        .filter(queue_items::state.ne(GONE))
        .group_by((
            queue_items::thread_id,
            queue_items::kind,
            queue_items::state,
        ))
        .select((
            queue_items::thread_id,
            queue_items::kind,
            queue_items::state,
            diesel::dsl::count_star(),
        ))
        .load(conn)?;
    let mut threads: HashMap<AnnouncementId, Thread> = HashMap::new();
    for (thread, kind, state, count) in rows {
        let Some(thread) = thread else { continue };
        let entry = threads.entry(AnnouncementId::new(thread)).or_default();
        if kind == QUOTE {
            entry.quotes += count;
        }
        if state == ANSWERED {
            entry.answers += count;
        }
    }
    Ok(threads)
}

/// (language, replies, answers), those with most replies first.
pub(super) fn by_language(
    conn: &mut Conn,
    agency: AgencyId,
) -> Result<Vec<(Option<String>, i64, i64)>, db::Error> {
    let said = || {
        queue_items::table
            .filter(queue_items::agency_id.eq(agency.get()))
            .filter(queue_items::kind.eq_any([REPLY, MENTION]))
            .group_by(queue_items::language)
    };
    let all: Vec<(Option<String>, i64)> = said()
        .filter(queue_items::state.ne(GONE))
        .order(diesel::dsl::count_star().desc())
        .limit(MOST_LANGUAGES)
        .select((queue_items::language, diesel::dsl::count_star()))
        .load(conn)?;
    let answered: Vec<(Option<String>, i64)> = said()
        .filter(queue_items::state.eq(ANSWERED))
        .select((queue_items::language, diesel::dsl::count_star()))
        .load(conn)?;
    let answered: HashMap<_, _> = answered.into_iter().collect();
    Ok(all
        .into_iter()
        .map(|(language, replies)| {
            let answers = answered.get(&language).copied().unwrap_or(0);
            (language, replies, answers)
        })
        .collect())
}

/// How many followed, on each day on which that changed.
pub(super) fn follower_days(
    conn: &mut Conn,
    agency: AgencyId,
) -> Result<BTreeMap<i64, i64>, db::Error> {
    let rows: Vec<(i64, i64)> = follower_days::table
        .filter(follower_days::agency_id.eq(agency.get()))
        .select((follower_days::day, follower_days::followers))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

pub(super) fn begin_days(conn: &mut Conn) -> Result<(), db::Error> {
    let begun: Option<i64> = follower_days::table
        .select(follower_days::day)
        .first(conn)
        .optional()?;
    if begun.is_some() {
        return Ok(());
    }
    let mut since: Vec<(i64, i64)> = followers::table
        .select((followers::agency_id, followers::since))
        .load(conn)?;
    since.sort_unstable();
    let mut days: Vec<(i64, i64, i64)> = vec![];
    for (agency, at) in since {
        let day = at.div_euclid(DAY_MICROS);
        match days.last_mut() {
            Some(last) if (last.0, last.1) == (agency, day) => last.2 += 1,
            Some(last) if last.0 == agency => {
                let count = last.2 + 1;
                days.push((agency, day, count));
            }
            _ => days.push((agency, day, 1)),
        }
    }
    for (agency, day, count) in days {
        put_day(conn, AgencyId::new(agency), day, count)?;
    }
    Ok(())
}

pub(super) fn put_day(
    conn: &mut Conn,
    agency: AgencyId,
    day: i64,
    count: i64,
) -> Result<(), db::Error> {
    on_either!(conn => diesel::insert_into(follower_days::table)
        .values((
            follower_days::agency_id.eq(agency.get()),
            follower_days::day.eq(day),
            follower_days::followers.eq(count),
        ))
        .on_conflict((follower_days::agency_id, follower_days::day))
        .do_update()
        .set(follower_days::followers.eq(count))
        .execute(conn))?;
    Ok(())
}
