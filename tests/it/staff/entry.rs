//! Signing in: passwords, codes, sessions, and how often somebody may try.

use std::time::Duration;

use actapub::agencies::staff::password::Password;
use actapub::agencies::staff::sessions::{self, Admitted, Browser, Session};
use actapub::agencies::staff::sign_in::{self, Code, Entered};
use actapub::agencies::staff::{Error, Limits, Role, Token, codes};
use actapub::kernel::{Secret, Timestamp};
use actapub::platform::chance;
use actapub::platform::db;
use argon2::password_hash::CustomizedPasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params};
use aws_lc_rs::hmac;
use diesel::connection::SimpleConnection as _;

use super::{
    ANOTHER, HOME, PASSWORD, attempt, enter, enter_from, hired, limits, places_of, session,
    signed_in,
};
use crate::harness::{TestServer, on_both};

const ADA: &str = "ada@city.example";

/// A code as an app makes it, by another road than the server's.
pub(crate) fn code(secret: &Secret<String>, now: Timestamp) -> String {
    let mut bits = String::new();
    for c in secret.reveal().chars().filter(|c| *c != ' ') {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
        bits += &format!("{value:05b}");
    }
    let key: Vec<u8> = (0..bits.len() / 8)
        .map(|n| u8::from_str_radix(&bits[n * 8..n * 8 + 8], 2).unwrap())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &(now.seconds() / 30).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Sets codes up for whoever is in a session.
async fn set_up_codes(
    server: &TestServer,
    session: &Session,
) -> (Secret<String>, Vec<Secret<String>>) {
    let (clock, own, site) = (
        server.clock.clone(),
        session.clone(),
        server.services.site.clone(),
    );
    let enrolment = attempt(server, move |conn| {
        codes::enrol(conn, clock.as_ref(), &site, &own, &chance)
    })
    .await
    .unwrap();
    let first = code(&enrolment.secret, server.now());
    let (clock, own) = (server.clock.clone(), session.clone());
    let recovery = attempt(server, move |conn| {
        codes::confirm(conn, clock.as_ref(), &own, &first, &chance)
    })
    .await
    .unwrap();
    (enrolment.secret, recovery)
}

async fn give(
    server: &TestServer,
    limits: &'static Limits,
    step: &Token,
    code: &str,
) -> Result<Code, Error> {
    let (clock, step, code) = (server.clock.clone(), step.clone(), code.to_owned());
    attempt(server, move |conn| {
        sign_in::give_code(
            conn,
            clock.as_ref(),
            limits,
            &step,
            &code,
            &Browser::default(),
            &chance,
        )
    })
    .await
}

async fn step(server: &TestServer, limits: &'static Limits) -> Token {
    match enter(server, limits, ADA, PASSWORD, &Browser::default())
        .await
        .unwrap()
    {
        Entered::CodeWanted(step) => step,
        Entered::In(_) => panic!("no code was wanted"),
    }
}

fn is_in(given: Result<Code, Error>) -> Option<Admitted> {
    match given.unwrap() {
        Code::In(admitted) => Some(admitted),
        Code::Wrong => None,
    }
}

on_both! {
    async fn a_password_lets_in_and_nothing_else_does(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        for (address, password) in [
            (ADA, "gravel pelican honest umbrellA"), (ADA, ""), ("eve@city.example", PASSWORD), ("", PASSWORD), ("ada", PASSWORD),
        ] {
            let refused = enter(server, limits, address, password, &Browser::default()).await.unwrap_err();
            assert!(matches!(refused, Error::Wrong), "{address}: {refused}");
        }
        let Entered::In(admitted) = enter(server, limits, " Ada@City.Example", PASSWORD, &Browser::default()).await.unwrap() else {
            panic!("a code is wanted");
        };
        let session = session(server, &admitted.session).await.unwrap();
        assert_eq!(session.begun_at, server.now());
        for token in [&admitted.session, &admitted.device] {
            assert!(places_of(server, token).await.is_empty(), "only digests are stored");
        }
        assert!(super::session(server, &admitted.device).await.is_none(), "a device is no session");
        server.settle().await;
    }

    async fn a_session_ends_when_it_is_idle_or_old(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let idle = signed_in(server, limits, "ada").await;
        server.clock.advance(Duration::from_secs(2 * 3600 - 1));
        let seen = session(server, &idle.session).await.unwrap();
        server.clock.advance(Duration::from_secs(1));
        assert!(session(server, &idle.session).await.is_none());

        let used = signed_in(server, limits, "ada").await;
        for _ in 0..11 {
            server.clock.advance(Duration::from_secs(3600));
            let own = session(server, &used.session).await.unwrap();
            assert!(sessions::is_due(server.clock.as_ref(), &own));
            let clock = server.clock.clone();
            server.write(move |conn| sessions::touch(conn, clock.as_ref(), &own)).await;
        }
        assert!(!sessions::is_due(server.clock.as_ref(), &session(server, &used.session).await.unwrap()));
        server.clock.advance(Duration::from_secs(3600));
        assert!(session(server, &used.session).await.is_none(), "twelve hours are enough");
        assert!(!seen.is_open(server.now()));

        assert_eq!(server.count("staff_sessions").await, 2);
        let clock = server.clock.clone();
        server.write(move |conn| sessions::sweep(conn, clock.as_ref())).await;
        assert_eq!(server.count("staff_sessions").await, 0);
        assert_eq!(server.count("staff_devices").await, 2);
        server.clock.advance(sessions::DEVICE);
        let clock = server.clock.clone();
        server.write(move |conn| sessions::sweep(conn, clock.as_ref())).await;
        assert_eq!(server.count("staff_devices").await, 0);
        server.settle().await;
    }

    async fn sessions_are_listed_and_ended(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        hired(server, server.agency.id, "eve", &[Role::Author]).await;
        let limits = limits();
        let (here, there, eve) = (signed_in(server, limits, "ada").await, signed_in(server, limits, "ada").await, signed_in(server, limits, "eve").await);
        let own = session(server, &here.session).await.unwrap();
        let (clock, of) = (server.clock.clone(), own.clone());
        let listed = server.read(move |conn| sessions::list(conn, clock.as_ref(), &of)).await;
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().all(|it| it.browser == "Firefox, Linux"), "{listed:?}");

        let eves = session(server, &eve.session).await.unwrap();
        let of = own.clone();
        let refused = attempt(server, move |conn| sessions::revoke(conn, &of, eves.id)).await;
        assert!(matches!(refused, Err(Error::SessionEnded)), "{refused:?}");
        assert!(session(server, &eve.session).await.is_some());
        let other = session(server, &there.session).await.unwrap();
        let of = own.clone();
        attempt(server, move |conn| sessions::revoke(conn, &of, other.id)).await.unwrap();
        assert!(session(server, &there.session).await.is_none());
        let third = signed_in(server, limits, "ada").await;
        let of = own.clone();
        assert_eq!(server.write(move |conn| sessions::revoke_others(conn, &of)).await, 1);
        assert!(session(server, &third.session).await.is_none() && session(server, &here.session).await.is_some());
        let token = here.session.clone();
        server.write(move |conn| sessions::sign_out(conn, &token)).await;
        assert!(session(server, &here.session).await.is_none());
        server.settle().await;
    }

    async fn a_password_is_changed_by_who_gives_the_old_one(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let (here, there) = (signed_in(server, limits, "ada").await, signed_in(server, limits, "ada").await);
        let own = session(server, &here.session).await.unwrap();
        server.clock.advance(sessions::FRESH);
        assert!(!own.is_fresh(server.now()));
        let knock = async || {
            let (clock, of) = (server.clock.clone(), own.clone());
            attempt(server, move |conn| sign_in::knock_again(conn, clock.as_ref(), limits, &of)).await.unwrap()
        };
        let wrong = knock().await.answer(&Password::typed(ANOTHER), &chance);
        assert!(matches!(wrong, Err(Error::Wrong)));
        let proof = knock().await.answer(&Password::typed(PASSWORD), &chance).unwrap();
        let stale = knock().await.answer(&Password::typed(PASSWORD), &chance).unwrap();
        let new = Password::chosen(ANOTHER, &[]).unwrap().hash(&chance);
        let (clock, of, hash) = (server.clock.clone(), own.clone(), new.clone());
        attempt(server, move |conn| sign_in::change_password(conn, clock.as_ref(), limits, &of, &proof, &hash)).await.unwrap();
        assert!(session(server, &here.session).await.unwrap().is_fresh(server.now()));
        assert!(session(server, &there.session).await.is_none());
        let (clock, of) = (server.clock.clone(), own.clone());
        let late = attempt(server, move |conn| sign_in::change_password(conn, clock.as_ref(), limits, &of, &stale, &new)).await;
        assert!(matches!(late, Err(Error::Wrong)), "what was compared with the old password is worth nothing now");
        assert!(matches!(enter(server, limits, ADA, PASSWORD, &Browser::default()).await, Err(Error::Wrong)));
        enter(server, limits, ADA, ANOTHER, &Browser::default()).await.unwrap();
        server.settle().await;
    }

    async fn a_hash_of_other_parameters_is_made_anew(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let params = Params::new(8_192, 1, 1, None).unwrap();
        let cheap: PasswordHash = Argon2::default().hash_password_with_params(PASSWORD.as_bytes(), &[5; 16], params).unwrap();
        let keep = format!("UPDATE people SET password = '{cheap}'");
        server.write(move |conn| Ok::<_, db::Error>(conn.batch_execute(&keep)?)).await;
        assert!(matches!(enter(server, limits(), ADA, ANOTHER, &Browser::default()).await, Err(Error::Wrong)));
        assert_eq!(server.count("people WHERE password LIKE '%m=8192,%'").await, 1);
        signed_in(server, limits(), "ada").await;
        assert_eq!(server.count("people WHERE password LIKE '%m=19456,%'").await, 1);
        signed_in(server, limits(), "ada").await;
        server.settle().await;
    }

    /// A stranger can use up what strangers have, and not what the device has that is known.
    async fn guessing_is_slow_and_locks_nobody_out(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let admitted = signed_in(server, limits, "ada").await;
        let known = Browser { family: String::new(), device: Some(admitted.device) };
        let mut guesses = 0;
        loop {
            match enter(server, limits, ADA, "guess", &Browser::default()).await.unwrap_err() {
                Error::Wrong => guesses += 1,
                Error::Wait(wait) => { assert_eq!(wait, Duration::from_secs(120)); break }
                other => panic!("{other}"),
            }
        }
        assert_eq!(guesses, 10);
        let right = enter(server, limits, ADA, PASSWORD, &Browser::default()).await;
        assert!(matches!(right, Err(Error::Wait(_))), "the right password waits as well");
        let stolen = Browser { family: String::new(), device: Some(Token::shown(&"A".repeat(43)).unwrap()) };
        assert!(matches!(enter(server, limits, ADA, PASSWORD, &stolen).await, Err(Error::Wait(_))));
        for _ in 0..20 {
            assert!(matches!(enter(server, limits, ADA, PASSWORD, &known).await, Ok(Entered::In(_))));
        }
        let elsewhere = enter_from(server, limits, ADA, PASSWORD, &Browser::default(), [198, 51, 100, 1].into()).await;
        assert!(matches!(elsewhere, Ok(Entered::In(_))), "nor who comes from elsewhere");
        server.clock.advance(Duration::from_secs(120));
        assert!(matches!(enter(server, limits, ADA, PASSWORD, &Browser::default()).await, Ok(Entered::In(_))));

        // An account that does not exist has the same.
        let mut guesses = 0;
        while let Err(Error::Wrong) = enter(server, limits, "nobody@city.example", "guess", &Browser::default()).await {
            guesses += 1;
        }
        assert_eq!(guesses, 10);
        server.settle().await;
    }

    async fn another_s_device_is_a_stranger_s(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        hired(server, server.agency.id, "eve", &[Role::Author]).await;
        let limits = limits();
        let eve = signed_in(server, limits, "eve").await;
        let browser = Browser { family: String::new(), device: Some(eve.device) };
        let mut guesses = 0;
        while let Err(Error::Wrong) = enter(server, limits, ADA, "guess", &browser).await {
            guesses += 1;
        }
        assert_eq!(guesses, 10);
        assert!(matches!(enter(server, limits, ADA, "guess", &Browser::default()).await, Err(Error::Wait(_))), "it is the same allowance");
        server.settle().await;
    }

    async fn few_devices_are_remembered(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let first = signed_in(server, limits, "ada").await;
        for _ in 0..24 {
            server.clock.advance(Duration::from_secs(1));
            signed_in(server, limits, "ada").await;
        }
        assert_eq!(server.count("staff_devices").await, 20);
        let browser = Browser { family: String::new(), device: Some(first.device.clone()) };
        let Entered::In(again) = enter(server, limits, ADA, PASSWORD, &browser).await.unwrap() else { panic!("a code") };
        assert_ne!(again.device, first.device, "the oldest are forgotten");
        let browser = Browser { family: String::new(), device: Some(again.device.clone()) };
        let Entered::In(same) = enter(server, limits, ADA, PASSWORD, &browser).await.unwrap() else { panic!("a code") };
        assert_eq!(same.device, again.device);
        server.settle().await;
    }

    async fn a_code_is_wanted_once_codes_are_set_up(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let own = session(server, &signed_in(server, limits, "ada").await.session).await.unwrap();
        // What was begun and not confirmed asks for nothing.
        let (clock, of, site) = (server.clock.clone(), own.clone(), server.services.site.clone());
        attempt(server, move |conn| codes::enrol(conn, clock.as_ref(), &site, &of, &chance)).await.unwrap();
        signed_in(server, limits, "ada").await;
        let (clock, of) = (server.clock.clone(), own.clone());
        let wrong = attempt(server, move |conn| codes::confirm(conn, clock.as_ref(), &of, "000000", &chance)).await;
        assert!(matches!(wrong, Err(Error::WrongCode)));

        let (secret, recovery) = set_up_codes(server, &own).await;
        assert_eq!(recovery.len(), 10);
        let first = code(&secret, server.now());
        let begun = step(server, limits).await;
        assert!(is_in(give(server, limits, &begun, &first).await).is_none(), "the code that set it up was used");
        server.clock.advance(Duration::from_secs(30));
        let next = code(&secret, server.now());
        let spaced = format!("{} {}", &next[..3], &next[3..]);
        let admitted = is_in(give(server, limits, &begun, &spaced).await).unwrap();
        assert!(session(server, &admitted.session).await.is_some());
        assert!(matches!(give(server, limits, &begun, &next).await, Err(Error::Begin)), "a sign-in ends once");
        let replayed = step(server, limits).await;
        assert!(is_in(give(server, limits, &replayed, &next).await).is_none(), "a code counts once");

        // A clock that is a step late or early, and no more.
        let late = code(&secret, server.now() + Duration::from_secs(30));
        assert!(is_in(give(server, limits, &replayed, &late).await).is_some());
        server.clock.advance(Duration::from_secs(300));
        let far = code(&secret, server.now() + Duration::from_secs(60));
        let begun = step(server, limits).await;
        assert!(is_in(give(server, limits, &begun, &far).await).is_none());
        server.clock.advance(Duration::from_secs(300));
        let now = code(&secret, server.now());
        assert!(matches!(give(server, limits, &begun, &now).await, Err(Error::Begin)), "it took too long");
        server.settle().await;
    }

    async fn three_wrong_codes_begin_again(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let own = session(server, &signed_in(server, limits, "ada").await.session).await.unwrap();
        let (secret, _) = set_up_codes(server, &own).await;
        server.clock.advance(Duration::from_secs(60));
        let begun = step(server, limits).await;
        for _ in 0..3 {
            assert!(is_in(give(server, limits, &begun, "000000").await).is_none());
        }
        let right = code(&secret, server.now());
        assert!(matches!(give(server, limits, &begun, &right).await, Err(Error::Begin)));
        // Whoever has the password cannot guess codes for long.
        let mut guesses = 0;
        'guessing: for n in 0_u8..100 {
            let from = [203, 0, 113, n].into();
            let Ok(Entered::CodeWanted(begun)) = enter_from(server, limits, ADA, PASSWORD, &Browser::default(), from).await else { break };
            for _ in 0..3 {
                match give(server, limits, &begun, "000000").await {
                    Ok(Code::Wrong) => guesses += 1,
                    Err(Error::Wait(_)) => break 'guessing,
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(guesses, 12);
        server.settle().await;
    }

    async fn a_recovery_code_lets_in_once(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let own = session(server, &signed_in(server, limits, "ada").await.session).await.unwrap();
        let (_, recovery) = set_up_codes(server, &own).await;
        let one = recovery[4].reveal().clone();
        assert!(server.places_of(&one).await.is_empty() && server.places_of(&one.replace(' ', "").to_uppercase()).await.is_empty());
        let begun = step(server, limits).await;
        assert!(is_in(give(server, limits, &begun, &one).await).is_some());
        let begun = step(server, limits).await;
        assert!(is_in(give(server, limits, &begun, &one).await).is_none());
        let of = own.clone();
        let standing = server.read(move |conn| codes::standing(conn, &of)).await;
        assert_eq!((standing.are_set_up, standing.recovery_codes), (true, 9));

        let (clock, of) = (server.clock.clone(), own.clone());
        let renewed = attempt(server, move |conn| codes::renew_recovery_codes(conn, clock.as_ref(), &of, &chance)).await.unwrap();
        assert!(is_in(give(server, limits, &begun, recovery[5].reveal()).await).is_none(), "the old ones are gone");
        assert!(is_in(give(server, limits, &begun, renewed[0].reveal()).await).is_some());
        server.settle().await;
    }

    async fn what_is_dangerous_is_only_done_afresh(server: &TestServer) {
        hired(server, server.agency.id, "ada", &[Role::Author]).await;
        let limits = limits();
        let admitted = signed_in(server, limits, "ada").await;
        let own = session(server, &admitted.session).await.unwrap();
        set_up_codes(server, &own).await;
        server.clock.advance(sessions::FRESH);
        for what in 0..3 {
            let (clock, of, site) = (server.clock.clone(), own.clone(), server.services.site.clone());
            let refused = attempt(server, move |conn| match what {
                0 => codes::remove(conn, clock.as_ref(), &of),
                1 => codes::renew_recovery_codes(conn, clock.as_ref(), &of, &chance).map(drop),
                _ => codes::enrol(conn, clock.as_ref(), &site, &of, &chance).map(drop),
            }).await;
            assert!(matches!(refused, Err(Error::ProveAgain)), "{refused:?}");
        }
        let (clock, of) = (server.clock.clone(), own.clone());
        let knock = attempt(server, move |conn| sign_in::knock_again(conn, clock.as_ref(), limits, &of)).await.unwrap();
        let proof = knock.answer(&Password::typed(PASSWORD), &chance).unwrap();
        let (clock, of) = (server.clock.clone(), own.clone());
        attempt(server, move |conn| sign_in::prove_again(conn, clock.as_ref(), limits, &of, &proof)).await.unwrap();
        let own = session(server, &admitted.session).await.unwrap();
        let clock = server.clock.clone();
        attempt(server, move |conn| codes::remove(conn, clock.as_ref(), &own)).await.unwrap();
        signed_in(server, limits, "ada").await;
        assert_eq!(server.count("staff_recovery_codes").await, 0);
        assert_eq!(HOME[0], 192);
        server.settle().await;
    }
}
