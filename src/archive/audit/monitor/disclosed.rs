//! What an agency's entry discloses, checked against the leaf that commits to it.

use serde::Deserialize;
use serde_json::Value;

use crate::archive::audit::source::{LARGEST_TEXT, fetch};
use crate::archive::audit::{Fault, Invalid, Source};
use crate::archive::commitment::{Commitment, Manifest, Salt};

/// An entry as its server tells of it (docs/ARCHIVE.md).
#[derive(Deserialize)]
struct Entry {
    opening: Option<Opening>,
}

#[derive(Deserialize)]
struct Opening {
    salt: Option<String>,
    manifest: String,
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    salt: Option<String>,
}

/// The announcement that an entry is about, by its ActivityPub id; `None` if what opens the entry was destroyed.
/// `commitment` stands in the leaf, which was found in the tree.
pub(super) async fn announcement(
    source: &Source,
    index: u64,
    commitment: &str,
) -> Result<Option<String>, Fault> {
    let Source::Web { client, base } = source else {
        return Ok(None);
    };
    let place = |path: &str| {
        base.join(path)
            .map_err(|error| Fault::unreadable(format!("{base}{path}"), error))
    };
    let url = place(&format!("{index}.json"))?;
    let Some(entry) = fetch(client, &url, "application/json", LARGEST_TEXT).await? else {
        return Err(Fault::unreadable(url.as_str(), "it is not there"));
    };
    let entry: Entry =
        serde_json::from_slice(&entry).map_err(|error| Fault::unreadable(url.as_str(), error))?;
    let Some(opening) = entry.opening else {
        return Ok(None);
    };
    let Some(salt) = opening.salt.as_deref().and_then(Salt::parse) else {
        return Ok(None);
    };
    let wrong = |why: &str| {
        let why = why.to_owned();
        Fault::Invalid(Invalid::Proof { index, why })
    };
    let manifest = Manifest::from_text(opening.manifest);
    if Commitment::to(&salt, &manifest).to_string() != commitment {
        return Err(wrong("what is disclosed does not open its commitment"));
    }
    let listed = manifest.parts().unwrap_or_default();
    let Some((listed, part)) = listed
        .iter()
        .zip(&opening.parts)
        .find(|(listed, part)| listed.name == "statement" && part.name == "statement")
    else {
        return Err(wrong("it has no statement"));
    };
    let Some(salt) = part.salt.as_deref().and_then(Salt::parse) else {
        return Ok(None);
    };
    let url = place(&format!("{index}/parts/statement"))?;
    let Some(statement) = fetch(client, &url, "*/*", LARGEST_TEXT).await? else {
        return Ok(None);
    };
    if !listed.opens(salt, &statement) {
        return Err(wrong("its statement is not the one that it commits to"));
    }
    let statement: Value =
        serde_json::from_slice(&statement).map_err(|_| wrong("its statement is no JSON"))?;
    let announcement = statement.get("announcement").and_then(Value::as_str);
    announcement
        .map(|id| Some(id.to_owned()))
        .ok_or_else(|| wrong("its statement names no announcement"))
}
