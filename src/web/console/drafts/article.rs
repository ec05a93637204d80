//! A long text in the form of a draft, and as its page will show it.

use maud::{Markup, html};

use super::super::pieces::Field;
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use crate::kernel::SafeHtml;
use crate::publishing::articles::{self, Manuscript, Unfit};
use crate::publishing::drafts::Content;
use crate::publishing::house::{HouseRules, reading};
use crate::publishing::markdown;
use crate::web::State as Web;
use crate::web::language;
use crate::web::long_text;
use crate::web::words::console::Words;

/// What a form has at length; a form without these fields leaves it as it was.
pub(super) fn written(typed: &Typed, before: Option<&Manuscript>) -> Option<Manuscript> {
    if !typed.has("article") {
        return before.cloned();
    }
    let manuscript = Manuscript {
        title: typed.get("article-title").trim().to_owned(),
        markdown: typed.get("article").replace("\r\n", "\n"),
    };
    (!manuscript.is_blank()).then_some(manuscript)
}

/// The fields, folded away where nothing is said at length.
pub(super) fn fields(words: Words, content: &Content, troubles: &Troubles) -> Markup {
    let article = content.article.as_ref();
    let title = article.map_or("", |it| it.title.as_str());
    let text = article.map_or("", |it| it.markdown.as_str());
    let tag = content.language.as_str();
    let wrong = troubles.at("article");
    let is_open = article.is_some() || wrong.is_some() || troubles.at("article-title").is_some();
    let described = match wrong {
        Some(_) => "article-hint article-wrong",
        None => "article-hint",
    };
    html! {
        fieldset {
            legend { (words.say("article-section")) }
            details open[is_open] {
                summary { (words.say("article-write")) }
                p.hint { (words.say("article-lead")) }
                (Field::text("article-title", words.say("article-title"), title)
                    .optional().hinted(words.say("article-title-hint")).amiss(troubles).show())
                div.field {
                    label for="article" { (words.say("article-text")) }
                    p.hint #article-hint { (words.say("article-text-hint")) }
                    textarea #article name="article" rows="20" lang=(tag) dir=(language::direction(tag)) aria-describedby=(described)
                        aria-invalid=[wrong.as_ref().map(|_| "true")] { "\n" (text) }
                    @if let Some(text) = &wrong { p.wrong #article-wrong { (text) } }
                }
            }
        }
    }
}

/// Counters and hints.
pub(super) fn hints(web: &Web, words: Words, house: &HouseRules, content: &Content) -> Markup {
    let Some(article) = &content.article else {
        return html! {};
    };
    let (length, longest) = (article.length(), web.server.rules.longest_article);
    let values = [("length", length.into()), ("longest", longest.into())];
    let hint = house
        .reading_index
        .and_then(|limit| reading::hint(&article.markdown, &content.language, limit));
    let html = markdown::render_page(&article.markdown, &web.site, &content.mentions);
    html! {
        li.wrong[length > longest] { (words.say_of("article-length", values)) }
        @if !html.is_blank() { li { (words.count("article-minutes", articles::minutes(&html))) } }
        @if let Some(hint) = hint {
            li {
                (words.say_of("article-hard", [
                    ("index", hint.index.into()),
                    ("limit", hint.limit.into()),
                    ("words", hint.longest_sentence.into()),
                ]))
            }
        }
    }
}

/// The page, without its frame: exactly the title and the text that readers will see.
pub(in crate::web::console) fn look(web: &Web, words: Words, content: &Content) -> Markup {
    let Some(article) = &content.article else {
        return html! {};
    };
    let tag = content.language.as_str();
    let html: SafeHtml = markdown::render_page(&article.markdown, &web.site, &content.mentions);
    html! {
        article.post.long-text aria-label=(words.say("article-look")) {
            p.hint { (words.say("article-look")) }
            @if article.title.trim().is_empty() { p.wrong { (words.say("article-no-title")) } }
            @else { p.article-title lang=(tag) dir=(language::direction(tag)) { (article.title.trim()) } }
            @if html.is_blank() { p.wrong { (words.say("article-empty")) } }
            @else { (long_text::body(&html, tag)) }
        }
    }
}

/// The title that stands below the post, and the card that becomes of the link behind it.
pub(super) fn card(words: Words, title: &str, address: &str, tag: &str) -> Markup {
    let host = url::Url::parse(address).ok();
    let host = host.as_ref().and_then(url::Url::host_str);
    html! {
        div.link-card {
            p.link-card-host dir="ltr" { (host.unwrap_or(address)) }
            p.name lang=(tag) dir=(language::direction(tag)) { (title) }
            p.hint { (words.say("article-card")) }
        }
    }
}

/// What is wrong with it, in a sentence.
pub(super) fn sentence(unfit: &Unfit, words: Words) -> String {
    match unfit {
        Unfit::Title => words.say("article-error-title"),
        Unfit::Empty => words.say("article-error-empty"),
        Unfit::TooLong { length, longest } => {
            let values = [("length", (*length).into()), ("longest", (*longest).into())];
            words.say_of("article-error-too-long", values)
        }
    }
}

/// The field that it is about.
pub(super) const fn field(unfit: &Unfit) -> &'static str {
    match unfit {
        Unfit::Title => "article-title",
        Unfit::Empty | Unfit::TooLong { .. } => "article",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let owned = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Typed::of(owned.collect())
    }

    fn manuscript(title: &str, markdown: &str) -> Manuscript {
        Manuscript {
            title: title.to_owned(),
            markdown: markdown.to_owned(),
        }
    }

    #[test]
    fn a_form_without_the_fields_takes_nothing_away() {
        let before = manuscript("Plan", "Text.");
        assert_eq!(
            written(&typed(&[("text", "x")]), Some(&before)),
            Some(before.clone())
        );
        let emptied = typed(&[("article-title", " "), ("article", "\r\n")]);
        assert_eq!(written(&emptied, Some(&before)), None);
        let changed = typed(&[("article-title", " New "), ("article", "a\r\nb")]);
        assert_eq!(
            written(&changed, Some(&before)),
            Some(manuscript("New", "a\nb"))
        );
    }

    #[test]
    fn what_was_written_is_unfolded_and_cannot_break_out() {
        let words = Words::of("en");
        let none = fields(words, &Content::default(), &Troubles::none(words)).into_string();
        assert!(none.contains("<details><summary>"), "{none}");
        let content = Content {
            article: Some(manuscript("\"><b>", "</textarea><script>")),
            language: "ar".to_owned(),
            ..Content::default()
        };
        let shown = fields(words, &content, &Troubles::none(words)).into_string();
        assert!(
            shown.contains("<details open>") && shown.contains("dir=\"rtl\""),
            "{shown}"
        );
        assert!(
            !shown.contains("<script") && !shown.contains("<b>"),
            "{shown}"
        );
    }
}
