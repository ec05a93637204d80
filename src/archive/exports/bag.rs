//! A bag: files with a list of their digests, as archives exchange them (`BagIt` 1.0, RFC 8493).

use std::io::{self, Write as _};
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};

use super::package::{Package, Seen, Spool, hex};

/// A bag that is being filled.
#[derive(Debug)]
pub(super) struct Bag {
    package: Package,
    manifest: Spool,
    bytes: u64,
    files: u64,
}

impl Bag {
    pub(super) fn begin(target: &Path, top: &str) -> io::Result<Self> {
        let package = Package::begin(target, top)?;
        Ok(Self {
            manifest: package.spool("manifest")?,
            package,
            bytes: 0,
            files: 0,
        })
    }

    pub(super) fn spool(&self, name: &str) -> io::Result<Spool> {
        self.package.spool(name)
    }

    pub(super) fn seen(&self, name: &str) -> io::Result<Seen> {
        self.package.seen(name)
    }

    /// Adds a file under `data/`.
    pub(super) fn add(&mut self, path: &str, mut bytes: &[u8]) -> io::Result<()> {
        let size = bytes.len() as u64;
        let digest = hex(digest(&SHA256, bytes).as_ref());
        self.list(path, size, &digest)?;
        self.package.put(path, size, &mut bytes)
    }

    pub(super) fn add_spool(&mut self, path: &str, mut spool: Spool) -> io::Result<()> {
        let (size, digest, file) = spool.read()?;
        self.list(path, size, &digest)?;
        self.package.put(path, size, file)
    }

    fn list(&mut self, path: &str, size: u64, digest: &str) -> io::Result<()> {
        self.bytes += size;
        self.files += 1;
        writeln!(self.manifest, "{digest}  {path}")
    }

    /// Closes the bag; `info` are the lines of `bag-info.txt`.
    pub(super) fn finish(mut self, info: &[(&str, String)]) -> io::Result<()> {
        let (mut about, mut tags) = (vec![], vec![]);
        for (name, value) in info {
            writeln!(about, "{name}: {}", value.replace(['\r', '\n'], " "))?;
        }
        writeln!(about, "Payload-Oxum: {}.{}", self.bytes, self.files)?;
        let declaration = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        for (path, mut text) in [
            ("bagit.txt", declaration.as_slice()),
            ("bag-info.txt", about.as_slice()),
        ] {
            let digest = hex(digest(&SHA256, text).as_ref());
            self.package.put(path, text.len() as u64, &mut text)?;
            writeln!(tags, "{digest}  {path}")?;
        }
        let (size, digest, file) = self.manifest.read()?;
        self.package.put("manifest-sha256.txt", size, file)?;
        writeln!(tags, "{digest}  manifest-sha256.txt")?;
        self.package.put(
            "tagmanifest-sha256.txt",
            tags.len() as u64,
            &mut tags.as_slice(),
        )?;
        self.package.finish()
    }
}
