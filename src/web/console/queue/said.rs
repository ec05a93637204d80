//! What the entries of the queue say, read for many of them at once.

use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};

use crate::dialogue::queue::{Item, Subject};
use crate::dialogue::{Actor, messages, quotes, replies};
use crate::kernel::{MessageId, QuoteId, ReplyId, ReportId, SafeHtml};
use crate::moderation;
use crate::platform::db::{self, Conn};
use crate::web::words::console::Words;

/// Letters of an excerpt.
const EXCERPT: usize = 240;

/// Who said something, and what.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub(super) author: Option<Author>,
    pub(super) html: SafeHtml,
    pub(super) warning: Option<String>,
    pub(super) language: Option<String>,
    /// Where it stands on its author's server.
    pub(super) url: Option<String>,
    /// The ActivityPub ids of itself and of what it answers.
    pub(super) uri: Option<String>,
    pub(super) parent: Option<String>,
    /// What a report is about.
    pub(super) objects: Vec<String>,
}

/// What somebody is called.
#[derive(Debug, Clone)]
pub(super) struct Author {
    pub(super) name: String,
    pub(super) acct: String,
    pub(super) url: String,
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Self {
        Self {
            name: if actor.name.trim().is_empty() {
                actor.handle.clone()
            } else {
                actor.name.clone()
            },
            acct: actor.acct(),
            url: actor.url.clone(),
        }
    }
}

impl From<replies::Reply> for Said {
    fn from(reply: replies::Reply) -> Self {
        Self {
            author: Some(Author::from(&reply.author)),
            html: reply.words.html,
            warning: reply.words.warning,
            language: reply.words.language,
            url: Some(reply.words.url),
            uri: Some(reply.uri),
            parent: reply.parent,
            objects: vec![],
        }
    }
}

impl From<messages::Message> for Said {
    fn from(message: messages::Message) -> Self {
        Self {
            author: Some(Author::from(&message.author)),
            html: message.html,
            warning: message.warning,
            ..Self::default()
        }
    }
}

impl Said {
    /// What it is called in a list and in titles.
    pub(super) fn whose(&self, words: Words) -> String {
        match &self.author {
            Some(author) => author.name.clone(),
            None => words.say("queue-from-server"),
        }
    }

    /// The beginning of its words, without mark-up.
    pub(super) fn excerpt(&self) -> String {
        excerpt(&self.html)
    }

    /// The words, as their author wrote them.
    pub(super) fn show(&self, words: Words) -> Markup {
        html! {
            @if let Some(warning) = &self.warning { p.note { strong { (words.say("queue-warning")) } " " bdi { (warning) } } }
            div.words lang=[self.language.as_deref()] dir="auto" { (PreEscaped(self.html.as_str())) }
        }
    }
}

/// The beginning of words without mark-up.
pub(super) fn excerpt(html: &SafeHtml) -> String {
    let text = html.to_text();
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(EXCERPT).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// What these entries say: a few queries, however many they are.
pub(super) fn of(conn: &mut Conn, items: &[Item]) -> Result<HashMap<Subject, Said>, db::Error> {
    let (mut public, mut private, mut quoting, mut reports) = (vec![], vec![], vec![], vec![]);
    for item in items {
        match item.subject {
            Subject::Reply(id) | Subject::Mention(id) => public.push(id),
            Subject::Message(id) => private.push(id),
            Subject::Quote(id) => quoting.push(id),
            Subject::Report(id) => reports.push(id),
        }
    }
    let mut said = HashMap::new();
    said_in_public(conn, &public, &mut said)?;
    said_in_private(conn, &private, &mut said)?;
    quoted(conn, &quoting, &mut said)?;
    reported(conn, &reports, &mut said)?;
    Ok(said)
}

fn said_in_public(
    conn: &mut Conn,
    ids: &[ReplyId],
    into: &mut HashMap<Subject, Said>,
) -> Result<(), db::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    for reply in replies::by_ids(conn, ids)? {
        let subject = match reply.thread {
            Some(_) => Subject::Reply(reply.id),
            None => Subject::Mention(reply.id),
        };
        into.insert(subject, Said::from(reply));
    }
    Ok(())
}

fn said_in_private(
    conn: &mut Conn,
    ids: &[MessageId],
    into: &mut HashMap<Subject, Said>,
) -> Result<(), db::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    for message in messages::by_ids(conn, ids)? {
        into.insert(Subject::Message(message.id), Said::from(message));
    }
    Ok(())
}

fn quoted(
    conn: &mut Conn,
    ids: &[QuoteId],
    into: &mut HashMap<Subject, Said>,
) -> Result<(), db::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    for (quote, actor) in quotes::by_ids(conn, ids)? {
        let said = Said {
            author: Some(Author::from(&actor)),
            url: Some(quote.quote_uri),
            ..Said::default()
        };
        into.insert(Subject::Quote(quote.id), said);
    }
    Ok(())
}

fn reported(
    conn: &mut Conn,
    ids: &[ReportId],
    into: &mut HashMap<Subject, Said>,
) -> Result<(), db::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    for report in moderation::by_ids(conn, ids)? {
        let said = Said {
            html: SafeHtml::from_plain(&report.comment),
            objects: report.objects,
            ..Said::default()
        };
        into.insert(Subject::Report(report.id), said);
    }
    Ok(())
}
