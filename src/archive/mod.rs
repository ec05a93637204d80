//! The public record: every fact of an agency's public life as a leaf of a transparency log (docs/ARCHIVE.md).
//!
//! It stands on what happened, the journal, and on what was received and sent, which federation keeps. Leaves, tiles
//! and checkpoints are public and for ever; what opens the leaves' commitments stands beside them, and can be destroyed.

pub mod audit;
pub mod commitment;
pub mod disclosure;
pub mod entries;
pub mod erasure;
pub mod exports;
mod following;
mod gather;
pub mod holds;
pub mod keys;
pub mod kind;
pub mod leaf;
pub mod log;
pub mod marks;
pub mod parts;
pub mod policies;
pub mod receipts;
pub mod recorder;
pub mod resumptions;
pub mod retention;
pub mod rules;
pub mod said;
pub mod search;
pub mod witness;
pub mod witnesses;
