//! Everything that answers HTTP.

pub mod feeds;
pub mod pages;
pub mod words;
