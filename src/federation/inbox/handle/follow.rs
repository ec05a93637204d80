//! Follow and Block: who wants to hear from an agency, and who does not.

use super::{Deed, Outcome};
use crate::dialogue::followers::{self, FollowRequest};
use crate::dialogue::replies;
use crate::platform::db::{self, Conn};

/// A Follow larger than that is not kept word for word: our Accept then names it by what counts.
const LONGEST_FOLLOW: usize = 8 * 1024;

pub(super) fn follow(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<Outcome, db::Error> {
    let Some(agency) = deed.agency(conn, object)? else {
        return Ok(Outcome::Ignored("follows nobody who is here"));
    };
    if replies::is_barred(conn, &deed.event.uri)? {
        return Ok(Outcome::Ignored("taken back before it came"));
    }
    let json = match std::str::from_utf8(&deed.event.body) {
        Ok(text) if text.len() <= LONGEST_FOLLOW => text.to_owned(),
        _ => serde_json::json!({
            "id": deed.event.uri, "type": "Follow", "actor": deed.actor.uri, "object": object
        })
        .to_string(),
    };
    let request = FollowRequest { uri: deed.event.uri.clone(), json };
    followers::follow(conn, deed.setting.clock, agency, deed.actor.id, &request)?;
    Ok(Outcome::Done)
}

pub(super) fn block(conn: &mut Conn, deed: &Deed<'_>, object: &str) -> Result<Outcome, db::Error> {
    let Some(agency) = deed.agency(conn, object)? else {
        return Ok(Outcome::Ignored("blocks nobody who is here"));
    };
    followers::block(conn, deed.setting.clock, agency, deed.actor.id)?;
    Ok(Outcome::Done)
}
