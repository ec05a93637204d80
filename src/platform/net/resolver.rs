//! Names to addresses, without those that may not be reached.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use hyper_util::client::legacy::connect::dns;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Reach, Unreachable};

/// Who knows the addresses of names. Whatever they say, the guard judges it.
#[async_trait]
pub trait Names: std::fmt::Debug + Send + Sync {
    /// The addresses of a name; port 0 means the scheme's own.
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>>;

    /// Where the connection to a permitted address goes: there, unless a test has the Internet in one process.
    fn route(&self, permitted: SocketAddr) -> SocketAddr {
        permitted
    }
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy)]
pub struct Machine;

#[async_trait]
impl Names for Machine {
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Fixed answers, ports included, before the machine is asked: so that `city.test` can stand for a port on loopback.
#[async_trait]
impl<S: BuildHasher + Send + Sync> Names for HashMap<String, Vec<SocketAddr>, S> {
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        match self.get(name) {
            Some(addresses) => Ok(addresses.clone()),
            None => Machine.look_up(name).await,
        }
    }
}

/// Looks names up, and drops every address that the guard refuses. The connection goes to the addresses that were
/// judged, so a name that changes its answer in between gains nothing.
#[derive(Debug, Clone)]
pub struct Resolver {
    reach: Reach,
    names: Arc<dyn Names>,
}

impl Resolver {
    pub fn new(reach: Reach, names: Arc<dyn Names>) -> Self {
        Self { reach, names }
    }

    /// The addresses of a name that may be reached; port 0 means the scheme's own.
    pub async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let found = self.names.look_up(name).await?;
        if found.is_empty() {
            return Err(ResolveError::Nothing);
        }
        let permitted = self.permitted(found)?;
        let route = |address| self.names.route(address);
        Ok(permitted.into_iter().map(route).collect())
    }

    fn permitted(&self, mut found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ResolveError> {
        found.retain(|address| self.reach.permits_address(address.ip()));
        if found.is_empty() {
            return Err(Unreachable::ResolvesToPrivate.into());
        }
        Ok(found)
    }
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    #[error("the host's name was not found")]
    Lookup(#[from] std::io::Error),
    #[error("the host's name has no address")]
    Nothing,
    #[error(transparent)]
    Refused(#[from] Unreachable),
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl tower::Service<dns::Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = ResolveError;
    type Future = BoxFuture<'static, Result<Self::Response, ResolveError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ResolveError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: dns::Name) -> Self::Future {
        let resolver = self.clone();
        Box::pin(async move { Ok(resolver.addresses(name.as_str()).await?.into_iter()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_answers_are_dropped_and_none_left_is_an_error() {
        let resolver = Resolver::new(Reach::PUBLIC, Arc::new(Machine));
        let mixed = vec![
            "10.0.0.1:0".parse().unwrap(),
            "[::ffff:127.0.0.1]:0".parse().unwrap(),
            "8.8.8.8:0".parse().unwrap(),
        ];
        assert_eq!(
            resolver.permitted(mixed).unwrap(),
            vec!["8.8.8.8:0".parse::<SocketAddr>().unwrap()]
        );
        assert!(matches!(
            resolver.permitted(vec!["127.0.0.1:0".parse().unwrap()]),
            Err(ResolveError::Refused(Unreachable::ResolvesToPrivate))
        ));
    }

    #[tokio::test]
    async fn fixed_answers_are_judged_as_others_are() {
        let loopback: SocketAddr = "127.0.0.1:3000".parse().unwrap();
        let hosts = Arc::new(HashMap::from([("localhost".to_owned(), vec![loopback])]));
        let open = Reach {
            allow_private: true,
        };
        let answer = Resolver::new(open, hosts.clone())
            .addresses("localhost")
            .await;
        assert_eq!(answer.unwrap(), vec![loopback]);
        let answer = Resolver::new(Reach::PUBLIC, hosts)
            .addresses("localhost")
            .await;
        assert!(matches!(answer, Err(ResolveError::Refused(_))));
    }
}
