//! There is no way by which an answer to a private message becomes public, and none by which two are sent.

use actapub::agencies::staff::Mandate;
use actapub::dialogue::queue::{self, Error};
use actapub::kernel::AnnouncementId;
use actapub::publishing::articles::Manuscript;
use actapub::publishing::drafts::{self, Alone, Error as Refused, Kind, Proposal, Standing};
use actapub::publishing::polls::{Ends, Question};
use actapub::publishing::{self, Answering, Image};
use serde_json::Value;

use super::{
    ANSWERED, ASKED, answers, begins, chief, letters, saves, with_content, wording, work, writes,
};
use crate::harness::{Leftover, TestServer, content, on_both, says};

fn poll() -> Question {
    Question {
        options: vec!["Yes".to_owned(), "No".to_owned()],
        multiple: false,
        ends: Ends::After { minutes: 60 },
    }
}

fn picture() -> Image {
    Image {
        digest: "cc".to_owned(),
        media_type: "image/png".to_owned(),
        alt: "A bill".to_owned(),
        width: 10,
        height: 10,
        blurhash: String::new(),
        focus: None,
    }
}

on_both! {
    async fn nothing_public_comes_of_it(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let note = writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let ada = chief(server).await;
        let item = letters(server, &ada).await[0].id;
        let uri = note["id"].as_str().unwrap().to_owned();
        let public = Proposal::Announcement {
            content: content(ANSWERED),
            answering: Some(Answering { uri: uri.clone(), thread: None }),
            pin: true,
            rest: vec![],
        };

        // Said in public, at once or by a draft.
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let draft = publishing::Draft { answering: Some(Answering { uri, thread: None }), ..server.draft(ANSWERED) };
        let said = server.services.db.write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, draft)).await;
        assert!(matches!(said, Err(publishing::Error::AnswersPrivate)), "{said:?}");
        let draft = server.writes(&ada, public.clone()).await;
        for refused in [server.submits(&ada, draft.id).await.map(drop), server.publishes(&ada, &draft).await.map(drop)] {
            assert!(matches!(refused, Err(Refused::Publishing(publishing::Error::AnswersPrivate))), "{refused:?}");
        }
        let (clock, by, alone) = (server.clock.clone(), ada.clone(), public.clone());
        let refused = server.desk(move |conn, press| {
            let ground = Alone::Emergency { reason: "It cannot wait." };
            drafts::act_alone(conn, clock.as_ref(), press, &by, vec![alone], ground)
        }).await;
        assert!(matches!(refused, Err(Refused::Publishing(publishing::Error::AnswersPrivate))), "{refused:?}");

        // What answers in private becomes nothing else, and takes nothing public along.
        let draft = begins(server, &ada, item).await.unwrap();
        let private = server.stands(draft).await.proposals().next().unwrap().clone();
        assert_eq!((private.kind(), private.announcement(), private.answering()), (Kind::Answer, None, None));
        for other in [
            says(ANSWERED),
            public.clone(),
            Proposal::Edit { announcement: AnnouncementId::new(1), revision: 1, content: content(ANSWERED) },
            Proposal::Pin { announcement: AnnouncementId::new(1) },
        ] {
            let refused = saves(server, &ada, draft, other.clone()).await;
            assert!(matches!(refused, Err(Refused::AnotherMatter)), "{other:?}: {refused:?}");
        }
        for unfit in [
            with_content(&private, |it| it.poll = Some(poll())),
            with_content(&private, |it| it.images.push(picture())),
            with_content(&private, |it| it.article = Some(Manuscript { title: "At length".to_owned(), markdown: ANSWERED.to_owned() })),
        ] {
            let refused = saves(server, &ada, draft, unfit.clone()).await;
            assert!(matches!(refused, Err(Refused::Publishing(publishing::Error::NotInPrivate))), "{refused:?}");
            let (clock, by) = (server.clock.clone(), ada.clone());
            let refused = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &by, vec![unfit])).await;
            assert!(matches!(refused, Err(Refused::Publishing(publishing::Error::NotInPrivate))), "{refused:?}");
        }
        // Nor in several languages, one of which might be public.
        for parts in [vec![private.clone(), says("Hello.")], vec![says("Hello."), private.clone()], vec![private.clone(), private.clone()]] {
            let (clock, by) = (server.clock.clone(), ada.clone());
            let refused = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &by, parts)).await;
            assert!(matches!(refused, Err(Refused::Parts)), "{refused:?}");
        }
        let (clock, by) = (server.clock.clone(), ada.clone());
        let refused = server.desk(move |conn, _| drafts::add_part(conn, clock.as_ref(), &by, draft, says("Hello."))).await;
        assert!(matches!(refused, Err(Refused::Parts)), "{refused:?}");
        let other = server.writes(&ada, says("Hello.")).await.id;
        let (clock, by, part) = (server.clock.clone(), ada.clone(), private.clone());
        let refused = server.desk(move |conn, _| drafts::add_part(conn, clock.as_ref(), &by, other, part)).await;
        assert!(matches!(refused, Err(Refused::Parts)), "{refused:?}");
        // An emergency is told in public.
        let (clock, by) = (server.clock.clone(), ada.clone());
        let refused = server.desk(move |conn, press| {
            let seen = drafts::find(conn, &by, draft)?.version;
            drafts::publish_in_emergency(conn, clock.as_ref(), press, &by, draft, seen, "It cannot wait.")
        }).await;
        assert!(matches!(refused, Err(Refused::EmergencyInPrivate)), "{refused:?}");

        // An empty answer is none; and when it has gone out, it has no announcement that could be edited or pinned.
        saves(server, &ada, draft, with_content(&private, |it| it.markdown = private_address(&private))).await.unwrap();
        let refused = server.publishes(&ada, &server.stands(draft).await).await;
        assert!(matches!(refused, Err(Refused::Publishing(publishing::Error::Empty))), "{refused:?}");
        saves(server, &ada, draft, private).await.unwrap();
        let done = server.publishes(&ada, &server.stands(draft).await).await.unwrap();
        assert!(done[0].announcement.is_none() && done[0].notice.is_none() && done[0].answer.is_some());
        assert_eq!(server.stands(draft).await.parts[0].announcement, None);
        // Nor does anything public lead to it.
        let (clock, site, rules) = (server.clock.clone(), server.services.site.clone(), server.services.rules);
        let uri = site.answer(done[0].answer.as_ref().unwrap().id);
        let after = publishing::Draft { answering: Some(Answering { uri, thread: None }), ..server.draft(ANSWERED) };
        let said = server.services.db.write(move |conn| publishing::announce(conn, clock.as_ref(), &site, rules, after)).await;
        assert!(matches!(said, Err(publishing::Error::AnswersPrivate)), "{said:?}");
        server.settle().await;
        for table in ["announcements", "revisions", "emergencies", "activities WHERE announcement_id IS NOT NULL", "activities WHERE fan_out > 0"] {
            assert_eq!(server.count(table).await, 0, "{table}");
        }
        server.may_leave(Leftover::Deliveries);
    }

    async fn no_one_answers_twice(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        writes(server, &alice, "/letters/1", Value::Null, ASKED).await;
        let (ada, ben) = (chief(server).await, chief(server).await);
        let item = letters(server, &ada).await[0].id;
        let at_once = async |by: &Mandate| {
            work(server, by, move |conn, clock, press, by| queue::answer_now(conn, clock, press, by, item, wording(ANSWERED))).await
        };
        // Before the queue has read of the first.
        let (first, second) = tokio::join!(at_once(&ada), at_once(&ben));
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
        assert_eq!(server.count("answers").await, 1);
        assert!(matches!(at_once(&ada).await, Err(Error::Closed)));
        server.settle().await;
        work(server, &ada, move |conn, clock, _, by| queue::reopen(conn, clock, by, item)).await.unwrap();
        // By a draft that has gone out a moment ago.
        let draft = begins(server, &ada, item).await.unwrap();
        assert!(matches!(at_once(&ada).await, Err(Error::BeingAnswered(it)) if it == draft));
        server.publishes(&ada, &server.stands(draft).await).await.unwrap();
        assert_eq!(server.stands(draft).await.standing(), Standing::Published);
        assert!(matches!(begins(server, &ada, item).await, Err(Error::BeingAnswered(_))));
        server.settle().await;
        assert!(matches!(begins(server, &ada, item).await, Err(Error::Closed)));
        assert_eq!(server.count("answers").await, 2);
        // Opened again, one more may be given.
        work(server, &ada, move |conn, clock, _, by| queue::reopen(conn, clock, by, item)).await.unwrap();
        answers(server, &ada, item, "And one more thing.").await;
        server.may_leave(Leftover::Deliveries);
    }
}

/// Whom a private answer addresses, and not a word more.
fn private_address(proposal: &Proposal) -> String {
    let Proposal::PrivateAnswer { to, .. } = proposal else {
        panic!("{proposal:?}")
    };
    format!("@{} ", to.acct)
}
