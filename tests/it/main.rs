//! Everything that is tested through the front door: one binary, one file for each feature.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::format_push_string,
    reason = "a test that cannot go on should stop"
)]

mod harness;
mod node;
mod process;

mod accessibility;
mod answers;
mod architecture;
mod articles;
mod commands;
mod console;
mod crash;
mod db;
mod demo;
mod dialogue;
mod discovery;
mod drafts;
mod fedify;
mod guard;
mod inbox;
mod pages;
mod people;
mod polls;
mod queue;
mod record;
mod schema;
mod staff;
mod tlog;
