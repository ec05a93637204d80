//! `actapub record erase` and `actapub record erasures`: destroying what the record holds, and what waits to be.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::keys::log_of;
use super::{executed, target};
use crate::archive::erasure::{self, Class, Erasure, Order};
use crate::archive::kind::Subject;
use crate::archive::{entries, holds, log};
use crate::cli::desk::{Desk, block_on};
use crate::cli::output;
use crate::dialogue::{actors, replies};
use crate::kernel::{ActorId, AgencyId, ErasureId, Handle, Site, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::{self, Conn};
use crate::publishing;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["targets", "everything_by"]))]
pub(in crate::cli) struct Erase {
    /// Addresses of replies, announcements or entries of the record
    #[arg(value_name = "URL")]
    targets: Vec<String>,
    /// Everything that somebody said, and all that is kept of them: the ActivityPub id of their account
    #[arg(long, value_name = "ACTOR-URL")]
    everything_by: Option<String>,
    /// Why: it is public
    #[arg(long, value_enum)]
    class: Reason,
    /// The legal basis as a short code, such as gdpr-17-1-b: it is public
    #[arg(long, value_name = "CODE")]
    basis: String,
    /// The role that decided, such as records-officer: it is public
    #[arg(long)]
    role: String,
    /// Do not ask whether it is meant
    #[arg(long)]
    yes: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// The reasons that somebody can give; the others give themselves.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Reason {
    /// The right to erasure
    Art17,
    /// A court ordered it
    Court,
    /// It concerns a minor
    Minor,
    /// It holds data of somebody else than its author
    PiiThirdParty,
}

impl Reason {
    const fn class(self) -> Class {
        match self {
            Self::Art17 => Class::Article17,
            Self::Court => Class::Court,
            Self::Minor => Class::Minor,
            Self::PiiThirdParty => Class::ThirdParty,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Erasures {
    /// The agency's handle
    agency: Handle,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What is to go, as found before anybody is asked.
#[derive(Debug, Clone)]
struct Found {
    subjects: Vec<(Subject, AgencyId)>,
    person: Option<ActorId>,
    /// For whoever decides.
    sentences: Vec<String>,
}

pub(in crate::cli) fn erase(asked: &Erase, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let terms = Order {
            subject: Subject::Actor(ActorId::new(0)),
            class: asked.class.class(),
            basis: asked.basis.clone(),
            role: asked.role.clone(),
        };
        erasure::check_codes(&terms)?;
        let (site, targets, person) = (
            desk.site.clone(),
            asked.targets.clone(),
            asked.everything_by.clone(),
        );
        let found = desk
            .db
            .read(move |conn: &mut Conn| find(conn, &site, &targets, person.as_deref()))
            .await?;
        for sentence in &found.sentences {
            eprintln!("{sentence}");
        }
        if !asked.yes {
            confirm()?;
        }
        let ids = order(&desk, found, terms).await?;
        let orders = executed::wait_for(&desk, ids).await?;
        let site = desk.site.clone();
        let shown = desk
            .db
            .read(move |conn: &mut Conn| show_all(conn, &site, orders))
            .await?;
        tell(&shown, asked.json)
    })
}

fn find(
    conn: &mut Conn,
    site: &Site,
    targets: &[String],
    person: Option<&str>,
) -> anyhow::Result<Found> {
    let mut found = Found {
        subjects: vec![],
        person: None,
        sentences: vec![],
    };
    for url in targets {
        let (subject, agency) = target::find(conn, site, url)?;
        erasure::may_be_erased(conn, subject).with_context(|| url.clone())?;
        if !found.subjects.contains(&(subject, agency)) {
            found.subjects.push((subject, agency));
            describe(conn, site, url, subject, agency, &mut found.sentences)?;
        }
    }
    if let Some(uri) = person {
        let id = actors::id_of(conn, uri)?
            .with_context(|| format!("nobody is known here by the id {uri}"))?;
        found.person = Some(id);
        found.sentences.push(format!(
            "Everything that {uri} said here in public and in private will be destroyed, with its evidence, the reports by \
             them and about them, and all that is kept of them: name, handle, keys, whom they follow, what they liked and \
             quoted."
        ));
        found.sentences.push(
            "What agencies wrote to them or about them stays: erase those announcements by themselves.".to_owned(),
        );
    }
    Ok(found)
}

/// Says what goes, what stays, and what stands in the way.
fn describe(
    conn: &mut Conn,
    site: &Site,
    url: &str,
    subject: Subject,
    agency: AgencyId,
    sentences: &mut Vec<String>,
) -> anyhow::Result<()> {
    let what = match subject {
        Subject::Announcement(_) => {
            "all its wordings, the pictures that nothing else shows, and what was sent"
        }
        Subject::Report(_) => "what it says, and its evidence",
        _ => {
            "its text in all versions, its author's name, its evidence, the same post in private, and the reports about it"
        }
    };
    sentences.push(format!(
        "{url}, a {} in the record, will be destroyed: {what}. Its entries stay, without what they said.",
        subject.word()
    ));
    if let Some(log) = log::by_agency(conn, agency)? {
        for hold in holds::in_the_way(conn, log.id, subject)? {
            sentences.push(format!(
                "Hold {} ({}) stands in the way: it is destroyed only once that is released.",
                hold.id, hold.matter
            ));
        }
    }
    if let Subject::Reply(id) = subject
        && let Some(reply) = replies::placed(conn, &[id])?.into_iter().next()
        && let Some(thread) = reply.thread
    {
        for answer in publishing::replies_by_agencies(conn, thread, &reply.uri)? {
            sentences.push(format!(
                "{} answers it, may name its author, and stays: withdraw and erase it as well if it has to go.",
                site.announcement(answer)
            ));
        }
    }
    Ok(())
}

/// Asks whether it is meant; without a terminal nobody could answer.
fn confirm() -> anyhow::Result<()> {
    if !std::io::stdin().is_terminal() {
        bail!("nothing is destroyed without a confirmation: give --yes where nobody can be asked");
    }
    eprint!("This cannot be undone. Destroy it? [yes/no] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim().eq_ignore_ascii_case("yes") {
        Ok(())
    } else {
        bail!("nothing was destroyed")
    }
}

/// Orders of one transaction.
const AT_ONCE: i64 = 500;

async fn order(desk: &Desk, found: Found, terms: Order) -> anyhow::Result<Vec<ErasureId>> {
    let clock = desk.clock;
    let (subjects, order) = (found.subjects, terms.clone());
    let mut ids = desk
        .db
        .write(move |conn: &mut Conn| {
            let mut ids = vec![];
            for (subject, agency) in subjects {
                let order = Order {
                    subject,
                    ..order.clone()
                };
                match erasure::order(conn, &clock, agency, &order) {
                    Ok(ordered) => ids.extend(ordered),
                    // With one before it: the same post in private, say.
                    Err(erasure::Error::Waiting) if !ids.is_empty() => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(ids)
        })
        .await?;
    let Some(person) = found.person else {
        return Ok(ids);
    };
    loop {
        let terms = terms.clone();
        let more = desk
            .db
            .write(move |conn: &mut Conn| {
                erasure::order_words_of(conn, &clock, person, &terms, AT_ONCE)
            })
            .await?;
        if more.is_empty() {
            break;
        }
        ids.extend(more);
    }
    let last = desk
        .db
        .write(move |conn: &mut Conn| erasure::order_person(conn, &clock, person, &terms))
        .await?;
    ids.push(last);
    Ok(ids)
}

/// An order as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    id: i64,
    what: &'static str,
    /// The first entry about it.
    entry: Option<String>,
    class: &'static str,
    basis: String,
    role: String,
    /// `done`, `held`, or `waiting`.
    state: &'static str,
    ordered: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<Timestamp>,
}

fn show_all(conn: &mut Conn, site: &Site, orders: Vec<Erasure>) -> Result<Vec<Shown>, db::Error> {
    orders
        .into_iter()
        .map(|order| show(conn, site, order))
        .collect()
}

fn show(conn: &mut Conn, site: &Site, order: Erasure) -> Result<Shown, db::Error> {
    let held = order.due_at == Timestamp::from_micros(i64::MAX);
    let place = entries::first_of(conn, order.subject)?;
    let entry = match place {
        Some(place) => {
            log::by_id(conn, place.log)?.map(|log| site.record_entry(&log.name, place.index))
        }
        None => None,
    };
    Ok(Shown {
        id: order.id.get(),
        what: order.subject.word(),
        entry,
        class: order.class.name(),
        basis: order.basis,
        role: order.role,
        state: match order.done_at {
            Some(_) => "done",
            None if held => "held",
            None => "waiting",
        },
        ordered: order.ordered_at,
        due: (order.done_at.is_none() && !held).then_some(order.due_at),
        done: order.done_at,
    })
}

fn tell(shown: &[Shown], json: bool) -> anyhow::Result<()> {
    let count = |state| shown.iter().filter(|it| it.state == state).count();
    let done = output::counted(count("done"), "thing is", "things are");
    eprintln!("{done} destroyed.");
    if count("held") > 0 {
        let held = output::counted(count("held"), "waits", "wait");
        eprintln!("{held} until a hold is released.");
    }
    if count("waiting") > 0 {
        let waiting = output::counted(count("waiting"), "is", "are");
        eprintln!("{waiting} not executed yet: `actapub record erasures` says when.");
    }
    if json {
        return output::json(&shown);
    }
    output::text(&lines(shown))
}

fn lines(shown: &[Shown]) -> String {
    let mut text = String::new();
    for it in shown {
        let at = it.done.or(it.due).unwrap_or(it.ordered).to_whole_second();
        let entry = it.entry.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "{} {at} {} {} {} {} {entry}",
            it.state, it.what, it.class, it.basis, it.role
        );
    }
    text
}

/// Rows of a list.
const MOST: i64 = 1_000;
const LAST: i64 = 20;

pub(in crate::cli) fn list(asked: &Erasures, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (site, handle) = (desk.site.clone(), asked.agency.clone());
        let shown = desk
            .db
            .read(move |conn: &mut Conn| -> anyhow::Result<_> {
                let log = log_of(conn, &handle)?;
                let mut orders = erasure::waiting(conn, log.id, MOST)?;
                orders.extend(erasure::executed(conn, log.id, LAST)?);
                Ok(show_all(conn, &site, orders)?)
            })
            .await?;
        if asked.json {
            output::json(&shown)
        } else {
            output::text(&lines(&shown))
        }
    })
}
