//! ActivityPub: what goes out, what comes in, and who is believed.

pub mod actors;
pub mod delivery;
pub mod fetch;
pub mod inbox;
pub mod keys;
pub mod outbox;
pub mod signatures;
pub mod wire;
