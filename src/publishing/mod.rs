//! What agencies say: announcements and their revisions.
//!
//! The use cases here are all that a surface may call to make an agency speak. Approval, schedules and the record
//! attach to them, not to the surfaces.

mod announcement;
pub mod answers;
pub mod articles;
mod atoms;
mod counts;
pub mod drafts;
pub mod house;
pub mod markdown;
pub mod pictures;
pub mod polls;
pub mod provenance;
mod series;
mod store;

pub use self::announcement::{Announcement, Answering, Draft, Image, Revision, Withdrawal};
pub use self::counts::{active_agencies, count};
pub use self::markdown::{Hashtag, Mention};
pub use self::series::{MOST_POSTS, Series, announce_series, further, heads_of, published_at};
pub use self::store::{
    Extent, Shelf, answered_by, answers, by_agency, by_ids, by_tag, drop_answers, erase, extents,
    find, first_revision_at, pinned, place_of, published_between, redirect, replies_by_agencies,
    revision, tags_of, thread, withhold_pictures,
};

use crate::kernel::{AnnouncementId, Clock, Site};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// Why an announcement could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such announcement here")]
    NotFound,
    #[error("the announcement was withdrawn and cannot be changed any more")]
    Withdrawn,
    #[error("an announcement needs a text")]
    Empty,
    #[error("the text has {length} characters; at most {longest} are accepted here")]
    TooLong { length: usize, longest: usize },
    #[error("a content warning has at most 500 characters")]
    Warning,
    #[error("at most {0} pictures fit one announcement, since servers show no more")]
    TooManyImages(usize),
    #[error(
        "every picture needs a text alternative (`--alt`): what does somebody miss who cannot see it?"
    )]
    MissingAlt,
    #[error("`{0}` is no language tag (BCP 47), such as `en`, `fr-CA` or `ar`")]
    Language(String),
    #[error("a withdrawal needs a reason, which stands in the announcement's place")]
    MissingReason,
    #[error("at most {0} announcements can be pinned; unpin one first")]
    TooManyPins(i64),
    #[error("an announcement has at most {0} posts")]
    TooManyPosts(usize),
    #[error("only an announcement has several posts: an answer is one")]
    AnswerOfSeveral,
    #[error("post {number}: {error}")]
    InPost { number: usize, error: Box<Self> },
    #[error("what was written in private is not answered in public")]
    AnswersPrivate,
    #[error("what is answered in private has no pictures, no poll and no long text")]
    NotInPrivate,
    #[error(transparent)]
    Poll(#[from] polls::Unfit),
    #[error(transparent)]
    Article(#[from] articles::Unfit),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What an operator allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Characters of text, counted as Mastodon does.
    pub longest: usize,
    pub most_images: usize,
    /// Characters of a long text, as it is written.
    pub longest_article: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            longest: 5_000,
            most_images: 4,
            longest_article: 100_000,
        }
    }
}

/// More than that and nothing stands out.
const MOST_PINS: i64 = 5;

/// Publishes an announcement.
pub fn announce(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    rules: Rules,
    draft: Draft,
) -> Result<Announcement, Error> {
    let now = clock.now();
    let pin = draft.pin;
    if let Some(answering) = &draft.answering
        && (site.answer_of(&answering.uri).is_some() || answers::is_private(conn, &answering.uri)?)
    {
        return Err(Error::AnswersPrivate);
    }
    let announcement = Announcement::publish(AnnouncementId::mint(now), draft, site, rules, now)?;
    let announcement = put(conn, clock, announcement)?;
    if pin {
        self::pin(conn, clock, announcement.id)
    } else {
        Ok(announcement)
    }
}

/// Keeps an announcement that is published now, and tells of it.
fn put(
    conn: &mut Conn,
    clock: &dyn Clock,
    announcement: Announcement,
) -> Result<Announcement, Error> {
    store::insert(conn, &announcement)?;
    if let Some(poll) = &announcement.poll {
        polls::insert(conn, announcement.agency, announcement.id, poll)?;
    }
    let fact = Fact::AnnouncementPublished {
        announcement: announcement.id,
        revision: announcement.revision.number,
    };
    journal::append(conn, clock, announcement.agency, &fact)?;
    Ok(announcement)
}

/// Replaces the text of an announcement; every earlier revision is kept.
pub fn edit(
    conn: &mut Conn,
    clock: &dyn Clock,
    site: &Site,
    rules: Rules,
    id: AnnouncementId,
    draft: Draft,
) -> Result<Announcement, Error> {
    let announcement = existing(conn, id)?.edit(draft, site, rules, clock.now())?;
    store::insert_revision(conn, &announcement)?;
    store::update(conn, &announcement)?;
    let fact = Fact::AnnouncementEdited {
        announcement: id,
        revision: announcement.revision.number,
    };
    journal::append(conn, clock, announcement.agency, &fact)?;
    Ok(announcement)
}

/// Takes an announcement back: its page then says so and why. Its revisions are kept.
pub fn withdraw(
    conn: &mut Conn,
    clock: &dyn Clock,
    id: AnnouncementId,
    reason: &str,
) -> Result<Announcement, Error> {
    let announcement = existing(conn, id)?.withdraw(reason, clock.now())?;
    store::update(conn, &announcement)?;
    if announcement.poll.is_some() {
        polls::close(conn, clock, announcement.agency, id)?;
    }
    journal::append(
        conn,
        clock,
        announcement.agency,
        &Fact::AnnouncementWithdrawn { announcement: id },
    )?;
    Ok(announcement)
}

/// Puts an announcement at the top of its agency's page.
pub fn pin(conn: &mut Conn, clock: &dyn Clock, id: AnnouncementId) -> Result<Announcement, Error> {
    let announcement = existing(conn, id)?;
    if announcement.pinned_at.is_some() {
        return Ok(announcement);
    }
    if counts::count_pinned(conn, announcement.agency)? >= MOST_PINS {
        return Err(Error::TooManyPins(MOST_PINS));
    }
    let announcement = announcement.pin(clock.now())?;
    store::update(conn, &announcement)?;
    journal::append(
        conn,
        clock,
        announcement.agency,
        &Fact::AnnouncementPinned { announcement: id },
    )?;
    Ok(announcement)
}

/// Takes an announcement down from the top of the page.
pub fn unpin(
    conn: &mut Conn,
    clock: &dyn Clock,
    id: AnnouncementId,
) -> Result<Announcement, Error> {
    let announcement = existing(conn, id)?;
    if announcement.pinned_at.is_none() {
        return Ok(announcement);
    }
    let announcement = Announcement {
        pinned_at: None,
        ..announcement
    };
    store::update(conn, &announcement)?;
    journal::append(
        conn,
        clock,
        announcement.agency,
        &Fact::AnnouncementUnpinned { announcement: id },
    )?;
    Ok(announcement)
}

fn existing(conn: &mut Conn, id: AnnouncementId) -> Result<Announcement, Error> {
    store::find(conn, id)?.ok_or(Error::NotFound)
}
