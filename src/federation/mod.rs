//! ActivityPub: what goes out, what comes in, and who is believed.

pub mod wire;
