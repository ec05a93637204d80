//! Create and Update: what citizens say, in public or in private.

use super::{Deed, Findings, Found, Need, Outcome, Setting, vote};
use crate::dialogue::actors::{self, Actor};
use crate::dialogue::messages;
use crate::dialogue::replies::{self, Attachment, Receipt, Words};
use crate::federation::inbox::store::{self, Event};
use crate::federation::wire::incoming::{self as wire, Audience, Item, Object, Visibility};
use crate::kernel::{AgencyId, AnnouncementId, EventId, Plain, ReplyId, Timestamp};
use crate::platform::db::{self, Conn};

/// The safe text of a post that arrived then.
pub(super) fn words(object: &Object, received_at: Timestamp) -> Words {
    Words {
        html: object.body(),
        warning: object.warning().map(Plain::into_string),
        language: object.language.clone(),
        url: object.page().to_owned(),
        attachments: object
            .attachments
            .iter()
            .map(|it| Attachment {
                url: it.url.clone(),
                media_type: it.media_type.clone(),
                alt: (!it.alt.is_empty()).then(|| it.alt.as_str().to_owned()),
            })
            .collect(),
        published_at: object.published_by(received_at),
    }
}

pub(super) fn create(
    conn: &mut Conn,
    deed: &Deed<'_>,
    items: &[Item],
    words: Option<&Words>,
) -> Result<Outcome, db::Error> {
    match items {
        [item] => post(conn, deed, item, words),
        several => vote::several(conn, deed, several),
    }
}

/// An edit of what we have, or of what was never seen before, which then counts as new.
pub(super) fn update(
    conn: &mut Conn,
    deed: &Deed<'_>,
    item: &Item,
    words: Option<&Words>,
) -> Result<Outcome, db::Error> {
    post(conn, deed, item, words)
}

fn post(
    conn: &mut Conn,
    deed: &Deed<'_>,
    item: &Item,
    ready: Option<&Words>,
) -> Result<Outcome, db::Error> {
    if !deed.speaks_for(item.id()) {
        return Ok(Outcome::Ignored(
            "the post is on another server than its author",
        ));
    }
    let (object, source) = match (item, deed.findings.objects.get(item.id())) {
        (Item::Embedded(object), _) => (object, None),
        (_, Some(Found::Object(object, raw))) => (object, Some(raw.as_slice())),
        (Item::Reference(_), None) => {
            return Ok(Outcome::Needs(Need::Object(item.id().to_owned())));
        }
        (Item::Reference(_), Some(_)) => {
            return Ok(Outcome::Ignored("the post named is not to be had"));
        }
    };
    if object
        .attributed_to
        .as_deref()
        .is_some_and(|author| author != deed.actor.uri)
    {
        return Ok(Outcome::Ignored("the post is by somebody else"));
    }
    let fresh;
    let words = if let Some(words) = ready {
        words
    } else {
        fresh = self::words(object, deed.event.received_at);
        &fresh
    };
    let entry = Entry {
        setting: deed.setting,
        findings: deed.findings,
        event: deed.event,
        author: deed.actor,
        object,
        source,
        delivery: Some(&deed.activity.audience),
    };
    entry.take_in(conn, words)
}

/// A post that we fetched from its origin, which vouches for it.
pub(super) fn fetched(
    conn: &mut Conn,
    setting: Setting<'_>,
    event: &Event,
    (object, raw): (&Object, &[u8]),
    findings: &Findings,
) -> Result<Outcome, db::Error> {
    let Some(author) = object
        .attributed_to
        .as_deref()
        .filter(|author| wire::same_origin(author, &object.id))
    else {
        return Ok(Outcome::Ignored("the post does not say whose it is"));
    };
    let Some(author) = actors::by_uri(conn, author)? else {
        return Ok(if findings.actors.contains_key(author) {
            Outcome::Ignored("the author of the post is not to be had")
        } else {
            Outcome::Needs(Need::Actor(author.to_owned()))
        });
    };
    let entry = Entry {
        setting,
        findings,
        event,
        author: &author,
        object,
        source: Some(raw),
        delivery: None,
    };
    entry.take_in(conn, &words(object, event.received_at))
}

/// A post whose author is certain, on its way to where it belongs.
struct Entry<'a> {
    setting: Setting<'a>,
    findings: &'a Findings,
    event: &'a Event,
    author: &'a Actor,
    object: &'a Object,
    /// The bytes that its origin served, if it was fetched there.
    source: Option<&'a [u8]>,
    /// The audience of the activity that brought it.
    delivery: Option<&'a Audience>,
}

/// Where a post belongs.
enum Place {
    Here {
        agency: AgencyId,
        thread: Option<AnnouncementId>,
    },
    Nowhere,
    Needs(Need),
}

impl Entry<'_> {
    fn take_in(&self, conn: &mut Conn, words: &Words) -> Result<Outcome, db::Error> {
        let object = self.object;
        if object.is_poll_vote() {
            return match self.delivery {
                Some(_) => vote::one(conn, self.setting, self.event, self.author, object),
                None => Ok(Outcome::Ignored("a vote that somebody else passed on")),
            };
        }
        if !object.kind.is_post() {
            return Ok(Outcome::Ignored("not a kind of post"));
        }
        if object.is_empty() || (words.html.is_blank() && words.attachments.is_empty()) {
            return Ok(Outcome::Ignored("a post without content"));
        }
        let visibility = object.visibility(self.delivery, self.author.followers.as_deref());
        let place = match self.place(conn, object.in_reply_to.as_deref(), 0)? {
            Place::Nowhere => match self.agency_addressed(conn)? {
                Some(agency) => Place::Here {
                    agency,
                    thread: None,
                },
                None => Place::Nowhere,
            },
            found => found,
        };
        let (agency, thread) = match place {
            Place::Here { agency, thread } => (agency, thread),
            Place::Nowhere => return Ok(Outcome::Ignored("answers and addresses nobody here")),
            Place::Needs(need) => return Ok(Outcome::Needs(need)),
        };
        if visibility.is_open() {
            let listed = visibility == Visibility::Public;
            let receipt = self.reply(conn, agency, thread, listed, words)?;
            self.outcome(conn, &receipt)
        } else {
            // What its author has narrowed since is shown no longer.
            let (uri, event) = (&self.object.id, Some(self.event.id));
            replies::delete(conn, self.setting.clock, uri, self.author.id, event)?;
            self.message(conn, agency, words)
        }
    }

    fn reply(
        &self,
        conn: &mut Conn,
        agency: AgencyId,
        thread: Option<AnnouncementId>,
        listed: bool,
        words: &Words,
    ) -> Result<Receipt<ReplyId>, db::Error> {
        let incoming = replies::Incoming {
            uri: self.object.id.clone(),
            agency,
            thread,
            author: self.author.id,
            parent: self.object.in_reply_to.clone(),
            listed,
            words: words.clone(),
            updated_at: self.object.updated,
            event: Some(self.evidence(conn)?),
        };
        replies::receive_among(
            conn,
            self.setting.clock,
            &incoming,
            &mut self.setting.recall.shown.borrow_mut(),
        )
    }

    fn message(
        &self,
        conn: &mut Conn,
        agency: AgencyId,
        words: &Words,
    ) -> Result<Outcome, db::Error> {
        let incoming = messages::Incoming {
            uri: self.object.id.clone(),
            agency,
            author: self.author.id,
            parent: self.object.in_reply_to.clone(),
            html: words.html.clone(),
            warning: words.warning.clone(),
            updated_at: self.object.updated,
            event: Some(self.evidence(conn)?),
        };
        let receipt = messages::receive(conn, self.setting.clock, &incoming)?;
        self.outcome(conn, &receipt)
    }

    /// What proves the post: the activity that brought it, or what its origin served.
    fn evidence(&self, conn: &mut Conn) -> Result<EventId, db::Error> {
        match self.source {
            None => Ok(self.event.id),
            Some(raw) => {
                let now = self.setting.clock.now();
                store::keep_fetched(conn, now, &self.author.uri, &self.object.id, raw)
            }
        }
    }

    /// Follows a post's parents up to an announcement or to a reply that we have.
    fn place(&self, conn: &mut Conn, parent: Option<&str>, depth: u32) -> Result<Place, db::Error> {
        let Some(parent) = parent else {
            return Ok(Place::Nowhere);
        };
        if self.setting.site.is_ours(parent) {
            let site = self.setting.site;
            let Some(id) = site
                .announcement_of(parent)
                .or_else(|| site.announcement_of_page(parent))
            else {
                return Ok(Place::Nowhere);
            };
            return Ok(match self.setting.recall.place(conn, id)? {
                Some((agency, thread)) => Place::Here {
                    agency,
                    thread: Some(thread),
                },
                None => Place::Nowhere,
            });
        }
        if let Some((agency, thread)) = replies::place_of(conn, parent)? {
            return Ok(Place::Here { agency, thread });
        }
        if depth >= self.setting.ancestors {
            return Ok(Place::Nowhere);
        }
        match self.findings.objects.get(parent) {
            None => Ok(Place::Needs(Need::Object(parent.to_owned()))),
            Some(Found::Gone | Found::Unusable) => Ok(Place::Nowhere),
            Some(Found::Object(object, raw)) => self.adopt(conn, (object, raw), depth),
        }
    }

    /// Takes in a fetched parent, if it belongs here itself and everybody may see it.
    fn adopt(
        &self,
        conn: &mut Conn,
        (parent, raw): (&Object, &[u8]),
        depth: u32,
    ) -> Result<Place, db::Error> {
        let (agency, thread) = match self.place(conn, parent.in_reply_to.as_deref(), depth + 1)? {
            Place::Here { agency, thread } => (agency, thread),
            other => return Ok(other),
        };
        let Some(uri) = parent
            .attributed_to
            .as_deref()
            .filter(|author| wire::same_origin(author, &parent.id))
        else {
            return Ok(Place::Nowhere);
        };
        let Some(author) = actors::by_uri(conn, uri)? else {
            return Ok(if self.findings.actors.contains_key(uri) {
                Place::Nowhere
            } else {
                Place::Needs(Need::Actor(uri.to_owned()))
            });
        };
        if !parent.kind.is_post()
            || !parent
                .visibility(None, author.followers.as_deref())
                .is_open()
        {
            return Ok(Place::Nowhere);
        }
        let entry = Entry {
            author: &author,
            object: parent,
            source: Some(raw),
            delivery: None,
            ..*self
        };
        let listed = parent.visibility(None, author.followers.as_deref()) == Visibility::Public;
        entry.reply(
            conn,
            agency,
            thread,
            listed,
            &words(parent, self.event.received_at),
        )?;
        Ok(Place::Here { agency, thread })
    }

    /// The agency that a post speaks to without answering anything: the first it names.
    fn agency_addressed(&self, conn: &mut Conn) -> Result<Option<AgencyId>, db::Error> {
        let site = self.setting.site;
        let delivery = self
            .delivery
            .into_iter()
            .flat_map(|audience| audience.to.iter().chain(&audience.cc));
        let named = self
            .object
            .audience
            .to
            .iter()
            .chain(&self.object.audience.cc)
            .chain(delivery);
        let mentioned = self
            .object
            .tags
            .mentions
            .iter()
            .map(|mention| &mention.href);
        for uri in named.chain(mentioned) {
            let Some(id) = site.agency_of(uri) else {
                continue;
            };
            if let Some(agency) = crate::agencies::find(conn, id)? {
                return Ok(Some(agency.id));
            }
        }
        Ok(None)
    }

    /// What became of it. The text of what its author had deleted before is not kept as evidence either.
    fn outcome<Id>(&self, conn: &mut Conn, receipt: &Receipt<Id>) -> Result<Outcome, db::Error> {
        Ok(match receipt {
            Receipt::New(_) | Receipt::Edited(_) | Receipt::Unchanged => Outcome::Done,
            Receipt::Deleted => {
                store::destroy(conn, self.event.id)?;
                Outcome::Ignored("its author has deleted it")
            }
            Receipt::NotTheirs => Outcome::Ignored("the post is somebody else's"),
        })
    }
}
