//! A fediverse server for public agencies: they speak and listen in the open.
//!
//! Read the modules in this order; each may use only those above it
//! (`tests/it/architecture.rs` holds the table and fails the build otherwise).

pub mod kernel;
pub mod tlog;

pub mod platform;

pub mod agencies;
pub mod moderation;
pub mod publishing;

pub mod dialogue;

pub mod federation;

pub mod archive;

pub mod web;

pub mod app;
pub mod cli;
