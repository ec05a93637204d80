//! The bytes that an entry commits to, as they are kept now.

use super::entries::{self, Entry};
use super::kind::Subject;
use crate::federation::{inbox, outbox};
use crate::platform::blobs;
use crate::platform::db::{self, Conn};
use crate::publishing::articles;

/// A part of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// As the manifest lists it.
    pub name: String,
    pub media_type: String,
    /// `None` if it was destroyed, or its salt was.
    pub bytes: Option<Vec<u8>>,
}

/// The parts of an entry in the order of its manifest; none if the entry was erased.
pub fn of(conn: &mut Conn, entry: &Entry) -> Result<Vec<Kept>, db::Error> {
    let Some(listed) = entry
        .opening
        .as_ref()
        .and_then(|opening| opening.manifest.parts())
    else {
        return Ok(vec![]);
    };
    let event: Vec<_> = entry.event.into_iter().collect();
    let evidence = inbox::evidence(conn, &event)?.into_iter().next();
    let evidence = evidence.filter(|evidence| !evidence.body.is_empty());
    let pictures = pictures(entry);
    let mut kept = vec![];
    for part in listed {
        let bytes = match part.name.as_str() {
            "statement" => entry.statement.clone().map(String::into_bytes),
            "body" if entry.event.is_some() => evidence.as_ref().map(|it| it.body.clone()),
            "body" => outbox::body_for(conn, entry.fact_seq)?,
            "http" => evidence.as_ref().map(|it| it.request.clone().into_bytes()),
            "key" => evidence.as_ref().map(|it| it.key.clone()),
            "actor" => match entry.document {
                Some(document) => entries::document(conn, document)?.map(String::into_bytes),
                None => None,
            },
            "article" => article(conn, entry)?,
            media => match media
                .strip_prefix("media/")
                .and_then(|n| n.parse::<usize>().ok())
                .and_then(|n| pictures.get(n.checked_sub(1)?))
            {
                Some(digest) => blobs::find(conn, digest)?.map(|blob| blob.bytes),
                None => None,
            },
        };
        kept.push(Kept {
            name: part.name,
            media_type: part.media_type,
            bytes,
        });
    }
    Ok(kept)
}

fn stated(entry: &Entry) -> Option<serde_json::Value> {
    let statement = entry.statement.as_deref()?;
    serde_json::from_str(statement).ok()
}

/// The long text of the wording that an entry tells of, as its page has it.
fn article(conn: &mut Conn, entry: &Entry) -> Result<Option<Vec<u8>>, db::Error> {
    let Subject::Announcement(id) = entry.subject else {
        return Ok(None);
    };
    let number = stated(entry).and_then(|it| it.get("revision")?.as_i64());
    let Some(number) = number.and_then(|it| i32::try_from(it).ok()) else {
        return Ok(None);
    };
    let article = articles::find(conn, id, number)?;
    let html = article.map(|it| it.html.into_string());
    Ok(html.filter(|it| !it.is_empty()).map(String::into_bytes))
}

/// The pictures that an agency's entry commits to, by digest.
fn pictures(entry: &Entry) -> Vec<String> {
    stated(entry)
        .as_ref()
        .and_then(|stated| stated.get("images"))
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|image| image.get("digest")?.as_str().map(str::to_owned))
        .collect()
}
