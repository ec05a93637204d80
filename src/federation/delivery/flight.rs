//! One delivery on its way: signed in one way after the other until the server is content.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, Method};
use url::Url;

use super::Signing;
use super::knock::{self, Knock};
use super::letter::Letter;
use super::schedule;
use super::store::{Leased, Next, Settled};
use super::verdict::{Outcome, Verdict};
use crate::federation::keys::KeyError;
use crate::federation::signatures::{self, Outgoing};
use crate::kernel::Timestamp;
use crate::platform::net::{Client, NetError};

const MEDIA_TYPE: &str = "application/activity+json";

pub(super) type Headers = Vec<(HeaderName, HeaderValue)>;

#[derive(Debug)]
pub(super) struct Flight {
    pub(super) id: i64,
    pub(super) host: Arc<str>,
    url: Url,
    /// Tries before this one.
    attempts: i32,
    letter: Arc<Letter>,
    signing: Arc<Signing>,
    pub(super) dialect: Option<Knock>,
    pub(super) doubtful: bool,
    pub(super) lease_until: Timestamp,
    pub(super) begun: Instant,
    /// The ways to sign that are left, the next one last.
    ways: Vec<Knock>,
    pub(super) refused: Vec<Knock>,
    was_unauthorized: bool,
    /// Whether this is the one that finds out if its server takes Ed25519.
    pub(super) is_trial: bool,
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    status: u16,
    retry_after: Option<Duration>,
}

/// What follows from an answer.
pub(super) enum Step {
    /// Sign in the next way and ask again.
    KnockAgain(Box<Flight>),
    Landed(Settled, &'static str),
}

impl Flight {
    /// An inbox that is no URL will not become one.
    pub(super) fn new(
        leased: Leased,
        signing: Arc<Signing>,
        lease_until: Timestamp,
    ) -> Result<Self, Settled> {
        let Ok(url) = Url::parse(&leased.inbox) else {
            return Err(failed_before(
                &leased,
                &Verdict::hopeless("the inbox is not a URL"),
                lease_until,
            ));
        };
        Ok(Self {
            id: leased.id,
            host: leased.host,
            url,
            attempts: leased.attempts,
            letter: leased.letter,
            signing,
            dialect: leased.dialect,
            doubtful: leased.doubtful,
            lease_until,
            begun: Instant::now(),
            ways: vec![],
            refused: vec![],
            was_unauthorized: false,
            is_trial: false,
        })
    }

    pub(super) fn has_ed25519(&self) -> bool {
        self.signing.ed25519.is_some()
    }

    /// The attempt begins.
    pub(super) fn begin(&mut self, tries_ed25519: bool) {
        self.begun = Instant::now();
        self.is_trial = tries_ed25519;
        self.ways = knock::ways(self.dialect, tries_ed25519);
        if !self.has_ed25519() {
            self.ways.retain(|way| *way != Knock::MessageEd25519);
        }
    }

    fn way(&self) -> Knock {
        self.ways.last().copied().unwrap_or(Knock::Cavage)
    }

    /// Signs: a third of a millisecond with RSA, so not for a thread that others wait for.
    pub(super) fn sign(&self, now: Timestamp) -> Result<Headers, KeyError> {
        let way = self.way();
        let signer = match (way, &self.signing.ed25519) {
            (Knock::MessageEd25519, Some(ed25519)) => ed25519,
            _ => &self.signing.rsa,
        };
        let request = Outgoing {
            method: &Method::POST,
            url: &self.url,
            body: Some((self.letter.digest, MEDIA_TYPE)),
        };
        signatures::sign(&request, &signer.key, &signer.key_id, way.dialect(), now)
    }

    /// Judges the answer to the last request.
    pub(super) fn step(
        mut self: Box<Self>,
        answer: Result<Answer, NetError>,
        now: Timestamp,
        chance: f64,
    ) -> Step {
        let verdict = match answer {
            Ok(answer) => {
                let way = self.way();
                if knock::is_refusal(answer.status) {
                    self.was_unauthorized |= answer.status == 401;
                    self.refused.push(way);
                    self.ways.pop();
                    if !self.ways.is_empty() {
                        return Step::KnockAgain(self);
                    }
                }
                // Whoever said 401 once may take the signature another time; 400 was then for the other way.
                let status = if answer.status == 400 && self.was_unauthorized {
                    401
                } else {
                    answer.status
                };
                Verdict::of_status(status, answer.retry_after)
            }
            Err(error) => Verdict::of_error(&error),
        };
        let learned = if verdict.outcome == Outcome::Done {
            knock::learned(self.dialect, &self.refused, self.way())
        } else {
            None
        };
        let (next, label) = what_next(&verdict, self.attempts, now, chance);
        let settled = settled(self.id, &self.host, next, verdict, learned);
        Step::Landed(settled, label)
    }

    /// The attempt failed before anything was sent.
    pub(super) fn give_up(
        &self,
        verdict: Verdict,
        now: Timestamp,
        chance: f64,
    ) -> (Settled, &'static str) {
        let (next, label) = what_next(&verdict, self.attempts, now, chance);
        (settled(self.id, &self.host, next, verdict, None), label)
    }
}

/// For what could not even set out.
pub(super) fn failed_before(leased: &Leased, verdict: &Verdict, now: Timestamp) -> Settled {
    let (next, _) = what_next(verdict, leased.attempts, now, 0.5);
    settled(leased.id, &leased.host, next, verdict.clone(), None)
}

fn settled(
    id: i64,
    host: &Arc<str>,
    next: Next,
    verdict: Verdict,
    learned: Option<Knock>,
) -> Settled {
    Settled {
        id,
        host: host.clone(),
        next,
        status: verdict.status,
        reason: verdict.reason,
        health: verdict.health,
        learned,
    }
}

fn what_next(
    verdict: &Verdict,
    attempts: i32,
    now: Timestamp,
    chance: f64,
) -> (Next, &'static str) {
    let tries = attempts.saturating_add(1);
    match verdict.outcome {
        Outcome::Done => (Next::Done, "done"),
        Outcome::Gone => (Next::Failed, "gone"),
        Outcome::Refused => (Next::Failed, "refused"),
        Outcome::Retry { .. } if tries >= schedule::TRIES => (Next::Failed, "given_up"),
        Outcome::Retry { after } => {
            let wait = schedule::backoff(tries, chance).max(after.unwrap_or_default());
            (Next::Again(now + wait), "retry")
        }
    }
}

/// Posts the activity as it was signed.
pub(super) async fn post(
    client: &Client,
    flight: &Flight,
    headers: Headers,
    now: Timestamp,
) -> Result<Answer, NetError> {
    let (url, body) = (&flight.url, flight.letter.body.clone());
    let headers = headers.into_iter().collect();
    let answer = client.courier().post(url, headers, body).await?;
    let retry_after = answer
        .headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| schedule::retry_after(value, now));
    Ok(Answer {
        status: answer.status.as_u16(),
        retry_after,
    })
}
