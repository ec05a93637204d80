//! TLS for peers, under certificates of an authority that nobody but a test trusts.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// The authority's certificate, in PEM. It has signed one for `peer.example`, `rebind.example`, `mixed.example` and
/// `private.example`, good from 2020 to 2120; its own key is gone.
pub(crate) const AUTHORITY: &[u8] = include_bytes!("../../tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("../../tls/peer.pem");
const KEY: &[u8] = include_bytes!("../../tls/peer.key");

/// A listener on loopback behind TLS.
pub(super) struct Secured {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

impl Secured {
    pub(super) async fn bind() -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self {
            tcp: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            tls: TlsAcceptor::from(Arc::new(config)),
        }
    }
}

impl Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.tcp.accept().await.unwrap();
            // Who does not speak TLS with us is the next one's predecessor.
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}
