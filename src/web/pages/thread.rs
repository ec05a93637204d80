//! What citizens said to an announcement and what the agency answered, as the transcript of a hearing reads.

use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};

use crate::web::words;

use super::address;
use super::card;
use super::card::Content;
use super::language;
use super::layout;
use super::marks;
use super::pager;
use super::view::AnnouncementPage;
use super::view::Answer;
use super::view::Attachment;
use super::view::Entry;
use super::view::Frame;
use super::view::Parent;
use super::view::Said;
use super::view::Statement;

/// How far an entry is set in at most: further levels would leave no room for words on a phone.
pub const DEEPEST: u8 = 3;

/// Puts entries into reading order: each after what it answers, with its depth, which stops at [`DEEPEST`].
///
/// Takes `(key, parent)` in the order in which siblings are to stand. What answers nothing in the list stands at
/// depth 1. Gives `(place in the list taken, depth)`. Chains of any length and parents in a circle do no harm:
/// there is no recursion, and every entry comes out exactly once.
pub fn arrange<K: Eq + std::hash::Hash + Copy>(entries: &[(K, Option<K>)]) -> Vec<(usize, u8)> {
    let places: HashMap<K, usize> = entries
        .iter()
        .enumerate()
        .map(|(place, (key, _))| (*key, place))
        .collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    let mut roots = Vec::new();
    for (place, (_, parent)) in entries.iter().enumerate() {
        let siblings = parent
            .and_then(|parent| places.get(&parent))
            .filter(|parent| **parent != place)
            .and_then(|parent| children.get_mut(*parent))
            .unwrap_or(&mut roots);
        siblings.push(place);
    }
    let mut arranged = Vec::with_capacity(entries.len());
    let mut seen = vec![false; entries.len()];
    // Circles hang on no root: their members follow at the end, each beginning its own strand if not yet seen.
    for start in roots.into_iter().chain(0..entries.len()) {
        let mut pending = vec![(start, 1)];
        while let Some((place, depth)) = pending.pop() {
            let Some(unseen @ false) = seen.get_mut(place) else {
                continue;
            };
            *unseen = true;
            arranged.push((place, depth));
            let answers = children.get(place).map_or(&[][..], Vec::as_slice);
            pending.extend(
                answers
                    .iter()
                    .rev()
                    .map(|answer| (*answer, DEEPEST.min(depth + 1))),
            );
        }
    }
    arranged
}

pub(super) fn section(frame: &Frame, view: &AnnouncementPage) -> Markup {
    let announcement = &view.announcement;
    let ours = layout::ours(&announcement.language);
    let reply = format!(
        "{}/reply",
        frame.announcement(&view.agency.handle, announcement.id)
    );
    html! {
        section.thread aria-labelledby="replies" {
            div.thread-head lang=[ours] {
                h2 #replies { (words::REPLIES) }
                a.button href=(reply) { (words::REPLY) }
            }
            @if view.thread.entries.is_empty() {
                p.empty lang=[ours] { (words::NO_REPLIES) }
            } @else {
                p.note lang=[ours] { (words::THREAD_NOTE) }
                ol.transcript {
                    @let previous = std::iter::once(None).chain(view.thread.entries.iter().map(Some));
                    @for (entry, previous) in view.thread.entries.iter().zip(previous) {
                        (place(frame, entry, previous, ours))
                    }
                }
            }
            (pager::pager(&view.thread.pager, &pager::REPLIES, ours))
        }
    }
}

fn place(
    frame: &Frame,
    entry: &Entry,
    previous: Option<&Entry>,
    ours: Option<&'static str>,
) -> Markup {
    let kind = match entry.said {
        Said::Citizen(_) => "citizen",
        Said::Agency(_) => "answer",
        Said::Deleted { .. } | Said::Withdrawn { .. } => "gone",
    };
    let depth = entry.depth.clamp(1, DEEPEST);
    html! {
        li class={ "turn " (kind) " depth-" (depth) } {
            article #(entry.anchor) {
                @match &entry.said {
                    Said::Citizen(statement) => (citizen(entry, statement, previous, ours)),
                    Said::Agency(answer) => (agency(frame, entry, answer, previous, ours)),
                    Said::Deleted { gone, published_at, .. } => {
                        p.gone-note lang=[ours] { (words::gone(*gone)) " · " (layout::moment(*published_at)) }
                    }
                    Said::Withdrawn { by, published_at, reason, .. } => {
                        p.gone-note {
                            a href=(frame.agency(&by.handle)) { bdi { (by.name) } } ": "
                            span lang=[ours] { (words::ANSWER_WITHDRAWN) " · " (layout::moment(*published_at)) }
                        }
                        @if let Some(reason) = reason {
                            p.gone-note { span lang=[ours] { (words::REASON) ": " } bdi { (reason) } }
                        }
                    }
                }
                (marks::line(frame, entry.record.as_ref(), ours))
                @if let Some(more) = &entry.more {
                    p.origin lang=[ours] { a href=(more) { (words::MORE_BELOW) } }
                }
            }
        }
    }
}

/// What this entry answers; said aloud only, where it stands right above.
fn answered(entry: &Entry, previous: Option<&Entry>, ours: Option<&'static str>) -> Markup {
    let follows = |anchor: &str| previous.is_some_and(|previous| previous.anchor == anchor);
    html! {
        @match &entry.parent {
            None => {}
            Some(Parent::Here { anchor, name }) => {
                p class=(if follows(anchor) { "parent vh" } else { "parent" }) {
                    span lang=[ours] { (words::IN_REPLY_TO) } " "
                    a href={ "#" (anchor) } { bdi { (name) } }
                }
            }
            Some(Parent::Post { anchor, number }) => {
                p.parent lang=[ours] { (words::IN_REPLY_TO) " " a href={ "#" (anchor) } { (words::post(*number)) } }
            }
            Some(Parent::Deleted { anchor }) => {
                p class=(if follows(anchor) { "parent vh" } else { "parent" }) lang=[ours] {
                    (words::IN_REPLY_TO) " " a href={ "#" (anchor) } { (words::A_DELETED_REPLY) }
                }
            }
            Some(Parent::Elsewhere) => {
                p.parent lang=[ours] { (words::IN_REPLY_TO) " " (words::A_REPLY_NOT_SHOWN) }
            }
        }
    }
}

fn citizen(
    entry: &Entry,
    statement: &Statement,
    previous: Option<&Entry>,
    ours: Option<&'static str>,
) -> Markup {
    let language = statement
        .language
        .as_deref()
        .and_then(language::well_formed);
    let direction = language.map_or("auto", language::direction);
    let said = html! {
        div.prose lang=[language] dir=(direction) { (PreEscaped(statement.html.as_str())) }
        (attachments(&statement.attachments, ours))
    };
    html! {
        header.turn-head {
            span.initial aria-hidden="true" { (layout::initial(&statement.name)) }
            div.who {
                h3.name { (outward(&statement.profile, &statement.name)) }
                span.acct dir="ltr" { (statement.acct) }
            }
            p.when lang=[ours] {
                a href={ "#" (entry.anchor) } { (layout::moment(statement.published_at)) }
                @if let Some(at) = statement.edited_at { span.edited { (words::EDITED) " " (layout::moment(at)) } }
            }
        }
        (answered(entry, previous, ours))
        @match &statement.warning {
            Some(warning) => (card::warned(warning, language, &said, ours)),
            None => (said),
        }
        @if let Some((url, host)) = address::outward(&statement.url).zip(address::host(&statement.url)) {
            p.origin lang=[ours] { a href=(url) rel="nofollow noopener ugc" { (words::original_at(&host)) } }
        }
    }
}

fn outward(url: &str, name: &str) -> Markup {
    html! {
        @match address::outward(url) {
            Some(url) => a href=(url) rel="nofollow noopener ugc" { bdi { (name) } },
            None => bdi { (name) },
        }
    }
}

/// A citizen's pictures stay where they are: loading them would tell that server who reads this page.
fn attachments(attachments: &[Attachment], ours: Option<&'static str>) -> Markup {
    html! {
        @if !attachments.is_empty() {
            div.attachments {
                p lang=[ours] { (words::ATTACHED) }
                ul {
                    @for attachment in attachments {
                        li { (outward(&attachment.url, &words::attachment(&attachment.media_type, &attachment.alt))) }
                    }
                }
            }
        }
    }
}

fn agency(
    frame: &Frame,
    entry: &Entry,
    answer: &Answer,
    previous: Option<&Entry>,
    ours: Option<&'static str>,
) -> Markup {
    let content = Content {
        html: &answer.html,
        warning: answer.warning.as_deref(),
        language: &answer.language,
        images: &answer.images,
        article: answer.article.as_ref(),
    };
    html! {
        header.turn-head {
            (layout::portrait(frame, answer.by.avatar.as_ref(), &answer.by.name))
            div.who {
                p.kicker lang=[ours] { (words::AGENCY_ANSWER) }
                h3.name { a href=(frame.agency(&answer.by.handle)) { bdi { (answer.by.name) } } }
            }
            p.when lang=[ours] {
                a href=(frame.announcement(&answer.by.handle, answer.id)) { (layout::moment(answer.published_at)) }
                @if let Some(at) = answer.edited_at { span.edited { (words::EDITED) " " (layout::moment(at)) } }
            }
        }
        (answered(entry, previous, ours))
        (card::content(frame, content, ours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_follow_what_they_answer() {
        let entries = [
            ("a", None),
            ("b", None),
            ("a1", Some("a")),
            ("a1x", Some("a1")),
            ("a2", Some("a")),
            ("a1xx", Some("a1x")),
            ("orphan", Some("unknown")),
        ];
        let read: Vec<_> = arrange(&entries)
            .into_iter()
            .map(|(place, depth)| (entries[place].0, depth))
            .collect();
        assert_eq!(
            read,
            [
                ("a", 1),
                ("a1", 2),
                ("a1x", 3),
                ("a1xx", 3),
                ("a2", 2),
                ("b", 1),
                ("orphan", 1)
            ]
        );
    }

    #[test]
    fn circles_and_long_chains_come_out_whole() {
        let circle = [(1, Some(3)), (2, Some(1)), (3, Some(2)), (4, Some(4))];
        let mut places: Vec<_> = arrange(&circle)
            .into_iter()
            .map(|(place, _)| place)
            .collect();
        places.sort_unstable();
        assert_eq!(places, [0, 1, 2, 3]);

        let chain: Vec<(u32, Option<u32>)> =
            (0..100_000).map(|n: u32| (n, n.checked_sub(1))).collect();
        let arranged = arrange(&chain);
        assert_eq!(arranged.len(), chain.len());
        assert_eq!(arranged.last(), Some(&(99_999, DEEPEST)));
    }
}
