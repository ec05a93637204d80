//! Transparency-log mathematics in the public C2SP formats, on pure bytes: no I/O, no clock, no chance.
//!
//! | module | specification |
//! | --- | --- |
//! | [`hash`], [`tree`] | RFC 6962 section 2.1, RFC 9162 section 2.1 |
//! | [`tile`], [`bundle`] | c2sp.org/tlog-tiles |
//! | [`key`], [`note`] | c2sp.org/signed-note |
//! | [`checkpoint`] | c2sp.org/tlog-checkpoint |
//! | [`cosignature`] | c2sp.org/tlog-cosignature (Ed25519) |
//! | [`witness`] | c2sp.org/tlog-witness |
//! | [`policy`] | c2sp.org/tlog-policy |
//! | [`receipt`] | c2sp.org/tlog-proof |
//! | [`audit`] | all of it, over a whole log |
//!
//! What comes in may be anything: no index, size, width or byte makes these functions panic, and what they read is
//! bounded before it is kept.

pub mod audit;
pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
mod decimal;
mod edge;
pub mod hash;
pub mod key;
pub mod note;
pub mod policy;
mod proof;
pub mod receipt;
#[cfg(test)]
mod tests;
pub mod tile;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, Head};
pub use hash::Hash;
pub use key::{SigningKey, VerifierKey};
pub use note::Note;
pub use policy::Policy;
pub use receipt::Receipt;
pub use tile::Tile;
pub use tree::Edge;
