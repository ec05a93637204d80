//! A browser without script: it keeps cookies, and sends forms as browsers do.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::http::{HeaderMap, StatusCode};
use reqwest::RequestBuilder;
use url::form_urlencoded;

use crate::harness::TestServer;

pub(crate) struct Visitor {
    base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// An answer, as it arrived.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header("location")
    }

    pub(crate) fn says(&self, words: &str) {
        assert!(
            self.text.contains(words),
            "does not say “{words}”: {}",
            self.text
        );
    }

    pub(crate) fn says_nothing_of(&self, words: &str) {
        assert!(!self.text.contains(words), "says “{words}”: {}", self.text);
    }

    /// It is this page, whole.
    pub(crate) fn is(self, status: StatusCode, words: &str) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self.says(words);
        self
    }

    /// What stands between `before` and `after`.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let (_, rest) = self
            .text
            .split_once(before)
            .unwrap_or_else(|| panic!("no {before}: {}", self.text));
        rest.split_once(after).unwrap().0.to_owned()
    }

    /// The hidden fields of the form that leads to `action`, as they would be sent.
    pub(crate) fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let form = self.between(&format!("action=\"{action}\""), "</form>");
        let inputs = form.split("<input ").skip(1);
        inputs
            .filter_map(|input| {
                let of = |name: &str| {
                    let (_, rest) = input.split_once(&format!("{name}=\""))?;
                    Some(plain(rest.split_once('"')?.0))
                };
                (of("type")? == "hidden").then(|| Some((of("name")?, of("value")?)))?
            })
            .collect()
    }
}

/// A text as it was before it stood in mark-up.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

impl Visitor {
    pub(crate) fn of(server: &TestServer) -> Self {
        Self::at(server.base())
    }

    pub(crate) fn at(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            cookies: Mutex::default(),
        }
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a page.
    pub(crate) async fn sees(&self, path: &str) -> Page {
        let request = self.http.get(self.url(path));
        self.answered(request.header("accept", "text/html")).await
    }

    /// Opens the page to which a form led.
    pub(crate) async fn follows(&self, page: &Page) -> Page {
        self.sees(page.leads_to()).await
    }

    /// Sends a form that stands on a page of ours.
    pub(crate) async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let from = self.base.clone();
        self.sends_from(&from, "same-origin", path, fields).await
    }

    /// Sends a form with fields that stood on a page.
    pub(crate) async fn sends_all(&self, path: &str, fields: &[(String, String)]) -> Page {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.sends(path, &fields).await
    }

    /// Sends a form with pictures, as browsers do: words first.
    pub(crate) async fn sends_files(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Page {
        let files = files.iter().map(|(name, bytes)| ("picture", *name, *bytes));
        self.sends_files_in(path, fields, &files.collect::<Vec<_>>())
            .await
    }

    /// The same, each in a field of its own.
    pub(crate) async fn sends_files_in(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let mut body = vec![];
        for (name, value) in fields {
            let head =
                format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--limit\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        }
        body.extend(b"--limit--\r\n");
        let request = self
            .http
            .post(self.url(path))
            .header("accept", "text/html")
            .header("origin", &self.base)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=limit");
        self.answered(request.body(body)).await
    }

    /// Sends a form as if from another page.
    pub(crate) async fn sends_from(
        &self,
        origin: &str,
        site: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut request = self
            .http
            .post(self.url(path))
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded");
        if !origin.is_empty() {
            request = request.header("origin", origin);
        }
        if !site.is_empty() {
            request = request.header("sec-fetch-site", site);
        }
        self.answered(request.body(body)).await
    }

    fn url(&self, path: &str) -> String {
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        format!("{}{path}", self.base)
    }

    async fn answered(&self, request: RequestBuilder) -> Page {
        let cookies: Vec<String> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let response = request
            .header("cookie", cookies.join("; "))
            .send()
            .await
            .unwrap();
        let page = Page {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        };
        for cookie in page.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.set_cookie(name, value);
        }
        page
    }
}
