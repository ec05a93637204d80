//! Quotations of announcements by others, as authorised (FEP-044f). Whoever may read an announcement may quote it.

mod store;

pub use self::store::{Quote, by_actor, by_ids, find, find_by_uri};

use crate::kernel::{ActorId, AgencyId, AnnouncementId, Clock, QuoteId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};

/// A request to quote.
#[derive(Debug, Clone)]
pub struct NewQuote {
    pub agency: AgencyId,
    pub announcement: AnnouncementId,
    pub actor: ActorId,
    /// ActivityPub id of the post that quotes.
    pub quote_uri: String,
    /// Id of the `QuoteRequest`, which our Accept names.
    pub request_uri: String,
}

/// Authorises a quotation. Asked again, it answers again.
pub fn authorise(conn: &mut Conn, clock: &dyn Clock, new: &NewQuote) -> Result<QuoteId, db::Error> {
    let quote = store::put(conn, clock, new)?;
    journal::append(conn, clock, new.agency, &Fact::QuoteAuthorised { quote })?;
    Ok(quote)
}

/// Takes an authorisation back: servers then stop showing the announcement inside the quotation.
pub fn revoke(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    quote: QuoteId,
) -> Result<bool, db::Error> {
    let revoked = store::revoke(conn, clock, quote)?;
    if revoked {
        journal::append(conn, clock, agency, &Fact::QuoteRevoked { quote })?;
    }
    Ok(revoked)
}

/// The quoting post is gone: so is its authorisation, and nobody needs to be told.
pub fn forget(conn: &mut Conn, quote_uri: &str) -> Result<bool, db::Error> {
    store::remove(conn, quote_uri)
}
