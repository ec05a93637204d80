//! What facts do to the logs: the leaves and tiles to append, worked out beside the database's one writer.

use std::collections::{HashMap, HashSet};

use super::{Failure, is_stopped};
use crate::archive::commitment::{Commitment, Manifest, Part, Salts};
use crate::archive::entries::{self, New, Place};
use crate::archive::gather::{self, Documents, Draft};
use crate::archive::kind::{By, Subject};
use crate::archive::leaf::{Leaf, Precision};
use crate::archive::log::{self, Log, Reader};
use crate::kernel::{AgencyId, LogId, Site};
use crate::platform::chance;
use crate::platform::db::{self, Conn};
use crate::platform::journal;
use crate::tlog::tree::ChangedTile;
use crate::tlog::{Edge, Hash, Head};

/// What a batch of facts does to the logs.
pub(super) struct Plan {
    logs: Vec<Grown>,
    documents: Documents,
}

/// A log with its new leaves.
struct Grown {
    log: LogId,
    from: Head,
    to: Head,
    leaves: Vec<String>,
    tiles: Vec<ChangedTile>,
    entries: Vec<New>,
    edge: Edge,
}

impl Plan {
    /// Carries it out, in a transaction; the trees as they are then.
    pub(super) fn carry_out(self, conn: &mut Conn) -> Result<HashMap<LogId, Edge>, db::Error> {
        let documents = entries::remember_documents(conn, &self.documents)?;
        let mut edges = HashMap::new();
        for grown in self.logs {
            log::store::grow(
                conn,
                grown.log,
                grown.from,
                &grown.leaves,
                &grown.tiles,
                grown.to,
            )?;
            entries::insert(conn, &grown.entries, &documents)?;
            edges.insert(grown.log, grown.edge);
        }
        Ok(edges)
    }
}

pub(super) fn edge_of(conn: &mut Conn, log: &Log) -> Result<Edge, Failure> {
    let edge = Edge::load(log.head.size, &mut Reader::new(conn, log.id))?;
    if edge.root() == log.head.root {
        Ok(edge)
    } else {
        Err(Failure::Damaged(log.origin.clone()))
    }
}

pub(super) fn plan(
    conn: &mut Conn,
    site: &Site,
    precision: Precision,
    mut edges: HashMap<LogId, Edge>,
    facts: &[journal::Entry],
) -> Result<Plan, Failure> {
    let (drafts, documents) = gather::gather(conn, site, facts)?;
    let referred: HashSet<Subject> = drafts.iter().filter_map(|draft| draft.refers_to).collect();
    let referred: Vec<Subject> = referred.into_iter().collect();
    let mut first = entries::places_of(conn, &referred)?;
    let mut by_agency: HashMap<AgencyId, Vec<Draft>> = HashMap::new();
    for draft in drafts {
        by_agency.entry(draft.agency).or_default().push(draft);
    }
    let mut logs = vec![];
    for (agency, drafts) in by_agency {
        let Some(log) = log::by_agency(conn, agency)? else {
            continue;
        };
        if is_stopped(&log) {
            return Err(Failure::Moved);
        }
        let edge = match edges.remove(&log.id) {
            Some(edge) if edge.size() == log.head.size && edge.root() == log.head.root => edge,
            _ => edge_of(conn, &log)?,
        };
        logs.push(grow(&log, edge, precision, drafts, &mut first));
    }
    Ok(Plan { logs, documents })
}

/// Makes leaves of drafts, in their order, and appends them to the tree.
fn grow(
    log: &Log,
    mut edge: Edge,
    precision: Precision,
    drafts: Vec<Draft>,
    first: &mut HashMap<Subject, Place>,
) -> Grown {
    let (mut leaves, mut hashes, mut entries) = (vec![], vec![], vec![]);
    for (draft, index) in drafts.into_iter().zip(log.head.size..) {
        let place = Place::new(log.id, index);
        let refers_to = draft
            .refers_to
            .and_then(|subject| first.get(&subject))
            .filter(|place| place.log == log.id)
            .map(|place| place.index);
        let new = entry(place, draft);
        first.entry(new.subject).or_insert(place);
        let leaf = leaf(&new, refers_to, precision);
        hashes.push(Hash::of_record(leaf.as_bytes()));
        leaves.push(leaf);
        entries.push(new);
    }
    let tiles = edge.append(&hashes);
    Grown {
        log: log.id,
        from: log.head,
        to: Head {
            size: edge.size(),
            root: edge.root(),
        },
        leaves,
        tiles,
        entries,
        edge,
    }
}

fn entry(place: Place, draft: Draft) -> New {
    let salts = Salts::for_parts(draft.parts.len(), &chance);
    let parts: Vec<Part<'_>> = draft
        .parts
        .iter()
        .map(|part| Part {
            name: &part.name,
            media_type: &part.media_type,
            bytes: &part.bytes,
        })
        .collect();
    New {
        place,
        kind: draft.kind,
        at: draft.at,
        subject: draft.subject,
        thread: draft.thread,
        fact_seq: draft.seq,
        event: draft.event,
        document: draft.document,
        manifest: Manifest::of(&parts, &salts),
        statement: draft.statement,
        salts,
    }
}

fn leaf(new: &New, refers_to: Option<u64>, precision: Precision) -> String {
    Leaf {
        commitment: Commitment::of(&new.salts, &new.manifest),
        kind: new.kind,
        refers_to,
        at: new.at,
        precision: if new.kind.by() == By::Citizen {
            precision
        } else {
            Precision::Second
        },
    }
    .to_json()
}
