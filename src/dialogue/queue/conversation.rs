//! What was said in private between a citizen and an agency, in its order.

use std::collections::HashSet;

use super::{Error, Item, Subject};
use crate::agencies::staff::{Mandate, Right};
use crate::dialogue::messages::{self, Message};
use crate::kernel::{MessageId, Site, Timestamp};
use crate::platform::db::Conn;
use crate::publishing::answers::{self, Answer};

/// Steps back to where it began, and forth to its end.
const STEPS: usize = 50;
/// Of each kind in one step.
const AT_ONCE: i64 = 50;

/// Who said something.
#[derive(Debug, Clone)]
pub enum Turn {
    Message(Box<Message>),
    Answer(Answer),
}

impl Turn {
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Message(message) => message.received_at,
            Self::Answer(answer) => answer.sent_at,
        }
    }
}

/// The private conversation that an entry belongs to, from its beginning; of other entries nothing. What its author has
/// deleted is left out with its answers.
pub fn conversation(
    conn: &mut Conn,
    site: &Site,
    mandate: &Mandate,
    item: &Item,
) -> Result<Vec<Turn>, Error> {
    let Subject::Message(id) = item.subject else {
        return Ok(vec![]);
    };
    mandate.require(Right::ReadPrivate)?;
    let Some(mut messages) = beginning(conn, site, item, id)?.map(|first| vec![first]) else {
        return Ok(vec![]);
    };
    let (mut turns, mut seen) = (vec![], HashSet::new());
    for _ in 0..STEPS {
        messages
            .retain(|it| !it.deleted && Some(it.author.id) == item.author && seen.insert(it.id));
        if messages.is_empty() {
            break;
        }
        let ids: Vec<MessageId> = messages.iter().map(|it| it.id).collect();
        let said = messages.drain(..).map(Box::new);
        turns.extend(said.map(Turn::Message));
        let answers = answers::by_messages(conn, &ids, AT_ONCE)?;
        let uris: Vec<String> = answers.iter().map(|it| site.answer(it.id)).collect();
        turns.extend(answers.into_iter().map(Turn::Answer));
        messages = messages::answering(conn, item.agency, &uris, AT_ONCE)?;
    }
    turns.sort_by_key(Turn::at);
    Ok(turns)
}

/// The message with which it began: the one before an answer, before an answer, …
fn beginning(
    conn: &mut Conn,
    site: &Site,
    item: &Item,
    mut id: MessageId,
) -> Result<Option<Message>, Error> {
    let mut first: Option<Message> = None;
    for _ in 0..STEPS {
        let Some(message) = messages::by_ids(conn, &[id])?.pop() else {
            break;
        };
        if Some(message.author.id) != item.author || message.deleted {
            break;
        }
        let before = message
            .parent
            .as_deref()
            .and_then(|uri| site.answer_of(uri));
        first = Some(message);
        let Some(answer) = before else { break };
        match answers::find(conn, answer)?.filter(|it| it.agency == item.agency) {
            Some(answer) => id = answer.message,
            None => break,
        }
    }
    Ok(first)
}
