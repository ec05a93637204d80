//! The queue, a page at a time.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::filters;
use super::said::{self, Said};
use super::{kind_name, troubles};
use crate::agencies::staff::{Mandate, Right};
use crate::dialogue::queue::{
    self, Count, Error, Filter, Item, Standing, State as Stands, Subject,
};
use crate::dialogue::reactions;
use crate::kernel::{AgencyId, AnnouncementId, Cursor, PersonId};
use crate::platform::db::Conn;
use crate::publishing::{self, Shelf};
use crate::web::State as Web;
use crate::web::console::pieces::moment;
use crate::web::console::refusal::Refused;
use crate::web::console::sheet::{self, Section, Sheet};
use crate::web::console::typed::Asked;
use crate::web::console::visit::AtAgency;
use crate::web::words::console::Words;

/// Entries on a page.
const ENTRIES: usize = 50;
/// Announcements to choose from.
const THREADS: i64 = 50;
/// Announcements whose echo is told.
const ECHOES: i64 = 5;
/// Letters of an announcement's text by which it is known.
const TITLE: usize = 60;

/// All that the page shows.
pub(super) struct Loaded {
    pub(super) standing: Standing,
    items: Vec<Item>,
    more: bool,
    said: HashMap<Subject, Said>,
    counts: Vec<Count>,
    pub(super) languages: Vec<String>,
    pub(super) threads: Vec<Thread>,
    titles: HashMap<AnnouncementId, String>,
    names: HashMap<PersonId, String>,
    echoes: Vec<(AnnouncementId, String, i64)>,
}

/// An announcement about which something is open.
pub(super) struct Thread {
    pub(super) id: AnnouncementId,
    pub(super) title: String,
    pub(super) open: i64,
}

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    let filter = filters::read(&asked);
    let (clock, mandate, wanted) = (web.clock.clone(), at.mandate.clone(), filter.clone());
    let loaded = web
        .db
        .read(move |conn| {
            let standing = queue::look(conn, clock.as_ref(), &mandate)?;
            load(conn, &mandate, standing, &wanted)
        })
        .await;
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            // Nothing can be put right by who only looks.
            let troubles = troubles(&web, &at, error)?;
            let sheet = Sheet::at(&at, Section::Queue, String::new(), troubles.show());
            return Ok(sheet::answer(&web, troubles.status(), &sheet));
        }
    };
    let words = at.words();
    let path = at.path("/queue");
    let main = html! {
        header.opening {
            h1 { (words.say("queue-title")) }
            p.lead { (words.say("queue-lead")) }
        }
        (overview(words, &loaded))
        (filters::form(words, &path, &filter, &loaded))
        section aria-labelledby="entries" {
            h2 #entries { (words.say(&format!("queue-which-{}", filter.which.name()))) }
            @if loaded.items.is_empty() { p.empty { (words.say("queue-empty")) } }
            @else { ol.entries { @for item in &loaded.items { (entry(words, &path, item, &loaded)) } } }
        }
        nav.actions aria-label=(words.say("queue-pages")) {
            @if filter.after.is_some() {
                @let first = Filter { after: None, ..filter.clone() };
                a.button.quiet href={ (path) "?" (filters::query(&first)) } { (words.say("queue-first-page")) }
            }
            @if let Some(last) = loaded.items.last().filter(|_| loaded.more) {
                a.button.quiet rel="next" href={ (path) "?" (filters::query(&filters::behind(&filter, last))) } { (words.say("queue-next-page")) }
            }
        }
        @if !loaded.echoes.is_empty() { (echoes(&at, &loaded)) }
        @if at.mandate.allows(Right::Draft) {
            p { a.button.quiet href=(at.path("/templates")) { (words.say("template-title")) } }
        }
    };
    let sheet = Sheet::at(&at, Section::Queue, words.say("queue-title"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

fn load(
    conn: &mut Conn,
    mandate: &Mandate,
    standing: Standing,
    filter: &Filter,
) -> Result<Loaded, Error> {
    let limit = i64::try_from(ENTRIES + 1).unwrap_or(i64::MAX);
    let mut items = queue::list(conn, standing, filter, limit)?;
    let more = items.len() > ENTRIES;
    items.truncate(ENTRIES);
    let open = queue::threads(conn, standing, THREADS)?;
    let concerned: HashSet<AnnouncementId> = items
        .iter()
        .filter_map(|item| item.thread)
        .chain(open.iter().map(|(id, _)| *id))
        .chain(filter.thread)
        .collect();
    let concerned: Vec<AnnouncementId> = concerned.into_iter().collect();
    let titles: HashMap<AnnouncementId, String> = publishing::by_ids(conn, &concerned)?
        .into_iter()
        .map(|it| (it.id, title(&it)))
        .collect();
    let known = |id: AnnouncementId| titles.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let mut threads: Vec<Thread> = open
        .iter()
        .map(|(id, open)| Thread {
            id: *id,
            title: known(*id),
            open: *open,
        })
        .collect();
    // What was chosen stays chosen, although nothing about it is open any more.
    if let Some(id) = filter.thread.filter(|id| titles.contains_key(id))
        && !threads.iter().any(|thread| thread.id == id)
    {
        let title = known(id);
        threads.push(Thread { id, title, open: 0 });
    }
    let people: HashSet<PersonId> = items
        .iter()
        .flat_map(|item| {
            [
                item.assigned_to,
                item.held_by(standing.now()).map(|it| it.by),
            ]
        })
        .flatten()
        .collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    Ok(Loaded {
        said: said::of(conn, &items)?,
        counts: queue::counts(conn, standing)?,
        languages: queue::languages(conn, standing)?,
        names: queue::names(conn, mandate, &people)?,
        echoes: echo(conn, mandate.agency())?,
        standing,
        items,
        more,
        threads,
        titles,
    })
}

/// How often the newest announcements were boosted: nobody answers a boost, so it is no entry.
fn echo(conn: &mut Conn, agency: AgencyId) -> Result<Vec<(AnnouncementId, String, i64)>, Error> {
    let shelf = Shelf::Announcements;
    let newest = publishing::by_agency(conn, agency, shelf, Cursor::NEWEST, ECHOES)?;
    let ids: Vec<AnnouncementId> = newest.iter().map(|it| it.id).collect();
    let tallies = reactions::tallies(conn, &ids)?;
    let boosts = |id: AnnouncementId| tallies.get(&id).map_or(0, |tally| tally.boosts);
    Ok(newest
        .into_iter()
        .map(|it| (it.id, title(&it), boosts(it.id)))
        .filter(|(_, _, boosts)| *boosts > 0)
        .collect())
}

/// By which words an announcement is known.
pub(super) fn title(announcement: &publishing::Announcement) -> String {
    let text = announcement.revision.html.to_text();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = text.chars();
    let mut title: String = letters.by_ref().take(TITLE).collect();
    if letters.next().is_some() {
        title.push('…');
    }
    if title.is_empty() {
        announcement.id.to_string()
    } else {
        title
    }
}

fn overview(words: Words, loaded: &Loaded) -> Markup {
    html! {
        dl.tallies {
            @for count in &loaded.counts {
                div {
                    dt { (kind_name(words, count.kind)) }
                    dd {
                        strong { (count.open) }
                        @if count.overdue > 0 { " " span.mark-late { (words.say_of("queue-overdue-count", [("count", count.overdue.into())])) } }
                    }
                }
            }
        }
    }
}

fn entry(words: Words, path: &str, item: &Item, loaded: &Loaded) -> Markup {
    let nothing = Said::default();
    let said = loaded.said.get(&item.subject).unwrap_or(&nothing);
    let name = |id: PersonId| loaded.names.get(&id).cloned().unwrap_or_default();
    html! {
        li {
            article.panel {
                header {
                    h3 {
                        a href={ (path) "/" (item.id) } { bdi { (said.whose(words)) } }
                        @if let Some(author) = &said.author { " " span.acct dir="ltr" { "@" (author.acct) } }
                    }
                    (marks(words, item, &loaded.standing))
                }
                @if let Some(warning) = &said.warning { p.note { strong { (words.say("queue-warning")) } " " bdi { (warning) } } }
                @let excerpt = said.excerpt();
                @if !excerpt.is_empty() { p lang=[item.language.as_deref()] dir="auto" { (excerpt) } }
                p.hint {
                    (moment(item.received_at))
                    @if let Some(thread) = item.thread.and_then(|id| loaded.titles.get(&id)) { " · " (words.say("queue-about")) " " bdi { (thread) } }
                    @if let Some(hold) = item.held_by(loaded.standing.now()) { " · " (words.say_with("queue-held-by", "name", &name(hold.by))) }
                    @if let Some(person) = item.assigned_to { " · " (words.say_with("queue-assigned-to", "name", &name(person))) }
                }
            }
        }
    }
}

/// What an entry is and how it stands, in words and not by colour alone.
pub(super) fn marks(words: Words, item: &Item, standing: &Standing) -> Markup {
    html! {
        p.marks {
            span.mark-on { (kind_name(words, item.kind())) }
            @match item.state {
                Stands::Open => {
                    @if item.is_overdue(standing.now(), standing.within()) { " " span.mark-late { (words.say("queue-overdue")) } }
                }
                Stands::Answered { .. } => { " " span.mark-off { (words.say("queue-state-answered")) } }
                Stands::Done { .. } | Stands::Gone => { " " span.mark-off { (words.say("queue-state-done")) } }
            }
            @if let Some(tag) = &item.language { " " span.mark-off lang="" { (tag) } }
        }
    }
}

fn echoes(at: &AtAgency, loaded: &Loaded) -> Markup {
    let words = at.words();
    html! {
        section aria-labelledby="echoes" {
            h2 #echoes { (words.say("queue-boosts-title")) }
            ul.ways {
                @for (id, title, boosts) in &loaded.echoes {
                    li { a href={ "/@" (at.agency.handle) "/" (id) } { bdi { (title) } } p.hint { (words.say_of("queue-boosts", [("count", (*boosts).into())])) } }
                }
            }
        }
    }
}
