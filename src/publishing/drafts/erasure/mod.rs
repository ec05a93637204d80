//! What becomes of drafts when something that they are about is destroyed.

mod store;

pub(in crate::publishing) use self::store::{
    drop_answers, drop_private, erase, redirect, shows, withhold_private,
};
