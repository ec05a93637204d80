//! Machinery that knows nothing of agencies.

pub mod net;
