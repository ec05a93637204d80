//! Posts, over HTTP/1.1 connections that it keeps: what a fan-out needs, and little that costs time.
//!
//! A connection is driven by the request that it carries. So an exchange is one write and one read of the task that
//! waits for it, without a second task and without a wake-up between the two.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{Fuse, FusedFuture as _, FutureExt as _};
use http::header::{HOST, HeaderMap, HeaderValue, USER_AGENT};
use http::{Method, Request, Uri, response};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower::ServiceExt as _;
use url::{Position, Url};

use super::trust::Trust;
use super::{NetError, NetSettings, NetSetupError, Reach, Resolver};

/// Idle connections kept to one host, and in all.
const IDLE_PER_HOST: usize = 8;
const IDLE: usize = 1_000;
/// How long an idle connection is kept.
const IDLE_TIME: Duration = Duration::from_secs(60);
/// The longest head of an answer, in bytes.
const HEAD: usize = 64 * 1024;
/// So much of an answer's body is read that the connection may be used again; what it says does not matter.
const BODY: usize = 16 * 1024;

type Posted = Request<Full<Bytes>>;
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Posts to other servers, within the same bounds as [`super::Client`]. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Courier(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    connector: HttpsConnector<HttpConnector<Resolver>>,
    reach: Reach,
    user_agent: HeaderValue,
    connect_timeout: Duration,
    timeout: Duration,
    idle: Mutex<Idle>,
}

impl Courier {
    pub(super) fn new(
        settings: &NetSettings,
        user_agent: HeaderValue,
        resolver: Resolver,
        trust: &Trust,
    ) -> Result<Self, NetSetupError> {
        let mut tcp = HttpConnector::new_with_resolver(resolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust.config(&[])?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self(Arc::new(Inner {
            connector,
            reach: settings.reach,
            user_agent,
            connect_timeout: settings.connect_timeout,
            timeout: settings.timeout,
            idle: Mutex::default(),
        })))
    }

    /// Posts once; an answer of any status is an answer. `Host`, `User-Agent` and `Content-Length` are added.
    pub async fn post(
        &self,
        url: &Url,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<response::Parts, NetError> {
        self.0.reach.permits_url(url)?;
        let host = &url[Position::BeforeHost..Position::AfterPort];
        headers.insert(HOST, HeaderValue::from_str(host).map_err(unusable)?);
        headers.insert(USER_AGENT, self.0.user_agent.clone());
        let target = &url[Position::BeforePath..Position::AfterQuery];
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target.parse().map_err(unusable)?;
        *request.headers_mut() = headers;
        timeout(self.0.timeout, self.exchange(url, request))
            .await
            .map_err(|_| NetError::Timeout)?
    }

    /// Ends connections that nobody has used for a while.
    pub fn tidy(&self) {
        self.idle(Idle::tidy);
    }

    async fn exchange(&self, url: &Url, mut request: Posted) -> Result<response::Parts, NetError> {
        let origin = &url[..Position::BeforePath];
        while let Some(mut line) = self.idle(|idle| idle.take(origin)) {
            match line.ask(request).await {
                Ok(answer) => {
                    self.idle(|idle| idle.put(origin, line));
                    return Ok(answer);
                }
                Err(mut failed) => match failed.take_message() {
                    // The other side had hung up before a byte was on its way.
                    Some(unsent) => request = unsent,
                    None => return Err(NetError::of_exchange(failed.error())),
                },
            }
        }
        let mut line = self.connect(origin).await?;
        match line.ask(request).await {
            Ok(answer) => {
                self.idle(|idle| idle.put(origin, line));
                Ok(answer)
            }
            Err(failed) => Err(NetError::of_exchange(failed.error())),
        }
    }

    async fn connect(&self, origin: &str) -> Result<Line, NetError> {
        let uri: Uri = origin.parse().map_err(unusable)?;
        let connecting = self.0.connector.clone().oneshot(uri);
        let stream = timeout(self.0.connect_timeout, connecting)
            .await
            .map_err(|_| NetError::Timeout)?
            .map_err(|error| NetError::of_connecting(&*error))?;
        let (sender, connection) = Builder::new()
            .max_buf_size(HEAD)
            .handshake(stream)
            .await
            .map_err(|error| NetError::of_exchange(&error))?;
        Ok(Line {
            sender,
            connection: connection.fuse(),
        })
    }

    fn idle<T>(&self, with: impl FnOnce(&mut Idle) -> T) -> T {
        with(&mut self.0.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn unusable<E>(_: E) -> NetError {
    NetError::Broken("the address cannot stand in a request".to_owned())
}

/// A connection, which carries one request at a time.
#[derive(Debug)]
struct Line {
    sender: SendRequest<Full<Bytes>>,
    connection: Fuse<Connection<Stream, Full<Bytes>>>,
}

impl Line {
    /// Sends the request and waits for the answer, to the end of its body if that comes soon.
    async fn ask(&mut self, request: Posted) -> Result<response::Parts, TrySendError<Posted>> {
        let Self { sender, connection } = self;
        let mut answer = pin!(sender.try_send_request(request));
        let response = poll_fn(|cx| {
            drive(connection, cx);
            answer.as_mut().poll(cx)
        })
        .await?;
        let (head, body) = response.into_parts();
        // The status has been given: what goes wrong behind it ends the connection and changes nothing else.
        self.read_to_the_end(body).await;
        Ok(head)
    }

    async fn read_to_the_end(&mut self, mut body: Incoming) {
        let mut read = 0;
        while read <= BODY && !body.is_end_stream() {
            let frame = poll_fn(|cx| {
                drive(&mut self.connection, cx);
                Pin::new(&mut body).poll_frame(cx)
            });
            match frame.await {
                Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) | None => break,
            }
        }
        drop(body);
        poll_fn(|cx| {
            drive(&mut self.connection, cx);
            Poll::Ready(())
        })
        .await;
    }

    /// Whether it may carry another request.
    fn is_free(&self) -> bool {
        !self.connection.is_terminated() && self.sender.is_ready()
    }
}

/// Lets a connection write and read what it can. How it ends is told to whom it carries.
fn drive(connection: &mut Fuse<Connection<Stream, Full<Bytes>>>, cx: &mut Context<'_>) {
    let _: Poll<_> = Pin::new(connection).poll(cx);
}

/// Connections that wait for another request, by scheme, host and port.
#[derive(Debug, Default)]
struct Idle {
    lines: HashMap<String, Vec<(Instant, Line)>>,
    count: usize,
}

impl Idle {
    /// The one that was used last.
    fn take(&mut self, origin: &str) -> Option<Line> {
        let (_, line) = self.lines.get_mut(origin)?.pop()?;
        self.count -= 1;
        Some(line)
    }

    fn put(&mut self, origin: &str, line: Line) {
        if self.count >= IDLE || !line.is_free() {
            return;
        }
        if !self.lines.contains_key(origin) {
            self.lines.insert(origin.to_owned(), vec![]);
        }
        if let Some(lines) = self.lines.get_mut(origin)
            && lines.len() < IDLE_PER_HOST
        {
            lines.push((Instant::now(), line));
            self.count += 1;
        }
    }

    fn tidy(&mut self) {
        for lines in self.lines.values_mut() {
            lines.retain(|(since, _)| since.elapsed() < IDLE_TIME);
        }
        self.lines.retain(|_, lines| !lines.is_empty());
        self.count = self.lines.values().map(Vec::len).sum();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::super::{Client, Unreachable};
    use super::*;

    const OK: &str = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    const CHUNKED: &str =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n";
    const CLOSING: &str = "HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\nuntil the end";

    fn courier(reach: Reach, timeout: Duration) -> Courier {
        let mut settings = NetSettings::new("test", reach);
        settings.timeout = timeout;
        Client::new(&settings).unwrap().courier().clone()
    }

    fn open() -> Courier {
        let reach = Reach {
            allow_private: true,
        };
        courier(reach, Duration::from_secs(10))
    }

    /// A server that answers each connection's requests one by one and then hangs up; how many it has accepted.
    async fn server(connections: Vec<Vec<String>>) -> (Url, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/inbox?a=b", listener.local_addr().unwrap());
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = accepted.clone();
        #[expect(clippy::disallowed_methods, reason = "a test owns its task")]
        tokio::spawn(async move {
            for answers in connections {
                let (mut socket, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                for answer in answers {
                    let mut request = vec![];
                    while !request.ends_with(b"\r\n\r\nletter") {
                        assert_ne!(socket.read_buf(&mut request).await.unwrap(), 0);
                    }
                    let request = String::from_utf8(request).unwrap().to_ascii_lowercase();
                    assert!(
                        request.starts_with("post /inbox?a=b http/1.1\r\n"),
                        "{request}"
                    );
                    for header in [
                        "host: 127.0.0.1:",
                        "user-agent: test\r\n",
                        "content-length: 6\r\n",
                    ] {
                        assert_eq!(request.matches(header).count(), 1, "{request}");
                    }
                    // Who hears enough may hang up while we speak.
                    let _ = socket.write_all(answer.as_bytes()).await;
                }
            }
        });
        (url.parse().unwrap(), accepted)
    }

    async fn post(courier: &Courier, url: &Url) -> Result<u16, NetError> {
        let answer = courier.post(url, HeaderMap::new(), Bytes::from_static(b"letter"));
        answer.await.map(|answer| answer.status.as_u16())
    }

    #[tokio::test]
    async fn a_connection_is_used_again_and_one_that_was_closed_is_replaced() {
        let courier = open();
        let (url, accepted) = server(vec![
            vec![OK.into(), CHUNKED.into(), OK.into()],
            vec![CLOSING.into()],
            vec![OK.into(), OK.into()],
        ])
        .await;
        for (status, connections) in [(202, 1), (200, 1), (202, 1), (202, 2), (202, 3)] {
            assert_eq!(post(&courier, &url).await.unwrap(), status);
            assert_eq!(accepted.load(Ordering::SeqCst), connections);
        }
        courier.tidy();
        assert_eq!(courier.idle(|idle| idle.count), 1);
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_a_long_one_ends_the_connection() {
        let courier = open();
        let length = BODY + 1;
        let long = format!(
            "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: {length}\r\n\r\n{}",
            "a".repeat(length)
        );
        let endless = format!("HTTP/1.1 202 Accepted\r\nEndless: {}", "a".repeat(2 * HEAD));
        let (url, accepted) = server(vec![vec![long], vec![endless]]).await;
        assert_eq!(post(&courier, &url).await.unwrap(), 302);
        assert!(matches!(
            post(&courier, &url).await,
            Err(NetError::Broken(_))
        ));
        assert_eq!(accepted.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn private_addresses_are_refused_before_and_after_resolution() {
        let courier = courier(Reach::PUBLIC, Duration::from_secs(10));
        let url = "https://127.0.0.1:1/inbox".parse().unwrap();
        assert!(matches!(
            post(&courier, &url).await,
            Err(NetError::Refused(Unreachable::PrivateAddress))
        ));
        // Past the first guard, to see that the resolver's refusal comes back as what it is.
        assert!(matches!(
            courier.connect("https://localhost:1").await,
            Err(NetError::Refused(Unreachable::ResolvesToPrivate))
        ));
    }

    #[tokio::test]
    async fn no_connection_and_no_answer_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let reach = Reach {
            allow_private: true,
        };
        let hasty = courier(reach, Duration::from_millis(50));
        assert!(matches!(post(&hasty, &url).await, Err(NetError::Timeout)));
        drop(listener);
        assert!(matches!(
            post(&open(), &url).await,
            Err(NetError::Connect(_))
        ));
    }
}
