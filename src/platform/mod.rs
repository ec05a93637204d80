//! Machinery that knows nothing of agencies.

pub mod config;
pub mod telemetry;
