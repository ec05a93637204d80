//! Who gets an activity: followers first, then, for edits and withdrawals, everybody who took part.

use super::store::{self, FanOut};
use crate::dialogue::reactions::{self, Reaction};
use crate::dialogue::{followers, replies, votes};
use crate::federation::delivery;
use crate::kernel::{ActorId, AnnouncementId, ReplyId, Site, Timestamp};
use crate::platform::db::{self, Conn};

/// People looked at in one transaction. The first portion is small: the first deliveries should not wait for the rest.
const PORTION: i64 = 1_000;
const FIRST_PORTION: i64 = 200;

/// The groups of people, one after the other, and the last of each who was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Followers(ActorId),
    Repliers(ReplyId),
    Likers(ActorId),
    Boosters(ActorId),
    Voters(ActorId),
}

impl Stage {
    /// Nobody looked at yet.
    pub(super) const START: Self = Self::Followers(ActorId::new(0));

    pub(super) fn parse(text: &str) -> Result<Self, db::Error> {
        let corrupt = || db::Error::Corrupt("activities.fanned_to");
        let (stage, id) = text.split_once(' ').ok_or_else(corrupt)?;
        let id: i64 = id.parse().map_err(|_| corrupt())?;
        match stage {
            "followers" => Ok(Self::Followers(ActorId::new(id))),
            "repliers" => Ok(Self::Repliers(ReplyId::new(id))),
            "likers" => Ok(Self::Likers(ActorId::new(id))),
            "boosters" => Ok(Self::Boosters(ActorId::new(id))),
            "voters" => Ok(Self::Voters(ActorId::new(id))),
            _ => Err(corrupt()),
        }
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Followers(id) => write!(f, "followers {id}"),
            Self::Repliers(id) => write!(f, "repliers {id}"),
            Self::Likers(id) => write!(f, "likers {id}"),
            Self::Boosters(id) => write!(f, "boosters {id}"),
            Self::Voters(id) => write!(f, "voters {id}"),
        }
    }
}

/// Writes the next deliveries of an activity, and how far that has come.
pub(super) fn portion(
    conn: &mut Conn,
    site: &Site,
    now: Timestamp,
    job: &FanOut,
) -> Result<(), db::Error> {
    // Another process may have been quicker.
    let Some(job) = store::fan_out_of(conn, job.activity)? else {
        return Ok(());
    };
    let limit = if job.stage == Stage::START {
        FIRST_PORTION
    } else {
        PORTION
    };
    let everybody = job.everybody.then_some(job.announcement).flatten();
    let (people, next) = match (job.stage, everybody) {
        (Stage::Followers(after), about) => {
            let people = followers::inboxes(conn, job.agency, after, limit)?;
            let next = about.map(|_| Stage::Repliers(ReplyId::new(0)));
            resume(people, limit, Stage::Followers, next)
        }
        (Stage::Repliers(after), Some(about)) => {
            let thread = thread_of(conn, about)?;
            let people = replies::repliers(conn, thread, after, limit)?;
            resume(
                people,
                limit,
                Stage::Repliers,
                Some(Stage::Likers(ActorId::new(0))),
            )
        }
        (Stage::Likers(after), Some(about)) => {
            let people = reactions::reactors(conn, about, Reaction::Like, after, limit)?;
            resume(
                people,
                limit,
                Stage::Likers,
                Some(Stage::Boosters(ActorId::new(0))),
            )
        }
        (Stage::Boosters(after), Some(about)) => {
            let people = reactions::reactors(conn, about, Reaction::Boost, after, limit)?;
            resume(
                people,
                limit,
                Stage::Boosters,
                Some(Stage::Voters(ActorId::new(0))),
            )
        }
        (Stage::Voters(after), Some(about)) => {
            let people = votes::voters(conn, about, after, limit)?;
            resume(people, limit, Stage::Voters, None)
        }
        (Stage::Repliers(_) | Stage::Likers(_) | Stage::Boosters(_) | Stage::Voters(_), None) => {
            (vec![], None)
        }
    };
    let inboxes: Vec<_> = people
        .into_iter()
        .filter(|(_, inbox)| !site.is_ours(inbox))
        .collect();
    let due = store::due(conn, now, job.announcement)?;
    delivery::insert(conn, due, job.activity, &inboxes)?;
    store::fanned(conn, job.activity, next)
}

type Person<Id> = (Id, String, String);
type Inboxes = Vec<(String, String)>;

/// The inboxes of a portion, and where to go on: within the group if the portion was full.
fn resume<Id: Copy>(
    people: Vec<Person<Id>>,
    limit: i64,
    within: fn(Id) -> Stage,
    behind: Option<Stage>,
) -> (Inboxes, Option<Stage>) {
    let full = i64::try_from(people.len()).unwrap_or(limit) >= limit;
    let next = match people.last() {
        Some((last, _, _)) if full => Some(within(*last)),
        _ => behind,
    };
    (
        people
            .into_iter()
            .map(|(_, host, inbox)| (host, inbox))
            .collect(),
        next,
    )
}

fn thread_of(conn: &mut Conn, announcement: AnnouncementId) -> Result<AnnouncementId, db::Error> {
    Ok(crate::publishing::place_of(conn, announcement)?.map_or(announcement, |(_, thread)| thread))
}
