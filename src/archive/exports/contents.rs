//! What lies in an export, written page by page: whatever the size of a record, memory does not grow with it.

use std::io::{self, Write as _};
use std::path::Path;

use super::bag::Bag;
use super::lines::{self, Media};
use super::package::{Seen, Spool};
use super::table::{self, Row};
use super::{Disclosed, Extent, guide, premis, threads};
use crate::agencies::Agency;
use crate::archive::entries::{self, Entry, Filter};
use crate::archive::kind::{By, Kind};
use crate::archive::leaf::ReadLeaf;
use crate::archive::log::{self, Checkpointed, Log, Reader};
use crate::archive::{erasure, keys};
use crate::kernel::{AnnouncementId, Site};
use crate::platform::db::{self, Conn};
use crate::tlog::note::Malformed;
use crate::tlog::tree::TreeError;
use crate::tlog::{Note, Receipt, tile, tree};

/// Entries that are read at a time, and those in one file.
const PAGE: i64 = 250;
const IN_A_FILE: u64 = 1_000;

/// What to export.
#[derive(Debug, Clone)]
pub struct Plan {
    pub site: Site,
    pub agency: Agency,
    pub log: Log,
    pub extent: Extent,
    pub disclosed: Disclosed,
    /// Under which the agency's words may be used.
    pub licence: String,
}

/// How far an export has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries written so far, and the size of the log.
    pub entries: u64,
    pub size: u64,
}

/// What was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    pub entries: u64,
    /// The size of the log then.
    pub size: u64,
}

/// Why an export could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("no checkpoint of this record was signed yet: a running server signs it")]
    Unsigned,
    #[error("there is nothing of that in the record")]
    Nothing,
    #[error(
        "something was erased while the export was made, and might still be in it: nothing was written; export again"
    )]
    Erased,
    #[error("the checkpoint that is kept is none: {0}")]
    Checkpoint(#[from] Malformed),
    #[error("a tree could not be read: {0}")]
    Tree(#[from] TreeError<db::Error>),
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error("it could not be written: {0}")]
    Io(#[from] io::Error),
}

impl From<threads::Failure> for Failure {
    fn from(failure: threads::Failure) -> Self {
        match failure {
            threads::Failure::Db(error) => Self::Db(error),
            threads::Failure::Io(error) => Self::Io(error),
        }
    }
}

impl Plan {
    /// As the record notes it: without anybody's name.
    pub fn extent_in_words(&self, conn: &mut Conn) -> Result<String, db::Error> {
        use crate::archive::kind::Subject;
        Ok(match self.extent {
            Extent::All => "all".to_owned(),
            Extent::Thread(id) => match entries::first_of(conn, Subject::Announcement(id))? {
                Some(place) => format!("thread of entry {}", place.index),
                None => "a thread".to_owned(),
            },
            Extent::Period { from, to } => {
                format!(
                    "from {} to {}",
                    from.to_whole_second(),
                    to.to_whole_second()
                )
            }
        })
    }

    /// The checkpoint up to which entries count: the newest that is witnessed, or else signed.
    fn checkpoint(&self) -> Result<Checkpointed, Failure> {
        let newest = self
            .log
            .witnessed
            .clone()
            .or_else(|| self.log.signed.clone());
        newest.filter(|it| it.size > 0).ok_or(Failure::Unsigned)
    }

    fn filter(&self) -> Filter {
        match self.extent {
            Extent::All => Filter::default(),
            Extent::Thread(thread) => Filter {
                thread: Some(thread),
                ..Filter::default()
            },
            Extent::Period { from, to } => Filter {
                from: Some(from),
                to: Some(to),
                ..Filter::default()
            },
        }
    }

    fn url(&self) -> String {
        self.site.record(&self.log.name)
    }
}

/// Writes an export to `target`: a folder, or an archive if it ends in `.tar` or `.tar.gz`. The same plan on the same
/// database gives the same bytes.
pub fn export(
    conn: &mut Conn,
    plan: &Plan,
    target: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, Failure> {
    let checkpoint = plan.checkpoint()?;
    let erased = erasure::count_executed(conn)?;
    let bag = Bag::begin(target, &format!("{}-record", plan.log.name))?;
    let mut writer = Writer::begin(plan, checkpoint, bag)?;
    writer.log(conn)?;
    writer.records(conn, progress)?;
    if writer.entries == 0 {
        return Err(Failure::Nothing);
    }
    writer.threads(conn)?;
    // What was read before and is destroyed now must not be carried away.
    if erasure::count_executed(conn)? != erased {
        return Err(Failure::Erased);
    }
    writer.finish(conn)
}

/// An entry on its way into a package.
#[derive(Clone, Copy)]
struct One<'a> {
    entry: &'a Entry,
    leaf: &'a str,
    /// Whether somebody has ordered that it is destroyed.
    withheld: bool,
}

struct Writer<'a> {
    plan: &'a Plan,
    checkpoint: Checkpointed,
    note: Note,
    bag: Bag,
    table: Spool,
    premis: Spool,
    media: Seen,
    entries: u64,
    /// When the last entry of the log came, as its leaf has it.
    last: String,
}

impl<'a> Writer<'a> {
    fn begin(plan: &'a Plan, checkpoint: Checkpointed, bag: Bag) -> Result<Self, Failure> {
        let (mut table, mut premis) = (bag.spool("metadata")?, bag.spool("premis")?);
        let media = bag.seen("media")?;
        writeln!(table, "{}", table::HEADER)?;
        premis::begin(&mut premis, &plan.url(), &plan.agency.name)?;
        Ok(Self {
            plan,
            note: Note::parse(&checkpoint.note)?,
            checkpoint,
            bag,
            table,
            premis,
            media,
            entries: 0,
            last: String::new(),
        })
    }

    fn list(&mut self, file: &str, title: &str, creator: &str) -> io::Result<()> {
        let row = Row {
            file,
            title,
            creator,
            rights: &self.plan.licence,
            ..Row::default()
        };
        table::write(&mut self.table, row)
    }

    fn add(&mut self, file: &str, title: &str, bytes: &[u8]) -> io::Result<()> {
        let plan = self.plan;
        self.list(file, title, &plan.agency.name)?;
        self.bag.add(file, bytes)
    }

    /// Checkpoint and keys; of the whole log all tiles, as they would be served (c2sp.org/tlog-tiles).
    fn log(&mut self, conn: &mut Conn) -> Result<(), Failure> {
        let (plan, size) = (self.plan, self.checkpoint.size);
        let note = self.checkpoint.note.clone();
        self.add("data/log/checkpoint", "signed checkpoint", note.as_bytes())?;
        let vkeys = keys::verifier_keys(conn, &plan.log, self.checkpoint.at)?;
        let vkeys = vkeys.join("\n") + "\n";
        self.add(
            "data/log/vkey",
            "keys that verify the checkpoint",
            vkeys.as_bytes(),
        )?;
        if let Some(leaf) = log::leaf(conn, entries::Place::new(plan.log.id, size - 1))? {
            self.last = ReadLeaf::parse(leaf.as_bytes()).map_or_else(String::new, |leaf| leaf.time);
        }
        if plan.extent != Extent::All {
            return Ok(());
        }
        for tile in tile::tiles_of_size(size) {
            let hashes = log::hash_tile(conn, plan.log.id, tile.level, tile.index)?;
            let width = usize::from(tile.width) * crate::tlog::Hash::SIZE;
            let hashes = hashes.as_deref().and_then(|hashes| hashes.get(..width));
            let hashes = hashes.ok_or(db::Error::Corrupt("record_tiles: a tile is missing"))?;
            let path = tile.path();
            self.add(&format!("data/log/{path}"), "hashes of the log", hashes)?;
            if tile.level == 0 {
                let bundle = log::entries_tile(conn, plan.log.id, tile.index, tile.width)?
                    .ok_or(db::Error::Corrupt("record_leaves: a leaf is missing"))?;
                let path = path.replacen("tile/0/", "tile/entries/", 1);
                self.add(&format!("data/log/{path}"), "entries of the log", &bundle)?;
            }
        }
        Ok(())
    }

    fn records(
        &mut self,
        conn: &mut Conn,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Failure> {
        let (plan, size) = (self.plan, self.checkpoint.size);
        let (filter, mut from) = (plan.filter(), 0);
        let mut file: Option<(u64, Spool)> = None;
        loop {
            let page = entries::span(conn, plan.log.id, filter, from, size, PAGE)?;
            let Some(last) = page.last() else { break };
            from = last.place.index + 1;
            let places: Vec<_> = page.iter().map(|entry| entry.place).collect();
            let leaves = log::leaves_at(conn, &places)?;
            let subjects: Vec<_> = page.iter().map(|entry| entry.subject).collect();
            let withheld = erasure::withheld(conn, &subjects)?;
            for entry in &page {
                let leaf = leaves
                    .get(&entry.place)
                    .ok_or(db::Error::Corrupt("record_leaves: a leaf is missing"))?;
                let one = One {
                    entry,
                    leaf,
                    withheld: withheld.contains(&entry.subject),
                };
                let number = entry.place.index / IN_A_FILE;
                if file.as_ref().is_none_or(|(open, _)| *open != number) {
                    self.close(file.take())?;
                    file = Some((number, self.bag.spool("records")?));
                }
                if let Some((_, spool)) = &mut file {
                    self.record(conn, one, number, spool)?;
                }
            }
            progress(Progress {
                entries: self.entries,
                size,
            });
        }
        self.close(file)?;
        Ok(())
    }

    fn close(&mut self, file: Option<(u64, Spool)>) -> io::Result<()> {
        match file {
            Some((number, spool)) => self.bag.add_spool(&records_file(number), spool),
            None => Ok(()),
        }
    }

    fn record(
        &mut self,
        conn: &mut Conn,
        one: One<'_>,
        number: u64,
        spool: &mut Spool,
    ) -> Result<(), Failure> {
        let (plan, One { entry, leaf, .. }) = (self.plan, one);
        let index = entry.place.index;
        let url = plan.site.record_entry(&plan.log.name, index);
        let read = ReadLeaf::parse(leaf.as_bytes());
        let read = read.ok_or(db::Error::Corrupt("record_leaves.leaf"))?;
        let (line, media) = lines::line(conn, &url, leaf, entry, (plan.disclosed, one.withheld))?;
        writeln!(spool, "{line}")?;
        for media in &media {
            self.put_media(media)?;
        }
        premis::event(
            &mut self.premis,
            &plan.url(),
            index,
            entry.kind,
            &read.time,
            read.refers_to,
        )?;
        self.describe(one, &records_file(number), &url, &read.time)?;
        if plan.extent != Extent::All {
            self.prove(conn, index)?;
        }
        self.entries += 1;
        Ok(())
    }

    fn put_media(&mut self, media: &Media) -> io::Result<()> {
        if !self.media.is_new(&media.name)? {
            return Ok(());
        }
        self.add(
            &format!("data/media/{}", media.name),
            "a picture",
            &media.bytes,
        )
    }

    fn describe(&mut self, one: One<'_>, file: &str, id: &str, date: &str) -> io::Result<()> {
        let (plan, entry) = (self.plan, one.entry);
        let title = title(entry).filter(|_| !one.withheld);
        let title = title.unwrap_or_else(|| entry.kind.name().to_owned());
        let (creator, rights) = match entry.kind.by() {
            By::Citizen => ("a citizen", "restricted: personal data of citizens"),
            _ if entry.kind.is_private() => (
                plan.agency.name.as_str(),
                "restricted: personal data of citizens",
            ),
            _ if entry.kind.is_internal() => (plan.agency.name.as_str(), "restricted: internal"),
            _ => (plan.agency.name.as_str(), plan.licence.as_str()),
        };
        let rights = match (entry.erased_at, one.withheld) {
            (Some(_), _) => "erased",
            (None, true) => "withheld: its erasure is ordered",
            (None, false) => rights,
        };
        let row = Row {
            file,
            id,
            title: &title,
            description: entry.kind.name(),
            creator,
            date,
            rights,
        };
        table::write(&mut self.table, row)
    }

    fn prove(&mut self, conn: &mut Conn, index: u64) -> Result<(), Failure> {
        let mut tiles = Reader::new(conn, self.plan.log.id);
        let receipt = Receipt {
            extra: None,
            index,
            proof: tree::inclusion_proof(index, self.checkpoint.size, &mut tiles)?,
            note: self.note.clone(),
        };
        let file = format!("data/proofs/{index}.tlog-proof");
        self.add(&file, "proof of an entry", receipt.to_string().as_bytes())?;
        Ok(())
    }

    fn threads(&mut self, conn: &mut Conn) -> Result<(), Failure> {
        let plan = self.plan;
        let setting = threads::Setting {
            site: &plan.site,
            log: &plan.log,
            agency: &plan.agency.name,
            disclosed: plan.disclosed,
            size: self.checkpoint.size,
        };
        let (filter, mut after) = (plan.filter(), AnnouncementId::new(0));
        loop {
            let page = entries::threads(conn, plan.log.id, filter, after, setting.size, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = *last;
            for thread in page {
                let mut spool = self.bag.spool("thread")?;
                threads::write(conn, &mut spool, setting, thread)?;
                let file = format!("data/threads/{thread}.html");
                self.list(&file, "a conversation, to be read", &plan.agency.name)?;
                self.bag.add_spool(&file, spool)?;
            }
        }
    }

    fn finish(mut self, conn: &mut Conn) -> Result<Exported, Failure> {
        let (plan, size, entries) = (self.plan, self.checkpoint.size, self.entries);
        let vkeys = keys::verifier_keys(conn, &plan.log, self.checkpoint.at)?;
        let guide = guide::page(&guide::About {
            agency: &plan.agency.name,
            record: &plan.url(),
            origin: &plan.log.origin,
            size,
            vkeys: &vkeys,
            whole: plan.extent == Extent::All,
            licence: &plan.licence,
        });
        self.add(
            "data/HOW-TO-CHECK.html",
            "how to check this",
            guide.as_bytes(),
        )?;
        premis::end(&mut self.premis, &plan.agency.name)?;
        self.list(
            "data/premis.xml",
            "what happened (PREMIS 3)",
            &plan.agency.name,
        )?;
        self.list("data/metadata.csv", "this list", &plan.agency.name)?;
        self.bag.add_spool("data/premis.xml", self.premis)?;
        self.bag.add_spool("data/metadata.csv", self.table)?;
        let extent = plan.extent_in_words(conn)?;
        self.bag.finish(&[
            ("Source-Organization", plan.agency.name.clone()),
            ("External-Identifier", plan.url()),
            (
                "External-Description",
                format!("The public record of {}: {extent}", plan.agency.name),
            ),
            // Of the last entry: the same record is the same bag whenever it is packed.
            ("Bagging-Date", self.last.chars().take(10).collect()),
            (
                "Bag-Software-Agent",
                format!("Actapub {}", env!("CARGO_PKG_VERSION")),
            ),
            ("Actapub-Log-Size", size.to_string()),
        ])?;
        Ok(Exported { entries, size })
    }
}

fn records_file(number: u64) -> String {
    format!("data/records/{number:06}.jsonl")
}

/// The beginning of what an announcement says.
fn title(entry: &Entry) -> Option<String> {
    if !matches!(
        entry.kind,
        Kind::AnnouncementPublished | Kind::AnnouncementEdited
    ) {
        return None;
    }
    let stated: serde_json::Value = serde_json::from_str(entry.statement.as_deref()?).ok()?;
    let text = stated.get("markdown")?.as_str()?;
    Some(text.lines().next()?.chars().take(120).collect())
}
