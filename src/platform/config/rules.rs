//! What no setting can decide for itself: values that do not go together.

use super::addresses::is_local;
use super::problem::Problem;
use super::settings::Config;
use super::sources::{Given, find};

/// Combinations that are refused.
pub(super) fn broken(config: &Config, given: &Given) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |key: &str, reason: String| {
        if let Some(setting) = find(key) {
            problems.push(Problem::value(setting, &given.source(key), reason));
        }
    };
    if config.federation.allow_private && !is_local(&config.url) {
        refuse(
            "federation.allow_private",
            format!(
                "would let other servers make {} call machines of its own network: it is only for a url on this \
                 machine or one that ends in .test or .localhost",
                config.url.host_str().unwrap_or_default()
            ),
        );
    }
    if config.limits.text_warning > config.limits.text {
        refuse(
            "limits.text_warning",
            format!(
                "is {}, and more than limits.text, which is {}",
                config.limits.text_warning.get(),
                config.limits.text.get()
            ),
        );
    }
    if let Some(listen) = config.metrics.listen
        && listen == config.listen
        && listen.port() != 0
    {
        refuse(
            "metrics.listen",
            format!("is {listen}, where the public server listens already"),
        );
    }
    if config.oidc.issuer.is_some() && config.oidc.client_id.is_none() {
        let reason = "is needed where there is an oidc.issuer".to_owned();
        refuse("oidc.client_id", reason);
    }
    if config.oidc.client_secret.is_some() && config.oidc.client_secret_file.is_some() {
        let reason = "stands beside oidc.client_secret: give one of them".to_owned();
        refuse("oidc.client_secret_file", reason);
    }
    if !config.oidc.passwords && config.oidc.issuer.is_none() {
        let reason = "is off, and without an oidc.issuer nobody new could sign in".to_owned();
        refuse("oidc.passwords", reason);
    }
    let mail = &config.mail;
    if mail.server.is_some() && mail.server_file.is_some() {
        let reason = "stands beside mail.server: give one of them".to_owned();
        refuse("mail.server_file", reason);
    }
    if (mail.server.is_some() || mail.server_file.is_some()) && mail.from.is_none() {
        let reason = "is needed where there is a mail.server".to_owned();
        refuse("mail.from", reason);
    }
    problems
}

/// Combinations that are allowed and need a word.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    if config.federation.allow_private {
        warnings.push(
            "federation.allow_private is on: other servers can make this one call http: and private addresses; \
             for trials only"
                .to_owned(),
        );
    }
    warnings
}
