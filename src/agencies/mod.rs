//! Who may speak: agencies, how they present themselves, and the people behind them.

mod agency;
pub mod staff;
mod store;

pub(crate) use self::agency::language;
pub use self::agency::{Agency, Change, Link, New, Picture, Theme};
pub use self::store::{by_ids, find, find_by_handle, list};

use crate::kernel::{AgencyId, Clock, Handle};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// Why an agency could not be set up or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no agency @{0} here")]
    Unknown(Handle),
    #[error("there is an agency @{0} here already")]
    Taken(Handle),
    #[error("@{0} is a word of this server's own addresses: choose another handle")]
    Reserved(Handle),
    #[error("an agency needs a name of 1 to 200 characters")]
    Name,
    #[error("a summary holds at most 5,000 characters")]
    Summary,
    #[error(
        "a link is a label and an http or https address, such as `Website=https://water.city.gov`; `{0}` is not"
    )]
    Link(String),
    #[error("at most {0} links")]
    TooManyLinks(usize),
    #[error("`{0}` is no language tag (BCP 47), such as `en`, `fr-CA` or `ar`")]
    Language(String),
    #[error("a colour is written like `#0b5394`; `{0}` is not")]
    Colour(String),
    #[error(
        "an alias is the ActivityPub id of an earlier account, such as `https://example.social/users/water`; `{0}` is not"
    )]
    Alias(String),
    #[error("a domain is written like `water.city.gov`; `{0}` is not")]
    Domain(String),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Handles that would stand where the console has pages of its own (`/console/account`).
const RESERVED: [&str; 6] = ["account", "join", "language", "operator", "prove", "reset"];

/// Sets up an agency.
pub fn create(conn: &mut Conn, clock: &dyn Clock, new: New) -> Result<Agency, Error> {
    if RESERVED.contains(&new.handle.as_str()) {
        return Err(Error::Reserved(new.handle));
    }
    let agency = Agency::new(AgencyId::mint(clock.now()), new, clock.now())?;
    match store::insert(conn, &agency) {
        Err(db::Error::Taken) => return Err(Error::Taken(agency.handle)),
        other => other?,
    }
    journal::append(conn, clock, agency.id, &Fact::AgencyCreated)?;
    Ok(agency)
}

/// Changes how an agency presents itself.
pub fn edit(
    conn: &mut Conn,
    clock: &dyn Clock,
    handle: &Handle,
    change: Change,
) -> Result<Agency, Error> {
    let agency = by_handle(conn, handle)?.with(change, clock.now())?;
    store::update(conn, &agency)?;
    journal::append(conn, clock, agency.id, &Fact::AgencyChanged)?;
    Ok(agency)
}

/// The agency of that handle, or an error that names it.
pub fn by_handle(conn: &mut Conn, handle: &Handle) -> Result<Agency, Error> {
    find_by_handle(conn, handle)?.ok_or_else(|| Error::Unknown(handle.clone()))
}
