//! An entry as a line of JSON: its leaf, what opens it, and the parts that it commits to.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::Disclosed;
use crate::archive::commitment::{Salt, Salts};
use crate::archive::entries::Entry;
use crate::archive::parts::{self, Kept};
use crate::platform::db::{self, Conn};

/// A picture or another file that an entry commits to, for a place of its own.
#[derive(Debug, Clone)]
pub(super) struct Media {
    /// Behind `data/media/`.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The line without its end, and the media that it names. What is `withheld`, since its destruction is ordered, only the
/// staff's copies hold: for whoever placed the hold that keeps it.
pub(super) fn line(
    conn: &mut Conn,
    url: &str,
    leaf: &str,
    entry: &Entry,
    (disclosed, withheld): (Disclosed, bool),
) -> Result<(String, Vec<Media>), db::Error> {
    let mut line = json!({ "index": entry.place.index, "url": url, "leaf": leaf });
    let mut media = vec![];
    let opening = entry.opening.as_ref();
    let opens = opens(entry, disclosed) && (disclosed == Disclosed::Staff || !withheld);
    if let Some(opening) = opening.filter(|_| opens) {
        let kept = parts::of(conn, entry)?;
        let (parts, files) = written(kept, &opening.salts);
        media = files;
        set(&mut line, "manifest", opening.manifest.as_str().into());
        set(&mut line, "salt", salt(opening.salts.of_entry()));
        set(&mut line, "parts", parts.into());
    }
    if entry.erased_at.is_some() {
        set(&mut line, "erased", true.into());
    } else if withheld {
        set(&mut line, "withheld", true.into());
    }
    Ok((line.to_string(), media))
}

/// Whether this copy may say what opens an entry.
pub(super) fn opens(entry: &Entry, disclosed: Disclosed) -> bool {
    disclosed == Disclosed::Staff || entry.kind.is_open()
}

fn set(line: &mut Value, name: &str, value: Value) {
    if let Some(line) = line.as_object_mut() {
        line.insert(name.to_owned(), value);
    }
}

fn salt(salt: Option<Salt>) -> Value {
    salt.map_or(Value::Null, |salt| salt.to_text().into())
}

fn written(kept: Vec<Kept>, salts: &Salts) -> (Vec<Value>, Vec<Media>) {
    let mut media = vec![];
    let parts = kept.into_iter().enumerate().map(|(n, part)| {
        let mut line = json!({
            "name": part.name, "mediaType": part.media_type, "salt": salt(salts.of_part(n)),
        });
        let Some(bytes) = part.bytes else {
            return line;
        };
        if part.name.starts_with("media/") {
            let name = file_name(&bytes, &part.media_type);
            set(&mut line, "file", format!("data/media/{name}").into());
            media.push(Media { name, bytes });
        } else {
            match String::from_utf8(bytes) {
                Ok(text) => set(&mut line, "text", text.into()),
                Err(error) => {
                    let base64 = BASE64_STANDARD.encode(error.as_bytes());
                    set(&mut line, "base64", base64.into());
                }
            }
        }
        line
    });
    let parts = parts.collect();
    (parts, media)
}

/// By what it holds: the SHA-256 of the bytes, as its address on the server has it.
fn file_name(bytes: &[u8], media_type: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let ending = match media_type {
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/jpeg" => "jpg",
        _ => "bin",
    };
    format!("{}.{ending}", super::package::hex(digest.as_ref()))
}
