//! The documents of the wire: built by pure functions, read leniently into typed values. No input, no output.

pub mod incoming;
pub mod outgoing;

/// The audience that means everybody (ActivityPub, section 5.6).
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// The media type of all that we send and ask for.
pub const ACTIVITY_JSON: &str = "application/activity+json";
