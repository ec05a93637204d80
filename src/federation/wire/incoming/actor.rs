//! Somebody on another server, as that server describes them.

use serde_json::{Map, Value};

use crate::kernel::Acct;
use crate::kernel::Plain;
use crate::kernel::Timestamp;

use super::{
    LONGEST_LINE, MOST_ALIASES, Malformed, Multikey, PublicKey, authority, read, same_authority,
    same_origin,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    Person,
    /// A bot.
    Service,
    Group,
    Organization,
    /// A server itself, or a bot.
    Application,
}

impl ActorKind {
    pub(super) fn of(kind: Option<&str>) -> Option<Self> {
        match kind? {
            "Person" => Some(Self::Person),
            "Service" => Some(Self::Service),
            "Group" => Some(Self::Group),
            "Organization" => Some(Self::Organization),
            "Application" => Some(Self::Application),
            _ => None,
        }
    }
}

/// An actor document. That it came from the host of its `id` is for the caller to check;
/// the rest is consistent: the inbox is there, the keys name this actor as their owner, page and shared inbox are on its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: String,
    pub kind: ActorKind,
    pub inbox: String,
    /// Only if it has the origin of the id: else anybody could point our deliveries anywhere.
    pub shared_inbox: Option<String>,
    pub followers: Option<String>,
    pub outbox: Option<String>,
    pub preferred_username: Option<Plain>,
    /// The address by which the actor wants to be known (FEP-2c59); WebFinger has to confirm it.
    pub webfinger: Option<Acct>,
    pub name: Option<Plain>,
    pub url: Option<String>,
    pub public_keys: Vec<PublicKey>,
    pub multikeys: Vec<Multikey>,
    pub moved_to: Option<String>,
    pub also_known_as: Vec<String>,
    pub suspended: bool,
    pub published: Option<Timestamp>,
}

impl Actor {
    /// Reads a document that was fetched; whether its `id` is the one asked for is for the caller to check.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::from_map(&read::document(body)?)
    }

    pub(super) fn from_map(map: &Map<String, Value>) -> Result<Self, Malformed> {
        let id = map
            .get("id")
            .and_then(Value::as_str)
            .filter(|id| read::is_uri(id))
            .ok_or(Malformed::Missing("id"))?
            .to_owned();
        Ok(Self {
            kind: ActorKind::of(read::kind(map)).ok_or(Malformed::Missing("type"))?,
            inbox: read::uri(map.get("inbox")).ok_or(Malformed::Missing("inbox"))?,
            shared_inbox: map
                .get("endpoints")
                .and_then(|endpoints| read::uri(endpoints.get("sharedInbox")))
                .filter(|shared| same_origin(shared, &id)),
            followers: read::uri(map.get("followers")),
            outbox: read::uri(map.get("outbox")),
            preferred_username: read::line(map.get("preferredUsername"), LONGEST_LINE),
            webfinger: read::text(map.get("webfinger")).and_then(|acct| acct.parse().ok()),
            name: read::line(map.get("name"), LONGEST_LINE),
            url: page(map.get("url"), &id),
            public_keys: PublicKey::of(map, &id),
            multikeys: Multikey::of(map, &id),
            moved_to: read::uri(map.get("movedTo")),
            also_known_as: read::many(map.get("alsoKnownAs"))
                .iter()
                .take(MOST_ALIASES)
                .filter_map(|alias| read::uri(Some(alias)))
                .collect(),
            suspended: read::truth(map.get("suspended")),
            published: read::date_in(map.get("published")),
            id,
        })
    }

    /// The address to ask WebFinger about: the one the actor states, else its name at the host of its id.
    pub fn acct(&self) -> Option<Acct> {
        self.webfinger.clone().or_else(|| {
            let name = self.preferred_username.as_ref()?;
            format!("{name}@{}", authority(&self.id)?).parse().ok()
        })
    }

    /// Where deliveries to it go: one post then serves all of its server.
    pub fn delivery_inbox(&self) -> &str {
        self.shared_inbox.as_deref().unwrap_or(&self.inbox)
    }

    /// The key that a signature names.
    pub fn public_key(&self, key_id: &str) -> Option<&PublicKey> {
        self.public_keys.iter().find(|key| key.id == key_id)
    }
}

/// The profile page, of those on the actor's own host, preferring HTML.
fn page(value: Option<&Value>, id: &str) -> Option<String> {
    let links = read::many(value);
    let is_html = |link: &&Value| {
        link.get("mediaType")
            .and_then(Value::as_str)
            .is_some_and(|found| found.starts_with("text/html"))
    };
    links
        .iter()
        .filter(is_html)
        .chain(links)
        .filter_map(|link| read::uri(Some(link)))
        .find(|url| same_authority(url, id))
}
