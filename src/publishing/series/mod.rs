//! An announcement of several posts, which go out together: the first heads a thread, each of the others answers the one
//! before.

mod store;

pub use self::store::{heads_of, published_at};

use std::collections::HashMap;
use std::time::Duration;

use super::{Announcement, Answering, Draft, Error, Rules, by_ids, pin, put};
use crate::kernel::{AnnouncementId, Clock, Site};
use crate::platform::db::{self, Conn};

/// More than anybody reads.
pub const MOST_POSTS: usize = 25;
/// How far apart posts are published, and sent: other servers order what they show by whole seconds, and whoever sends all
/// at once does not know which comes first.
const APART: Duration = Duration::from_secs(1);

/// What was published together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub head: Announcement,
    /// In their order; none if it is one post.
    pub further: Vec<Announcement>,
}

/// Publishes an announcement of one or several posts. What `further` says of whom it answers is left aside.
pub fn announce_series(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    rules: Rules,
    head: Draft,
    further: Vec<Draft>,
) -> Result<Series, Error> {
    if further.is_empty() {
        let head = super::announce(conn, clock, site, rules, head)?;
        let further = vec![];
        return Ok(Series { head, further });
    }
    if further.len() >= MOST_POSTS {
        return Err(Error::TooManyPosts(MOST_POSTS));
    }
    if head.answering.is_some() {
        return Err(Error::AnswerOfSeveral);
    }
    let pinned = head.pin;
    let now = clock.now();
    let first = Announcement::publish(AnnouncementId::mint(now), head, site, rules, now);
    let first = put(conn, clock, first.map_err(|error| error.in_post(1))?)?;
    let (thread, mut before, mut at) = (first.id, first.id, now);
    let mut posts = Vec::with_capacity(further.len());
    for (place, draft) in (1..).zip(further) {
        at = at + APART;
        let draft = Draft {
            answering: Some(Answering {
                uri: site.announcement(before),
                thread: Some(thread),
            }),
            pin: false,
            ..draft
        };
        // Its number grows with its time, so that it stands behind the one before wherever both are listed.
        let id = AnnouncementId::mint(at);
        let post = Announcement::publish(id, draft, site, rules, at)
            .map_err(|error| error.in_post(posts.len() + 2))?;
        posts.push(put(conn, clock, Announcement { place, ..post })?);
        before = id;
    }
    let head = if pinned {
        pin(conn, clock, thread)?
    } else {
        first
    };
    Ok(Series {
        head,
        further: posts,
    })
}

impl Error {
    /// The same, about one of several posts.
    fn in_post(self, number: usize) -> Self {
        match self {
            Self::Db(_) => self,
            error => Self::InPost {
                number,
                error: Box::new(error),
            },
        }
    }
}

/// The further posts of those of `heads` that have any, withdrawn ones included, in their order.
pub fn further(
    conn: &mut Conn,
    heads: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, Vec<Announcement>>, db::Error> {
    let mut found: HashMap<AnnouncementId, Vec<Announcement>> = HashMap::new();
    let ids = store::ids(conn, heads)?;
    if ids.is_empty() {
        return Ok(found);
    }
    for post in by_ids(conn, &ids)? {
        found.entry(post.thread).or_default().push(post);
    }
    for posts in found.values_mut() {
        posts.sort_by_key(|post| post.place);
    }
    Ok(found)
}
