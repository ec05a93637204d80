//! What goes out at a time goes out then, once, or is held.

use std::sync::Arc;
use std::time::Duration;

use actapub::agencies::staff::{Mandate, Role};
use actapub::app::Services;
use actapub::kernel::{ManualClock, Unclear};
use actapub::publishing::drafts::{self, Content, Draft, Error, Hold, Proposal, Standing, State};
use actapub::publishing::house::{HouseRules, Period};

use super::states::everything;
use crate::harness::{TestServer, content, on_both, says};

fn in_zurich() -> HouseRules {
    HouseRules {
        zone: "Europe/Zurich".parse().unwrap(),
        ..HouseRules::default()
    }
}

/// A draft that goes out at a time.
async fn scheduled(server: &TestServer, by: &Mandate, text: &str, at: &str) -> Draft {
    let draft = server.writes(by, says(text)).await;
    server.schedules(by, &draft, at).await.unwrap()
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

async fn why(server: &TestServer, draft: &Draft) -> Hold {
    match server.stands(draft.id).await.state {
        State::Held(why) => why,
        other => panic!("{other:?}"),
    }
}

on_both! {
    /// It is 12:00 UTC, 13:00 in Zürich.
    async fn it_goes_out_at_the_time_that_the_clocks_show(server: &TestServer) {
        server.works_by(in_zurich()).await;
        let author = server.staff(&[Role::Author]).await;
        let draft = scheduled(server, &author, "On time.", "2026-11-24 13:30").await;
        let State::Scheduled(due) = &draft.state else { panic!("{draft:?}") };
        assert_eq!((due.at.to_string().as_str(), due.zone.name()), ("2026-11-24T12:30:00Z", "Europe/Zurich"));
        assert_eq!(server.services.send_due().await.unwrap(), Some(due.at));
        server.clock.advance(minutes(29));
        assert_eq!(server.services.send_due().await.unwrap(), Some(due.at));
        assert_eq!(server.count("announcements").await, 0);
        server.clock.advance(minutes(1));
        assert_eq!(server.services.send_due().await.unwrap(), None);
        assert_eq!(server.stands(draft.id).await.standing(), Standing::Published);
        server.settle().await;
        let create = server.composed().await.into_iter().find(|it| it["type"] == "Create").unwrap();
        assert_eq!(create["object"]["published"], "2026-11-24T12:30:00Z", "signed and sent then");
    }

    async fn a_time_that_is_twice_or_never_is_asked_about(server: &TestServer) {
        server.works_by(in_zurich()).await;
        let author = server.staff(&[Role::Author]).await;
        let draft = server.writes(&author, says("When?")).await;
        let twice = server.schedules(&author, &draft, "2027-10-31 02:30").await;
        let Err(Error::Unclear(Unclear::Twice { first, second, .. })) = twice else { panic!("{twice:?}") };
        assert_eq!([first.to_string(), second.to_string()], ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]);
        let never = server.schedules(&author, &draft, "2027-03-28 02:30").await;
        let Err(Error::Unclear(Unclear::Never { next, .. })) = never else { panic!("{never:?}") };
        assert_eq!(next.to_string(), "2027-03-28T03:00:00+02:00");
        // The answers are taken as they were offered.
        for offered in [first, second, next] {
            let draft = server.schedules(&author, &server.stands(draft.id).await, &offered.to_string()).await.unwrap();
            assert!(matches!(draft.state, State::Scheduled(due) if due.at == offered.at));
        }
        for past in ["2026-11-24 13:00", "2026-11-24 12:59", "2020-01-01T00:00:00Z"] {
            let stands = server.stands(draft.id).await;
            assert!(matches!(server.schedules(&author, &stands, past).await, Err(Error::Past)), "{past}");
        }
        server.settle().await;
    }

    async fn what_was_missed_is_sent_if_it_is_not_too_late(server: &TestServer) {
        let author = server.staff(&[Role::Author]).await;
        let soon = scheduled(server, &author, "A little late.", "2026-11-24 12:10").await;
        let sooner = scheduled(server, &author, "Too late.", "2026-11-24 12:09").await;
        // The server was down until 12:25.
        server.clock.advance(minutes(25));
        server.services.send_due().await.unwrap();
        assert_eq!(server.stands(soon.id).await.standing(), Standing::Published);
        assert_eq!(why(server, &sooner).await, Hold::Late { due: "2026-11-24T12:09:00Z".parse().unwrap(), minutes: 16 });
        assert_eq!(server.read(drafts::held).await, 1);
        // Once more does nothing, and somebody sets another time.
        server.services.send_due().await.unwrap();
        assert_eq!(server.count("announcements").await, 1);
        let held = server.stands(sooner.id).await;
        let again = server.schedules(&author, &held, "2026-11-24 13:00").await.unwrap();
        assert_eq!(again.standing(), Standing::Scheduled);
        server.clock.advance(minutes(40));
        server.services.send_due().await.unwrap();
        assert_eq!(server.count("announcements").await, 2);
        server.settle().await;
    }

    async fn a_clock_that_is_set_back_publishes_nothing_twice(server: &TestServer) {
        let author = server.staff(&[Role::Author]).await;
        let draft = scheduled(server, &author, "Once.", "2026-11-24 12:30").await;
        server.clock.advance(minutes(30));
        server.services.send_due().await.unwrap();
        server.settle().await;
        server.clock.set("2026-11-24T12:10:00Z".parse().unwrap());
        assert_eq!(server.services.send_due().await.unwrap(), None);
        server.clock.set("2026-11-24T12:30:00Z".parse().unwrap());
        assert_eq!(server.services.send_due().await.unwrap(), None);
        assert_eq!(server.count("announcements").await, 1);
        assert_eq!(server.stands(draft.id).await.standing(), Standing::Published);
        // One that jumps ahead and comes back has held what it thought too late, and no more.
        let draft = scheduled(server, &author, "Later.", "2026-11-24 13:00").await;
        server.clock.set("2027-01-01T00:00:00Z".parse().unwrap());
        server.services.send_due().await.unwrap();
        assert!(matches!(why(server, &draft).await, Hold::Late { .. }));
        server.clock.set("2026-11-24T13:00:00Z".parse().unwrap());
        assert_eq!(server.services.send_due().await.unwrap(), None);
        assert_eq!(server.count("announcements").await, 1);
        server.settle().await;
    }

    /// Several processes have a connection of their own to one database.
    async fn of_several_processes_one_sends_it(server: &TestServer) {
        let author = server.staff(&[Role::Author]).await;
        let another = || async {
            let clock = Arc::new(ManualClock::at(server.now()));
            Services::open_with(&server.config, clock).await.unwrap()
        };
        for round in 1..=4_i64 {
            for n in 0..3 {
                scheduled(server, &author, &format!("Round {round}, {n}."), &format!("2026-11-24T1{}:00:00Z", 2 + round)).await;
            }
            server.clock.advance(Duration::from_secs(3_600));
            let (one, two, three) = (another().await, another().await, another().await);
            let sent = tokio::join!(one.send_due(), two.send_due(), server.services.send_due(), three.send_due());
            for outcome in [sent.0, sent.1, sent.2, sent.3] {
                outcome.unwrap();
            }
            assert_eq!(server.count("announcements").await, round * 3);
            assert_eq!(server.count("journal WHERE kind = 'announcement_published'").await, round * 3);
        }
        assert_eq!(server.count("drafts WHERE state = 6").await, 12);
        server.settle().await;
    }

    async fn of_two_who_schedule_one_is_told(server: &TestServer) {
        let author = server.staff(&[Role::Author]).await;
        let other = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&author, says("Now or later?")).await;
        let (scheduled, published) = tokio::join!(
            server.schedules(&author, &draft, "2026-11-24 12:30"),
            server.publishes(&other, &draft),
        );
        let stands = server.stands(draft.id).await;
        match (scheduled, published) {
            // Scheduled first, and then published all the same.
            (Ok(_) | Err(Error::State { is: Standing::Published, .. }), Ok(_)) => assert_eq!(stands.standing(), Standing::Published),
            other => panic!("{other:?}"),
        }
        server.clock.advance(minutes(31));
        server.services.send_due().await.unwrap();
        assert_eq!(server.count("announcements").await, 1);
        server.settle().await;
    }

    async fn it_is_held_where_something_has_changed(server: &TestServer) {
        let mut rules = everything();
        server.works_by(rules.clone()).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let ready = async |proposal: Proposal, approver: &Mandate| {
            let draft = server.writes(&author, proposal).await;
            let draft = server.submits(&author, draft.id).await.unwrap();
            let draft = server.approves(approver, &draft).await.unwrap();
            server.schedules(&author, &draft, "2026-11-24 12:30").await.unwrap()
        };
        let gone = server.staff(&[Role::Approver]).await;
        let unapproved = ready(says("Whose word?"), &gone).await;
        let (said, _) = server.announce("It stands.").await;
        let edit = |text: &str| Proposal::Edit { announcement: said.id, revision: 1, content: content(text) };
        let first = ready(edit("First edit."), &approver).await;
        let second = ready(edit("Second edit."), &approver).await;
        let second = server.schedules(&author, &second, "2026-11-24 12:31").await.unwrap();
        let english = ready(says("Only English."), &approver).await;
        server.remove(gone.person().unwrap()).await;
        server.clock.advance(minutes(31));
        rules.languages = vec!["fr".to_owned()];
        server.works_by(rules.clone()).await;
        server.services.send_due().await.unwrap();
        assert_eq!(why(server, &unapproved).await, Hold::Languages { missing: vec!["fr".to_owned()] });
        assert_eq!(why(server, &english).await, Hold::Languages { missing: vec!["fr".to_owned()] });
        assert_eq!(server.stands(first.id).await.standing(), Standing::Published);
        let Hold::Refused { reason } = why(server, &second).await else { panic!() };
        assert!(reason.contains("somebody else has edited"), "{reason}");
        rules.languages.clear();
        rules.forbidden = vec![Period { from: "2026-11-24 13:00".parse().unwrap(), until: "2026-11-25 00:00".parse().unwrap(), reason: "Election".to_owned() }];
        server.works_by(rules.clone()).await;
        let refused = server.schedules(&author, &server.stands(english.id).await, "2026-11-24 14:00").await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        let again = server.schedules(&author, &server.stands(english.id).await, "2026-11-24 12:45").await.unwrap();
        // The approver has gone: nobody's word is left.
        assert!(matches!(server.schedules(&author, &server.stands(unapproved.id).await, "2026-11-24 12:45").await, Err(Error::Approvals { have: 0, need: 1 })));
        // The period was set earlier meanwhile.
        rules.forbidden[0].from = "2026-11-24 12:40".parse().unwrap();
        server.works_by(rules).await;
        server.clock.advance(minutes(14));
        server.services.send_due().await.unwrap();
        assert!(matches!(why(server, &again).await, Hold::Forbidden { reason, .. } if reason == "Election"));
        // What takes something back is never held for that.
        let withdrawal = ready_withdrawal(server, &author, &approver, said.id).await;
        server.publishes(&author, &withdrawal).await.unwrap();
        server.settle().await;
    }

    async fn an_approver_who_was_removed_holds_it(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author]).await;
        let gone = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&author, says("Whose word?")).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        let draft = server.approves(&gone, &draft).await.unwrap();
        let draft = server.schedules(&author, &draft, "2026-11-24 12:30").await.unwrap();
        server.remove(gone.person().unwrap()).await;
        server.clock.advance(minutes(30));
        server.services.send_due().await.unwrap();
        assert_eq!(why(server, &draft).await, Hold::Approvals { have: 0, need: 1 });
        assert_eq!(server.count("announcements").await, 0);
        server.settle().await;
    }

    async fn keys_are_made_when_their_time_comes(server: &TestServer) {
        let administrator = server.staff(&[Role::Administrator]).await;
        let before = server.document(&server.actor()).await["publicKey"]["publicKeyPem"].clone();
        let draft = server.writes(&administrator, Proposal::Keys).await;
        server.schedules(&administrator, &draft, "2026-11-24 12:30").await.unwrap();
        server.clock.advance(minutes(30));
        server.services.send_due().await.unwrap();
        server.settle().await;
        let after = server.document(&server.actor()).await["publicKey"]["publicKeyPem"].clone();
        assert!(after.is_string() && after != before);
    }

    async fn many_languages_go_out_together_or_not_at_all(server: &TestServer) {
        let author = server.staff(&[Role::Author]).await;
        let part = |text: &str, language: &str, pin: bool| Proposal::Announcement {
            content: Content { language: language.to_owned(), ..content(text) },
            answering: None,
            pin,
            rest: vec![],
        };
        let (clock, by) = (server.clock.clone(), author.clone());
        let draft = server.desk(move |conn, _| {
            drafts::start(conn, clock.as_ref(), &by, vec![part("Open.", "en", false), part("Ouvert.", "fr", true)])
        }).await.unwrap();
        server.schedules(&author, &draft, "2026-11-24 12:30").await.unwrap();
        // Meanwhile others have taken all the places at the top of the page.
        for n in 0..5 {
            let pinned = Proposal::Announcement { content: content(&format!("Pinned {n}.")), answering: None, pin: true, rest: vec![] };
            let pinned = server.writes(&author, pinned).await;
            server.publishes(&author, &pinned).await.unwrap();
        }
        server.clock.advance(minutes(30));
        server.services.send_due().await.unwrap();
        assert!(matches!(why(server, &draft).await, Hold::Refused { reason } if reason.contains("pinned")));
        assert_eq!(server.count("announcements").await, 5, "not even the first of them");
        assert_eq!(server.count("language_versions").await, 0);
        server.settle().await;
    }
}

async fn ready_withdrawal(
    server: &TestServer,
    author: &Mandate,
    approver: &Mandate,
    announcement: actapub::kernel::AnnouncementId,
) -> Draft {
    let withdrawal = Proposal::Withdrawal {
        announcement,
        reason: "It was wrong.".to_owned(),
    };
    let draft = server.writes(author, withdrawal).await;
    let draft = server.submits(author, draft.id).await.unwrap();
    server.approves(approver, &draft).await.unwrap()
}
