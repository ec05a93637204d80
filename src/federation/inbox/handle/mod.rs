//! What each kind of activity does. Plain functions in a transaction; what they lack, they ask for.

mod account;
mod delete;
mod follow;
mod post;
mod quote;
mod reaction;
mod report;
mod undo;
mod vote;

use std::cell::RefCell;
use std::collections::HashMap;

use super::store::Event;
use crate::dialogue::actors::{self, Actor};
use crate::dialogue::replies::{Shown, Words};
use crate::federation::wire::incoming::{self as wire, Act, Activity, Item, Malformed, Object};
use crate::kernel::{AgencyId, AnnouncementId, Clock, Site};
use crate::platform::db::{self, Conn};
use crate::publishing;

/// What every handler may know.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) site: &'a Site,
    pub(super) clock: &'a dyn Clock,
    /// How many unknown posts may stand between a reply and something we know.
    pub(super) ancestors: u32,
    pub(super) recall: &'a Recall,
}

/// What was looked up in this transaction already, and what is left to do at its end: a thousand replies have few authors
/// and fewer announcements.
#[derive(Default)]
pub(super) struct Recall {
    shown: RefCell<Shown>,
    actors: RefCell<HashMap<String, Actor>>,
    places: RefCell<HashMap<AnnouncementId, (AgencyId, AnnouncementId)>>,
}

impl Recall {
    /// Does what was put off: once for all activities, or after each that may be taken back on its own.
    pub(super) fn settle(&self, conn: &mut Conn) -> Result<(), db::Error> {
        self.shown.borrow_mut().count(conn)
    }

    fn actor(&self, conn: &mut Conn, uri: &str) -> Result<Option<Actor>, db::Error> {
        if let Some(actor) = self.actors.borrow().get(uri) {
            return Ok(Some(actor.clone()));
        }
        let actor = actors::by_uri(conn, uri)?;
        if let Some(actor) = &actor {
            self.actors
                .borrow_mut()
                .insert(uri.to_owned(), actor.clone());
        }
        Ok(actor)
    }

    /// An account was deleted or fetched anew.
    fn forget_actor(&self, uri: &str) {
        self.actors.borrow_mut().remove(uri);
    }

    /// The agency and thread of an announcement, which never change.
    fn place(
        &self,
        conn: &mut Conn,
        id: AnnouncementId,
    ) -> Result<Option<(AgencyId, AnnouncementId)>, db::Error> {
        if let Some(place) = self.places.borrow().get(&id) {
            return Ok(Some(*place));
        }
        let place = publishing::place_of(conn, id)?;
        if let Some(place) = place {
            self.places.borrow_mut().insert(id, place);
        }
        Ok(place)
    }
}

/// An activity, parsed and its text sanitised: the costly part, done before the transaction begins.
pub(super) struct Prepared {
    pub(super) event: Event,
    activity: Result<Activity, Malformed>,
    /// The safe text of an embedded post.
    words: Option<Words>,
}

impl Prepared {
    pub(super) fn new(event: Event) -> Self {
        let activity = Activity::parse(&event.body);
        let words = match &activity {
            Ok(Activity {
                act: Act::Create(items),
                ..
            }) if !event.forwarded => match items.as_slice() {
                [Item::Embedded(object)] => Some(post::words(object, event.received_at)),
                _ => None,
            },
            Ok(Activity {
                act: Act::Update(Item::Embedded(object)),
                ..
            }) if !event.forwarded => Some(post::words(object, event.received_at)),
            _ => None,
        };
        Self {
            event,
            activity,
            words,
        }
    }
}

/// What was fetched for one activity so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) objects: HashMap<String, Found>,
    /// Actors whose document was fetched anew: they are in the database, the document is here.
    pub(super) actors: HashMap<String, Option<wire::Actor>>,
}

/// What became of a fetch.
#[derive(Debug)]
pub(super) enum Found {
    /// With the bytes that its origin served.
    Object(Box<Object>, Vec<u8>),
    /// Its server says that it was deleted, or is not there.
    Gone,
    /// Nothing that we can use.
    Unusable,
}

/// What a handler decides.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// Nothing of ours, or nothing that may be believed; the reason is kept.
    Ignored(&'static str),
    /// Cannot go on before this is fetched.
    Needs(Need),
    /// More of the same is left to do.
    Again,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// An actor whom we do not know.
    Actor(String),
    /// An actor's document as it is now.
    FreshActor(String),
    Object(String),
}

/// Acts upon one activity.
pub(super) fn apply(
    conn: &mut Conn,
    setting: Setting<'_>,
    prepared: &Prepared,
    findings: &Findings,
) -> Result<Outcome, db::Error> {
    let Ok(activity) = &prepared.activity else {
        return Ok(Outcome::Ignored("not an activity that can be read"));
    };
    let event = &prepared.event;
    if event.forwarded {
        return forwarded(conn, setting, event, activity, findings);
    }
    let Some(actor) = setting.recall.actor(conn, &event.actor_uri)? else {
        return Ok(Outcome::Needs(Need::Actor(event.actor_uri.clone())));
    };
    let deed = Deed {
        setting,
        event,
        activity,
        actor: &actor,
        findings,
    };
    match &activity.act {
        Act::Create(items) => post::create(conn, &deed, items, prepared.words.as_ref()),
        Act::Update(item) => post::update(conn, &deed, item, prepared.words.as_ref()),
        Act::Delete { object, .. } => delete::object(conn, &deed, object),
        Act::DeleteActor => delete::account(conn, &deed),
        Act::UpdateActor(_) => Ok(account::update(&deed)),
        Act::Move { object, target } => account::moved(conn, &deed, object, target),
        Act::Follow { object } => follow::follow(conn, &deed, object),
        Act::Block { object } => follow::block(conn, &deed, object),
        Act::Undo(undone) => undo::undo(conn, &deed, undone),
        Act::Like { object, .. } | Act::EmojiReact { object, .. } => {
            reaction::like(conn, &deed, object)
        }
        Act::Announce { object } => reaction::boost(conn, &deed, object),
        Act::Flag { objects, comment } => report::flag(conn, &deed, objects, comment.as_ref()),
        Act::QuoteRequest { object, instrument } => quote::request(conn, &deed, object, instrument),
        Act::Accept { .. } | Act::Reject { .. } => {
            Ok(Outcome::Ignored("an answer to nothing that we asked"))
        }
        Act::Add { .. } | Act::Remove { .. } => Ok(Outcome::Ignored("somebody else's collection")),
        Act::Other => Ok(Outcome::Ignored("a type that means nothing here")),
    }
}

/// An activity with all that a handler needs to judge it. The actor signed it.
struct Deed<'a> {
    setting: Setting<'a>,
    event: &'a Event,
    activity: &'a Activity,
    actor: &'a Actor,
    findings: &'a Findings,
}

impl Deed<'_> {
    /// Whether the actor's server may speak for `uri`.
    fn speaks_for(&self, uri: &str) -> bool {
        wire::same_origin(uri, &self.actor.uri)
    }

    /// The agency that an id names, if there is one.
    fn agency(&self, conn: &mut Conn, uri: &str) -> Result<Option<AgencyId>, db::Error> {
        let Some(id) = self.setting.site.agency_of(uri) else {
            return Ok(None);
        };
        Ok(crate::agencies::find(conn, id)?.map(|agency| agency.id))
    }
}

/// Somebody passes on what another did. That is a hint at most: what its origin says, counts.
fn forwarded(
    conn: &mut Conn,
    setting: Setting<'_>,
    event: &Event,
    activity: &Activity,
    findings: &Findings,
) -> Result<Outcome, db::Error> {
    let (uri, deletes) = match &activity.act {
        Act::Create(items) => match items.as_slice() {
            [item] => (item.id(), false),
            _ => return Ok(Outcome::Ignored("several objects passed on at once")),
        },
        Act::Update(item) => (item.id(), false),
        Act::Delete { object, .. } => (object.as_str(), true),
        _ => {
            return Ok(Outcome::Ignored(
                "passed on by somebody else, and not of a kind that its origin can confirm",
            ));
        }
    };
    if setting.site.is_ours(uri) {
        return Ok(Outcome::Ignored("about something of our own"));
    }
    match findings.objects.get(uri) {
        None => Ok(Outcome::Needs(Need::Object(uri.to_owned()))),
        Some(Found::Gone) => delete::confirmed_gone(conn, setting, uri),
        Some(Found::Object(..)) if deletes => Ok(Outcome::Ignored(
            "its origin still has what was said to be deleted",
        )),
        Some(Found::Object(object, raw)) => {
            post::fetched(conn, setting, event, (object, raw), findings)
        }
        Some(Found::Unusable) => Ok(Outcome::Ignored("its origin does not confirm it")),
    }
}
