//! A private message from an agency to one person: nobody else gets it, and nobody can fetch it.

use super::compose::{Audience, Letter};
use super::store::{self, PRIVATE};
use crate::agencies::Agency;
use crate::dialogue::Actor;
use crate::federation::wire::outgoing as wire;
use crate::kernel::{ActivityId, AgencyId, Clock, SafeHtml, Site};
use crate::platform::db::{self, Conn};
use crate::platform::journal::Entry;

/// What is said in private.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    pub agency: &'a Agency,
    pub to: &'a Actor,
    /// The ActivityPub id of what it answers.
    pub in_reply_to: &'a str,
    pub html: &'a SafeHtml,
    /// BCP 47.
    pub language: &'a str,
}

/// Queues a message that follows from a fact, within the transaction in which that is acted upon.
pub fn send(
    conn: &mut Conn,
    site: &Site,
    clock: &dyn Clock,
    entry: &Entry,
    message: &Message<'_>,
) -> Result<(), db::Error> {
    let now = clock.now();
    let id = ActivityId::mint(now);
    let uri = site.activity(id);
    let view = wire::MessageView {
        id: site.message(id),
        to: message.to.uri.clone(),
        to_name: format!("@{}", message.to.acct()),
        in_reply_to: message.in_reply_to.to_owned(),
        html: message.html.clone(),
        language: message.language.to_owned(),
        at: now,
    };
    let activity = wire::create_message(site, &uri, message.agency.id, &view);
    let letter = Letter {
        id,
        uri,
        kind: PRIVATE,
        body: activity.to_string().into_bytes(),
        announcement: None,
        audience: Audience::Nobody,
        addressees: vec![(message.to.host.clone(), message.to.inbox.clone())],
    };
    store::insert(conn, site, now, entry, &letter)
}

/// Takes back the messages of an agency that somebody has not got yet, since they want none.
pub fn take_back(conn: &mut Conn, agency: AgencyId, to: &Actor) -> Result<(), db::Error> {
    let ids = store::undelivered_messages(conn, agency, &to.host, &to.inbox)?;
    store::destroy(conn, &ids)
}
