//! Passkeys: made, shown, refused where anything about them is not as it was asked for.

use std::time::Duration;

use actapub::agencies::staff::links::{self, Lost};
use actapub::agencies::staff::passkeys::{self, Ceremony, Passkey, Unfit};
use actapub::agencies::staff::sessions::{Admitted, Browser, Session};
use actapub::agencies::staff::{Error, Limits, Mandate, Role, Token};
use actapub::kernel::{PersonId, Site};
use actapub::platform::chance;

use super::authenticator::{Authenticator, ORIGIN};
use super::{HOME, attempt, hash, hired, limits, session, signed_in};
use crate::harness::{TestServer, on_both};

/// Longer than somebody counts as having shown who they are, and shorter than a session.
const A_WHILE: Duration = Duration::from_secs(11 * 60);

fn site() -> Site {
    Site::new(&ORIGIN.parse().unwrap(), None)
}

/// Somebody on the staff with a session.
async fn at_work(server: &TestServer, name: &str) -> (PersonId, Session) {
    let person = hired(server, server.agency.id, name, &[Role::Author]).await;
    let admitted = signed_in(server, limits(), name).await;
    (person, session(server, &admitted.session).await.unwrap())
}

async fn begin(server: &TestServer, session: &Session) -> Result<Ceremony, Error> {
    let (clock, own) = (server.clock.clone(), session.clone());
    attempt(server, move |conn| {
        passkeys::begin(conn, clock.as_ref(), &site(), &own, &chance)
    })
    .await
}

async fn add(
    server: &TestServer,
    session: &Session,
    step: &Token,
    answer: String,
    name: &'static str,
) -> Result<(), Error> {
    let (clock, own, step) = (server.clock.clone(), session.clone(), step.clone());
    attempt(server, move |conn| {
        passkeys::add(conn, clock.as_ref(), &site(), &own, &step, &answer, name)
    })
    .await
}

/// Somebody's passkey, made by `device`.
async fn made(server: &TestServer, session: &Session, device: &mut Authenticator) {
    let asked = begin(server, session).await.unwrap();
    let answer = device.makes(&asked);
    add(server, session, &asked.step, answer, "Telephone")
        .await
        .unwrap();
}

async fn list(server: &TestServer, session: &Session) -> Vec<Passkey> {
    let own = session.clone();
    server.read(move |conn| passkeys::list(conn, &own)).await
}

async fn ask(server: &TestServer, limits: &'static Limits) -> Result<Ceremony, Error> {
    let clock = server.clock.clone();
    attempt(server, move |conn| {
        passkeys::ask(conn, clock.as_ref(), limits, &site(), HOME.into(), &chance)
    })
    .await
}

async fn enter(
    server: &TestServer,
    limits: &'static Limits,
    step: &Token,
    answer: &str,
) -> Result<Admitted, Error> {
    let (clock, step, answer) = (server.clock.clone(), step.clone(), answer.to_owned());
    attempt(server, move |conn| {
        let browser = Browser::default();
        let (clock, from) = (clock.as_ref(), HOME.into());
        passkeys::enter(
            conn,
            clock,
            limits,
            &site(),
            &step,
            &answer,
            &browser,
            from,
            &chance,
        )
    })
    .await
}

/// Shows a passkey at the door.
async fn shown(server: &TestServer, device: &mut Authenticator) -> Result<Admitted, Error> {
    let limits = limits();
    let asked = ask(server, limits).await.unwrap();
    let answer = device.shows(&asked);
    enter(server, limits, &asked.step, &answer).await
}

fn unfit<T: std::fmt::Debug>(result: Result<T, Error>) -> Unfit {
    match result.unwrap_err() {
        Error::Passkey(unfit) => unfit,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_passkey_is_made_and_lets_its_owner_in_until_it_is_removed(server: &TestServer) {
        let (ada, own) = at_work(server, "ada").await;
        let mut device = Authenticator::new(7);
        made(server, &own, &mut device).await;
        let there = list(server, &own).await;
        assert_eq!((there.len(), there[0].name.as_str(), there[0].used_at), (1, "Telephone", None));

        let admitted = shown(server, &mut device).await.unwrap();
        assert_eq!(admitted.person, ada);
        let entered = session(server, &admitted.session).await.unwrap();
        assert!(entered.is_fresh(server.now()), "it has proven who they are");
        assert_eq!(list(server, &own).await[0].used_at, Some(server.now()));

        let (clock, id) = (server.clock.clone(), there[0].id);
        let (_, grace) = at_work(server, "grace").await;
        let others = attempt(server, move |conn| passkeys::remove(conn, clock.as_ref(), &grace, id)).await;
        assert_eq!(unfit(others), Unfit::Unknown);
        let (clock, removing) = (server.clock.clone(), own.clone());
        attempt(server, move |conn| passkeys::remove(conn, clock.as_ref(), &removing, id)).await.unwrap();
        assert_eq!(unfit(shown(server, &mut device).await), Unfit::Unknown);
        let acts = server.texts("SELECT act AS value FROM staff_trail WHERE act LIKE '%passkey%' ORDER BY id").await;
        assert_eq!(acts, [r#""passkey-added""#, r#""passkey-removed""#]);
        server.settle().await;
    }

    async fn what_was_not_asked_for_makes_no_passkey(server: &TestServer) {
        let (_, own) = at_work(server, "ada").await;
        let (_, other) = at_work(server, "grace").await;
        let asked = begin(server, &own).await.unwrap();
        let lies: [(fn(&mut Authenticator), Unfit); 5] = [
            (|it| "https://desk.city.example.evil.example".clone_into(&mut it.origin), Unfit::Origin),
            (|it| "http://desk.city.example".clone_into(&mut it.origin), Unfit::Origin),
            (|it| "city.example".clone_into(&mut it.domain), Unfit::Origin),
            (|it| it.is_verified = false, Unfit::NotVerified),
            (|it| it.purpose = Some("webauthn.get"), Unfit::Purpose),
        ];
        for (lie, why) in lies {
            let mut device = Authenticator::new(7);
            lie(&mut device);
            let fresh = begin(server, &own).await.unwrap();
            let answer = device.makes(&fresh);
            assert_eq!(unfit(add(server, &own, &fresh.step, answer, "").await), why);
        }
        for answer in ["", "{}", "[]", r#"{"response":{"clientDataJSON":"e30","attestationObject":"gYGB"}}"#] {
            let fresh = begin(server, &own).await.unwrap();
            assert_eq!(unfit(add(server, &own, &fresh.step, answer.to_owned(), "").await), Unfit::Shape);
        }
        // The answer to another question, and a question that somebody else was asked.
        let mut device = Authenticator::new(7);
        let (answer, another) = (device.makes(&asked), begin(server, &own).await.unwrap());
        assert_eq!(unfit(add(server, &own, &another.step, answer.clone(), "").await), Unfit::Challenge);
        assert!(matches!(add(server, &other, &asked.step, answer.clone(), "").await, Err(Error::Begin)));
        // Once only, and each passkey once.
        add(server, &own, &asked.step, answer.clone(), "").await.unwrap();
        assert!(matches!(add(server, &own, &asked.step, answer, "").await, Err(Error::Begin)));
        let again = device.makes(&another);
        assert_eq!(unfit(add(server, &own, &another.step, again, "").await), Unfit::Registered);
        // The name is the browser's where none was given.
        assert_eq!(list(server, &own).await[0].name, "Firefox, Linux");
        server.clock.advance(A_WHILE);
        assert!(matches!(begin(server, &own).await, Err(Error::ProveAgain)));
        server.settle().await;
    }

    async fn what_was_not_asked_for_lets_nobody_in(server: &TestServer) {
        let (_, own) = at_work(server, "ada").await;
        let mut device = Authenticator::new(7);
        made(server, &own, &mut device).await;
        let lies: [(fn(&mut Authenticator), Unfit); 4] = [
            (|it| "https://evil.example".clone_into(&mut it.origin), Unfit::Origin),
            (|it| "evil.example".clone_into(&mut it.domain), Unfit::Origin),
            (|it| it.is_verified = false, Unfit::NotVerified),
            (|it| it.purpose = Some("webauthn.create"), Unfit::Purpose),
        ];
        for (lie, why) in lies {
            lie(&mut device);
            assert_eq!(unfit(shown(server, &mut device).await), why);
            let honest = Authenticator::new(0);
            (device.origin, device.domain) = (honest.origin, honest.domain);
            (device.is_verified, device.purpose) = (true, None);
        }
        let limits = limits();
        let (one, two) = (ask(server, limits).await.unwrap(), ask(server, limits).await.unwrap());
        let answer = device.shows(&one);
        assert_eq!(unfit(enter(server, limits, &two.step, &answer).await), Unfit::Challenge);
        let forged = answer.replace("\"signature\":\"", "\"signature\":\"AAAA");
        assert_eq!(unfit(enter(server, limits, &one.step, &forged).await), Unfit::Signature);
        // Of two at the same time, one.
        let (first, second) = tokio::join!(
            enter(server, limits, &one.step, &answer),
            enter(server, limits, &one.step, &answer),
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|it| **it).count(), 1);
        // Played again, and too late.
        assert!(matches!(enter(server, limits, &one.step, &answer).await, Err(Error::Begin)));
        let answer = device.shows(&two);
        server.clock.advance(Duration::from_secs(5 * 60 + 1));
        assert!(matches!(enter(server, limits, &two.step, &answer).await, Err(Error::Begin)));
        server.settle().await;
    }

    async fn a_counter_that_goes_back_is_a_copy(server: &TestServer) {
        let (_, own) = at_work(server, "ada").await;
        let mut device = Authenticator::new(7);
        device.counter = 40;
        made(server, &own, &mut device).await;
        shown(server, &mut device).await.unwrap();
        for counter in [40, 10] {
            device.counter = counter;
            assert_eq!(unfit(shown(server, &mut device).await), Unfit::Counter);
        }
        device.counter = 41;
        shown(server, &mut device).await.unwrap();
        server.settle().await;
    }

    async fn somebody_elses_passkey_proves_nothing(server: &TestServer) {
        let (_, ada) = at_work(server, "ada").await;
        let (_, grace) = at_work(server, "grace").await;
        let (mut of_ada, mut of_grace) = (Authenticator::new(7), Authenticator::new(8));
        made(server, &ada, &mut of_ada).await;
        made(server, &grace, &mut of_grace).await;
        server.clock.advance(A_WHILE);
        let limits = limits();
        let ask = |own: Session| {
            let clock = server.clock.clone();
            attempt(server, move |conn| {
                passkeys::ask_again(conn, clock.as_ref(), limits, &site(), &own, &chance)
            })
        };
        let prove = |own: Session, step: Token, answer: String| {
            let clock = server.clock.clone();
            attempt(server, move |conn| {
                passkeys::prove_again(conn, clock.as_ref(), limits, &site(), &own, &step, &answer)
            })
        };
        let asked = ask(ada.clone()).await.unwrap();
        assert_eq!(asked.options["allowCredentials"].as_array().unwrap().len(), 1, "only hers");
        let answer = of_grace.shows(&asked);
        assert_eq!(unfit(prove(ada.clone(), asked.step.clone(), answer).await), Unfit::Unknown);
        let answer = of_ada.shows(&asked);
        assert!(matches!(prove(grace.clone(), asked.step.clone(), answer.clone()).await, Err(Error::Begin)));
        prove(ada.clone(), asked.step.clone(), answer).await.unwrap();
        // At the door it says whose it is, and is believed only about its owner.
        let asked = super::passkeys::ask(server, limits).await.unwrap();
        let mut shown: serde_json::Value = serde_json::from_str(&of_grace.shows(&asked)).unwrap();
        shown["response"]["userHandle"] = serde_json::from_str::<serde_json::Value>(&of_ada.shows(&asked))
            .unwrap()["response"]["userHandle"].clone();
        assert_eq!(unfit(enter(server, limits, &asked.step, &shown.to_string()).await), Unfit::Unknown);
        server.settle().await;
    }

    async fn strangers_ask_only_so_often(server: &TestServer) {
        let limits = limits();
        for _ in 0..60 {
            ask(server, limits).await.unwrap();
        }
        assert!(matches!(ask(server, limits).await, Err(Error::Wait(_))));
        server.settle().await;
    }

    async fn who_has_lost_everything_gets_in_with_no_passkey_of_before(server: &TestServer) {
        let (ada, own) = at_work(server, "ada").await;
        let mut device = Authenticator::new(7);
        made(server, &own, &mut device).await;
        let (clock, agency) = (server.clock.clone(), server.agency.id);
        attempt(server, move |conn| {
            let mandate = Mandate::operator(agency);
            let offered = links::offer_reset(conn, clock.as_ref(), &mandate, ada, Lost::Everything, &chance)?;
            links::reset(conn, clock.as_ref(), &offered.token, &hash())
        }).await.unwrap();
        assert_eq!(unfit(shown(server, &mut device).await), Unfit::Unknown);
        server.settle().await;
    }
}
