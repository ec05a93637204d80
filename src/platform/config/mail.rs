//! The settings of mail: a server, and from whom its letters are.

use std::fmt;

use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use url::Url;

use super::addresses::is_local;
use super::setting::Value;
use crate::kernel::Secret;

/// A mail server: `smtps://user:password@host` (TLS from the first byte, RFC 8314), or `smtp:` (STARTTLS).
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    url: Secret<Url>,
    host: String,
    credentials: Option<(String, Secret<String>)>,
}

impl MailServer {
    /// Of what a file holds. What is refused is said without what it holds.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text)
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    /// 465 and 587, if it names none (RFC 8314, section 3.3).
    pub fn port(&self) -> u16 {
        let usual = if self.begins_with_tls() { 465 } else { 587 };
        self.url.reveal().port().unwrap_or(usual)
    }

    pub fn begins_with_tls(&self) -> bool {
        self.url.reveal().scheme() == "smtps"
    }

    /// Whether nobody is in between.
    pub fn is_local(&self) -> bool {
        // Of a scheme that it does not know the library reads no numbers as an address.
        Url::parse(&format!(
            "http://{}/",
            self.url.reveal().host_str().unwrap_or_default()
        ))
        .is_ok_and(|url| is_local(&url))
    }

    /// User and password.
    pub fn credentials(&self) -> Option<(&str, &Secret<String>)> {
        let (user, password) = self.credentials.as_ref()?;
        Some((user, password))
    }
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::mask(self.url.reveal().as_str()))
    }
}

impl Value for MailServer {
    const SHAPE: &'static str = "an address: `smtps://` or `smtp://`, and a host";

    fn read(text: &str) -> Result<Self, String> {
        // What is refused is not repeated: it may hold a password.
        let wrong = || "is not like smtps://user:password@mail.city.gov".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let rest = (url.path(), url.query(), url.fragment());
        let host = match url.host_str() {
            Some(host)
                if matches!(url.scheme(), "smtp" | "smtps")
                    && !host.is_empty()
                    && matches!(rest, ("" | "/", None, None)) =>
            {
                host.trim_matches(['[', ']']).to_owned()
            }
            _ => return Err(wrong()),
        };
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(std::borrow::Cow::into_owned).map_err(|_| wrong())
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => {
                Some((decoded(user)?, Secret::new(decoded(password)?)))
            }
            _ => {
                return Err(
                    "has a user without a password, or a password without a user".to_owned(),
                );
            }
        };
        Ok(Self {
            url: Secret::new(url),
            host,
            credentials,
        })
    }

    fn mask(text: &str) -> String {
        let Ok(mut url) = Url::parse(text) else {
            return "…".to_owned();
        };
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return "…".to_owned();
        }
        url.to_string()
    }
}

/// From whom letters are (RFC 5322, section 3.4).
impl Value for Mailbox {
    const SHAPE: &'static str = "an e-mail address, with or without a name";

    fn read(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("is `{text}`, which is not an e-mail address"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_how_it_is_spoken_to() {
        let read = |text: &str| MailServer::read(text).unwrap();
        let server = read("smtps://acta%40city:p%3Ass@mail.city.gov");
        assert_eq!((server.host(), server.port()), ("mail.city.gov", 465));
        let (user, password) = server.credentials().unwrap();
        assert_eq!((user, password.reveal().as_str()), ("acta@city", "p:ss"));
        assert_eq!(
            format!("{server:?}"),
            "smtps://acta%40city:***@mail.city.gov"
        );
        let server = read("smtp://127.0.0.1:2525");
        assert_eq!(
            (server.port(), server.begins_with_tls(), server.is_local()),
            (2525, false, true)
        );
        assert!(read("smtp://[::1]:25").is_local() && read("smtp://localhost").is_local());
        let server = read("smtp://mail.city.gov/");
        assert_eq!(
            (server.port(), server.is_local(), server.credentials()),
            (587, false, None)
        );
        for wrong in [
            "mail.city.gov",
            "https://mail.city.gov",
            "smtp://",
            "smtp://u@mail.city.gov",
            "smtp://mail.city.gov/x?tls=no",
        ] {
            let said = MailServer::read(wrong).unwrap_err();
            assert!(!said.contains("u@mail"), "{said}");
        }
    }
}
