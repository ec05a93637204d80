//! What a new agency is asked for: its name, its handle and the language that it writes in.

use maud::{Markup, html};

use super::pieces::Field;
use super::troubles::Troubles;
use super::typed::Typed;
use crate::agencies::{self, New, language};
use crate::kernel::{Handle, SafeHtml, Site};
use crate::web::words::console::Words;

/// Languages that are offered; any other (BCP 47) may be typed.
const OFFERED: [(&str, &str); 32] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mt", "Malti"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("uk", "Українська"),
    ("zh", "中文"),
];

/// The questions about a new agency, as part of a form.
pub(super) struct Founding<'a> {
    pub(super) words: Words,
    pub(super) site: &'a Site,
    pub(super) typed: &'a Typed,
    pub(super) troubles: &'a Troubles,
    /// What the server itself writes in.
    pub(super) language: &'a str,
}

impl Founding<'_> {
    pub(super) fn fields(&self) -> Markup {
        let (words, typed, troubles) = (self.words, self.typed, self.troubles);
        let language = if typed.has("writes") {
            typed.get("writes")
        } else {
            self.language
        };
        let writes = Field::text("writes", words.say("agency-writes"), language)
            .hinted(words.say("agency-writes-hint"))
            .amiss(troubles);
        let domain = self.site.handle_domain();
        html! {
            (Field { autocomplete: "organization", ..Field::text("agency", words.say("agency-called"), typed.get("agency")) }
                .hinted(words.say("agency-called-hint")).amiss(troubles).show())
            (Field::text("handle", words.say("agency-handle"), typed.get("handle"))
                .hinted(words.say_with("agency-handle-hint", "domain", domain)).amiss(troubles).show())
            (Field { list: Some("languages"), ..writes }.show())
            datalist #languages {
                @for (tag, name) in OFFERED { option value=(tag) lang=(tag) { (name) } }
            }
        }
    }
}

/// The agency that was asked for, or what is wrong with the answers.
pub(super) fn read(typed: &Typed, troubles: &mut Troubles) -> Option<New> {
    let words = troubles.words();
    let name = typed.get("agency").trim().to_owned();
    if name.is_empty() {
        troubles.add(agencies::Error::Name);
    }
    let handle = typed.get("handle").trim().parse::<Handle>();
    if handle.is_err() {
        troubles.about("handle", words.say("agency-handle-wrong"));
    }
    let language = troubles.sift(language(typed.get("writes")));
    if !troubles.are_none() {
        return None;
    }
    Some(New {
        handle: handle.ok()?,
        name,
        summary: String::new(),
        summary_html: SafeHtml::default(),
        links: vec![],
        language: language?,
        avatar: None,
        header: None,
    })
}
