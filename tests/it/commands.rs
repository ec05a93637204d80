//! The commands, as an operator's scripts run them beside a running server.

mod agencies;
mod announcements;
mod conversation;
mod drafts;
mod operation;
mod queue;
mod refusals;
pub(crate) mod stage;
mod witnesses;
