//! `actapub queue`: what citizens sent, and what becomes of it.

mod answer;

use std::fmt::Write as _;

use anyhow::Context as _;
use serde::Serialize;

use crate::agencies;
use crate::agencies::staff::{self, Mandate};
use crate::dialogue::queue::{self, AnsweredBy, Filter, Item, Kind, Note, State, Turn, Which};
use crate::dialogue::{messages, quotes, replies};
use crate::kernel::{AgencyId, AnnouncementId, Handle, QueueItemId, Site, Timestamp};
use crate::moderation;
use crate::platform::config::Sources;
use crate::platform::db::{self, Conn};

use crate::cli::desk::{Desk, block_on};
use crate::cli::output;

/// Entries that are listed.
const MOST: i64 = 500;

#[derive(Debug, clap::Subcommand)]
pub(super) enum QueueCommand {
    /// List what is in an agency's queue, the longest waiting first
    #[command(
        after_help = "Examples:\n  actapub queue list water\n  actapub queue list water --which overdue --kind reply --json"
    )]
    List {
        /// The agency, such as water
        handle: Handle,
        /// open, overdue, closed or everything
        #[arg(long, default_value = "open")]
        which: Which,
        /// Only this kind: reply, mention, message, quote or report
        #[arg(long)]
        kind: Option<Kind>,
        /// Only what concerns this announcement, by its number
        #[arg(long, value_name = "NUMBER")]
        about: Option<AnnouncementId>,
        /// Only what is said in this language, such as fr
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Show an entry: what was said, and what was noted about it
    #[command(after_help = "Example:\n  actapub queue show water 42")]
    Show {
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Answer an entry; what was written in private is answered in private, to its author alone
    #[command(
        after_help = "Examples:\n  actapub queue answer water 42 --text 'On Monday, at eight.'\n  actapub queue answer water 42 --file answer.md --draft\n\nAnswers to private messages have neither pictures nor polls, and are not edited: withdraw one and answer again."
    )]
    Answer(answer::Answer),
    /// Take back what was answered in private: its reader's server is asked to delete it
    #[command(
        after_help = "Example:\n  actapub queue withdraw water 42 --reason 'It named the wrong day.'\n\nAn answer that was given in public is an announcement: actapub withdraw."
    )]
    Withdraw(answer::Withdraw),
    /// Mark an entry done: nothing more is to be said
    #[command(after_help = "Example:\n  actapub queue done water 42")]
    Done(Place),
    /// Make an entry somebody's business
    #[command(
        after_help = "Examples:\n  actapub queue assign water 42 --to ada@city.gov\n  actapub queue assign water 42 --to-nobody"
    )]
    Assign {
        #[command(flatten)]
        place: Place,
        /// The address that they sign in with
        #[arg(
            long,
            value_name = "ADDRESS",
            required_unless_present = "nobody",
            conflicts_with = "nobody"
        )]
        to: Option<String>,
        /// Nobody in particular
        #[arg(long = "to-nobody")]
        nobody: bool,
    },
}

/// Which entry is meant.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// The agency, such as water
    handle: Handle,
    /// The entry's number
    item: QueueItemId,
}

/// An entry as it is shown. Numbers are texts, since some readers of JSON round them.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    kind: &'static str,
    state: &'static str,
    received: Timestamp,
    waits_since: Timestamp,
    overdue: bool,
    about: Option<String>,
    language: Option<String>,
    assigned_to: Option<String>,
    taken_by: Option<String>,
    draft: Option<String>,
    answer: Option<String>,
}

/// What a citizen said, and what colleagues say about it.
#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    entry: Shown,
    author: Option<String>,
    text: String,
    url: Option<String>,
    notes: Vec<ShownNote>,
    /// What was said in private, from the beginning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conversation: Vec<ShownTurn>,
}

#[derive(Debug, Serialize)]
struct ShownTurn {
    by: String,
    at: Timestamp,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<Timestamp>,
}

impl ShownTurn {
    fn of(turn: Turn, agency: &str) -> Self {
        match turn {
            Turn::Message(message) => Self {
                by: message.author.acct(),
                at: message.received_at,
                text: message.html.to_text(),
                withdrawn: None,
            },
            Turn::Answer(answer) => Self {
                by: agency.to_owned(),
                at: answer.sent_at,
                text: answer.html.to_text(),
                withdrawn: answer.withdrawn.map(|it| it.at),
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct ShownNote {
    by: Option<String>,
    at: Timestamp,
    text: String,
}

impl Shown {
    fn of(item: &Item, standing: queue::Standing, site: &Site) -> Self {
        let link = |id| site.announcement(id);
        let (state, answer) = match item.state {
            State::Open => ("open", None),
            State::Answered { by, .. } => ("answered", Some(answered_by(by, site))),
            State::Done { .. } => ("done", None),
            State::Gone => ("gone", None),
        };
        Self {
            id: item.id.to_string(),
            kind: item.kind().name(),
            state,
            received: item.received_at,
            waits_since: item.since,
            overdue: item.is_overdue(standing.now(), standing.within()),
            about: item.thread.map(link),
            language: item.language.clone(),
            assigned_to: item.assigned_to.map(|it| it.to_string()),
            taken_by: item.held_by(standing.now()).map(|hold| hold.by.to_string()),
            draft: item.draft.map(|it| it.to_string()),
            answer,
        }
    }

    fn line(&self) -> String {
        let mark = if self.overdue { "overdue" } else { self.state };
        let about = self.about.as_deref().unwrap_or("-");
        let received = self.received.to_whole_second();
        format!(
            "{:<8} {:<8} {mark:<9} {received} {about}\n",
            self.id, self.kind
        )
    }
}

impl From<Note> for ShownNote {
    fn from(note: Note) -> Self {
        Self {
            by: note.by_name,
            at: note.at,
            text: note.text,
        }
    }
}

pub(super) fn run(command: QueueCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        // A server beside this command does it, too, and each fact once.
        desk.services().await?.fill_queues().await?;
        match command {
            QueueCommand::List {
                handle,
                which,
                kind,
                about,
                language,
                json,
            } => {
                let filter = Filter {
                    which,
                    kind,
                    thread: about,
                    language: language.map(|tag| tag.to_lowercase()),
                    after: None,
                };
                list(&desk, handle, filter, json).await
            }
            QueueCommand::Show { place, json } => show(&desk, place, json).await,
            QueueCommand::Answer(asked) => answer::answer(&desk, asked).await,
            QueueCommand::Withdraw(asked) => answer::withdraw(&desk, asked).await,
            QueueCommand::Done(place) => {
                let id = place.item;
                let clock = desk.clock;
                let work = move |conn: &mut Conn| -> anyhow::Result<()> {
                    let mandate = operator(conn, &place.handle)?;
                    queue::done(conn, &clock, &mandate, id)?;
                    Ok(())
                };
                desk.db.write(work).await?;
                eprintln!("entry {id} is done");
                Ok(())
            }
            QueueCommand::Assign { place, to, .. } => {
                let id = place.item;
                let clock = desk.clock;
                let work = move |conn: &mut Conn| -> anyhow::Result<()> {
                    let mandate = operator(conn, &place.handle)?;
                    let to = match to {
                        Some(address) => Some(
                            staff::find_by_address(conn, &address)?
                                .with_context(|| format!("nobody signs in as {address}"))?
                                .id,
                        ),
                        None => None,
                    };
                    queue::assign(conn, &clock, &mandate, id, to)?;
                    Ok(())
                };
                desk.db.write(work).await?;
                eprintln!("entry {id} is assigned");
                Ok(())
            }
        }
    })
}

fn operator(conn: &mut Conn, handle: &Handle) -> anyhow::Result<Mandate> {
    let agency: AgencyId = agencies::by_handle(conn, handle)?.id;
    Ok(Mandate::operator(agency))
}

async fn list(desk: &Desk, handle: Handle, filter: Filter, json: bool) -> anyhow::Result<()> {
    let (clock, site) = (desk.clock, desk.site.clone());
    let query = move |conn: &mut Conn| -> anyhow::Result<Vec<Shown>> {
        let mandate = operator(conn, &handle)?;
        let standing = queue::look(conn, &clock, &mandate)?;
        let found = queue::list(conn, standing, &filter, MOST)?;
        let shown = found.iter().map(|item| Shown::of(item, standing, &site));
        Ok(shown.collect())
    };
    let shown = desk.db.read(query).await?;
    if json {
        return output::json(&shown);
    }
    eprintln!("{}", output::counted(shown.len(), "entry", "entries"));
    output::text(&shown.iter().map(Shown::line).collect::<String>())
}

async fn show(desk: &Desk, place: Place, json: bool) -> anyhow::Result<()> {
    let (clock, site) = (desk.clock, desk.site.clone());
    let query = move |conn: &mut Conn| -> anyhow::Result<Whole> {
        let mandate = operator(conn, &place.handle)?;
        let standing = queue::look(conn, &clock, &mandate)?;
        let item = queue::find(conn, &mandate, place.item)?;
        let notes = queue::notes(conn, &mandate, place.item)?;
        let (author, text, url) = words(conn, &item)?;
        let turns = queue::conversation(conn, &site, &mandate, &item)?;
        let agency = site.acct(&place.handle);
        let turns = turns.into_iter().map(|it| ShownTurn::of(it, &agency));
        Ok(Whole {
            conversation: turns.collect(),
            entry: Shown::of(&item, standing, &site),
            author,
            text,
            url,
            notes: notes.into_iter().map(ShownNote::from).collect(),
        })
    };
    let whole = desk.db.read(query).await?;
    if json {
        return output::json(&whole);
    }
    let mut text = whole.entry.line();
    let author = whole.author.as_deref().unwrap_or("another server");
    let _ = write!(text, "\n{author}\n{}\n", whole.text);
    if let Some(url) = &whole.url {
        let _ = writeln!(text, "{url}");
    }
    for turn in whole
        .conversation
        .iter()
        .filter(|_| whole.conversation.len() > 1)
    {
        let at = turn.at.to_whole_second();
        let withdrawn = turn.withdrawn.map_or("", |_| ", withdrawn");
        let _ = write!(text, "\n{at} {}{withdrawn}\n{}\n", turn.by, turn.text);
    }
    for note in &whole.notes {
        let by = note.by.as_deref().unwrap_or("the command line");
        let at = note.at.to_whole_second();
        let _ = write!(text, "\nnote by {by}, {at}\n{}\n", note.text);
    }
    output::text(&text)
}

/// The ActivityPub id of an answer; behind that of a private one nothing is to be had.
fn answered_by(by: AnsweredBy, site: &Site) -> String {
    match by {
        AnsweredBy::Announcement(id) => site.announcement(id),
        AnsweredBy::Message(id) => site.answer(id),
    }
}

/// Who said something, what, and where.
fn words(
    conn: &mut Conn,
    item: &Item,
) -> Result<(Option<String>, String, Option<String>), db::Error> {
    use queue::Subject as S;
    Ok(match item.subject {
        S::Reply(id) | S::Mention(id) => {
            replies::by_id(conn, id)?.map_or((None, String::new(), None), |reply| {
                let text = reply.words.html.to_text();
                (Some(reply.author.acct()), text, Some(reply.words.url))
            })
        }
        S::Message(id) => messages::by_ids(conn, &[id])?
            .pop()
            .map_or((None, String::new(), None), |message| {
                (Some(message.author.acct()), message.html.to_text(), None)
            }),
        S::Quote(id) => quotes::by_ids(conn, &[id])?
            .pop()
            .map_or((None, String::new(), None), |(quote, author)| {
                (Some(author.acct()), String::new(), Some(quote.quote_uri))
            }),
        S::Report(id) => {
            moderation::by_ids(conn, &[id])?
                .pop()
                .map_or((None, String::new(), None), |report| {
                    let text = format!("{}\n{}", report.comment, report.objects.join("\n"));
                    (None, text, None)
                })
        }
    })
}
