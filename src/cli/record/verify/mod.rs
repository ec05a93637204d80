//! `actapub record verify`: checks a record, or one entry of it, with no database and no server of one's own.

pub(super) mod monitor;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use url::Url;

use crate::archive::audit::{
    self, Contradiction, Fault, Report, Source, Trust, bag, receipt, whole,
};
use crate::cli::desk::block_on;
use crate::cli::{Exit, output};
use crate::platform::net::{Client, NetSettings, Reach};
use crate::tlog::{Note, Policy};

/// Valid is 0, and what could not be read 1, as everywhere.
pub(in crate::cli::record) const USAGE: u8 = 2;
pub(in crate::cli::record) const INVALID: u8 = 10;
pub(in crate::cli::record) const UNWITNESSED: u8 = 11;
pub(in crate::cli::record) const CONTRADICTS: u8 = 12;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Verify {
    /// The record's address, an entry's address, a folder with a log or a bag, or a file with a proof
    #[arg(value_name = "URL|FILE|DIR")]
    record: String,
    /// An older checkpoint, which the record must go on from
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// The log's key, from elsewhere than the record itself; may be given several times
    #[arg(long, value_name = "KEY")]
    vkey: Vec<String>,
    /// Which witnesses must have cosigned (C2SP tlog-policy)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The entry that a proof is about
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// Also reach private addresses, without TLS
    #[arg(long)]
    allow_private: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    verdict: &'a str,
    sentence: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    vkeys: &'a [String],
    /// Whether the key came from the record itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_key: Option<bool>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cosigned_by: &'a [(String, u64)],
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<&'a str>,
}

pub(in crate::cli) fn run(asked: &Verify) -> anyhow::Result<()> {
    let (trust, from) = trusted(asked).map_err(|error| Exit::because(USAGE, &error))?;
    let outcome = block_on(async { Ok(check(asked, &trust, from.as_ref()).await) })?;
    let (verdict, code, sentence) = match &outcome {
        Ok(report) => ("valid", 0, valid(report)),
        Err(Refusal::Usage(why)) => return Err(Exit::because(USAGE, &anyhow!("{why}"))),
        Err(Refusal::Fault(fault)) => {
            let (verdict, code) = judged(fault);
            (verdict, code, fault.to_string())
        }
    };
    if asked.json {
        let report = outcome.as_ref().ok();
        output::json(&Answer {
            verdict,
            sentence: &sentence,
            origin: report.map(|it| it.origin.as_str()),
            size: report.map(|it| it.size),
            root: report.map(|it| it.root.to_string()),
            entry: report.and_then(|it| it.entry),
            from: report.and_then(|it| it.from),
            vkeys: report.map_or(&[], |it| &it.vkeys),
            own_key: report.map(|it| it.own_keys),
            cosigned_by: report.map_or(&[], |it| &it.cosigned_by),
            checkpoint: report.map(|it| it.note.as_str()),
        })?;
    } else if code == 0 {
        output::text(&format!("{sentence}\n"))?;
    }
    if code == 0 {
        return Ok(());
    }
    Err(Exit::because(code, &anyhow!("{verdict}: {sentence}")))
}

/// In a word, and as an exit code.
pub(in crate::cli::record) const fn judged(fault: &Fault) -> (&'static str, u8) {
    match fault {
        Fault::Unreadable { .. } => ("not checked", 1),
        Fault::Invalid(_) => ("invalid", INVALID),
        Fault::Unwitnessed { .. } => ("unwitnessed", UNWITNESSED),
        Fault::Contradiction(Contradiction::Rollback { .. } | Contradiction::Fork { .. }) => {
            ("contradicts a known head", CONTRADICTS)
        }
    }
}

fn valid(report: &Report) -> String {
    let what = match report.entry {
        Some(index) => format!("entry {index} is in {}", report.origin),
        None => format!(
            "{} is whole: {}",
            report.origin,
            output::counted(report.size, "entry", "entries")
        ),
    };
    let mut sentence = format!("valid: {what}, signed under {} entries", report.size);
    if report.entry.is_none() {
        sentence = format!("valid: {what}, root {}", report.root);
    }
    if let Some(from) = report.from {
        sentence = format!("{sentence}, going on from {from}");
    }
    if !report.cosigned_by.is_empty() {
        let names: Vec<&str> = report
            .cosigned_by
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        sentence = format!("{sentence}, cosigned by {}", names.join(", "));
    }
    if report.own_keys {
        sentence.push_str("\nThe key came from the record itself: give --vkey, from elsewhere, to know whose it is.");
    }
    sentence
}

/// What the record is checked against, and the older checkpoint.
fn trusted(asked: &Verify) -> anyhow::Result<(Trust, Option<Note>)> {
    let trust = trust_of(&asked.vkey, asked.policy.as_deref())?;
    let from = match &asked.from {
        Some(file) => {
            let text = read(file)?;
            Some(Note::parse(&text).with_context(|| file.display().to_string())?)
        }
        None => None,
    };
    Ok((trust, from))
}

/// The keys and the policy that were given; a policy may name the log's key, too.
fn trust_of(vkeys: &[String], policy: Option<&Path>) -> anyhow::Result<Trust> {
    let policy = match policy {
        Some(file) => {
            let text = read(file)?;
            Policy::parse(&text).with_context(|| file.display().to_string())?
        }
        None => Policy::none(),
    };
    let mut keys = audit::read_keys(&vkeys.join("\n")).map_err(|why| anyhow!("--vkey: {why}"))?;
    if keys.is_empty() {
        keys.extend(policy.logs().iter().map(|log| log.key.clone()));
    }
    Ok(Trust { keys, policy })
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

enum Refusal {
    Usage(String),
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

async fn check(asked: &Verify, trust: &Trust, from: Option<&Note>) -> Result<Report, Refusal> {
    if asked.record.starts_with("https://") || asked.record.starts_with("http://") {
        return online(asked, trust, from).await;
    }
    let place = PathBuf::from(&asked.record);
    if place.is_dir() {
        return Ok(folder(&place, trust, from).await?);
    }
    if let Some(bag) = unpacked(&place)? {
        let inside = only_folder(bag.path());
        return Ok(folder(&inside, trust, from).await?);
    }
    let text = std::fs::read_to_string(&place).map_err(|error| Fault::Unreadable {
        what: asked.record.clone(),
        why: error.to_string(),
    })?;
    if !receipt::is_proof(&text) {
        return Err(Refusal::Usage(format!(
            "{} is neither an address, a folder with a log, nor a proof (c2sp.org/tlog-proof)",
            asked.record
        )));
    }
    let Some(entry) = &asked.entry else {
        return Err(Refusal::Usage(
            "a proof is about an entry: give its bytes with --entry FILE".to_owned(),
        ));
    };
    if trust.keys.is_empty() {
        return Err(Refusal::Usage(
            "a proof is checked against the log's key: give it with --vkey".to_owned(),
        ));
    }
    let bytes = std::fs::read(entry).map_err(|error| Fault::Unreadable {
        what: entry.display().to_string(),
        why: error.to_string(),
    })?;
    Ok(receipt::check(&text, &bytes, &trust.keys, false, trust)?)
}

/// What a packed bag holds, in a folder that goes with the value; `None` if the file is none.
fn unpacked(file: &Path) -> Result<Option<tempfile::TempDir>, Fault> {
    let name = file.to_string_lossy();
    let packed = name.ends_with(".tar.gz") || name.ends_with(".tgz");
    if !packed && !name.ends_with(".tar") {
        return Ok(None);
    }
    let unreadable = |error: std::io::Error| Fault::Unreadable {
        what: name.to_string(),
        why: error.to_string(),
    };
    let read = std::io::BufReader::new(std::fs::File::open(file).map_err(unreadable)?);
    let folder = tempfile::tempdir().map_err(unreadable)?;
    // What it names outside of the folder is left out.
    if packed {
        tar::Archive::new(flate2::bufread::GzDecoder::new(read)).unpack(folder.path())
    } else {
        tar::Archive::new(read).unpack(folder.path())
    }
    .map_err(unreadable)?;
    Ok(Some(folder))
}

/// A packed bag is one folder, which has the bag's name.
fn only_folder(within: &Path) -> PathBuf {
    let mut entries = std::fs::read_dir(within).into_iter().flatten().flatten();
    match (entries.next(), entries.next()) {
        (Some(one), None) if one.path().is_dir() => one.path(),
        _ => within.to_owned(),
    }
}

async fn online(asked: &Verify, trust: &Trust, from: Option<&Note>) -> Result<Report, Refusal> {
    let url: Url = asked
        .record
        .parse()
        .map_err(|error| Refusal::Usage(format!("{}: {error}", asked.record)))?;
    let client = client(asked.allow_private).map_err(|error| Refusal::Usage(error.to_string()))?;
    let (base, entry) = record_of(&url);
    let source = Source::web(client, &base);
    if let Some(index) = entry {
        return Ok(receipt::from_server(&source, index, trust).await?);
    }
    let bar = bar();
    let outcome = whole::check(&source, trust, from, &mut |read, all| {
        bar.set_length(all);
        bar.set_position(read);
    })
    .await;
    bar.finish_and_clear();
    Ok(outcome?)
}

/// The way to a record on another server.
pub(in crate::cli::record) fn client(allow_private: bool) -> anyhow::Result<Client> {
    let agent = format!("Actapub/{} (record verifier)", env!("CARGO_PKG_VERSION"));
    let mut settings = NetSettings::new(agent, Reach { allow_private });
    settings.timeout = std::time::Duration::from_secs(60);
    Ok(Client::new(&settings)?)
}

/// The record that an address belongs to, and the entry if it is one's: `…/12`, `…/12/proof`, `…/checkpoint`.
pub(in crate::cli::record) fn record_of(url: &Url) -> (Url, Option<u64>) {
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/checkpoint")
        .or_else(|| path.strip_suffix("/vkey"))
        .unwrap_or(path);
    let entry = path.strip_suffix("/proof").unwrap_or(path);
    let (record, index) = match entry.rsplit_once('/') {
        Some((record, index)) if !record.is_empty() => (record, index.parse().ok()),
        _ => (path, None),
    };
    let mut base = url.clone();
    base.set_query(None);
    base.set_fragment(None);
    base.set_path(if index.is_some() { record } else { path });
    (base, index)
}

async fn folder(place: &Path, trust: &Trust, from: Option<&Note>) -> Result<Report, Fault> {
    if !bag::is_bag(place) {
        return log(place.to_owned(), trust, from).await;
    }
    // The log first: it knows which of its entries was changed, and a manifest only which file.
    let report = log(place.join(bag::LOG), trust, from).await?;
    let bar = bar();
    let checked = bag::check(place, &mut |files| bar.set_position(files));
    bar.finish_and_clear();
    checked?;
    Ok(report)
}

async fn log(log: PathBuf, trust: &Trust, from: Option<&Note>) -> Result<Report, Fault> {
    let bar = bar();
    let outcome = whole::check(&Source::Folder(log), trust, from, &mut |read, all| {
        bar.set_length(all);
        bar.set_position(read);
    })
    .await;
    bar.finish_and_clear();
    outcome
}

/// How far it has come, on the standard error output, if somebody looks at it.
fn bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {human_pos} of {human_len}, {per_sec}, {eta} left");
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8))
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_record_or_an_entry_of_it() {
        for (url, record, entry) in [
            (
                "https://a.example/record/water",
                "https://a.example/record/water",
                None,
            ),
            (
                "https://a.example/record/water/",
                "https://a.example/record/water",
                None,
            ),
            (
                "https://a.example/record/water/checkpoint",
                "https://a.example/record/water",
                None,
            ),
            (
                "https://a.example/record/water/12?x=1#y",
                "https://a.example/record/water",
                Some(12),
            ),
            (
                "https://a.example/record/water/12/proof",
                "https://a.example/record/water",
                Some(12),
            ),
            ("https://a.example/log", "https://a.example/log", None),
        ] {
            let (base, index) = record_of(&url.parse().unwrap());
            assert_eq!((base.as_str(), index), (record, entry), "{url}");
        }
    }
}
