//! Settings that say where something is: the public address, the handles' domain, the database, a PEM file.

use std::fmt;
use std::path::{Path, PathBuf};

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use url::{Host, Url};

use crate::kernel::Secret;

use super::setting::Value;

/// Whether a host can only mean this machine or a test network: loopback, `.localhost` or `.test` (RFC 6761).
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        Some(Host::Domain(domain)) => {
            let domain = domain.trim_end_matches('.');
            let top = domain.rsplit_once('.').map_or(domain, |(_, top)| top);
            top == "localhost" || (top == "test" && domain != "test")
        }
        None => false,
    }
}

/// The server's public address.
impl Value for Url {
    const SHAPE: &'static str = "an address: `https://` and a host";

    fn read(text: &str) -> Result<Self, String> {
        let url = Self::parse(text)
            .map_err(|error| format!("is `{text}`, which is not an address: {error}"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(format!("is `{text}`, which does not begin with `https://`"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(format!(
                "is `{text}`, but the server has a host for itself and no path behind it"
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("has a user or a password in it".to_owned());
        }
        if url.scheme() == "http" && !is_local(&url) {
            return Err(format!(
                "is `{text}`, but without TLS other servers take it for somebody else's: \
                 `http://` is only for this machine and for names that end in .test or .localhost"
            ));
        }
        Ok(url)
    }
}

/// The domain behind the second `@` of a handle, with a port only if it needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandleDomain(String);

impl HandleDomain {
    /// In lower case, and in ASCII (an internationalised name as punycode).
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for HandleDomain {
    const SHAPE: &'static str = "a domain";

    fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("is `{text}`, which is not a domain");
        if text.contains(['/', '@', '?', '#', '\\']) || text.contains(char::is_whitespace) {
            return Err(wrong());
        }
        let url = Url::parse(&format!("https://{text}/")).map_err(|_| wrong())?;
        let host = url.host_str().ok_or_else(wrong)?;
        Ok(Self(url.port().map_or_else(
            || host.to_owned(),
            |port| format!("{host}:{port}"),
        )))
    }
}

/// A page that anybody can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for WebAddress {
    const SHAPE: &'static str = "a web address";

    fn read(text: &str) -> Result<Self, String> {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => {
                Ok(Self(url.into()))
            }
            _ => Err(format!("is `{text}`, which is not a web address")),
        }
    }
}

/// Where the database is: `sqlite:` and a path, or a `postgres://` address, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(Secret<String>),
}

impl DatabaseUrl {
    /// As it was written, password and all: for the one that opens it.
    pub fn reveal(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.reveal().clone(),
        }
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::mask(&self.reveal()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Value for DatabaseUrl {
    const SHAPE: &'static str = "`sqlite:` and a path, or a `postgres://` address";

    fn read(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            // `sqlite://data/x.db` is how other programs write it.
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("names no file behind `sqlite:`".to_owned()),
                ":memory:" => {
                    Err("is in memory only, where nothing would outlast a connection".to_owned())
                }
                path => Ok(Self::Sqlite(path.into())),
            };
        }
        // What is refused is not repeated: it may hold a password in a form that we do not see through.
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => {
                Ok(Self::Postgres(Secret::new(text.to_owned())))
            }
            _ => Err(
                "begins neither with `sqlite:` nor with `postgres://`, or is malformed".to_owned(),
            ),
        }
    }

    fn mask(text: &str) -> String {
        let Ok(mut url) = Url::parse(text) else {
            return "…".to_owned();
        };
        if url.scheme() == "sqlite" {
            return text.to_owned();
        }
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return "…".to_owned();
        }
        if url.query().is_some() {
            let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            url.query_pairs_mut()
                .clear()
                .extend_pairs(parameters.iter().map(|(name, value)| {
                    let secret = name.to_ascii_lowercase().contains("password");
                    (name, if secret { "***" } else { value })
                }));
        }
        url.to_string()
    }
}

/// Certificates of authorities that are trusted besides those that the web trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraCa {
    path: PathBuf,
    pem: Vec<u8>,
}

impl ExtraCa {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's bytes, in which there is at least one certificate and no damaged one.
    pub fn pem(&self) -> &[u8] {
        &self.pem
    }
}

impl Value for ExtraCa {
    const SHAPE: &'static str = "the path of a PEM file";

    fn read(text: &str) -> Result<Self, String> {
        let pem = std::fs::read(text)
            .map_err(|error| format!("names `{text}`, which cannot be read: {error}"))?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("names `{text}`, which is not a PEM file: {error}"))?;
        if certificates.is_empty() {
            return Err(format!(
                "names `{text}`, in which there is no `-----BEGIN CERTIFICATE-----`"
            ));
        }
        if !certificates.iter().all(is_one_der_sequence) {
            return Err(format!("names `{text}`, of which a certificate is damaged"));
        }
        Ok(Self {
            path: text.into(),
            pem,
        })
    }
}

/// Whether the outermost element is a sequence of the right length (X.690, section 8.1): what was cut or pasted
/// wrongly is not.
fn is_one_der_sequence(certificate: &CertificateDer<'static>) -> bool {
    match certificate.as_ref() {
        [0x30, short @ 0..=0x7f, body @ ..] => body.len() == usize::from(*short),
        [0x30, 0x81, length, body @ ..] => body.len() == usize::from(*length),
        [0x30, 0x82, high, low, body @ ..] => {
            body.len() == usize::from(u16::from_be_bytes([*high, *low]))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_https_unless_it_is_local() {
        for right in [
            "https://social.city.gov",
            "https://social.city.gov:8443/",
            "https://192.0.2.1",
            "http://localhost:8080",
            "http://127.8.0.1",
            "http://[::1]:8080",
            "http://water.test",
            "http://a.localhost",
        ] {
            assert!(Url::read(right).is_ok(), "{right}");
        }
        for wrong in [
            "social.city.gov",
            "http://social.city.gov",
            "http://localhost.city.gov",
            "http://test",
            "http://10.0.0.1",
            "ftp://social.city.gov",
            "https://social.city.gov/path",
            "https://social.city.gov/?a",
            "https://user:secret@social.city.gov",
            "",
        ] {
            assert!(Url::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_handle_domain_is_folded() {
        let folded = |text| HandleDomain::read(text).map(|domain| domain.as_str().to_owned());
        assert_eq!(folded("City.Gov").as_deref(), Ok("city.gov"));
        assert_eq!(folded("münchen.de").as_deref(), Ok("xn--mnchen-3ya.de"));
        assert_eq!(folded("localhost:8080").as_deref(), Ok("localhost:8080"));
        for wrong in [
            "",
            "@city.gov",
            "https://city.gov",
            "city.gov/",
            "city gov",
            "water@city.gov",
        ] {
            assert!(folded(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_databases_password_is_never_shown() {
        for (text, shown) in [
            (
                "postgres://acta:s3cret@db/acta",
                "postgres://acta:***@db/acta",
            ),
            (
                "postgresql:///acta?host=/run/postgresql&password=s3cret",
                "postgresql:///acta?host=%2Frun%2Fpostgresql&password=***",
            ),
            ("sqlite:data/acta.db", "sqlite:data/acta.db"),
        ] {
            let url = DatabaseUrl::read(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(url.reveal(), text);
        }
        for wrong in [
            "mysql://acta:s3cret@db/acta",
            "acta:s3cret",
            "host=db password=s3cret",
            "sqlite:",
            "",
        ] {
            let reason = DatabaseUrl::read(wrong).unwrap_err();
            assert!(!reason.contains("s3cret"), "{reason}");
        }
    }

    #[test]
    fn a_bad_pem_is_one_clear_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let reason = |content: &[u8]| {
            let path = folder.path().join("ca.pem");
            std::fs::write(&path, content).unwrap();
            ExtraCa::read(path.to_str().unwrap()).unwrap_err()
        };
        assert!(reason(b"").contains("there is no"));
        assert!(reason(b"\xff\xfe\x00").contains("there is no"));
        let open = b"-----BEGIN CERTIFICATE-----\nMAA=\n";
        assert!(reason(open).contains("not a PEM file"), "{}", reason(open));
        let whole = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let path = folder.path().join("whole.pem");
        std::fs::write(&path, whole).unwrap();
        assert_eq!(ExtraCa::read(path.to_str().unwrap()).unwrap().pem(), whole);
        let cut = b"-----BEGIN CERTIFICATE-----\nMAU=\n-----END CERTIFICATE-----\n";
        assert!(reason(cut).contains("damaged"), "{}", reason(cut));
        assert!(
            ExtraCa::read("/nowhere/ca.pem")
                .unwrap_err()
                .contains("cannot be read"),
        );
    }
}
