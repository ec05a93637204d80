//! This server as a witness for others' logs (c2sp.org/tlog-witness): it cosigns a checkpoint only if the tree goes on
//! from the one that it cosigned last, keeps that before it answers, and keeps what it refused.

mod buckets;
mod key;
pub(super) mod store;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

pub use self::key::{kept_vkey, name};
pub use self::store::{all_evidence, head, heads, one_evidence};

use self::buckets::Buckets;
use super::keys::{KeyError, KeyStore};
use crate::kernel::{Clock, Site, Timestamp};
use crate::platform::chance;
use crate::platform::db::{self, Conn, Db};
use crate::tlog::note::Unsignable;
use crate::tlog::policy::Log;
use crate::tlog::witness::{AddCheckpoint, Malformed, Refusal, judge};
use crate::tlog::{Head, Note, SigningKey, VerifierKey, cosignature};

/// The largest tree of a log that was seen and cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub origin: String,
    pub head: Head,
    /// The log's checkpoint with its signature and our cosignature, as a note.
    pub checkpoint: String,
    pub at: Timestamp,
}

/// A head that a log signed and that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: i64,
    pub origin: String,
    pub reason: Reason,
    /// The size that was cosigned last when it came.
    pub known_size: u64,
    /// The request, with the signatures of the log's own keys: whoever has those can check it.
    pub request: String,
    pub at: Timestamp,
}

/// What is wrong with a head that a log signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Another tree of the size that was cosigned last: proof that the log has shown two histories.
    Fork,
    /// A larger tree that was not shown to go on from the one cosigned last.
    Inconsistent,
    /// A smaller tree than was cosigned: an older checkpoint, or a history that was rolled back.
    Smaller,
}

impl Reason {
    /// As it is stored and shown to programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Inconsistent => "inconsistent",
            Self::Smaller => "smaller",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Fork, Self::Inconsistent, Self::Smaller]
            .into_iter()
            .find(|reason| reason.word() == word)
    }
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Answer {
    /// Kept; the signature line, with its newline.
    Cosigned(String),
    /// No log that we are a witness for.
    UnknownOrigin,
    /// More requests than anybody needs.
    TooMany,
    Refused(Refusal),
}

/// Why a request could not be answered at all.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error("a checkpoint could not be cosigned: {0}")]
    Cosign(#[from] Unsignable),
}

/// The witness. Cheap to clone.
#[derive(Clone)]
pub struct Witness(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    key: SigningKey,
    /// The keys that are trusted for each log, by its origin, and where the log says that it is.
    logs: BTreeMap<String, (Vec<VerifierKey>, Option<String>)>,
    buckets: Buckets,
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Witness")
            .field("key", &self.0.key)
            .finish_non_exhaustive()
    }
}

impl Witness {
    /// A witness for `logs`, with its key, which is made if there is none yet.
    pub async fn open(
        db: Db,
        clock: Arc<dyn Clock>,
        site: &Site,
        keys: &KeyStore,
        listed: &[Log],
    ) -> Result<Self, KeyError> {
        let key = key::open(&db, site, keys, chance).await?;
        let mut logs: BTreeMap<String, (Vec<VerifierKey>, Option<String>)> = BTreeMap::new();
        for log in listed {
            let (keys, url) = logs.entry(log.key.name().to_owned()).or_default();
            keys.push(log.key.clone());
            *url = url.take().or_else(|| log.url.clone());
        }
        Ok(Self(Arc::new(Inner {
            db,
            clock,
            key,
            logs,
            buckets: Buckets::default(),
        })))
    }

    /// The key that others verify its cosignatures with.
    pub fn vkey(&self) -> &VerifierKey {
        self.0.key.verifier()
    }

    /// The logs that it cosigns, by origin, with their keys.
    pub fn logs(&self) -> impl Iterator<Item = (&str, &[VerifierKey], Option<&str>)> {
        self.0
            .logs
            .iter()
            .map(|(origin, (keys, url))| (origin.as_str(), keys.as_slice(), url.as_deref()))
    }

    /// Reads a request and answers it: what is cosigned is kept before this returns.
    pub async fn add_checkpoint(
        &self,
        body: &[u8],
        client: IpAddr,
    ) -> Result<Result<Answer, Failure>, Malformed> {
        let request = AddCheckpoint::from_bytes(body)?;
        Ok(self.consider(request, client).await)
    }

    async fn consider(&self, request: AddCheckpoint, client: IpAddr) -> Result<Answer, Failure> {
        let origin = request.origin().to_owned();
        let Some((keys, _)) = self.0.logs.get(&origin) else {
            return Ok(Answer::UnknownOrigin);
        };
        let now = self.0.clock.now();
        if !self.0.buckets.take(&origin, client, now) {
            return Ok(Answer::TooMany);
        }
        let asked = origin.clone();
        let known = self
            .0
            .db
            .read(move |conn| store::head(conn, &asked))
            .await?
            .map(|kept| kept.head);
        let refusal = match judge(known.as_ref(), &request, keys) {
            Ok(head) => {
                let (kept, line) = vouched(&request, head, &self.0.key, keys, now)?;
                match self.keep(known, kept).await? {
                    None => return Ok(Answer::Cosigned(format!("{line}\n"))),
                    Some(moved) => Refusal::OldSizeMismatch { known: moved },
                }
            }
            Err(refusal) => refusal,
        };
        self.remember(&request, known, &refusal, keys, now).await?;
        Ok(Answer::Refused(refusal))
    }

    /// Compares and keeps, in one transaction; returns the size that another request has brought meanwhile.
    async fn keep(&self, known: Option<Head>, new: Kept) -> Result<Option<u64>, db::Error> {
        self.0
            .db
            .write_beside(move |conn| {
                if store::replace(conn, known.as_ref(), &new)? {
                    return Ok(None);
                }
                let there = store::head(conn, &new.origin)?;
                Ok(Some(there.map_or(0, |kept| kept.head.size)))
            })
            .await
    }

    /// Keeps the evidence, if the log signed what it must not or need not have.
    async fn remember(
        &self,
        request: &AddCheckpoint,
        known: Option<Head>,
        refusal: &Refusal,
        keys: &[VerifierKey],
        now: Timestamp,
    ) -> Result<(), db::Error> {
        let known = known.unwrap_or(Head::EMPTY);
        let Some(reason) = misbehaviour(known, request.checkpoint().head(), refusal) else {
            return Ok(());
        };
        let note = only_of(request.note(), keys);
        let Ok(request) = AddCheckpoint::new(request.old(), request.proof().to_vec(), note) else {
            return Ok(());
        };
        let evidence = Evidence {
            id: 0,
            origin: request.origin().to_owned(),
            reason,
            known_size: known.size,
            request: request.to_string(),
            at: now,
        };
        let (origin, size) = (evidence.origin.clone(), request.checkpoint().size);
        let new = self
            .0
            .db
            .write_beside(move |conn| store::add_evidence(conn, &evidence))
            .await?;
        if new {
            tracing::warn!(
                witness.origin = origin,
                witness.size = size,
                witness.known = known.size,
                reason = reason.word(),
                "a head that its log signed was refused; the evidence is kept"
            );
        }
        Ok(())
    }
}

/// What a refusal says about the log, if anything. The signature was valid, or there is nothing to say.
fn misbehaviour(known: Head, new: Head, refusal: &Refusal) -> Option<Reason> {
    match refusal {
        Refusal::BadSignature | Refusal::OldSizeAbove => None,
        Refusal::OldSizeMismatch { .. } | Refusal::BadProof { .. } if new.size == known.size => {
            (new.root != known.root).then_some(Reason::Fork)
        }
        Refusal::BadProof { .. } => Some(Reason::Inconsistent),
        Refusal::OldSizeMismatch { .. } => (new.size < known.size).then_some(Reason::Smaller),
    }
}

/// The note with none but the valid signatures of these keys.
fn only_of(note: &Note, keys: &[VerifierKey]) -> Note {
    let of_the_log =
        |name: &str, id: u32| keys.iter().any(|key| key.name() == name && key.id() == id);
    Note {
        text: note.text.clone(),
        signatures: note
            .signatures
            .iter()
            .filter(|it| of_the_log(&it.name, it.id))
            .cloned()
            .collect(),
    }
}

/// The checkpoint of a request, cosigned, as it is to be kept, and the cosignature alone.
fn vouched(
    request: &AddCheckpoint,
    head: Head,
    key: &SigningKey,
    keys: &[VerifierKey],
    now: Timestamp,
) -> Result<(Kept, crate::tlog::note::Signature), Unsignable> {
    let mut note = only_of(request.note(), keys);
    let time = u64::try_from(now.seconds()).unwrap_or(0);
    let cosignature = cosignature::cosign(&note.text, key, time)?;
    note.add(cosignature.clone());
    let kept = Kept {
        origin: request.origin().to_owned(),
        head,
        checkpoint: note.to_string(),
        at: now,
    };
    Ok((kept, cosignature))
}

/// A checkpoint of our own that this server, as a witness, may cosign: what it must keep, and the note with its line.
pub(super) struct OwnWord {
    known: Option<Head>,
    new: Kept,
    pub(super) note: String,
}

/// Judges a checkpoint of our own as any other log's; `proof` shows that it goes on from the tree of the size asked for.
/// `None` if this server must not cosign it.
pub(super) fn own_word<E: From<db::Error>>(
    conn: &mut Conn,
    witness: &Witness,
    keys: &[VerifierKey],
    note: &Note,
    now: Timestamp,
    proof: impl FnOnce(&mut Conn, u64) -> Result<Option<Vec<crate::tlog::Hash>>, E>,
) -> Result<Option<OwnWord>, E> {
    let origin = keys.first().map_or("", VerifierKey::name);
    let known = store::head(conn, origin)?.map(|kept| kept.head);
    let old = known.map_or(0, |head| head.size);
    let Some(proof) = proof(conn, old)? else {
        return Ok(None);
    };
    let Ok(request) = AddCheckpoint::new(old, proof, note.clone()) else {
        return Ok(None);
    };
    let Ok(head) = judge(known.as_ref(), &request, keys) else {
        return Ok(None);
    };
    let Ok((new, line)) = vouched(&request, head, &witness.0.key, keys, now) else {
        return Ok(None);
    };
    let mut note = note.clone();
    note.add(line);
    Ok(Some(OwnWord {
        known,
        new,
        note: note.to_string(),
    }))
}

/// Keeps what [`own_word`] says, if nothing else was kept meanwhile; the line may go out only then.
pub(super) fn give(conn: &mut Conn, word: &OwnWord) -> Result<bool, db::Error> {
    store::replace(conn, word.known.as_ref(), &word.new)
}

/// Keeps what was seen before a restoration, so that nobody can be shown an older history afterwards.
pub fn keep_greater(conn: &mut Conn, seen: &[Kept]) -> Result<(), db::Error> {
    seen.iter()
        .try_for_each(|seen| store::keep_greater(conn, seen))
}
