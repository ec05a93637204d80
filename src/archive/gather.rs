//! From facts to drafts of entries: everything that an entry commits to, read once for a whole batch.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::kind::{Kind, Subject};
use super::rules::{Recorded, Rule, rule};
use super::{erasure, exports, holds, log, policies, resumptions};
use crate::agencies::{self, staff};
use crate::dialogue::{actors, messages, quotes, replies};
use crate::federation::{inbox, outbox};
use crate::kernel::{
    ActorId, AgencyId, AnnouncementId, EmergencyId, EventId, MessageId, ReplyId, Site, Timestamp,
};
use crate::moderation;
use crate::platform::blobs;
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};
use crate::publishing::articles;
use crate::publishing::polls::Poll;
use crate::publishing::{self, Announcement, house, provenance};

/// An entry that lacks only its place.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) agency: AgencyId,
    pub(super) seq: i64,
    pub(super) at: Timestamp,
    pub(super) subject: Subject,
    pub(super) thread: Option<AnnouncementId>,
    /// Its leaf refers to the first entry about this.
    pub(super) refers_to: Option<Subject>,
    pub(super) event: Option<EventId>,
    pub(super) document: Option<(ActorId, Timestamp)>,
    pub(super) statement: Option<String>,
    pub(super) parts: Vec<OwnedPart>,
}

/// Some bytes that an entry commits to.
#[derive(Debug, Clone)]
pub(super) struct OwnedPart {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) bytes: Vec<u8>,
}

impl OwnedPart {
    fn new(name: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: bytes.into(),
        }
    }
}

/// What was said of actors, to be kept with the entries.
pub(super) type Documents = Vec<(ActorId, Timestamp, String)>;

/// The media types of parts.
pub(super) const ACTIVITY: &str = "application/activity+json";
const JSON: &str = "application/json";
const HTML: &str = "text/html";
/// `SubjectPublicKeyInfo` in DER (RFC 5280).
const SPKI: &str = "application/octet-stream";

/// Drafts of the entries that follow from `facts`, in their order, and the documents that they name.
pub(super) fn gather(
    conn: &mut Conn,
    site: &Site,
    facts: &[journal::Entry],
) -> Result<(Vec<Draft>, Documents), db::Error> {
    let batch = Batch::read(conn, facts)?;
    let mut drafts = vec![];
    for fact in facts {
        let Rule::Recorded(recorded) = rule(&fact.fact) else {
            continue;
        };
        if let Some(draft) = batch.draft(conn, site, fact, recorded)? {
            drafts.push(draft);
        }
    }
    let documents = batch.documents.into_values().collect();
    Ok((drafts, documents))
}

/// What many facts of a batch need, each read with one query.
struct Batch {
    replies: HashMap<ReplyId, replies::Placed>,
    /// Replies that others of the batch answer, by ActivityPub id.
    parents: HashMap<String, ReplyId>,
    evidence: HashMap<EventId, inbox::Evidence>,
    documents: HashMap<ActorId, (ActorId, Timestamp, String)>,
}

impl Batch {
    fn read(conn: &mut Conn, facts: &[journal::Entry]) -> Result<Self, db::Error> {
        let (mut reply_ids, mut events) = (vec![], vec![]);
        for fact in facts {
            match fact.fact {
                Fact::ReplyReceived { reply, event }
                | Fact::ReplyEdited { reply, event }
                | Fact::ReplyDeleted { reply, event } => {
                    reply_ids.push(reply);
                    events.extend(event);
                }
                Fact::MessageReceived { event, .. }
                | Fact::MessageEdited { event, .. }
                | Fact::MessageDeleted { event, .. } => events.extend(event),
                _ => {}
            }
        }
        let replies: HashMap<ReplyId, replies::Placed> = replies::placed(conn, &reply_ids)?
            .into_iter()
            .map(|it| (it.id, it))
            .collect();
        let parents: HashSet<String> = replies
            .values()
            .filter_map(|it| it.parent.clone())
            .collect();
        let parents: Vec<String> = parents.into_iter().collect();
        let authors: HashSet<ActorId> = replies.values().map(|it| it.author).collect();
        let authors: Vec<ActorId> = authors.into_iter().collect();
        Ok(Self {
            parents: replies::ids_of(conn, &parents)?.into_iter().collect(),
            evidence: inbox::evidence(conn, &events)?
                .into_iter()
                .map(|it| (it.id, it))
                .collect(),
            documents: actors::documents(conn, &authors)?
                .into_iter()
                .map(|it| (it.0, it))
                .collect(),
            replies,
        })
    }

    fn draft(
        &self,
        conn: &mut Conn,
        site: &Site,
        fact: &journal::Entry,
        recorded: Recorded,
    ) -> Result<Option<Draft>, db::Error> {
        let subject = recorded.subject.unwrap_or(Subject::Agency(fact.agency));
        let mut draft = Draft {
            kind: recorded.kind,
            agency: fact.agency,
            seq: fact.seq,
            at: fact.at,
            subject,
            thread: None,
            refers_to: None,
            event: recorded.event,
            document: None,
            statement: None,
            parts: vec![],
        };
        match subject {
            Subject::Reply(reply) => self.reply(&mut draft, site, reply),
            Subject::Message(message) => self.message(conn, &mut draft, message)?,
            Subject::Report(report) => {
                draft.event = moderation::event_of(conn, report)?;
                let event: Vec<EventId> = draft.event.into_iter().collect();
                if let Some(evidence) = inbox::evidence(conn, &event)?.first() {
                    brought_by(&mut draft, evidence);
                }
            }
            _ => own(conn, &mut draft, site, recorded)?,
        }
        Ok(Some(draft))
    }

    fn reply(&self, draft: &mut Draft, site: &Site, id: ReplyId) {
        let Some(reply) = self.replies.get(&id) else {
            return;
        };
        draft.thread = reply.thread;
        draft.refers_to = if draft.kind == Kind::ReplyReceived {
            reply
                .parent
                .as_deref()
                .and_then(|parent| self.parent(site, parent))
        } else {
            Some(draft.subject)
        };
        self.said_by(draft, reply.author);
    }

    /// What a reply answers: an announcement or another reply.
    fn parent(&self, site: &Site, uri: &str) -> Option<Subject> {
        site.announcement_of(uri)
            .or_else(|| site.announcement_of_page(uri))
            .map(Subject::Announcement)
            .or_else(|| self.parents.get(uri).copied().map(Subject::Reply))
    }

    fn message(&self, conn: &mut Conn, draft: &mut Draft, id: MessageId) -> Result<(), db::Error> {
        if draft.kind != Kind::MessageReceived {
            draft.refers_to = Some(draft.subject);
        }
        if matches!(draft.kind, Kind::MessageAnswered | Kind::AnswerWithdrawn) {
            // Nothing is stated: what was sent is all that there is, and nobody else is to read it.
            if messages::words(conn, id)?.is_some()
                && let Some(body) = outbox::body_for(conn, draft.seq)?
            {
                draft.parts.push(OwnedPart::new("body", ACTIVITY, body));
            }
            return Ok(());
        }
        if messages::placed(conn, id)?.is_some()
            && let Some(evidence) = draft.event.and_then(|event| self.evidence.get(&event))
        {
            brought_by(draft, evidence);
        }
        Ok(())
    }

    /// The activity of a citizen, who signed it, and what their server said of them.
    fn said_by(&self, draft: &mut Draft, author: ActorId) {
        if let Some(evidence) = draft.event.and_then(|event| self.evidence.get(&event)) {
            brought_by(draft, evidence);
        }
        if let Some((actor, at, document)) = self.documents.get(&author)
            && !document.is_empty()
        {
            draft.document = Some((*actor, *at));
            draft
                .parts
                .push(OwnedPart::new("actor", ACTIVITY, document.as_bytes()));
        }
    }
}

/// What an agency does or the system notes: a statement of ours, and what was sent for it.
fn own(
    conn: &mut Conn,
    draft: &mut Draft,
    site: &Site,
    recorded: Recorded,
) -> Result<(), db::Error> {
    let mut pictures = vec![];
    if let Some(emergency) = recorded.emergency {
        let stated = declared(conn, draft, site, emergency)?;
        state(draft, stated);
        return Ok(());
    }
    if let Some(number) = recorded.house_rules {
        draft.refers_to = Some(draft.subject);
        let rules = house::numbered(conn, draft.agency, number)?;
        let stated =
            json!({ "agency": site.actor(draft.agency), "number": number, "rules": rules });
        state(draft, stated);
        return Ok(());
    }
    let statement = match draft.subject {
        Subject::Agency(agency) => {
            if draft.kind != Kind::AgencyCreated {
                draft.refers_to = Some(draft.subject);
            }
            profile(conn, site, agency, &mut pictures)?
        }
        Subject::Announcement(id) => {
            announcement(conn, draft, site, id, recorded.revision, &mut pictures)?
        }
        Subject::Quote(id) => {
            let quote = quotes::find(conn, id)?;
            draft.refers_to = if draft.kind == Kind::QuoteRevoked {
                Some(draft.subject)
            } else {
                quote
                    .as_ref()
                    .map(|it| Subject::Announcement(it.announcement))
            };
            // Who quotes is a citizen's affair.
            json!({ "announcement": quote.map(|it| site.announcement(it.announcement)) })
        }
        Subject::Erasure(id) => erasure::stated(conn, draft, id)?,
        Subject::Hold(id) => holds::stated(conn, draft, id)?,
        Subject::Export(id) => exports::stated(conn, id)?,
        Subject::Policy(id) => policies::stated(conn, id, recorded.witness)?,
        Subject::LogKey(id) => json!({ "vkey": log::store::vkey_of(conn, id)? }),
        Subject::StaffAct(id) => staff::trail::stated(conn, id)?,
        Subject::Resumption(id) => resumptions::stated(conn, id)?,
        Subject::Reply(_) | Subject::Message(_) | Subject::Report(_) | Subject::Actor(_) => {
            return Ok(());
        }
    };
    state(draft, statement);
    // The answer to a request to quote names the citizen who asked.
    let sent = matches!(draft.subject, Subject::Agency(_) | Subject::Announcement(_));
    if sent && let Some(body) = outbox::body_for(conn, draft.seq)? {
        draft.parts.push(OwnedPart::new("body", ACTIVITY, body));
    }
    // What is read on its page, and by those who fetch it: it is sent to nobody.
    if let (Subject::Announcement(id), Some(number)) = (draft.subject, recorded.revision)
        && let Some(article) = articles::find(conn, id, number)?
    {
        let html = article.html.as_str().as_bytes();
        draft.parts.push(OwnedPart::new("article", HTML, html));
    }
    for (digest, n) in pictures.iter().zip(1..) {
        if let Some(blob) = blobs::find(conn, digest)? {
            draft.parts.push(OwnedPart::new(
                &format!("media/{n}"),
                &blob.media_type,
                blob.bytes,
            ));
        }
    }
    Ok(())
}

fn state(draft: &mut Draft, statement: Value) {
    let statement = named(draft.kind, statement);
    draft
        .parts
        .push(OwnedPart::new("statement", JSON, statement.as_bytes()));
    draft.statement = Some(statement);
}

/// What one person did alone, and why.
fn declared(
    conn: &mut Conn,
    draft: &mut Draft,
    site: &Site,
    id: EmergencyId,
) -> Result<Value, db::Error> {
    draft.refers_to = Some(draft.subject);
    let Some(emergency) = provenance::emergency(conn, id)? else {
        return Ok(Value::Null);
    };
    if let Some(id) = emergency.announcement {
        draft.thread = publishing::find(conn, id)?.map(|found| found.thread);
    }
    Ok(json!({
        "announcement": emergency.announcement.map(|id| site.announcement(id)),
        "done": emergency.act.name(),
        "revision": emergency.revision,
        "reason": emergency.reason,
    }))
}

/// The parts of what came from outside: the bytes, the request that brought them, the key that signed it.
fn brought_by(draft: &mut Draft, evidence: &inbox::Evidence) {
    if evidence.body.is_empty() {
        return;
    }
    draft
        .parts
        .push(OwnedPart::new("body", ACTIVITY, evidence.body.clone()));
    draft
        .parts
        .push(OwnedPart::new("http", JSON, evidence.request.as_bytes()));
    // What was fetched from its origin is signed by nobody.
    if !evidence.key.is_empty() {
        draft
            .parts
            .push(OwnedPart::new("key", SPKI, evidence.key.clone()));
    }
}

/// A statement with the kind of act in front.
fn named(kind: Kind, statement: Value) -> String {
    let mut members = serde_json::Map::new();
    members.insert("act".to_owned(), kind.name().into());
    if let Value::Object(rest) = statement {
        members.extend(rest);
    }
    members.retain(|_, value| !value.is_null());
    Value::Object(members).to_string()
}

fn profile(
    conn: &mut Conn,
    site: &Site,
    agency: AgencyId,
    pictures: &mut Vec<String>,
) -> Result<Value, db::Error> {
    let Some(agency) = agencies::find(conn, agency)? else {
        return Ok(Value::Null);
    };
    pictures.extend(
        agency
            .avatar
            .iter()
            .chain(&agency.header)
            .map(|it| it.digest.clone()),
    );
    Ok(json!({
        "agency": site.actor(agency.id),
        "handle": site.acct(&agency.handle),
        "name": agency.name,
        "summary": agency.summary,
        "links": agency.links,
        "language": agency.language,
        "aliases": agency.aliases,
        "images": agency.avatar.iter().chain(&agency.header).map(|it| json!({
            "digest": it.digest, "mediaType": it.media_type, "alt": it.alt,
        })).collect::<Vec<_>>(),
    }))
}

fn announcement(
    conn: &mut Conn,
    draft: &mut Draft,
    site: &Site,
    id: AnnouncementId,
    revision: Option<i32>,
    pictures: &mut Vec<String>,
) -> Result<Value, db::Error> {
    let Some(found) = publishing::find(conn, id)? else {
        return Ok(Value::Null);
    };
    draft.thread = Some(found.thread);
    draft.refers_to = if draft.kind == Kind::AnnouncementPublished {
        answered(conn, &found)?
    } else {
        Some(draft.subject)
    };
    let mut stated = json!({ "announcement": site.announcement(id) });
    if let Some(number) = revision
        && let Some(revision) = publishing::revision(conn, id, number)?
    {
        pictures.extend(revision.images.iter().map(|it| it.digest.clone()));
        let wording = json!({
            "revision": number,
            "inReplyTo": found.in_reply_to,
            "language": revision.language,
            "warning": revision.warning,
            "markdown": revision.markdown,
            "poll": found.poll.as_ref().filter(|_| number == 1).map(question),
            "approvedBy": provenance::people_for(conn, id, number)?,
            "images": revision.images.iter().map(|it| json!({
                "digest": it.digest, "mediaType": it.media_type, "alt": it.alt,
            })).collect::<Vec<_>>(),
        });
        extend(&mut stated, wording);
        if let Some(article) = &revision.article {
            let written = json!({ "title": article.title, "markdown": article.markdown });
            extend(&mut stated, json!({ "article": written }));
        }
    }
    if draft.kind == Kind::PollClosed {
        extend(
            &mut stated,
            json!({ "poll": found.poll.as_ref().map(result) }),
        );
    }
    if draft.kind == Kind::AnnouncementWithdrawn {
        let reason = found.withdrawn.map(|it| it.reason);
        extend(&mut stated, json!({ "reason": reason }));
    }
    Ok(stated)
}

/// What a poll asks.
fn question(poll: &Poll) -> Value {
    let options: Vec<&str> = poll.options.iter().map(|it| it.text.as_str()).collect();
    json!({ "options": options, "multiple": poll.multiple, "ends": poll.ends_at })
}

/// What came of a poll.
fn result(poll: &Poll) -> Value {
    let options: Vec<Value> = poll
        .options
        .iter()
        .map(|it| json!({ "option": it.text, "votes": it.votes }))
        .collect();
    json!({ "options": options, "voters": poll.voters, "closed": poll.closed_at })
}

/// What an announcement answers.
fn answered(conn: &mut Conn, found: &Announcement) -> Result<Option<Subject>, db::Error> {
    let Some(uri) = &found.in_reply_to else {
        return Ok(None);
    };
    let replies = replies::ids_of(conn, std::slice::from_ref(uri))?;
    Ok(replies.first().map(|(_, id)| Subject::Reply(*id)))
}

fn extend(stated: &mut Value, more: Value) {
    if let (Some(stated), Value::Object(more)) = (stated.as_object_mut(), more) {
        stated.extend(more);
    }
}
