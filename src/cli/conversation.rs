//! `actapub followers` and `actapub replies`: who listens, and what citizens say back.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde::Serialize;

use crate::agencies;
use crate::dialogue::actors::Actor;
use crate::dialogue::followers;
use crate::dialogue::replies::{self, Reply, Standing};
use crate::kernel::{ActorId, AnnouncementId, Handle, ReplyId, Site, Timestamp};
use crate::platform::config::Sources;

use super::desk::{Desk, block_on};
use super::output;

/// How many rows are read at a time.
const PAGE: i64 = 500;

#[derive(Debug, clap::Args)]
pub(super) struct Followers {
    /// The agency, such as water
    handle: Handle,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Replies {
    /// Its page or its ActivityPub id
    #[arg(value_name = "URL")]
    announcement: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// The announcement that a page or an ActivityPub id of ours names.
pub(super) fn announcement_of(site: &Site, url: &str) -> anyhow::Result<AnnouncementId> {
    match site
        .announcement_of(url)
        .or_else(|| site.announcement_of_page(url))
    {
        Some(id) => Ok(id),
        None if site.is_ours(url) => bail!("{url} is not the address of an announcement"),
        None => bail!("{url} is not on this server, whose url is {}", site.base()),
    }
}

/// A follower as `--json` shows it.
#[derive(Debug, Serialize)]
struct FollowerShown {
    id: String,
    handle: String,
    url: String,
}

impl From<&Actor> for FollowerShown {
    fn from(actor: &Actor) -> Self {
        Self {
            id: actor.uri.clone(),
            handle: format!("@{}", actor.acct()),
            url: actor.url.clone(),
        }
    }
}

pub(super) fn show_followers(asked: Followers, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let handle = asked.handle;
        let agency = desk
            .db
            .read(move |conn| agencies::by_handle(conn, &handle))
            .await?
            .id;
        let mut listed = Vec::new();
        let mut after = ActorId::new(0);
        loop {
            let page = desk
                .db
                .read(move |conn| followers::list(conn, agency, after, PAGE))
                .await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            listed.extend(page.iter().map(FollowerShown::from));
        }
        if asked.json {
            return output::json(&listed);
        }
        let mut text = String::new();
        for follower in &listed {
            let _ = writeln!(text, "{}", follower.handle);
        }
        eprintln!("{}", output::counted(listed.len(), "follower", "followers"));
        output::text(&text)
    })
}

/// A reply as `--json` shows it.
#[derive(Debug, Serialize)]
struct ReplyShown {
    id: String,
    url: String,
    /// ActivityPub id.
    author: String,
    author_handle: String,
    author_name: String,
    /// HTML, made safe.
    content: String,
    published: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<Timestamp>,
    state: &'static str,
    in_reply_to: Option<String>,
}

impl From<Reply> for ReplyShown {
    fn from(reply: Reply) -> Self {
        let handle = format!("@{}", reply.author.acct());
        Self {
            id: reply.uri,
            url: reply.words.url,
            author: reply.author.uri,
            author_handle: handle,
            author_name: reply.author.name,
            content: reply.words.html.as_str().to_owned(),
            published: reply.words.published_at,
            edited: reply.edited_at,
            state: match reply.standing {
                Standing::Shown => "shown",
                Standing::DeletedByAuthor { .. } => "deleted",
                Standing::Withheld { .. } => "withheld",
                Standing::Erased { .. } => "erased",
            },
            in_reply_to: reply.parent,
        }
    }
}

pub(super) fn show_replies(asked: &Replies, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let id = announcement_of(&desk.site, &asked.announcement)?;
        let announcement = desk
            .db
            .read(move |conn| crate::publishing::find(conn, id))
            .await?
            .context("there is no such announcement here")?;
        let mut shown = Vec::new();
        let mut after = ReplyId::new(0);
        loop {
            let thread = announcement.thread;
            let page = desk
                .db
                .read(move |conn| replies::in_thread(conn, thread, after, PAGE))
                .await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            shown.extend(page.into_iter().map(ReplyShown::from));
        }
        if asked.json {
            return output::json(&shown);
        }
        let mut text = String::new();
        if let Some(poll) = &announcement.poll {
            for choice in &poll.options {
                let _ = writeln!(text, "{:>8} {}", choice.votes, choice.text);
            }
            let ended = poll.closed_at.map_or("ends", |_| "ended");
            let ends = poll.ends_at.to_whole_second();
            let _ = write!(text, "{:>8} voters; {ended} {ends}\n\n", poll.voters);
        }
        for reply in &shown {
            let _ = write!(
                text,
                "{} {} ({})\n{}\n\n",
                reply.published, reply.author_handle, reply.state, reply.url
            );
        }
        eprintln!("{}", output::counted(shown.len(), "reply", "replies"));
        output::text(&text)
    })
}
