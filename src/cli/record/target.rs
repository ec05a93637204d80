//! What somebody means by an address: a reply, an announcement, an entry of the record.

use anyhow::{Context as _, bail};

use crate::archive::entries::{self, Place};
use crate::archive::kind::Subject;
use crate::archive::log;
use crate::dialogue::{messages, replies};
use crate::kernel::{AgencyId, Site};
use crate::platform::db::Conn;
use crate::publishing;

/// The subject that `url` names, and the agency in whose record it stands.
pub(super) fn find(conn: &mut Conn, site: &Site, url: &str) -> anyhow::Result<(Subject, AgencyId)> {
    if let Some((name, index)) = entry_of(site, url) {
        let log =
            log::by_name(conn, name)?.with_context(|| format!("{url}: there is no such record"))?;
        let entry = entries::at(conn, Place::new(log.id, index))?
            .with_context(|| format!("{url}: there is no such entry"))?;
        return Ok((entry.subject, log.agency));
    }
    if let Some(id) = site
        .announcement_of(url)
        .or_else(|| site.announcement_of_page(url))
    {
        let (agency, _) = publishing::place_of(conn, id)?
            .with_context(|| format!("{url}: there is no such announcement here"))?;
        return Ok((Subject::Announcement(id), agency));
    }
    if site.is_ours(url) {
        bail!("{url} is not the address of an announcement or of an entry of the record");
    }
    if let Some((_, id)) = replies::ids_of(conn, &[url.to_owned()])?.first()
        && let Some((agency, _)) = replies::place_of(conn, url)?
    {
        return Ok((Subject::Reply(*id), agency));
    }
    if let Some((id, agency)) = messages::id_of(conn, url)? {
        return Ok((Subject::Message(id), agency));
    }
    let reply = replies::by_page(conn, url)?
        .with_context(|| format!("{url} is nothing that arrived here, or it was erased"))?;
    Ok((Subject::Reply(reply.id), reply.agency))
}

/// `https://host/record/{name}/{index}`
fn entry_of<'a>(site: &Site, url: &'a str) -> Option<(&'a str, u64)> {
    let rest = url.strip_prefix(site.base())?.strip_prefix("/record/")?;
    let (name, index) = rest.trim_end_matches('/').split_once('/')?;
    Some((name, index.parse().ok()?))
}
