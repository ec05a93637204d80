//! Requests to an inbox, signed by hand, so that every part of the signature can be made wrong on its own.

use actapub::federation::keys::SigningKey;
use actapub::federation::signatures::BodyDigest;
use actapub::kernel::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A POST before it is signed. What stands here is signed and sent; [`Letter::swap`] changes what is sent after that.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) target: String,
    pub(crate) scheme_and_host: String,
    pub(crate) host: String,
    pub(crate) key_id: String,
    pub(crate) body: Vec<u8>,
    pub(crate) date: String,
    /// What the signature says of the time, in RFC 9421 and in `(created)`.
    pub(crate) created: String,
    pub(crate) digest: Option<String>,
    pub(crate) content_digest: Option<String>,
    /// Components of draft-cavage, in order.
    pub(crate) covers: Vec<&'static str>,
    /// Components of RFC 9421, in order.
    pub(crate) message_covers: Vec<&'static str>,
}

/// What goes over the wire.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Letter {
    /// As an honest server writes it.
    pub(crate) fn new(
        base: &str,
        target: &str,
        key_id: &str,
        now: Timestamp,
        body: Vec<u8>,
    ) -> Self {
        let host = base.split("://").nth(1).unwrap().to_owned();
        let digest = BodyDigest::of(&body);
        Self {
            target: target.to_owned(),
            scheme_and_host: base.to_owned(),
            host,
            key_id: key_id.to_owned(),
            date: now.to_http_date(),
            created: now.seconds().to_string(),
            digest: Some(digest.to_digest()),
            content_digest: Some(digest.to_content_digest()),
            body,
            covers: vec!["(request-target)", "host", "date", "digest", "content-type"],
            message_covers: vec!["@method", "@target-uri", "content-digest"],
        }
    }

    /// Another time, in every place where one is written.
    pub(crate) fn at(mut self, time: Timestamp) -> Self {
        self.date = time.to_http_date();
        self.created = time.seconds().to_string();
        self
    }

    /// draft-cavage-http-signatures-12.
    pub(crate) fn cavage(&self, key: &SigningKey) -> Signed {
        let mut headers = self.headers();
        let lines: Vec<String> = self
            .covers
            .iter()
            .map(|name| {
                let value = match *name {
                    "(request-target)" => format!("post {}", self.target),
                    "(created)" => self.created.clone(),
                    name => value_of(&headers, name),
                };
                format!("{name}: {value}")
            })
            .collect();
        let signature = STANDARD.encode(key.sign(lines.join("\n").as_bytes()).unwrap());
        let (key_id, covers) = (&self.key_id, self.covers.join(" "));
        let created = if self.covers.contains(&"(created)") {
            format!("created={},", self.created)
        } else {
            String::new()
        };
        let algorithm = if created.is_empty() {
            "rsa-sha256"
        } else {
            "hs2019"
        };
        headers.push((
            "signature",
            format!("keyId=\"{key_id}\",algorithm=\"{algorithm}\",{created}headers=\"{covers}\",signature=\"{signature}\""),
        ));
        self.signed(headers)
    }

    /// RFC 9421.
    pub(crate) fn message(&self, key: &SigningKey) -> Signed {
        let mut headers = self.headers();
        let mut base = String::new();
        for name in &self.message_covers {
            let value = match *name {
                "@method" => "POST".to_owned(),
                "@target-uri" => format!("{}{}", self.scheme_and_host, self.target),
                name => value_of(&headers, name),
            };
            base.push_str(&format!("\"{name}\": {value}\n"));
        }
        let covers: Vec<String> = self
            .message_covers
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        let parameters = format!(
            "({});created={};keyid=\"{}\"",
            covers.join(" "),
            self.created,
            self.key_id
        );
        base.push_str(&format!("\"@signature-params\": {parameters}"));
        let signature = STANDARD.encode(key.sign(base.as_bytes()).unwrap());
        headers.push(("signature-input", format!("sig1={parameters}")));
        headers.push(("signature", format!("sig1=:{signature}:")));
        self.signed(headers)
    }

    pub(crate) fn unsigned(&self) -> Signed {
        self.signed(self.headers())
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("host", self.host.clone()),
            ("date", self.date.clone()),
            ("content-type", "application/activity+json".to_owned()),
        ];
        headers.extend(self.digest.clone().map(|digest| ("digest", digest)));
        headers.extend(
            self.content_digest
                .clone()
                .map(|digest| ("content-digest", digest)),
        );
        headers
    }

    fn signed(&self, headers: Vec<(&'static str, String)>) -> Signed {
        Signed {
            target: self.target.clone(),
            headers,
            body: self.body.clone(),
        }
    }
}

impl Signed {
    /// What somebody on the way has made of a header; an empty value takes it away.
    pub(crate) fn swap(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        if !value.is_empty() {
            self.headers.push((name, value.to_owned()));
        }
        self
    }

    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    pub(crate) fn to(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }
}

fn value_of(headers: &[(&'static str, String)], name: &str) -> String {
    headers
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}
