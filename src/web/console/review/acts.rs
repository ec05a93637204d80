//! What the buttons of the page do: each says which version was looked at, so that nobody decides about another.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::super::drafts::Which;
use super::super::refusal::{Refusal, Refused};
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::super::visit::AtAgency;
use super::{Before, show};
use crate::federation::keys;
use crate::kernel::{DraftId, InvalidTime, When};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Error, NewKeys, Press, VersionNumber};
use crate::web::State as Web;

/// Which button.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    act: String,
}

/// What is to be done with a draft.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Submit,
    TakeBack,
    Approve,
    SendBack { remark: String },
    Schedule { when: When },
    Unschedule,
    Publish,
    PublishInEmergency { reason: String },
    Discard,
}

/// A form that asks for no deed.
enum NoDeed {
    Unknown,
    Time,
}

impl Deed {
    fn asked(act: &str, typed: &Typed) -> Result<Self, NoDeed> {
        Ok(match act {
            "submit" => Self::Submit,
            "take-back" => Self::TakeBack,
            "approve" => Self::Approve,
            "send-back" => Self::SendBack {
                remark: typed.get("remark").to_owned(),
            },
            "schedule" => Self::Schedule {
                when: when(typed).map_err(|_| NoDeed::Time)?,
            },
            "unschedule" => Self::Unschedule,
            "publish" => Self::Publish,
            "discard" => Self::Discard,
            _ => return Err(NoDeed::Unknown),
        })
    }
}

/// The time that was typed; or which of two it was, if that was asked about this very time.
fn when(typed: &Typed) -> Result<When, InvalidTime> {
    let at = typed.get("at");
    match typed.some("which") {
        Some(which) if typed.get("asked") == at => which.parse(),
        _ => at.parse(),
    }
}

pub(super) async fn act(
    State(web): State<Web>,
    at: AtAgency,
    Path(which): Path<Which>,
    Path(pressed): Path<Pressed>,
    typed: Typed,
) -> Result<Response, Refused> {
    let (id, words) = (which.draft(), at.words());
    let before = match Deed::asked(&pressed.act, &typed) {
        Ok(deed) => match done(&web, &at, id, seen(&typed), deed).await {
            Ok(()) => {
                let page = at.path(&format!("/drafts/{id}/review?done={}", pressed.act));
                return Ok(Redirect::to(&page).into_response());
            }
            Err(error) => {
                Before::refused(words, typed, error).map_err(|refusal| at.refused(&web, refusal))?
            }
        },
        Err(NoDeed::Time) => {
            let mut troubles = Troubles::none(words);
            troubles.about("at", words.say("review-no-time"));
            Before {
                typed,
                troubles: Some(troubles),
                ..Before::default()
            }
        }
        Err(NoDeed::Unknown) => return Err(at.refused(&web, Refusal::NotFound)),
    };
    show(&web, &at, id, &before).await
}

/// The version that somebody looked at; none is no version's number.
pub(super) fn seen(typed: &Typed) -> VersionNumber {
    let number = typed.get("version").parse();
    number.unwrap_or(VersionNumber::new(0))
}

/// Does it, if the draft still says what somebody looked at.
pub(super) async fn done(
    web: &Web,
    at: &AtAgency,
    id: DraftId,
    seen: VersionNumber,
    deed: Deed,
) -> Result<(), Error> {
    match attempt(web, at, id, seen, deed.clone(), None).await {
        Err(Error::KeysNeeded) => {
            let pair = keys::new_pair().await.map_err(|_| Error::KeysNeeded)?;
            attempt(web, at, id, seen, deed, Some(Arc::new(pair))).await
        }
        other => other,
    }
}

async fn attempt(
    web: &Web,
    at: &AtAgency,
    id: DraftId,
    seen: VersionNumber,
    deed: Deed,
    pair: Option<Arc<dyn NewKeys + Send>>,
) -> Result<(), Error> {
    let (mandate, clock) = (at.mandate.clone(), web.clock.clone());
    let (site, limits) = (web.site.clone(), web.server.rules);
    let work = move |conn: &mut Conn| {
        let clock = clock.as_ref();
        let press = Press {
            site: &site,
            limits,
            keys: pair.as_ref().map(|pair| &**pair as &dyn NewKeys),
        };
        // Said first, since it explains whatever else would be refused.
        let now = drafts::find(conn, &mandate, id)?.version;
        if now != seen {
            return Err(Error::Changed { now });
        }
        match deed {
            Deed::Submit => drop(drafts::submit(conn, clock, &press, &mandate, id, seen)?),
            Deed::TakeBack => drop(drafts::withdraw_from_review(conn, clock, &mandate, id)?),
            Deed::Approve => drop(drafts::approve(conn, clock, &mandate, id, seen)?),
            Deed::SendBack { remark } => {
                drop(drafts::send_back(conn, clock, &mandate, id, &remark)?);
            }
            Deed::Schedule { when } => drop(drafts::schedule(
                conn, clock, &press, &mandate, id, seen, when,
            )?),
            Deed::Unschedule => drop(drafts::unschedule(conn, clock, &mandate, id)?),
            Deed::Publish => drop(drafts::publish_now(
                conn, clock, &press, &mandate, id, seen,
            )?),
            Deed::PublishInEmergency { reason } => drop(drafts::publish_in_emergency(
                conn, clock, &press, &mandate, id, seen, &reason,
            )?),
            Deed::Discard => drop(drafts::discard(conn, clock, &mandate, id)?),
        }
        Ok(())
    };
    web.db.write(work).await
}
