//! Getting to know actors of other servers: their documents, keys and addresses.

mod directory;

pub use self::directory::{Directory, KnownKey, Unknown};
