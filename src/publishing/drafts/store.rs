//! Drafts in the database. The rows never leave this file.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::draft::{Draft, Due, Part, PartNumber, Standing, State};
use super::version::Written;
use super::{Proposal, Version, VersionNumber};
use crate::kernel::{AgencyId, AnnouncementId, Cursor, DraftId, MessageId, PersonId, Timestamp};
use crate::platform::db::schema::{draft_approvals, draft_parts, draft_versions, drafts};
use crate::platform::db::{self, Conn};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = drafts, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    agency_id: i64,
    state: i16,
    steps: i32,
    version: i32,
    last_number: i32,
    approved: Option<i32>,
    submitted: Option<i32>,
    submitted_by: Option<i64>,
    round: i32,
    exemption: Option<String>,
    remark: Option<String>,
    held: Option<String>,
    due_at: Option<i64>,
    zone: Option<String>,
    started_by: Option<i64>,
    started_at: i64,
    changed_at: i64,
    ended_at: Option<i64>,
    message_id: Option<i64>,
    withheld_at: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = draft_versions)]
struct VersionRow {
    number: i32,
    part: i32,
    proposal: String,
    hash: String,
    written_by: Option<i64>,
    written_at: i64,
    automatic_since: Option<i64>,
    unmerged_from: Option<i32>,
}

/// What a stored proposal says; none if it was erased.
pub(super) fn proposal(json: &str) -> Result<Option<Proposal>, db::Error> {
    if json.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(json)
        .map(Some)
        .map_err(|_| db::Error::Corrupt("draft_versions.proposal"))
}

impl Row {
    fn of(draft: &Draft) -> Result<Self, db::Error> {
        let mut row = Self {
            id: draft.id.get(),
            agency_id: draft.agency.get(),
            state: draft.standing().code(),
            steps: draft.steps,
            version: draft.version.0,
            last_number: draft.last_number,
            approved: draft.approved.map(VersionNumber::get),
            submitted: draft.submitted.map(VersionNumber::get),
            submitted_by: draft.submitted_by.map(PersonId::get),
            round: draft.round,
            exemption: draft.exemption.clone(),
            remark: None,
            held: None,
            due_at: None,
            zone: None,
            started_by: draft.started_by.map(PersonId::get),
            started_at: draft.started_at.micros(),
            changed_at: draft.changed_at.micros(),
            ended_at: None,
            message_id: draft.message.map(MessageId::get),
            withheld_at: draft.withheld_at.map(Timestamp::micros),
        };
        match &draft.state {
            State::SentBack { remark } => row.remark = Some(remark.clone()),
            State::Scheduled(due) => {
                row.due_at = Some(due.at.micros());
                row.zone = Some(due.zone.name().to_owned());
            }
            State::Held(why) => {
                let why =
                    serde_json::to_string(why).map_err(|_| db::Error::Corrupt("drafts.held"))?;
                row.held = Some(why);
            }
            State::Published { at } | State::Discarded { at } => row.ended_at = Some(at.micros()),
            State::Writing | State::InReview | State::Approved => {}
        }
        Ok(row)
    }

    fn state(&self) -> Result<State, db::Error> {
        let standing = Standing::ALL
            .into_iter()
            .find(|standing| standing.code() == self.state)
            .ok_or(db::Error::Corrupt("drafts.state"))?;
        let ended = || {
            self.ended_at
                .map(Timestamp::from_micros)
                .ok_or(db::Error::Corrupt("drafts.ended_at"))
        };
        Ok(match standing {
            Standing::Writing => State::Writing,
            Standing::InReview => State::InReview,
            Standing::SentBack => State::SentBack {
                remark: self
                    .remark
                    .clone()
                    .ok_or(db::Error::Corrupt("drafts.remark"))?,
            },
            Standing::Approved => State::Approved,
            Standing::Scheduled => State::Scheduled(Due {
                at: self
                    .due_at
                    .map(Timestamp::from_micros)
                    .ok_or(db::Error::Corrupt("drafts.due_at"))?,
                zone: self
                    .zone
                    .as_deref()
                    .and_then(|zone| zone.parse().ok())
                    .ok_or(db::Error::Corrupt("drafts.zone"))?,
            }),
            Standing::Held => State::Held(
                self.held
                    .as_deref()
                    .and_then(|held| serde_json::from_str(held).ok())
                    .ok_or(db::Error::Corrupt("drafts.held"))?,
            ),
            Standing::Published => State::Published { at: ended()? },
            Standing::Discarded => State::Discarded { at: ended()? },
        })
    }

    fn with(self, parts: Vec<Part>) -> Result<Draft, db::Error> {
        if parts.is_empty() {
            return Err(db::Error::Corrupt("draft_parts"));
        }
        Ok(Draft {
            id: DraftId::new(self.id),
            agency: AgencyId::new(self.agency_id),
            message: self.message_id.map(MessageId::new),
            state: self.state()?,
            version: VersionNumber(self.version),
            approved: self.approved.map(VersionNumber),
            submitted_by: self.submitted_by.map(PersonId::new),
            exemption: self.exemption,
            started_by: self.started_by.map(PersonId::new),
            started_at: Timestamp::from_micros(self.started_at),
            changed_at: Timestamp::from_micros(self.changed_at),
            parts,
            submitted: self.submitted.map(VersionNumber),
            round: self.round,
            last_number: self.last_number,
            steps: self.steps,
            withheld_at: self.withheld_at.map(Timestamp::from_micros),
        })
    }
}

impl VersionRow {
    fn into_version(self) -> Result<Version, db::Error> {
        Ok(Version {
            number: VersionNumber(self.number),
            part: PartNumber(self.part),
            proposal: proposal(&self.proposal)?,
            hash: self.hash,
            by: self.written_by.map(PersonId::new),
            at: Timestamp::from_micros(self.written_at),
            automatic_since: self.automatic_since.map(Timestamp::from_micros),
            unmerged_from: self.unmerged_from.map(VersionNumber),
        })
    }
}

pub(super) fn insert(conn: &mut Conn, draft: &Draft) -> Result<(), db::Error> {
    diesel::insert_into(drafts::table)
        .values(Row::of(draft)?)
        .execute(conn)?;
    Ok(())
}

/// Saves a draft that nobody else has changed since it was read; `false` if somebody has, and then nothing is saved.
pub(super) fn update(conn: &mut Conn, draft: &Draft) -> Result<bool, db::Error> {
    let mut row = Row::of(draft)?;
    row.steps += 1;
    let as_it_was = drafts::table
        .filter(drafts::id.eq(draft.id.get()))
        .filter(drafts::steps.eq(draft.steps));
    let changed = diesel::update(as_it_was).set(row).execute(conn)?;
    Ok(changed == 1)
}

pub(super) fn insert_part(
    conn: &mut Conn,
    draft: DraftId,
    part: &Part,
    proposal: &Proposal,
) -> Result<(), db::Error> {
    diesel::insert_into(draft_parts::table)
        .values((
            draft_parts::draft_id.eq(draft.get()),
            draft_parts::part.eq(part.number.0),
            draft_parts::kind.eq(proposal.kind().name()),
            draft_parts::version.eq(part.version.0),
            draft_parts::announcement_id.eq(part.announcement.map(AnnouncementId::get)),
            draft_parts::answering.eq(proposal.answering().map(|it| it.uri.as_str())),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn update_part(conn: &mut Conn, draft: DraftId, part: &Part) -> Result<(), db::Error> {
    diesel::update(draft_parts::table.find((draft.get(), part.number.0)))
        .set((
            draft_parts::version.eq(part.version.0),
            draft_parts::announcement_id.eq(part.announcement.map(AnnouncementId::get)),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn remove_part(
    conn: &mut Conn,
    draft: DraftId,
    part: PartNumber,
    now: Timestamp,
) -> Result<(), db::Error> {
    diesel::update(draft_parts::table.find((draft.get(), part.0)))
        .set(draft_parts::removed_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// How many parts a draft has ever had.
pub(super) fn parts_ever(conn: &mut Conn, draft: DraftId) -> Result<i32, db::Error> {
    let last: Option<i32> = draft_parts::table
        .filter(draft_parts::draft_id.eq(draft.get()))
        .select(diesel::dsl::max(draft_parts::part))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

pub(super) fn insert_version(
    conn: &mut Conn,
    draft: DraftId,
    version: &Version,
    written: &Written,
) -> Result<(), db::Error> {
    diesel::insert_into(draft_versions::table)
        .values((
            draft_versions::draft_id.eq(draft.get()),
            draft_versions::number.eq(version.number.0),
            draft_versions::part.eq(version.part.0),
            draft_versions::proposal.eq(&written.json),
            draft_versions::hash.eq(&written.hash),
            draft_versions::written_by.eq(version.by.map(PersonId::get)),
            draft_versions::written_at.eq(version.at.micros()),
            draft_versions::automatic_since.eq(version.automatic_since.map(Timestamp::micros)),
            draft_versions::unmerged_from.eq(version.unmerged_from.map(VersionNumber::get)),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete_version(
    conn: &mut Conn,
    draft: DraftId,
    number: VersionNumber,
) -> Result<(), db::Error> {
    diesel::delete(draft_versions::table.find((draft.get(), number.0))).execute(conn)?;
    Ok(())
}

/// A draft of that number, whosever; within a transaction on PostgreSQL nobody else can change it until that ends.
pub(super) fn find_for_change(conn: &mut Conn, id: DraftId) -> Result<Option<Draft>, db::Error> {
    let own = drafts::table.find(id.get());
    let row = match conn {
        Conn::Postgres(conn) => own
            .select(Row::as_select())
            .for_update()
            .first(conn)
            .optional()?,
        Conn::Sqlite(conn) => own.select(Row::as_select()).first(conn).optional()?,
    };
    Ok(with_parts(conn, row.into_iter().collect())?.pop())
}

pub(super) fn find(conn: &mut Conn, id: DraftId) -> Result<Option<Draft>, db::Error> {
    let row = drafts::table
        .find(id.get())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(with_parts(conn, row.into_iter().collect())?.pop())
}

/// Whose drafts, and whether those about private messages are among them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shelf {
    pub(super) agency: AgencyId,
    pub(super) private: bool,
}

impl Shelf {
    /// Nobody is shown what is withheld.
    fn shows(self) -> SqlLiteral<Bool> {
        sql(if self.private {
            "drafts.withheld_at IS NULL"
        } else {
            "drafts.withheld_at IS NULL AND drafts.message_id IS NULL"
        })
    }
}

/// The drafts of a shelf in any of these states, the last changed first, behind `after`.
pub(super) fn list(
    conn: &mut Conn,
    shelf: Shelf,
    standings: &[Standing],
    after: Cursor,
    limit: i64,
) -> Result<Vec<Draft>, db::Error> {
    let rows = drafts::table
        .filter(drafts::agency_id.eq(shelf.agency.get()))
        .filter(shelf.shows())
        .filter(drafts::state.eq_any(standings.iter().map(|it| it.code())))
        .filter(drafts::changed_at.le(after.at.micros()))
        .filter(
            drafts::changed_at
                .lt(after.at.micros())
                .or(drafts::id.lt(after.id)),
        )
        .order((drafts::changed_at.desc(), drafts::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    with_parts(conn, rows)
}

/// How many drafts of a shelf stand where.
pub(super) fn counts(conn: &mut Conn, shelf: Shelf) -> Result<HashMap<Standing, i64>, db::Error> {
    let rows: Vec<(i16, i64)> = drafts::table
        .filter(drafts::agency_id.eq(shelf.agency.get()))
        .filter(shelf.shows())
        .group_by(drafts::state)
        .select((drafts::state, diesel::dsl::count_star()))
        .load(conn)?;
    let counts = rows.into_iter().filter_map(|(code, count)| {
        let standing = Standing::ALL.into_iter().find(|it| it.code() == code)?;
        Some((standing, count))
    });
    Ok(counts.collect())
}

/// The drafts of a shelf that went out, go out, or were held in a time; the oldest first, at most `limit`.
pub(super) fn calendar(
    conn: &mut Conn,
    shelf: Shelf,
    from: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Draft>, db::Error> {
    let of_agency = drafts::table
        .filter(drafts::agency_id.eq(shelf.agency.get()))
        .filter(shelf.shows());
    let (from, until) = (from.micros(), until.micros());
    let scheduled = drafts::state
        .eq(Standing::Scheduled.code())
        .and(drafts::due_at.ge(from))
        .and(drafts::due_at.lt(until));
    let gone_out = drafts::state
        .eq(Standing::Published.code())
        .and(drafts::changed_at.ge(from))
        .and(drafts::changed_at.lt(until));
    let held = drafts::state
        .eq(Standing::Held.code())
        .and(drafts::changed_at.ge(from));
    let rows = of_agency
        .filter(scheduled.or(gone_out).or(held))
        .order((drafts::changed_at, drafts::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    with_parts(conn, rows)
}

/// The drafts of a shelf that wait for their time, the next first.
pub(super) fn scheduled(
    conn: &mut Conn,
    shelf: Shelf,
    limit: i64,
) -> Result<Vec<Draft>, db::Error> {
    let rows = drafts::table
        .filter(drafts::agency_id.eq(shelf.agency.get()))
        .filter(shelf.shows())
        // A literal, since the index is for this state.
        .filter(sql::<Bool>("drafts.state = 4"))
        .order((drafts::due_at, drafts::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    with_parts(conn, rows)
}

fn with_parts(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Draft>, db::Error> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let found: Vec<(i64, i32, i32, Option<i64>, String)> = draft_parts::table
        .inner_join(
            draft_versions::table.on(draft_versions::draft_id
                .eq(draft_parts::draft_id)
                .and(draft_versions::number.eq(draft_parts::version))),
        )
        .filter(draft_parts::draft_id.eq_any(&ids))
        .filter(draft_parts::removed_at.is_null())
        .order((draft_parts::draft_id, draft_parts::part))
        .select((
            draft_parts::draft_id,
            draft_parts::part,
            draft_parts::version,
            draft_parts::announcement_id,
            draft_versions::proposal,
        ))
        .load(conn)?;
    let mut parts: HashMap<i64, Vec<Part>> = HashMap::new();
    for (id, number, version, announcement, json) in found {
        parts.entry(id).or_default().push(Part {
            number: PartNumber(number),
            version: VersionNumber(version),
            proposal: proposal(&json)?,
            announcement: announcement.map(AnnouncementId::new),
        });
    }
    rows.into_iter()
        .map(|row| {
            let parts = parts.remove(&row.id).unwrap_or_default();
            row.with(parts)
        })
        .collect()
}

/// Everything that was written in a draft, the oldest first, what was not merged included.
pub(super) fn versions(conn: &mut Conn, draft: DraftId) -> Result<Vec<Version>, db::Error> {
    let rows: Vec<VersionRow> = draft_versions::table
        .filter(draft_versions::draft_id.eq(draft.get()))
        .order(draft_versions::number)
        .select(VersionRow::as_select())
        .load(conn)?;
    rows.into_iter().map(VersionRow::into_version).collect()
}

pub(super) fn version(
    conn: &mut Conn,
    draft: DraftId,
    number: VersionNumber,
) -> Result<Option<Version>, db::Error> {
    let row: Option<VersionRow> = draft_versions::table
        .find((draft.get(), number.0))
        .select(VersionRow::as_select())
        .first(conn)
        .optional()?;
    row.map(VersionRow::into_version).transpose()
}

/// Who wrote any version that counts behind `since`, each once; the operator is nobody of the staff.
pub(super) fn writers(
    conn: &mut Conn,
    draft: DraftId,
    since: Option<VersionNumber>,
) -> Result<Vec<PersonId>, db::Error> {
    let people: Vec<Option<i64>> = draft_versions::table
        .filter(draft_versions::draft_id.eq(draft.get()))
        .filter(draft_versions::number.gt(since.map_or(0, VersionNumber::get)))
        .filter(draft_versions::unmerged_from.is_null())
        .filter(draft_versions::written_by.is_not_null())
        .select(draft_versions::written_by)
        .distinct()
        .order(draft_versions::written_by)
        .load(conn)?;
    Ok(people.into_iter().flatten().map(PersonId::new).collect())
}

/// An approval as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    pub by: PersonId,
    pub at: Timestamp,
    /// The version that had been approved before.
    pub(super) since: Option<VersionNumber>,
}

pub(super) fn approve(
    conn: &mut Conn,
    draft: &Draft,
    by: PersonId,
    now: Timestamp,
) -> Result<(), db::Error> {
    diesel::insert_into(draft_approvals::table)
        .values((
            draft_approvals::draft_id.eq(draft.id.get()),
            draft_approvals::round.eq(draft.round),
            draft_approvals::person_id.eq(by.get()),
            draft_approvals::version.eq(draft.version.0),
            draft_approvals::since.eq(draft.approved.map(VersionNumber::get)),
            draft_approvals::at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The approvals of what a draft says now, in this round.
pub(super) fn approvals(conn: &mut Conn, draft: &Draft) -> Result<Vec<Approval>, db::Error> {
    let rows: Vec<(i64, i64, Option<i32>)> = draft_approvals::table
        .filter(draft_approvals::draft_id.eq(draft.id.get()))
        .filter(draft_approvals::round.eq(draft.round))
        .filter(draft_approvals::version.eq(draft.version.0))
        .order((draft_approvals::at, draft_approvals::person_id))
        .select((
            draft_approvals::person_id,
            draft_approvals::at,
            draft_approvals::since,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(by, at, since)| Approval {
            by: PersonId::new(by),
            at: Timestamp::from_micros(at),
            since: since.map(VersionNumber),
        })
        .collect())
}

/// Drops the text of an author that was not merged into what followed `from`: a newer one of theirs takes its place.
pub(super) fn drop_unmerged(
    conn: &mut Conn,
    draft: DraftId,
    part: PartNumber,
    by: Option<PersonId>,
    from: VersionNumber,
) -> Result<(), db::Error> {
    let unmerged = draft_versions::table
        .filter(draft_versions::draft_id.eq(draft.get()))
        .filter(draft_versions::part.eq(part.0))
        .filter(draft_versions::unmerged_from.eq(from.0));
    if let Some(person) = by {
        let own = unmerged.filter(draft_versions::written_by.eq(person.get()));
        diesel::delete(own).execute(conn)?;
    } else {
        let own = unmerged.filter(draft_versions::written_by.is_null());
        diesel::delete(own).execute(conn)?;
    }
    Ok(())
}
