//! ActivityPub: what goes out, what comes in, and who signed it.

pub mod fetch;
pub mod keys;
pub mod signatures;
