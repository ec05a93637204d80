//! What a citizen sees on their own server: their inbox as it came, and what they wrote.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Citizens;
use super::memory::{Content, Post, Seen};
use crate::app::demo::script::{CITIZENS, CITY, Citizen};
use crate::kernel::{SafeHtml, Timestamp};

pub(super) async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("citizens.css"),
    )
        .into_response()
}

pub(super) async fn front(State(citizens): State<Citizens>) -> Response {
    let address = &citizens.0.address;
    let content = citizens.0.memory.look(|all| {
        html! {
            h1 { "A server of citizens" }
            p.quiet { "A second, small ActivityPub server with its own keys. Its people follow the agencies of the "
                a href=(citizens.0.city) { (CITY) } ", and answer them with signed requests." }
            h2 { "People" }
            ul.people {
                @for citizen in &CITIZENS {
                    @let follows = all.follows.iter().filter(|it| it.by == citizen.handle && it.accepted).count();
                    @let arrived = all.seen.values().filter(|it| it.inboxes.contains(citizen.handle)).count();
                    li {
                        (by_line(citizen, &address.acct(citizen.handle), &address.page(citizen.handle)))
                        p.foot { "Follows " (follows) ", has received " (arrived) }
                    }
                }
            }
        }
    });
    page(&citizens, "A server of citizens", &content)
}

pub(super) async fn citizen(
    State(citizens): State<Citizens>,
    Path(at_handle): Path<String>,
) -> Response {
    let handle = at_handle.strip_prefix('@');
    let Some(citizen) = CITIZENS
        .iter()
        .find(|citizen| Some(citizen.handle) == handle)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content = citizens.0.memory.look(|all| {
        let mut arrived: Vec<_> = all
            .seen
            .iter()
            .filter(|(_, it)| it.inboxes.contains(citizen.handle))
            .collect();
        // Ids grow with time, and tell apart what came within a second.
        arrived.sort_by_key(|(uri, seen)| std::cmp::Reverse((seen.published, *uri)));
        let mut written: Vec<&Post> = all
            .posts
            .values()
            .filter(|it| it.by == citizen.handle && !it.private)
            .collect();
        written.sort_by_key(|post| std::cmp::Reverse(post.number));
        html! {
            h1 { bdi { (citizen.name) } }
            p.quiet { "@" (citizens.0.address.acct(citizen.handle)) }
            p { (citizen.about) }
            h2 { "What arrived in this inbox" }
            @if arrived.is_empty() { p.quiet { "Nothing yet." } }
            @for (_, seen) in arrived { (arrival(all, seen)) }
            h2 { "Written by " bdi { (citizen.name) } }
            @if written.is_empty() { p.quiet { "Nothing yet." } }
            @for post in written { (statement(&citizens, post)) }
        }
    });
    page(&citizens, citizen.name, &content)
}

fn by_line(citizen: &Citizen, acct: &str, page: &str) -> Markup {
    html! {
        div.by {
            span.letter aria-hidden="true" { (citizen.name.chars().next().unwrap_or('?')) }
            div { a href=(page) { bdi { (citizen.name) } } br; span { "@" (acct) } }
        }
        p.foot { bdi { (citizen.about) } }
    }
}

/// An announcement, as this server shows what it was sent.
fn arrival(all: &Content, seen: &Seen) -> Markup {
    let author = all.agencies.get(&seen.by);
    let text = SafeHtml::trusted(seen.html.clone());
    let body = html! {
        div.text dir="auto" lang=[seen.language.as_deref()] { (PreEscaped(text.as_str())) }
        @if !seen.pictures.is_empty() {
            div.pictures { @for (url, alt) in &seen.pictures { img src=(url) alt=(alt) loading="lazy"; } }
        }
    };
    html! {
        article {
            @if let Some(author) = author {
                div.by {
                    @if let Some(icon) = &author.icon { img src=(icon) alt=""; } @else { span.letter aria-hidden="true" { "@" } }
                    div { b { (author.name) } span { "@" (author.acct) } }
                }
            }
            @if seen.withdrawn {
                p.gone { "The agency has withdrawn this announcement; its text was removed here too." }
            } @else if let Some(warning) = &seen.warning {
                details { summary { (warning) } (body) }
            } @else {
                (body)
            }
            p.foot {
                a href=(seen.page) { (time(seen.published)) }
                @if seen.in_reply_to.is_some() { span.mark { "answer" } }
                @if seen.edited.is_some() && !seen.withdrawn { span.mark { "edited" } }
            }
        }
    }
}

fn statement(citizens: &Citizens, post: &Post) -> Markup {
    let text = SafeHtml::from_foreign(&post.html);
    html! {
        article id=(post.number) {
            @if post.deleted.is_some() {
                p.gone { "Deleted by its author." }
            } @else {
                div.text dir="auto" lang=[post.language.as_deref()] { (PreEscaped(text.as_str())) }
            }
            p.foot {
                (time(post.published))
                @if let Some(parent) = &post.in_reply_to {
                    " · in reply to "
                    @if parent.starts_with(&citizens.0.city) { a href=(parent) { "an agency" } } @else { "another citizen" }
                }
                @if post.edited.is_some() && post.deleted.is_none() { span.mark { "edited" } }
            }
        }
    }
}

fn time(at: Timestamp) -> Markup {
    html! { time datetime=(at.to_whole_second()) { (at.to_jiff().strftime("%-d %B %Y, %H:%M UTC")) } }
}

fn page(citizens: &Citizens, title: &str, content: &Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · citizens" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header { a.home href="/" { "◍ citizens · " (citizens.0.address.authority) } }
                main { (content) }
                footer { "Part of a demonstration of Actapub. Everybody here is invented." }
            }
        }
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src {}; base-uri 'none'",
        citizens.0.city
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (headers, markup.into_string()).into_response()
}
