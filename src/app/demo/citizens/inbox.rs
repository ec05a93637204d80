//! What arrives at the citizens' server: verified first, written down, and then shown to those it is for.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};

use super::Citizens;
use super::memory::{Content, Seen};
use crate::federation::keys::PublicKey;
use crate::federation::signatures::{self, Claim, Policy};
use crate::federation::wire::incoming::{Act, Activity, Item, Object, same_origin};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// `POST /inbox` and `POST /users/{handle}/inbox`.
pub(super) async fn receive(
    State(citizens): State<Citizens>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let request = signatures::Request {
        method: &Method::POST,
        target,
        headers: &headers,
        scheme: "http",
        authority: &citizens.0.address.authority,
        body: &body,
    };
    let claim = match signatures::parse(&request, citizens.0.clock.now(), Policy::default()) {
        Ok(claim) => claim,
        Err(refusal) => return (refusal.status(), refusal.to_string()),
    };
    let activity = match Activity::parse(&body) {
        Ok(activity) => activity,
        Err(malformed) => return (StatusCode::BAD_REQUEST, malformed.to_string()),
    };
    if !citizens.is_signed_by(&claim, &activity.actor).await {
        return (
            StatusCode::UNAUTHORIZED,
            "the actor has not signed this".to_owned(),
        );
    }
    match citizens.take_in(&activity).await {
        Ok(()) => (StatusCode::ACCEPTED, String::new()),
        Err(error) => {
            tracing::warn!(%error, "the citizens' server could not take something in");
            (StatusCode::SERVICE_UNAVAILABLE, "not now".to_owned())
        }
    }
}

impl Citizens {
    /// Whether the claim is true of one of the actor's keys, as known or, if none fits, as fetched now.
    async fn is_signed_by(&self, claim: &Claim, actor: &str) -> bool {
        let fits = |keys: &[(String, String)]| {
            let named = keys.iter().filter(|(id, _)| *id == claim.key_id);
            named
                .filter_map(|(_, pem)| PublicKey::from_pem(pem).ok())
                .any(|key| claim.verify(&key).is_ok())
        };
        let known = self.0.memory.look(|all| {
            all.agencies
                .get(actor)
                .is_some_and(|known| fits(&known.keys))
        });
        if known {
            return true;
        }
        match self.meet(actor).await {
            Ok(met) => fits(&met.keys),
            Err(_) => false,
        }
    }

    async fn take_in(&self, activity: &Activity) -> anyhow::Result<()> {
        let seen = match &activity.act {
            Act::UpdateActor(_) => {
                self.meet(&activity.actor).await?;
                None
            }
            Act::Create(items) => items
                .first()
                .and_then(|item| self.announcement(activity, item)),
            Act::Update(item) => self.announcement(activity, item),
            _ => None,
        };
        self.0.memory.change(|all| {
            if !activity.id.iter().all(|id| all.received.insert(id.clone())) {
                return;
            }
            match &activity.act {
                Act::Accept { object, .. } => {
                    let theirs = all
                        .follows
                        .iter_mut()
                        .filter(|follow| follow.agency == activity.actor);
                    theirs
                        .filter(|follow| follow.id == *object)
                        .for_each(|follow| follow.accepted = true);
                }
                Act::Create(_) | Act::Update(_) => {
                    if let Some((uri, seen)) = seen {
                        take_in_announcement(all, uri, seen);
                    }
                }
                Act::Delete { object, .. } => {
                    if let Some(seen) = all
                        .seen
                        .get_mut(object)
                        .filter(|seen| seen.by == activity.actor)
                    {
                        seen.withdrawn = true;
                        seen.html.clear();
                        seen.pictures.clear();
                        seen.warning = None;
                    }
                }
                // Pins, and what concerns nobody here.
                _ => {}
            }
        })
    }

    /// What an activity says of an announcement, if it is its author's to say.
    fn announcement(&self, activity: &Activity, item: &Item) -> Option<(String, Seen)> {
        let object = item.embedded()?;
        let theirs = object.attributed_to.as_deref() == Some(activity.actor.as_str());
        if !theirs || !same_origin(&object.id, &activity.actor) {
            return None;
        }
        let pictures = object
            .attachments
            .iter()
            .map(|it| (it.url.clone(), it.alt.as_str().to_owned()));
        let seen = Seen {
            by: activity.actor.clone(),
            page: object.page().to_owned(),
            html: object.body().into_string(),
            warning: object.warning().map(|warning| warning.as_str().to_owned()),
            language: object.language.clone(),
            in_reply_to: object.in_reply_to.clone(),
            pictures: pictures.collect(),
            published: object.published_by(self.0.clock.now()),
            edited: object.updated,
            withdrawn: false,
            inboxes: self.inboxes(activity, object),
        };
        Some((object.id.clone(), seen))
    }

    /// For whom it is: the followers, if it is public or for them, and those it names.
    fn inboxes(&self, activity: &Activity, object: &Object) -> BTreeSet<String> {
        let audiences = [&activity.audience, &object.audience];
        let named: Vec<&String> = audiences
            .into_iter()
            .flat_map(|it| it.to.iter().chain(&it.cc))
            .collect();
        self.0.memory.look(|all| {
            let followers = all
                .agencies
                .get(&activity.actor)
                .and_then(|known| known.followers.clone());
            let for_followers = named
                .iter()
                .any(|uri| *uri == PUBLIC || Some(*uri) == followers.as_ref());
            let following = all
                .follows
                .iter()
                .filter(|it| for_followers && it.agency == activity.actor);
            let mentioned = named.iter().filter_map(|uri| self.0.address.handle_of(uri));
            following
                .map(|it| it.by.clone())
                .chain(mentioned.map(str::to_owned))
                .collect()
        })
    }

    /// How many inboxes an announcement is in.
    pub(in crate::app::demo) fn arrivals(&self, uri: &str) -> usize {
        self.0
            .memory
            .look(|all| all.seen.get(uri).map_or(0, |seen| seen.inboxes.len()))
    }

    pub(in crate::app::demo) fn has_edit(&self, uri: &str) -> bool {
        self.0
            .memory
            .look(|all| all.seen.get(uri).is_some_and(|seen| seen.edited.is_some()))
    }

    pub(in crate::app::demo) fn has_withdrawal(&self, uri: &str) -> bool {
        self.0
            .memory
            .look(|all| all.seen.get(uri).is_some_and(|seen| seen.withdrawn))
    }
}

/// The newest wording wins, in whatever order they come; what was withdrawn stays so.
fn take_in_announcement(all: &mut Content, uri: String, new: Seen) {
    let Some(known) = all.seen.get_mut(&uri) else {
        all.seen.insert(uri, new);
        return;
    };
    if known.withdrawn || known.edited >= new.edited {
        return;
    }
    let inboxes = known.inboxes.union(&new.inboxes).cloned().collect();
    *known = Seen { inboxes, ..new };
}
