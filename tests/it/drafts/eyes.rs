//! Four eyes: nobody publishes alone what the house rules want two for, whichever way they try.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use actapub::agencies::staff::{Mandate, Role};
use actapub::publishing::drafts::{self, Error, Kind, Proposal, Standing};
use actapub::publishing::house::{Approval, HouseRules, Needing};

use super::states::everything;
use crate::harness::{TestServer, content, on_both, says};

fn rules(of: Needing, by: u8) -> HouseRules {
    HouseRules {
        approval: Approval {
            of,
            by,
            ..Approval::default()
        },
        ..HouseRules::default()
    }
}

on_both! {
    async fn one_official_voice_and_two_pairs_of_eyes(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&author, says("The pool opens on Monday.")).await;
        assert!(matches!(server.publishes(&author, &draft).await, Err(Error::Approvals { have: 0, need: 1 })));
        let draft = server.submits(&author, draft.id).await.unwrap();
        assert!(matches!(server.publishes(&author, &draft).await, Err(Error::State { is: Standing::InReview, .. })));
        let draft = server.approves(&approver, &draft).await.unwrap();
        assert_eq!(draft.standing(), Standing::Approved);
        let done = server.publishes(&author, &draft).await.unwrap();
        let announcement = done[0].announcement.clone().unwrap();
        server.settle().await;

        let page = server.services.site.announcement_page(&server.agency.handle, announcement.id);
        let page = server.get(&page, "text/html").await.text();
        assert!(page.contains("The pool opens on Monday.") && page.contains("Approved by two people"), "{page}");
        for mandate in [&author, &approver] {
            let name = format!("Person {}", mandate.person().unwrap());
            assert!(!page.contains(&name), "staff are never named");
        }
        let stated = server.texts("SELECT statement AS value FROM record_entries WHERE kind = 30").await;
        assert!(stated[0].contains(r#""approvedBy":2"#), "{stated:?}");
        let composed = server.composed().await;
        assert_eq!(composed.iter().filter(|it| it["type"] == "Create").count(), 1);
    }

    async fn nobody_approves_their_own(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author, Role::Approver]).await;
        let second = server.staff(&[Role::Approver]).await;
        let third = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&author, says("One.")).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        assert!(matches!(server.approves(&author, &draft).await, Err(Error::OwnText)));
        // Nor what they wrote a word of, however small, and whoever put it up.
        server.rewrites(&second, draft.id, "One, two.").await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        for own in [&author, &second] {
            assert!(matches!(server.approves(own, &draft).await, Err(Error::OwnText)));
        }
        let approved = server.approves(&third, &draft).await.unwrap();
        // What was approved is nobody's own any more; what comes then is.
        server.rewrites(&third, approved.id, "One, two, three.").await;
        let draft = server.submits(&third, draft.id).await.unwrap();
        assert!(matches!(server.approves(&third, &draft).await, Err(Error::OwnText)));
        assert_eq!(server.approves(&second, &draft).await.unwrap().standing(), Standing::Approved);
        server.settle().await;
    }

    async fn what_is_changed_needs_approval_again(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&author, says("At nine.")).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        let ready = server.approves(&approver, &draft).await.unwrap();
        server.schedules(&author, &ready, "2026-11-24 13:00").await.unwrap();
        let changed = server.rewrites(&author, draft.id, "At ten.").await;
        assert_eq!(changed.standing(), Standing::Writing, "and off the schedule");
        assert!(matches!(server.publishes(&author, &changed).await, Err(Error::Approvals { have: 0, need: 1 })));
        server.clock.advance(Duration::from_secs(3_700));
        assert_eq!(server.services.send_due().await.unwrap(), None);
        assert_eq!(server.count("announcements").await, 0);
        let again = server.submits(&author, draft.id).await.unwrap();
        // Whoever has looked at the old text approves nothing.
        assert!(matches!(server.approves(&approver, &draft).await, Err(Error::Changed { .. })));
        // The approver sees what has changed since.
        let by = approver.clone();
        let (found, shown) = server.desk(move |conn, _| Ok((again.clone(), drafts::difference(conn, &by, again.id)?))).await.unwrap();
        assert!(matches!(shown[0].basis, drafts::Basis::Approved(number) if number == draft.version));
        assert_eq!(shown[0].words[1..3], [drafts::Piece::Removed("nine".to_owned()), drafts::Piece::Added("ten".to_owned())]);
        server.approves(&approver, &found).await.unwrap();
        server.settle().await;
    }

    async fn what_is_sent_back_has_lost_its_approvals(server: &TestServer) {
        server.works_by(rules(Needing::Everything, 2)).await;
        let author = server.staff(&[Role::Author]).await;
        let [first, second] = [server.staff(&[Role::Approver]).await, server.staff(&[Role::Approver]).await];
        let draft = server.writes(&author, says("Hm.")).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        let draft = server.approves(&first, &draft).await.unwrap();
        assert_eq!(draft.standing(), Standing::InReview);
        assert!(matches!(server.approves(&first, &draft).await, Err(Error::ApprovedAlready)));
        let (clock, by, id) = (server.clock.clone(), second.clone(), draft.id);
        for remark in ["", "  ", &"x".repeat(2_001)] {
            let (clock, by, remark) = (clock.clone(), by.clone(), remark.to_owned());
            let refused = server.desk(move |conn, _| drafts::send_back(conn, clock.as_ref(), &by, id, &remark)).await;
            assert!(matches!(refused, Err(Error::Remark)));
        }
        let back = server.desk(move |conn, _| drafts::send_back(conn, clock.as_ref(), &by, id, " Which pool? ")).await.unwrap();
        assert_eq!(back.state, drafts::State::SentBack { remark: "Which pool?".to_owned() });
        // Even if nothing is changed.
        let draft = server.submits(&author, draft.id).await.unwrap();
        let draft = server.approves(&second, &draft).await.unwrap();
        assert_eq!(draft.standing(), Standing::InReview);
        let draft = server.approves(&first, &draft).await.unwrap();
        assert_eq!(draft.standing(), Standing::Approved);
        let done = server.publishes(&author, &draft).await.unwrap();
        server.settle().await;
        let page = server.services.site.announcement_page(&server.agency.handle, done[0].announcement.as_ref().unwrap().id);
        assert!(server.get(&page, "text/html").await.text().contains("Approved by three people"));
    }

    async fn an_approver_who_was_removed_does_not_count(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author]).await;
        let [gone, other, stays] = [
            server.staff(&[Role::Approver]).await,
            server.staff(&[Role::Approver]).await,
            server.staff(&[Role::Approver]).await,
        ];
        for leaving in [&gone, &other] {
            let draft = server.writes(&author, says("Soon.")).await;
            let draft = server.submits(&author, draft.id).await.unwrap();
            let draft = server.approves(leaving, &draft).await.unwrap();
            if leaving == &gone {
                server.remove(gone.person().unwrap()).await;
            } else {
                let person = other.person().unwrap();
                server.execute(vec![format!("UPDATE staff_roles SET role = 'author' WHERE person_id = {person}")]).await;
            }
            assert!(matches!(server.publishes(&author, &draft).await, Err(Error::Approvals { have: 0, need: 1 })));
            assert!(matches!(server.schedules(&author, &draft, "2026-11-25 12:00").await, Err(Error::Approvals { .. })));
            // It is put up again, and somebody who is still there approves it.
            let draft = server.submits(&author, draft.id).await.unwrap();
            assert_eq!(draft.standing(), Standing::InReview);
            let draft = server.approves(&stays, &draft).await.unwrap();
            server.publishes(&author, &draft).await.unwrap();
        }
        assert_eq!(server.count("approved_revisions WHERE people = 2").await, 2);
        server.settle().await;
    }

    async fn of_two_who_approve_at_once_both_count(server: &TestServer) {
        server.works_by(rules(Needing::Everything, 2)).await;
        let author = server.staff(&[Role::Author]).await;
        let [first, second] = [server.staff(&[Role::Approver]).await, server.staff(&[Role::Approver]).await];
        for _ in 0..5 {
            let draft = server.writes(&author, says("Together.")).await;
            let draft = server.submits(&author, draft.id).await.unwrap();
            let (one, two, again) = tokio::join!(
                server.approves(&first, &draft),
                server.approves(&second, &draft),
                server.approves(&second, &draft),
            );
            assert!(one.is_ok(), "{one:?}");
            assert!(two.is_ok() != again.is_ok(), "{two:?} {again:?}");
            let draft = server.stands(draft.id).await;
            assert_eq!(draft.standing(), Standing::Approved);
            assert_eq!(server.count(&format!("draft_approvals WHERE draft_id = {}", draft.id)).await, 2);
            // Of two who publish at once one does.
            let (one, two) = tokio::join!(server.publishes(&author, &draft), server.publishes(&first, &draft));
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        }
        assert_eq!(server.count("announcements").await, 5);
        server.settle().await;
    }

    async fn an_approval_and_a_change_at_once_do_not_mix(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        for _ in 0..5 {
            let draft = server.writes(&author, says("Before.")).await;
            let draft = server.submits(&author, draft.id).await.unwrap();
            let (other, changed) = tokio::join!(server.approves(&approver, &draft), server.rewrites(&author, draft.id, "After."));
            assert!(matches!(other, Ok(_) | Err(Error::State { .. })), "{other:?}");
            assert_eq!(changed.standing(), Standing::Writing);
            assert!(matches!(server.publishes(&author, &changed).await, Err(Error::Approvals { have: 0, need: 1 })));
        }
        server.settle().await;
    }

    async fn who_approves_is_the_houses_to_say(server: &TestServer) {
        let mut house = everything();
        server.works_by(house.clone()).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let administrator = server.staff(&[Role::Administrator]).await;
        let operator = Mandate::operator(server.agency.id);
        let draft = server.writes(&author, says("One.")).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        assert!(matches!(server.approves(&administrator, &draft).await, Err(Error::Refused(_))));
        assert!(matches!(server.approves(&operator, &draft).await, Err(Error::OperatorApproves)));
        house.approval.approvers = BTreeSet::from([Role::Approver, Role::Administrator]);
        house.approval.of_writers = BTreeMap::from([(Role::Author, BTreeSet::from([Role::Administrator]))]);
        server.works_by(house.clone()).await;
        assert!(matches!(server.approves(&approver, &draft).await, Err(Error::AnotherApprover)));
        let draft = server.approves(&administrator, &draft).await.unwrap();
        assert_eq!(draft.standing(), Standing::Approved);
        // The rules of now count when it goes out.
        house.approval.approvers = BTreeSet::from([Role::Approver]);
        house.approval.of_writers.clear();
        server.works_by(house).await;
        assert!(matches!(server.publishes(&author, &draft).await, Err(Error::Approvals { have: 0, need: 1 })));
        server.settle().await;
    }

    async fn what_the_operator_writes_needs_approval_like_anything(server: &TestServer) {
        server.works_by(everything()).await;
        let operator = Mandate::operator(server.agency.id);
        let approver = server.staff(&[Role::Approver]).await;
        let draft = server.writes(&operator, says("From the cellar.")).await;
        let draft = server.submits(&operator, draft.id).await.unwrap();
        let draft = server.approves(&approver, &draft).await.unwrap();
        let done = server.publishes(&operator, &draft).await.unwrap();
        server.settle().await;
        let page = server.services.site.announcement_page(&server.agency.handle, done[0].announcement.as_ref().unwrap().id);
        assert!(server.get(&page, "text/html").await.text().contains("Approved by one person"), "the operator is nobody");
    }

    async fn a_hashtag_that_needs_approval_cannot_be_left_out(server: &TestServer) {
        let only = Needing::Only { kinds: BTreeSet::from([Kind::Withdrawal]), hashtags: BTreeSet::from(["Élections".to_owned()]) };
        server.works_by(rules(only, 1)).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let free = server.writes(&author, says("Swimming is free.")).await;
        let free = server.publishes(&author, &free).await.unwrap().remove(0).announcement.unwrap();
        let tagged = server.writes(&author, says("Polls open at eight. #elections")).await;
        assert!(matches!(server.publishes(&author, &tagged).await, Err(Error::Approvals { .. })));
        let tagged = server.submits(&author, tagged.id).await.unwrap();
        let tagged = server.approves(&approver, &tagged).await.unwrap();
        let tagged = server.publishes(&author, &tagged).await.unwrap().remove(0).announcement.unwrap();
        let edit = |id| Proposal::Edit { announcement: id, revision: 1, content: content("Polls open at nine.") };
        for (id, refused) in [(free.id, false), (tagged.id, true)] {
            let draft = server.writes(&author, edit(id)).await;
            assert_eq!(server.publishes(&author, &draft).await.is_err(), refused);
        }
        let withdrawal = Proposal::Withdrawal { announcement: free.id, reason: "Wrong.".to_owned() };
        let draft = server.writes(&author, withdrawal).await;
        assert!(matches!(server.publishes(&author, &draft).await, Err(Error::Approvals { .. })));
        server.settle().await;
    }
}
