//! Templates in the database. The rows never leave this file.

use diesel::prelude::*;

use super::{Template, Written};
use crate::kernel::{AgencyId, PersonId, TemplateId, Timestamp};
use crate::platform::db::schema::answer_templates;
use crate::platform::db::{self, Conn, on_either};

type Row = (i64, i64, String, String, String, i64);

const COLUMNS: (
    answer_templates::id,
    answer_templates::agency_id,
    answer_templates::name,
    answer_templates::language,
    answer_templates::text,
    answer_templates::changed_at,
) = (
    answer_templates::id,
    answer_templates::agency_id,
    answer_templates::name,
    answer_templates::language,
    answer_templates::text,
    answer_templates::changed_at,
);

fn template((id, agency, name, language, text, changed_at): Row) -> Template {
    Template {
        id: TemplateId::new(id),
        agency: AgencyId::new(agency),
        name,
        language,
        text,
        changed_at: Timestamp::from_micros(changed_at),
    }
}

pub(super) fn list(
    conn: &mut Conn,
    agency: AgencyId,
    limit: i64,
) -> Result<Vec<Template>, db::Error> {
    let rows: Vec<Row> = answer_templates::table
        .filter(answer_templates::agency_id.eq(agency.get()))
        .order((answer_templates::name, answer_templates::language))
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(template).collect())
}

pub(super) fn find(conn: &mut Conn, id: TemplateId) -> Result<Option<Template>, db::Error> {
    let row: Option<Row> = answer_templates::table
        .find(id.get())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(template))
}

pub(super) fn count(conn: &mut Conn, agency: AgencyId) -> Result<i64, db::Error> {
    Ok(answer_templates::table
        .filter(answer_templates::agency_id.eq(agency.get()))
        .count()
        .get_result(conn)?)
}

pub(super) fn named(
    conn: &mut Conn,
    agency: AgencyId,
    name: &str,
    language: &str,
) -> Result<Option<TemplateId>, db::Error> {
    let id: Option<i64> = answer_templates::table
        .filter(answer_templates::agency_id.eq(agency.get()))
        .filter(answer_templates::name.eq(name))
        .filter(answer_templates::language.eq(language))
        .select(answer_templates::id)
        .first(conn)
        .optional()?;
    Ok(id.map(TemplateId::new))
}

pub(super) fn insert(
    conn: &mut Conn,
    agency: AgencyId,
    by: Option<PersonId>,
    now: Timestamp,
    written: &Written,
) -> Result<TemplateId, db::Error> {
    let id: i64 = on_either!(conn => diesel::insert_into(answer_templates::table)
        .values((
            answer_templates::agency_id.eq(agency.get()),
            answer_templates::name.eq(&written.name),
            answer_templates::language.eq(&written.language),
            answer_templates::text.eq(&written.text),
            answer_templates::changed_by.eq(by.map(PersonId::get)),
            answer_templates::changed_at.eq(now.micros()),
        ))
        .returning(answer_templates::id)
        .get_result(conn))?;
    Ok(TemplateId::new(id))
}

pub(super) fn update(
    conn: &mut Conn,
    id: TemplateId,
    by: Option<PersonId>,
    now: Timestamp,
    written: &Written,
) -> Result<(), db::Error> {
    diesel::update(answer_templates::table.find(id.get()))
        .set((
            answer_templates::name.eq(&written.name),
            answer_templates::language.eq(&written.language),
            answer_templates::text.eq(&written.text),
            answer_templates::changed_by.eq(by.map(PersonId::get)),
            answer_templates::changed_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: TemplateId) -> Result<(), db::Error> {
    diesel::delete(answer_templates::table.find(id.get())).execute(conn)?;
    Ok(())
}
