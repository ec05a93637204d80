//! The public record: what becomes an entry, what it commits to, what of it can be destroyed, and what is served of it.

pub(crate) mod audit;
mod check;
mod destroy;
mod disclosed;
mod disclosure_commands;
mod entries;
mod erase_commands;
mod erased;
pub(crate) mod export;
mod folder;
mod monitor;
mod processes;
mod receipts;
mod restore;
mod retention;
mod said;
mod search;
mod stopped;
mod traces;
mod verify;
mod web;
mod withheld;
mod witness;
mod witnesses;

pub(crate) use self::audit::everything_opens;
pub(crate) use self::traces::is_nowhere;
