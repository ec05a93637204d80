//! Flag: a complaint about an agency, an announcement, or a reply shown here.

use super::reaction::announcement;
use super::{Deed, Outcome};
use crate::dialogue::replies;
use crate::kernel::{AgencyId, Plain};
use crate::moderation::{self, NewReport};
use crate::platform::db::{self, Conn};
use crate::publishing;

pub(super) fn flag(
    conn: &mut Conn,
    deed: &Deed<'_>,
    objects: &[String],
    comment: Option<&Plain>,
) -> Result<Outcome, db::Error> {
    let mut agency = None;
    for uri in objects {
        agency = concerned(conn, deed, uri)?;
        if agency.is_some() {
            break;
        }
    }
    let Some(agency) = agency else {
        return Ok(Outcome::Ignored("reports nothing that is here"));
    };
    let report = NewReport {
        agency,
        activity_uri: deed.event.uri.clone(),
        from_host: deed.actor.host.clone(),
        objects: objects.to_vec(),
        comment: comment.cloned().unwrap_or_default(),
        event: Some(deed.event.id),
    };
    moderation::receive_report(conn, deed.setting.clock, &report)?;
    Ok(Outcome::Done)
}

fn concerned(conn: &mut Conn, deed: &Deed<'_>, uri: &str) -> Result<Option<AgencyId>, db::Error> {
    if let Some(agency) = deed.agency(conn, uri)? {
        return Ok(Some(agency));
    }
    if let Some(id) = announcement(conn, deed, uri)? {
        return Ok(publishing::place_of(conn, id)?.map(|(agency, _)| agency));
    }
    Ok(replies::place_of(conn, uri)?.map(|(agency, _)| agency))
}
