//! The mail server, as the configuration has it.

use anyhow::Context as _;

use crate::kernel::Site;
use crate::platform::config::{Config, MailServer};
use crate::platform::mail::Mailer;

/// The mailer, if there is a mail server.
pub fn mailer(config: &Config, site: &Site) -> anyhow::Result<Option<Mailer>> {
    let mail = &config.mail;
    let server = match &mail.server_file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("mail.server_file: {} cannot be read", path.display()))?;
            let server = MailServer::parse(text.trim());
            let server =
                server.map_err(|why| anyhow::anyhow!("mail.server_file: what it holds {why}"))?;
            Some(server)
        }
        None => mail.server.clone(),
    };
    let (Some(server), Some(from)) = (server, mail.from.clone()) else {
        return Ok(None);
    };
    let host = config.url.host_str().unwrap_or(site.handle_domain());
    Ok(Some(Mailer::new(&server, from, host)?))
}
