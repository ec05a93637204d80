//! Accepting connections: bounded in number and patience, and drained at the end.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::platform::config::Networks;
use crate::web::ClientAddress;

/// Connections at the same time; further ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 4_096;
/// How long a client may take to send a request's head, and how long an idle connection is kept.
const PATIENCE: Duration = Duration::from_secs(30);

/// An address that we listen on.
#[derive(Debug)]
pub struct Bound(std::net::TcpListener);

impl Bound {
    /// Binds an address; a port in use is said in a sentence.
    pub async fn to(address: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; is another server running there? (--listen chooses another address)"))?;
        Ok(Self(listener.into_std()?))
    }

    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    /// The same address, for the task that accepts.
    pub fn try_clone(&self) -> anyhow::Result<Self> {
        Ok(Self(self.0.try_clone()?))
    }
}

/// Answers requests until told to stop, and then those that have begun.
pub(super) async fn serve(
    bound: Bound,
    router: Router,
    proxies: Networks,
    stop: CancellationToken,
) {
    let listener = match TcpListener::from_std(bound.0) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "cannot accept connections");
            return;
        }
    };
    let mut http = Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .keep_alive(true);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PATIENCE);
    let (http, graceful) = (Arc::new(http), GracefulShutdown::new());
    let (places, proxies, connections) = (
        Arc::new(Semaphore::new(MOST_CONNECTIONS)),
        Arc::new(proxies),
        TaskTracker::new(),
    );
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: others have to end first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Answers are small and complete; waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let (router, proxies) = (router.clone(), proxies.clone());
        let service =
            TowerToHyperService::new(router.map_request(move |mut request: Request<Incoming>| {
                let client = client_address(&request, peer.ip(), &proxies);
                request.extensions_mut().insert(ClientAddress(client));
                request.map(axum::body::Body::new)
            }));
        let (http, watcher) = (http.clone(), graceful.watcher());
        connections.spawn(async move {
            let connection = http
                .serve_connection(TokioIo::new(stream), service)
                .into_owned();
            // A connection that breaks is its client's affair.
            let _ = watcher.watch(connection).await;
            drop(place);
        });
    }
    graceful.shutdown().await;
    connections.close();
    connections.wait().await;
}

/// Who asks: the peer, or whom a proxy that we trust names.
fn client_address(request: &Request<Incoming>, peer: IpAddr, proxies: &Networks) -> IpAddr {
    if !proxies.contains(peer) {
        return peer;
    }
    let named = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|one| one.trim().parse::<IpAddr>().ok());
    // From right to left: each proxy appends whom it has seen, and what stands further left anybody may have written.
    named
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .find(|address| !proxies.contains(*address))
        .unwrap_or(peer)
}
