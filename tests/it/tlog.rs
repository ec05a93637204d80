//! Transparency-log mathematics against programs that we did not write, and against bytes that nobody would send.

#[path = "../fuzz/entries.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets are another crate")]
mod entries;
pub(crate) mod go;
mod log;
mod mutation;
