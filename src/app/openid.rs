//! The OpenID provider, as the configuration has it.

use anyhow::Context as _;

use super::services::client;
use crate::agencies::staff::Role;
use crate::agencies::staff::identities::{Gain, Groups};
use crate::kernel::{Handle, Secret, Site};
use crate::platform::config::{Config, GroupGrant, GroupGrants};
use crate::platform::net::Reach;
use crate::platform::openid::{Provider, ProviderSettings};
use crate::web::console::{CALLBACK, OpenId};

/// The provider, if there is one.
pub(super) fn of(config: &Config, site: &Site) -> anyhow::Result<Option<OpenId>> {
    let oidc = &config.oidc;
    let (Some(issuer), Some(client_id)) = (&oidc.issuer, &oidc.client_id) else {
        return Ok(None);
    };
    let settings = ProviderSettings {
        issuer: issuer.as_str().to_owned(),
        client_id: client_id.clone(),
        client_secret: secret(config)?,
        scopes: scopes(config),
        groups: oidc.groups_claim.clone(),
        redirect_uri: format!("{}{CALLBACK}", site.base()),
    };
    // Whoever runs the server has chosen it, so that it may be in their own network.
    let reach = Reach {
        allow_private: oidc.allow_private || config.federation.allow_private,
    };
    Ok(Some(OpenId {
        provider: Provider::new(settings, client(config, reach)?),
        label: oidc.label.clone(),
        groups: groups(config)?,
        recheck: oidc.recheck,
        passwords: oidc.passwords,
    }))
}

fn secret(config: &Config) -> anyhow::Result<Option<Secret<String>>> {
    let Some(path) = &config.oidc.client_secret_file else {
        return Ok(config.oidc.client_secret.clone());
    };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("oidc.client_secret_file: {} cannot be read", path.display()))?;
    Ok(Some(Secret::new(text.trim().to_owned())))
}

/// Without `openid` it would be no OpenID Connect.
fn scopes(config: &Config) -> Vec<String> {
    let mut scopes = config.oidc.scopes.to_vec();
    if !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    scopes
}

fn groups(config: &Config) -> anyhow::Result<Groups> {
    let mut groups = vec![];
    for (group, grant) in config.oidc.groups.iter().flat_map(GroupGrants::iter) {
        let gain = match grant {
            GroupGrant::Operator => Gain::Operator,
            GroupGrant::Role { agency, role } => {
                let agency: Handle = agency
                    .parse()
                    .with_context(|| format!("oidc.groups: `{agency}` is no handle"))?;
                let role: Role = role.parse().context("oidc.groups")?;
                Gain::Role(agency, role)
            }
        };
        groups.push((group.clone(), gain));
    }
    Ok(Groups::new(groups))
}
