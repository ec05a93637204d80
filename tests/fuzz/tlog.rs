//! Only the module that is fuzzed, under its usual name: it uses nothing else of ours, so that it is built in seconds.

extern crate self as actapub;

pub mod entries;
#[path = "../../src/tlog/mod.rs"]
pub mod tlog;
