//! One-time links in the database.

use std::time::Duration;

use diesel::prelude::*;

use super::{Error, Lost, Purpose};
use crate::agencies::staff::{Mandate, Right, Role, store::role};
use crate::kernel::{AgencyId, Clock, PersonId, StaffLinkId, Timestamp};
use crate::platform::db::schema::{people, staff_links};
use crate::platform::db::{self, Conn, on_either};

const INVITATION: &str = "invitation";
const OPERATOR: &str = "operator";
const RESET: &str = "reset";
const RESET_OF_EVERYTHING: &str = "reset-of-everything";
const SET_UP: &str = "set-up";

/// How long a link is remembered once it is used or void.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 3600);

/// Voids the open links that a condition is true of.
macro_rules! void {
    ($conn:expr, $now:expr, $condition:expr) => {{
        let open = staff_links::table
            .filter($condition)
            .filter(staff_links::used_at.is_null())
            .filter(staff_links::revoked_at.is_null());
        diesel::update(open)
            .set(staff_links::revoked_at.eq($now.micros()))
            .execute($conn)?;
        Ok(())
    }};
}

/// A link as it is shown: never its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub id: StaffLinkId,
    pub purpose: Purpose,
    /// For whom it is, if that was said.
    pub email: Option<String>,
    /// The name of who made it; none for the command line.
    pub by: Option<String>,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
}

pub(super) struct New<'a> {
    pub(super) digest: String,
    pub(super) purpose: &'a Purpose,
    pub(super) email: Option<String>,
    pub(super) by: Option<PersonId>,
    pub(super) made_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) fn insert(conn: &mut Conn, new: &New<'_>) -> Result<StaffLinkId, db::Error> {
    let (kind, agency, person, roles): (_, _, _, &[Role]) = match new.purpose {
        Purpose::Invitation { agency, roles } => (INVITATION, Some(*agency), None, roles),
        Purpose::Operator => (OPERATOR, None, None, &[]),
        Purpose::Reset { person, lost } => {
            let kind = match lost {
                Lost::Password => RESET,
                Lost::Everything => RESET_OF_EVERYTHING,
            };
            (kind, None, Some(*person), &[])
        }
        Purpose::SetUp => (SET_UP, None, None, &[]),
    };
    let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    let id: i64 = on_either!(conn => diesel::insert_into(staff_links::table)
        .values((
            staff_links::token.eq(&new.digest),
            staff_links::kind.eq(kind),
            staff_links::agency_id.eq(agency.map(AgencyId::get)),
            staff_links::person_id.eq(person.map(PersonId::get)),
            staff_links::email.eq(&new.email),
            staff_links::roles.eq(roles.join(" ")),
            staff_links::made_by.eq(new.by.map(PersonId::get)),
            staff_links::made_at.eq(new.made_at.micros()),
            staff_links::expires_at.eq(new.expires_at.micros()),
        ))
        .returning(staff_links::id)
        .get_result(conn))?;
    Ok(StaffLinkId::new(id))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = staff_links)]
struct Row {
    id: i64,
    kind: String,
    agency_id: Option<i64>,
    person_id: Option<i64>,
    email: Option<String>,
    roles: String,
    made_at: i64,
    expires_at: i64,
}

impl Row {
    fn into_link(self, by: Option<String>) -> Result<Link, db::Error> {
        let person = || {
            self.person_id
                .map(PersonId::new)
                .ok_or(db::Error::Corrupt("staff_links.person_id"))
        };
        let purpose = match self.kind.as_str() {
            INVITATION => Purpose::Invitation {
                agency: self
                    .agency_id
                    .map(AgencyId::new)
                    .ok_or(db::Error::Corrupt("staff_links.agency_id"))?,
                roles: self
                    .roles
                    .split_whitespace()
                    .map(role)
                    .collect::<Result<_, _>>()?,
            },
            OPERATOR => Purpose::Operator,
            RESET => Purpose::Reset {
                person: person()?,
                lost: Lost::Password,
            },
            RESET_OF_EVERYTHING => Purpose::Reset {
                person: person()?,
                lost: Lost::Everything,
            },
            SET_UP => Purpose::SetUp,
            _ => return Err(db::Error::Corrupt("staff_links.kind")),
        };
        Ok(Link {
            id: StaffLinkId::new(self.id),
            purpose,
            email: self.email,
            by,
            made_at: Timestamp::from_micros(self.made_at),
            expires_at: Timestamp::from_micros(self.expires_at),
        })
    }
}

/// The link of a token, as long as it can be used.
pub(super) fn open(
    conn: &mut Conn,
    now: Timestamp,
    digest: &str,
) -> Result<Option<Link>, db::Error> {
    let row: Option<(Row, Option<String>)> = staff_links::table
        .left_join(people::table.on(staff_links::made_by.eq(people::id.nullable())))
        .filter(staff_links::token.eq(digest))
        .filter(staff_links::used_at.is_null())
        .filter(staff_links::revoked_at.is_null())
        .filter(staff_links::expires_at.gt(now.micros()))
        .select((Row::as_select(), people::name.nullable()))
        .first(conn)
        .optional()?;
    row.map(|(row, by)| row.into_link(by)).transpose()
}

/// The open invitations of an agency, the newest first.
pub fn invitations(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
) -> Result<Vec<Link>, Error> {
    mandate.require(Right::ManageStaff)?;
    Ok(open_of(conn, clock.now(), mandate.agency())?)
}

fn open_of(conn: &mut Conn, now: Timestamp, agency: AgencyId) -> Result<Vec<Link>, db::Error> {
    let rows: Vec<(Row, Option<String>)> = staff_links::table
        .left_join(people::table.on(staff_links::made_by.eq(people::id.nullable())))
        .filter(staff_links::agency_id.eq(agency.get()))
        .filter(staff_links::kind.eq(INVITATION))
        .filter(staff_links::used_at.is_null())
        .filter(staff_links::revoked_at.is_null())
        .filter(staff_links::expires_at.gt(now.micros()))
        .order(staff_links::id.desc())
        .select((Row::as_select(), people::name.nullable()))
        .load(conn)?;
    rows.into_iter()
        .map(|(row, by)| row.into_link(by))
        .collect()
}

/// Uses a link up; `false` if somebody else was faster.
pub(super) fn use_up(
    conn: &mut Conn,
    id: StaffLinkId,
    now: Timestamp,
    by: PersonId,
) -> Result<bool, db::Error> {
    let open = staff_links::table
        .find(id.get())
        .filter(staff_links::used_at.is_null())
        .filter(staff_links::revoked_at.is_null());
    let used = diesel::update(open)
        .set((
            staff_links::used_at.eq(now.micros()),
            staff_links::used_by.eq(by.get()),
        ))
        .execute(conn)?;
    Ok(used > 0)
}

/// Voids an open invitation of an agency.
pub(super) fn revoke(
    conn: &mut Conn,
    now: Timestamp,
    agency: AgencyId,
    id: StaffLinkId,
) -> Result<bool, db::Error> {
    let open = staff_links::table
        .find(id.get())
        .filter(staff_links::agency_id.eq(agency.get()))
        .filter(staff_links::used_at.is_null())
        .filter(staff_links::revoked_at.is_null())
        .filter(staff_links::expires_at.gt(now.micros()));
    let revoked = diesel::update(open)
        .set(staff_links::revoked_at.eq(now.micros()))
        .execute(conn)?;
    Ok(revoked > 0)
}

/// Voids what somebody has made for an agency: who may not invite any more has invited nobody.
pub(in crate::agencies::staff) fn forget_made_by(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    person: PersonId,
) -> Result<(), db::Error> {
    void!(
        conn,
        clock.now(),
        staff_links::agency_id
            .eq(agency.get())
            .and(staff_links::made_by.eq(person.get()))
    )
}

/// Voids whatever somebody has made.
pub(in crate::agencies::staff) fn forget_all_made_by(
    conn: &mut Conn,
    clock: &dyn Clock,
    person: PersonId,
) -> Result<(), db::Error> {
    void!(conn, clock.now(), staff_links::made_by.eq(person.get()))
}

/// Voids links by which somebody's password could be set.
pub(in crate::agencies::staff) fn forget_resets_of(
    conn: &mut Conn,
    clock: &dyn Clock,
    person: PersonId,
) -> Result<(), db::Error> {
    void!(conn, clock.now(), staff_links::person_id.eq(person.get()))
}

pub(super) fn forget_setups(conn: &mut Conn, clock: &dyn Clock) -> Result<(), db::Error> {
    void!(conn, clock.now(), staff_links::kind.eq(SET_UP))
}

/// Drops links that have been of no use for long, with the addresses in them.
pub fn sweep(conn: &mut Conn, clock: &dyn Clock) -> Result<(), db::Error> {
    let old = staff_links::expires_at.le((clock.now() - REMEMBERED).micros());
    diesel::delete(staff_links::table.filter(old)).execute(conn)?;
    Ok(())
}
