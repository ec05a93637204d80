//! Defaults that follow from other settings.

use std::net::SocketAddr;
use std::path::Path;

use url::Url;

use super::setting::Value as _;
use super::sources::Given;

/// What a browser on this machine would be pointed at.
pub(super) fn url(given: &Given) -> String {
    match SocketAddr::read(&given.text_of("listen")) {
        Ok(listen) => format!("http://localhost:{}", listen.port()),
        // `listen` itself is reported.
        Err(_) => "http://localhost".to_owned(),
    }
}

pub(super) fn database(given: &Given) -> String {
    let data = given.text_of("data");
    format!("sqlite:{}", Path::new(&data).join("actapub.db").display())
}

/// The domain that people see in the handles.
pub(super) fn name(given: &Given) -> String {
    let domain = given.text_of("handle_domain");
    if domain.is_empty() {
        let host = Url::parse(&given.text_of("url"))
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| "Actapub".to_owned())
    } else {
        domain
    }
}
