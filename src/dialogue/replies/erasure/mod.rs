//! What the record needs to know of replies, and how it destroys them.

mod store;

pub use self::store::{
    Placed, empty, erase, has_words, hide, ids_of, is_erased, older, placed, said_by, withhold,
};
pub(in crate::dialogue) use self::store::{bar_for_good, erased};
