//! What may be seen of an entry, read from the stores.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::browse::witnesses;
use super::view::{
    Destruction, Disclosed, EntryView, OpeningView, PartView, Reference, Said, Tombstone, Tree,
};
use super::{Heads, found, frame};
use crate::agencies;
use crate::archive::commitment::Salt;
use crate::archive::disclosure::{self, Access, Shown};
use crate::archive::entries::{self, Entry, Place};
use crate::archive::erasure;
use crate::archive::kind::{Kind, Subject};
use crate::archive::leaf::ReadLeaf;
use crate::archive::log::{self, Checkpointed, Log};
use crate::dialogue::replies::{self, Reply, Standing};
use crate::kernel::{AnnouncementId, ReplyId, Site, Timestamp};
use crate::platform::db::{self, Conn};
use crate::publishing;
use crate::tlog::Hash;

/// Answers to an entry that are named on its page.
const MOST_ANSWERS: i64 = 50;

/// An entry, and whether what opens it is for whoever asks.
pub(super) struct Opened {
    pub(super) log: Log,
    heads: Heads,
    pub(super) entry: Entry,
    leaf: String,
    pub(super) disclosed: Disclosed,
    reply: Option<Reply>,
}

/// What decides who sees what, besides the entry itself.
pub(super) struct Asking<'a> {
    pub(super) site: &'a Site,
    pub(super) now: Timestamp,
    pub(super) shown: &'a Shown,
    /// `record.disclosure = public`
    pub(super) discloses: bool,
}

/// The entry at an index of a signed tree.
pub(super) fn opened(
    conn: &mut Conn,
    asking: &Asking<'_>,
    name: &str,
    index: u64,
) -> Result<Opened, db::Error> {
    let log = found(conn, name)?;
    let heads = Heads::of(conn, &log)?;
    if index >= heads.size() {
        return Err(db::Error::NotFound);
    }
    let place = Place::new(log.id, index);
    let leaf = log::leaf(conn, place)?.ok_or(db::Error::Corrupt("record_leaves"))?;
    let entry = entries::at(conn, place)?.ok_or(db::Error::Corrupt("record_entries"))?;
    let reply = shown_reply(conn, &entry)?;
    let disclosed = if entry.opening.is_some() && is_withheld(conn, &entry)? {
        Disclosed::Withheld
    } else {
        let access = disclosure::access(conn, asking.now, &log, index, asking.shown)?;
        disclosed(conn, &entry, access, asking.discloses && reply.is_some())?
    };
    Ok(Opened {
        log,
        heads,
        entry,
        leaf,
        disclosed,
        reply,
    })
}

/// Whether somebody has ordered that what an entry is about is destroyed, and it is not yet: then it is for nobody, whatever
/// they show.
fn is_withheld(conn: &mut Conn, entry: &Entry) -> Result<bool, db::Error> {
    Ok(!erasure::withheld(conn, &[entry.subject])?.is_empty())
}

fn disclosed(
    conn: &mut Conn,
    entry: &Entry,
    access: Access,
    public: bool,
) -> Result<Disclosed, db::Error> {
    let kind = entry.kind;
    Ok(if entry.opening.is_none() {
        Disclosed::Erased
    } else if kind.is_open() {
        Disclosed::Everything
    } else if kind.is_internal() {
        Disclosed::Internal
    } else {
        match access {
            Access::Author => Disclosed::ToAuthor,
            Access::Auditor if !kind.is_private() => Disclosed::ToAuditor,
            Access::Auditor | Access::Public => {
                if kind.is_private() {
                    Disclosed::Private
                } else if public && is_newest_wording(conn, entry)? {
                    Disclosed::Everything
                } else {
                    Disclosed::Restricted
                }
            }
        }
    })
}

/// Whether nothing was said in the place of this later: what an author has corrected is not held up to them.
fn is_newest_wording(conn: &mut Conn, entry: &Entry) -> Result<bool, db::Error> {
    let all = entries::by_subject(conn, entry.subject)?;
    Ok(all.last().is_some_and(|last| last.place == entry.place))
}

/// The reply that an entry is about, if its words are shown on a thread's page.
fn shown_reply(conn: &mut Conn, entry: &Entry) -> Result<Option<Reply>, db::Error> {
    let Subject::Reply(id) = entry.subject else {
        return Ok(None);
    };
    if entry.kind == Kind::ReplyDeleted {
        return Ok(None);
    }
    let Some(reply) = replies::by_id(conn, id)?.filter(|it| it.standing == Standing::Shown) else {
        return Ok(None);
    };
    let Some(thread) = reply.thread else {
        return Ok(None);
    };
    let head = publishing::find(conn, thread)?;
    Ok(head
        .is_some_and(|head| head.withdrawn.is_none())
        .then_some(reply))
}

/// Everything about the entry that whoever asks may see.
pub(super) fn view(
    conn: &mut Conn,
    asking: &Asking<'_>,
    opened: Opened,
    query: String,
) -> Result<EntryView, db::Error> {
    let (site, log, entry) = (asking.site, &opened.log, &opened.entry);
    let index = entry.place.index;
    let url = site.record_entry(&log.name, index);
    let read =
        ReadLeaf::parse(opened.leaf.as_bytes()).ok_or(db::Error::Corrupt("record_leaves"))?;
    let checkpoint = opened
        .heads
        .covering(index)
        .ok_or(db::Error::NotFound)
        .map(|it| tree(site, log, &opened.heads, it))?;
    let book = Book { site, log };
    let related: Vec<Place> = entries::by_subject(conn, entry.subject)?
        .iter()
        .map(|it| it.place)
        .filter(|place| *place > entry.place)
        .collect();
    let tombstone = tombstone(conn, &book, &opened)?;
    let opening = opening(&url, &opened, &query);
    let statement = entry
        .statement
        .as_deref()
        .filter(|_| entry.kind.is_open() && opened.disclosed != Disclosed::Withheld)
        .and_then(|statement| serde_json::from_str(statement).ok());
    let agency = agencies::find(conn, log.agency)?.map(|it| frame::Agency::of(site, it));
    Ok(EntryView {
        log: log.origin.clone(),
        record: site.record(&log.name),
        index,
        leaf_hash: BASE64_STANDARD.encode(Hash::of_record(opened.leaf.as_bytes()).as_bytes()),
        kind: entry.kind,
        by: entry.kind.by(),
        kind_name: entry.kind.name(),
        by_name: entry.kind.by().name(),
        time: read.time,
        at: entry.at,
        commitment: read.commitment,
        refers_to: match read.refers_to {
            Some(index) => book.references(conn, &[Place::new(log.id, index)])?.pop(),
            None => None,
        },
        later: book.references(conn, &related)?,
        answers: answers(conn, &book, entry)?,
        thread: thread(conn, site, entry, &opened)?,
        proof: format!("{url}/proof"),
        checkpoint,
        witnesses: witnesses(&opened.heads),
        disclosed: opened.disclosed,
        opening,
        statement,
        said: said(entry, opened.reply.as_ref()),
        tombstone,
        asking: query,
        agency,
        leaf: opened.leaf,
        url,
    })
}

pub(super) fn tree(site: &Site, log: &Log, heads: &Heads, of: &Checkpointed) -> Tree {
    let served = heads.served.as_ref().is_some_and(|it| it.size >= of.size);
    let place = if served {
        "checkpoint"
    } else {
        "checkpoint/unwitnessed"
    };
    Tree {
        url: format!("{}/{place}", site.record(&log.name)),
        size: of.size,
        at: of.at.to_whole_second(),
        witnessed: heads.policy.as_ref().map(|_| served),
    }
}

/// What opens the commitment, if it is for whoever asks.
fn opening(url: &str, opened: &Opened, query: &str) -> Option<OpeningView> {
    if !opened.disclosed.opens() {
        return None;
    }
    let opening = opened.entry.opening.as_ref()?;
    let parts = opening.manifest.parts()?.into_iter().enumerate();
    Some(OpeningView {
        salt: opening.salts.of_entry().map(Salt::to_text),
        manifest: opening.manifest.as_str().to_owned(),
        parts: parts
            .map(|(n, listed)| PartView {
                url: format!("{url}/parts/{}{query}", listed.name),
                salt: opening.salts.of_part(n).map(Salt::to_text),
                name: listed.name,
                media_type: listed.media_type,
                size: listed.size,
                digest: listed.digest,
            })
            .collect(),
    })
}

fn said(entry: &Entry, reply: Option<&Reply>) -> Option<Said> {
    let reply = reply?;
    let words = &reply.words;
    Some(Said {
        html: words.html.clone(),
        warning: words.warning.clone(),
        language: words.language.clone(),
        name: reply.author.name.clone(),
        acct: format!("@{}", reply.author.acct()),
        original: words.url.clone(),
        edited_since: reply.edited_at.is_some_and(|edited| edited > entry.at),
    })
}

/// The page on which it stands among what was said.
fn thread(
    conn: &mut Conn,
    site: &Site,
    entry: &Entry,
    opened: &Opened,
) -> Result<Option<String>, db::Error> {
    let (id, anchor) = match (entry.subject, entry.thread) {
        (Subject::Announcement(id), _) => (id, String::new()),
        (Subject::Reply(reply), Some(thread)) => (thread, anchor(reply, opened)),
        (_, Some(thread)) => (thread, String::new()),
        (_, None) => return Ok(None),
    };
    let Some((agency, _)) = publishing::place_of(conn, id)? else {
        return Ok(None);
    };
    let agency = agencies::find(conn, agency)?;
    Ok(agency.map(|it| format!("{}{anchor}", site.announcement_page(&it.handle, id))))
}

/// With the reply at the head of the page, wherever in the thread it stands.
fn anchor(reply: ReplyId, opened: &Opened) -> String {
    if opened.reply.is_some() {
        format!("?under={reply}#reply-{reply}")
    } else {
        "#replies".to_owned()
    }
}

/// What answers an announcement or a reply, as far as it is recorded in the same log.
fn answers(conn: &mut Conn, book: &Book<'_>, entry: &Entry) -> Result<Vec<Reference>, db::Error> {
    let first = matches!(
        entry.kind,
        Kind::AnnouncementPublished | Kind::ReplyReceived
    );
    let (parents, thread): (Vec<String>, Option<AnnouncementId>) = match entry.subject {
        Subject::Announcement(id) if first => (vec![book.site.announcement(id)], entry.thread),
        Subject::Reply(id) if first => {
            let reply = replies::by_id(conn, id)?;
            (reply.into_iter().map(|it| it.uri).collect(), entry.thread)
        }
        _ => return Ok(vec![]),
    };
    let mut subjects: Vec<Subject> =
        replies::children(conn, &parents, ReplyId::new(0), MOST_ANSWERS)?
            .into_iter()
            .map(|it| Subject::Reply(it.id))
            .collect();
    if let Some(thread) = thread {
        let always = Timestamp::from_micros(i64::MIN)..Timestamp::from_micros(i64::MAX);
        let own = publishing::answers(conn, thread, &parents, always, MOST_ANSWERS)?;
        subjects.extend(own.into_iter().map(|it| Subject::Announcement(it.id)));
    }
    let mut places: Vec<Place> = entries::places_of(conn, &subjects)?.into_values().collect();
    places.retain(|place| place.log == book.log.id);
    places.sort_unstable();
    book.references(conn, &places)
}

fn tombstone(
    conn: &mut Conn,
    book: &Book<'_>,
    opened: &Opened,
) -> Result<Option<Tombstone>, db::Error> {
    let entry = &opened.entry;
    if entry.erased_at.is_none() && opened.disclosed != Disclosed::Withheld {
        return Ok(None);
    }
    let mut orders = vec![];
    for order in erasure::of_subject(conn, entry.subject)? {
        let places: Vec<Place> = entries::by_subject(conn, Subject::Erasure(order.id))?
            .iter()
            .map(|it| it.place)
            .collect();
        orders.push(Destruction {
            class: order.class.name(),
            basis: order.basis,
            role: order.role,
            ordered: order.ordered_at.to_whole_second(),
            done: order.done_at.map(Timestamp::to_whole_second),
            entries: book.references(conn, &places)?,
        });
    }
    Ok(Some(Tombstone {
        erased: entry.erased_at.map(Timestamp::to_whole_second),
        orders,
    }))
}

/// The log in which entries are looked up.
pub(super) struct Book<'a> {
    pub(super) site: &'a Site,
    pub(super) log: &'a Log,
}

impl Book<'_> {
    /// What stands at these places of the signed tree, in their order.
    fn references(&self, conn: &mut Conn, places: &[Place]) -> Result<Vec<Reference>, db::Error> {
        let signed = self.log.signed.as_ref().map_or(0, |it| it.size);
        let leaves: HashMap<Place, ReadLeaf> = leaves(conn, places)?;
        let known = places.iter().filter(|place| place.index < signed);
        Ok(known
            .filter_map(|place| {
                let leaf = leaves.get(place)?;
                Some(Reference {
                    index: place.index,
                    url: self.site.record_entry(&self.log.name, place.index),
                    kind: leaf.kind(),
                    kind_name: leaf.kind.clone(),
                    time: leaf.time.clone(),
                })
            })
            .collect())
    }
}

/// The leaves at these places, read.
pub(super) fn leaves(
    conn: &mut Conn,
    places: &[Place],
) -> Result<HashMap<Place, ReadLeaf>, db::Error> {
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let leaves = log::leaves_at(conn, places)?;
    Ok(leaves
        .into_iter()
        .filter_map(|(place, leaf)| Some((place, ReadLeaf::parse(leaf.as_bytes())?)))
        .collect())
}
