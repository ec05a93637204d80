//! An agency's announcements for feed readers, in the two formats that all of them read.

pub mod atom;
pub mod rss;
pub mod view;

#[cfg(test)]
mod tests;
