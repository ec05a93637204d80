//! A month of what went out and what will, by the agency's clocks.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use maud::{Markup, html};

use super::drafts::pieces::short;
use super::drafts::refused::standing;
use super::refusal::Refused;
use super::review::said;
use super::sheet::{self, Section, Sheet};
use super::typed::Asked;
use super::visit::AtAgency;
use crate::kernel::{Timestamp, WallTime};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Draft, Error, Kind, Standing};
use crate::publishing::house::{self, HouseRules, Period};
use crate::publishing::{self, Announcement};
use crate::web::State as Web;
use crate::web::words::console::Words;

/// Announcements of one month that are shown.
const MOST: i64 = 1_000;

/// Something on a day.
enum Entry {
    Published(Box<Announcement>),
    Draft(Box<Draft>),
}

/// A month, and what is in it.
struct Month {
    first: Date,
    today: Date,
    house: HouseRules,
    /// In order.
    entries: Vec<(WallTime, Entry)>,
}

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let (mandate, now) = (at.mandate.clone(), web.clock.now());
    let asked = asked.month().and_then(read);
    let month = web
        .db
        .read(move |conn| look(conn, &mandate, now, asked))
        .await
        .map_err(|error: Error| at.refused(&web, error))?;
    let words = at.words();
    let title = name(words, month.first);
    let main = html! {
        header.opening {
            h1 { (title) }
            p.lead { (words.say_with("calendar-lead", "zone", month.house.zone.name())) }
        }
        (held(words, &month))
        (turn(&at, &month))
        (table(&web, &at, &month))
        (forbidden(words, &month))
    };
    let sheet = Sheet::at(&at, Section::Calendar, title.clone(), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

/// The first day of a month that is written as `2026-11`.
fn read(text: &str) -> Option<Date> {
    let first: Date = format!("{text}-01").parse().ok()?;
    (1970..=2200).contains(&first.year()).then_some(first)
}

fn look(
    conn: &mut Conn,
    mandate: &crate::agencies::staff::Mandate,
    now: Timestamp,
    asked: Option<Date>,
) -> Result<Month, Error> {
    let agency = mandate.agency();
    let house = house::rules(conn, agency)?;
    let zone = house.zone.clone();
    let today = zone.wall(now).date();
    let first = asked.unwrap_or_else(|| today.first_of_month());
    let from = zone.earliest(WallTime::midnight(first));
    let until = zone.earliest(WallTime::midnight(after(first, 1.month())));
    let drafted = drafts::calendar(conn, mandate, from, until)?;
    let published = publishing::published_between(conn, agency, from, until, MOST)?;
    // Of several posts that went out together the first stands there.
    let published = published
        .into_iter()
        .filter(|it| it.place == 0)
        .map(|it| (it.published_at, Entry::Published(Box::new(it))));
    // What was said stands there as what it became.
    let is_said = |it: &Draft| {
        it.standing() == Standing::Published
            && it.message.is_none()
            && matches!(it.kind(), None | Some(Kind::Announcement | Kind::Answer))
    };
    let drafted = drafted
        .into_iter()
        .filter(|(_, draft)| !is_said(draft))
        .map(|(at, draft)| (at, Entry::Draft(Box::new(draft))));
    let mut entries: Vec<(Timestamp, Entry)> = published.chain(drafted).collect();
    entries.sort_by_key(|(at, _)| *at);
    let entries = entries.into_iter();
    Ok(Month {
        entries: entries.map(|(at, it)| (zone.wall(at), it)).collect(),
        first,
        today,
        house,
    })
}

/// So much later; the same day where the calendar ends.
fn after(day: Date, span: Span) -> Date {
    day.checked_add(span).unwrap_or(day)
}

fn name(words: Words, first: Date) -> String {
    let month = words.say(&format!("calendar-month-{}", first.month()));
    let values = [
        ("month", month.into()),
        ("year", first.year().to_string().into()),
    ];
    words.say_of("calendar-title", values)
}

fn weekday(words: Words, day: Date) -> String {
    let number = day.weekday().to_monday_one_offset();
    words.say(&format!("calendar-day-{number}"))
}

/// That something did not go out is not only a mark in a table.
fn held(words: Words, month: &Month) -> Markup {
    let is_held = |entry: &&(WallTime, Entry)| matches!(&entry.1, Entry::Draft(it) if it.standing() == Standing::Held);
    let count = month.entries.iter().filter(is_held).count();
    html! {
        @if count > 0 {
            div.alarm role="alert" { p { strong { (words.count("calendar-held", count)) } } }
        }
    }
}

fn turn(at: &AtAgency, month: &Month) -> Markup {
    let words = at.words();
    let link = |first: Date, relation: Option<&str>, label: String| {
        let path = at.path(&format!("/calendar?month={}", first.strftime("%Y-%m")));
        html! { a.button.quiet.small href=(path) rel=[relation] { (label) } }
    };
    let (before, next) = (
        after(month.first, (-1).month()),
        after(month.first, 1.month()),
    );
    html! {
        nav.actions aria-label=(words.say("calendar-months")) {
            (link(before, Some("prev"), name(words, before)))
            @if month.today.first_of_month() != month.first { (link(month.today.first_of_month(), None, words.say("calendar-today"))) }
            (link(next, Some("next"), name(words, next)))
        }
    }
}

fn table(web: &Web, at: &AtAgency, month: &Month) -> Markup {
    let words = at.words();
    let offset = i64::from(month.first.weekday().to_monday_zero_offset());
    let begin = after(month.first, (-offset).days());
    let end = after(month.first, 1.month());
    let weeks: Vec<Date> = (0..6)
        .map(|week| after(begin, (week * 7).days()))
        .filter(|monday| *monday < end)
        .collect();
    html! {
        table.calendar {
            caption.vh { (name(words, month.first)) }
            thead { tr { @for day in 0..7 { th scope="col" { (weekday(words, after(begin, i64::from(day).days()))) } } } }
            tbody {
                @for monday in weeks {
                    tr { @for day in 0..7 { (cell(web, at, month, after(monday, i64::from(day).days()))) } }
                }
            }
        }
    }
}

fn cell(web: &Web, at: &AtAgency, month: &Month, day: Date) -> Markup {
    let words = at.words();
    if day.month() != month.first.month() {
        return html! { td.out {} };
    }
    let entries: Vec<_> = month
        .entries
        .iter()
        .filter(|(wall, _)| wall.date() == day)
        .collect();
    let forbids = month.house.forbidden.iter().find(|it| lies_in(it, day));
    let busy = !entries.is_empty() || forbids.is_some();
    let today = day == month.today;
    html! {
        td.busy[busy].forbidden[forbids.is_some()] {
            p.day aria-current=[today.then_some("date")] {
                time datetime=(day) { span.weekday { (weekday(words, day)) " " } (day.day()) }
                @if today { span.vh { " " (words.say("calendar-today")) } }
            }
            @if let Some(period) = forbids { p.nothing { (words.say("calendar-nothing")) " " bdi { (period.reason) } } }
            @if !entries.is_empty() { ul { @for (wall, entry) in entries { li { (line(web, at, *wall, entry)) } } } }
        }
    }
}

fn line(web: &Web, at: &AtAgency, wall: WallTime, entry: &Entry) -> Markup {
    let words = at.words();
    html! {
        span.hour dir="ltr" { (wall.hour()) } " "
        @match entry {
            Entry::Published(it) => {
                a href=(web.site.announcement_page(&at.agency.handle, it.id)) { bdi { (short(&it.revision.html.to_text())) } }
                @if it.withdrawn.is_some() { " " span.mark-off { (words.say("calendar-withdrawn")) } }
                @else { " " span.mark-on { (standing(words, Standing::Published)) } }
            }
            Entry::Draft(draft) => {
                a href=(at.path(&format!("/drafts/{}/review", draft.id))) { bdi { (said::title(words, draft)) } }
                " " (said::mark(words, draft.standing()))
            }
        }
    }
}

/// Whether a day lies in a period, if only with an hour.
fn lies_in(period: &Period, day: Date) -> bool {
    period.from.date() <= day && WallTime::midnight(day) < period.until
}

fn forbidden(words: Words, month: &Month) -> Markup {
    let end = WallTime::midnight(after(month.first, 1.month()));
    let begin = WallTime::midnight(month.first);
    let touch = |it: &&Period| it.from < end && begin < it.until;
    let periods: Vec<&Period> = month.house.forbidden.iter().filter(touch).collect();
    html! {
        @if !periods.is_empty() {
            section aria-labelledby="periods" {
                h2 #periods { (words.say("calendar-periods")) }
                ul { @for period in periods { li { (said::period(words, period)) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_others_are_not() {
        assert_eq!(read("2026-11"), Some(jiff::civil::date(2026, 11, 1)));
        for wrong in ["", "2026", "2026-13", "26-11", "9999-12", "2026-11-01", "x"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_lies_in_a_period_if_only_with_an_hour() {
        let period = Period {
            from: "2026-11-03 22:00".parse().unwrap(),
            until: "2026-11-05 00:00".parse().unwrap(),
            reason: "Election".to_owned(),
        };
        let days: Vec<i8> = (1..=30)
            .filter(|day| lies_in(&period, jiff::civil::date(2026, 11, *day)))
            .collect();
        assert_eq!(days, [3, 4]);
    }
}
