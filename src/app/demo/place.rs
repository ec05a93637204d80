//! Where the demonstration lives: its folder, and its ports, which stay, since ids hold them.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::citizens::{read, write};

/// How many ports after the one wished for are tried.
const TRIES: u16 = 100;

/// What is kept between two starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) city_port: u16,
    pub(super) citizens_port: u16,
    /// 0 in a demonstration of an earlier version, until one is found.
    #[serde(default)]
    pub(super) county_port: u16,
    /// Whether the city and the county are each other's witness.
    #[serde(default)]
    pub(super) introduced: bool,
    /// The announcements made so far, by their name in the script.
    pub(super) announcements: BTreeMap<String, i64>,
    /// Whether everything in the script has happened. From then on nothing is touched any more.
    pub(super) finished: bool,
    #[serde(skip)]
    folder: PathBuf,
}

/// A place, and whether it was there before.
pub(super) enum Found {
    New(Place),
    Known(Place),
}

impl Place {
    /// Finds the place in `folder`, or makes one there at the port wished for or the next that are free.
    pub(super) fn find(folder: &Path, wished: u16) -> anyhow::Result<Found> {
        let known: Option<Self> = read(&file(folder))?;
        if let Some(known) = known {
            let mut place = Self {
                folder: folder.to_owned(),
                ..known
            };
            if place.county_port == 0 {
                let others = [place.city_port, place.citizens_port];
                place.county_port = free_port(place.citizens_port.saturating_add(1), &others)?;
                place.save()?;
            }
            for port in [place.city_port, place.citizens_port, place.county_port] {
                if !is_free(port) {
                    bail!(
                        "port {port}, where this demonstration lives, is taken by another program; end that one, \
                         or begin a second demonstration with --data"
                    );
                }
            }
            return Ok(Found::Known(place));
        }
        if folder.join("actapub.db").exists() {
            bail!(
                "{} holds a real server's data, which a demonstration would spoil; --data chooses another folder",
                folder.display()
            );
        }
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let city_port = free_port(wished, &[])?;
        let behind = |port: u16| {
            if wished == 0 {
                0
            } else {
                port.saturating_add(1)
            }
        };
        let citizens_port = free_port(behind(city_port), &[city_port])?;
        let county_port = free_port(behind(citizens_port), &[city_port, citizens_port])?;
        let announcements = BTreeMap::new();
        let place = Self {
            city_port,
            citizens_port,
            county_port,
            introduced: false,
            announcements,
            finished: false,
            folder: folder.to_owned(),
        };
        place.save()?;
        Ok(Found::New(place))
    }

    pub(super) fn save(&self) -> anyhow::Result<()> {
        write(&file(&self.folder), self)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("demo.json")
}

/// The port, or the next that is free and none of `others`; any that is free for 0.
fn free_port(wished: u16, others: &[u16]) -> anyhow::Result<u16> {
    if wished == 0 {
        // Each is held until all are there, so that they differ.
        let any = |_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free");
        let held = (0..=others.len()).map(any).collect::<Result<Vec<_>, _>>()?;
        let mut ports = held
            .iter()
            .filter_map(|it| Some(it.local_addr().ok()?.port()));
        return ports
            .find(|port| !others.contains(port))
            .context("no port is free");
    }
    (wished..=wished.saturating_add(TRIES))
        .find(|port| !others.contains(port) && is_free(*port))
        .with_context(|| format!("none of the {TRIES} ports from {wished} is free"))
}

/// Whether nobody listens there, in either family: browsers take `localhost` for both.
fn is_free(port: u16) -> bool {
    let taken = |address: SocketAddr| {
        TcpListener::bind(address).is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    };
    !taken((Ipv4Addr::LOCALHOST, port).into()) && !taken((Ipv6Addr::LOCALHOST, port).into())
}
