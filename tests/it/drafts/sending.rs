//! What comes of each kind of act, what an emergency leaves behind, and what the house rules let out.

use actapub::agencies::staff::{Mandate, Role};
use actapub::kernel::AnnouncementId;
use actapub::publishing::drafts::{
    self, Alone, Basis, Content, Done, Error, Kind, Piece, Profile, Proposal, Standing,
};
use actapub::publishing::house::{Approval, HouseRules, Needing, Period};
use actapub::publishing::provenance;

use super::states::everything;
use crate::harness::{TestServer, content, on_both, says};

async fn published(server: &TestServer, by: &Mandate, proposal: Proposal) -> Done {
    let draft = server.writes(by, proposal).await;
    server.publishes(by, &draft).await.unwrap().remove(0)
}

async fn alone(
    server: &TestServer,
    by: &Mandate,
    proposals: Vec<Proposal>,
    ground: Alone<'static>,
) -> Result<Vec<Done>, Error> {
    let (clock, by) = (server.clock.clone(), by.clone());
    server
        .desk(move |conn, press| {
            drafts::act_alone(conn, clock.as_ref(), press, &by, proposals, ground)
        })
        .await
}

const BY_THE_RULES: Alone<'_> = Alone::ByTheRules { exemption: None };

async fn page(server: &TestServer, id: AnnouncementId) -> String {
    let page = server
        .services
        .site
        .announcement_page(&server.agency.handle, id);
    server.get(&page, "text/html").await.text()
}

on_both! {
    async fn each_kind_of_act_goes_out(server: &TestServer) {
        let by = server.staff(&[Role::Author, Role::Administrator]).await;
        let done = published(server, &by, says("The pool opens at nine.")).await;
        let id = done.announcement.unwrap().id;
        published(server, &by, Proposal::Pin { announcement: id }).await;
        let edit = Proposal::Edit { announcement: id, revision: 1, content: content("The pool opens at ten.") };
        published(server, &by, edit.clone()).await;
        assert_eq!(server.stands_pinned(id).await, (2, true));
        // The same edit again is on top of what nobody has seen.
        let stale = server.writes(&by, edit).await;
        assert!(matches!(server.publishes(&by, &stale).await, Err(Error::EditedMeanwhile)));
        published(server, &by, Proposal::Unpin { announcement: id }).await;
        assert_eq!(server.stands_pinned(id).await, (2, false));
        let correction = Proposal::Correction {
            announcement: id,
            revision: 2,
            content: content("The pool opens at eleven."),
            notice: content("We had the hour wrong: it is eleven."),
        };
        let draft = server.writes(&by, correction).await;
        let (who, number) = (by.clone(), draft.id);
        let shown = server.desk(move |conn, _| drafts::difference(conn, &who, number)).await.unwrap();
        assert_eq!(shown[0].basis, Basis::Published);
        assert_eq!(shown[0].words[1], Piece::Removed("ten".to_owned()));
        let done = server.publishes(&by, &draft).await.unwrap().remove(0);
        let notice = done.notice.unwrap();
        let corrections = server.read(move |conn| provenance::corrections(conn, id)).await;
        assert_eq!(corrections, [provenance::Correction { revision: 3, notice }]);
        server.settle().await;
        let site = &server.services.site;
        assert_eq!(server.document(&site.announcement(notice)).await["inReplyTo"], site.announcement(id));
        let shown = page(server, id).await;
        assert!(shown.contains("The pool opens at eleven.") && shown.contains("it is eleven"), "{shown}");
        published(server, &by, Proposal::Withdrawal { announcement: id, reason: "There is no pool.".to_owned() }).await;
        let again = server.writes(&by, Proposal::Pin { announcement: id }).await;
        assert!(matches!(server.publishes(&by, &again).await, Err(Error::Publishing(actapub::publishing::Error::Withdrawn))));
        let profile = Profile { summary: Some("We *care*.".to_owned()), ..Profile::default() };
        published(server, &by, Proposal::Profile(Box::new(profile))).await;
        let nothing = server.writes(&by, Proposal::Profile(Box::default())).await;
        assert!(matches!(server.publishes(&by, &nothing).await, Err(Error::NothingToChange)));
        let keys = server.writes(&by, Proposal::Keys).await;
        assert!(matches!(server.publishes(&by, &keys).await, Err(Error::KeysNeeded)), "none were made");
        assert_eq!(server.stands(keys.id).await.standing(), Standing::Writing);
        server.settle().await;
        assert_eq!(server.document(&server.actor()).await["summary"], "<p>We <em>care</em>.</p>");
        let acts = server.texts("SELECT act AS value FROM staff_trail WHERE act NOT LIKE '%draft%' ORDER BY id").await;
        let acts: Vec<&str> = acts.iter().map(|it| it.trim_matches('"')).collect();
        assert_eq!(acts, ["published", "pinned", "edited", "unpinned", "corrected", "withdrawn", "profile-changed"]);
    }

    async fn languages_of_one_announcement_are_linked(server: &TestServer) {
        server.works_by(HouseRules { languages: vec!["en".to_owned(), "fr".to_owned()], ..HouseRules::default() }).await;
        let by = server.staff(&[Role::Author]).await;
        let part = |text: &str, language: &str| Proposal::Announcement {
            content: Content { language: language.to_owned(), ..content(text) },
            answering: None,
            pin: false,
            rest: vec![],
        };
        let (clock, who) = (server.clock.clone(), by.clone());
        let draft = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &who, vec![part("Open.", "en"), part("Ouvert.", "fr-CA")])).await.unwrap();
        let done = server.publishes(&by, &draft).await.unwrap();
        let ids: Vec<AnnouncementId> = done.iter().map(|it| it.announcement.as_ref().unwrap().id).collect();
        let stands = server.stands(draft.id).await;
        assert_eq!(stands.parts.iter().filter_map(|it| it.announcement).collect::<Vec<_>>(), ids);
        let asked = ids.clone();
        let linked = server.read(move |conn| provenance::linked_languages(conn, &asked)).await;
        for id in &ids {
            let languages: Vec<_> = linked[id].iter().map(|it| (it.announcement, it.language.as_str())).collect();
            assert_eq!(languages, [(ids[0], "en"), (ids[1], "fr-CA")]);
        }
        // What was withdrawn is linked to no more.
        published(server, &by, Proposal::Withdrawal { announcement: ids[1], reason: "Faux.".to_owned() }).await;
        let asked = ids.clone();
        assert!(server.read(move |conn| provenance::linked_languages(conn, &asked)).await.is_empty());
        // One language alone needs a reason, an answer does not.
        let one = alone(server, &by, vec![says("English.")], BY_THE_RULES).await;
        assert!(matches!(one, Err(Error::Languages(_))), "{one:?}");
        alone(server, &by, vec![says("English.")], Alone::ByTheRules { exemption: Some("No translator today.") }).await.unwrap();
        let answer = Proposal::Announcement {
            content: content("Until eight."),
            answering: Some(actapub::publishing::Answering { uri: server.services.site.announcement(ids[0]), thread: Some(ids[0]) }),
            pin: false,
            rest: vec![],
        };
        alone(server, &by, vec![answer], BY_THE_RULES).await.unwrap();
        server.settle().await;
    }

    async fn an_emergency_is_marked_wherever_it_is_seen(server: &TestServer) {
        server.works_by(HouseRules {
            forbidden: vec![Period { from: "2026-11-24 00:00".parse().unwrap(), until: "2026-11-30 00:00".parse().unwrap(), reason: "Election".to_owned() }],
            languages: vec!["fr".to_owned()],
            ..everything()
        }).await;
        let author = server.staff(&[Role::Author]).await;
        let administrator = server.staff(&[Role::Administrator]).await;
        let draft = server.writes(&author, says("Leave the valley.")).await;
        let (id, seen) = (draft.id, draft.version);
        for (by, reason, expected) in [(&author, "The dam breaks.", "right"), (&administrator, "  ", "needs a reason"), (&administrator, &"x".repeat(2_001), "needs a reason")] {
            let (clock, by, reason) = (server.clock.clone(), by.clone(), reason.to_owned());
            let refused = server.desk(move |conn, press| drafts::publish_in_emergency(conn, clock.as_ref(), press, &by, id, seen, &reason)).await;
            assert!(refused.unwrap_err().to_string().contains(expected));
        }
        let (clock, by) = (server.clock.clone(), administrator.clone());
        let done = server.desk(move |conn, press| drafts::publish_in_emergency(conn, clock.as_ref(), press, &by, id, seen, " The dam breaks. ")).await.unwrap();
        let said = done[0].announcement.as_ref().unwrap().id;
        server.settle().await;
        let shown = page(server, said).await;
        assert!(shown.contains("Published in an emergency by one person: The dam breaks."), "{shown}");
        let stated = server.texts("SELECT statement AS value FROM record_entries WHERE kind = 35").await;
        let stated: serde_json::Value = serde_json::from_str(&stated[0]).unwrap();
        assert_eq!(stated, serde_json::json!({
            "act": "emergency.declared",
            "announcement": server.services.site.announcement(said),
            "done": "announcement",
            "revision": 1,
            "reason": "The dam breaks.",
        }));
        // Its entry stands behind the one that it is about, and refers to it.
        let kinds = server.texts("SELECT CAST(kind AS TEXT) AS value FROM record_entries WHERE kind IN (30, 35) ORDER BY place").await;
        assert_eq!(kinds, ["30", "35"]);
        let record = server.get("/record/water?kind=emergency.declared", "text/html").await.text();
        assert!(record.contains("Done in an emergency by one person"), "{record}");
        // An edit by the rules says no more of it; an emergency about the agency has no announcement.
        let clock = server.clock.clone();
        server.write(move |conn| actapub::publishing::house::set(conn, clock.as_ref(), &administrator, HouseRules::default())).await;
        published(server, &author, Proposal::Edit { announcement: said, revision: 1, content: content("Come back.") }).await;
        let profile = Profile { name: Some("Dam".to_owned()), ..Profile::default() };
        let operator = Mandate::operator(server.agency.id);
        alone(server, &operator, vec![Proposal::Profile(Box::new(profile))], Alone::Emergency { reason: "A look-alike." }).await.unwrap();
        server.settle().await;
        assert!(!page(server, said).await.contains("in an emergency"));
        let stated = server.texts("SELECT statement AS value FROM record_entries WHERE kind = 35 ORDER BY place DESC").await;
        assert!(stated[0].contains(r#""done":"profile","reason":"A look-alike.""#), "{stated:?}");
    }

    async fn nobody_acts_alone_against_the_rules(server: &TestServer) {
        let only = |kinds: &[Kind]| HouseRules {
            approval: Approval { of: Needing::Only { kinds: kinds.iter().copied().collect(), hashtags: [].into() }, by: 2, ..Approval::default() },
            ..HouseRules::default()
        };
        server.works_by(only(&[Kind::Edit, Kind::Keys])).await;
        let operator = Mandate::operator(server.agency.id);
        let author = server.staff(&[Role::Author]).await;
        let (said, _) = server.announce("One.").await;
        let edit = || Proposal::Edit { announcement: said.id, revision: 1, content: content("Two.") };
        for by in [&operator, &author] {
            alone(server, by, vec![says("Free.")], BY_THE_RULES).await.unwrap();
            let refused = alone(server, by, vec![Proposal::Pin { announcement: said.id }, edit()], BY_THE_RULES).await;
            assert!(matches!(refused, Err(Error::NeedsApproval { kind: Kind::Edit, need: 2 })), "{refused:?}");
        }
        assert_eq!(server.count("announcements WHERE pinned_at IS NOT NULL").await, 0, "all or nothing");
        let refused = alone(server, &author, vec![edit()], Alone::Emergency { reason: "Now." }).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let refused = alone(server, &author, vec![Proposal::Keys], BY_THE_RULES).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let period = Period { from: "2026-11-24 11:00".parse().unwrap(), until: "2026-11-24 13:00".parse().unwrap(), reason: "Election".to_owned() };
        server.works_by(HouseRules { forbidden: vec![period], ..HouseRules::default() }).await;
        let refused = alone(server, &operator, vec![says("Vote.")], BY_THE_RULES).await;
        assert!(refused.unwrap_err().to_string().contains("until 2026-11-24 13:00: Election"));
        alone(server, &operator, vec![Proposal::Withdrawal { announcement: said.id, reason: "Wrong.".to_owned() }], BY_THE_RULES).await.unwrap();
        server.settle().await;
    }

    async fn rules_are_in_the_record(server: &TestServer) {
        server.works_by(everything()).await;
        server.works_by(HouseRules::default()).await;
        server.settle().await;
        let stated = server.texts("SELECT statement AS value FROM record_entries WHERE kind = 13 ORDER BY place").await;
        let stated: Vec<serde_json::Value> = stated.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
        assert_eq!(stated.len(), 2);
        assert_eq!((&stated[0]["number"], &stated[0]["rules"]["approval"]["of"]), (&1.into(), &"everything".into()));
        assert_eq!((&stated[1]["number"], &stated[1]["rules"]["approval"]["of"]), (&2.into(), &"nothing".into()));
        let record = server.get("/record/water?kind=agency.rules-set", "text/html").await.text();
        assert!(record.contains("House rules set"), "{record}");
    }

    /// What is erased is gone from the drafts that it came from, and from those that would have changed it.
    async fn what_is_erased_is_gone_from_drafts(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        let done = published(server, &by, says("Unmistakable sentence.")).await;
        let id = done.announcement.unwrap().id;
        let open = server.writes(&by, Proposal::Edit { announcement: id, revision: 1, content: content("Unmistakable edit.") }).await;
        let scheduled = server.schedules(&by, &open, "2026-11-25 12:00").await.unwrap();
        server.settle().await;
        assert!(server.places_of("Unmistakable").await.contains(&"draft_versions.proposal".to_owned()));
        server.write(move |conn| actapub::publishing::erase(conn, id)).await;
        let places = server.places_of("Unmistakable").await;
        assert!(!places.iter().any(|it| it.starts_with("draft") || it.starts_with("revisions")), "{places:?}");
        let stands = server.stands(scheduled.id).await;
        assert_eq!(stands.standing(), Standing::Discarded);
        assert_eq!(stands.parts[0].proposal, None);
        server.services.send_due().await.unwrap();
    }
}

impl TestServer {
    /// The newest revision of an announcement, and whether it is pinned.
    async fn stands_pinned(&self, id: AnnouncementId) -> (i32, bool) {
        let found = self
            .read(move |conn| actapub::publishing::find(conn, id))
            .await
            .unwrap();
        (found.revision.number, found.pinned_at.is_some())
    }
}
