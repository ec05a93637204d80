//! `actapub drafts`: what is to be said or changed, and where it stands.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::agencies;
use crate::agencies::staff::Mandate;
use crate::federation::keys;
use crate::kernel::{AgencyId, AnnouncementId, DraftId, Handle, Timestamp, When};
use crate::platform::config::Sources;
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::{
    self, Draft, Error, Kind, NewKeys, Part, PartNumber, Piece, PostDifference, Press, Proposal,
    Standing, State, VersionNumber,
};
use crate::publishing::polls::Poll;
use crate::publishing::{self, Announcement};

use super::alone::explained;
use super::announce::rules;
use super::desk::{Desk, block_on};
use super::{output, poll};

/// Drafts that are listed.
const MOST: i64 = 500;

#[derive(Debug, clap::Subcommand)]
pub(super) enum DraftsCommand {
    /// List an agency's drafts, the last changed first
    #[command(after_help = "Example:\n  actapub drafts list water --state held --state scheduled")]
    List {
        /// The agency, such as water
        handle: Handle,
        /// Only those in this state: writing, in-review, sent-back, approved, scheduled, held, published, discarded; may be
        /// repeated. All that are not over if none is named
        #[arg(long = "state", value_name = "STATE")]
        standings: Vec<Standing>,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Show a draft, and how it differs from what was approved or published last
    #[command(after_help = "Example:\n  actapub drafts show water 14836914")]
    Show {
        #[command(flatten)]
        place: Place,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Put a draft up for approval
    #[command(after_help = "Example:\n  actapub drafts submit water 14836914")]
    Submit(Place),
    /// Say why the operator cannot approve a draft: the operator is nobody's second pair of eyes
    #[command(
        after_help = "Example:\n  actapub drafts approve water 14836914\n\nIt is always refused: somebody of the staff who may approve has to do it, in the console."
    )]
    Approve(Place),
    /// Send a draft back to those who wrote it
    #[command(
        after_help = "Example:\n  actapub drafts send-back water 14836914 --remark 'The date is missing.'"
    )]
    SendBack {
        #[command(flatten)]
        place: Place,
        /// What is to be changed
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        remark: String,
    },
    /// Set the time at which a draft goes out
    #[command(
        after_help = "Examples:\n  actapub drafts schedule water 14836914 --at '2026-12-01 09:00'\n  actapub drafts schedule water 14836914 --at 2026-10-25T02:30:00+01:00\n\nA time without its distance from UTC is read by the agency's clocks (actapub rules show)."
    )]
    Schedule {
        #[command(flatten)]
        place: Place,
        /// By the agency's clocks, or with its distance from UTC
        #[arg(long, value_name = "TIME")]
        at: When,
    },
    /// Take a draft off the schedule
    #[command(after_help = "Example:\n  actapub drafts unschedule water 14836914")]
    Unschedule(Place),
    /// Publish a draft now
    #[command(
        after_help = "Examples:\n  actapub drafts publish water 14836914\n  actapub drafts publish water 14836914 --emergency 'The dam breaks.'"
    )]
    Publish {
        #[command(flatten)]
        place: Place,
        /// Do it although the house rules want more, since it cannot wait: the reason stands in the public record
        #[arg(long, value_name = "REASON", allow_hyphen_values = true)]
        emergency: Option<String>,
    },
    /// Give a draft up; what was written is kept
    #[command(after_help = "Example:\n  actapub drafts discard water 14836914")]
    Discard(Place),
}

/// Which draft is meant.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// The agency, such as water
    handle: Handle,
    /// The draft's number
    draft: DraftId,
}

/// What is to be done with a draft.
enum Act {
    Submit,
    Approve,
    SendBack(String),
    Schedule(When),
    Unschedule,
    Publish(Option<String>),
    Discard,
}

pub(super) fn run(command: DraftsCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let (place, act) = match command {
            DraftsCommand::List {
                handle,
                standings,
                json,
            } => return list(&desk, handle, standings, json).await,
            DraftsCommand::Show { place, json } => return show(&desk, place, json).await,
            DraftsCommand::Submit(place) => (place, Act::Submit),
            DraftsCommand::Approve(place) => (place, Act::Approve),
            DraftsCommand::SendBack { place, remark } => (place, Act::SendBack(remark)),
            DraftsCommand::Schedule { place, at } => (place, Act::Schedule(at)),
            DraftsCommand::Unschedule(place) => (place, Act::Unschedule),
            DraftsCommand::Publish { place, emergency } => (place, Act::Publish(emergency)),
            DraftsCommand::Discard(place) => (place, Act::Discard),
        };
        let draft = act_upon(&desk, place, act).await?;
        eprintln!("draft {} is {}", draft.id, stands(&draft.state));
        Ok(())
    })
}

/// Does something with a draft as it stands, in the operator's name.
async fn act_upon(desk: &Desk, place: Place, act: Act) -> anyhow::Result<Draft> {
    let (agency, draft) = find(desk, place).await?;
    let pair = if matches!(act, Act::Publish(_)) && draft.kind() == Some(Kind::Keys) {
        Some(keys::new_pair().await?)
    } else {
        None
    };
    let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(desk));
    let (id, seen) = (draft.id, draft.version);
    let work = move |conn: &mut Conn| -> Result<Draft, Error> {
        let mandate = Mandate::operator(agency);
        let press = Press {
            site: &site,
            limits,
            keys: pair.as_ref().map(|pair| pair as &dyn NewKeys),
        };
        match act {
            Act::Submit => drafts::submit(conn, &clock, &press, &mandate, id, seen),
            Act::Approve => drafts::approve(conn, &clock, &mandate, id, seen),
            Act::SendBack(remark) => drafts::send_back(conn, &clock, &mandate, id, &remark),
            Act::Schedule(when) => drafts::schedule(conn, &clock, &press, &mandate, id, seen, when),
            Act::Unschedule => drafts::unschedule(conn, &clock, &mandate, id),
            Act::Publish(None) => {
                drafts::publish_now(conn, &clock, &press, &mandate, id, seen)?;
                drafts::find(conn, &mandate, id)
            }
            Act::Publish(Some(reason)) => {
                drafts::publish_in_emergency(conn, &clock, &press, &mandate, id, seen, &reason)?;
                drafts::find(conn, &mandate, id)
            }
            Act::Discard => drafts::discard(conn, &clock, &mandate, id),
        }
    };
    desk.db.write(work).await.map_err(explained)
}

async fn find(desk: &Desk, place: Place) -> anyhow::Result<(AgencyId, Draft)> {
    let query = move |conn: &mut Conn| -> anyhow::Result<(AgencyId, Draft)> {
        let agency = agencies::by_handle(conn, &place.handle)?.id;
        let draft = drafts::find(conn, &Mandate::operator(agency), place.draft)?;
        Ok((agency, draft))
    };
    desk.db.read(query).await
}

async fn list(
    desk: &Desk,
    handle: Handle,
    standings: Vec<Standing>,
    json: bool,
) -> anyhow::Result<()> {
    let standings = if standings.is_empty() {
        let open = Standing::ALL.into_iter().filter(|it| !it.is_over());
        open.collect()
    } else {
        standings
    };
    let query = move |conn: &mut Conn| -> anyhow::Result<(Vec<Draft>, Series)> {
        let mandate = Mandate::operator(agencies::by_handle(conn, &handle)?.id);
        let found = drafts::list(conn, &mandate, &standings, MOST)?;
        let series = series(conn, &found)?;
        Ok((found, series))
    };
    let (found, series) = desk.db.read(query).await?;
    if json {
        let polls = polls(desk, &found).await?;
        let shown = found
            .iter()
            .map(|draft| Shown::of(desk, draft, &series, &polls));
        let shown: Vec<Shown> = shown.collect();
        return output::json(&shown);
    }
    let mut text = String::new();
    for draft in &found {
        let kind = draft.kind().map_or("", Kind::name);
        let _ = writeln!(
            text,
            "{:<20} {:<13} {}",
            draft.id,
            kind,
            stands(&draft.state)
        );
    }
    eprintln!("{}", output::counted(found.len(), "draft", "drafts"));
    output::text(&text)
}

async fn show(desk: &Desk, place: Place, json: bool) -> anyhow::Result<()> {
    let (agency, draft) = find(desk, place).await?;
    if json {
        let polls = polls(desk, std::slice::from_ref(&draft)).await?;
        let query = move |conn: &mut Conn| -> Result<_, Error> {
            let series = series(conn, std::slice::from_ref(&draft))?;
            Ok((draft, series))
        };
        let (draft, series) = desk.db.read(query).await?;
        return output::json(&Shown::of(desk, &draft, &series, &polls));
    }
    let id = draft.id;
    let query = move |conn: &mut Conn| -> Result<_, Error> {
        let mandate = Mandate::operator(agency);
        let quorum = if draft.standing().is_over() {
            None
        } else {
            Some(drafts::quorum(conn, &draft)?)
        };
        let differences = drafts::difference(conn, &mandate, id)?;
        Ok((draft, quorum, differences))
    };
    let (draft, quorum, differences) = desk.db.read(query).await?;
    let mut text = format!(
        "draft     {}\nstate     {}\nversion   {}\n",
        draft.id,
        stands(&draft.state),
        draft.version
    );
    if let Some(quorum) = quorum {
        let _ = writeln!(text, "approvals {} of {}", quorum.have, quorum.need);
    }
    if let Some(exemption) = &draft.exemption {
        let _ = writeln!(text, "exemption {exemption}");
    }
    for it in differences {
        let _ = write!(text, "\n{} {}", it.after.kind(), it.part);
        let several = it.after.rest().len();
        // Further posts are in the language of the first.
        let contents = it.after.contents();
        let own = contents.len() - several;
        for content in contents.into_iter().take(own) {
            let _ = write!(text, " [{}]", content.language);
        }
        if several > 0 {
            let _ = write!(text, ", {} posts", several + 1);
        }
        text.push('\n');
        for post in it.posts {
            text.push_str(&became(&post));
        }
        for piece in it.words {
            match piece {
                Piece::Same(words) => text.push_str(&words),
                Piece::Added(words) if it.before.is_none() => text.push_str(&words),
                Piece::Removed(words) => drop(write!(text, "[-{words}-]")),
                Piece::Added(words) => drop(write!(text, "{{+{words}+}}")),
            }
        }
        text.push('\n');
    }
    output::text(&text)
}

/// What became of one of several posts, in a line.
fn became(post: &PostDifference) -> String {
    match (post.before, post.after) {
        (Some(was), Some(now)) if was == now && post.is_same => format!("post {now}: the same\n"),
        (Some(was), Some(now)) if was == now => format!("post {now}: changed\n"),
        (Some(was), Some(now)) if post.is_same => format!("post {now}: was post {was}\n"),
        (Some(was), Some(now)) => format!("post {now}: was post {was}, and changed\n"),
        (None, Some(now)) => format!("post {now}: new\n"),
        (Some(was), None) => format!("what was post {was}: removed\n"),
        (None, None) => String::new(),
    }
}

/// Further posts, by the first.
type Series = HashMap<AnnouncementId, Vec<Announcement>>;

/// The further posts that were published from these drafts.
fn series(conn: &mut Conn, drafts: &[Draft]) -> Result<Series, db::Error> {
    let published = drafts
        .iter()
        .filter(|draft| draft.kind() == Some(Kind::Announcement));
    let heads = published.flat_map(|draft| draft.parts.iter().filter_map(|it| it.announcement));
    publishing::further(conn, &heads.collect::<Vec<_>>())
}

/// How the polls stand that drafts became or change.
async fn polls(desk: &Desk, drafts: &[Draft]) -> anyhow::Result<HashMap<AnnouncementId, Poll>> {
    let parts = drafts.iter().flat_map(|draft| &draft.parts);
    let ids: Vec<AnnouncementId> = parts.filter_map(|part| part.announcement).collect();
    let found = desk
        .db
        .read(move |conn| publishing::by_ids(conn, &ids))
        .await?;
    let polls = found.into_iter().filter_map(|it| Some((it.id, it.poll?)));
    Ok(polls.collect())
}

/// Where a draft stands, in a few words.
fn stands(state: &State) -> String {
    match state {
        State::Writing => "being written".to_owned(),
        State::InReview => "in review".to_owned(),
        State::SentBack { remark } => format!("sent back: {remark}"),
        State::Approved => "approved".to_owned(),
        State::Scheduled(due) => {
            format!("scheduled for {} ({})", due.zone.offset(due.at), due.zone)
        }
        State::Held(why) => format!("held: {why}"),
        State::Published { at } => format!("published at {}", at.to_whole_second()),
        State::Discarded { at } => format!("discarded at {}", at.to_whole_second()),
    }
}

/// A draft as `--json` shows it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    id: String,
    state: &'static str,
    version: VersionNumber,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    /// Why it was sent back, or did not go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exemption: Option<String>,
    changed: Timestamp,
    parts: Vec<PartShown>,
}

#[derive(Debug, Serialize)]
struct PartShown {
    part: PartNumber,
    /// ActivityPub id of what it changes, or became.
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<String>,
    /// Those of the further posts that were published with it, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    thread: Vec<String>,
    /// How the poll in it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    poll: Option<poll::Shown>,
    /// None if it was erased.
    proposal: Option<Proposal>,
}

impl Shown {
    fn of(
        desk: &Desk,
        draft: &Draft,
        series: &Series,
        polls: &HashMap<AnnouncementId, Poll>,
    ) -> Self {
        let poll = |part: &Part| polls.get(&part.announcement?).map(poll::Shown::from);
        let (due, zone) = match &draft.state {
            State::Scheduled(due) => (Some(due.at), Some(due.zone.to_string())),
            _ => (None, None),
        };
        Self {
            id: draft.id.to_string(),
            state: draft.standing().name(),
            version: draft.version,
            due,
            zone,
            why: match &draft.state {
                State::SentBack { remark } => Some(remark.clone()),
                State::Held(why) => Some(why.to_string()),
                _ => None,
            },
            exemption: draft.exemption.clone(),
            changed: draft.changed_at,
            parts: draft
                .parts
                .iter()
                .map(|part| PartShown {
                    part: part.number,
                    announcement: part.announcement.map(|id| desk.site.announcement(id)),
                    thread: part
                        .announcement
                        .and_then(|id| series.get(&id))
                        .into_iter()
                        .flatten()
                        .map(|post| desk.site.announcement(post.id))
                        .collect(),
                    poll: poll(part),
                    proposal: part.proposal.clone(),
                })
                .collect(),
        }
    }
}

/// Shows what became of a text that was put up for approval.
pub(super) fn present(desk: &Desk, draft: &Draft, json: bool) -> anyhow::Result<()> {
    if json {
        output::json(&Shown::of(desk, draft, &Series::new(), &HashMap::new()))
    } else {
        eprintln!("draft {} is {}", draft.id, stands(&draft.state));
        output::text(&format!("{}\n", draft.id))
    }
}
