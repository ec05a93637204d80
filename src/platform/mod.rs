//! Machinery that knows nothing of agencies.

pub mod bell;
pub mod blobs;
pub mod config;
pub mod db;
pub mod identity;
pub mod journal;
pub mod net;
pub mod telemetry;
