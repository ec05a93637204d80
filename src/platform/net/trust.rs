//! Whose certificates are believed: those of the machine's authorities, and of the configuration's.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use super::NetSetupError;

/// Read once, for all that connect.
#[derive(Debug, Clone)]
pub(super) struct Trust(Arc<Verifier>);

impl Trust {
    /// The machine's authorities, and these besides.
    pub(super) fn new(extra_ca_pem: Option<&[u8]>) -> Result<Self, NetSetupError> {
        let extra = extra_ca_pem.map(certificates).transpose()?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Verifier::new_with_extra_roots(extra.unwrap_or_default(), provider)
            .map_err(|error| NetSetupError::Tls(error.to_string()))?;
        Ok(Self(Arc::new(verifier)))
    }

    /// TLS with these versions of HTTP on offer, the preferred one first.
    pub(super) fn config(&self, versions: &[&str]) -> Result<ClientConfig, NetSetupError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| NetSetupError::Tls(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(self.0.clone())
            .with_no_client_auth();
        config.alpn_protocols = versions.iter().map(|it| it.as_bytes().to_vec()).collect();
        Ok(config)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, NetSetupError> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| NetSetupError::BadPem)?;
    if certificates.is_empty() {
        return Err(NetSetupError::NoCertificate);
    }
    Ok(certificates)
}
