//! Polls: what an announcement lets citizens choose from, and how often each choice was made.
//!
//! What is here are the tallies. Who has voted is known to [`dialogue::votes`](crate::dialogue::votes), until the
//! poll is over. The choices stay as they were published: a vote for one wording is none for another.

mod store;

pub use self::store::{due, find_for_change, next_due};
pub(super) use self::store::{erase, insert, of};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{AgencyId, AnnouncementId, Clock, Plain, Timestamp};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

const FEWEST: usize = 2;
const MOST: usize = 10;
/// Characters of an option; longer ones are cut off in many apps.
const LONGEST: usize = 100;
/// As Mastodon has them.
const SHORTEST_TIME: Duration = Duration::from_secs(5 * 60);
const LONGEST_TIME: Duration = Duration::from_secs(31 * 24 * 60 * 60);
/// How long votes are gathered before the network is told how a poll stands.
const GATHERED: Duration = Duration::from_secs(3 * 60);
/// How long after its end the voters' servers can be told; then it is forgotten who voted.
const FORGOTTEN: Duration = Duration::from_secs(10 * 60);

/// What is to be asked; it may be unfinished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub options: Vec<String>,
    /// Whether one may choose several.
    #[serde(default)]
    pub multiple: bool,
    pub ends: Ends,
}

/// Until when votes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// So long after it was published.
    After {
        minutes: u32,
    },
    At(Timestamp),
}

/// A poll that was published, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    pub options: Vec<Choice>,
    /// Whether one may choose several.
    pub multiple: bool,
    /// Votes count that come before.
    pub ends_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// How many people have voted.
    pub voters: u64,
}

/// What can be chosen, and how often it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub text: String,
    pub votes: u64,
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a poll has {FEWEST} to {MOST} options, and this one {0}")]
    Options(usize),
    #[error("an option of a poll has 1 to {LONGEST} characters")]
    Length,
    #[error("two options of the poll read the same: {0}")]
    Twice(String),
    #[error("a poll runs for at least five minutes and at most 31 days")]
    Time,
    #[error(
        "the choices of a poll stay as they were published: withdraw the announcement and ask anew"
    )]
    Changed,
}

impl Question {
    /// The poll that it becomes when it is published.
    pub(super) fn asked(&self, now: Timestamp) -> Result<Poll, Unfit> {
        let options = self.choices()?;
        let ends_at = match self.ends {
            Ends::After { minutes } => now + Duration::from_secs(u64::from(minutes) * 60),
            Ends::At(at) => at,
        };
        if ends_at < now + SHORTEST_TIME || ends_at > now + LONGEST_TIME {
            return Err(Unfit::Time);
        }
        Ok(Poll {
            options,
            multiple: self.multiple,
            ends_at,
            closed_at: None,
            voters: 0,
        })
    }

    fn choices(&self) -> Result<Vec<Choice>, Unfit> {
        if !(FEWEST..=MOST).contains(&self.options.len()) {
            return Err(Unfit::Options(self.options.len()));
        }
        let mut choices: Vec<Choice> = vec![];
        for option in &self.options {
            // As a vote's text is read, with which it is compared.
            let text = Plain::clean(option, LONGEST + 1).into_string();
            if text.is_empty() || text.chars().count() > LONGEST {
                return Err(Unfit::Length);
            }
            if choices.iter().any(|choice| choice.text == text) {
                return Err(Unfit::Twice(text));
            }
            choices.push(Choice { text, votes: 0 });
        }
        Ok(choices)
    }

    /// Everything in it that is read.
    pub fn text(&self) -> String {
        self.options.join("\n")
    }
}

impl Poll {
    /// What shares are of: the choices made, or the people where each may choose several.
    pub fn all(&self) -> u64 {
        if self.multiple {
            self.voters
        } else {
            self.options.iter().map(|choice| choice.votes).sum()
        }
    }

    /// Whether votes count still.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.closed_at.is_none() && now < self.ends_at
    }

    /// Refuses an edit that would make something else of the votes.
    pub(super) fn expect_unchanged(now: Option<&Self>, asked: &Question) -> Result<(), Unfit> {
        let same = now.is_some_and(|poll| {
            asked.multiple == poll.multiple && asked.choices().is_ok_and(|it| poll.offers(&it))
        });
        if same { Ok(()) } else { Err(Unfit::Changed) }
    }

    fn offers(&self, choices: &[Choice]) -> bool {
        let texts = |list: &[Choice]| -> Vec<String> {
            list.iter().map(|choice| choice.text.clone()).collect()
        };
        texts(&self.options) == texts(choices)
    }
}

/// What was to be done with a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tended {
    /// The network is told how it stands, or how it ended.
    Told,
    /// It ended a while ago: who voted can be forgotten.
    Forgettable,
    /// Somebody else was quicker.
    NotDue,
}

/// Counts a vote for an option of a poll that was found for change; `newcomer` if the voter has chosen nothing in it before.
pub fn count(
    conn: &mut Conn,
    clock: &dyn Clock,
    id: AnnouncementId,
    poll: &Poll,
    choice: usize,
    newcomer: bool,
) -> Result<(), db::Error> {
    let mut poll = poll.clone();
    if let Some(choice) = poll.options.get_mut(choice) {
        choice.votes += 1;
    }
    poll.voters += u64::from(newcomer);
    store::count(conn, id, &poll, poll.ends_at.min(clock.now() + GATHERED))
}

/// Does what is due of a poll: any number of processes may try.
pub fn tend(conn: &mut Conn, clock: &dyn Clock, id: AnnouncementId) -> Result<Tended, db::Error> {
    let now = clock.now();
    let Some(held) =
        find_for_change(conn, id)?.filter(|held| held.due_at.is_some_and(|at| at <= now))
    else {
        return Ok(Tended::NotDue);
    };
    if held.poll.closed_at.is_some() {
        store::set_due(conn, id, None)?;
        return Ok(Tended::Forgettable);
    }
    if now >= held.poll.ends_at {
        close(conn, clock, held.agency, id)?;
    } else {
        store::set_due(conn, id, Some(held.poll.ends_at))?;
        journal::append(
            conn,
            clock,
            held.agency,
            &Fact::PollTallied { announcement: id },
        )?;
    }
    Ok(Tended::Told)
}

/// No vote counts any more.
pub(super) fn close(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    id: AnnouncementId,
) -> Result<(), db::Error> {
    let now = clock.now();
    if store::close(conn, id, now, now + FORGOTTEN)? {
        journal::append(conn, clock, agency, &Fact::PollClosed { announcement: id })?;
    }
    Ok(())
}
