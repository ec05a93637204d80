//! Public keys as actors publish them.

use serde_json::{Map, Value};

use super::{LONGEST_KEY, MOST_KEYS, Malformed, read, same_origin};

/// A key of the `publicKey` property (security/v1): RSA nearly everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// What a signature's `keyId` names, compared byte for byte.
    pub id: String,
    /// The actor that it belongs to.
    pub owner: String,
    /// PEM as sent: not yet known to be a key.
    pub pem: String,
}

/// A key of `assertionMethod` (FEP-521a): Ed25519 where `multibase` begins with `z6Mk`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multikey {
    pub id: String,
    pub controller: String,
    pub multibase: String,
}

impl PublicKey {
    /// Reads the answer to a fetch of a signature's `keyId`: a key document `{id, owner, publicKeyPem}`,
    /// or an actor (`GoToSocial`: a stub of one) with the key in it.
    ///
    /// The key returned has that very id. That its owner's own document names it too is for the caller to check.
    pub fn parse(body: &[u8], key_id: &str) -> Result<Self, Malformed> {
        let map = read::document(body)?;
        Self::from_map(&map)
            .into_iter()
            .chain(Self::all(&map))
            .find(|key| key.id == key_id)
            .ok_or(Malformed::Missing("publicKey"))
    }

    fn from_map(map: &Map<String, Value>) -> Option<Self> {
        Some(Self {
            id: read::uri(map.get("id"))?,
            owner: read::uri(map.get("owner")).or_else(|| read::uri(map.get("controller")))?,
            pem: material(map.get("publicKeyPem"))?,
        })
    }

    fn all(map: &Map<String, Value>) -> impl Iterator<Item = Self> {
        read::many(map.get("publicKey"))
            .iter()
            .filter_map(|key| Self::from_map(key.as_object()?))
    }

    /// Those of an actor's keys that say that they are the actor's.
    pub(super) fn of(map: &Map<String, Value>, actor: &str) -> Vec<Self> {
        Self::all(map)
            .filter(|key| key.owner == actor && same_origin(&key.id, actor))
            .take(MOST_KEYS)
            .collect()
    }
}

impl Multikey {
    pub(super) fn of(map: &Map<String, Value>, actor: &str) -> Vec<Self> {
        read::many(map.get("assertionMethod"))
            .iter()
            .filter_map(|key| {
                let key = key.as_object()?;
                (read::kind(key)? == "Multikey").then_some(())?;
                Some(Self {
                    id: read::uri(key.get("id"))?,
                    controller: read::uri(key.get("controller"))?,
                    multibase: material(key.get("publicKeyMultibase"))?,
                })
            })
            .filter(|key| key.controller == actor && same_origin(&key.id, actor))
            .take(MOST_KEYS)
            .collect()
    }
}

fn material(value: Option<&Value>) -> Option<String> {
    read::text(value)
        .filter(|text| text.len() <= LONGEST_KEY)
        .map(str::to_owned)
}
