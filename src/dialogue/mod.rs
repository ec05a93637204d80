//! What citizens say back, and who listens.
//!
//! Everything public is in `replies`; what is private is in `messages`, a type and table of its own, so that no page
//! can show it by mistake. What an agency's people work through is in `queue`, and what
//! it comes to in `numbers`.

pub mod actors;
pub mod followers;
pub mod messages;
pub mod numbers;
pub mod queue;
pub mod quotes;
pub mod reactions;
pub mod replies;
pub mod votes;

pub use self::actors::Actor;
pub use self::replies::Reply;
