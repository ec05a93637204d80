//! What can be seen without asking anybody: configuration, disk, database, queues.

use std::path::Path;
use std::time::Duration;

use crate::agencies::{self, Agency};
use crate::app;
use crate::cli::desk;
use crate::cli::output::counted;
use crate::dialogue::actors;
use crate::federation::delivery;
use crate::federation::inbox;
use crate::kernel::{Clock as _, SystemClock};
use crate::platform::config::{Config, DatabaseUrl, Loaded, Sources};
use crate::platform::db::{self, Conn, Location};
use crate::platform::identity::{self, Identity};
use crate::publishing::drafts;

use super::Verdict::{Broken, Good, Note};
use super::{Patient, Report};

const MIB: u64 = 1 << 20;
/// With less, the next hours are in question.
const LITTLE: u64 = 1024 * MIB;
const NOTHING: u64 = 100 * MIB;
/// What waits longer is not being worked on.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// The oldest PostgreSQL that the migrations are written for.
const OLDEST_POSTGRES: i32 = 15;
/// How many servers are asked for the time.
const ASKED: i64 = 5;

/// `None` if there is too little to go on from.
pub(super) fn examine(report: &mut Report, sources: Sources) -> Option<Patient> {
    let loaded = match sources.clone().load() {
        Ok(loaded) => loaded,
        Err(refused) => {
            let text = refused.to_string();
            let sentence: Vec<&str> = text.split_whitespace().collect();
            report.add("configuration", Broken, sentence.join(" "));
            return None;
        }
    };
    if loaded.warnings.is_empty() {
        report.add("configuration", Good, "The configuration is good.");
    }
    for warning in &loaded.warnings {
        report.add("configuration", Note, warning);
    }
    disk(report, &loaded.config);
    let location = Location::parse(&loaded.config.database.reveal());
    let is_served = match &location {
        Location::Sqlite(path) if Path::new(path).exists() => {
            location.claim().ok().map(|claim| claim.is_none())
        }
        _ => None,
    };
    let mut patient = Patient {
        config: loaded.config.clone(),
        agencies: vec![],
        peers: vec![],
        is_served,
    };
    if let Some(mut conn) = database(report, &loaded.config, &location) {
        let seen = read(report, &mut conn, sources, &loaded, &mut patient);
        if let Err(error) = seen {
            let sentence = format!("The database cannot be read: {error}.");
            report.add("database", Broken, sentence);
        }
    }
    Some(patient)
}

fn disk(report: &mut Report, config: &Config) {
    let DatabaseUrl::Sqlite(path) = &config.database else {
        return;
    };
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let name = folder.display();
    if !folder.exists() {
        let sentence = format!("There is no {name} yet; `actapub serve` makes it.");
        report.add("disk", Note, sentence);
        return;
    }
    if let Err(error) = app::prepare_data(config) {
        report.add(
            "disk",
            Broken,
            format!("{}.", capitalised(&error.to_string())),
        );
        return;
    }
    match rustix::fs::statvfs(folder) {
        Ok(volume) => {
            let free = volume.f_bavail.saturating_mul(volume.f_frsize);
            let (verdict, more) = if free < NOTHING {
                (Broken, ": make room, or nothing can be stored soon")
            } else if free < LITTLE {
                (Note, ", which is little")
            } else {
                (Good, "")
            };
            let free = free / MIB;
            let sentence = format!("{name} can be written to and has {free} MiB free{more}.");
            report.add("disk", verdict, sentence);
        }
        Err(error) => report.add(
            "disk",
            Note,
            format!("How much room is left in {name} cannot be told: {error}."),
        ),
    }
}

/// A connection, if the database is there, sound and of this version.
fn database(report: &mut Report, config: &Config, location: &Location) -> Option<Conn> {
    let name = &config.database;
    if let Location::Sqlite(path) = location
        && !Path::new(path).exists()
    {
        let sentence = format!("There is no {name} yet; `actapub serve` makes it.");
        report.add("database", Note, sentence);
        return None;
    }
    let examined = location.connect().and_then(|mut conn| {
        let version = db::postgres_version(&mut conn)?;
        let damages = db::damages(&mut conn)?;
        let pending = db::pending(location)?;
        Ok((conn, version, damages, pending))
    });
    let (conn, version, damages, pending) = match examined {
        Ok(examined) => examined,
        Err(error) => {
            report.add("database", Broken, format!("{name}: {error}."));
            return None;
        }
    };
    let mut is_good = true;
    if let Some(version) = version.filter(|version| *version < OLDEST_POSTGRES) {
        is_good = false;
        let sentence =
            format!("PostgreSQL {version} is too old; {OLDEST_POSTGRES} or later is needed.");
        report.add("database", Broken, sentence);
    }
    if let Some(damage) = damages.first() {
        is_good = false;
        report.add(
            "database",
            Broken,
            format!("{name} is damaged; restore a backup of it. The first damage: {damage}."),
        );
    }
    if !pending.is_empty() {
        let count = pending.len();
        let sentence = format!(
            "{name} lacks {count} migrations; `actapub serve` and `actapub migrate` bring it up to date."
        );
        report.add("database", Note, sentence);
        return None;
    }
    if is_good {
        let kind = version.map_or_else(
            || "sound".to_owned(),
            |version| format!("reachable, PostgreSQL {version}"),
        );
        let sentence = format!("{name} is {kind} and up to date.");
        report.add("database", Good, sentence);
    }
    Some(conn)
}

fn read(
    report: &mut Report,
    conn: &mut Conn,
    sources: Sources,
    loaded: &Loaded,
    patient: &mut Patient,
) -> Result<(), db::Error> {
    patient.agencies = agencies::list(conn)?;
    patient.peers = actors::some_hosts(conn, ASKED)?;
    if let Some(kept) = identity::kept(conn)? {
        url(report, sources, loaded, &kept, patient);
    }
    match patient.agencies.as_slice() {
        [] => {
            let sentence =
                "There is no agency yet; `actapub agency create --help` says how to set one up.";
            report.add("agencies", Note, sentence);
        }
        agencies => report.add("agencies", Good, names(agencies)),
    }
    queues(report, conn, patient.is_served)?;
    others(report, conn)
}

/// Goes on with the url that the server has, unless another one was given.
fn url(
    report: &mut Report,
    sources: Sources,
    loaded: &Loaded,
    kept: &Identity,
    patient: &mut Patient,
) {
    match desk::adopt(sources, loaded, kept) {
        Ok(config) => patient.config = config,
        Err(error) => report.add(
            "url",
            Broken,
            format!("{}.", capitalised(&error.to_string())),
        ),
    }
    let wanted = Identity::of(&app::site_of(&patient.config));
    if !patient.agencies.is_empty()
        && let Some(refusal) = app::refusal(kept, &wanted)
    {
        report.add("url", Broken, format!("{}.", capitalised(&refusal)));
    }
}

fn names(agencies: &[Agency]) -> String {
    const NAMED: usize = 5;
    let mut names: Vec<String> = agencies
        .iter()
        .take(NAMED)
        .map(|agency| format!("@{}", agency.handle))
        .collect();
    if agencies.len() > NAMED {
        names.push(format!("{} more", agencies.len() - NAMED));
    }
    format!("There are these agencies: {}.", names.join(", "))
}

fn queues(report: &mut Report, conn: &mut Conn, is_served: Option<bool>) -> Result<(), db::Error> {
    let now = SystemClock.now();
    // What waits while no server runs is no wonder.
    let stuck = if is_served == Some(true) {
        Broken
    } else {
        Note
    };
    let arrived = inbox::backlog(conn)?;
    let age = arrived.oldest.map_or(Duration::ZERO, |at| now.since(at));
    let sentence = match arrived.queued {
        0 => "No received activity waits".to_owned(),
        1 => "1 received activity waits".to_owned(),
        queued => format!("{queued} received activities wait"),
    };
    add_queue(report, "inbox", &sentence, age, stuck);
    if arrived.failed > 0 {
        let sentence = format!(
            "{}; `actapub inbox --failed` says why.",
            counted(
                arrived.failed,
                "received activity was set aside",
                "received activities were set aside"
            )
        );
        report.add("inbox", Note, sentence);
    }
    let leaving = delivery::backlog(conn, now)?;
    let sentence = match leaving.depth {
        0 => "No delivery waits".to_owned(),
        1 => "1 delivery waits".to_owned(),
        depth => format!("{depth} deliveries wait"),
    };
    add_queue(report, "deliveries", &sentence, leaving.oldest, stuck);
    let failed = delivery::count_failed(conn)?;
    if failed > 0 {
        let sentence = format!(
            "{}; `actapub deliveries --failed` says why.",
            counted(failed, "delivery was given up", "deliveries were given up")
        );
        report.add("deliveries", Note, sentence);
    }
    let held = drafts::held(conn)?;
    if held > 0 {
        let sentence = format!(
            "{}; `actapub drafts list AGENCY --state held` says why.",
            counted(
                held,
                "draft did not go out at its time",
                "drafts did not go out at their time"
            )
        );
        report.add("drafts", Note, sentence);
    }
    Ok(())
}

fn add_queue(
    report: &mut Report,
    about: &'static str,
    sentence: &str,
    age: Duration,
    stuck: super::Verdict,
) {
    if age > PATIENCE {
        let minutes = age.as_secs() / 60;
        let sentence = format!("{sentence}, the oldest for {minutes} minutes: does a server run?");
        report.add(about, stuck, sentence);
    } else {
        report.add(about, Good, format!("{sentence}."));
    }
}

fn others(report: &mut Report, conn: &mut Conn) -> Result<(), db::Error> {
    let (gone, paused): (Vec<_>, Vec<_>) = delivery::ailing(conn, SystemClock.now())?
        .into_iter()
        .partition(|peer| peer.unavailable_since.is_some());
    let list = |peers: &[delivery::Ailing]| {
        let hosts: Vec<&str> = peers
            .iter()
            .take(5)
            .map(|peer| peer.host.as_str())
            .collect();
        let more = if peers.len() > 5 { ", …" } else { "" };
        format!("{}{more}", hosts.join(", "))
    };
    if !paused.is_empty() {
        let sentence = format!(
            "{} at present, to be tried again by and by: {}.",
            counted(
                paused.len(),
                "server does not answer",
                "servers do not answer"
            ),
            list(&paused)
        );
        report.add("peers", Note, sentence);
    }
    if !gone.is_empty() {
        let sentence = format!(
            "{} for a week and will get nothing until heard from: {}.",
            counted(
                gone.len(),
                "server has not answered",
                "servers have not answered"
            ),
            list(&gone)
        );
        report.add("peers", Note, sentence);
    }
    if gone.is_empty() && paused.is_empty() {
        report.add("peers", Good, "No server is known to be out of reach.");
    }
    Ok(())
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
