//! The provider: what it says of itself, where it is asked, and how a code is redeemed.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::{HeaderValue, Method, header};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::token::{self, Expected};
use super::{Claims, OpenIdError, Question};
use crate::kernel::{Clock, Secret, Timestamp};
use crate::platform::net::{Client, Request};

/// How long what a provider says of itself is believed.
const BELIEVED: Duration = Duration::from_secs(3600);
/// How soon its keys are asked for again, when a token names one that we do not know.
const ASKED_AGAIN: Duration = Duration::from_secs(60);
/// How long ago, in seconds, somebody may have shown the provider who they are: half a day, as with us.
const LONGEST_AGO: &str = "43200";
/// Groups of one person that are looked at; some directories have thousands.
const MOST_GROUPS: usize = 2_000;

/// How this server is known to the provider.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, whom PKCE alone protects.
    pub client_secret: Option<Secret<String>>,
    pub scopes: Vec<String>,
    /// In which claim groups stand; dots lead into objects.
    pub groups: String,
    /// Where the provider sends people back to.
    pub redirect_uri: String,
}

/// A provider. It is asked about itself when somebody first wants to sign in.
#[derive(Debug)]
pub struct Provider {
    settings: ProviderSettings,
    client: Client,
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    metadata: Metadata,
    keys: JwkSet,
    at: Timestamp,
}

/// OpenID Connect Discovery, section 3.
#[derive(Debug, Clone, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    #[serde(default)]
    userinfo_endpoint: Option<Url>,
    jwks_uri: Url,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

impl Provider {
    pub fn new(settings: ProviderSettings, client: Client) -> Self {
        Self {
            settings,
            client,
            known: Mutex::new(None),
        }
    }

    /// Where somebody's browser has to go with a question.
    pub async fn leads_to(
        &self,
        clock: &dyn Clock,
        question: &Question,
    ) -> Result<Url, OpenIdError> {
        let mut url = self
            .known(clock.now(), None)
            .await?
            .metadata
            .authorization_endpoint;
        let challenge = digest(&SHA256, question.verifier.reveal().as_bytes());
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(challenge);
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", &question.state)
            .append_pair("nonce", &question.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        // Where an age is asked for, the token says when they have shown who they are (section 2).
        let age = if question.anew { "0" } else { LONGEST_AGO };
        url.query_pairs_mut().append_pair("max_age", age);
        if question.anew {
            url.query_pairs_mut().append_pair("prompt", "login");
        }
        Ok(url)
    }

    /// Whom the provider vouches for, by the code with which somebody came back.
    pub async fn redeem(
        &self,
        clock: &dyn Clock,
        code: &str,
        question: &Question,
    ) -> Result<Claims, OpenIdError> {
        let known = self.known(clock.now(), None).await?;
        let request = self.redemption(&known.metadata, code, question)?;
        let tokens: Tokens = self.asked(request, "answer to a code").await?;
        let key_id = token::key_id(&tokens.id_token)?;
        let known = self.known(clock.now(), key_id.as_deref()).await?;
        let key = token::key_of(&known.keys, key_id.as_deref())
            .ok_or(OpenIdError::Token("its key is not among the provider's"))?;
        let expected = Expected {
            issuer: &known.metadata.issuer,
            client: &self.settings.client_id,
            nonce: &question.nonce,
            now: clock.now(),
        };
        let mut said = token::read(&tokens.id_token, key, expected)?;
        let is_complete = said.contains_key("email") && self.groups(&said).is_some();
        if let Some(endpoint) = known.metadata.userinfo_endpoint.filter(|_| !is_complete) {
            let more = self.userinfo(endpoint, &tokens.access_token).await?;
            // Section 5.3.2: what is said of somebody else is not said of them.
            if more.get("sub") != said.get("sub") {
                return Err(OpenIdError::Malformed("userinfo"));
            }
            for (name, value) in more {
                said.entry(name).or_insert(value);
            }
        }
        self.claims(known.metadata.issuer, &said)
    }

    fn claims(&self, issuer: String, said: &Map<String, Value>) -> Result<Claims, OpenIdError> {
        let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        let subject = text("sub").filter(|subject| (1..=255).contains(&subject.len()));
        let is_unverified = said
            .get("email_verified")
            .is_some_and(|it| *it != Value::Bool(true));
        Ok(Claims {
            issuer,
            subject: subject.ok_or(OpenIdError::Token("it says of nobody that it was them"))?,
            name: text("name").or_else(|| text("preferred_username")),
            email: text("email").filter(|_| !is_unverified),
            locale: text("locale"),
            groups: self.groups(said).unwrap_or_default(),
            shown_at: said
                .get("auth_time")
                .and_then(Value::as_i64)
                .map(Timestamp::from_seconds),
        })
    }

    /// The groups, if the claim is there at all.
    fn groups(&self, said: &Map<String, Value>) -> Option<Vec<String>> {
        let name = &self.settings.groups;
        let found = said.get(name).or_else(|| {
            let (first, rest) = name.split_once('.')?;
            rest.split('.')
                .try_fold(said.get(first)?, |within, name| within.get(name))
        })?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(match found {
            Value::Array(groups) => groups.iter().take(MOST_GROUPS).filter_map(text).collect(),
            group => text(group).into_iter().collect(),
        })
    }

    /// What redeems a code.
    fn redemption(
        &self,
        metadata: &Metadata,
        code: &str,
        question: &Question,
    ) -> Result<Request, OpenIdError> {
        let settings = &self.settings;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &settings.redirect_uri)
            .append_pair("code_verifier", question.verifier.reveal());
        let mut request = Request::new(Method::POST, metadata.token_endpoint.clone());
        let methods = metadata.token_endpoint_auth_methods_supported.as_ref();
        // Where nothing is said, it is this one (Discovery, section 3).
        let takes_header =
            methods.is_none_or(|all| all.iter().any(|it| it == "client_secret_basic"));
        match &settings.client_secret {
            Some(secret) if takes_header => {
                let credentials = credentials(&settings.client_id, secret)?;
                request
                    .headers_mut()
                    .insert(header::AUTHORIZATION, credentials);
            }
            Some(secret) => {
                form.append_pair("client_id", &settings.client_id)
                    .append_pair("client_secret", secret.reveal());
            }
            None => {
                form.append_pair("client_id", &settings.client_id);
            }
        }
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        *request.body_mut() = Some(form.finish().into());
        Ok(request)
    }

    async fn userinfo(
        &self,
        endpoint: Url,
        token: &str,
    ) -> Result<Map<String, Value>, OpenIdError> {
        let mut request = Request::new(Method::GET, endpoint);
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| OpenIdError::Malformed("access token"))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        self.asked(request, "userinfo").await
    }

    /// What the provider says of itself, with the key of that id if it has one.
    async fn known(&self, now: Timestamp, key: Option<&str>) -> Result<Known, OpenIdError> {
        // Whoever comes meanwhile waits for the answer instead of asking too.
        let mut kept = self.known.lock().await;
        if let Some(known) = kept.as_ref() {
            let age = now.since(known.at);
            let has_key = key.is_none_or(|id| known.keys.find(id).is_some());
            if age < BELIEVED && (has_key || age < ASKED_AGAIN) {
                return Ok(known.clone());
            }
        }
        let known = self.discover(now).await?;
        *kept = Some(known.clone());
        Ok(known)
    }

    async fn discover(&self, now: Timestamp) -> Result<Known, OpenIdError> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let url = Url::parse(&format!("{issuer}/.well-known/openid-configuration"))
            .map_err(|_| OpenIdError::Malformed("address"))?;
        let metadata: Metadata = self
            .asked(Request::new(Method::GET, url), "description of itself")
            .await?;
        if metadata.issuer.trim_end_matches('/') != issuer {
            return Err(OpenIdError::Issuer);
        }
        if !matches!(metadata.authorization_endpoint.scheme(), "https" | "http") {
            return Err(OpenIdError::Malformed("address"));
        }
        let keys = Request::new(Method::GET, metadata.jwks_uri.clone());
        let keys = self.asked(keys, "list of keys").await?;
        Ok(Known {
            metadata,
            keys,
            at: now,
        })
    }

    async fn asked<T: DeserializeOwned>(
        &self,
        mut request: Request,
        what: &'static str,
    ) -> Result<T, OpenIdError> {
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json);
        let response = self.client.send(request).await?;
        if !response.status().is_success() {
            return Err(OpenIdError::Status(response.status().as_u16()));
        }
        let body = self.client.read(response).await?;
        serde_json::from_slice(&body).map_err(|_| OpenIdError::Malformed(what))
    }
}

/// RFC 6749, section 2.3.1: both are written as in a form first.
fn credentials(id: &str, secret: &Secret<String>) -> Result<HeaderValue, OpenIdError> {
    let written = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", written(id), written(secret.reveal()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair)))
        .map_err(|_| OpenIdError::Malformed("secret"))?;
    value.set_sensitive(true);
    Ok(value)
}
