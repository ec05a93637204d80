//! An exported record in a `BagIt` bag (RFC 8493): that every file is what the manifests say, before its log is checked.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Component, Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};

use super::{Fault, Invalid, lines};

/// Where the log is within a bag.
pub const LOG: &str = "data/log";

/// Where the entries are, a line each.
const RECORDS: &str = "data/records/";

/// What lists the payload, and what lists everything else.
const MANIFEST: &str = "manifest-sha256.txt";
const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// Whether a folder is a bag.
pub fn is_bag(folder: &Path) -> bool {
    folder.join("bagit.txt").is_file()
}

/// Checks every file of an unpacked bag against its manifests, line by line; returns how many there were.
pub fn check(folder: &Path, progress: &mut dyn FnMut(u64)) -> Result<u64, Fault> {
    let mut files = 0;
    check_manifest(folder, MANIFEST, &mut |_| {
        files += 1;
        progress(files);
    })?;
    if folder.join(TAG_MANIFEST).is_file() {
        check_manifest(folder, TAG_MANIFEST, &mut |_| {})?;
    }
    if count(&folder.join("data"))? > files {
        return Err(invalid(MANIFEST, "does not list every file below data/"));
    }
    Ok(files)
}

fn check_manifest(folder: &Path, name: &str, seen: &mut dyn FnMut(&str)) -> Result<(), Fault> {
    let place = folder.join(name);
    let unreadable = |error: std::io::Error| Fault::unreadable(place.display().to_string(), error);
    let manifest = BufReader::new(File::open(&place).map_err(unreadable)?);
    for line in manifest.lines() {
        let line = line.map_err(unreadable)?;
        let Some((digest, path)) = line.split_once([' ', '\t']) else {
            return Err(invalid(name, "has a line that is no digest and path"));
        };
        let path = path.trim_start_matches([' ', '\t', '*']);
        let file = folder
            .join(within(path).ok_or_else(|| invalid(name, "names a file outside of the bag"))?);
        if !file.is_file() {
            return Err(invalid(path, "is missing"));
        }
        if !digest_of(&file)?.eq_ignore_ascii_case(digest) {
            let entry = path.starts_with(RECORDS).then(|| lines::culprit(&file));
            return Err(match entry.flatten() {
                Some(index) => Invalid::Changed {
                    index,
                    name: path.to_owned(),
                }
                .into(),
                None => invalid(path, "is not what the manifest says"),
            });
        }
        seen(path);
    }
    Ok(())
}

fn invalid(name: &str, why: &'static str) -> Fault {
    let name = name.to_owned();
    Invalid::File { name, why }.into()
}

/// A path of a manifest, if it stays within the bag. Line breaks and percent signs are written as RFC 8493, section
/// 2.1.3, asks.
fn within(path: &str) -> Option<PathBuf> {
    let plain = path
        .replace("%0A", "\n")
        .replace("%0a", "\n")
        .replace("%0D", "\r")
        .replace("%0d", "\r")
        .replace("%25", "%");
    let path = PathBuf::from(plain);
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
        .then_some(path)
}

/// SHA-256 of a file, in lower-case hexadecimal.
fn digest_of(file: &Path) -> Result<String, Fault> {
    let unreadable = |error: std::io::Error| Fault::unreadable(file.display().to_string(), error);
    let mut read = File::open(file).map_err(unreadable)?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = read.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        context.update(buffer.get(..count).unwrap_or_default());
    }
    let mut hex = String::with_capacity(64);
    for byte in context.finish().as_ref() {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(half.into(), 16));
        }
    }
    Ok(hex)
}

/// Files in a folder and below.
fn count(folder: &Path) -> Result<u64, Fault> {
    let unreadable = |error: std::io::Error| Fault::unreadable(folder.display().to_string(), error);
    let mut files = 0;
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_dir() {
            files += count(&entry.path())?;
        } else {
            files += 1;
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn bag() -> tempfile::TempDir {
        let bag = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(bag.path().join(name), text).unwrap();
        fs::create_dir(bag.path().join("data")).unwrap();
        write("data/a", "abc");
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        write(MANIFEST, &format!("{abc}  data/a\n"));
        bag
    }

    #[test]
    fn every_file_is_what_the_manifest_says() {
        let bag = bag();
        let check = || check(bag.path(), &mut |_| {}).map_err(|fault| fault.to_string());
        assert_eq!(check(), Ok(1));
        fs::write(bag.path().join("data/a"), "abd").unwrap();
        assert_eq!(
            check().unwrap_err(),
            "the file data/a is not what the manifest says"
        );
        fs::remove_file(bag.path().join("data/a")).unwrap();
        assert_eq!(check().unwrap_err(), "the file data/a is missing");
        fs::write(bag.path().join("data/a"), "abc").unwrap();
        fs::write(bag.path().join("data/b"), "abc").unwrap();
        assert!(check().unwrap_err().contains("does not list every file"));
    }

    #[test]
    fn no_manifest_leads_out_of_the_bag() {
        assert_eq!(within("/etc/passwd"), None);
        assert_eq!(within("data/../../x"), None);
        assert_eq!(within("data/a%0Ab%25"), Some(PathBuf::from("data/a\nb%")));
    }
}
