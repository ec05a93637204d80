//! Where the files of a record come from: another server, or a folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode, header};
use url::Url;

use super::{Fault, Invalid};
use crate::platform::net::{Client, NetError, Request};
use crate::tlog::tile::{FULL, Tile, TilePath};
use crate::tlog::{Hash, bundle};

/// Bytes of the largest bundle of entries that the format allows.
const LARGEST_BUNDLE: usize = 256 * (2 + bundle::LONGEST_ENTRY);
/// Bytes of a checkpoint, a page in JSON and the like.
pub const LARGEST_TEXT: usize = 2 << 20;
/// How often a request is made that fails for reasons that may pass.
const ATTEMPTS: u32 = 4;
const PAUSE: Duration = Duration::from_secs(1);

/// The files of one record, by their paths below its prefix.
#[derive(Debug, Clone)]
pub enum Source {
    Web { client: Client, base: Url },
    Folder(PathBuf),
}

impl Source {
    /// The record at an address, with or without a slash at its end.
    pub fn web(client: Client, base: &Url) -> Self {
        let mut base = base.clone();
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Self::Web { client, base }
    }

    /// The address or the name of the folder.
    pub fn name(&self) -> String {
        match self {
            Self::Web { base, .. } => base.as_str().trim_end_matches('/').to_owned(),
            Self::Folder(folder) => folder.display().to_string(),
        }
    }

    fn place(&self, path: &str) -> String {
        format!("{}/{path}", self.name())
    }

    /// A file; `None` if there is none.
    pub async fn get(&self, path: &str, most: usize) -> Result<Option<Bytes>, Fault> {
        match self {
            Self::Web { client, base } => {
                let url = base
                    .join(path)
                    .map_err(|error| Fault::unreadable(self.place(path), error))?;
                fetch(client, &url, "*/*", most).await
            }
            Self::Folder(folder) => read(&folder.join(path), most).await,
        }
    }

    /// A file that must be there and is text.
    pub async fn text(&self, path: &str) -> Result<String, Fault> {
        let bytes = self.get(path, LARGEST_TEXT).await?;
        let bytes = bytes.ok_or_else(|| Fault::unreadable(self.place(path), "it is not there"))?;
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Fault::unreadable(self.place(path), "it is not text"))
    }

    /// The hashes of a tile, exactly as many as it is wide. A partial tile may have been replaced by a wider one.
    pub async fn hashes(&self, tile: Tile, size: u64) -> Result<Bytes, Fault> {
        let path = TilePath::Hashes(tile);
        let bytes = self
            .tile(path, usize::from(FULL) * Hash::SIZE, size)
            .await?;
        let wanted = usize::from(tile.width) * Hash::SIZE;
        if bytes.len() < wanted || bytes.len() % Hash::SIZE != 0 {
            let why = "it has not the hashes that it should have".to_owned();
            let path = path.to_string();
            return Err(Invalid::Tile { path, why }.into());
        }
        Ok(bytes.slice(..wanted))
    }

    /// The bundle of entries behind a tile of level 0.
    pub async fn entries(&self, tile: Tile, size: u64) -> Result<Bytes, Fault> {
        let path = TilePath::Entries {
            index: tile.index,
            width: tile.width,
        };
        let bytes = self.tile(path, LARGEST_BUNDLE, size).await?;
        match bundle::prefix(&bytes, tile.width) {
            Ok(prefix) => Ok(bytes.slice(..prefix.len())),
            Err(why) => {
                let (path, why) = (path.to_string(), why.to_string());
                Err(Invalid::Tile { path, why }.into())
            }
        }
    }

    async fn tile(&self, path: TilePath, most: usize, size: u64) -> Result<Bytes, Fault> {
        if let Some(bytes) = self.get(&path.to_string(), most).await? {
            return Ok(bytes);
        }
        let whole = match path {
            TilePath::Hashes(tile) => TilePath::Hashes(Tile {
                width: FULL,
                ..tile
            }),
            TilePath::Entries { index, .. } => TilePath::Entries { index, width: FULL },
        };
        let bytes = if whole == path {
            None
        } else {
            self.get(&whole.to_string(), most).await?
        };
        let path = path.to_string();
        bytes.ok_or_else(|| Invalid::Missing { path, size }.into())
    }
}

/// A document at an address; `None` if there is none.
pub async fn fetch(
    client: &Client,
    url: &Url,
    accept: &'static str,
    most: usize,
) -> Result<Option<Bytes>, Fault> {
    let mut attempt = 1;
    loop {
        let outcome = once(client, url, accept, most).await;
        let again = match &outcome {
            Err(Refusal::Net(NetError::Timeout | NetError::Broken(_))) => true,
            Err(Refusal::Status(status)) => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            _ => false,
        };
        if again && attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE * attempt).await;
            attempt += 1;
            continue;
        }
        return outcome.map_err(|refusal| match refusal {
            Refusal::Net(error) => Fault::net(url.as_str(), &error),
            Refusal::Status(status) => {
                Fault::unreadable(url.as_str(), format!("its server answers {status}"))
            }
        });
    }
}

enum Refusal {
    Net(NetError),
    Status(StatusCode),
}

async fn once(
    client: &Client,
    url: &Url,
    accept: &'static str,
    most: usize,
) -> Result<Option<Bytes>, Refusal> {
    let mut request = Request::new(Method::GET, url.clone());
    request
        .headers_mut()
        .insert(header::ACCEPT, http::HeaderValue::from_static(accept));
    let response = client.send(request).await.map_err(Refusal::Net)?;
    match response.status() {
        StatusCode::OK => Client::read_at_most(response, most)
            .await
            .map(Some)
            .map_err(Refusal::Net),
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
        status => Err(Refusal::Status(status)),
    }
}

/// A file of at most `most` bytes; `None` if there is none.
pub(super) async fn read(file: &Path, most: usize) -> Result<Option<Bytes>, Fault> {
    let unreadable =
        |error: &dyn ToString| Fault::unreadable(file.display().to_string(), error.to_string());
    let bytes = match tokio::fs::read(file).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    if bytes.len() > most {
        return Err(unreadable(&format!("it has more than {most} bytes")));
    }
    Ok(Some(Bytes::from(bytes)))
}
