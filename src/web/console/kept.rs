//! What somebody typed is not lost when their session has ended in mid-sentence.
//!
//! A form that arrives without a session is handed back inside the form by which to sign in, and from there sent where it
//! was meant to go: by a button, and without script. It never stands in the server's memory or database meanwhile.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use url::form_urlencoded;

use super::refusal::Refusal;
use super::sent::{self, Keep};
use super::sheet::{self, Sheet};
use super::sign_in;
use super::visit::{self, SignedIn};
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Where whoever is not signed in sends forms.
const OPEN: [&str; 6] = [
    "/console/sign-in",
    "/console/sign-out",
    "/console/language",
    "/console/join",
    "/console/reset",
    "/console/set-up",
];

/// Where somebody was going, and what they had typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// A path of the console.
    to: Option<String>,
    /// The form (`application/x-www-form-urlencoded`); none if they only wanted to see a page.
    form: Option<String>,
}

impl Kept {
    /// `to` is believed only if it is a path of the console.
    pub(super) fn of(to: Option<String>, form: Option<String>) -> Self {
        let is_ours = |to: &String| to.starts_with("/console") && !to.contains(['\\', '\r', '\n']);
        let to = to.filter(is_ours);
        let form = form.filter(|text| !text.is_empty() && to.is_some());
        Self { to, form }
    }

    /// Where they were going.
    pub(super) fn to(&self) -> Option<&str> {
        self.to.as_deref()
    }

    pub(super) const fn has_words(&self) -> bool {
        self.form.is_some()
    }

    /// The fields that carry it through a form.
    pub(super) fn fields(&self) -> Markup {
        html! {
            @if let Some(to) = &self.to { input type="hidden" name="to" value=(to); }
            @if let Some(form) = &self.form { input type="hidden" name="kept" value=(form); }
        }
    }

    /// Leads who has just signed in on: to the page, or to a button that sends what was typed.
    pub(super) fn go_on(&self, web: &Web, words: Words) -> Response {
        let (title, lead) = (words.say("kept-title"), words.say("kept-go-on"));
        self.lead(web, words, None, title, &lead)
    }

    /// The same for who has just shown again that it is them.
    pub(super) fn proven(&self, web: &Web, who: &SignedIn) -> Response {
        let words = who.words;
        let (title, lead) = (words.say("proven-title"), words.say("proven-go-on"));
        self.lead(web, words, Some(who), title, &lead)
    }

    /// A button that sends what was typed, for who has signed in or proven who they are on another page meanwhile.
    pub(super) fn resend(&self, words: Words) -> Markup {
        html! {
            @if let Some((to, form)) = self.to.as_ref().zip(self.form.as_ref()) {
                (sending(to, form, &words.say("oidc-resend")))
            }
        }
    }

    fn lead(
        &self,
        web: &Web,
        words: Words,
        who: Option<&SignedIn>,
        title: String,
        lead: &str,
    ) -> Response {
        let to = self.to.as_deref().unwrap_or(super::HOME);
        let Some(form) = &self.form else {
            return axum::response::Redirect::to(to).into_response();
        };
        let main = html! {
            header.opening {
                h1 { (title) }
                p.lead { (lead) }
            }
            (sending(to, form, &words.say("go-on")))
        };
        let sheet = Sheet::plain(words, title, who, main);
        sheet::answer(web, StatusCode::OK, &sheet)
    }
}

fn sending(to: &str, form: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(to) {
            @for (name, value) in form_urlencoded::parse(form.as_bytes()) {
                input type="hidden" name=(name) value=(value);
            }
            div.actions { button.button type="submit" { (label) } }
        }
    }
}

pub(super) async fn keep_what_was_typed(
    State(web): State<Web>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    if request.method() != Method::POST || OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    let words = visit::words_asked(request.headers());
    match visit::find(&web, request.headers()).await {
        Ok(Some(who)) => {
            request.extensions_mut().insert(who);
            return next.run(request).await;
        }
        Ok(None) => {}
        Err(error) => return Refusal::from(error).page(&web, words, None).into_response(),
    }
    let form = typed(request, web.server.max_body).await;
    sign_in::asked_again(&web, words, &Kept::of(Some(path), form))
}

/// The fields of a form; pictures are not kept.
pub(super) async fn typed(request: Request<Body>, longest: usize) -> Option<String> {
    if sent::is_multipart(&request) {
        let sent = sent::read(request, Keep::words(longest)).await;
        return Some(sent.typed.encoded());
    }
    let kind = request.headers().get(header::CONTENT_TYPE)?;
    if !kind
        .as_bytes()
        .starts_with(b"application/x-www-form-urlencoded")
    {
        return None;
    }
    let bytes = to_bytes(request.into_body(), longest).await.ok()?;
    String::from_utf8(bytes.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_nowhere_but_to_the_console() {
        let form = || Some("text=Hello".to_owned());
        for to in [
            "https://evil.example/",
            "//evil.example",
            "/@water",
            "\\console",
            "",
        ] {
            assert_eq!(
                Kept::of(Some(to.to_owned()), form()),
                Kept::default(),
                "{to}"
            );
        }
        let kept = Kept::of(Some("/console/water/drafts".to_owned()), form());
        assert!(kept.has_words());
        assert!(kept.fields().into_string().contains("text=Hello"));
    }
}
