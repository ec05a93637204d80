//! One entry of the queue: what was said, in its thread, what colleagues noted, and what can be done.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::list::{marks, title};
use super::said::{self, Author, Said, excerpt};
use super::{Which, correspondence, kind_name, troubles};
use crate::agencies::staff::{Mandate, Right, team};
use crate::dialogue::queue::{
    self, AnsweredBy, Error, Item, Note, Standing, State as Stands, Subject, Template, Turn,
    templates,
};
use crate::dialogue::replies;
use crate::kernel::{DraftId, PersonId, QueueItemId, ReplyId, Site};
use crate::platform::db::{self, Conn};
use crate::publishing;
use crate::web::State as Web;
use crate::web::console::pieces::{done, moment};
use crate::web::console::refusal::{Refusal, Refused};
use crate::web::console::sheet::{self, Section, Sheet};
use crate::web::console::troubles::Troubles;
use crate::web::console::typed::{Asked, Typed};
use crate::web::console::visit::AtAgency;
use crate::web::words::console::Words;

/// Answers of others that are shown below.
const CHILDREN: i64 = 10;
/// Further things of the same person.
const OTHERS: i64 = 10;

/// All that the page shows.
struct Loaded {
    item: Item,
    standing: Standing,
    said: Said,
    announcement: Option<publishing::Announcement>,
    parent: Option<Said>,
    children: Vec<Said>,
    others: Vec<(Item, Said)>,
    notes: Vec<Note>,
    templates: Vec<Template>,
    colleagues: Vec<(PersonId, String)>,
    names: HashMap<PersonId, String>,
    draft: Option<DraftId>,
    /// What was said in private, from the beginning.
    turns: Vec<Turn>,
}

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    asked: Asked,
) -> Result<Response, Refused> {
    let troubles = Troubles::none(at.words());
    let nothing = Typed::default();
    show(&web, &at, which.number(), asked.done(), &nothing, &troubles).await
}

/// The page, with what was wrong and what was typed.
pub(super) async fn show(
    web: &Web,
    at: &AtAgency,
    id: QueueItemId,
    before: Option<&str>,
    typed: &Typed,
    wrong: &Troubles,
) -> Result<Response, Refused> {
    let (clock, mandate, site) = (web.clock.clone(), at.mandate.clone(), web.site.clone());
    let loaded = web
        .db
        .read(move |conn| {
            let standing = queue::look(conn, clock.as_ref(), &mandate)?;
            load(conn, &site, &mandate, standing, id)
        })
        .await;
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            troubles(web, at, error)?;
            return Err(at.refused(web, Refusal::NotFound));
        }
    };
    let words = at.words();
    let whose = loaded.said.whose(words);
    let own = at.path(&format!("/queue/{id}"));
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/queue")) { (words.say("queue-title")) } }
            h1 { (kind_name(words, loaded.item.kind())) ": " bdi { (whose) } }
            (marks(words, &loaded.item, &loaded.standing))
        }
        @if let Some(sentence) = before.and_then(|what| said_done(words, what)) { (done(&sentence)) }
        (wrong.show())
        (standing(at, &loaded, &own))
        @if loaded.turns.is_empty() { (thread(at, &loaded)) }
        @else { (correspondence::show(at, &loaded.item, &loaded.turns, &own)) }
        div.columns {
            (answering(at, &loaded, &own))
            (noting(words, &loaded, &own, typed, wrong))
        }
        @if !loaded.others.is_empty() { (others(at, &loaded)) }
    };
    let sheet = Sheet::at(at, Section::Queue, whose, main);
    Ok(sheet::answer(web, wrong.status(), &sheet))
}

fn load(
    conn: &mut Conn,
    site: &Site,
    mandate: &Mandate,
    standing: Standing,
    id: QueueItemId,
) -> Result<Loaded, Error> {
    let item = queue::find(conn, mandate, id)?;
    let others = queue::others_by_author(conn, mandate, &item, OTHERS)?;
    let all: Vec<Item> = std::iter::once(&item).chain(&others).cloned().collect();
    let mut words = said::of(conn, &all)?;
    let said = words.remove(&item.subject).unwrap_or_default();
    let (parent, children) = around(conn, &item, &said)?;
    let announcement = match item.thread {
        Some(thread) => publishing::find(conn, thread)?,
        None => None,
    };
    let colleagues = colleagues(conn, mandate, &item)?;
    let mut known: HashMap<PersonId, String> = colleagues.iter().cloned().collect();
    let missing: Vec<PersonId> = [
        item.assigned_to,
        item.held_by(standing.now()).map(|it| it.by),
    ]
    .into_iter()
    .flatten()
    .filter(|person| !known.contains_key(person))
    .collect();
    known.extend(queue::names(conn, mandate, &missing)?);
    Ok(Loaded {
        others: others
            .into_iter()
            .map(|other| {
                let said = words.remove(&other.subject).unwrap_or_default();
                (other, said)
            })
            .collect(),
        notes: queue::notes(conn, mandate, id)?,
        templates: templates::list(conn, mandate)?,
        draft: queue::answer_of(conn, &item)?,
        turns: queue::conversation(conn, site, mandate, &item)?,
        names: known,
        item,
        standing,
        said,
        announcement,
        parent,
        children,
        colleagues,
    })
}

/// To whom it can be assigned.
fn colleagues(
    conn: &mut Conn,
    mandate: &Mandate,
    item: &Item,
) -> Result<Vec<(PersonId, String)>, db::Error> {
    let right = if item.is_private() {
        Right::ReadPrivate
    } else {
        Right::WorkQueue
    };
    let members = team::members(conn, mandate)?;
    let may = |member: &team::Member| right.roles().iter().any(|it| member.roles.contains(it));
    Ok(members
        .into_iter()
        .filter(may)
        .map(|member| (member.person.id, member.person.name))
        .collect())
}

/// What a reply answers, and what answers it.
fn around(
    conn: &mut Conn,
    item: &Item,
    said: &Said,
) -> Result<(Option<Said>, Vec<Said>), db::Error> {
    let (Subject::Reply(_) | Subject::Mention(_), Some(uri)) = (item.subject, &said.uri) else {
        return Ok((None, vec![]));
    };
    let parent = match &said.parent {
        Some(parent) => replies::by_uri(conn, parent)?.map(Said::from),
        None => None,
    };
    let children = replies::children_of(conn, uri, ReplyId::new(0), CHILDREN)?;
    Ok((parent, children.into_iter().map(Said::from).collect()))
}

fn said_done(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "taken" => words.say("queue-done-taken"),
        "released" => words.say("queue-done-released"),
        "assigned" => words.say("queue-done-assigned"),
        "noted" => words.say("queue-done-noted"),
        "done" => words.say("queue-done-done"),
        "reopened" => words.say("queue-done-reopened"),
        _ => return None,
    })
}

/// Who is at it, whose it is, and what can be done about that.
fn standing(at: &AtAgency, loaded: &Loaded, own: &str) -> Markup {
    let (words, item) = (at.words(), &loaded.item);
    let me = at.who.person.id;
    let hold = item.held_by(loaded.standing.now());
    let name = |id: PersonId| loaded.names.get(&id).cloned().unwrap_or_default();
    html! {
        section.panel #standing tabindex="-1" aria-label=(words.say("queue-standing")) {
            p {
                @match item.state {
                    Stands::Answered { by: AnsweredBy::Message(_), at: when } => {
                        (words.say("queue-answered-in-private")) " " (moment(when))
                    }
                    Stands::Answered { by: AnsweredBy::Announcement(answer), at: when } => {
                        a href={ "/@" (at.agency.handle) "/" (answer) } { (words.say("queue-answered-by")) } " " (moment(when))
                    }
                    Stands::Done { at: when } => { (words.say("queue-state-done")) " " (moment(when)) }
                    Stands::Open | Stands::Gone => {
                        @match hold {
                            Some(hold) if hold.by == me => { strong { (words.say("queue-yours")) } " " (words.say("queue-until")) " " (moment(hold.until)) }
                            Some(hold) => { strong { (words.say_with("queue-held-by", "name", &name(hold.by))) } " " (words.say("queue-until")) " " (moment(hold.until)) }
                            None => { (words.say("queue-free")) }
                        }
                    }
                }
            }
            div.actions {
                @if item.is_open() {
                    @match hold {
                        Some(hold) if hold.by != me => {}
                        Some(_) => {
                            (press(own, "take", "quiet", &words.say("queue-renew")))
                            (press(own, "release", "quiet", &words.say("queue-release")))
                            (press(own, "done", "quiet", &words.say("queue-mark-done")))
                        }
                        None => {
                            (press(own, "take", "", &words.say("queue-take")))
                            (press(own, "done", "quiet", &words.say("queue-mark-done")))
                        }
                    }
                } @else {
                    (press(own, "reopen", "quiet", &words.say("queue-reopen")))
                }
            }
            @if item.is_open() {
                form.inline method="post" action={ (own) "/assign" } {
                    div.field {
                        label for="assign" { (words.say("queue-assign")) }
                        select.short #assign name="to" {
                            option value="" { (words.say("queue-nobody")) }
                            @for (person, name) in &loaded.colleagues {
                                option value=(person) selected[item.assigned_to == Some(*person)] { (name) }
                            }
                        }
                    }
                    button.button.quiet.small type="submit" { (words.say("queue-assign-do")) }
                }
            }
        }
    }
}

fn press(own: &str, act: &str, class: &str, label: &str) -> Markup {
    html! {
        form method="post" action={ (own) "/" (act) } {
            button class={ "button " (class) } type="submit" { (label) }
        }
    }
}

/// The words themselves, and what stands around them.
fn thread(at: &AtAgency, loaded: &Loaded) -> Markup {
    let words = at.words();
    let (item, said) = (&loaded.item, &loaded.said);
    html! {
        section aria-labelledby="words" {
            h2 #words { (words.say("queue-words")) }
            ol.strand {
                @if let Some(announcement) = &loaded.announcement {
                    li {
                        p.hint { (words.say("queue-announcement")) " " (moment(announcement.published_at)) }
                        p lang=(announcement.revision.language) dir="auto" { (excerpt(&announcement.revision.html)) }
                        p { a href={ "/@" (at.agency.handle) "/" (announcement.id) } { (words.say("queue-open-announcement")) span.vh { ": " (title(announcement)) } } }
                    }
                }
                @if let Some(parent) = &loaded.parent { li { (voice(words, parent)) (parent.show(words)) } }
                li.this aria-current="true" {
                    (voice(words, said))
                    p.hint { (moment(item.received_at)) }
                    (said.show(words))
                    @if !said.objects.is_empty() {
                        p.hint { (words.say("queue-report-about")) }
                        ul { @for object in said.objects.iter().take(20) { li.acct dir="ltr" { (object) } } }
                    }
                    @if let Some(url) = said.url.as_deref().filter(|url| is_web(url)) {
                        p { a href=(url) rel="nofollow noopener noreferrer" { (words.say("queue-at-author")) } }
                    }
                }
                @for child in &loaded.children { li { (voice(words, child)) (child.show(words)) } }
            }
        }
    }
}

/// A link of somebody else's leads to the web or nowhere.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

pub(super) fn voice(words: Words, said: &Said) -> Markup {
    html! {
        p.voice {
            @match &said.author {
                Some(Author { name, acct, url }) => {
                    @if is_web(url) { a href=(url) rel="nofollow noopener noreferrer" { bdi { (name) } } } @else { bdi { (name) } }
                    " " span.acct dir="ltr" { "@" (acct) }
                }
                None => { (words.say("queue-from-server")) }
            }
        }
    }
}

fn answering(at: &AtAgency, loaded: &Loaded, own: &str) -> Markup {
    let (words, item) = (at.words(), &loaded.item);
    let held_by_other = item
        .held_by(loaded.standing.now())
        .is_some_and(|hold| hold.by != at.who.person.id);
    html! {
        section.panel #answer tabindex="-1" aria-labelledby="answer-title" {
            h2 #answer-title { (words.say("queue-answer")) }
            @if item.is_private() { p.note { (words.say("queue-private-lead")) } }
            @if !item.kind().is_answerable() { p { (words.say("queue-report-lead")) } }
            @else if let Some(draft) = loaded.draft {
                p { (words.say("queue-draft-stands")) }
                div.actions { a.button.quiet href=(at.path(&format!("/drafts/{draft}"))) { (words.say("queue-draft-open")) } }
            }
            @else if !item.is_open() { p { (words.say("queue-answer-closed")) } }
            @else if held_by_other { p { (words.say("queue-trouble-in-hands")) } }
            @else if at.mandate.allows(Right::Draft) {
                p { (words.say("queue-answer-lead")) }
                form method="post" action={ (own) "/answer" } {
                    @if !loaded.templates.is_empty() {
                        div.field {
                            label for="template" { (words.say("queue-template")) }
                            select #template name="template" {
                                option value="" { (words.say("queue-no-template")) }
                                @for template in &loaded.templates {
                                    option value=(template.id) { (template.name) " (" (template.language) ")" }
                                }
                            }
                        }
                    }
                    div.actions { button.button type="submit" { (words.say("queue-answer-do")) } }
                }
            }
        }
    }
}

fn noting(words: Words, loaded: &Loaded, own: &str, typed: &Typed, wrong: &Troubles) -> Markup {
    let amiss = wrong.at("note");
    html! {
        section.panel aria-labelledby="notes" {
            h2 #notes { (words.say("queue-notes")) }
            @if loaded.notes.is_empty() { p.hint { (words.say("queue-notes-none")) } }
            @else {
                ol.stack {
                    @for note in &loaded.notes {
                        li {
                            p.hint { bdi { (note.by_name.clone().unwrap_or_else(|| words.say("command-line"))) } " · " (moment(note.at)) }
                            p.typed dir="auto" { (note.text) }
                        }
                    }
                }
            }
            form method="post" action={ (own) "/note" } {
                div.field {
                    label for="note" { (words.say("queue-note")) }
                    p.hint #note-hint { (words.say("queue-note-hint")) }
                    textarea #note name="note" rows="3" maxlength="2000" required dir="auto" aria-describedby="note-hint" aria-invalid=[amiss.as_ref().map(|_| "true")] { (typed.get("note")) }
                    @if let Some(text) = &amiss { p.wrong { (text) } }
                }
                div.actions { button.button.quiet type="submit" { (words.say("queue-note-do")) } }
            }
        }
    }
}

fn others(at: &AtAgency, loaded: &Loaded) -> Markup {
    let words = at.words();
    html! {
        section aria-labelledby="others" {
            h2 #others { (words.say("queue-others")) }
            ul.ways {
                @for (item, said) in &loaded.others {
                    li {
                        a href=(at.path(&format!("/queue/{}", item.id))) { (kind_name(words, item.kind())) " " (moment(item.received_at)) }
                        (marks(words, item, &loaded.standing))
                        p.hint dir="auto" { (said.excerpt()) }
                    }
                }
            }
        }
    }
}
