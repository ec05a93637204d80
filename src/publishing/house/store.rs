//! House rules in the database. The rows never leave this file.

use diesel::prelude::*;

use super::{HouseRules, InForce};
use crate::kernel::{AgencyId, PersonId, Timestamp};
use crate::platform::db::schema::house_rules;
use crate::platform::db::{self, Conn};

fn parsed(rules: &str) -> Result<HouseRules, db::Error> {
    serde_json::from_str(rules).map_err(|_| db::Error::Corrupt("house_rules.rules"))
}

/// The rules in force; the default ones where none were set.
pub fn rules(conn: &mut Conn, agency: AgencyId) -> Result<HouseRules, db::Error> {
    let rules: Option<String> = house_rules::table
        .filter(house_rules::agency_id.eq(agency.get()))
        .order(house_rules::number.desc())
        .select(house_rules::rules)
        .first(conn)
        .optional()?;
    rules.map_or_else(|| Ok(HouseRules::default()), |rules| parsed(&rules))
}

/// The rules in force, with their number.
pub fn in_force(conn: &mut Conn, agency: AgencyId) -> Result<InForce, db::Error> {
    let found: Option<(i32, String, i64, Option<i64>)> = house_rules::table
        .filter(house_rules::agency_id.eq(agency.get()))
        .order(house_rules::number.desc())
        .select((
            house_rules::number,
            house_rules::rules,
            house_rules::set_at,
            house_rules::set_by,
        ))
        .first(conn)
        .optional()?;
    let Some((number, rules, at, by)) = found else {
        return Ok(InForce::default());
    };
    Ok(InForce {
        number,
        rules: parsed(&rules)?,
        set_at: Some(Timestamp::from_micros(at)),
        set_by: by.map(PersonId::new),
    })
}

/// The rules that were the `number`-th of an agency, counted from 1.
pub fn numbered(
    conn: &mut Conn,
    agency: AgencyId,
    number: i32,
) -> Result<Option<HouseRules>, db::Error> {
    let rules: Option<String> = house_rules::table
        .find((agency.get(), number))
        .select(house_rules::rules)
        .first(conn)
        .optional()?;
    rules.map(|rules| parsed(&rules)).transpose()
}

pub(super) fn append(
    conn: &mut Conn,
    agency: AgencyId,
    by: Option<PersonId>,
    now: Timestamp,
    rules: &HouseRules,
) -> Result<i32, db::Error> {
    let last: Option<i32> = house_rules::table
        .filter(house_rules::agency_id.eq(agency.get()))
        .select(diesel::dsl::max(house_rules::number))
        .first(conn)?;
    let number = last.unwrap_or(0) + 1;
    let json = serde_json::to_string(rules).map_err(|_| db::Error::Corrupt("house_rules.rules"))?;
    diesel::insert_into(house_rules::table)
        .values((
            house_rules::agency_id.eq(agency.get()),
            house_rules::number.eq(number),
            house_rules::rules.eq(json),
            house_rules::set_at.eq(now.micros()),
            house_rules::set_by.eq(by.map(PersonId::get)),
        ))
        .execute(conn)?;
    Ok(number)
}
