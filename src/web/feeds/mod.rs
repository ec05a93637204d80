//! An agency's announcements for feed readers, in the two formats that all of them read.

pub mod atom;
mod load;
pub mod rss;
pub mod view;

pub(super) use self::load::{atom_feed, rss_feed};

#[cfg(test)]
mod tests;
