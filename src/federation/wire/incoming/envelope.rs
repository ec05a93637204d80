//! The first look at an activity: who says what about which, without reading the rest.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::kernel::Timestamp;

use super::{LONGEST_URI, Malformed, read};

/// What the inbox needs to know before it answers. Agrees with [`super::Activity`] on every property it has.
///
/// Reading one takes one pass over the text and copies nothing unless a string holds escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Missing from Mastodon's `Add` and `Remove`; everybody else sends it.
    pub id: Option<Cow<'a, str>>,
    /// The `type`, such as `Create`.
    pub kind: Cow<'a, str>,
    /// The actor's id as claimed: not believed before the signature is checked.
    pub actor: Cow<'a, str>,
    /// The id of the object, or of the first of several.
    pub object: Option<Cow<'a, str>>,
    pub published: Option<Timestamp>,
}

impl<'a> Envelope<'a> {
    /// Reads a request's body.
    ///
    /// # Errors
    /// If it is no JSON object, nests too deep, or has no usable `type` or `actor`.
    pub fn parse(body: &'a [u8]) -> Result<Self, Malformed> {
        let text = read::checked(body)?;
        let mut json = serde_json::Deserializer::from_str(text);
        let found = (&mut json)
            .deserialize_any(Outer)
            .and_then(|found| json.end().map(|()| found))
            .map_err(|_| Malformed::NotJson)?
            .ok_or(Malformed::NotAnObject)?;
        let kind = match found.kind.ok_or(Malformed::Missing("type"))? {
            Cow::Borrowed(kind) => Cow::Borrowed(read::bare_kind(kind)),
            Cow::Owned(kind) => Cow::Owned(read::bare_kind(&kind).to_owned()),
        };
        Ok(Self {
            id: found.id.filter(|id| read::is_uri(id)),
            kind,
            actor: found
                .actor
                .filter(|actor| read::is_uri(actor))
                .ok_or(Malformed::Missing("actor"))?,
            object: found.object.filter(|object| object.len() <= LONGEST_URI),
            published: found.published.as_deref().and_then(read::date),
        })
    }

    /// Whether an actor speaks of itself: the deletion or update of an account.
    pub fn is_about_its_actor(&self) -> bool {
        self.object
            .as_deref()
            .is_some_and(|object| object == self.actor)
    }
}

#[derive(Default)]
struct Found<'a> {
    id: Option<Cow<'a, str>>,
    kind: Option<Cow<'a, str>>,
    actor: Option<Cow<'a, str>>,
    object: Option<Cow<'a, str>>,
    published: Option<Cow<'a, str>>,
}

struct Outer;

impl<'de> Visitor<'de> for Outer {
    type Value = Option<Found<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an activity")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = Found::default();
        // Of keys that stand twice the last one counts, as in the full reading.
        while let Some(key) = map.next_key_seed(Key)? {
            match key {
                Name::Id => found.id = map.next_value_seed(Reference { strings_only: true })?,
                Name::Type => {
                    found.kind = map.next_value_seed(Reference {
                        strings_only: false,
                    })?;
                }
                Name::Actor => {
                    found.actor = map.next_value_seed(Reference {
                        strings_only: false,
                    })?;
                }
                Name::Object => {
                    found.object = map.next_value_seed(Reference {
                        strings_only: false,
                    })?;
                }
                Name::Published => {
                    found.published = map.next_value_seed(Reference { strings_only: true })?;
                }
                Name::Href | Name::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Some(found))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

enum Name {
    Id,
    Type,
    Actor,
    Object,
    Published,
    Href,
    Other,
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(match name {
            "id" => Name::Id,
            "type" => Name::Type,
            "actor" => Name::Actor,
            "object" => Name::Object,
            "published" => Name::Published,
            "href" => Name::Href,
            _ => Name::Other,
        })
    }
}

/// What [`read::reference`] finds in a value, found while parsing.
#[derive(Clone, Copy)]
struct Reference {
    strings_only: bool,
}

impl<'de> DeserializeSeed<'de> for Reference {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reference {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a reference")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut id, mut href) = (None, None);
        while let Some(key) = map.next_key_seed(Key)? {
            match key {
                Name::Id => id = map.next_value_seed(Self { strings_only: true })?,
                Name::Href => href = map.next_value_seed(Self { strings_only: true })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(if self.strings_only { None } else { id.or(href) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut first = None;
        while first.is_none() {
            match seq.next_element_seed(self)? {
                Some(found) => first = found,
                None => break,
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(if self.strings_only { None } else { first })
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
