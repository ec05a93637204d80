//! Votes in polls: a `Create` of one or several `Note`s that have a name and no text, which are nobody else's business.

use super::{Deed, Outcome, Setting};
use crate::dialogue::actors::Actor;
use crate::dialogue::votes::{self, Vote};
use crate::federation::inbox::store::{self, Event};
use crate::federation::wire::incoming::{Item, Object};
use crate::platform::db::{self, Conn};

/// Several choices at once, as `GoToSocial` sends them.
pub(super) fn several(
    conn: &mut Conn,
    deed: &Deed<'_>,
    items: &[Item],
) -> Result<Outcome, db::Error> {
    let mut last = Outcome::Ignored("several objects at once that are no votes");
    let mut counted = false;
    for item in items {
        let Item::Embedded(object) = item else {
            continue;
        };
        let theirs = deed.speaks_for(&object.id)
            && object
                .attributed_to
                .as_deref()
                .is_none_or(|author| author == deed.actor.uri);
        if object.is_poll_vote() && theirs {
            last = one(conn, deed.setting, deed.event, deed.actor, object)?;
            counted |= last == Outcome::Done;
        }
    }
    Ok(if counted { Outcome::Done } else { last })
}

/// A vote by its author, whose server brought it.
pub(super) fn one(
    conn: &mut Conn,
    setting: Setting<'_>,
    event: &Event,
    author: &Actor,
    object: &Object,
) -> Result<Outcome, db::Error> {
    let poll = object
        .in_reply_to
        .as_deref()
        .and_then(|uri| setting.site.announcement_of(uri));
    let (Some(poll), Some(option)) = (poll, &object.name) else {
        return Ok(Outcome::Ignored("a vote in a poll that is not ours"));
    };
    let vote = votes::vote(conn, setting.clock, poll, author.id, option.as_str())?;
    // What they chose stands nowhere but in the tally.
    store::destroy_evidence(conn, &[event.id])?;
    Ok(match vote {
        Vote::Counted => Outcome::Done,
        Vote::Dropped(why) => Outcome::Ignored(why),
    })
}
