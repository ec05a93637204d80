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

/// The newest reports about an agency.
pub fn list(conn: &mut Conn, agency: AgencyId, limit: i64) -> Result<Vec<Report>, db::Error> {
    let rows: Vec<(i64, String, String, String, i64)> = reports::table
        .filter(reports::agency_id.eq(agency.get()))
        .order(reports::id.desc())
        .limit(limit)
        .select((
            reports::id,
            reports::from_host,
            reports::objects,
            reports::comment,
            reports::received_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, from_host, objects, comment, at)| {
            Ok(Report {
                id: ReportId::new(id),
                from_host,
                objects: serde_json::from_str(&objects)
                    .map_err(|_| db::Error::Corrupt("reports.objects"))?,
                comment,
                received_at: Timestamp::from_micros(at),
            })
        })
        .collect()
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
        .set((reports::comment.eq(""), reports::objects.eq("[]")))
        .execute(conn)?;
    Ok(())
}
