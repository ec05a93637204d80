//! What agencies say: from the text they write to the pages, feeds and activities made of it.

mod atoms;
pub mod markdown;
pub mod pictures;
