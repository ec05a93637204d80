//! The key with which this server cosigns: made once, kept where the record's keys are kept.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::store;
use crate::archive::keys::{KeyError, KeyStore, write};
use crate::kernel::Site;
use crate::platform::db::{self, Conn, Db};
use crate::tlog::key::KeyKind;
use crate::tlog::{SigningKey, VerifierKey};

/// What the witness calls itself: its address without the scheme.
pub fn name(site: &Site) -> String {
    format!("{}/witness", site.authority())
}

/// The key of this server as a witness; made at the first start.
pub(super) async fn open(
    db: &Db,
    site: &Site,
    keys: &KeyStore,
    chance: fn(&mut [u8]),
) -> Result<SigningKey, KeyError> {
    let (wanted, path) = (name(site), keys.folder().map(|it| it.join("witness.key")));
    let (asked, place) = (wanted.clone(), path.clone());
    let kept = db
        .read(move |conn| kept(conn, &asked, place.as_deref()))
        .await?;
    if let Some(kept) = kept {
        return Ok(kept);
    }
    // Of several processes that start together one makes it.
    db.write(
        move |conn| match self::kept(conn, &wanted, path.as_deref())? {
            Some(kept) => Ok(kept),
            None => make(conn, &wanted, path, chance),
        },
    )
    .await
}

/// The verifier key of this server as a witness, if it has started once.
pub fn kept_vkey(conn: &mut Conn) -> Result<Option<String>, db::Error> {
    Ok(store::key(conn)?.map(|(vkey, _)| vkey))
}

/// The key that is there, if it bears the name: a server that has no agency yet may still change its own.
fn kept(conn: &mut Conn, name: &str, path: Option<&Path>) -> Result<Option<SigningKey>, KeyError> {
    let Some((vkey, private)) = store::key(conn)? else {
        return Ok(None);
    };
    let vkey = VerifierKey::parse(&vkey)?;
    if vkey.name() != name {
        return Ok(None);
    }
    if let Some(private) = private {
        return Ok(Some(SigningKey::parse(private.reveal())?));
    }
    let path = path.ok_or_else(|| KeyError::Nowhere {
        log: name.to_owned(),
    })?;
    let key = read(path)?;
    if key.verifier() == &vkey {
        Ok(Some(key))
    } else {
        Err(KeyError::Another {
            path: path.display().to_string(),
        })
    }
}

fn read(path: &Path) -> Result<SigningKey, KeyError> {
    let shown = || path.display().to_string();
    let line = fs::read_to_string(path).map_err(|cause| KeyError::File {
        path: shown(),
        cause,
    })?;
    SigningKey::parse(line.trim()).map_err(|cause| KeyError::Unreadable {
        path: shown(),
        cause,
    })
}

fn make(
    conn: &mut Conn,
    name: &str,
    path: Option<PathBuf>,
    chance: fn(&mut [u8]),
) -> Result<SigningKey, KeyError> {
    let mut seed = [0; 32];
    chance(&mut seed);
    let key = SigningKey::from_seed(name, KeyKind::Cosignature, &seed)?;
    let Some(path) = path else {
        store::put_key(conn, &key.verifier().to_string(), Some(&key.reveal()))?;
        return Ok(key);
    };
    let failed = |cause| KeyError::File {
        path: path.display().to_string(),
        cause,
    };
    let key = match read(&path) {
        // Written before a crash, or by hand; the database has not heard of it yet.
        Ok(there) if there.verifier().name() == name => there,
        Ok(there) => {
            let id = there.verifier().id();
            fs::rename(&path, path.with_file_name(format!("witness-{id:08x}.key")))
                .map_err(failed)?;
            write(&path, &key.reveal()).map_err(failed)?;
            key
        }
        Err(KeyError::File { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
            write(&path, &key.reveal()).map_err(failed)?;
            key
        }
        Err(error) => return Err(error),
    };
    store::put_key(conn, &key.verifier().to_string(), None)?;
    Ok(key)
}
