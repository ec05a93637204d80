//! One request to a witness, and what its answer means.

use http::{HeaderValue, Method, StatusCode, header};

use super::{Question, url_of};
use crate::kernel::Timestamp;
use crate::platform::net::{Client, NetError, Request};
use crate::tlog::note::{Signature, parse_signatures};
use crate::tlog::witness::{AddCheckpoint, SIZE_MEDIA_TYPE, origin_hash, parse_size};
use crate::tlog::{Checkpoint, Hash, Head, Note, VerifierKey};

/// Bytes of the longest answer that is read: a witness may sign with several keys.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How far ahead a witness's clock may be, in seconds.
const AHEAD: u64 = 600;

/// A cosignature that was verified, or why there is none.
pub(super) type Asked = Result<Signature, Trouble>;

/// Why a witness gave no cosignature.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("it did not answer in time")]
    Silent,
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("it answered with the status {0}")]
    Status(u16),
    /// 409, and the size that it knows.
    #[error("it knows a tree of {0} entries")]
    Knows(u64),
    #[error("it says that it knows more entries than a log here can have")]
    Absurd,
    #[error("it has been shown a newer checkpoint meanwhile")]
    Overtaken,
    #[error("it has seen {known} entries, and there are {here} here")]
    Behind { known: u64, here: u64 },
    #[error(
        "it says that it has seen {known} entries, where there are {here}, and shows no checkpoint that says so: it is not believed"
    )]
    Unproven { known: u64, here: u64 },
    #[error("it has seen a tree of {known} entries, in spite of which it was decided to go on")]
    Overruled { known: u64 },
    #[error("its answer holds no valid cosignature of the key that the policy names")]
    NoCosignature,
    #[error("the time of its cosignature lies in the future")]
    Future,
    #[error("the policy gives no address for it")]
    NoAddress,
    #[error("the tiles of our own tree give no proof")]
    OwnTree,
}

impl Trouble {
    /// Whether it concerns this log alone, and not the witness as a whole.
    pub(super) const fn is_about_the_log(&self) -> bool {
        match self {
            Self::Silent | Self::Net(_) | Self::Status(_) | Self::NoAddress => false,
            Self::Knows(_)
            | Self::Absurd
            | Self::Overtaken
            | Self::Behind { .. }
            | Self::Unproven { .. }
            | Self::Overruled { .. }
            | Self::NoCosignature
            | Self::Future
            | Self::OwnTree => true,
        }
    }
}

/// Asks once.
pub(super) async fn ask(
    client: &Client,
    question: &Question,
    (old, proof): (u64, Vec<Hash>),
    now: Timestamp,
) -> Asked {
    let mut url = url_of(&question.witness).ok_or(Trouble::NoAddress)?;
    url.path_segments_mut()
        .map_err(|()| Trouble::NoAddress)?
        .pop_if_empty()
        .push("add-checkpoint");
    let body = AddCheckpoint::new(old, proof, question.note.clone());
    let body = body.map_err(|_| Trouble::OwnTree)?.to_string();
    let mut request = Request::new(Method::POST, url);
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    *request.body_mut() = Some(body.into());
    let response = client.send(request).await?;
    let status = response.status();
    let is_size = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == SIZE_MEDIA_TYPE.as_bytes());
    let body = Client::read_at_most(response, LONGEST_ANSWER).await?;
    let body = std::str::from_utf8(&body).unwrap_or_default();
    match status {
        StatusCode::OK => cosignature(&question.note.text, body, &question.witness.key, now),
        StatusCode::CONFLICT if is_size => Err(parse_size(body).map_or(
            Trouble::Status(StatusCode::CONFLICT.as_u16()),
            Trouble::Knows,
        )),
        other => Err(Trouble::Status(other.as_u16())),
    }
}

/// The head of the last checkpoint that a witness shows of a log, at the place below its address where witnesses do that
/// (`<origin hash>/checkpoint`), if one of the log's own `keys` has signed it: nobody else can make one.
pub(super) async fn shown(
    client: &Client,
    question: &Question,
    keys: &[VerifierKey],
) -> Option<Head> {
    let mut url = url_of(&question.witness)?;
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .push(&origin_hash(&question.log.origin))
        .push("checkpoint");
    let response = client.send(Request::new(Method::GET, url)).await.ok()?;
    if response.status() != StatusCode::OK {
        return None;
    }
    let body = Client::read_at_most(response, LONGEST_ANSWER).await.ok()?;
    let note = Note::from_bytes(&body).ok()?;
    let opened = keys
        .iter()
        .find_map(|key| Checkpoint::open(&note, key).ok())?;
    Some(opened.head())
}

/// The cosignature of this key in an answer; lines of other keys do not count.
fn cosignature(text: &str, lines: &str, key: &VerifierKey, now: Timestamp) -> Asked {
    let signatures = parse_signatures(lines).map_err(|_| Trouble::NoCosignature)?;
    let note = Note {
        text: text.to_owned(),
        signatures,
    };
    let verified = note.verify(key).map_err(|_| Trouble::NoCosignature)?;
    let latest = u64::try_from(now.seconds())
        .unwrap_or(0)
        .saturating_add(AHEAD);
    if verified.timestamp.is_none_or(|time| time > latest) {
        return Err(Trouble::Future);
    }
    let mut own = note.signatures.into_iter().filter(|it| {
        let line = Note {
            text: text.to_owned(),
            signatures: vec![it.clone()],
        };
        line.verify(key)
            .is_ok_and(|it| it.timestamp == verified.timestamp)
    });
    own.next().ok_or(Trouble::NoCosignature)
}
