//! Complaints, for now: reports that other servers send about what stands here.

mod store;

pub use self::store::{
    Report, brought_by, by_ids, erase, event_of, list, naming, older, place_of, received_at,
};

use crate::kernel::{AgencyId, Clock, EventId, Plain, ReportId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// What another server reports (`Flag`); it rarely names the person behind it.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub agency: AgencyId,
    pub activity_uri: String,
    pub from_host: String,
    /// Ids of what is complained about.
    pub objects: Vec<String>,
    pub comment: Plain,
    pub event: Option<EventId>,
}

/// Files a report; the same activity a second time changes nothing.
pub fn receive_report(
    conn: &mut Conn,
    clock: &dyn Clock,
    new: &NewReport,
) -> Result<Option<ReportId>, db::Error> {
    let Some(report) = store::insert(conn, clock, new)? else {
        return Ok(None);
    };
    journal::append(conn, clock, new.agency, &Fact::ReportReceived { report })?;
    Ok(Some(report))
}
