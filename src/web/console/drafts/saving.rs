//! What somebody wrote is saved: by a button, or while they type.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;

use super::super::refusal::{Refusal, Refused};
use super::super::sent::{Sent, Upload};
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::super::visit::AtAgency;
use super::editor::{self, Held};
use super::{Which, form, mentions, new, posts, uploads};
use crate::agencies;
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Error, Proposal, Saved, Saving, VersionNumber};
use crate::publishing::pictures::Prepared;
use crate::web::State as Web;

/// Whether our script sends it, while somebody types.
pub(super) fn is_automatic(typed: &Typed) -> bool {
    typed.has("automatic")
}

/// What is amiss, for our script.
pub(super) fn said(troubles: &Troubles) -> Response {
    let status = troubles.status();
    (status, Json(json!({ "said": troubles.first() }))).into_response()
}

/// Does what is done only when somebody saves by hand: looks up whom the text names, and adds what was uploaded.
pub(super) async fn finish(
    web: &Web,
    at: &AtAgency,
    typed: &Typed,
    files: Vec<(String, Upload)>,
    proposal: &mut Proposal,
    troubles: &mut Troubles,
) -> Result<Vec<Prepared>, Refused> {
    let most = web.server.rules.most_images;
    // Whom a private text names is asked nowhere about.
    let in_private = proposal.message().is_some();
    for content in proposal.contents_mut() {
        content.mentions = if in_private {
            mentions::kept(&content.markdown, &content.mentions)
        } else {
            mentions::find(web, &content.markdown, &content.mentions)
                .await
                .map_err(|error| at.refused(web, error))?
        };
    }
    let several = !proposal.rest().is_empty();
    if several && files.len() > most {
        let sentence = troubles.words().count("post-too-many-files", most);
        troubles.about("picture", sentence);
    }
    let endings = endings(typed, proposal);
    for (content, ending) in proposal.contents_mut().into_iter().zip(&endings) {
        let field = format!("picture{ending}");
        let sent = files.iter().filter(|(name, _)| *name == field).count();
        if content.images.len() + sent > most {
            let sentence = troubles.words().count("draft-error-too-many-images", most);
            troubles.about(field, sentence);
        }
    }
    if !troubles.are_none() || files.is_empty() {
        return Ok(vec![]);
    }
    let pictures = uploads::prepare(web, files, troubles).await;
    for (content, ending) in proposal.contents_mut().into_iter().zip(&endings) {
        let field = format!("picture{ending}");
        let alt = typed.get(&format!("alt{ending}"));
        let mut alt = form::lines(alt).trim().to_owned();
        let own = pictures.iter().filter(|(name, _)| *name == field);
        let own: Vec<&Prepared> = own.map(|(_, picture)| picture).collect();
        for picture in &own {
            let is_there = content.images.iter().any(|it| it.digest == picture.digest);
            if !is_there {
                let image = uploads::image(picture, std::mem::take(&mut alt));
                content.images.push(image);
            }
        }
        // Of a form that is shown again the files are gone, and with them their pictures.
        if !troubles.are_none() {
            let sent = |digest: &str| own.iter().any(|it| it.digest == digest);
            let name = format!("image{ending}");
            let before: Vec<&str> = typed.all(&name).collect();
            content
                .images
                .retain(|it| before.contains(&it.digest.as_str()) || !sent(&it.digest));
        }
    }
    Ok(pictures.into_iter().map(|(_, picture)| picture).collect())
}

/// How the names of the fields end that are about each of the texts with pictures, in their order.
fn endings(typed: &Typed, proposal: &Proposal) -> Vec<String> {
    let first = std::iter::once(String::new());
    match proposal {
        Proposal::Announcement { .. } => first.chain(posts::endings(typed)).collect(),
        _ => first.collect(),
    }
}

pub(super) async fn save(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    sent: Sent,
) -> Result<Response, Refused> {
    let open = editor::open(&web, &at, which.draft()).await?;
    let words = at.words();
    let Sent { typed, files } = sent;
    let (automatic, part) = (is_automatic(&typed), which.part());
    let Some(before) = open.last_of(part).and_then(|it| it.proposal.as_ref()) else {
        return Err(at.refused(&web, Error::NoPart));
    };
    // Whoever types has perhaps not seen that somebody put it up for approval meanwhile.
    let is_over = open.draft.standing().is_over();
    if automatic && !is_over && !editor::is_saved_as_typed(&open.draft) {
        let said = words.say("draft-saving-undoes");
        return Ok(Json(json!({ "stop": true, "said": said })).into_response());
    }
    let seen = version(&typed, "seen");
    let mut troubles = Troubles::none(words);
    let mut proposal = form::proposal(&typed, before, &open.images(), &mut troubles);
    let mut pictures = vec![];
    if automatic {
        for content in proposal.contents_mut() {
            content.mentions = mentions::kept(&content.markdown, &content.mentions);
        }
    } else {
        pictures = finish(&web, &at, &typed, files, &mut proposal, &mut troubles).await?;
    }
    let again = |proposal: &Proposal, troubles: &Troubles| {
        let held = Held {
            proposal,
            typed: Some(&typed),
            seen,
            aside: None,
        };
        editor::show(&web, &at, &open, part, Some(&held), None, troubles)
    };
    if !automatic && !troubles.are_none() {
        return Ok(again(&proposal, &troubles));
    }
    // What is typed stays where it is until somebody presses a button.
    let act = posts::Act::asked(&typed).filter(|_| !automatic);
    let left_out = !automatic && posts::arrange(&mut proposal, act);
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.draft());
    let (written, instead) = (proposal.clone(), version(&typed, "instead"));
    let saving = if automatic {
        Saving::Automatic
    } else {
        Saving::ByHand
    };
    let work = move |conn: &mut Conn| {
        let clock = clock.as_ref();
        uploads::put(conn, clock, &pictures)?;
        let saved = drafts::save(conn, clock, &mandate, id, part, seen, &written, saving)?;
        // What was kept aside is merged now, by hand.
        if !matches!(saved, Saved::Aside { .. }) && instead.get() > 0 {
            match drafts::drop_unmerged(conn, &mandate, id, instead) {
                Ok(()) | Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(saved)
    };
    match web.db.write(work).await {
        Ok(saved) => {
            let done = match act {
                Some(act) => Some(act.done(proposal.contents().len())),
                None => left_out.then(|| ("posts-left-out", String::new())),
            };
            Ok(answer(&at, &which, &saved, automatic, done))
        }
        Err(error @ Error::TooLarge) => {
            let troubles = Troubles::of(words, error);
            if automatic {
                return Ok(said(&troubles));
            }
            Ok(again(&proposal, &troubles))
        }
        Err(error) => Err(at.refused(&web, error)),
    }
}

/// `done` is what was done to its posts, and where on the page one goes on.
fn answer(
    at: &AtAgency,
    which: &Which,
    saved: &Saved,
    automatic: bool,
    done: Option<(&str, String)>,
) -> Response {
    let words = at.words();
    let own = at.path(&format!("/drafts/{}", which.draft()));
    let part = which.part();
    let (to, seen, what) = match saved {
        Saved::Merged { version, left } => {
            let usual = if left.is_some() { "again" } else { "saved" };
            // That approvals are gone is more important.
            let (done, place) = match done {
                Some((done, place)) => (if left.is_some() { usual } else { done }, place),
                None => (usual, String::new()),
            };
            let to = format!("{own}?part={part}&done={done}{place}");
            (to, version, "draft-saved-itself")
        }
        Saved::Unchanged { version } => {
            let to = format!("{own}?part={part}&done=unchanged");
            (to, version, "draft-saved-itself")
        }
        Saved::Aside { yours, .. } => {
            let to = format!("{own}?mine={yours}");
            if automatic {
                let said = words.say("draft-aside");
                let see = words.say("draft-aside-see");
                return Json(json!({ "conflict": to, "said": said, "see": see })).into_response();
            }
            return Redirect::to(&to).into_response();
        }
    };
    if automatic {
        let document = json!({ "seen": seen.to_string(), "said": words.say(what) });
        return Json(document).into_response();
    }
    Redirect::to(&to).into_response()
}

/// A number that is read without complaint: of no version, if it is none.
fn version(typed: &Typed, name: &str) -> VersionNumber {
    typed.get(name).parse().unwrap_or(VersionNumber::new(0))
}

/// Adds a language.
pub(super) async fn add(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let language = agencies::language(typed.get("add-language").trim())
        .map_err(|error| at.refused(&web, error))?;
    let mut proposal = new::blank(&at);
    for content in proposal.contents_mut() {
        content.language.clone_from(&language);
    }
    let (clock, mandate, id) = (web.clock.clone(), at.mandate.clone(), which.draft());
    let draft = web
        .db
        .write(move |conn| {
            let draft = drafts::find(conn, &mandate, id)?;
            let same = |it: &&Proposal| {
                let tag = super::pieces::language_of(Some(it)).unwrap_or_default();
                tag.eq_ignore_ascii_case(&language)
            };
            if draft.proposals().any(|it| same(&it)) {
                return Err(Error::SameLanguage(language));
            }
            drafts::add_part(conn, clock.as_ref(), &mandate, id, proposal)
        })
        .await
        .map_err(|error| at.refused(&web, error))?;
    let last = draft.parts.last().map_or(1, |part| part.number.get());
    let to = at.path(&format!("/drafts/{}?part={last}&done=added", draft.id));
    Ok(Redirect::to(&to).into_response())
}

/// Takes a language away.
pub(super) async fn remove(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let (id, part, seen) = (which.draft(), which.part(), version(&typed, "seen"));
    web.db
        .write(move |conn| drafts::remove_part(conn, clock.as_ref(), &mandate, id, part, seen))
        .await
        .map_err(|error| at.refused(&web, error))?;
    let to = at.path(&format!("/drafts/{id}?done=removed"));
    Ok(Redirect::to(&to).into_response())
}

/// Says why a language is missing.
pub(super) async fn exempt(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (clock, mandate) = (web.clock.clone(), at.mandate.clone());
    let (id, seen) = (which.draft(), version(&typed, "seen"));
    let reason = typed.some("exemption").map(str::to_owned);
    web.db
        .write(move |conn| {
            let reason = reason.as_deref();
            drafts::exempt(conn, clock.as_ref(), &mandate, id, seen, reason)
        })
        .await
        .map_err(|error| at.refused(&web, error))?;
    let to = at.path(&format!("/drafts/{id}?done=exempt"));
    Ok(Redirect::to(&to).into_response())
}

/// Drops one's own text that was kept aside.
pub(super) async fn drop_mine(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (mandate, id, mine) = (at.mandate.clone(), which.draft(), version(&typed, "mine"));
    web.db
        .write(move |conn| drafts::drop_unmerged(conn, &mandate, id, mine))
        .await
        .map_err(|error| at.refused(&web, Refusal::from(error)))?;
    let to = at.path(&format!("/drafts/{id}?done=dropped"));
    Ok(Redirect::to(&to).into_response())
}
