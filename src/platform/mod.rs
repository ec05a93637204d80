//! Machinery that knows nothing of agencies.

pub mod bell;
pub mod blobs;
mod chance;
pub mod config;
pub mod db;
pub mod identity;
pub mod journal;
pub mod mail;
pub mod net;
pub mod openid;
pub mod telemetry;

pub use self::chance::chance;
