//! What happened, in order: the facts that keep the parts of the house apart.
//!
//! A use case appends its fact in its own transaction; each consumer (federation's outbox, later the record and
//! notifications) reads on from a durable cursor of its own and moves it in the transaction in which it acts.

mod fact;
mod store;

pub use self::fact::Fact;
pub use self::store::{
    Entry, advance, append, backlog, begin_at_end, close_lane, has_begun, lanes, leave, position,
    read, read_of, seen, set_lane,
};
