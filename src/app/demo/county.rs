//! The county: a second public server, so that each of the two confirms what the other puts on record.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;

use super::place::Place;
use super::script::{AGENCIES, COUNTY, COUNTY_ABOUT, COUNTY_AGENCIES, COUNTY_NAME};
use super::{Say, loopback, script, stage};
use crate::app::Services;
use crate::archive::{keys, log};
use crate::platform::config::{Config, Sources};
use crate::platform::db;

/// Which witnesses a server's checkpoints need, and whose checkpoints it confirms; both within its folder.
const POLICY: &str = "witnesses.policy";
const WITNESSED: &str = "witnessed.policy";

/// The city's configuration.
pub(super) fn city(place: &Place) -> anyhow::Result<Config> {
    config(place.folder(), place.city_port, script::CITY, script::ABOUT)
}

/// The county's, whose data is in a folder within the city's.
pub(super) fn county(place: &Place) -> anyhow::Result<Config> {
    let folder = place.folder().join(COUNTY);
    config(&folder, place.county_port, COUNTY_NAME, COUNTY_ABOUT)
}

/// A real server's configuration, on this machine only.
fn config(folder: &Path, port: u16, name: &str, about: &str) -> anyhow::Result<Config> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let (policy, witnessed) = (folder.join(POLICY), folder.join(WITNESSED));
    for (file, nothing) in [(&policy, "quorum none\n"), (&witnessed, "")] {
        if !file.exists() {
            put(file, nothing)?;
        }
    }
    let loaded = Sources::default()
        .flag("data", folder.display().to_string())
        .flag("listen", loopback(port).to_string())
        .flag("url", format!("http://localhost:{port}"))
        .flag("federation.allow_private", "true")
        .flag("about.name", name)
        .flag("about.summary", about)
        .flag("record.policy", policy.display().to_string())
        .flag("record.witness_for", witnessed.display().to_string())
        .load()?;
    Ok(loaded.config)
}

/// Sets up the agencies of both, since their records' keys begin with them, and makes each server the other's witness.
/// Both are at rest meanwhile.
pub(super) async fn introduce(place: &mut Place, say: Say<'_>) -> anyhow::Result<()> {
    if place.introduced {
        return Ok(());
    }
    let (city, county) = (city(place)?, county(place)?);
    let (city, county) = (Services::open(&city).await?, Services::open(&county).await?);
    say("Setting up three agencies …");
    for agency in &AGENCIES {
        stage::found(&city, agency)
            .await
            .with_context(|| format!("@{} could not be set up", agency.handle))?;
    }
    say(
        "… and a county on a server of its own, which watches the city's records, as the city watches the county's …",
    );
    for agency in &COUNTY_AGENCIES {
        stage::found(&county, agency).await?;
    }
    for services in [&city, &county] {
        services.outbox().run_until_idle().await;
        services.recorder().run_until_idle().await?;
    }
    let folder = place.folder().to_owned();
    acquaint(&city, &folder.join(COUNTY), "city").await?;
    acquaint(&county, &folder, COUNTY).await?;
    place.introduced = true;
    place.save()
}

/// Tells the server whose folder this is of another: it confirms the other's records, and asks it to confirm its own.
async fn acquaint(other: &Services, folder: &Path, name: &str) -> anyhow::Result<()> {
    let now = other.clock.now();
    let logs = other
        .db
        .read(move |conn| {
            let mut lines = String::new();
            for log in log::all(conn)? {
                for vkey in keys::verifier_keys(conn, &log, now)? {
                    let _ = writeln!(lines, "log {vkey}");
                }
            }
            Ok::<_, db::Error>(lines)
        })
        .await?;
    put(&folder.join(WITNESSED), &logs)?;
    let (vkey, base) = (other.web.witness.vkey(), other.site.base());
    let policy = format!("witness {name} {vkey} {base}/witness\nquorum {name}\n");
    put(&folder.join(POLICY), &policy)
}

fn put(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
