//! Approvals, emergencies, languages and corrections of what was published. The rows never leave this file.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Correction, Emergency, InLanguage, Provenance};
use crate::kernel::{AgencyId, AnnouncementId, EmergencyId, Timestamp};
use crate::platform::db::schema::{
    announcements, approved_revisions, corrections as correction_rows, emergencies,
    language_versions, revisions,
};
use crate::platform::db::{self, Conn};

type EmergencyRow = (i64, i64, String, Option<i64>, Option<i32>, String, i64);

/// Notes that so many people stood for a wording.
pub(in crate::publishing) fn note_approval(
    conn: &mut Conn,
    announcement: AnnouncementId,
    revision: i32,
    people: u32,
) -> Result<(), db::Error> {
    diesel::insert_into(approved_revisions::table)
        .values((
            approved_revisions::announcement_id.eq(announcement.get()),
            approved_revisions::revision.eq(revision),
            approved_revisions::people.eq(i32::try_from(people).unwrap_or(i32::MAX)),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many people stood for a wording; none if nobody was asked.
pub fn people_for(
    conn: &mut Conn,
    announcement: AnnouncementId,
    revision: i32,
) -> Result<Option<u32>, db::Error> {
    let people: Option<i32> = approved_revisions::table
        .find((announcement.get(), revision))
        .select(approved_revisions::people)
        .first(conn)
        .optional()?;
    Ok(people.and_then(|people| u32::try_from(people).ok()))
}

pub(in crate::publishing) fn declare(
    conn: &mut Conn,
    emergency: &Emergency,
) -> Result<(), db::Error> {
    diesel::insert_into(emergencies::table)
        .values((
            emergencies::id.eq(emergency.id.get()),
            emergencies::agency_id.eq(emergency.agency.get()),
            emergencies::act.eq(emergency.act.name()),
            emergencies::announcement_id.eq(emergency.announcement.map(AnnouncementId::get)),
            emergencies::revision.eq(emergency.revision),
            emergencies::reason.eq(&emergency.reason),
            emergencies::at.eq(emergency.at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn emergency(conn: &mut Conn, id: EmergencyId) -> Result<Option<Emergency>, db::Error> {
    let row: Option<EmergencyRow> = emergencies::table.find(id.get()).first(conn).optional()?;
    row.map(|(id, agency, act, announcement, revision, reason, at)| {
        Ok(Emergency {
            id: EmergencyId::new(id),
            agency: AgencyId::new(agency),
            act: act
                .parse()
                .map_err(|_| db::Error::Corrupt("emergencies.act"))?,
            announcement: announcement.map(AnnouncementId::new),
            revision,
            reason,
            at: Timestamp::from_micros(at),
        })
    })
    .transpose()
}

/// Who stood for the newest wordings of announcements; those of whom nothing is to be said are left out.
pub fn of_newest(
    conn: &mut Conn,
    ids: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, Provenance>, db::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let mut found = HashMap::new();
    let approved: Vec<(i64, i32)> = approved_revisions::table
        .inner_join(announcements::table)
        .filter(announcements::id.eq_any(&ids))
        .filter(approved_revisions::revision.eq(announcements::revision))
        .select((
            approved_revisions::announcement_id,
            approved_revisions::people,
        ))
        .load(conn)?;
    for (id, people) in approved {
        let people = u32::try_from(people).unwrap_or(0);
        found.insert(AnnouncementId::new(id), Provenance::Approved { people });
    }
    let alone: Vec<(Option<i64>, String)> = emergencies::table
        .inner_join(
            announcements::table.on(emergencies::announcement_id.eq(announcements::id.nullable())),
        )
        .filter(announcements::id.eq_any(&ids))
        .filter(emergencies::revision.eq(announcements::revision.nullable()))
        .filter(emergencies::reason.ne(""))
        .order(emergencies::id)
        .select((emergencies::announcement_id, emergencies::reason))
        .load(conn)?;
    for (id, reason) in alone {
        if let Some(id) = id {
            found.insert(AnnouncementId::new(id), Provenance::Emergency { reason });
        }
    }
    Ok(found)
}

/// Makes announcements the languages of one: the first is the origin.
pub(in crate::publishing) fn link_languages(
    conn: &mut Conn,
    versions: &[AnnouncementId],
) -> Result<(), db::Error> {
    let Some(origin) = versions.first() else {
        return Ok(());
    };
    for (version, position) in versions.iter().zip(1..) {
        diesel::insert_into(language_versions::table)
            .values((
                language_versions::announcement_id.eq(version.get()),
                language_versions::origin.eq(origin.get()),
                language_versions::position.eq(position),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The standing languages of announcements that are there in several, themselves included, in the order in which they
/// were written.
pub fn linked_languages(
    conn: &mut Conn,
    ids: &[AnnouncementId],
) -> Result<HashMap<AnnouncementId, Vec<InLanguage>>, db::Error> {
    let asked: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let origins: Vec<(i64, i64)> = language_versions::table
        .filter(language_versions::announcement_id.eq_any(&asked))
        .select((
            language_versions::announcement_id,
            language_versions::origin,
        ))
        .load(conn)?;
    if origins.is_empty() {
        return Ok(HashMap::new());
    }
    let of: Vec<i64> = origins.iter().map(|(_, origin)| *origin).collect();
    let versions: Vec<(i64, i64, String)> = language_versions::table
        .inner_join(announcements::table)
        .inner_join(
            revisions::table.on(revisions::announcement_id
                .eq(announcements::id)
                .and(revisions::number.eq(announcements::revision))),
        )
        .filter(language_versions::origin.eq_any(&of))
        .filter(announcements::withdrawn_at.is_null())
        .order((language_versions::origin, language_versions::position))
        .select((
            language_versions::origin,
            announcements::id,
            revisions::language,
        ))
        .load(conn)?;
    let mut by_origin: HashMap<i64, Vec<InLanguage>> = HashMap::new();
    for (origin, id, language) in versions {
        by_origin.entry(origin).or_default().push(InLanguage {
            announcement: AnnouncementId::new(id),
            language,
        });
    }
    let linked = origins.into_iter().filter_map(|(id, origin)| {
        let versions = by_origin.get(&origin)?.clone();
        (versions.len() > 1).then(|| (AnnouncementId::new(id), versions))
    });
    Ok(linked.collect())
}

pub(in crate::publishing) fn note_correction(
    conn: &mut Conn,
    announcement: AnnouncementId,
    correction: Correction,
) -> Result<(), db::Error> {
    diesel::insert_into(correction_rows::table)
        .values((
            correction_rows::announcement_id.eq(announcement.get()),
            correction_rows::revision.eq(correction.revision),
            correction_rows::notice_id.eq(correction.notice.get()),
        ))
        .execute(conn)?;
    Ok(())
}

/// How often, and by which notices, an announcement was put right; the oldest first.
pub fn corrections(
    conn: &mut Conn,
    announcement: AnnouncementId,
) -> Result<Vec<Correction>, db::Error> {
    let rows: Vec<(i32, i64)> = correction_rows::table
        .filter(correction_rows::announcement_id.eq(announcement.get()))
        .order(correction_rows::revision)
        .select((correction_rows::revision, correction_rows::notice_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(revision, notice)| Correction {
            revision,
            notice: AnnouncementId::new(notice),
        })
        .collect())
}

/// Destroys what is said of an announcement in words.
pub(in crate::publishing) fn erase(conn: &mut Conn, id: AnnouncementId) -> Result<(), db::Error> {
    diesel::update(emergencies::table.filter(emergencies::announcement_id.eq(id.get())))
        .set(emergencies::reason.eq(""))
        .execute(conn)?;
    Ok(())
}
