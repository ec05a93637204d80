//! The trail in the database, which refuses to change or delete a line of it.

use diesel::prelude::*;

use super::{Act, Subject};
use crate::kernel::{AgencyId, PersonId, Timestamp, TrailId};
use crate::platform::db::schema::{people, staff_trail};
use crate::platform::db::{self, Conn, on_either};

/// A line of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: TrailId,
    /// `None` for what concerns the whole server.
    pub agency: Option<AgencyId>,
    /// `None` for the command line.
    pub by: Option<PersonId>,
    pub by_name: Option<String>,
    pub act: Act,
    pub subject: Subject,
    /// The name of the person whom it was done to.
    pub subject_name: Option<String>,
    pub at: Timestamp,
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    agency: Option<AgencyId>,
    by: Option<PersonId>,
    act: &Act,
    subject: Subject,
) -> Result<TrailId, db::Error> {
    let act = serde_json::to_string(act).map_err(|_| db::Error::Corrupt("staff_trail.act"))?;
    let id: i64 = on_either!(conn => diesel::insert_into(staff_trail::table)
        .values((
            staff_trail::agency_id.eq(agency.map(AgencyId::get)),
            staff_trail::person_id.eq(by.map(PersonId::get)),
            staff_trail::act.eq(&act),
            staff_trail::subject.eq(subject.to_string()),
            staff_trail::at.eq(now.micros()),
        ))
        .returning(staff_trail::id)
        .get_result(conn))?;
    Ok(TrailId::new(id))
}

type Row = (
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    String,
    String,
    i64,
);

/// A line, and who did it.
macro_rules! row {
    () => {
        (
            staff_trail::id,
            staff_trail::agency_id,
            staff_trail::person_id,
            people::name.nullable(),
            staff_trail::act,
            staff_trail::subject,
            staff_trail::at,
        )
    };
}

fn lines(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Line>, db::Error> {
    let mut lines = vec![];
    for (id, agency, by, by_name, act, subject, at) in rows {
        lines.push(Line {
            id: TrailId::new(id),
            agency: agency.map(AgencyId::new),
            by: by.map(PersonId::new),
            by_name,
            act: serde_json::from_str(&act).map_err(|_| db::Error::Corrupt("staff_trail.act"))?,
            subject: Subject::parse(&subject).ok_or(db::Error::Corrupt("staff_trail.subject"))?,
            subject_name: None,
            at: Timestamp::from_micros(at),
        });
    }
    name_subjects(conn, &mut lines)?;
    Ok(lines)
}

/// Adds the names of the people to whom something was done.
fn name_subjects(conn: &mut Conn, lines: &mut [Line]) -> Result<(), db::Error> {
    let numbers: Vec<i64> = lines
        .iter()
        .filter_map(|line| match line.subject {
            Subject::Person(id) => Some(id.get()),
            _ => None,
        })
        .collect();
    let names: Vec<(i64, String)> = people::table
        .filter(people::id.eq_any(&numbers))
        .select((people::id, people::name))
        .load(conn)?;
    for line in lines {
        if let Subject::Person(id) = line.subject {
            line.subject_name = names
                .iter()
                .find(|(number, _)| *number == id.get())
                .map(|(_, name)| name.clone());
        }
    }
    Ok(())
}

pub(super) fn page(
    conn: &mut Conn,
    agency: AgencyId,
    before: Option<TrailId>,
    limit: i64,
) -> Result<Vec<Line>, db::Error> {
    let rows: Vec<Row> = staff_trail::table
        .left_join(people::table.on(staff_trail::person_id.eq(people::id.nullable())))
        .filter(staff_trail::agency_id.eq(agency.get()))
        .filter(staff_trail::id.lt(before.map_or(i64::MAX, TrailId::get)))
        .order(staff_trail::id.desc())
        .limit(limit)
        .select(row!())
        .load(conn)?;
    lines(conn, rows)
}

/// What concerns no agency but the server, the newest first: for whoever has its command line.
pub fn of_server(
    conn: &mut Conn,
    before: Option<TrailId>,
    limit: i64,
) -> Result<Vec<Line>, db::Error> {
    let rows: Vec<Row> = staff_trail::table
        .left_join(people::table.on(staff_trail::person_id.eq(people::id.nullable())))
        .filter(staff_trail::agency_id.is_null())
        .filter(staff_trail::id.lt(before.map_or(i64::MAX, TrailId::get)))
        .order(staff_trail::id.desc())
        .limit(limit)
        .select(row!())
        .load(conn)?;
    lines(conn, rows)
}

/// One line.
pub fn find(conn: &mut Conn, id: TrailId) -> Result<Option<Line>, db::Error> {
    let rows: Vec<Row> = staff_trail::table
        .left_join(people::table.on(staff_trail::person_id.eq(people::id.nullable())))
        .filter(staff_trail::id.eq(id.get()))
        .select(row!())
        .load(conn)?;
    Ok(lines(conn, rows)?.pop())
}
