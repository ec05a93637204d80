//! The public record: what becomes an entry, what it commits to, and what of it can be destroyed.

mod audit;
mod destroy;
mod entries;
mod folder;
mod monitor;
mod said;
mod search;
mod verify;
