//! A whole activity: what somebody did.

use serde_json::{Map, Value};

use crate::kernel::Plain;
use crate::kernel::Timestamp;

use super::{Actor, Audience, LONGEST_COMMENT, MOST_OBJECTS, Malformed, Object, ObjectKind, read};

/// What somebody did. That the signer is `actor`, and that ids lie on its origin, is for the caller to check.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    pub id: Option<String>,
    pub actor: String,
    pub published: Option<Timestamp>,
    pub audience: Audience,
    pub act: Act,
}

/// The kinds of activity that mean something to us.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Follow {
        object: String,
    },
    Undo(Undone),
    /// At least one thing; several only as the choices of a poll vote.
    Create(Vec<Item>),
    Update(Item),
    /// The actor's own document, embedded and readable, or else to be fetched.
    UpdateActor(Option<Box<Actor>>),
    Delete {
        object: String,
        /// What it was, as far as told.
        former: Option<ObjectKind>,
    },
    /// The actor is gone for good.
    DeleteActor,
    Like {
        object: String,
        /// A Misskey or Pleroma reaction: an emoji, or `:name:`.
        reaction: Option<Plain>,
    },
    EmojiReact {
        object: String,
        reaction: Option<Plain>,
    },
    Announce {
        object: String,
    },
    Block {
        object: String,
    },
    /// A report of actors and posts.
    Flag {
        objects: Vec<String>,
        comment: Option<Plain>,
    },
    Move {
        object: String,
        target: String,
    },
    Accept {
        object: String,
        /// The stamp that came with it (FEP-044f, or an interaction policy).
        result: Option<String>,
    },
    Reject {
        object: String,
    },
    Add {
        object: Option<String>,
        target: Option<String>,
    },
    Remove {
        object: Option<String>,
        target: Option<String>,
    },
    QuoteRequest {
        /// The post to be quoted.
        object: String,
        /// The post that quotes it.
        instrument: Item,
    },
    /// A type that we do not handle.
    Other,
}

/// A thing named by its id, or sent whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Reference(String),
    Embedded(Box<Object>),
}

impl Item {
    fn of(value: &Value) -> Result<Self, Malformed> {
        match value {
            Value::Object(map) => Ok(Self::Embedded(Box::new(Object::from_map(map)?))),
            other => read::uri(Some(other))
                .map(Self::Reference)
                .ok_or(Malformed::Missing("object")),
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Reference(id) => id,
            Self::Embedded(object) => &object.id,
        }
    }

    pub fn embedded(&self) -> Option<&Object> {
        match self {
            Self::Reference(_) => None,
            Self::Embedded(object) => Some(object),
        }
    }
}

/// What an `Undo` takes back: by its id, by what it was, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub id: Option<String>,
    /// `None` if only the id came.
    pub kind: Option<UndoneKind>,
    /// What the activity taken back was about.
    pub object: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoneKind {
    Follow,
    /// A `Like` or `EmojiReact`.
    Like,
    Announce,
    Block,
    Other,
}

impl Activity {
    /// Reads a request's body, or what was kept of it.
    ///
    /// # Errors
    /// If the document is no activity, or one that lacks what its type needs.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let map = read::document(body)?;
        let actor = read::uri(map.get("actor")).ok_or(Malformed::Missing("actor"))?;
        Ok(Self {
            id: map
                .get("id")
                .and_then(Value::as_str)
                .filter(|id| read::is_uri(id))
                .map(str::to_owned),
            published: read::date_in(map.get("published")),
            audience: Audience::of(&map),
            act: act(&map, &actor)?,
            actor,
        })
    }
}

fn act(map: &Map<String, Value>, actor: &str) -> Result<Act, Malformed> {
    let object = || read::uri(map.get("object")).ok_or(Malformed::Missing("object"));
    let reaction = || {
        ["_misskey_reaction", "content"]
            .iter()
            .find_map(|name| read::line(map.get(*name), LONGEST_REACTION))
    };
    Ok(match read::kind(map).ok_or(Malformed::Missing("type"))? {
        "Follow" => Act::Follow { object: object()? },
        "Undo" => Act::Undo(undone(map, actor)?),
        "Create" => Act::Create(items(map)?),
        "Update" if is_actor(map, actor) => Act::UpdateActor(
            map.get("object")
                .and_then(Value::as_object)
                .and_then(|document| Actor::from_map(document).ok())
                .map(Box::new),
        ),
        "Update" => Act::Update(first(map)?),
        "Delete" if object()? == actor => Act::DeleteActor,
        "Delete" => Act::Delete {
            object: object()?,
            former: former(map),
        },
        "Like" => Act::Like {
            object: object()?,
            reaction: reaction(),
        },
        "EmojiReact" => Act::EmojiReact {
            object: object()?,
            reaction: reaction(),
        },
        "Announce" => Act::Announce { object: object()? },
        "Block" => Act::Block { object: object()? },
        "Flag" => Act::Flag {
            objects: read::many(map.get("object"))
                .iter()
                .filter_map(|one| read::uri(Some(one)))
                .take(MOST_OBJECTS)
                .collect(),
            comment: read::line(map.get("content"), LONGEST_COMMENT),
        },
        "Move" => Act::Move {
            object: object()?,
            target: read::uri(map.get("target")).ok_or(Malformed::Missing("target"))?,
        },
        "Accept" => Act::Accept {
            object: object()?,
            result: read::uri(map.get("result")),
        },
        "Reject" => Act::Reject { object: object()? },
        "Add" => Act::Add {
            object: read::uri(map.get("object")),
            target: read::uri(map.get("target")),
        },
        "Remove" => Act::Remove {
            object: read::uri(map.get("object")),
            target: read::uri(map.get("target")),
        },
        "QuoteRequest" | "https://w3id.org/fep/044f#QuoteRequest" => Act::QuoteRequest {
            object: object()?,
            instrument: map
                .get("instrument")
                .map(Item::of)
                .transpose()
                .ok()
                .flatten()
                .ok_or(Malformed::Missing("instrument"))?,
        },
        _ => Act::Other,
    })
}

/// Characters of a reaction: an emoji of many code points, or a name between colons.
const LONGEST_REACTION: usize = 128;

/// Everything that an activity brings; what is unreadable is left out if something else is not.
fn items(map: &Map<String, Value>) -> Result<Vec<Item>, Malformed> {
    let mut refusal = Malformed::Missing("object");
    let mut items = Vec::new();
    for value in read::many(map.get("object")).iter().take(MOST_OBJECTS) {
        match Item::of(value) {
            Ok(item) => items.push(item),
            Err(error) => refusal = error,
        }
    }
    if items.is_empty() {
        Err(refusal)
    } else {
        Ok(items)
    }
}

fn first(map: &Map<String, Value>) -> Result<Item, Malformed> {
    items(map)?
        .into_iter()
        .next()
        .ok_or(Malformed::Missing("object"))
}

/// Whether what is updated is the actor itself.
fn is_actor(map: &Map<String, Value>, actor: &str) -> bool {
    map.get("object").and_then(read::reference) == Some(actor)
}

fn former(map: &Map<String, Value>) -> Option<ObjectKind> {
    let object = map.get("object")?.as_object()?;
    match read::kind(object)? {
        "Tombstone" => object
            .get("formerType")
            .and_then(read::reference)
            .map(read::bare_kind)
            .map(|kind| ObjectKind::of(Some(kind))),
        kind => Some(ObjectKind::of(Some(kind))),
    }
}

fn undone(map: &Map<String, Value>, actor: &str) -> Result<Undone, Malformed> {
    let object = map.get("object").ok_or(Malformed::Missing("object"))?;
    let whole = match object {
        Value::Array(many) => many.iter().find_map(Value::as_object),
        other => other.as_object(),
    };
    let Some(whole) = whole else {
        let id = read::uri(Some(object)).ok_or(Malformed::Missing("object"))?;
        return Ok(Undone {
            id: Some(id),
            kind: None,
            object: None,
        });
    };
    if whole
        .get("actor")
        .and_then(read::reference)
        .is_some_and(|other| other != actor)
    {
        return Err(Malformed::SomebodyElses);
    }
    let undone = Undone {
        id: read::uri(whole.get("id")),
        kind: read::kind(whole).map(|kind| match kind {
            "Follow" => UndoneKind::Follow,
            "Like" | "EmojiReact" => UndoneKind::Like,
            "Announce" => UndoneKind::Announce,
            "Block" => UndoneKind::Block,
            _ => UndoneKind::Other,
        }),
        object: read::uri(whole.get("object")),
    };
    if undone.id.is_none() && undone.object.is_none() {
        return Err(Malformed::Missing("object"));
    }
    Ok(undone)
}
