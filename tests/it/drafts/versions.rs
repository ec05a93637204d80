//! Every text that somebody saves is kept: two who write at once see both, and nothing is lost.

use std::time::Duration;

use actapub::agencies::staff::{Mandate, Role};
use actapub::kernel::DraftId;
use actapub::publishing::drafts::{
    self, Content, Draft, Error, Kept, PartNumber, Proposal, Saved, Saving, Standing, Version,
    VersionNumber,
};
use actapub::publishing::house::HouseRules;

use super::states::everything;
use crate::harness::{TestServer, content, on_both, says};

async fn save(
    server: &TestServer,
    by: &Mandate,
    draft: DraftId,
    seen: VersionNumber,
    text: &str,
    saving: Saving,
) -> Result<Saved, Error> {
    let (clock, by, proposal) = (server.clock.clone(), by.clone(), says(text));
    server
        .desk(move |conn, _| {
            drafts::save(
                conn,
                clock.as_ref(),
                &by,
                draft,
                PartNumber::FIRST,
                seen,
                &proposal,
                saving,
            )
        })
        .await
}

async fn merged(
    server: &TestServer,
    by: &Mandate,
    draft: &Draft,
    text: &str,
    saving: Saving,
) -> VersionNumber {
    let seen = server.stands(draft.id).await.parts[0].version;
    match save(server, by, draft.id, seen, text, saving)
        .await
        .unwrap()
    {
        Saved::Merged { version, .. } => version,
        other => panic!("{other:?}"),
    }
}

async fn versions(server: &TestServer, by: &Mandate, draft: DraftId) -> Vec<Version> {
    let by = by.clone();
    server
        .desk(move |conn, _| drafts::versions(conn, &by, draft))
        .await
        .unwrap()
}

fn texts(versions: &[Version]) -> Vec<String> {
    versions
        .iter()
        .map(|it| it.proposal.as_ref().unwrap().text())
        .collect()
}

fn in_language(text: &str, language: &str) -> Proposal {
    Proposal::Announcement {
        content: Content {
            language: language.to_owned(),
            ..content(text)
        },
        answering: None,
        pin: false,
        rest: vec![],
    }
}

on_both! {
    async fn of_two_who_write_at_once_both_texts_are_kept(server: &TestServer) {
        let ada = server.staff(&[Role::Author]).await;
        let ben = server.staff(&[Role::Author]).await;
        let draft = server.writes(&ada, says("Beginning.")).await;
        let seen = draft.version;
        let (one, two) = tokio::join!(
            save(server, &ada, draft.id, seen, "By Ada.", Saving::ByHand),
            save(server, &ben, draft.id, seen, "By Ben.", Saving::ByHand),
        );
        let mut first = None;
        let mut second = None;
        for (by, text, saved) in [(&ada, "By Ada.", one.unwrap()), (&ben, "By Ben.", two.unwrap())] {
            match saved {
                Saved::Merged { version, left: None } => first = Some((text, version)),
                Saved::Aside { yours, why: Kept::Conflict { theirs } } => second = Some((by, text, yours, theirs)),
                other => panic!("{other:?}"),
            }
        }
        let (first, (by, text, yours, theirs)) = (first.unwrap(), second.unwrap());
        assert_eq!((theirs.number, theirs.proposal.unwrap().text().as_str()), (first.1, first.0));
        let stands = server.stands(draft.id).await;
        assert_eq!((stands.version, stands.parts[0].version), (first.1, first.1));
        assert_eq!(stands.proposals().next().unwrap().text(), first.0);
        // Only its author sees what counts for nothing, and can have it again.
        let other = if by == &ada { &ben } else { &ada };
        assert_eq!(texts(&versions(server, other, draft.id).await), ["Beginning.", first.0]);
        let kept = versions(server, by, draft.id).await;
        let kept = kept.iter().find(|it| it.number == yours).unwrap();
        assert_eq!((kept.proposal.as_ref().unwrap().text().as_str(), kept.unmerged_from), (text, Some(seen)));
        // They go on typing: the newest of theirs is kept. Then they put both together.
        let again = save(server, by, draft.id, seen, "More by me.", Saving::Automatic).await.unwrap();
        let Saved::Aside { yours, .. } = again else { panic!("{again:?}") };
        let both = merged(server, by, &draft, "By both.", Saving::ByHand).await;
        assert!(both > yours);
        let (who, id) = (other.clone(), draft.id);
        let refused = server.desk(move |conn, _| drafts::drop_unmerged(conn, &who, id, yours)).await;
        assert!(matches!(refused, Err(Error::NotFound)), "it is not theirs");
        let who = by.clone();
        server.desk(move |conn, _| drafts::drop_unmerged(conn, &who, id, yours)).await.unwrap();
        assert_eq!(texts(&versions(server, by, draft.id).await), ["Beginning.", first.0, "By both."]);
        let refused = { let who = by.clone(); server.desk(move |conn, _| drafts::drop_unmerged(conn, &who, id, both)).await };
        assert!(matches!(refused, Err(Error::NotFound)), "what counts is not dropped");
        // Whoever wrote what was not taken is no author of it.
        server.settle().await;
    }

    async fn automatic_saves_replace_one_another_within_a_sitting(server: &TestServer) {
        let ada = server.staff(&[Role::Author]).await;
        let ben = server.staff(&[Role::Author]).await;
        let draft = &server.writes(&ada, says("Beginning.")).await;
        let minute = || server.clock.advance(Duration::from_secs(60));
        for text in ["B", "Be", "Bea", "Beac", "Beach"] {
            merged(server, &ada, draft, text, Saving::Automatic).await;
            minute();
        }
        assert_eq!(texts(&versions(server, &ada, draft.id).await), ["Beginning.", "Beach"]);
        // After five minutes of typing another begins, and by another's hand.
        merged(server, &ada, draft, "Beaches", Saving::Automatic).await;
        minute();
        merged(server, &ada, draft, "Beaches open", Saving::Automatic).await;
        merged(server, &ben, draft, "Beaches open now", Saving::Automatic).await;
        merged(server, &ada, draft, "Beaches open now.", Saving::Automatic).await;
        merged(server, &ada, draft, "Beaches open now!", Saving::ByHand).await;
        merged(server, &ada, draft, "Beaches open now?", Saving::Automatic).await;
        let kept = ["Beginning.", "Beach", "Beaches open", "Beaches open now", "Beaches open now.", "Beaches open now!", "Beaches open now?"];
        assert_eq!(texts(&versions(server, &ada, draft.id).await), kept);
        // A number is never given twice: whoever saw a text that was replaced is told.
        let numbers: Vec<i32> = versions(server, &ada, draft.id).await.iter().map(|it| it.number.get()).collect();
        assert_eq!(numbers, [1, 6, 8, 9, 10, 11, 12]);
        let late = save(server, &ben, draft.id, VersionNumber::new(3), "Mine", Saving::ByHand).await.unwrap();
        assert!(matches!(late, Saved::Aside { why: Kept::Conflict { .. }, .. }), "{late:?}");
        // What was shown for approval stays, even if it is typed on within the minute.
        let submitted = server.submits(&ada, draft.id).await.unwrap();
        assert_eq!(submitted.standing(), Standing::Approved);
        merged(server, &ada, draft, "Beaches open now…", Saving::Automatic).await;
        assert!(texts(&versions(server, &ada, draft.id).await).contains(&"Beaches open now?".to_owned()));
        // A clock that was set back replaces nothing by mistake.
        server.settle().await;
    }

    async fn the_same_text_again_changes_nothing(server: &TestServer) {
        server.works_by(everything()).await;
        let ada = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&ada, says("Same.")).await;
        let draft = server.submits(&ada, draft.id).await.unwrap();
        let draft = server.approves(&approver, &draft).await.unwrap();
        for seen in [draft.version, VersionNumber::new(0)] {
            let saved = save(server, &approver, draft.id, seen, "Same.", Saving::Automatic).await.unwrap();
            assert_eq!(saved, Saved::Unchanged { version: draft.version });
        }
        assert_eq!(server.stands(draft.id).await, draft);
        let saved = save(server, &ada, draft.id, draft.version, "Other.", Saving::Automatic).await.unwrap();
        assert!(matches!(saved, Saved::Merged { left: Some(Standing::Approved), .. }), "{saved:?}");
        server.settle().await;
    }

    async fn what_comes_too_late_is_kept_as_well(server: &TestServer) {
        let ada = server.staff(&[Role::Author]).await;
        let draft = server.writes(&ada, says("Short.")).await;
        server.publishes(&ada, &draft).await.unwrap();
        let saved = save(server, &ada, draft.id, draft.version, "Long.", Saving::Automatic).await.unwrap();
        let Saved::Aside { yours, why: Kept::Over(Standing::Published) } = saved else { panic!("{saved:?}") };
        assert!(versions(server, &ada, draft.id).await.iter().any(|it| it.number == yours));
        assert_eq!(server.stands(draft.id).await.proposals().next().unwrap().text(), "Short.");
        let huge = save(server, &ada, draft.id, draft.version, &"x".repeat(1_100_000), Saving::ByHand).await;
        assert!(matches!(huge, Err(Error::TooLarge)));
        let (clock, by, id) = (server.clock.clone(), ada.clone(), draft.id);
        let other = server.desk(move |conn, _| {
            drafts::save(conn, clock.as_ref(), &by, id, PartNumber::FIRST, VersionNumber::new(1), &Proposal::Withdrawal { announcement: actapub::kernel::AnnouncementId::new(1), reason: "x".to_owned() }, Saving::ByHand)
        }).await;
        assert!(matches!(other, Err(Error::AnotherMatter)), "{other:?}");
        server.settle().await;
    }

    async fn translators_do_not_stand_in_each_others_way(server: &TestServer) {
        let ada = server.staff(&[Role::Author]).await;
        let ben = server.staff(&[Role::Author]).await;
        let clock = server.clock.clone();
        let by = ada.clone();
        let draft = server.desk(move |conn, _| {
            drafts::start(conn, clock.as_ref(), &by, vec![in_language("Open.", "en"), in_language("Ouvert.", "fr")])
        }).await.unwrap();
        assert_eq!(draft.parts.iter().map(|it| it.version.get()).collect::<Vec<_>>(), [1, 2]);
        merged(server, &ada, &draft, "Open now.", Saving::ByHand).await;
        // The French text stands on what it stood on.
        let (clock, by, id) = (server.clock.clone(), ben.clone(), draft.id);
        let french = server.desk(move |conn, _| {
            drafts::save(conn, clock.as_ref(), &by, id, PartNumber::new(2), VersionNumber::new(2), &in_language("Ouvert maintenant.", "fr"), Saving::ByHand)
        }).await.unwrap();
        assert!(matches!(french, Saved::Merged { .. }), "{french:?}");
        // A third language, a reason, and one language less, each seen by whoever approves.
        let (clock, by) = (server.clock.clone(), ada.clone());
        let draft = server.desk(move |conn, _| drafts::add_part(conn, clock.as_ref(), &by, id, in_language("Offen.", "de"))).await.unwrap();
        let (clock, by, seen) = (server.clock.clone(), ben.clone(), draft.version);
        let exempt = server.desk(move |conn, _| drafts::exempt(conn, clock.as_ref(), &by, id, seen, Some(" Too short a time. "))).await.unwrap();
        assert_eq!(exempt.exemption.as_deref(), Some("Too short a time."));
        assert!(exempt.version > draft.version);
        // Ada's text is as it was, so that she goes on where she is.
        assert!(matches!(save(server, &ada, id, draft.parts[0].version, "Open at last.", Saving::ByHand).await.unwrap(), Saved::Merged { .. }));
        let now = server.stands(id).await;
        let (clock, by, stale) = (server.clock.clone(), ben.clone(), exempt.version);
        let refused = server.desk(move |conn, _| drafts::remove_part(conn, clock.as_ref(), &by, id, PartNumber::new(3), stale)).await;
        assert!(matches!(refused, Err(Error::Changed { .. })));
        let (clock, by, seen) = (server.clock.clone(), ben.clone(), now.version);
        let left = server.desk(move |conn, _| drafts::remove_part(conn, clock.as_ref(), &by, id, PartNumber::new(3), seen)).await.unwrap();
        assert_eq!(left.parts.len(), 2);
        let (clock, by) = (server.clock.clone(), ada.clone());
        let late = server.desk(move |conn, _| {
            drafts::save(conn, clock.as_ref(), &by, id, PartNumber::new(3), VersionNumber::new(5), &in_language("Jetzt offen.", "de"), Saving::ByHand)
        }).await.unwrap();
        assert!(matches!(late, Saved::Aside { why: Kept::Removed, .. }), "{late:?}");
        let all = texts(&versions(server, &ada, id).await);
        assert!(all.contains(&"Jetzt offen.".to_owned()) && all.contains(&"Offen.".to_owned()), "{all:?}");
        server.settle().await;
    }

    async fn to_exempt_or_remove_is_to_write(server: &TestServer) {
        server.works_by(everything()).await;
        let ada = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&ada, says("Text.")).await;
        let (clock, by, id, seen) = (server.clock.clone(), approver.clone(), draft.id, draft.version);
        server.desk(move |conn, _| drafts::exempt(conn, clock.as_ref(), &by, id, seen, Some("No time."))).await.unwrap();
        let draft = server.submits(&ada, draft.id).await.unwrap();
        assert!(matches!(server.approves(&approver, &draft).await, Err(Error::OwnText)));
        server.settle().await;
    }

    async fn what_a_draft_has_is_checked_before_anybody_approves_it(server: &TestServer) {
        server.works_by(HouseRules { languages: vec!["en".to_owned(), "fr".to_owned()], ..everything() }).await;
        let ada = server.staff(&[Role::Author]).await;
        let long = "Word. ".repeat(1_000);
        for (text, refused) in [("  ", "needs a text"), (long.as_str(), "5000")] {
            let draft = server.writes(&ada, says(text)).await;
            let (clock, by, id, seen) = (server.clock.clone(), ada.clone(), draft.id, draft.version);
            let draft = server.desk(move |conn, _| drafts::exempt(conn, clock.as_ref(), &by, id, seen, Some("Test."))).await.unwrap();
            let said = server.submits(&ada, draft.id).await.unwrap_err().to_string();
            assert!(said.contains(refused), "{said}");
        }
        let draft = server.writes(&ada, says("Only English.")).await;
        let said = server.submits(&ada, draft.id).await.unwrap_err();
        assert!(matches!(&said, Error::Languages(missing) if missing == &["fr"]), "{said}");
        let (clock, by, id) = (server.clock.clone(), ada.clone(), draft.id);
        server.desk(move |conn, _| drafts::add_part(conn, clock.as_ref(), &by, id, in_language("The same again.", "EN"))).await.unwrap();
        assert!(matches!(server.submits(&ada, draft.id).await, Err(Error::SameLanguage(_))));
        // A picture without its alternative is never published, whatever the rules say.
        let image = actapub::publishing::Image { digest: "0".repeat(64), media_type: "image/png".to_owned(), alt: " ".to_owned(), width: 1, height: 1, blurhash: String::new(), focus: None };
        let mute = Proposal::Announcement { content: Content { images: vec![image], ..content("Look.") }, answering: None, pin: false, rest: vec![] };
        let draft = server.writes(&ada, mute).await;
        let (clock, by, id, seen) = (server.clock.clone(), ada.clone(), draft.id, draft.version);
        let draft = server.desk(move |conn, _| drafts::exempt(conn, clock.as_ref(), &by, id, seen, Some("Test."))).await.unwrap();
        assert!(server.submits(&ada, draft.id).await.unwrap_err().to_string().contains("text alternative"));
        assert_eq!(server.count("announcements").await, 0, "a rehearsal leaves nothing");
        assert_eq!(server.count("journal WHERE kind = 'announcement_published'").await, 0);
        server.settle().await;
    }
}
