//! Which part of the queue somebody looks at, as the address has it.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use super::kind_name;
use super::list::Loaded;
use crate::dialogue::queue::{Filter, Item, Kind, Which};
use crate::kernel::{Cursor, QueueItemId};
use crate::web::console::typed::Asked;
use crate::web::words::console::Words;

/// Reads an address; what makes no sense asks for nothing.
pub(super) fn read(asked: &Asked) -> Filter {
    let cursor: Option<Cursor> = asked.some("after").and_then(|text| text.parse().ok());
    Filter {
        which: asked
            .some("which")
            .and_then(|text| text.parse().ok())
            .unwrap_or_default(),
        kind: asked.some("kind").and_then(|text| text.parse().ok()),
        thread: asked.some("thread").and_then(|text| text.parse().ok()),
        language: asked
            .some("language")
            .map(|tag| tag.chars().take(40).collect::<String>().to_lowercase()),
        after: cursor.map(|cursor| (cursor.at, QueueItemId::new(cursor.id))),
    }
}

/// The address of a part of the queue, behind its path.
pub(super) fn query(filter: &Filter) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("which", filter.which.name());
    if let Some(kind) = filter.kind {
        query.append_pair("kind", kind.name());
    }
    if let Some(thread) = filter.thread {
        query.append_pair("thread", &thread.to_string());
    }
    if let Some(language) = &filter.language {
        query.append_pair("language", language);
    }
    if let Some((at, id)) = filter.after {
        let cursor = Cursor { at, id: id.get() };
        query.append_pair("after", &cursor.to_string());
    }
    query.finish()
}

/// The part that goes on behind an entry.
pub(super) fn behind(filter: &Filter, last: &Item) -> Filter {
    Filter {
        after: Some((last.since, last.id)),
        ..filter.clone()
    }
}

/// The form by which somebody chooses.
pub(super) fn form(words: Words, path: &str, filter: &Filter, loaded: &Loaded) -> Markup {
    html! {
        form.filters method="get" action=(path) aria-label=(words.say("queue-filter")) {
            div.field {
                label for="which" { (words.say("queue-which")) }
                select #which name="which" {
                    @for which in Which::ALL {
                        option value=(which.name()) selected[which == filter.which] { (words.say(&format!("queue-which-{}", which.name()))) }
                    }
                }
            }
            div.field {
                label for="kind" { (words.say("queue-kind")) }
                select #kind name="kind" {
                    option value="" { (words.say("queue-all-kinds")) }
                    @for kind in Kind::ALL {
                        @if loaded.standing.reads_private() || kind != Kind::Message {
                            option value=(kind) selected[filter.kind == Some(kind)] { (kind_name(words, kind)) }
                        }
                    }
                }
            }
            div.field {
                label for="thread" { (words.say("queue-thread")) }
                select #thread name="thread" {
                    option value="" { (words.say("queue-all-threads")) }
                    @for thread in &loaded.threads {
                        option value=(thread.id) selected[filter.thread == Some(thread.id)] { (thread.title) " (" (thread.open) ")" }
                    }
                }
            }
            div.field {
                label for="language-of" { (words.say("queue-language")) }
                select #language-of name="language" {
                    option value="" { (words.say("queue-all-languages")) }
                    @for tag in &loaded.languages {
                        option value=(tag) selected[filter.language.as_ref() == Some(tag)] { (tag) }
                    }
                }
            }
            button.button.quiet type="submit" { (words.say("queue-show")) }
        }
    }
}
