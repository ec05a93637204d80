//! What citizens sent to an agency, as its people work through it: taken, noted upon, answered, done.
//!
//! The queue reads the journal with a cursor of its own ([`take_in`]), so that nothing that came can be missing from it,
//! and an answer counts whichever way it was published. Private messages are there only for who may read them: the use
//! cases ask the [`Mandate`], and count nothing that it does not cover.

mod conversation;
mod filling;
mod item;
mod store;
pub mod templates;
mod working;

pub use self::conversation::{Turn, conversation};
pub use self::filling::{is_behind, take_in};
pub use self::item::{
    AnsweredBy, Hold, InvalidKind, Item, Kind, LOCK, Note, State, Subject, Which,
};
pub use self::store::{Count, Filter, Standing};
pub(in crate::dialogue) use self::store::{forget, hide};
pub use self::templates::Template;
pub use self::working::{
    Wording, answer, answer_now, answer_of, answer_with, assign, counts, done, languages, list,
    look, names, note, notes, others_by_author, release, reopen, take, threads, withdrawal,
};

use crate::agencies::staff::{Mandate, Refused, Right};
use crate::kernel::{DraftId, PersonId, QueueItemId, ReportId};
use crate::platform::db::{self, Conn};
use crate::publishing::drafts;

/// Why something could not be done with what stands in the queue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("there is no such entry in this agency's queue")]
    NotFound,
    #[error(
        "somebody else is at it: wait until they release it, or until their ten minutes are over"
    )]
    InHands(PersonId),
    #[error("it is answered or done: open it again first")]
    Closed,
    #[error("it is open already")]
    Open,
    #[error("an answer to it is being written: draft {0}")]
    BeingAnswered(DraftId),
    #[error("a report is answered by nobody: its author's name is not told")]
    NoAnswer,
    #[error("no answer to it stands that could be withdrawn")]
    NotAnswered,
    #[error("a note has 1 to 2,000 characters")]
    Note,
    #[error("nobody of that number works through this agency's queue")]
    Nobody,
    #[error("there is no such template at this agency")]
    NoTemplate,
    #[error("a template needs a name of at most 100 characters and a text of at most 5,000")]
    Template,
    #[error("there is a template of that name in that language already")]
    TemplateTaken,
    #[error("an agency has at most 200 templates")]
    TooManyTemplates,
    #[error("`{0}` is no language tag (BCP 47), such as `en`, `fr-CA` or `ar`")]
    Language(String),
    #[error(transparent)]
    Draft(#[from] drafts::Error),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// An entry of the mandate's agency; those of others, and what was written in private to who may not read it, are not
/// there.
pub fn find(conn: &mut Conn, mandate: &Mandate, id: QueueItemId) -> Result<Item, Error> {
    mandate.require(Right::WorkQueue)?;
    covered(mandate, store::find(conn, id)?)
}

/// The same, to be changed: one after the other, so that two people cannot both be the first.
fn own(conn: &mut Conn, mandate: &Mandate, id: QueueItemId) -> Result<Item, Error> {
    mandate.require(Right::WorkQueue)?;
    covered(mandate, store::find_for_change(conn, id)?)
}

fn covered(mandate: &Mandate, item: Option<Item>) -> Result<Item, Error> {
    item.filter(|item| item.agency == mandate.agency() && item.state != State::Gone)
        .filter(|item| item.kind() != Kind::Message || mandate.allows(Right::ReadPrivate))
        .ok_or(Error::NotFound)
}

/// Takes a report out of the queue whose words are destroyed, with what was noted about it.
pub fn forget_report(conn: &mut Conn, id: ReportId) -> Result<(), db::Error> {
    forget(conn, Subject::Report(id))
}
