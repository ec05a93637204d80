//! What other servers send us, from the front door to its effect.
//!
//! [`Door`] answers: it checks who signed, writes the activity down with the evidence, and only then says 202.
//! [`Worker`] acts: in order per actor, again after failures, and sets aside what cannot be done, with its reason.
//! `handle` decides: plain functions in a transaction, which ask for what must be fetched first instead of waiting
//! for it, so that no connection is held while another server thinks.

mod door;
mod evidence;
mod handle;
mod intake;
mod store;
mod worker;

pub use self::door::{Accepted, Door, Peers, Post, Turned};
pub use self::worker::{Limits, Observer, Worker};

pub use self::store::{
    Backlog, Evidence, Filed, backlog, by_actor, by_uri, destroy_evidence, erase, evidence, failed,
    prune, retry, retry_all, that_brought,
};
