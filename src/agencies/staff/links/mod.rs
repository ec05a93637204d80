//! One-time links: invitations, new passwords, and the first set-up of a server.

mod store;

pub use self::store::sweep;
pub use self::store::{Link, invitations};
pub(super) use self::store::{forget_all_made_by, forget_made_by, forget_resets_of};

use std::time::Duration;

use super::password::Hash;
use super::team;
use super::trail::{self, Act, Subject};
use super::{
    Error, Mandate, Operator, Person, Right, Role, Token, codes, find_by_address, passkeys, person,
    sessions,
};
use crate::agencies::{self, Agency, New, language};
use crate::kernel::{AgencyId, Clock, PersonId, StaffLinkId, Timestamp};
use crate::platform::db::Conn;

/// How long invitations and resets are valid.
const VALID: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long the link of the first set-up is valid; a new one is made at every start.
const SET_UP_VALID: Duration = Duration::from_secs(24 * 3600);

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To be on the staff of an agency, in these roles.
    Invitation { agency: AgencyId, roles: Vec<Role> },
    /// To operate the server.
    Operator,
    /// To set a new password.
    Reset { person: PersonId, lost: Lost },
    /// To set up the first agency, and oneself as its administrator and operator of the server.
    SetUp,
}

/// What somebody cannot sign in with any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The password; codes and passkeys stay.
    Password,
    /// All of it: codes, recovery codes and passkeys are removed with the old password.
    Everything,
}

/// A link that was made. Its token is told once.
#[derive(Debug, Clone)]
pub struct Offered {
    pub id: StaffLinkId,
    pub token: Token,
    pub expires_at: Timestamp,
}

/// Somebody who is to be invited.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Their address, if it is known: they may sign in with another.
    pub email: Option<String>,
    pub roles: Vec<Role>,
}

/// Somebody who comes by an invitation.
#[derive(Debug, Clone)]
pub struct Newcomer {
    pub name: String,
    pub email: String,
    /// What the console speaks to them in (BCP 47).
    pub language: String,
    pub password: Hash,
}

/// Somebody who came by a link, whom [`super::let_in`] lets in.
#[derive(Debug)]
pub struct Arrived(Person);

impl Arrived {
    /// Who that is.
    pub const fn person(&self) -> &Person {
        &self.0
    }
}

/// Invites somebody to an agency's staff.
pub fn invite(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    invitation: Invitation,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Offered, Error> {
    mandate.require(Right::ManageStaff)?;
    let mut roles = invitation.roles;
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(Error::NoRole);
    }
    let purpose = Purpose::Invitation {
        agency: mandate.agency(),
        roles: roles.clone(),
    };
    let email = invitation
        .email
        .as_deref()
        .map(person::address)
        .transpose()?;
    let offered = offer(conn, clock, &purpose, email, mandate.person(), chance)?;
    let subject = Subject::Link(offered.id);
    trail::note(conn, clock, mandate, Act::Invited(roles), subject)?;
    Ok(offered)
}

/// Invites somebody to operate the server.
pub fn invite_operator(
    conn: &mut Conn,
    clock: &dyn Clock,
    operator: Operator,
    email: Option<&str>,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Offered, Error> {
    let email = email.map(person::address).transpose()?;
    let offered = offer(
        conn,
        clock,
        &Purpose::Operator,
        email,
        operator.by(),
        chance,
    )?;
    let subject = Subject::Link(offered.id);
    trail::note_of_server(conn, clock, operator.by(), &Act::Invited(vec![]), subject)?;
    Ok(offered)
}

/// Lets somebody of the agency's staff set a new password. Administrators can do so only for those who have to do with
/// no other agency: whoever has the link could act there.
pub fn offer_reset(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    person: PersonId,
    lost: Lost,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Offered, Error> {
    mandate.require(Right::ManageStaff)?;
    team::expect_only_here(conn, mandate, person)?;
    reset_link(conn, clock, mandate.person(), person, lost, chance)
}

/// The same for anybody who may sign in here.
pub fn offer_reset_as_operator(
    conn: &mut Conn,
    clock: &dyn Clock,
    operator: Operator,
    person: PersonId,
    lost: Lost,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Offered, Error> {
    team::active(conn, person)?;
    reset_link(conn, clock, operator.by(), person, lost, chance)
}

fn reset_link(
    conn: &mut Conn,
    clock: &dyn Clock,
    by: Option<PersonId>,
    person: PersonId,
    lost: Lost,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Offered, Error> {
    forget_resets_of(conn, clock, person)?;
    let purpose = Purpose::Reset { person, lost };
    let offered = offer(conn, clock, &purpose, None, by, chance)?;
    trail::note_everywhere(conn, clock, by, person, &Act::ResetOffered)?;
    Ok(offered)
}

/// The link by which whoever has just started an empty server sets it up; `None` once there is an agency or somebody
/// who can sign in. Earlier ones are void.
pub fn offer_setup(
    conn: &mut Conn,
    clock: &dyn Clock,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Option<Offered>, Error> {
    store::forget_setups(conn, clock)?;
    if !team::is_alone(conn)? {
        return Ok(None);
    }
    offer(conn, clock, &Purpose::SetUp, None, None, chance).map(Some)
}

fn offer(
    conn: &mut Conn,
    clock: &dyn Clock,
    purpose: &Purpose,
    email: Option<String>,
    by: Option<PersonId>,
    chance: &dyn Fn(&mut [u8]),
) -> Result<Offered, Error> {
    let valid = match purpose {
        Purpose::SetUp => SET_UP_VALID,
        _ => VALID,
    };
    let (token, now) = (Token::make(chance), clock.now());
    let new = store::New {
        digest: token.digest(),
        purpose,
        email,
        by,
        made_at: now,
        expires_at: now + valid,
    };
    Ok(Offered {
        id: store::insert(conn, &new)?,
        token,
        expires_at: new.expires_at,
    })
}

/// What a link is for, to be shown before it is used: looking does not use it up.
pub fn find_open(conn: &mut Conn, clock: &dyn Clock, token: &Token) -> Result<Link, Error> {
    let link = store::open(conn, clock.now(), &token.digest())?.ok_or(Error::LinkGone)?;
    if link.purpose == Purpose::SetUp && !team::is_alone(conn)? {
        return Err(Error::LinkGone);
    }
    Ok(link)
}

/// Takes an invitation back.
pub fn revoke(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    link: StaffLinkId,
) -> Result<(), Error> {
    mandate.require(Right::ManageStaff)?;
    if !store::revoke(conn, clock.now(), mandate.agency(), link)? {
        return Err(Error::NoInvitation);
    }
    let subject = Subject::Link(link);
    trail::note(conn, clock, mandate, Act::InvitationRevoked, subject)?;
    Ok(())
}

/// Joins by an invitation, with a login that is new here. Who was on a staff here before, under the same address, is the
/// same person again.
pub fn join(
    conn: &mut Conn,
    clock: &dyn Clock,
    token: &Token,
    newcomer: &Newcomer,
) -> Result<Arrived, Error> {
    let link = find_open(conn, clock, token)?;
    match link.purpose {
        Purpose::Invitation { .. } | Purpose::Operator => {}
        Purpose::Reset { .. } | Purpose::SetUp => return Err(Error::LinkGone),
    }
    let id = arrive(conn, clock, newcomer)?;
    take_up(conn, clock, &link, id)?;
    arrived(conn, id)
}

fn arrived(conn: &mut Conn, person: PersonId) -> Result<Arrived, Error> {
    team::active(conn, person).map(Arrived)
}

/// Accepts an invitation as somebody who has a login here.
pub fn accept(
    conn: &mut Conn,
    clock: &dyn Clock,
    token: &Token,
    person: PersonId,
) -> Result<(), Error> {
    let link = find_open(conn, clock, token)?;
    team::active(conn, person)?;
    take_up(conn, clock, &link, person)
}

/// Makes the login of somebody who comes.
fn arrive(conn: &mut Conn, clock: &dyn Clock, newcomer: &Newcomer) -> Result<PersonId, Error> {
    let name = person::name(&newcomer.name)?;
    let email = person::address(&newcomer.email)?;
    let language = language(&newcomer.language)?;
    let now = clock.now();
    let id = match find_by_address(conn, &email)? {
        Some(there) if there.is_active() => return Err(Error::AddressTaken),
        Some(earlier) => {
            super::store::return_to(conn, earlier.id, &name, &language)?;
            earlier.id
        }
        None => super::store::insert(conn, now, &name, &email, &language)?,
    };
    sessions::store::set_password(conn, id, Some(&newcomer.password))?;
    Ok(id)
}

/// Does for somebody what an invitation is for, and uses it up.
fn take_up(conn: &mut Conn, clock: &dyn Clock, link: &Link, person: PersonId) -> Result<(), Error> {
    use_up(conn, clock, link, person)?;
    match &link.purpose {
        Purpose::Invitation { agency, roles } => {
            team::join(conn, clock, *agency, person, roles)?;
        }
        Purpose::Operator => team::join_as_operator(conn, clock, person)?,
        Purpose::Reset { .. } | Purpose::SetUp => return Err(Error::LinkGone),
    }
    Ok(())
}

fn use_up(conn: &mut Conn, clock: &dyn Clock, link: &Link, by: PersonId) -> Result<(), Error> {
    if store::use_up(conn, link.id, clock.now(), by)? {
        Ok(())
    } else {
        Err(Error::LinkGone)
    }
}

/// Sets a new password by a link; all sessions of theirs end.
pub fn reset(
    conn: &mut Conn,
    clock: &dyn Clock,
    token: &Token,
    password: &Hash,
) -> Result<Arrived, Error> {
    let link = find_open(conn, clock, token)?;
    let Purpose::Reset { person, lost } = link.purpose else {
        return Err(Error::LinkGone);
    };
    team::active(conn, person)?;
    use_up(conn, clock, &link, person)?;
    sessions::end_sessions(conn, person)?;
    sessions::store::set_password(conn, person, Some(password))?;
    if lost == Lost::Everything {
        codes::forget(conn, person)?;
        passkeys::forget(conn, person)?;
    }
    trail::note_everywhere(conn, clock, Some(person), person, &Act::AccessReset)?;
    arrived(conn, person)
}

/// Sets up the first agency of a server, with whoever does so as its administrator and as operator of the server.
pub fn set_up(
    conn: &mut Conn,
    clock: &dyn Clock,
    token: &Token,
    newcomer: &Newcomer,
    agency: New,
) -> Result<(Agency, Arrived), Error> {
    let link = find_open(conn, clock, token)?;
    if link.purpose != Purpose::SetUp {
        return Err(Error::LinkGone);
    }
    let id = arrive(conn, clock, newcomer)?;
    use_up(conn, clock, &link, id)?;
    let agency = agencies::create(conn, clock, agency)?;
    team::join(conn, clock, agency.id, id, &[Role::Administrator])?;
    team::join_as_operator(conn, clock, id)?;
    Ok((agency, arrived(conn, id)?))
}
