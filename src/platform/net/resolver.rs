//! Names to addresses, without those that may not be reached.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use hyper_util::client::legacy::connect::dns;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Reach, Unreachable};

/// Asks the machine's resolver, and drops every address that the guard refuses. The connection goes to the
/// addresses that were judged, so a name that changes its answer in between gains nothing.
#[derive(Debug, Clone)]
pub struct Resolver {
    reach: Reach,
    hosts: Arc<HashMap<String, Vec<SocketAddr>>>,
}

impl Resolver {
    /// `hosts` answers for names before the machine is asked, ports included: so that `city.test` can stand
    /// for a port on loopback. It holds only where private addresses are allowed.
    pub fn new(reach: Reach, hosts: HashMap<String, Vec<SocketAddr>>) -> Self {
        let hosts = if reach.allow_private {
            hosts
        } else {
            HashMap::new()
        };
        Self {
            reach,
            hosts: Arc::new(hosts),
        }
    }

    /// The addresses of a name that may be reached; port 0 means the scheme's own.
    pub async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        if let Some(addresses) = self.hosts.get(name) {
            return Ok(addresses.clone());
        }
        let found: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
        if found.is_empty() {
            return Err(ResolveError::Nothing);
        }
        self.permitted(found)
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
        let resolver = Resolver::new(Reach::PUBLIC, HashMap::new());
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
    async fn fixed_hosts_hold_only_where_private_addresses_are_allowed() {
        let loopback: SocketAddr = "127.0.0.1:3000".parse().unwrap();
        let hosts = HashMap::from([("localhost".to_owned(), vec![loopback])]);
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
