//! What is erased together with something else, since it is the same post or may quote it.

use crate::archive::kind::Subject;
use crate::dialogue::{actors, messages, replies};
use crate::federation::inbox;
use crate::kernel::{ActorId, AgencyId, EventId, MessageId, ReplyId};
use crate::moderation;
use crate::platform::db::{self, Conn};

/// Subjects with the agencies in whose records they stand.
pub(super) type Subjects = Vec<(Subject, AgencyId)>;

/// What belongs to a subject: the same post in private or in public, and the reports that name it.
pub(super) fn of(conn: &mut Conn, subject: Subject) -> Result<Subjects, db::Error> {
    let mut found = vec![];
    let uri = match subject {
        Subject::Reply(id) => {
            let Some(reply) = replies::placed(conn, &[id])?.into_iter().next() else {
                return Ok(vec![]);
            };
            let message = messages::id_of(conn, &reply.uri)?;
            found.extend(message.map(|(id, agency)| (Subject::Message(id), agency)));
            reply.uri
        }
        Subject::Message(id) => {
            let Some((uri, _)) = messages::placed(conn, id)? else {
                return Ok(vec![]);
            };
            if let Some((_, id)) = replies::ids_of(conn, std::slice::from_ref(&uri))?.first()
                && let Some((agency, _)) = replies::place_of(conn, &uri)?
            {
                found.push((Subject::Reply(*id), agency));
            }
            uri
        }
        _ => return Ok(vec![]),
    };
    found.extend(reports(moderation::naming(conn, &uri)?));
    Ok(found)
}

/// What somebody said that is not erased yet, at most `limit` of each kind, with the reports by them and about them.
pub(super) fn words_of(conn: &mut Conn, actor: ActorId, limit: i64) -> Result<Subjects, db::Error> {
    let mut found = vec![];
    let mut after = ReplyId::new(0);
    // Behind what waits for its execution already.
    while i64::try_from(found.len()).unwrap_or(limit) < limit {
        let said = replies::said_by(conn, actor, after, limit)?;
        let Some((last, _)) = said.last() else { break };
        after = *last;
        for (id, agency) in said {
            push_orderable(conn, &mut found, Subject::Reply(id), agency)?;
        }
    }
    let mut after = MessageId::new(0);
    while i64::try_from(found.len()).unwrap_or(limit) < limit {
        let said = messages::said_by(conn, actor, after, limit)?;
        let Some((last, _)) = said.last() else { break };
        after = *last;
        for (id, agency) in said {
            push_orderable(conn, &mut found, Subject::Message(id), agency)?;
        }
    }
    if let Some(actor) = actors::by_id(conn, actor)? {
        let mut about = moderation::naming(conn, &actor.uri)?;
        let flags: Vec<EventId> = inbox::by_actor(conn, &actor.uri)?
            .into_iter()
            .filter(|(_, kind)| kind == "Flag")
            .map(|(id, _)| id)
            .collect();
        about.extend(moderation::brought_by(conn, &flags)?);
        for (subject, agency) in reports(about) {
            push_orderable(conn, &mut found, subject, agency)?;
        }
    }
    Ok(found)
}

fn push_orderable(
    conn: &mut Conn,
    found: &mut Subjects,
    subject: Subject,
    agency: AgencyId,
) -> Result<(), db::Error> {
    match super::may_be_erased(conn, subject) {
        Ok(()) => found.push((subject, agency)),
        Err(super::Error::Db(error)) => return Err(error),
        Err(_) => {}
    }
    Ok(())
}

fn reports(
    found: Vec<(crate::kernel::ReportId, AgencyId)>,
) -> impl Iterator<Item = (Subject, AgencyId)> {
    found
        .into_iter()
        .map(|(id, agency)| (Subject::Report(id), agency))
}
