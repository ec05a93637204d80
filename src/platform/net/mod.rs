//! The way out: how this server reaches other servers, and what it refuses to reach.

mod client;
mod courier;
mod guard;
mod resolver;
mod trust;

pub use self::client::{Client, NetError, NetSettings, NetSetupError};
pub use self::courier::Courier;
pub use self::guard::{Reach, Unreachable};
pub use self::resolver::{Machine, Names, ResolveError, Resolver};

/// A request and a response as the client under [`Client`] has them.
pub use reqwest::{Request, Response, ResponseBuilderExt};
