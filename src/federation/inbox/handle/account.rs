//! Update and Move of accounts: what somebody's server now says of them.

use super::{Deed, Need, Outcome};
use crate::dialogue::followers;
use crate::platform::db::{self, Conn};

/// An account's new description is read from its server, which also confirms a new handle, rather than from the activity.
pub(super) fn update(deed: &Deed<'_>) -> Outcome {
    match deed.findings.actors.get(&deed.actor.uri) {
        None => Outcome::Needs(Need::FreshActor(deed.actor.uri.clone())),
        Some(Some(_)) => Outcome::Done,
        Some(None) => Outcome::Ignored("the account's new description is not to be had"),
    }
}

/// A follower moves. The old account stops following if the new one says that they are the same; the new one follows
/// for itself, since only its own server can make it.
pub(super) fn moved(
    conn: &mut Conn,
    deed: &Deed<'_>,
    object: &str,
    target: &str,
) -> Result<Outcome, db::Error> {
    if object != deed.actor.uri {
        return Ok(Outcome::Ignored("moves somebody else"));
    }
    match deed.findings.actors.get(target) {
        None => Ok(Outcome::Needs(Need::FreshActor(target.to_owned()))),
        Some(Some(new)) if new.also_known_as.contains(&deed.actor.uri) => {
            followers::moved(conn, deed.setting.clock, deed.actor.id)?;
            Ok(Outcome::Done)
        }
        Some(_) => Ok(Outcome::Ignored(
            "the new account does not know the old one",
        )),
    }
}
