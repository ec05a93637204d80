//! `actapub queue answer` and `withdraw`: in private to what was written in private, in public to the rest.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::ArgGroup;
use serde::Serialize;

use super::{Place, operator};
use crate::cli::announce::{self, rules};
use crate::cli::desk::Desk;
use crate::cli::{drafts as shown, mentions, output};
use crate::dialogue::queue::{self, Wording};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Alone, Done, Draft, Press};

#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("words").args(["text", "file"]).required(true)))]
pub(in crate::cli) struct Answer {
    #[command(flatten)]
    place: Place,
    /// What to say, in Markdown; whom it answers is named in front
    #[arg(long, value_name = "MARKDOWN", allow_hyphen_values = true)]
    text: Option<String>,
    /// A file that holds the text; - is the standard input
    #[arg(long, value_name = "FILE.md")]
    file: Option<PathBuf>,
    /// The language of the text (BCP 47); the citizen's if it is known, else the agency's
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Put it up for approval instead of sending it
    #[arg(long)]
    draft: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Withdraw {
    #[command(flatten)]
    place: Place,
    /// Why, for the staff: it is told nobody else
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: String,
}

/// An answer as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown {
    /// ActivityPub id; behind that of a private answer nothing is to be had.
    id: String,
    private: bool,
}

/// What came of a text.
enum Outcome {
    Said(Box<Done>),
    Draft(Box<Draft>),
}

pub(super) async fn answer(desk: &Desk, asked: Answer) -> anyhow::Result<()> {
    let text = match (asked.text, asked.file) {
        (Some(text), _) => text,
        (None, Some(file)) => announce::read(&file)?,
        (None, None) => String::new(),
    };
    let Place { handle, item: id } = asked.place;
    let speaker = handle.clone();
    let item = desk
        .db
        .read(move |conn: &mut Conn| -> anyhow::Result<queue::Item> {
            let mandate = operator(conn, &speaker)?;
            Ok(queue::find(conn, &mandate, id)?)
        })
        .await?;
    // Whom a private text names is asked nowhere about.
    let mentions = if item.is_private() {
        vec![]
    } else {
        mentions::find(desk, &text, &[]).await?
    };
    let wording = Wording {
        text,
        language: asked.language,
        mentions,
    };
    let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(desk));
    let (to_draft, speaker) = (asked.draft, handle.clone());
    let work = move |conn: &mut Conn| -> anyhow::Result<Outcome> {
        let mandate = operator(conn, &speaker)?;
        let press = Press {
            site: &site,
            limits,
            keys: None,
        };
        if to_draft {
            let draft = queue::answer_with(conn, &clock, &mandate, id, wording)?;
            let seen = drafts::find(conn, &mandate, draft)?.version;
            let draft = drafts::submit(conn, &clock, &press, &mandate, draft, seen)?;
            return Ok(Outcome::Draft(Box::new(draft)));
        }
        let done = queue::answer_now(conn, &clock, &press, &mandate, id, wording);
        Ok(Outcome::Said(Box::new(done.map_err(explained)?)))
    };
    match desk.db.write(work).await? {
        Outcome::Draft(draft) => shown::present(desk, &draft, asked.json),
        Outcome::Said(done) => {
            let private = done.answer.is_some();
            let id = match (&done.answer, &done.announcement) {
                (Some(answer), _) => desk.site.answer(answer.id),
                (None, announcement) => {
                    let announcement = announcement.as_ref().context("nothing was answered")?;
                    desk.site.announcement(announcement.id)
                }
            };
            if asked.json {
                return output::json(&Shown { id, private });
            }
            if private {
                eprintln!("answered in private: nobody but its reader can open the address");
            }
            output::text(&format!("{id}\n"))
        }
    }
}

/// An error, with the way past it if it is the house rules that stand in it.
fn explained(error: queue::Error) -> anyhow::Error {
    match error {
        queue::Error::Draft(error) if error.is_of_the_house() => {
            anyhow!("{error}; --draft puts it up for approval")
        }
        other => other.into(),
    }
}

pub(super) async fn withdraw(desk: &Desk, asked: Withdraw) -> anyhow::Result<()> {
    let Place { handle, item: id } = asked.place;
    let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(desk));
    let work = move |conn: &mut Conn| -> anyhow::Result<()> {
        let mandate = operator(conn, &handle)?;
        let press = Press {
            site: &site,
            limits,
            keys: None,
        };
        let proposal = queue::withdrawal(conn, &mandate, id, None, &asked.reason)?;
        let ground = Alone::ByTheRules { exemption: None };
        drafts::act_alone(conn, &clock, &press, &mandate, vec![proposal], ground)?;
        Ok(())
    };
    desk.db.write(work).await?;
    eprintln!("the answer to entry {id} is withdrawn: its reader's server is asked to delete it");
    Ok(())
}
