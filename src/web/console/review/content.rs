//! What will go out, as readers will see it and as it was written; and what has changed.

use maud::{Markup, html};

use super::super::drafts::article;
use super::super::drafts::pieces;
use super::super::drafts::preview::{Post, preview};
use super::super::pieces::moment;
use super::super::visit::AtAgency;
use super::look::Looked;
use super::said::by_clocks;
use crate::publishing::Announcement;
use crate::publishing::drafts::{
    Basis, Content, Difference, Piece, PostDifference, Profile, Proposal,
};
use crate::publishing::polls::{Ends, Question};
use crate::web::State as Web;
use crate::web::language;
use crate::web::words::console::Words;

pub(super) fn goes_out(web: &Web, at: &AtAgency, looked: &Looked) -> Markup {
    let words = at.words();
    let several = looked.draft.parts.len() > 1;
    html! {
        section aria-labelledby="goes-out" {
            h2 #goes-out { (words.say("review-goes-out")) }
            @if several { p.hint { (words.say("review-together")) } }
            div.stack {
                @for part in &looked.draft.parts {
                    @match &part.proposal {
                        Some(proposal) => (proposed(web, at, looked, proposal)),
                        None => p.empty { (words.say("review-erased")) },
                    }
                }
            }
        }
    }
}

fn proposed(web: &Web, at: &AtAgency, looked: &Looked, proposal: &Proposal) -> Markup {
    let words = at.words();
    let now = looked.changes(proposal);
    let zone = &looked.house.zone;
    let about = |sentence: &str| {
        html! {
            @if let Some(now) = now {
                p.note {
                    (words.say(sentence)) " "
                    a href=(web.site.announcement_page(&at.agency.handle, now.id)) { (by_clocks(zone, now.published_at)) }
                }
            }
        }
    };
    let stands = |now: &Announcement| {
        let content = Content::of(now.revision.clone());
        post(web, at, &content)
    };
    html! {
        article.proposed {
            h3 { (pieces::kind(words, proposal.kind())) }
            @match proposal {
                Proposal::Announcement { answering, pin, .. } => {
                    @if let Some(answering) = answering {
                        p.note { (words.say("review-answers")) " " a href=(answering.uri) rel="noreferrer" { bdi { (answering.uri) } } }
                    }
                    @if *pin { p.note { (words.say("review-will-be-pinned")) } }
                    (posts(web, at, proposal))
                },
                Proposal::Edit { content, .. } => {
                    (about("review-replaces"))
                    (post(web, at, content))
                },
                Proposal::Correction { content, notice, .. } => {
                    (about("review-replaces"))
                    (post(web, at, content))
                    h4 { (words.say("review-notice")) }
                    (post(web, at, notice))
                },
                Proposal::Withdrawal { reason, .. } => {
                    (about("review-withdraws"))
                    p { strong { (words.say("review-withdrawal-reason")) } " " bdi { (reason) } }
                    @if let Some(now) = now { (stands(now)) }
                },
                Proposal::Pin { .. } => {
                    (about("review-pins"))
                    @if let Some(now) = now { (stands(now)) }
                },
                Proposal::Unpin { .. } => {
                    (about("review-unpins"))
                    @if let Some(now) = now { (stands(now)) }
                },
                Proposal::PrivateAnswer { to, content, .. } => {
                    p.note { (words.say("private-review")) " " span.acct dir="ltr" { "@" (to.acct) } }
                    (post(web, at, &content.clone().addressed(to)))
                },
                Proposal::AnswerWithdrawal { reason, .. } => {
                    p.note { (words.say("private-review-withdrawal")) }
                    p { strong { (words.say("review-withdrawal-reason")) } " " bdi { (reason) } }
                },
                Proposal::Profile(profile) => (self::profile(words, profile)),
                Proposal::Keys => p { (words.say("review-keys")) },
            }
        }
    }
}

/// Every post, in the order in which they go out.
fn posts(web: &Web, at: &AtAgency, proposal: &Proposal) -> Markup {
    let (words, contents) = (at.words(), proposal.contents());
    html! {
        @if contents.len() > 1 { p.note { (words.count("post-together", contents.len())) } }
        @for (number, content) in (1..).zip(&contents) {
            @if contents.len() > 1 { h4 { (pieces::post_of(words, number, contents.len())) } }
            (post(web, at, content))
        }
    }
}

/// A wording: as others will see it, as it was written, and what is read out where pictures are not seen.
fn post(web: &Web, at: &AtAgency, content: &Content) -> Markup {
    let words = at.words();
    let tag = &content.language;
    html! {
        (preview(words, &Post { agency: &at.agency, site: &web.site, content }))
        @if let Some(question) = &content.poll { (poll(words, content, question)) }
        (article::look(web, words, content))
        details.written {
            summary { (words.say("review-as-written")) }
            @if let Some(warning) = &content.warning {
                p { strong { (words.say("review-content-warning")) } " " bdi { (warning) } }
            }
            p.plain lang=(tag) dir=(language::direction(tag)) { (content.markdown) }
            @if !content.images.is_empty() {
                h4 { (words.say("review-alternatives")) }
                ol { @for image in &content.images { li lang=(tag) dir=(language::direction(tag)) { (image.alt) } } }
            }
            @if let Some(article) = &content.article {
                h4 { (words.say("article-section")) }
                p.plain lang=(tag) dir=(language::direction(tag)) { (article.text()) }
            }
        }
    }
}

/// What is asked, how one may answer, and how long.
fn poll(words: Words, content: &Content, question: &Question) -> Markup {
    let tag = &content.language;
    html! {
        div.panel {
            h4 { (words.say("review-poll")) }
            ul.in-the-way lang=(tag) dir=(language::direction(tag)) { @for option in &question.options { li { (option) } } }
            p.note {
                @if question.multiple { (words.say("review-poll-several")) } @else { (words.say("review-poll-one")) }
                " "
                @match question.ends {
                    Ends::After { minutes } => (words.count("review-poll-after", usize::try_from(minutes).unwrap_or(usize::MAX))),
                    Ends::At(then) => { (words.say("review-poll-until")) " " (moment(then)) }
                }
            }
        }
    }
}

/// What is to be changed of a profile, each thing by its name.
fn profile(words: Words, profile: &Profile) -> Markup {
    let links = |links: &[crate::agencies::Link]| {
        let lines: Vec<String> = links
            .iter()
            .map(|it| format!("{}: {}", it.label, it.url))
            .collect();
        lines.join("\n")
    };
    let text = [
        ("name", profile.name.clone()),
        ("summary", profile.summary.clone()),
        ("links", profile.links.as_deref().map(links)),
        ("language", profile.language.clone()),
        ("avatar", profile.avatar.as_ref().map(|it| it.alt.clone())),
        ("header", profile.header.as_ref().map(|it| it.alt.clone())),
        ("accent", profile.accent.clone()),
        ("logo", profile.logo.as_ref().map(|it| it.alt.clone())),
        ("footer", profile.footer.as_deref().map(links)),
        ("aliases", profile.aliases.as_ref().map(|it| it.join("\n"))),
        (
            "domains",
            profile.attribution_domains.as_ref().map(|it| it.join("\n")),
        ),
    ];
    html! {
        dl.facts {
            @for (name, text) in &text {
                @if let Some(text) = text {
                    dt { (words.say(&format!("review-profile-{name}"))) }
                    dd.plain { bdi { (text) } }
                }
            }
        }
    }
}

/// How it differs from what was approved or published last.
pub(super) fn has_changed(words: Words, looked: &Looked) -> Markup {
    let compared: Vec<&Difference> = looked
        .differences
        .iter()
        .filter(|it| it.basis != Basis::New)
        .collect();
    html! {
        @if !compared.is_empty() {
            section aria-labelledby="has-changed" {
                h2 #has-changed { (words.say("review-difference")) }
                p.hint { (words.say("review-difference-hint")) }
                div.stack { @for one in compared { (difference(words, one)) } }
            }
        }
    }
}

fn difference(words: Words, one: &Difference) -> Markup {
    let contents = one.after.contents();
    let tag = contents.first().map(|content| content.language.as_str());
    let is_same = one.words.iter().all(|it| matches!(it, Piece::Same(_)));
    html! {
        div {
            p.note {
                @match one.basis {
                    Basis::Approved(number) => (words.say_with("review-since-approved", "number", &number.to_string())),
                    Basis::Published | Basis::New => (words.say("review-since-published")),
                }
            }
            @if !one.posts.is_empty() { @for post in &one.posts { (difference_of_post(words, post, tag)) } }
            @else if is_same { p { (words.say("review-same")) } }
            @else { div lang=[tag] { (pieces::difference(words, &one.words)) } }
        }
    }
}

/// What became of one of several posts.
fn difference_of_post(words: Words, post: &PostDifference, tag: Option<&str>) -> Markup {
    let about = |key: &str, number: usize, was: usize| {
        words.say_of(key, [("number", number.into()), ("was", was.into())])
    };
    let title = match (post.before, post.after) {
        (Some(was), Some(number)) if was == number => about("post-diff", number, was),
        (Some(was), Some(number)) => about("post-diff-moved", number, was),
        (None, Some(number)) => about("post-diff-added", number, number),
        (Some(was), None) => about("post-diff-removed", was, was),
        (None, None) => String::new(),
    };
    let is_same = post.words.iter().all(|it| matches!(it, Piece::Same(_)));
    html! {
        h4 { (title) }
        @if post.is_same { p { (words.say("post-diff-same")) } }
        @else if is_same { p { (words.say("post-diff-other")) } }
        @else { div lang=[tag] { (pieces::difference(words, &post.words)) } }
    }
}
