//! Reports in the database.

use diesel::prelude::*;

use super::NewReport;
use crate::kernel::{AgencyId, Clock, EventId, ReportId, Timestamp};
use crate::platform::db::schema::reports;
use crate::platform::db::{self, Conn, on_either};

/// A report as it stands.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: ReportId,
    pub from_host: String,
    pub objects: Vec<String>,
    pub comment: String,
    pub received_at: Timestamp,
}

pub(super) fn insert(
    conn: &mut Conn,
    clock: &dyn Clock,
    new: &NewReport,
) -> Result<Option<ReportId>, db::Error> {
    let objects =
        serde_json::to_string(&new.objects).map_err(|_| db::Error::Corrupt("reports.objects"))?;
    let id: Option<i64> = on_either!(conn => diesel::insert_into(reports::table)
        .values((
            reports::agency_id.eq(new.agency.get()),
            reports::activity_uri.eq(&new.activity_uri),
            reports::from_host.eq(&new.from_host),
            reports::objects.eq(&objects),
            reports::comment.eq(new.comment.as_str()),
            reports::event_id.eq(new.event.map(crate::kernel::EventId::get)),
            reports::received_at.eq(clock.now().micros()),
        ))
        .on_conflict_do_nothing()
        .returning(reports::id)
        .get_result(conn)
        .optional())?;
    Ok(id.map(ReportId::new))
}

type Row = (i64, String, String, String, i64);

const COLUMNS: (
    reports::id,
    reports::from_host,
    reports::objects,
    reports::comment,
    reports::received_at,
) = (
    reports::id,
    reports::from_host,
    reports::objects,
    reports::comment,
    reports::received_at,
);

fn report((id, from_host, objects, comment, at): Row) -> Result<Report, db::Error> {
    Ok(Report {
        id: ReportId::new(id),
        from_host,
        objects: serde_json::from_str(&objects)
            .map_err(|_| db::Error::Corrupt("reports.objects"))?,
        comment,
        received_at: Timestamp::from_micros(at),
    })
}

/// The newest reports about an agency.
pub fn list(conn: &mut Conn, agency: AgencyId, limit: i64) -> Result<Vec<Report>, db::Error> {
    let rows: Vec<Row> = reports::table
        .filter(reports::agency_id.eq(agency.get()))
        .order(reports::id.desc())
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(report).collect()
}

/// The reports of `ids`.
pub fn by_ids(conn: &mut Conn, ids: &[ReportId]) -> Result<Vec<Report>, db::Error> {
    let rows: Vec<Row> = reports::table
        .filter(reports::id.eq_any(ids.iter().map(|id| id.get())))
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(report).collect()
}

/// The activity that brought a report.
pub fn event_of(conn: &mut Conn, id: ReportId) -> Result<Option<EventId>, db::Error> {
    let event: Option<Option<i64>> = reports::table
        .find(id.get())
        .select(reports::event_id)
        .first(conn)
        .optional()?;
    Ok(event.flatten().map(EventId::new))
}

/// When a report came.
pub fn received_at(conn: &mut Conn, id: ReportId) -> Result<Option<Timestamp>, db::Error> {
    let at: Option<i64> = reports::table
        .find(id.get())
        .select(reports::received_at)
        .first(conn)
        .optional()?;
    Ok(at.map(Timestamp::from_micros))
}

/// Destroys what a report says.
pub fn erase(conn: &mut Conn, id: ReportId) -> Result<(), db::Error> {
    diesel::update(reports::table.find(id.get()))
        .set((
            reports::comment.eq(""),
            reports::objects.eq("[]"),
            // It may name who complained.
            reports::activity_uri.eq(format!("urn:actapub:erased:report:{id}")),
            reports::event_id.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// The reports that name something or somebody, and whom they were sent to. It looks through all reports.
pub fn naming(conn: &mut Conn, uri: &str) -> Result<Vec<(ReportId, AgencyId)>, db::Error> {
    let rows: Vec<(i64, i64, String)> = reports::table
        .filter(reports::objects.ne("[]"))
        .select((reports::id, reports::agency_id, reports::objects))
        .load(conn)?;
    let names = |objects: &str| {
        serde_json::from_str::<Vec<String>>(objects)
            .is_ok_and(|objects| objects.iter().any(|object| object == uri))
    };
    Ok(rows
        .into_iter()
        .filter(|(_, _, objects)| names(objects))
        .map(|(id, agency, _)| (ReportId::new(id), AgencyId::new(agency)))
        .collect())
}

/// The reports that these activities brought, and whom they were sent to.
pub fn brought_by(
    conn: &mut Conn,
    events: &[EventId],
) -> Result<Vec<(ReportId, AgencyId)>, db::Error> {
    let ids: Vec<i64> = events.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, i64)> = reports::table
        .filter(reports::event_id.eq_any(ids))
        .select((reports::id, reports::agency_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agency)| (ReportId::new(id), AgencyId::new(agency)))
        .collect())
}

/// Whom a report was sent to.
pub fn place_of(conn: &mut Conn, id: ReportId) -> Result<Option<AgencyId>, db::Error> {
    Ok(reports::table
        .find(id.get())
        .select(reports::agency_id)
        .first(conn)
        .optional()?
        .map(AgencyId::new))
}

/// Reports behind `after` that came before an instant, the oldest first.
pub fn older(
    conn: &mut Conn,
    after: ReportId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(ReportId, AgencyId)>, db::Error> {
    let rows: Vec<(i64, i64, i64)> = reports::table
        .filter(reports::id.gt(after.get()))
        .order(reports::id)
        .limit(limit)
        .select((reports::id, reports::agency_id, reports::received_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .take_while(|(_, _, at)| *at < before.micros())
        .map(|(id, agency, _)| (ReportId::new(id), AgencyId::new(agency)))
        .collect())
}
