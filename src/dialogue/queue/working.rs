//! What somebody of the staff does with an entry of the queue.

use std::collections::HashMap;
use std::time::Duration;

use super::item::{AnsweredBy, Hold, Item, Kind, LOCK, Note, State, Subject};
use super::store::{self, Count, Filter, Standing};
use super::{Error, find, own, templates};
use crate::agencies;
use crate::agencies::staff::{self, Mandate, Right, trail};
use crate::dialogue::{actors, messages, quotes, replies};
use crate::kernel::{
    AnnouncementId, AnswerId, Clock, DraftId, PersonId, QueueItemId, TemplateId, Timestamp,
};
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::{self, Alone, Content, Done, Press, Proposal, Standing as Stands};
use crate::publishing::{Answering, Mention, answers, house};

const LONGEST_NOTE: usize = 2_000;

/// For whom the queue is looked at, and as of when.
pub fn look(conn: &mut Conn, clock: &dyn Clock, mandate: &Mandate) -> Result<Standing, Error> {
    mandate.require(Right::WorkQueue)?;
    let now = clock.now();
    Ok(Standing {
        agency: mandate.agency(),
        person: mandate.person(),
        private: mandate.allows(Right::ReadPrivate),
        now,
        overdue: now - house::rules(conn, mandate.agency())?.answer_within(),
    })
}

impl Standing {
    pub const fn now(self) -> Timestamp {
        self.now
    }

    /// How long something may wait.
    pub fn within(self) -> Duration {
        self.now.since(self.overdue)
    }

    pub const fn reads_private(self) -> bool {
        self.private
    }
}

/// A page of the queue, at most `limit`.
pub fn list(
    conn: &mut Conn,
    standing: Standing,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Item>, db::Error> {
    store::list(conn, standing, filter, limit)
}

/// What is open, by kind.
pub fn counts(conn: &mut Conn, standing: Standing) -> Result<Vec<Count>, db::Error> {
    store::counts(conn, standing)
}

/// The languages in which something is open.
pub fn languages(conn: &mut Conn, standing: Standing) -> Result<Vec<String>, db::Error> {
    store::languages(conn, standing)
}

/// The announcements about which most is open.
pub fn threads(
    conn: &mut Conn,
    standing: Standing,
    limit: i64,
) -> Result<Vec<(AnnouncementId, i64)>, db::Error> {
    store::threads(conn, standing, limit)
}

/// What else the same person has sent about the same announcement, or what of theirs is open: the last first.
pub fn others_by_author(
    conn: &mut Conn,
    mandate: &Mandate,
    item: &Item,
    limit: i64,
) -> Result<Vec<Item>, Error> {
    let private = mandate.allows(Right::ReadPrivate);
    Ok(store::others_by_author(conn, item, private, limit)?)
}

/// What was noted about an entry, the first first.
pub fn notes(conn: &mut Conn, mandate: &Mandate, id: QueueItemId) -> Result<Vec<Note>, Error> {
    let item = find(conn, mandate, id)?;
    Ok(store::notes(conn, item.id)?)
}

/// What colleagues are called, for the marks that they leave.
pub fn names(
    conn: &mut Conn,
    mandate: &Mandate,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, String>, Error> {
    mandate.require(Right::WorkQueue)?;
    Ok(store::names(conn, ids)?.into_iter().collect())
}

/// The draft by which an entry is being answered, if that stands.
pub fn answer_of(conn: &mut Conn, item: &Item) -> Result<Option<DraftId>, Error> {
    let Some(id) = item.draft else {
        return Ok(None);
    };
    // Whoever works through the queue may know that there is one.
    let stands = drafts::standing(conn, item.agency, id)?;
    Ok(stands.filter(|it| !it.is_over()).map(|_| id))
}

/// Refuses where an answer is being written, or has gone out a moment ago.
fn expect_unanswered(conn: &mut Conn, item: &Item) -> Result<(), Error> {
    expect_open(item)?;
    let Some(id) = item.draft else {
        return Ok(());
    };
    match drafts::standing(conn, item.agency, id)? {
        None | Some(Stands::Discarded) => Ok(()),
        Some(_) => Err(Error::BeingAnswered(id)),
    }
}

/// Takes an entry: for ten minutes nobody else may work at it. Again, it is ten more.
pub fn take(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
) -> Result<Item, Error> {
    let item = free(conn, clock, mandate, id)?;
    expect_open(&item)?;
    let is_new = item.held_by(clock.now()).is_none();
    let item = renewed(clock, mandate, item);
    store::keep(conn, &item)?;
    if is_new {
        noted(conn, clock, mandate, trail::Act::QueueTaken, &item)?;
    }
    Ok(item)
}

/// Lets others at it again.
pub fn release(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
) -> Result<Item, Error> {
    let item = Item {
        hold: None,
        ..free(conn, clock, mandate, id)?
    };
    store::keep(conn, &item)?;
    Ok(item)
}

/// Makes it somebody's business, or nobody's.
pub fn assign(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
    to: Option<PersonId>,
) -> Result<Item, Error> {
    let item = own(conn, mandate, id)?;
    expect_open(&item)?;
    if let Some(person) = to {
        let theirs = staff::mandate(conn, item.agency, person)?.ok_or(Error::Nobody)?;
        let may = theirs.allows(Right::WorkQueue)
            && (item.kind() != Kind::Message || theirs.allows(Right::ReadPrivate));
        if !may {
            return Err(Error::Nobody);
        }
    }
    if item.assigned_to == to {
        return Ok(item);
    }
    let item = Item {
        assigned_to: to,
        ..item
    };
    store::keep(conn, &item)?;
    noted(conn, clock, mandate, trail::Act::QueueAssigned, &item)?;
    Ok(item)
}

/// Notes something for colleagues; no citizen ever sees it.
pub fn note(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
    text: &str,
) -> Result<(), Error> {
    let item = own(conn, mandate, id)?;
    // PostgreSQL keeps no such sign in a text.
    let text = text.replace('\0', "");
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_NOTE {
        return Err(Error::Note);
    }
    store::insert_note(conn, item.id, mandate.person(), text, clock.now())?;
    // Whoever works at it keeps it; a note of somebody else takes it from nobody.
    let held = item.held_by(clock.now());
    if held.is_some_and(|hold| Some(hold.by) == mandate.person()) {
        let item = renewed(clock, mandate, item.clone());
        store::keep(conn, &item)?;
    }
    noted(conn, clock, mandate, trail::Act::QueueNoted, &item)
}

/// What an answer says.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// Markdown; it need not name whom it answers.
    pub text: String,
    /// BCP 47; the citizen's own, or the agency's, if none is named.
    pub language: Option<String>,
    /// Whom else the text names: of no account in private.
    pub mentions: Vec<Mention>,
}

/// Begins the answer: a draft, which is approved and goes out as any other. While it stands nobody begins another.
pub fn answer(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
    template: Option<TemplateId>,
) -> Result<DraftId, Error> {
    let wording = match template {
        Some(template) => {
            let template = templates::find(conn, mandate, template)?;
            Wording {
                text: template.text,
                language: Some(template.language),
                mentions: vec![],
            }
        }
        None => Wording::default(),
    };
    answer_with(conn, clock, mandate, id, wording)
}

/// The same with a wording.
pub fn answer_with(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
    wording: Wording,
) -> Result<DraftId, Error> {
    mandate.require(Right::Draft)?;
    let item = free(conn, clock, mandate, id)?;
    expect_unanswered(conn, &item)?;
    let proposal = proposal(conn, &item, wording)?;
    let draft = drafts::start(conn, clock, mandate, vec![proposal])?;
    let item = Item {
        draft: Some(draft.id),
        ..renewed(clock, mandate, item)
    };
    store::keep(conn, &item)?;
    noted(conn, clock, mandate, trail::Act::QueueAnswered, &item)?;
    Ok(draft.id)
}

/// Answers at once, where the house rules let one person do that.
pub fn answer_now(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    id: QueueItemId,
    wording: Wording,
) -> Result<Done, Error> {
    mandate.require(Right::Draft)?;
    let item = free(conn, clock, mandate, id)?;
    expect_unanswered(conn, &item)?;
    let proposal = proposal(conn, &item, wording)?;
    let ground = Alone::ByTheRules { exemption: None };
    let done = drafts::act_alone(conn, clock, press, mandate, vec![proposal], ground)?.pop();
    let done = done.ok_or(Error::NotFound)?;
    let by = match (&done.answer, &done.announcement) {
        (Some(answer), _) => AnsweredBy::Message(answer.id),
        (None, Some(announcement)) => AnsweredBy::Announcement(announcement.id),
        (None, None) => return Err(Error::NotFound),
    };
    // Before the queue reads of it, so that nobody answers in between.
    let item = Item {
        state: State::Answered {
            by,
            at: clock.now(),
        },
        hold: None,
        ..item
    };
    store::keep(conn, &item)?;
    noted(conn, clock, mandate, trail::Act::QueueAnswered, &item)?;
    Ok(done)
}

/// What takes back a private answer to an entry: that one, or the last that stands.
pub fn withdrawal(
    conn: &mut Conn,
    mandate: &Mandate,
    id: QueueItemId,
    answer: Option<AnswerId>,
    reason: &str,
) -> Result<Proposal, Error> {
    mandate.require(Right::Draft)?;
    let item = find(conn, mandate, id)?;
    let Subject::Message(message) = item.subject else {
        return Err(Error::NotAnswered);
    };
    let mut given = answers::by_messages(conn, &[message], MOST_ANSWERS)?;
    given.retain(|it| it.withdrawn.is_none() && answer.is_none_or(|answer| it.id == answer));
    let answer = given.pop().ok_or(Error::NotAnswered)?.id;
    Ok(Proposal::AnswerWithdrawal {
        message,
        answer,
        reason: reason.to_owned(),
    })
}

/// More than anybody gives to one message.
const MOST_ANSWERS: i64 = 100;

/// The answer to an entry: in private to what was said in private, and nothing else.
fn proposal(conn: &mut Conn, item: &Item, wording: Wording) -> Result<Proposal, Error> {
    let language = match (wording.language, &item.language) {
        (Some(language), _) => language,
        (None, Some(language)) if agencies::language(language).is_ok() => language.clone(),
        (None, _) => {
            let agency = agencies::find(conn, item.agency)?.ok_or(Error::NotFound)?;
            agency.language
        }
    };
    let content = Content {
        markdown: wording.text,
        language,
        ..Content::default()
    };
    if let Subject::Message(message) = item.subject {
        let found = messages::by_ids(conn, &[message])?.pop();
        let found = found.filter(|it| !it.deleted).ok_or(Error::NotFound)?;
        let to = mention(found.author);
        return Ok(Proposal::PrivateAnswer {
            message,
            content: content.addressed(&to),
            to,
        });
    }
    let (answering, author) = addressee(conn, item)?;
    let mut content = content.addressed(&author);
    let others = wording.mentions.into_iter();
    content
        .mentions
        .extend(others.filter(|it| it.uri != author.uri));
    Ok(Proposal::Announcement {
        content,
        answering: Some(answering),
        pin: false,
        rest: vec![],
    })
}

fn mention(author: actors::Actor) -> Mention {
    Mention {
        acct: author.acct(),
        uri: author.uri,
        url: author.url,
    }
}

/// What a public answer answers, and whom it addresses.
fn addressee(conn: &mut Conn, item: &Item) -> Result<(Answering, Mention), Error> {
    let (uri, author) = match item.subject {
        Subject::Reply(id) | Subject::Mention(id) => {
            let reply = replies::by_id(conn, id)?.ok_or(Error::NotFound)?;
            if reply.standing != replies::Standing::Shown {
                return Err(Error::NotFound);
            }
            (reply.uri, reply.author)
        }
        Subject::Quote(id) => {
            let quote = quotes::find(conn, id)?.ok_or(Error::NotFound)?;
            let author = actors::by_id(conn, quote.actor)?.ok_or(Error::NotFound)?;
            (quote.quote_uri, author)
        }
        Subject::Message(_) | Subject::Report(_) => return Err(Error::NoAnswer),
    };
    // Who quotes begins a thread of their own.
    let thread = item.thread.filter(|_| item.kind() == Kind::Reply);
    Ok((Answering { uri, thread }, mention(author)))
}

/// Nothing more is to be said about it.
pub fn done(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
) -> Result<Item, Error> {
    let item = free(conn, clock, mandate, id)?;
    expect_open(&item)?;
    let item = Item {
        state: State::Done { at: clock.now() },
        hold: None,
        ..item
    };
    store::keep(conn, &item)?;
    noted(conn, clock, mandate, trail::Act::QueueDone, &item)?;
    Ok(item)
}

/// It waits again, from now on.
pub fn reopen(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
) -> Result<Item, Error> {
    let item = own(conn, mandate, id)?;
    if item.is_open() {
        return Err(Error::Open);
    }
    let item = Item {
        state: State::Open,
        since: clock.now(),
        hold: None,
        // That one has gone out, if any.
        draft: None,
        ..item
    };
    store::keep(conn, &item)?;
    noted(conn, clock, mandate, trail::Act::QueueReopened, &item)?;
    Ok(item)
}

/// An entry at which nobody else is.
fn free(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    id: QueueItemId,
) -> Result<Item, Error> {
    let item = own(conn, mandate, id)?;
    match item.held_by(clock.now()) {
        Some(hold) if Some(hold.by) != mandate.person() => Err(Error::InHands(hold.by)),
        _ => Ok(item),
    }
}

const fn expect_open(item: &Item) -> Result<(), Error> {
    if item.is_open() {
        Ok(())
    } else {
        Err(Error::Closed)
    }
}

/// In the hands of who acts from now on; the command line has none.
fn renewed(clock: &dyn Clock, mandate: &Mandate, item: Item) -> Item {
    let hold = mandate.person().map(|by| Hold {
        by,
        until: clock.now() + LOCK,
    });
    Item { hold, ..item }
}

fn noted(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    act: trail::Act,
    item: &Item,
) -> Result<(), Error> {
    trail::note(conn, clock, mandate, act, item.subject.in_trail())?;
    Ok(())
}
