//! What a citizen's browser shows. No script, no cookie, nothing loaded from another server.
//!
//! A page is one function from a [`view`] to mark-up; [`layout`] and [`head`] hold what all pages share,
//! [`words`](crate::web::words) every word they say of their own.

pub mod assets;
pub mod policy;
pub mod theme;
pub mod view;

pub mod about;
pub mod agency;
pub mod announcement;
pub mod embed;
pub mod error;
pub mod front;
pub mod hashtag;
pub mod invitation;
pub mod oembed;
pub mod withdrawn;

pub mod language;
pub mod thread;

mod address;
mod card;
mod excerpt;
mod head;
mod layout;
mod pager;

#[cfg(test)]
mod specimens;
#[cfg(test)]
mod tests;
