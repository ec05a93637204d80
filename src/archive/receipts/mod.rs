//! Receipts: who replies in public is sent, once for each thread, the link that opens their entry, in private.
//!
//! A reader of the journal behind the record, with a cursor of its own, which begins where the journal ends when receipts
//! are switched on.

mod store;
mod words;

pub(super) use self::store::{forget, forget_person, take_back};

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::following;
use super::kind::Subject;
use super::{disclosure, entries, log};
use crate::agencies;
use crate::dialogue::replies::{self, Standing};
use crate::dialogue::{followers, messages};
use crate::federation::outbox;
use crate::kernel::{AgencyId, Clock, MessageId, ReplyId, SafeHtml, Site};
use crate::platform::bell::Bell;
use crate::platform::chance;
use crate::platform::db::{self, Conn, Db};
use crate::platform::journal::{self, Fact};

/// The name of our cursor in the journal.
const CONSUMER: &str = "receipts";
/// Facts taken in one transaction: few, since nobody else may write on SQLite meanwhile.
const BATCH: i64 = 128;
/// How often it looks whether there is something to do.
const GLANCE: Duration = Duration::from_secs(1);

/// Sends receipts. One per process; of several processes one at a time gets on.
pub struct Receipts {
    db: Db,
    clock: Arc<dyn Clock>,
    site: Site,
    /// Rings when deliveries were written.
    deliveries: Bell,
}

impl std::fmt::Debug for Receipts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receipts").finish_non_exhaustive()
    }
}

/// Forgets how far receipts have come: when they are switched on again, nothing from before is looked at.
pub fn switch_off(conn: &mut Conn) -> Result<(), db::Error> {
    journal::leave(conn, CONSUMER)
}

impl Receipts {
    pub const fn new(db: Db, clock: Arc<dyn Clock>, site: Site, deliveries: Bell) -> Self {
        Self {
            db,
            clock,
            site,
            deliveries,
        }
    }

    /// Works until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "receipts cannot be sent"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(GLANCE) => {}
            }
        }
    }

    /// Works until nothing is left to do: for commands and tests.
    pub async fn run_until_idle(&self) -> Result<(), db::Error> {
        while self.step().await? {}
        Ok(())
    }

    /// Acts upon the next facts. Whether there were any.
    pub async fn step(&self) -> Result<bool, db::Error> {
        let idle = |conn: &mut Conn| {
            Ok::<_, db::Error>(
                journal::has_begun(conn, CONSUMER)? && following::is_idle(conn, CONSUMER)?,
            )
        };
        if self.db.read(idle).await? {
            return Ok(false);
        }
        let (site, clock) = (self.site.clone(), self.clock.clone());
        let came = self
            .db
            .write(move |conn| take(conn, &site, clock.as_ref()))
            .await?;
        if came.messages > 0 {
            self.deliveries.ring();
        }
        Ok(came.any)
    }
}

/// What was done.
#[derive(Debug, Default)]
struct Came {
    any: bool,
    messages: usize,
}

fn take(conn: &mut Conn, site: &Site, clock: &dyn Clock) -> Result<Came, db::Error> {
    if journal::begin_at_end(conn, CONSUMER)? {
        return Ok(Came::default());
    }
    let Some(portion) = following::next(conn, CONSUMER, BATCH)? else {
        return Ok(Came::default());
    };
    let mut came = Came {
        any: true,
        messages: 0,
    };
    for fact in &portion.facts {
        match fact.fact {
            Fact::ReplyReceived { reply, .. } => {
                came.messages += usize::from(give(conn, site, clock, fact, reply)?);
            }
            Fact::ReplyDeleted { reply, .. } => take_back(conn, reply)?,
            Fact::MessageReceived { message, .. } | Fact::MessageEdited { message, .. } => {
                heed(conn, clock, fact.agency, message)?;
            }
            _ => {}
        }
    }
    portion.close(conn, CONSUMER)?;
    Ok(came)
}

/// Sends the author of a reply their receipt, unless they have one for this thread already or want none. Whether one was
/// sent.
fn give(
    conn: &mut Conn,
    site: &Site,
    clock: &dyn Clock,
    fact: &journal::Entry,
    id: ReplyId,
) -> Result<bool, db::Error> {
    let Some(reply) = replies::by_id(conn, id)?.filter(|it| it.standing == Standing::Shown) else {
        return Ok(false);
    };
    let (Some(thread), author) = (reply.thread, &reply.author) else {
        return Ok(false);
    };
    if author.deleted
        || followers::blocked(conn, reply.agency, author.id)?
        || store::has_stopped(conn, reply.agency, author.id)?
    {
        return Ok(false);
    }
    let (Some(place), Some(agency)) = (
        entries::first_of(conn, Subject::Reply(id))?,
        agencies::find(conn, reply.agency)?,
    ) else {
        return Ok(false);
    };
    let Some(log) = log::by_id(conn, place.log)? else {
        return Ok(false);
    };
    if !store::insert(conn, clock.now(), thread, author.id, id, fact.seq)? {
        return Ok(false);
    }
    let token = disclosure::receipt(conn, &log, place.index, &chance)?;
    let entry = site.record_entry(&log.name, place.index);
    let link = format!("{entry}?receipt={}", token.reveal());
    let html = words::receipt(&agency.name, place.index, &link);
    let message = outbox::Message {
        agency: &agency,
        to: author,
        in_reply_to: &reply.uri,
        html: &html,
        language: words::LANGUAGE,
    };
    outbox::send(conn, site, clock, fact, &message)?;
    Ok(true)
}

/// Whoever answers STOP gets no more of them from that agency.
fn heed(
    conn: &mut Conn,
    clock: &dyn Clock,
    agency: AgencyId,
    id: MessageId,
) -> Result<(), db::Error> {
    match messages::words(conn, id)? {
        Some((author, html)) if says_stop(&html) => {
            store::stop(conn, clock.now(), agency, author)?;
            store::take_back_all(conn, agency, author)
        }
        _ => Ok(()),
    }
}

/// STOP and nothing else, but for whom it is said to.
fn says_stop(html: &SafeHtml) -> bool {
    let text = html.to_text();
    let mut words = text
        .split_whitespace()
        .filter(|word| !word.starts_with('@'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty());
    let first = words.next();
    words.next().is_none() && first.is_some_and(|word| word.eq_ignore_ascii_case(words::STOP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_is_heard_however_it_is_written_and_within_nothing_else() {
        for html in [
            "<p>STOP</p>",
            "<p><span class=\"h-card\"><a href=\"https://social.city.gov/@water\">@<span>water</span></a></span> stop.</p>",
            "@water@city.gov  \u{201c}Stop\u{201d}!",
        ] {
            assert!(says_stop(&SafeHtml::from_foreign(html)), "{html}");
        }
        for html in [
            "",
            "<p>@water</p>",
            "<p>stop the leak</p>",
            "<p>Don't stop</p>",
            "<p>stopp</p>",
        ] {
            assert!(!says_stop(&SafeHtml::from_foreign(html)), "{html}");
        }
    }

    #[test]
    fn a_receipt_says_what_it_is_and_how_to_get_no_more() {
        let html = words::receipt(
            "Water & Sewers",
            1_234,
            "https://city.test/record/water/1234?receipt=a&b",
        );
        let text = html.to_text();
        assert!(
            text.contains("Water & Sewers") && text.contains("1,234") && text.contains("STOP"),
            "{text}"
        );
        assert!(
            html.as_str()
                .contains("href=\"https://city.test/record/water/1234?receipt=a&amp;b\""),
            "{}",
            html.as_str()
        );
    }
}
