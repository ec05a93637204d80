//! What is published, and drafts that begin with it: edits, corrections, withdrawals, pins.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::super::pieces::moment;
use super::super::refusal::Refused;
use super::super::sheet::{self, Section, Sheet};
use super::super::typed::{Asked, Typed};
use super::super::visit::AtAgency;
use super::pieces;
use crate::agencies::staff::Right;
use crate::kernel::{AnnouncementId, Cursor};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Content, Error, Kind, Profile, Proposal};
use crate::publishing::{self, Announcement, Shelf};
use crate::web::State as Web;
use crate::web::language;

/// Announcements on a page.
const LINES: usize = 25;

pub(super) async fn page(
    State(web): State<Web>,
    at: AtAgency,
    asked: Asked,
) -> Result<Response, Refused> {
    at.require(Right::Draft)
        .map_err(|refusal| at.refused(&web, refusal))?;
    let before: Option<Cursor> = asked.before().and_then(|text| text.parse().ok());
    let agency = at.agency.id;
    let limit = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let mut found = web
        .db
        .read(move |conn| {
            let after = before.unwrap_or(Cursor::NEWEST);
            publishing::by_agency(conn, agency, Shelf::Everything, after, limit)
        })
        .await
        .map_err(|error| at.refused(&web, error))?;
    let more = found.len() > LINES;
    found.truncate(LINES);
    let words = at.words();
    let main = html! {
        header.opening {
            p.kicker { a href=(at.path("/drafts")) { (words.say("section-drafts")) } }
            h1 { (words.say("draft-published")) }
            p.lead { (words.say("draft-published-lead")) }
        }
        @if found.is_empty() { p.empty { (words.say("draft-published-none")) } }
        ol.stack { @for announcement in &found { (item(&at, announcement)) } }
        nav.actions aria-label=(words.say("draft-list-pages")) {
            @if before.is_some() { a.button.quiet href=(at.path("/announcements")) { (words.say("trail-newest")) } }
            @if let Some(last) = found.last().filter(|_| more) {
                a.button.quiet rel="next" href=(at.path(&format!("/announcements?before={}", Cursor { at: last.published_at, id: last.id.get() }))) {
                    (words.say("trail-older"))
                }
            }
        }
    };
    let sheet = Sheet::at(&at, Section::Drafts, words.say("draft-published"), main);
    Ok(sheet::answer(&web, StatusCode::OK, &sheet))
}

fn item(at: &AtAgency, announcement: &Announcement) -> Markup {
    let words = at.words();
    let revision = &announcement.revision;
    let tag = revision.language.as_str();
    let (pin, acts) = if announcement.pinned_at.is_some() {
        (Kind::Unpin, "draft-do-unpin")
    } else {
        (Kind::Pin, "draft-do-pin")
    };
    let excerpt = pieces::short(&revision.markdown);
    html! {
        li.panel {
            p.kicker {
                a href=(format!("/@{}/{}", at.agency.handle, announcement.id)) { (moment(announcement.published_at)) }
                @if let Some(number) = usize::try_from(announcement.place).ok().filter(|place| *place > 0) {
                    " " span.mark-off { (words.count("post-number", number + 1)) }
                }
                @if announcement.pinned_at.is_some() { " " span.mark-on { (words.say("draft-pinned")) } }
            }
            p lang=(tag) dir=(language::direction(tag)) { (excerpt) }
            form.actions method="post" action=(at.path("/announcements/begin")) {
                input type="hidden" name="announcement" value=(announcement.id);
                @for (kind, key) in [
                    (Kind::Edit, "draft-do-edit"),
                    (Kind::Correction, "draft-do-correct"),
                    (pin, acts),
                    (Kind::Withdrawal, "draft-do-withdraw"),
                ] {
                    button.button.quiet.small.danger[kind == Kind::Withdrawal] type="submit" name="kind" value=(kind) {
                        (words.say(key)) span.vh { " " (excerpt) }
                    }
                }
            }
        }
    }
}

/// Begins a draft that changes an announcement of the agency.
pub(super) async fn begin(
    State(web): State<Web>,
    at: AtAgency,
    typed: Typed,
) -> Result<Response, Refused> {
    let id = typed.get("announcement").parse();
    let id: AnnouncementId = id.unwrap_or(AnnouncementId::new(0));
    let kind: Option<Kind> = typed.get("kind").parse().ok();
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let work = move |conn: &mut Conn| {
        mandate.require(Right::Draft)?;
        let found = publishing::find(conn, id)?;
        let found = found.filter(|it| it.agency == mandate.agency());
        let announcement = found.ok_or(Error::NotFound)?;
        if announcement.withdrawn.is_some() {
            return Err(publishing::Error::Withdrawn.into());
        }
        let proposal = proposed(kind, announcement).ok_or(Error::NotFound)?;
        drafts::start(conn, clock.as_ref(), &mandate, vec![proposal])
    };
    let draft = web.db.write(work).await;
    let draft = draft.map_err(|error| at.refused(&web, error))?;
    let to = at.path(&format!("/drafts/{}", draft.id));
    Ok(Redirect::to(&to).into_response())
}

/// What begins with an announcement as it stands.
fn proposed(kind: Option<Kind>, announcement: Announcement) -> Option<Proposal> {
    let (id, revision) = (announcement.id, announcement.revision.number);
    let language = announcement.revision.language.clone();
    let content = || Content::of(announcement.revision);
    Some(match kind? {
        Kind::Edit => Proposal::Edit {
            announcement: id,
            revision,
            content: content(),
        },
        Kind::Correction => Proposal::Correction {
            announcement: id,
            revision,
            content: content(),
            notice: Content {
                language,
                ..Content::default()
            },
        },
        Kind::Withdrawal => Proposal::Withdrawal {
            announcement: id,
            reason: String::new(),
        },
        Kind::Pin => Proposal::Pin { announcement: id },
        Kind::Unpin => Proposal::Unpin { announcement: id },
        Kind::Announcement | Kind::Answer | Kind::Profile | Kind::Keys => return None,
    })
}

/// Begins a draft that changes how the agency presents itself.
pub(super) async fn begin_profile(
    State(web): State<Web>,
    at: AtAgency,
) -> Result<Response, Refused> {
    let profile = Profile {
        name: Some(at.agency.name.clone()),
        summary: Some(at.agency.summary.clone()),
        links: Some(at.agency.links.clone()),
        ..Profile::default()
    };
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let draft = web
        .db
        .write(move |conn| {
            let proposal = Proposal::Profile(Box::new(profile));
            drafts::start(conn, clock.as_ref(), &mandate, vec![proposal])
        })
        .await
        .map_err(|error| at.refused(&web, error))?;
    let to = at.path(&format!("/drafts/{}", draft.id));
    Ok(Redirect::to(&to).into_response())
}
