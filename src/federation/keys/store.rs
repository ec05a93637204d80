//! Keys in the database: our own, and those that others publish.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{Algorithm, PublicKey};
use crate::kernel::{ActorId, AgencyId, Secret, Timestamp};
use crate::platform::db::schema::{actor_keys, actors, signing_keys};
use crate::platform::db::{self, Conn, on_either};

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }

    fn named(name: &str) -> Result<Self, db::Error> {
        match name {
            "rsa" => Ok(Self::Rsa),
            "ed25519" => Ok(Self::Ed25519),
            _ => Err(db::Error::Corrupt("signing_keys.algorithm")),
        }
    }
}

/// A private key of ours as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) algorithm: Algorithm,
    pub(super) fragment: String,
    pub(super) pkcs8: Secret<Vec<u8>>,
    pub(super) retired: bool,
}

/// The keys of an agency, or of the server itself; the newest first.
pub(super) fn own(conn: &mut Conn, owner: Option<AgencyId>) -> Result<Vec<Stored>, db::Error> {
    let query = signing_keys::table
        .order(signing_keys::id.desc())
        .limit(16)
        .select((
            signing_keys::algorithm,
            signing_keys::fragment,
            signing_keys::private_der,
            signing_keys::retired_at,
        ))
        .into_boxed();
    let query = match owner {
        Some(agency) => query.filter(signing_keys::agency_id.eq(agency.get())),
        None => query.filter(signing_keys::agency_id.is_null()),
    };
    let rows: Vec<(String, String, Vec<u8>, Option<i64>)> = query.load(conn)?;
    rows.into_iter()
        .map(|(algorithm, fragment, pkcs8, retired_at)| {
            Ok(Stored {
                algorithm: Algorithm::named(&algorithm)?,
                fragment,
                pkcs8: Secret::new(pkcs8),
                retired: retired_at.is_some(),
            })
        })
        .collect()
}

pub(super) fn insert_own(
    conn: &mut Conn,
    now: Timestamp,
    owner: Option<AgencyId>,
    fragment: &str,
    generated: &super::GeneratedKey,
) -> Result<(), db::Error> {
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::agency_id.eq(owner.map(AgencyId::get)),
            signing_keys::algorithm.eq(generated.key.algorithm().name()),
            signing_keys::fragment.eq(fragment),
            signing_keys::private_der.eq(generated.pkcs8.reveal()),
            signing_keys::public_der.eq(generated.key.public().spki()),
            signing_keys::created_at.eq(now.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn retire_own(
    conn: &mut Conn,
    now: Timestamp,
    agency: AgencyId,
) -> Result<(), db::Error> {
    let current = signing_keys::table
        .filter(signing_keys::agency_id.eq(agency.get()))
        .filter(signing_keys::retired_at.is_null());
    diesel::update(current)
        .set(signing_keys::retired_at.eq(now.micros()))
        .execute(conn)?;
    Ok(())
}

/// A key of somebody else and whose it is.
#[derive(Debug, Clone)]
pub struct Owned {
    pub actor: ActorId,
    pub actor_uri: String,
    pub host: String,
    pub spki: Vec<u8>,
}

/// Whose key `key_uri` is, unless the owner's account is gone.
pub fn of_others(conn: &mut Conn, key_uri: &str) -> Result<Option<Owned>, db::Error> {
    let row: Option<(i64, String, String, Vec<u8>)> = actor_keys::table
        .inner_join(actors::table)
        .filter(actor_keys::uri.eq(key_uri))
        .filter(actors::deleted_at.is_null())
        .select((
            actors::id,
            actors::uri,
            actors::host,
            actor_keys::public_der,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, actor_uri, host, spki)| Owned {
        actor: ActorId::new(id),
        actor_uri,
        host,
        spki,
    }))
}

/// Makes `keys` (id and key) all that an actor has.
pub fn remember(
    conn: &mut Conn,
    now: Timestamp,
    actor: ActorId,
    keys: &[(String, PublicKey)],
) -> Result<(), db::Error> {
    let uris: Vec<&str> = keys.iter().map(|(uri, _)| uri.as_str()).collect();
    let outdated = actor_keys::table
        .filter(actor_keys::actor_id.eq(actor.get()))
        .filter(actor_keys::uri.ne_all(uris));
    diesel::delete(outdated).execute(conn)?;
    for (uri, key) in keys {
        on_either!(conn => diesel::insert_into(actor_keys::table)
            .values((
                actor_keys::uri.eq(uri),
                actor_keys::actor_id.eq(actor.get()),
                actor_keys::algorithm.eq(key.algorithm().name()),
                actor_keys::public_der.eq(key.spki()),
                actor_keys::fetched_at.eq(now.micros()),
            ))
            .on_conflict(actor_keys::uri)
            .do_update()
            .set((
                actor_keys::actor_id.eq(excluded(actor_keys::actor_id)),
                actor_keys::algorithm.eq(excluded(actor_keys::algorithm)),
                actor_keys::public_der.eq(excluded(actor_keys::public_der)),
                actor_keys::fetched_at.eq(excluded(actor_keys::fetched_at)),
            ))
            .execute(conn))?;
    }
    Ok(())
}
