//! Keeps the words of what is recorded, behind the record and never in its way.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::store::{self, Row};
use super::{CONSUMER, Found, words};
use crate::archive::entries::Place;
use crate::archive::following;
use crate::archive::kind::Subject;
use crate::dialogue::replies;
use crate::federation::inbox;
use crate::kernel::{AnnouncementId, ReplyId};
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};
use crate::publishing;

/// Facts taken in one transaction: few, since nobody else may write on SQLite meanwhile.
const BATCH: i64 = 256;
/// How often it looks whether there is something to do.
const GLANCE: Duration = Duration::from_secs(1);
/// While more activities than this wait to be acted upon, it stands back …
const CROWD: i64 = 64;
/// … for so many glances, and then takes one batch anyhow.
const PATIENCE: u32 = 30;

/// Takes in the words of what was recorded. One per process; of several processes one at a time gets on.
#[derive(Debug, Clone)]
pub struct Indexer {
    db: Db,
}

impl Indexer {
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Works until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        let mut stood_back = 0;
        while !stop.is_cancelled() {
            let crowd = self.db.read(inbox::backlog).await;
            let crowded = crowd.is_ok_and(|crowd| crowd.queued > CROWD);
            if crowded && stood_back < PATIENCE {
                stood_back += 1;
            } else {
                stood_back = 0;
                match self.step().await {
                    Ok(true) if !crowded => continue,
                    Ok(_) => {}
                    Err(error) => tracing::error!(%error, "the search index does not get on"),
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(GLANCE) => {}
            }
        }
    }

    /// Works until nothing is left to do: for commands and tests.
    pub async fn run_until_idle(&self) -> Result<(), db::Error> {
        while self.step().await? {}
        Ok(())
    }

    /// Takes in the next facts. Whether there were any.
    pub async fn step(&self) -> Result<bool, db::Error> {
        let idle = self
            .db
            .read(|conn| following::is_idle(conn, CONSUMER))
            .await?;
        if idle {
            return Ok(false);
        }
        // All within the one transaction: what is erased meanwhile must not come back.
        self.db.write(take).await
    }
}

fn take(conn: &mut Conn) -> Result<bool, db::Error> {
    let Some(portion) = following::next(conn, CONSUMER, BATCH)? else {
        return Ok(false);
    };
    let batch = Batch::of(&portion.facts);
    let mut rows = batch.announcements(conn)?;
    rows.extend(batch.replies(conn)?);
    if batch.gone.is_empty() {
        batch.replace(conn, &rows)?;
    } else {
        conn.thoroughly(|conn| batch.replace(conn, &rows))?;
    }
    portion.close(conn, CONSUMER)?;
    Ok(true)
}

/// What some facts change.
#[derive(Default)]
struct Batch {
    /// Wordings, by the fact that tells of them.
    wordings: BTreeMap<i64, (AnnouncementId, i32)>,
    /// Replies that came or were edited.
    said: BTreeSet<ReplyId>,
    /// Those of them that may be there already.
    edited: BTreeSet<ReplyId>,
    /// Replies that were deleted.
    gone: BTreeSet<ReplyId>,
}

impl Batch {
    fn of(facts: &[journal::Entry]) -> Self {
        let mut batch = Self::default();
        for fact in facts {
            match fact.fact {
                Fact::AnnouncementPublished {
                    announcement,
                    revision,
                }
                | Fact::AnnouncementEdited {
                    announcement,
                    revision,
                } => {
                    batch.wordings.insert(fact.seq, (announcement, revision));
                }
                Fact::ReplyReceived { reply, .. } => {
                    batch.said.insert(reply);
                }
                Fact::ReplyEdited { reply, .. } => {
                    batch.said.insert(reply);
                    batch.edited.insert(reply);
                }
                Fact::ReplyDeleted { reply, .. } => {
                    batch.gone.insert(reply);
                }
                _ => {}
            }
        }
        batch
    }

    fn announcements(&self, conn: &mut Conn) -> Result<Vec<Row>, db::Error> {
        let ids: BTreeSet<i64> = self.wordings.values().map(|(id, _)| id.get()).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let (kind, _) = Subject::Announcement(AnnouncementId::new(0)).columns();
        let mut rows = vec![];
        for (_, place, fact, erased) in store::entries_of(conn, kind, &ids)? {
            let Some((id, number)) = self.wordings.get(&fact).copied().filter(|_| !erased) else {
                continue;
            };
            let Some(announcement) = publishing::find(conn, id)? else {
                continue;
            };
            if let Some(revision) = publishing::revision(conn, id, number)? {
                let found = Found::of_revision(&announcement, &revision);
                rows.extend(row(place, Subject::Announcement(id), number, &found));
            }
        }
        Ok(rows)
    }

    fn replies(&self, conn: &mut Conn) -> Result<Vec<Row>, db::Error> {
        let ids: Vec<ReplyId> = self.said.iter().copied().collect();
        let numbers: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let (kind, _) = Subject::Reply(ReplyId::new(0)).columns();
        // The last entry counts: it is what the reply says now.
        let places: HashMap<i64, Place> = store::entries_of(conn, kind, &numbers)?
            .into_iter()
            .map(|(id, place, _, _)| (id, place))
            .collect();
        let mut rows = vec![];
        for reply in replies::by_ids(conn, &ids)? {
            if let (Some(place), Some(found)) =
                (places.get(&reply.id.get()), Found::of_reply(&reply))
            {
                rows.extend(row(*place, Subject::Reply(reply.id), 0, &found));
            }
        }
        Ok(rows)
    }

    fn replace(&self, conn: &mut Conn, rows: &[Row]) -> Result<(), db::Error> {
        for reply in self.gone.union(&self.edited) {
            store::forget(conn, Subject::Reply(*reply))?;
        }
        store::insert(conn, rows)
    }
}

fn row(place: Place, subject: Subject, revision: i32, found: &Found) -> Option<Row> {
    let words = words(&found.all());
    (!words.is_empty()).then(|| Row {
        place,
        subject,
        revision,
        words: words.join(" "),
    })
}
