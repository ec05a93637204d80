//! Which entry of an exported record a changed byte belongs to: each line of `data/records/` is opened by itself.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use crate::archive::commitment::{Commitment, Manifest, Salt};
use crate::archive::leaf::ReadLeaf;

/// A line, as far as it proves something.
#[derive(Deserialize)]
struct Line {
    index: u64,
    leaf: String,
    manifest: Option<String>,
    salt: Option<String>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    salt: Option<String>,
    text: Option<String>,
    base64: Option<String>,
}

/// The first entry in a file of records that does not hold together: its line is none, or something in it is not what its
/// leaf commits to. `None` if each does, so that what was changed is something that the leaves do not commit to.
pub(super) fn culprit(file: &Path) -> Option<u64> {
    let mut next = None;
    for line in BufReader::new(File::open(file).ok()?).split(b'\n') {
        let line = line.ok()?;
        if line.is_empty() {
            continue;
        }
        let read: Option<Line> = serde_json::from_slice(&line).ok();
        match read {
            Some(line) if next.is_none_or(|next| line.index >= next) && holds(&line) => {
                next = line.index.checked_add(1);
            }
            // A line that cannot be read any more is the one behind the last that could.
            read => {
                let index = read.map_or(0, |line| line.index);
                return Some(next.map_or(index, |next| index.max(next)));
            }
        }
    }
    None
}

fn holds(line: &Line) -> bool {
    let Some(leaf) = ReadLeaf::parse(line.leaf.as_bytes()) else {
        return false;
    };
    let (Some(manifest), Some(salt)) = (&line.manifest, &line.salt) else {
        // Nothing of it is disclosed.
        return true;
    };
    let manifest = Manifest::from_text(manifest.clone());
    let opens = Salt::parse(salt)
        .is_some_and(|salt| Commitment::to(&salt, &manifest).to_string() == leaf.commitment);
    let Some(listed) = manifest.parts().filter(|_| opens) else {
        return false;
    };
    line.parts.iter().all(|part| {
        let bytes = match (&part.text, &part.base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(base64)) => match BASE64_STANDARD.decode(base64) {
                Ok(bytes) => bytes,
                Err(_) => return false,
            },
            (None, None) => return true,
        };
        let salt = part.salt.as_deref().and_then(Salt::parse);
        listed
            .iter()
            .find(|listed| listed.name == part.name)
            .zip(salt)
            .is_some_and(|(listed, salt)| listed.opens(salt, &bytes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::commitment::{self, Salts};

    fn line(index: u64, text: &str) -> String {
        let salts = Salts::for_parts(1, &|bytes| bytes.fill(7));
        let part = commitment::Part {
            name: "statement",
            media_type: "application/json",
            bytes: text.as_bytes(),
        };
        let manifest = Manifest::of(&[part], &salts);
        let commitment = Commitment::to(&salts.of_entry().unwrap(), &manifest);
        let leaf = format!(
            r#"{{"c":"{commitment}","k":"agency","t":"agency.changed","ts":"2026-11-24T12:00:00Z","v":1}}"#
        );
        let salt = salts.of_entry().unwrap().to_text();
        serde_json::json!({
            "index": index, "leaf": leaf, "manifest": manifest.as_str(), "salt": salt,
            "parts": [{"name": "statement", "salt": salt, "text": text}],
        })
        .to_string()
    }

    #[test]
    fn a_changed_byte_is_found_in_its_entry() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("000000.jsonl");
        let whole = format!(
            "{}\n{}\n{}\n",
            line(4, "one"),
            line(5, "two"),
            line(7, "three")
        );
        let found = |text: &str| {
            std::fs::write(&file, text).unwrap();
            culprit(&file)
        };
        assert_eq!(found(&whole), None);
        assert_eq!(found(&whole.replace("two", "twa")), Some(5));
        assert_eq!(found(&whole.replace("three", "threa")), Some(7));
        assert_eq!(found(&whole.replacen("\"index\"", "\"indax\"", 1)), Some(0));
        assert_eq!(
            found(&whole.replacen("\"text\":\"two\"", "\"text\":\"two", 1)),
            Some(5)
        );
    }
}
