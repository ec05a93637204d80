//! Everything that is tested through the front door: one binary, one file for each feature.

mod harness;

mod architecture;
mod db;
mod dialogue;
mod discovery;
mod inbox;
mod pages;
mod schema;
