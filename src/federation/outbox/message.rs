//! A private message from an agency to one person: nobody else gets it, and nobody can fetch it.

use super::compose::{Audience, Letter};
use super::store::{self, ANSWER, ANSWER_WITHDRAWN, PRIVATE};
use crate::agencies::Agency;
use crate::dialogue::{Actor, actors, followers, messages};
use crate::federation::delivery;
use crate::federation::wire::outgoing as wire;
use crate::kernel::{ActivityId, AgencyId, AnswerId, Clock, MessageId, SafeHtml, Site};
use crate::platform::db::{self, Conn};
use crate::platform::journal::Entry;
use crate::publishing::answers;

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
        warning: None,
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

/// The answer to a private message, for its author's own inbox; none if the message is gone, or its author wants to hear
/// nothing.
pub(super) fn answered(
    conn: &mut Conn,
    site: &Site,
    clock: &dyn Clock,
    agency: AgencyId,
    (message, answer): (MessageId, AnswerId),
) -> Result<Option<Letter>, db::Error> {
    let found = answers::find(conn, answer)?;
    let Some(answer) = found.filter(|it| it.withdrawn.is_none() && !it.html.is_blank()) else {
        return Ok(None);
    };
    let found = messages::by_ids(conn, &[message])?.pop();
    let Some(message) = found.filter(|it| !it.deleted && it.agency == agency) else {
        return Ok(None);
    };
    let to = message.author;
    if to.deleted || followers::blocked(conn, agency, to.id)? {
        return Ok(None);
    }
    let view = wire::MessageView {
        id: site.answer(answer.id),
        to: to.uri.clone(),
        to_name: format!("@{}", to.acct()),
        in_reply_to: message.uri,
        warning: answer.warning,
        html: answer.html,
        language: answer.language,
        at: answer.sent_at,
    };
    let id = ActivityId::mint(clock.now());
    let uri = site.activity(id);
    let activity = wire::create_message(site, &uri, agency, &view);
    Ok(Some(Letter {
        id,
        uri,
        kind: ANSWER,
        body: activity.to_string().into_bytes(),
        announcement: None,
        audience: Audience::Nobody,
        // What is shared by all accounts of a server is no place for what is one person's.
        addressees: vec![(to.host, to.inbox)],
    }))
}

/// That an answer is taken back, for who got it.
pub(super) fn answer_withdrawn(
    conn: &mut Conn,
    site: &Site,
    clock: &dyn Clock,
    agency: AgencyId,
    (message, answer): (MessageId, AnswerId),
) -> Result<Option<Letter>, db::Error> {
    let Some(withdrawal) = answers::find(conn, answer)?.and_then(|it| it.withdrawn) else {
        return Ok(None);
    };
    // Of an erased message nobody knows any more whose it was.
    if messages::is_erased(conn, message)? {
        return Ok(None);
    }
    let author = messages::placed(conn, message)?.map(|(_, author)| author);
    let to = match author {
        Some(author) => actors::by_id(conn, author)?.filter(|it| !it.deleted),
        None => None,
    };
    let Some(to) = to else { return Ok(None) };
    let id = ActivityId::mint(clock.now());
    let uri = site.activity(id);
    let what = site.answer(answer);
    let activity = wire::delete_message(
        site,
        &uri,
        agency,
        (what.as_str(), to.uri.as_str()),
        withdrawal.at,
    );
    Ok(Some(Letter {
        id,
        uri,
        kind: ANSWER_WITHDRAWN,
        body: activity.to_string().into_bytes(),
        announcement: None,
        audience: Audience::Nobody,
        addressees: vec![(to.host, to.inbox)],
    }))
}

/// Takes back the messages of an agency that somebody has not got yet, since they want none. What was answered stays in
/// the record, and is not delivered.
pub fn take_back(conn: &mut Conn, agency: AgencyId, to: &Actor) -> Result<(), db::Error> {
    let ids = store::undelivered(conn, PRIVATE, agency, &to.host, &to.inbox)?;
    store::destroy(conn, &ids)?;
    let ids = store::undelivered(conn, ANSWER, agency, &to.host, &to.inbox)?;
    delivery::withdraw(conn, &ids)
}
