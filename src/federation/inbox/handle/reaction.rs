//! Like, `EmojiReact` and Announce: counted, one of a kind from each actor.

use super::{Deed, Outcome};
use crate::dialogue::reactions::{self, Reaction};
use crate::dialogue::replies;
use crate::kernel::AnnouncementId;
use crate::platform::db::{self, Conn};
use crate::publishing;

pub(super) fn like(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<Outcome, db::Error> {
    react(conn, deed, object, Reaction::Like)
}

pub(super) fn boost(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<Outcome, db::Error> {
    react(conn, deed, object, Reaction::Boost)
}

fn react(
    conn: &mut Conn,
    deed: &Deed<'_>,
    object: &str,
    reaction: Reaction,
) -> Result<Outcome, db::Error> {
    let Some(announcement) = announcement(conn, deed, object)? else {
        return Ok(Outcome::Ignored("about nothing that is here"));
    };
    if replies::is_barred(conn, &deed.event.uri)? {
        return Ok(Outcome::Ignored("taken back before it came"));
    }
    let (clock, uri) = (deed.setting.clock, &deed.event.uri);
    reactions::react(conn, clock, announcement, deed.actor.id, reaction, uri)?;
    Ok(Outcome::Done)
}

/// The announcement that an id, or the address of its page, names.
pub(super) fn announcement(
    conn: &mut Conn,
    deed: &Deed<'_>,
    uri: &str,
) -> Result<Option<AnnouncementId>, db::Error> {
    let site = deed.setting.site;
    let Some(id) = site
        .announcement_of(uri)
        .or_else(|| site.announcement_of_page(uri))
    else {
        return Ok(None);
    };
    Ok(publishing::place_of(conn, id)?.map(|_| id))
}
