//! Links that were made for somebody, handed over: by mail where there is a mail server, else by whoever made them.

use maud::{Markup, html};

use super::pieces::{alarm, done, moment, told_once};
use crate::kernel::Timestamp;
use crate::platform::mail::Undelivered;
use crate::web::State as Web;
use crate::web::words::console::Words;

/// A link for somebody.
pub(super) struct Letter<'a> {
    /// Their address, if it is known.
    pub(super) to: Option<&'a str>,
    /// In their language, or in that of whoever writes.
    pub(super) words: Words,
    /// The sentences of the subject and of the letter.
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
    /// What they name: the agency or the person.
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    pub(super) until: Timestamp,
}

/// How a link was handed over.
#[derive(Debug)]
enum Way {
    /// By nobody yet.
    Shown,
    Sent,
    Failed(Undelivered),
}

/// Sends the letter if that is possible. Returns what is said to whoever made the link: the link itself only where it is
/// theirs to hand over.
pub(super) async fn hand_over(web: &Web, words: Words, letter: &Letter<'_>) -> Markup {
    let way = send(web, letter).await;
    let to = letter.to.unwrap_or_default();
    match way {
        Way::Shown => told_once(words, letter.url, letter.until),
        Way::Sent => html! {
            (done(&words.say_with("letter-sent", "address", to)))
            p.note { (words.say("link-until")) " " (moment(letter.until)) }
        },
        Way::Failed(why) => {
            let key = match why {
                Undelivered::Address => "letter-no-address",
                Undelivered::Unreachable => "letter-unreachable",
                Undelivered::Refused(_) => "letter-refused",
            };
            html! {
                (alarm(words, &words.say_with(key, "address", to)))
                (told_once(words, letter.url, letter.until))
            }
        }
    }
}

async fn send(web: &Web, letter: &Letter<'_>) -> Way {
    let (Some(mailer), Some(to)) = (&web.desk.mailer, letter.to) else {
        return Way::Shown;
    };
    let until = letter.until.to_jiff().strftime("%Y-%m-%d %H:%M UTC");
    let server = web.site.authority();
    let said = |key| {
        letter.words.say_of(
            key,
            [
                ("name", letter.name.into()),
                ("url", letter.url.into()),
                ("until", until.to_string().into()),
                ("server", server.into()),
            ],
        )
    };
    // One line, whatever an agency is called.
    let subject = said(letter.subject)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match mailer.send(to, &subject, said(letter.text)).await {
        Ok(()) => Way::Sent,
        Err(why) => {
            tracing::warn!(error = %why, "a letter to one of the staff was not sent");
            Way::Failed(why)
        }
    }
}
