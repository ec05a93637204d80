//! What is to be said or changed, from the first word until it goes out.

mod proposal;

pub use self::proposal::{Content, InvalidKind, Kind, Profile, Proposal};
