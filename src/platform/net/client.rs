//! The one HTTP client: guarded, bounded, without redirects and without proxies from the environment.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Request, Response};

use super::trust::Trust;
use super::{Courier, Machine, Names, Reach, ResolveError, Resolver, Unreachable};

/// Idle connections kept to one host; a fan-out to many hosts must not hold many to each.
const IDLE_PER_HOST: usize = 8;
/// How long an idle connection is kept.
const IDLE_TIME: Duration = Duration::from_secs(60);

/// What the client is made of.
#[derive(Debug, Clone)]
pub struct NetSettings {
    /// The `User-Agent` of every request.
    pub user_agent: String,
    /// Until a connection stands: name, TCP and TLS together.
    pub connect_timeout: Duration,
    /// From the first byte out to the last byte in.
    pub timeout: Duration,
    /// Certificates in PEM that are trusted beside the machine's.
    pub extra_ca_pem: Option<Vec<u8>>,
    pub reach: Reach,
    /// The longest body that [`Client::read`] returns, in bytes, after decompression.
    pub max_body: usize,
    /// Who knows the addresses of names: the machine, except in tests.
    pub names: Arc<dyn Names>,
}

impl NetSettings {
    /// What a peer is given elsewhere on the fediverse too: 5 s to connect, 10 s in all, 1 MiB.
    pub fn new(user_agent: impl Into<String>, reach: Reach) -> Self {
        Self {
            user_agent: user_agent.into(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
            extra_ca_pem: None,
            reach,
            max_body: 1024 * 1024,
            names: Arc::new(Machine),
        }
    }
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum NetSetupError {
    #[error("the extra certificates are not PEM: expected -----BEGIN CERTIFICATE----- blocks")]
    BadPem,
    #[error("the file of extra certificates holds no certificate")]
    NoCertificate,
    #[error("the user agent cannot stand in a header")]
    BadUserAgent,
    #[error("TLS could not be set up (is the package ca-certificates installed?): {0}")]
    Tls(String),
}

/// Why a request brought no answer. The sentences name no address.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    #[error(transparent)]
    Refused(#[from] Unreachable),
    #[error("the server did not answer in time")]
    Timeout,
    #[error("no connection could be made: {0}")]
    Connect(String),
    #[error("the answer is longer than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the exchange broke off: {0}")]
    Broken(String),
}

impl NetError {
    /// Sorts what the client below reports.
    pub fn from_reqwest(error: &reqwest::Error) -> Self {
        match cause_of(error.source()) {
            Err(refused) => Self::Refused(refused),
            Ok(_) if error.is_timeout() => Self::Timeout,
            Ok(sentence) if error.is_connect() || error.is_dns() => Self::Connect(sentence),
            Ok(sentence) => Self::Broken(sentence),
        }
    }

    pub(super) fn of_connecting(error: &(dyn Error + 'static)) -> Self {
        match cause_of(Some(error)) {
            Err(refused) => Self::Refused(refused),
            Ok(sentence) => Self::Connect(sentence),
        }
    }

    pub(super) fn of_exchange(error: &hyper::Error) -> Self {
        match cause_of(Some(error)) {
            Err(refused) => Self::Refused(refused),
            Ok(sentence) => Self::Broken(sentence),
        }
    }
}

/// What happened, as the innermost error says it: the outer ones print the URL, which may name a citizen. The guard's
/// refusal, if that was the cause, comes as `Err`.
fn cause_of(mut error: Option<&(dyn Error + 'static)>) -> Result<String, Unreachable> {
    let mut sentence = None;
    while let Some(cause) = error {
        if let Some(refused) = cause.downcast_ref::<Unreachable>() {
            return Err(*refused);
        }
        if let Some(ResolveError::Refused(refused)) = cause.downcast_ref() {
            return Err(*refused);
        }
        sentence = Some(cause.to_string());
        error = cause.source();
    }
    Ok(sentence.unwrap_or_else(|| "no further reason".to_owned()))
}

/// Reaches other servers. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    courier: Courier,
    reach: Reach,
    max_body: usize,
}

impl Client {
    pub fn new(settings: &NetSettings) -> Result<Self, NetSetupError> {
        let user_agent = user_agent(&settings.user_agent)?;
        let trust = Trust::new(settings.extra_ca_pem.as_deref())?;
        let resolver = Resolver::new(settings.reach, settings.names.clone());
        let http = reqwest::Client::builder()
            .user_agent(user_agent.clone())
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            // A redirect leads anywhere: who follows one asks the guard again.
            .redirect(Policy::none())
            // A proxy would resolve names itself, behind the guard's back.
            .no_proxy()
            .referer(false)
            .gzip(true)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .pool_idle_timeout(IDLE_TIME)
            .dns_resolver(resolver.clone())
            .tls_backend_preconfigured(trust.config(&["h2", "http/1.1"])?)
            .build()
            .map_err(|error| match cause_of(Some(&error)) {
                Ok(sentence) => NetSetupError::Tls(sentence),
                Err(refused) => NetSetupError::Tls(refused.to_string()),
            })?;
        Ok(Self {
            http,
            courier: Courier::new(settings, user_agent, resolver, &trust)?,
            reach: settings.reach,
            max_body: settings.max_body,
        })
    }

    /// The same way out for many small requests: connections and bounds of its own, certificates and guard of ours.
    pub const fn courier(&self) -> &Courier {
        &self.courier
    }

    pub const fn reach(&self) -> Reach {
        self.reach
    }

    /// The longest body that [`Self::read`] returns, in bytes.
    pub const fn max_body(&self) -> usize {
        self.max_body
    }

    /// Sends a request once. An answer of any status is an answer; redirects are not followed.
    pub async fn send(&self, request: Request) -> Result<Response, NetError> {
        self.reach.permits_url(request.url())?;
        self.http
            .execute(request)
            .await
            .map_err(|error| NetError::from_reqwest(&error))
    }

    /// The whole body, unless it is longer than the client's limit.
    pub async fn read(&self, response: Response) -> Result<Bytes, NetError> {
        Self::read_at_most(response, self.max_body).await
    }

    /// The whole body after decompression, unless it is longer than `limit` bytes: not a byte more is kept.
    pub async fn read_at_most(mut response: Response, limit: usize) -> Result<Bytes, NetError> {
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0);
        if announced > limit {
            return Err(NetError::TooLarge { limit });
        }
        // Reserved in steps: an announced length costs the sender nothing and must cost us nothing.
        let mut body = BytesMut::with_capacity(announced.min(64 * 1024));
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| NetError::from_reqwest(&error))?
        {
            if body.len() + chunk.len() > limit {
                return Err(NetError::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// The client below, for layers that ask [`Reach::permits_url`] themselves before each request: an
    /// address in place of a name never meets the resolver.
    pub fn unguarded(&self) -> reqwest::Client {
        self.http.clone()
    }
}

fn user_agent(text: &str) -> Result<http::HeaderValue, NetSetupError> {
    http::HeaderValue::from_str(text).map_err(|_| NetSetupError::BadUserAgent)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    const OPEN: Reach = Reach {
        allow_private: true,
    };

    /// A server that answers one connection with these bytes, over and over if asked; the base of its URLs.
    async fn server(head: &'static str, body: Vec<u8>, forever: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        #[expect(clippy::disallowed_methods, reason = "a test owns its task")]
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(head.as_bytes()).await;
            while socket.write_all(&body).await.is_ok() && forever {}
        });
        base
    }

    fn get(url: &str) -> Request {
        Request::new(http::Method::GET, url.parse().unwrap())
    }

    #[tokio::test]
    async fn private_addresses_are_refused_before_and_after_resolution() {
        let client = Client::new(&NetSettings::new("test", Reach::PUBLIC)).unwrap();
        assert!(matches!(
            client.send(get("https://127.0.0.1:1/")).await,
            Err(NetError::Refused(Unreachable::PrivateAddress))
        ));
        // Past the first guard, to see that the resolver's refusal comes back as what it is.
        let error = client.unguarded().execute(get("http://localhost:1/")).await;
        assert!(matches!(
            NetError::from_reqwest(&error.unwrap_err()),
            NetError::Refused(Unreachable::ResolvesToPrivate)
        ));
    }

    #[tokio::test]
    async fn bodies_are_read_up_to_the_limit() {
        let client = Client::new(&NetSettings::new("test", OPEN)).unwrap();
        let base = server(
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
            b"four".to_vec(),
            false,
        );
        let response = client.send(get(&base.await)).await.unwrap();
        assert_eq!(client.read(response).await.unwrap(), "four");

        let base = server(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            b"fives".to_vec(),
            false,
        );
        let response = client.send(get(&base.await)).await.unwrap();
        assert!(matches!(
            Client::read_at_most(response, 4).await,
            Err(NetError::TooLarge { limit: 4 })
        ));

        let base = server("HTTP/1.1 200 OK\r\n\r\n", vec![b'a'; 65536], true);
        let response = client.send(get(&base.await)).await.unwrap();
        assert!(matches!(
            client.read(response).await,
            Err(NetError::TooLarge { limit: 1_048_576 })
        ));
    }

    #[tokio::test]
    async fn compressed_bodies_are_measured_as_they_unfold() {
        // 100,000 zeros.
        let body = STANDARD
            .decode(format!(
                "H4sIAAAAAAACA+3BMQEAAADCoPVPbQ0PoA{}IBXA32VEdSghgEA",
                "A".repeat(127)
            ))
            .unwrap();
        let client = Client::new(&NetSettings::new("test", OPEN)).unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
        for (limit, is_read) in [(100_000, true), (99_999, false)] {
            let base = server(head, body.clone(), false).await;
            let response = client.send(get(&base)).await.unwrap();
            let read = Client::read_at_most(response, limit).await;
            assert_eq!(read.is_ok(), is_read, "{read:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_never_answers_is_a_timeout() {
        let mut settings = NetSettings::new("test", OPEN);
        settings.timeout = Duration::from_millis(50);
        let client = Client::new(&settings).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        assert!(matches!(
            client.send(get(&url)).await,
            Err(NetError::Timeout)
        ));
    }

    #[test]
    fn bad_certificates_are_refused_with_one_sentence() {
        let mut settings = NetSettings::new("test", OPEN);
        for (pem, expected) in [
            ("", "holds no certificate"),
            ("nonsense", "holds no certificate"),
            (
                "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
                "not PEM",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "TLS could not be set up",
            ),
        ] {
            settings.extra_ca_pem = Some(pem.as_bytes().to_vec());
            let error = Client::new(&settings).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        settings = NetSettings::new("bad\nagent", OPEN);
        assert!(Client::new(&settings).is_err());
    }
}
