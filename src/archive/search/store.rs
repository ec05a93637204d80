//! The words of texts in the database, and finding them. The rows never leave this file.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, SmallInt, Text};

use crate::archive::entries::Place;
use crate::archive::kind::Subject;
use crate::kernel::LogId;
use crate::platform::db::schema::{record_entries, search_texts};
use crate::platform::db::{self, Conn, on_either};

/// A text that was found.
#[derive(Debug, Clone)]
pub(in crate::archive) struct Row {
    pub(in crate::archive) place: Place,
    pub(in crate::archive) subject: Subject,
    /// Of an announcement; 0 for a reply.
    pub(in crate::archive) revision: i32,
    /// Folded, with a space between them.
    pub(in crate::archive) words: String,
}

#[derive(QueryableByName)]
struct Raw {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = SmallInt)]
    subject_kind: i16,
    #[diesel(sql_type = BigInt)]
    subject: i64,
    #[diesel(sql_type = Integer)]
    revision: i32,
    #[diesel(sql_type = Text)]
    words: String,
}

impl TryFrom<Raw> for Row {
    type Error = db::Error;

    fn try_from(raw: Raw) -> Result<Self, db::Error> {
        Ok(Self {
            place: Place::from_number(raw.place),
            subject: Subject::from_columns(raw.subject_kind, raw.subject)?,
            revision: raw.revision,
            words: raw.words,
        })
    }
}

/// Takes in texts, none of which is there yet.
pub(super) fn insert(conn: &mut Conn, rows: &[Row]) -> Result<(), db::Error> {
    for chunk in rows.chunks(100) {
        let values: Vec<_> = chunk
            .iter()
            .map(|row| {
                let (subject_kind, subject) = row.subject.columns();
                (
                    search_texts::place.eq(row.place.number()),
                    search_texts::subject_kind.eq(subject_kind),
                    search_texts::subject.eq(subject),
                    search_texts::revision.eq(row.revision),
                    search_texts::words.eq(&row.words),
                )
            })
            .collect();
        on_either!(conn => diesel::insert_into(search_texts::table).values(values).execute(conn))?;
    }
    if let Conn::Sqlite(conn) = conn {
        for row in rows {
            sql_query("INSERT INTO search_index (rowid, words) VALUES (?, ?)")
                .bind::<BigInt, _>(row.place.number())
                .bind::<Text, _>(&row.words)
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Drops all that is there of a subject; returns whether there was anything.
pub(in crate::archive) fn forget(conn: &mut Conn, subject: Subject) -> Result<bool, db::Error> {
    let (kind, number) = subject.columns();
    if let Conn::Sqlite(conn) = conn {
        // The index must be told what it held.
        sql_query(
            "INSERT INTO search_index (search_index, rowid, words)
             SELECT 'delete', place, words FROM search_texts WHERE subject = ? AND subject_kind = ?",
        )
        .bind::<BigInt, _>(number)
        .bind::<SmallInt, _>(kind)
        .execute(conn)?;
    }
    let own = search_texts::table
        .filter(search_texts::subject.eq(number))
        .filter(search_texts::subject_kind.eq(kind));
    Ok(diesel::delete(own).execute(conn)? > 0)
}

/// The texts in which all of some phrases stand, of one log or of all, the newest first, below index `before` of the
/// log; at most `limit`.
pub(in crate::archive) fn matching(
    conn: &mut Conn,
    log: Option<LogId>,
    phrases: &[Vec<String>],
    before: Option<u64>,
    limit: i64,
) -> Result<Vec<Row>, db::Error> {
    looked_for(conn, log, phrases, Join::All, before, limit)
}

/// The texts in which any of some phrases stands, the newest first; at most `limit`.
pub(in crate::archive) fn matching_any(
    conn: &mut Conn,
    phrases: &[Vec<String>],
    limit: i64,
) -> Result<Vec<Row>, db::Error> {
    looked_for(conn, None, phrases, Join::Any, None, limit)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    All,
    Any,
}

fn looked_for(
    conn: &mut Conn,
    log: Option<LogId>,
    phrases: &[Vec<String>],
    join: Join,
    before: Option<u64>,
    limit: i64,
) -> Result<Vec<Row>, db::Error> {
    if phrases.is_empty() {
        return Ok(vec![]);
    }
    let low = log.map_or(0, |log| Place::new(log, 0).number());
    let high = match (log, before) {
        (Some(log), Some(before)) => Place::new(log, before).number(),
        (Some(log), None) => Place::new(LogId::new(log.get() + 1), 0).number(),
        (None, _) => i64::MAX,
    };
    let raw: Vec<Raw> = match conn {
        Conn::Sqlite(conn) => {
            // Folded words are letters, digits and marks: nothing in them means anything to the index.
            let quoted: Vec<String> = phrases
                .iter()
                .map(|phrase| format!("\"{}\"", phrase.join(" ")))
                .collect();
            let expression = match join {
                Join::All => quoted.join(" AND "),
                Join::Any => quoted.join(" OR "),
            };
            sql_query(
                "SELECT t.place, t.subject_kind, t.subject, t.revision, t.words
                 FROM search_index i JOIN search_texts t ON t.place = i.rowid
                 WHERE i.search_index MATCH ? AND i.rowid >= ? AND i.rowid < ?
                 ORDER BY i.rowid DESC LIMIT ?",
            )
            .bind::<Text, _>(expression)
            .bind::<BigInt, _>(low)
            .bind::<BigInt, _>(high)
            .bind::<BigInt, _>(limit)
            .load(conn)?
        }
        Conn::Postgres(conn) => {
            let operator = match join {
                Join::All => " && ",
                Join::Any => " || ",
            };
            let expression: Vec<String> = (0..phrases.len())
                .map(|n| format!("phraseto_tsquery('simple', ${})", n + 4))
                .collect();
            let mut query = sql_query(format!(
                "SELECT place, subject_kind, subject, revision, words FROM search_texts
                 WHERE to_tsvector('simple'::regconfig, words) @@ ({}) AND place >= $1 AND place < $2
                 ORDER BY place DESC LIMIT $3",
                expression.join(operator)
            ))
            .into_boxed()
            .bind::<BigInt, _>(low)
            .bind::<BigInt, _>(high)
            .bind::<BigInt, _>(limit);
            for phrase in phrases {
                query = query.bind::<Text, _>(phrase.join(" "));
            }
            query.load(conn)?
        }
    };
    raw.into_iter().map(Row::try_from).collect()
}

/// All texts of a subject.
pub(in crate::archive) fn of_subject(
    conn: &mut Conn,
    subject: Subject,
) -> Result<Vec<Row>, db::Error> {
    let (kind, number) = subject.columns();
    let rows: Vec<(i64, i32, String)> = search_texts::table
        .filter(search_texts::subject.eq(number))
        .filter(search_texts::subject_kind.eq(kind))
        .order(search_texts::place)
        .select((
            search_texts::place,
            search_texts::revision,
            search_texts::words,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(place, revision, words)| Row {
            place: Place::from_number(place),
            subject,
            revision,
            words,
        })
        .collect())
}

/// The last entry of each of some subjects of one kind that says something, by fact: (subject, place, fact, erased).
pub(super) fn entries_of(
    conn: &mut Conn,
    kind: i16,
    subjects: &[i64],
) -> Result<Vec<(i64, Place, i64, bool)>, db::Error> {
    let rows: Vec<(i64, i64, i64, Option<i64>)> = record_entries::table
        .filter(record_entries::subject.eq_any(subjects))
        .filter(record_entries::subject_kind.eq(kind))
        .order(record_entries::place)
        .select((
            record_entries::subject,
            record_entries::place,
            record_entries::fact_seq,
            record_entries::erased_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(subject, place, fact, erased)| {
            (subject, Place::from_number(place), fact, erased.is_some())
        })
        .collect())
}

/// How many entries of a log the facts up to `seq` have made.
pub(in crate::archive) fn indexed_to(
    conn: &mut Conn,
    log: LogId,
    seq: i64,
) -> Result<u64, db::Error> {
    let last: Option<i64> = record_entries::table
        .filter(record_entries::place.ge(Place::new(log, 0).number()))
        .filter(record_entries::place.lt(Place::new(LogId::new(log.get() + 1), 0).number()))
        .filter(record_entries::fact_seq.le(seq))
        .order(record_entries::place.desc())
        .select(record_entries::place)
        .first(conn)
        .optional()?;
    Ok(last.map_or(0, |place| Place::from_number(place).index + 1))
}
