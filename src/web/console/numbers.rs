//! The numbers: what the dialogue comes to, as pictures that are tables as well.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use std::time::Duration;

use super::pieces::moment;
use super::refusal::{Refusal, Refused};
use super::sheet::{self, Section, Sheet};
use super::typed::Asked;
use super::visit::AtAgency;
use crate::dialogue::numbers::{self, Figure, Grain, Report};
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Room for a picture, in units of its own.
const WIDTH: i64 = 600;
const HEIGHT: i64 = 120;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let report = counted(&web, &at, &asked).await?;
    let words = at.words();
    let main = html! {
        header.opening {
            h1 { (words.say("numbers-title")) }
            p.lead { (words.say("numbers-lead")) }
        }
        (now(words, &report))
        (choice(&at, report.grain))
        (pictures(words, &report))
        (periods(words, &report))
        (announcements(&at, &report))
        (languages(words, &report))
        p.note { (words.say("numbers-note")) }
        div.actions { a.button.quiet href={ (at.path("/numbers.csv")) "?by=" (report.grain) } { (words.say("numbers-csv")) } }
    };
    let sheet = Sheet::at(&at, Section::Numbers, words.say("numbers-title"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

/// The same as comma-separated values.
pub(super) async fn table(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let report = counted(&web, &at, &asked).await?;
    let name = format!(
        "attachment; filename=\"{}-{}.csv\"",
        at.agency.handle, report.grain
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, name.as_str()),
    ];
    Ok((headers, report.csv(&web.site)).into_response())
}

async fn counted(web: &Web, at: &AtAgency, asked: &Asked) -> Result<Report, Refused> {
    let grain: Grain = asked
        .some("by")
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    web.db
        .read(move |conn| numbers::report(conn, clock.as_ref(), &mandate, grain))
        .await
        .map_err(|error| at.refused(web, error))
}

impl From<numbers::Error> for Refusal {
    fn from(error: numbers::Error) -> Self {
        match error {
            numbers::Error::Refused(refused) => refused.into(),
            numbers::Error::Db(error) => error.into(),
        }
    }
}

fn told(words: Words, figure: Figure) -> String {
    match figure {
        Figure::Few => words.say("numbers-few"),
        Figure::Exactly(count) => count.to_string(),
    }
}

/// How long something took, to the hour, or to the minute if that is short.
fn lasting(words: Words, took: Option<Duration>) -> String {
    let Some(took) = took else {
        return words.say("numbers-none");
    };
    let minutes = took.as_secs() / 60;
    let (key, count) = if minutes < 120 {
        ("numbers-minutes", minutes)
    } else {
        ("numbers-hours", (minutes + 30) / 60)
    };
    words.count(key, usize::try_from(count).unwrap_or(usize::MAX))
}

fn now(words: Words, report: &Report) -> Markup {
    html! {
        dl.tallies {
            div { dt { (words.say("numbers-median")) } dd { strong { (lasting(words, report.median)) } } }
            div { dt { (words.say("numbers-answers")) } dd { strong { (report.answers) } } }
            div { dt { (words.say("numbers-open")) } dd { strong { (told(words, report.open)) } } }
            div {
                dt { (words.say("numbers-overdue")) }
                dd { strong { (told(words, report.overdue)) } " " span.hint { (words.say_with("numbers-within", "time", &lasting(words, Some(report.within)))) } }
            }
        }
    }
}

fn choice(at: &AtAgency, now: Grain) -> Markup {
    let words = at.words();
    html! {
        nav.actions aria-label=(words.say("numbers-by")) {
            @for grain in Grain::ALL {
                a.button.quiet href={ (at.path("/numbers")) "?by=" (grain) } aria-current=[(grain == now).then_some("true")] { (words.say(&format!("numbers-by-{grain}"))) }
            }
        }
    }
}

/// A picture for each thing that is counted; the table below says the same.
fn pictures(words: Words, report: &Report) -> Markup {
    let of = |what: &dyn Fn(&numbers::PeriodFigures) -> i64| -> Vec<i64> {
        report.periods.iter().map(what).collect()
    };
    let all = [
        (
            "numbers-followers",
            of(&|it| it.followers.map_or(0, Figure::height)),
        ),
        ("numbers-replies", of(&|it| it.replies.height())),
        ("numbers-boosts", of(&|it| it.boosts.height())),
        ("numbers-quotes", of(&|it| it.quotes.height())),
        ("numbers-answers", of(&|it| it.answers)),
    ];
    html! {
        section aria-labelledby="pictures" {
            h2 #pictures { (words.say("numbers-over-time")) }
            div.columns {
                @for (key, values) in &all { (picture(words, key, values)) }
            }
        }
    }
}

/// Bars, drawn with attributes only: the browser lets no style in.
fn picture(words: Words, key: &str, values: &[i64]) -> Markup {
    let most = values.iter().copied().max().unwrap_or(0);
    let count = i64::try_from(values.len()).unwrap_or(1).max(1);
    let step = WIDTH / count;
    let highest = [("what", words.say(key).into()), ("count", most.into())];
    let label = words.say_of("numbers-picture", highest);
    html! {
        figure.chart {
            figcaption { (words.say(key)) @if most > 0 { " " span.hint { (words.say_of("numbers-most", [("count", most.into())])) } } }
            svg role="img" aria-label=(label) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" {
                @for (place, value) in (0_i64..).zip(values) {
                    @let height = if most == 0 { 0 } else { (value * (HEIGHT - 4) / most).max(i64::from(*value > 0)) };
                    rect x=(place * step + 1) y=(HEIGHT - height - 1) width=(step - 2) height=(height + 1) {}
                }
            }
        }
    }
}

fn periods(words: Words, report: &Report) -> Markup {
    html! {
        section aria-labelledby="periods" {
            h2 #periods { (words.say(&format!("numbers-by-{}", report.grain))) }
            div.scroll tabindex="0" role="region" aria-labelledby="periods" {
                table {
                    thead {
                        tr {
                            th scope="col" { (words.say("numbers-begins")) }
                            th scope="col" { (words.say("numbers-followers")) }
                            th scope="col" { (words.say("numbers-replies")) }
                            th scope="col" { (words.say("numbers-boosts")) }
                            th scope="col" { (words.say("numbers-quotes")) }
                            th scope="col" { (words.say("numbers-answers")) }
                            th scope="col" { (words.say("numbers-median")) }
                        }
                    }
                    tbody {
                        // The newest first, as one reads.
                        @for it in report.periods.iter().rev() {
                            tr {
                                th scope="row" { time datetime=(it.begins) dir="ltr" { (it.begins) } }
                                td { @match it.followers { Some(figure) => { (told(words, figure)) } None => { (words.say("numbers-none")) } } }
                                td { (told(words, it.replies)) }
                                td { (told(words, it.boosts)) }
                                td { (told(words, it.quotes)) }
                                td { (it.answers) }
                                td { (lasting(words, it.median)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn announcements(at: &AtAgency, report: &Report) -> Markup {
    let words = at.words();
    html! {
        section aria-labelledby="announcements" {
            h2 #announcements { (words.say("numbers-announcements")) }
            @if report.announcements.is_empty() { p.empty { (words.say("numbers-no-announcements")) } }
            @else {
                div.scroll tabindex="0" role="region" aria-labelledby="announcements" {
                    table {
                        thead {
                            tr {
                                th scope="col" { (words.say("numbers-announcement")) }
                                th scope="col" { (words.say("numbers-language")) }
                                th scope="col" { (words.say("numbers-replies")) }
                                th scope="col" { (words.say("numbers-boosts")) }
                                th scope="col" { (words.say("numbers-quotes")) }
                                th scope="col" { (words.say("numbers-answers")) }
                            }
                        }
                        tbody {
                            @for it in &report.announcements {
                                tr {
                                    th scope="row" { a href={ "/@" (at.agency.handle) "/" (it.id) } { (moment(it.published_at)) } }
                                    td { (it.language) }
                                    td { (told(words, it.replies)) }
                                    td { (told(words, it.boosts)) }
                                    td { (told(words, it.quotes)) }
                                    td { (it.answers) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn languages(words: Words, report: &Report) -> Markup {
    html! {
        section aria-labelledby="languages" {
            h2 #languages { (words.say("numbers-languages")) }
            p.hint { (words.say("numbers-languages-lead")) }
            @if !report.languages.is_empty() {
                div.scroll tabindex="0" role="region" aria-labelledby="languages" {
                    table {
                        thead {
                            tr {
                                th scope="col" { (words.say("numbers-language")) }
                                th scope="col" { (words.say("numbers-replies")) }
                                th scope="col" { (words.say("numbers-answers")) }
                            }
                        }
                        tbody {
                            @for it in &report.languages {
                                tr {
                                    th scope="row" { (it.language.clone().unwrap_or_else(|| words.say("numbers-no-language"))) }
                                    td { (told(words, it.replies)) }
                                    td { (it.answers) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
