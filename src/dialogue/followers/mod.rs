//! Who listens: followers, and those who asked not to be addressed.

mod store;

pub use self::store::{
    agency_of_follow, blocked, count, counts, follow_uri, inboxes, is_following, list, of_actor,
};

use crate::kernel::{ActorId, AgencyId, Clock};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// Takes in a follower, who sent the Follow activity named `follow_uri`. Somebody who asks again is accepted again, since their server has forgotten the answer.
pub fn follow(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    actor: ActorId,
    follow_uri: &str,
) -> Result<(), db::Error> {
    store::put(conn, clock, agency, actor, follow_uri)?;
    store::unblock(conn, agency, actor)?;
    journal::append(conn, clock, agency, &Fact::FollowAccepted { actor })
}

/// Lets a follower go; somebody who follows no more changes nothing.
pub fn unfollow(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    actor: ActorId,
) -> Result<bool, db::Error> {
    let gone = store::remove(conn, agency, actor)?;
    if gone {
        journal::append(conn, clock, agency, &Fact::FollowerLeft { actor })?;
    }
    Ok(gone)
}

/// Somebody does not want to hear from the agency: it neither delivers to them nor addresses them any more.
pub fn block(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    actor: ActorId,
) -> Result<(), db::Error> {
    unfollow(conn, clock, agency, actor)?;
    store::block(conn, clock, agency, actor)
}

/// Takes a block back.
pub fn unblock(conn: &mut Conn, agency: AgencyId, actor: ActorId) -> Result<(), db::Error> {
    store::unblock(conn, agency, actor)
}

/// Puts `to` in the place of `from` with every agency that `from` followed, as a verified Move asks.
pub fn moved(
    conn: &mut Conn,
    clock: &dyn Clock,
    from: ActorId,
) -> Result<Vec<AgencyId>, db::Error> {
    let agencies = store::of_actor(conn, from)?;
    for agency in &agencies {
        unfollow(conn, clock, *agency, from)?;
    }
    Ok(agencies)
}
