//! Votes in polls: who has chosen, kept to count everybody once, and forgotten soon after the poll is over.
//!
//! Where one may choose one thing only, what somebody chose is not kept at all: it is in the tally.

mod store;

pub(in crate::dialogue) use self::store::forget;
pub use self::store::voters;

use crate::kernel::{ActorId, AnnouncementId, Clock};
use crate::platform::db::{self, Conn};
use crate::publishing::polls::{self, Tended};

/// What came of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vote {
    Counted,
    /// And why.
    Dropped(&'static str),
}

/// Counts a vote for the option of that text, if the poll is open, offers it, and the voter may choose it still.
pub fn vote(
    conn: &mut Conn,
    clock: &dyn Clock,
    announcement: AnnouncementId,
    voter: ActorId,
    option: &str,
) -> Result<Vote, db::Error> {
    // Two votes in one poll come one after the other from here on.
    let Some(held) = polls::find_for_change(conn, announcement)? else {
        return Ok(Vote::Dropped("a vote where there is no poll"));
    };
    let poll = held.poll;
    if !poll.is_open(clock.now()) {
        return Ok(Vote::Dropped("a vote in a poll that is over"));
    }
    let Some(choice) = poll.options.iter().position(|it| it.text == option) else {
        return Ok(Vote::Dropped(
            "a vote for something that the poll does not offer",
        ));
    };
    let newcomer = !store::has_voted(conn, announcement, voter)?;
    if !poll.multiple && !newcomer {
        return Ok(Vote::Dropped(
            "a second vote in a poll where the first counts",
        ));
    }
    let kept = if poll.multiple { choice } else { 0 };
    if !store::insert(conn, announcement, voter, kept)? {
        return Ok(Vote::Dropped("a vote that was counted already"));
    }
    polls::count(conn, clock, announcement, &poll, choice, newcomer)?;
    Ok(Vote::Counted)
}

/// Does what is due of a poll: tells how it stands, closes it, or forgets who voted.
pub fn tend(conn: &mut Conn, clock: &dyn Clock, id: AnnouncementId) -> Result<(), db::Error> {
    match polls::tend(conn, clock, id)? {
        Tended::Forgettable => store::forget_all(conn, id),
        Tended::Told | Tended::NotDue => Ok(()),
    }
}
