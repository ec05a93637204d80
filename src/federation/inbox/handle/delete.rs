//! Delete: what its author takes back, and accounts that are gone.

use super::{Deed, Outcome, Setting};
use crate::dialogue::replies::Receipt;
use crate::dialogue::{actors, messages, quotes, replies};
use crate::federation::inbox::store;
use crate::federation::wire::incoming as wire;
use crate::platform::db::{self, Conn};

/// How many posts of an account that is gone are taken down at once, so that others get their turn between.
const AT_ONCE: i64 = 200;

pub(super) fn object(conn: &mut Conn, deed: &Deed<'_>, uri: &str) -> Result<Outcome, db::Error> {
    if !deed.speaks_for(uri) {
        return Ok(Outcome::Ignored(
            "on another server than the one who deletes it",
        ));
    }
    let (clock, event) = (deed.setting.clock, Some(deed.event.id));
    let reply = replies::delete(conn, clock, uri, deed.actor.id, event)?;
    let message = messages::delete(conn, clock, uri, deed.actor.id, event)?;
    if reply == Receipt::NotTheirs || message == Receipt::NotTheirs {
        return Ok(Outcome::Ignored("not theirs to delete"));
    }
    if let Some(quote) = quotes::find_by_uri(conn, uri)? {
        // The request to quote may hold what it quoted with.
        store::forget_request(conn, &quote.request_uri)?;
        quotes::forget(conn, uri)?;
    }
    // What was taken in is in the record, which destroys it when that may be; anything else goes now.
    if reply == Receipt::Unchanged && message == Receipt::Unchanged {
        store::forget(conn, &deed.actor.uri, uri)?;
    }
    replies::bar(conn, clock, uri, &deed.actor.host)?;
    Ok(Outcome::Done)
}

pub(super) fn account(conn: &mut Conn, deed: &Deed<'_>) -> Result<Outcome, db::Error> {
    let clock = deed.setting.clock;
    let replies = replies::delete_by(conn, clock, deed.actor.id, AT_ONCE)?;
    let messages = messages::delete_by(conn, clock, deed.actor.id, AT_ONCE)?;
    let texts = store::forget_actor(conn, &deed.actor.uri, AT_ONCE)?;
    let most = replies.max(messages).max(texts);
    if i64::try_from(most).unwrap_or(AT_ONCE) >= AT_ONCE {
        return Ok(Outcome::Again);
    }
    actors::delete(conn, clock, deed.actor.id)?;
    deed.setting.recall.forget_actor(&deed.actor.uri);
    Ok(Outcome::Done)
}

/// The origin of a post says that it is gone, whoever told us to look.
pub(super) fn confirmed_gone(
    conn: &mut Conn,
    setting: Setting<'_>,
    uri: &str,
) -> Result<Outcome, db::Error> {
    let Some(reply) = replies::by_uri(conn, uri)? else {
        return Ok(Outcome::Ignored("gone, and never seen here"));
    };
    if !wire::same_origin(uri, &reply.author.uri) {
        return Ok(Outcome::Ignored("on another server than its author"));
    }
    // No activity of the author's says so: the record destroys all that brought it.
    replies::delete(conn, setting.clock, uri, reply.author.id, None)?;
    Ok(Outcome::Done)
}
