//! Letters by SMTP: to the staff, and to nobody else.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{self, extension::ClientId};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::config::MailServer;

/// How long a mail server may take for all that it is asked.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a letter was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    #[error("this is no address that a letter can be sent to")]
    Address,
    #[error("the mail server does not answer as a mail server does")]
    Unreachable,
    /// With the code of its answer (RFC 5321, section 4.2), whose text may hold somebody's address.
    #[error("the mail server refuses it (SMTP {0})")]
    Refused(String),
}

/// Hands letters to a mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

/// The mail server cannot be spoken to securely on this machine.
#[derive(Debug, thiserror::Error)]
#[error("TLS for the mail server: {0}")]
pub struct NoTls(#[from] smtp::Error);

impl Mailer {
    /// For a server, which is told this host's name and gets letters from `from`.
    ///
    /// What goes over a network goes encrypted, or not at all: with `smtp:` the server has to offer STARTTLS (RFC 3207),
    /// unless it is on this machine.
    pub fn new(server: &MailServer, from: Mailbox, own_host: &str) -> Result<Self, NoTls> {
        let tls = || TlsParameters::new(server.host().to_owned());
        let tls = if server.begins_with_tls() {
            Tls::Wrapper(tls()?)
        } else if server.is_local() {
            Tls::None
        } else {
            Tls::Required(tls()?)
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host())
            .port(server.port())
            .hello_name(ClientId::Domain(own_host.to_owned()))
            .timeout(Some(PATIENCE))
            .tls(tls);
        if let Some((user, password)) = server.credentials() {
            transport =
                transport.credentials(Credentials::new(user.to_owned(), password.reveal().clone()));
        }
        Ok(Self {
            transport: transport.build(),
            from,
        })
    }

    /// Hands a letter over, as plain text. Whether it arrives only those know who receive it.
    pub async fn send(&self, to: &str, subject: &str, text: String) -> Result<(), Undelivered> {
        let to: Address = to.parse().map_err(|_| Undelivered::Address)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|_| Undelivered::Address)?;
        within(self.transport.send(message)).await.map(drop)
    }

    /// Says hello, and goodbye.
    pub async fn test(&self) -> Result<(), Undelivered> {
        match within(self.transport.test_connection()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Undelivered::Unreachable),
            Err(error) => Err(error),
        }
    }
}

async fn within<T>(asked: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, Undelivered> {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.status().map_or(Undelivered::Unreachable, |code| {
            Undelivered::Refused(code.to_string())
        })),
        Err(_) => Err(Undelivered::Unreachable),
    }
}
