//! Files in a folder or in an archive of one file (POSIX ustar), written as they come and the same for the same input.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek as _, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// Where files go: nobody but the owner may read them. They appear under their name once all are there.
#[derive(Debug)]
pub(super) struct Package {
    /// The one folder in which all files are.
    top: String,
    out: Out,
    part: PathBuf,
    target: PathBuf,
}

#[derive(Debug)]
enum Out {
    Folder,
    Tar(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
}

/// Bytes of a block of an archive.
const BLOCK: usize = 512;
const ZEROS: [u8; BLOCK] = [0; BLOCK];

fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Package {
    /// By its name: `….tar`, `….tar.gz`, or else a folder. What is there already is not replaced.
    pub(super) fn begin(target: &Path, top: &str) -> io::Result<Self> {
        if target.exists() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "there is something of that name already",
            ));
        }
        let part = beside(target, ".part");
        let name = target.to_string_lossy();
        let gzip = name.ends_with(".tar.gz") || name.ends_with(".tgz");
        let out = if gzip || name.ends_with(".tar") {
            let file = BufWriter::new(private(&part)?);
            if gzip {
                // Neither a name nor a time in its header.
                Out::Gzip(
                    GzBuilder::new()
                        .mtime(0)
                        .write(file, Compression::default()),
                )
            } else {
                Out::Tar(file)
            }
        } else {
            DirBuilder::new().mode(0o700).create(&part)?;
            Out::Folder
        };
        Ok(Self {
            top: top.to_owned(),
            out,
            part,
            target: target.to_owned(),
        })
    }

    /// A file for what is written while others are: beside the package until it is put into it.
    pub(super) fn spool(&self, name: &str) -> io::Result<Spool> {
        Spool::new(beside(&self.target, &format!(".{name}.spool")))
    }

    /// What was put into the package already, kept beside it.
    pub(super) fn seen(&self, name: &str) -> io::Result<Seen> {
        Seen::new(beside(&self.target, &format!(".{name}.seen")))
    }

    pub(super) fn put(&mut self, path: &str, size: u64, bytes: &mut dyn Read) -> io::Result<()> {
        let header = header(&format!("{}/{path}", self.top), size)?;
        let sink: &mut dyn Write = match &mut self.out {
            Out::Folder => {
                let file = self.part.join(path);
                if let Some(folder) = file.parent() {
                    DirBuilder::new()
                        .recursive(true)
                        .mode(0o700)
                        .create(folder)?;
                }
                let mut file = private(&file)?;
                io::copy(bytes, &mut file)?;
                return Ok(());
            }
            Out::Tar(file) => file,
            Out::Gzip(gzip) => gzip,
        };
        sink.write_all(&header)?;
        let written = io::copy(bytes, sink)?;
        if written != size {
            return Err(io::Error::other("a file has another size than it had"));
        }
        let rest = usize::try_from(size % BLOCK as u64).unwrap_or(0);
        if let Some(padding) = ZEROS.get(rest..).filter(|_| rest > 0) {
            sink.write_all(padding)?;
        }
        Ok(())
    }

    /// Everything is there: it gets its name.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let file = match std::mem::replace(&mut self.out, Out::Folder) {
            Out::Folder => None,
            Out::Tar(mut file) => {
                file.write_all(&ZEROS)?;
                file.write_all(&ZEROS)?;
                Some(file)
            }
            Out::Gzip(mut gzip) => {
                gzip.write_all(&ZEROS)?;
                gzip.write_all(&ZEROS)?;
                Some(gzip.finish()?)
            }
        };
        if let Some(file) = file {
            file.into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .sync_all()?;
        }
        fs::rename(&self.part, &self.target)
    }
}

impl Drop for Package {
    /// What is left of one that was not finished is of no use to anybody.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.part);
        let _ = fs::remove_dir_all(&self.part);
    }
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// The header of a file in an archive (POSIX.1-1988, ustar): without owner and time, so that the same file is the same.
fn header(path: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    let mut header = ZEROS;
    let (prefix, name) = split(path).ok_or_else(|| io::Error::other("a path is too long"))?;
    if size > 0o77_777_777_777 {
        return Err(io::Error::other(
            "a file of the archive is larger than 8 GiB",
        ));
    }
    let fields: [(usize, String); 9] = [
        (0, name.to_owned()),
        (100, "0000644\0".to_owned()),
        (108, "0000000\0".to_owned()),
        (116, "0000000\0".to_owned()),
        (124, format!("{size:011o}\0")),
        (136, "00000000000\0".to_owned()),
        // As if the checksum were spaces.
        (148, "        ".to_owned()),
        (156, "0".to_owned()),
        (257, "ustar\x0000".to_owned()),
    ];
    let prefix = (345, prefix.to_owned());
    for (at, text) in fields.iter().chain([&prefix]) {
        for (byte, text) in header.iter_mut().skip(*at).zip(text.bytes()) {
            *byte = text;
        }
    }
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    for (byte, text) in header
        .iter_mut()
        .skip(148)
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *byte = text;
    }
    Ok(header)
}

/// At most 155 bytes before a slash and 100 behind it.
fn split(path: &str) -> Option<(&str, &str)> {
    if path.len() <= 100 {
        return Some(("", path));
    }
    path.match_indices('/')
        .map(|(at, _)| {
            (
                path.get(..at).unwrap_or_default(),
                path.get(at + 1..).unwrap_or_default(),
            )
        })
        .find(|(prefix, name)| prefix.len() <= 155 && name.len() <= 100)
}

/// A file that grows until it is put into a package; it is gone afterwards.
pub(super) struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    digest: Context,
    size: u64,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("path", &self.path)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Spool {
    fn new(path: PathBuf) -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::new(private(&path)?),
            path,
            digest: Context::new(&SHA256),
            size: 0,
        })
    }

    /// Its size, its SHA-256 in hex, and its bytes from the beginning.
    pub(super) fn read(&mut self) -> io::Result<(u64, String, &mut File)> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.rewind()?;
        Ok((self.size, hex(self.digest.clone().finish().as_ref()), file))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Names that came already: an empty file for each, since there may be more of them than memory should hold. They are
/// gone afterwards.
#[derive(Debug)]
pub(super) struct Seen {
    folder: PathBuf,
}

impl Seen {
    fn new(folder: PathBuf) -> io::Result<Self> {
        // Of an export that was killed.
        let _ = fs::remove_dir_all(&folder);
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self { folder })
    }

    /// Whether it did not come before; from now on it has.
    pub(super) fn is_new(&self, name: &str) -> io::Result<bool> {
        match File::create_new(self.folder.join(name)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_is_not_new_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let package = Package::begin(&folder.path().join("a.tar"), "bag").unwrap();
        // As a killed export leaves it.
        fs::create_dir_all(folder.path().join("a.tar.media.seen/y.png")).unwrap();
        let seen = package.seen("media").unwrap();
        assert!(seen.is_new("x.png").unwrap());
        assert!(!seen.is_new("x.png").unwrap());
        assert!(seen.is_new("y.png").unwrap());
        drop((seen, package));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_archive_is_read_by_tar_and_is_the_same_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let long = format!("data/{}/{}", "a".repeat(90), "b".repeat(90));
        let write = |name: &str| {
            let target = folder.path().join(name);
            let mut package = Package::begin(&target, "bag").unwrap();
            package.put("x.txt", 5, &mut b"hello".as_slice()).unwrap();
            package
                .put(&long, 600, &mut [b'z'; 600].as_slice())
                .unwrap();
            package.finish().unwrap();
            fs::read(target).unwrap()
        };
        assert_eq!(write("a.tar"), write("b.tar"));
        assert_eq!(write("a.tar.gz"), write("b.tar.gz"));
        for name in ["a.tar", "a.tar.gz"] {
            let listed = std::process::Command::new("tar")
                .args(["-tvf", name])
                .current_dir(folder.path())
                .output()
                .unwrap();
            let listed = String::from_utf8(listed.stdout).unwrap();
            assert!(
                listed.contains(" 5 1970-01-01") && listed.contains(&long),
                "{listed}"
            );
        }
        assert!(Package::begin(&folder.path().join("a.tar"), "bag").is_err());
        drop(Package::begin(&folder.path().join("c"), "bag").unwrap());
        assert!(!folder.path().join("c.part").exists());
    }
}
