//! Follow and Block: who wants to hear from an agency, and who does not.

use super::{Deed, Outcome};
use crate::dialogue::followers;
use crate::dialogue::replies;
use crate::federation::outbox;
use crate::platform::db::{self, Conn};

pub(super) fn follow(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<Outcome, db::Error> {
    let Some(agency) = deed.agency(conn, object)? else {
        return Ok(Outcome::Ignored("follows nobody who is here"));
    };
    if replies::is_barred(conn, &deed.event.uri)? {
        return Ok(Outcome::Ignored("taken back before it came"));
    }
    followers::follow(
        conn,
        deed.setting.clock,
        agency,
        deed.actor.id,
        &deed.event.uri,
    )?;
    Ok(Outcome::Done)
}

pub(super) fn block(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<Outcome, db::Error> {
    let Some(agency) = deed.agency(conn, object)? else {
        return Ok(Outcome::Ignored("blocks nobody who is here"));
    };
    followers::block(conn, deed.setting.clock, agency, deed.actor.id)?;
    outbox::take_back(conn, agency, deed.actor)?;
    Ok(Outcome::Done)
}
