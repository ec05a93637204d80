//! Pictures that a command is given as files.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::agencies::Picture;
use crate::kernel::Clock;
use crate::platform::blobs::{self, Blob};
use crate::platform::config::Config;
use crate::platform::db::{self, Conn};
use crate::publishing::pictures::{self, Limits, Prepared, Purpose};

/// Reads a file and makes it fit to be published.
pub(super) async fn prepare(
    config: &Config,
    path: &Path,
    purpose: Purpose,
) -> anyhow::Result<Prepared> {
    let limits = Limits {
        bytes: config.limits.image_size.as_usize(),
        pixels: config.limits.image_pixels.get().into(),
    };
    let path = path.to_owned();
    let work = move || {
        let upload = read(&path, limits.bytes)?;
        let prepared = pictures::prepare(&upload, purpose, limits)
            .with_context(|| path.display().to_string())?;
        if prepared.still {
            eprintln!("{} moves; only its first picture is shown", path.display());
        }
        Ok(prepared)
    };
    tokio::task::spawn_blocking(work)
        .await
        .context("the picture could not be prepared")?
}

/// One byte more than may be is enough to see that a file is too large.
fn read(path: &PathBuf, most: usize) -> anyhow::Result<Vec<u8>> {
    let mut upload = Vec::new();
    File::open(path)
        .and_then(|file| {
            let most = u64::try_from(most).unwrap_or(u64::MAX);
            file.take(most.saturating_add(1)).read_to_end(&mut upload)
        })
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(upload)
}

/// Keeps a picture's bytes.
pub(super) fn put(conn: &mut Conn, clock: &dyn Clock, picture: &Prepared) -> Result<(), db::Error> {
    let blob = Blob {
        media_type: picture.media_type.to_owned(),
        bytes: picture.bytes.clone(),
    };
    blobs::put(conn, clock, &picture.digest, &blob)
}

/// A picture of an agency.
pub(super) fn named(picture: &Prepared, alt: String) -> Picture {
    Picture {
        digest: picture.digest.clone(),
        media_type: picture.media_type.to_owned(),
        alt,
    }
}
