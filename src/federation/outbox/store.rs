//! Activities that we send, in the database.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::compose::{Audience, Letter};
use super::fan_out::Stage;
use crate::federation::delivery;
use crate::kernel::{ActivityId, AgencyId, AnnouncementId, Site, Timestamp};
use crate::platform::db::schema::{activities, deliveries};
use crate::platform::db::{self, Conn, on_either};
use crate::platform::journal::Entry;
use crate::publishing;

/// The `kind` of the activity that announces new keys: it is signed with the old ones.
pub(super) const KEYS_ROTATED: &str = "Update of keys";

/// The `kind` of an activity that brings a private message.
pub(super) const PRIVATE: &str = "Create in private";

/// The `kind` of those that bring an answer to a private message, and take it back.
pub(super) const ANSWER: &str = "Create of a private answer";
pub(super) const ANSWER_WITHDRAWN: &str = "Delete of a private answer";

/// What is for one person alone, and names them.
const FOR_ONE: [&str; 5] = ["Accept", "Reject", PRIVATE, ANSWER, ANSWER_WITHDRAWN];

const NOBODY: i16 = 0;
const FOLLOWERS: i16 = 1;
const EVERYBODY: i16 = 2;

/// Keeps an activity with the deliveries to its addressees; the followers' come behind.
pub(super) fn insert(
    conn: &mut Conn,
    site: &Site,
    now: Timestamp,
    entry: &Entry,
    letter: &Letter,
) -> Result<(), db::Error> {
    let fan_out = match letter.audience {
        Audience::Nobody => NOBODY,
        Audience::Followers => FOLLOWERS,
        Audience::Everybody => EVERYBODY,
    };
    // Of two changes in one instant the second says the same under the same URI.
    let inserted = on_either!(conn => diesel::insert_into(activities::table)
        .values((
            activities::id.eq(letter.id.get()),
            activities::uri.eq(&letter.uri),
            activities::agency_id.eq(entry.agency.get()),
            activities::kind.eq(letter.kind),
            activities::body.eq(&letter.body),
            activities::fact_seq.eq(entry.seq),
            activities::announcement_id.eq(letter.announcement.map(AnnouncementId::get)),
            activities::fan_out.eq(fan_out),
            activities::fanned_to.eq(Stage::START.to_string()),
            activities::created_at.eq(now.micros()),
        ))
        .on_conflict(activities::uri)
        .do_nothing()
        .execute(conn))?;
    if inserted == 0 {
        let id: i64 = activities::table
            .filter(activities::uri.eq(&letter.uri))
            .select(activities::id)
            .first(conn)?;
        // Another process gave the same number to something else: that takes another number, and is no repetition.
        return if id == letter.id.get() {
            Err(db::Error::Taken)
        } else {
            Ok(())
        };
    }
    let addressees: Vec<_> = letter
        .addressees
        .iter()
        .filter(|(_, inbox)| !site.is_ours(inbox))
        .cloned()
        .collect();
    let due = due(conn, now, letter.announcement)?;
    delivery::insert(conn, due, letter.id, &addressees)
}

/// When an activity is to be delivered: now, but nothing about a post before it is published. So the posts of a thread,
/// which are published one after the other, come in their order.
pub(super) fn due(
    conn: &mut Conn,
    now: Timestamp,
    about: Option<AnnouncementId>,
) -> Result<Timestamp, db::Error> {
    let published = match about {
        Some(id) => publishing::published_at(conn, id)?,
        None => None,
    };
    Ok(published.map_or(now, |at| at.max(now)))
}

/// An activity whose deliveries are not all written yet.
#[derive(Debug, Clone)]
pub(super) struct FanOut {
    pub(super) activity: ActivityId,
    pub(super) agency: AgencyId,
    pub(super) announcement: Option<AnnouncementId>,
    pub(super) everybody: bool,
    pub(super) stage: Stage,
}

type FanOutRow = (i64, i64, Option<i64>, i16, String);

const FAN_OUT: (
    activities::id,
    activities::agency_id,
    activities::announcement_id,
    activities::fan_out,
    activities::fanned_to,
) = (
    activities::id,
    activities::agency_id,
    activities::announcement_id,
    activities::fan_out,
    activities::fanned_to,
);

fn fan_out((id, agency, announcement, whose, stage): FanOutRow) -> Result<FanOut, db::Error> {
    Ok(FanOut {
        activity: ActivityId::new(id),
        agency: AgencyId::new(agency),
        announcement: announcement.map(AnnouncementId::new),
        everybody: whose == EVERYBODY,
        stage: Stage::parse(&stage)?,
    })
}

/// Written out, since a bound value would not let the planner use the partial index.
fn unfinished() -> SqlLiteral<Bool> {
    sql("activities.fan_out > 0")
}

/// The oldest activity that is not with everybody yet.
pub(super) fn next_to_fan_out(conn: &mut Conn) -> Result<Option<FanOut>, db::Error> {
    let row = activities::table
        .filter(unfinished())
        // Not of their numbers, which say nothing within one moment.
        .order(activities::fact_seq)
        .select(FAN_OUT)
        .first::<FanOutRow>(conn)
        .optional()?;
    row.map(fan_out).transpose()
}

/// How far one activity has come; on PostgreSQL nobody else may go on with it until the transaction ends.
pub(super) fn fan_out_of(conn: &mut Conn, id: ActivityId) -> Result<Option<FanOut>, db::Error> {
    let query = activities::table
        .filter(activities::id.eq(id.get()))
        .filter(unfinished())
        .select(FAN_OUT);
    let row = match conn {
        Conn::Postgres(conn) => query.for_update().first::<FanOutRow>(conn).optional()?,
        Conn::Sqlite(conn) => query.first::<FanOutRow>(conn).optional()?,
    };
    row.map(fan_out).transpose()
}

/// Notes where to go on, or that all deliveries are written.
pub(super) fn fanned(
    conn: &mut Conn,
    id: ActivityId,
    next: Option<Stage>,
) -> Result<(), db::Error> {
    let row = activities::table.find(id.get());
    match next {
        Some(stage) => diesel::update(row)
            .set(activities::fanned_to.eq(stage.to_string()))
            .execute(conn)?,
        None => diesel::update(row)
            .set(activities::fan_out.eq(NOBODY))
            .execute(conn)?,
    };
    Ok(())
}

/// An activity as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    pub agency: AgencyId,
    pub kind: String,
    pub body: Vec<u8>,
    /// The announcement that it is about.
    pub announcement: Option<AnnouncementId>,
}

impl Sent {
    /// Whether anybody may read it.
    pub fn is_public(&self) -> bool {
        !FOR_ONE.contains(&self.kind.as_str())
    }
}

/// Whether an activity of this kind announces new keys, and so must be signed with the old.
pub fn announces_keys(kind: &str) -> bool {
    kind == KEYS_ROTATED
}

/// An activity by its number; none if what it said was destroyed.
pub fn sent(conn: &mut Conn, id: ActivityId) -> Result<Option<Sent>, db::Error> {
    let row: Option<(i64, String, Vec<u8>, Option<i64>)> = activities::table
        .find(id.get())
        .select((
            activities::agency_id,
            activities::kind,
            activities::body,
            activities::announcement_id,
        ))
        .first(conn)
        .optional()?;
    let kept = row.filter(|(_, _, body, _)| !body.is_empty());
    Ok(kept.map(|(agency, kind, body, announcement)| Sent {
        agency: AgencyId::new(agency),
        kind,
        body,
        announcement: announcement.map(AnnouncementId::new),
    }))
}

/// The bytes of the activity of that id, as sent.
pub fn body_of(conn: &mut Conn, uri: &str) -> Result<Option<Vec<u8>>, db::Error> {
    Ok(activities::table
        .filter(activities::uri.eq(uri))
        .filter(activities::body.ne(Vec::<u8>::new()))
        .select(activities::body)
        .first(conn)
        .optional()?)
}

/// The bytes of the activity that a fact became, as sent; `None` if nothing was.
pub fn body_for(conn: &mut Conn, fact_seq: i64) -> Result<Option<Vec<u8>>, db::Error> {
    Ok(activities::table
        .filter(activities::fact_seq.eq(fact_seq))
        .filter(activities::body.ne(Vec::<u8>::new()))
        .select(activities::body)
        .first(conn)
        .optional()?)
}

/// Delivers nothing more of the activities that these facts became; their bytes stay.
pub fn hold_back(conn: &mut Conn, facts: &[i64]) -> Result<(), db::Error> {
    let ids: Vec<i64> = activities::table
        .filter(activities::fact_seq.eq_any(facts))
        .select(activities::id)
        .load(conn)?;
    diesel::update(activities::table.filter(activities::id.eq_any(&ids)))
        .set(activities::fan_out.eq(NOBODY))
        .execute(conn)?;
    delivery::withdraw(conn, &ids)
}

/// Destroys the bytes of the activities that these facts became; what was still to be delivered of them is not.
pub fn destroy_bodies(conn: &mut Conn, facts: &[i64]) -> Result<(), db::Error> {
    let ids: Vec<i64> = activities::table
        .filter(activities::fact_seq.eq_any(facts))
        .select(activities::id)
        .load(conn)?;
    destroy(conn, &ids)
}

/// The same of activities by their numbers.
pub fn destroy(conn: &mut Conn, ids: &[i64]) -> Result<(), db::Error> {
    for ids in ids.chunks(AT_ONCE) {
        diesel::update(activities::table.filter(activities::id.eq_any(ids)))
            .set((
                activities::body.eq(Vec::<u8>::new()),
                activities::fan_out.eq(NOBODY),
            ))
            .execute(conn)?;
        delivery::withdraw(conn, ids)?;
    }
    Ok(())
}

/// The activities of a kind of an agency's that are not delivered to an inbox yet.
pub(super) fn undelivered(
    conn: &mut Conn,
    kind: &str,
    agency: AgencyId,
    host: &str,
    inbox: &str,
) -> Result<Vec<i64>, db::Error> {
    Ok(activities::table
        .inner_join(deliveries::table)
        .filter(deliveries::host.eq(host))
        .filter(sql::<Bool>("deliveries.state <> 1"))
        .filter(deliveries::inbox.eq(inbox))
        .filter(activities::agency_id.eq(agency.get()))
        .filter(activities::kind.eq(kind))
        .select(activities::id)
        .load(conn)?)
}

/// Values that one statement is given.
const AT_ONCE: usize = 500;

diesel::define_sql_function! {
    /// In SQLite.
    fn instr(within: diesel::sql_types::Binary, sought: diesel::sql_types::Binary) -> diesel::sql_types::Integer;
}

/// The answers that name somebody, private messages among them: what they asked for or said stands in them. It looks
/// through all answers.
pub fn answers_to(conn: &mut Conn, actor_uri: &str) -> Result<Vec<i64>, db::Error> {
    let answers = activities::table
        .filter(activities::kind.eq_any(FOR_ONE))
        .select(activities::id);
    let sought = format!("\"{actor_uri}\"").into_bytes();
    Ok(match conn {
        Conn::Sqlite(conn) => answers
            .filter(instr(activities::body, sought).gt(0))
            .load(conn)?,
        Conn::Postgres(conn) => answers
            .filter(
                sql::<Bool>("position(")
                    .bind::<diesel::sql_types::Binary, _>(sought)
                    .sql(" in activities.body) > 0"),
            )
            .load(conn)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies;
    use crate::kernel::{ManualClock, SafeHtml};
    use crate::platform::db::{Location, migrate};
    use crate::platform::journal::Fact;

    /// What came of each, in one database.
    fn inserted(letters: &[(i64, &str)]) -> Vec<Result<(), db::Error>> {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("a.db").to_string_lossy().into_owned());
        migrate(&location).unwrap();
        let mut conn = location.connect().unwrap();
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let new = agencies::New {
            handle: "water".parse().unwrap(),
            name: "Water".to_owned(),
            summary: String::new(),
            summary_html: SafeHtml::trusted(String::new()),
            links: vec![],
            language: "en".to_owned(),
            avatar: None,
            header: None,
        };
        let agency = agencies::create(&mut conn, &ManualClock::at(now), new).unwrap();
        let site = Site::new(&"https://city.test".parse().unwrap(), None);
        let insert = |(id, uri): &(i64, &str)| {
            let entry = Entry {
                seq: 1,
                agency: agency.id,
                fact: Fact::AgencyChanged,
                at: now,
            };
            let letter = Letter {
                id: ActivityId::new(*id),
                uri: (*uri).to_owned(),
                kind: "Accept",
                body: vec![],
                announcement: None,
                audience: Audience::Nobody,
                addressees: vec![],
            };
            super::insert(&mut conn, &site, now, &entry, &letter)
        };
        letters.iter().map(insert).collect()
    }

    #[test]
    fn a_number_given_out_twice_is_no_repetition_and_nothing_is_dropped() {
        let uri = "https://city.test/activities/7";
        let came = inserted(&[(7, uri), (7, uri)]);
        assert!(
            matches!(came.as_slice(), [Ok(()), Err(db::Error::Taken)]),
            "{came:?}"
        );
    }

    #[test]
    fn the_same_change_of_one_instant_is_sent_once() {
        let uri = "https://city.test/agencies/1#update-5";
        let came = inserted(&[(7, uri), (8, uri)]);
        assert!(matches!(came.as_slice(), [Ok(()), Ok(())]), "{came:?}");
    }
}
