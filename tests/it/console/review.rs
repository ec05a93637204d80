//! Four eyes through the pages: from the first word to the post, whatever somebody tries on the way.

use std::time::Duration;

use actapub::agencies::staff::{Mandate, Right, Role};
use actapub::kernel::{DraftId, PersonId};
use actapub::publishing::drafts::{Draft, Proposal, Standing};
use actapub::publishing::house::{Approval, HouseRules, Needing};
use axum::http::StatusCode;

use super::visitor::Page;
use super::{PASSWORD, Visitor, hired, number};
use crate::harness::{TestServer, on_both, says};

const ACTS: [&str; 8] = [
    "submit",
    "take-back",
    "approve",
    "send-back",
    "schedule",
    "unschedule",
    "publish",
    "discard",
];

/// Somebody of the staff: in their browser, and in whose name they act.
struct Colleague {
    visitor: Visitor,
    mandate: Mandate,
}

async fn colleague(server: &TestServer, name: &str, roles: &[Role]) -> Colleague {
    let visitor = hired(server, server.agency.id, name, roles).await;
    let id: i64 = number(server, name).await.parse().unwrap();
    let mandate = server.mandate(server.agency.id, PersonId::new(id)).await;
    Colleague { visitor, mandate }
}

/// Everything needs so many approvals, and the clocks are those of Zürich.
fn rules(by: u8) -> HouseRules {
    HouseRules {
        approval: Approval {
            of: Needing::Everything,
            by,
            ..Approval::default()
        },
        zone: "Europe/Zurich".parse().unwrap(),
        ..HouseRules::default()
    }
}

fn review(draft: DraftId) -> String {
    format!("/console/water/drafts/{draft}/review")
}

impl Colleague {
    async fn sees(&self, draft: DraftId) -> Page {
        self.visitor
            .sees(&review(draft))
            .await
            .is(StatusCode::OK, "Where it stands")
    }

    /// Presses a button of a page, with what was typed beside it.
    async fn presses(
        &self,
        page: &Page,
        draft: DraftId,
        act: &str,
        typed: &[(&str, &str)],
    ) -> Page {
        let path = format!("{}/{act}", review(draft));
        let mut fields = page.hidden(&path);
        let typed = typed.iter();
        fields.extend(typed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.visitor.sends_all(&path, &fields).await
    }

    /// Opens the page, presses a button, and is told that it was done.
    async fn does(&self, draft: DraftId, act: &str, typed: &[(&str, &str)], says: &str) {
        let page = self.sees(draft).await;
        let page = self.presses(&page, draft, act, typed).await;
        self.visitor.follows(&page).await.is(StatusCode::OK, says);
    }

    /// Sends a form as nobody would who looks at the page.
    async fn forges(&self, draft: &Draft, act: &str, typed: &[(&str, &str)]) -> Page {
        let version = draft.version.to_string();
        let mut fields = vec![("version", version.as_str())];
        fields.extend(typed);
        self.visitor
            .sends(&format!("{}/{act}", review(draft.id)), &fields)
            .await
    }
}

on_both! {
    /// It is 12:00 UTC, 13:00 in Zürich.
    async fn many_hands_one_voice(server: &TestServer) {
        server.works_by(rules(1)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let bea = colleague(server, "Bea", &[Role::Approver]).await;
        let draft = server.writes(&ada.mandate, says("The pool opens on **Monday**.")).await.id;
        let page = ada.sees(draft).await;
        page.says("0 of 1 approval");
        page.says("The pool opens on <strong>Monday</strong>.");
        page.says_nothing_of("/review/approve");
        page.says_nothing_of("/review/publish");
        ada.does(draft, "submit", &[], "It is put up for approval.").await;

        bea.visitor.sees("/console/water").await.is(StatusCode::OK, "To approve").says("The pool opens on");
        let page = bea.sees(draft).await;
        bea.presses(&page, draft, "send-back", &[("remark", " ")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "Say what is to be changed").says(r##"href="#remark""##);
        bea.does(draft, "send-back", &[("remark", "On <Tuesday>!")], "It is sent back to those who wrote it.").await;
        ada.visitor.sees("/console/water").await.is(StatusCode::OK, "Sent back to you").says("On &lt;Tuesday&gt;!");
        ada.sees(draft).await.says("On &lt;Tuesday&gt;!");

        server.rewrites(&ada.mandate, draft, "The pool opens on **Tuesday**.").await;
        ada.does(draft, "submit", &[], "It is put up for approval.").await;
        bea.does(draft, "approve", &[], "Your approval counts.").await;
        let page = ada.sees(draft).await;
        page.says("1 of 1 approval");
        // Colleagues are named to colleagues.
        page.says("Bea");
        ada.visitor.sees("/console/water").await.is(StatusCode::OK, "Approved, with no time set");
        ada.does(draft, "schedule", &[("at", "2026-11-24T14:00")], "The time is set.").await;
        ada.sees(draft).await.says("2026-11-24 14:00 (Europe/Zurich)");
        bea.visitor.sees("/console/water").await.says("Goes out next");
        bea.visitor.sees("/console/water/calendar").await.is(StatusCode::OK, "November 2026").says("14:00");

        server.clock.advance(Duration::from_secs(3_600));
        server.services.send_due().await.unwrap();
        server.settle().await;
        let page = ada.sees(draft).await;
        page.says("It went out on");
        let public = page.between("class=\"ways\"><li><a href=\"", "\"");
        let page = Visitor::of(server).sees(&public).await.is(StatusCode::OK, "Approved by two people");
        page.says("The pool opens on <strong>Tuesday</strong>.");
        page.says_nothing_of("Ada");
        page.says_nothing_of("Bea");
        bea.visitor.sees("/console/water/calendar").await.is(StatusCode::OK, "Published").says(&public);
    }

    async fn the_approver_sees_what_has_changed_since(server: &TestServer) {
        server.works_by(rules(1)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let bea = colleague(server, "Bea", &[Role::Approver]).await;
        let draft = server.writes(&ada.mandate, says("At nine, on Monday.")).await.id;
        ada.does(draft, "submit", &[], "It is put up").await;
        bea.sees(draft).await.says_nothing_of("What has changed");
        bea.does(draft, "approve", &[], "Your approval counts.").await;
        server.rewrites(&ada.mandate, draft, "At ten, on Monday.").await;
        ada.does(draft, "submit", &[], "It is put up").await;
        let page = bea.sees(draft).await;
        page.says("What has changed");
        page.says("</span>nine<span");
        page.says("</span>ten<span");
        server.settle().await;
    }

    async fn a_form_that_comes_too_late_changes_nothing_and_loses_nothing(server: &TestServer) {
        server.works_by(rules(2)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let bea = colleague(server, "Bea", &[Role::Approver]).await;
        let cem = colleague(server, "Cem", &[Role::Approver]).await;
        let draft = server.writes(&ada.mandate, says("One.")).await.id;
        ada.does(draft, "submit", &[], "It is put up").await;
        let (first, second) = (bea.sees(draft).await, cem.sees(draft).await);
        bea.presses(&first, draft, "approve", &[]).await.leads_to();
        // Sent twice, it counts once.
        bea.presses(&first, draft, "approve", &[]).await.is(StatusCode::CONFLICT, "You have approved it already.")
            .says("1 of 2 approvals");
        // Somebody writes meanwhile: nobody approves what they have not seen.
        server.rewrites(&ada.mandate, draft, "Two.").await;
        ada.does(draft, "submit", &[], "It is put up").await;
        let page = cem.presses(&second, draft, "approve", &[]).await
            .is(StatusCode::CONFLICT, "Somebody has changed the draft since you looked at it.");
        page.says("0 of 2 approvals");
        page.says("Two.");
        let page = cem.presses(&second, draft, "send-back", &[("remark", "Which of the two?")]).await
            .is(StatusCode::CONFLICT, "Somebody has changed the draft");
        page.says("Which of the two?</textarea>");
        // The page that came back is good for the next attempt.
        cem.presses(&page, draft, "approve", &[]).await.leads_to();
        bea.does(draft, "approve", &[], "Your approval counts.").await;
        let ready = ada.sees(draft).await;
        ada.presses(&ready, draft, "publish", &[]).await.leads_to();
        for (act, typed) in [("publish", ("x", "y")), ("schedule", ("at", "2026-11-24T20:00")), ("discard", ("x", "y"))] {
            ada.presses(&ready, draft, act, &[typed]).await.is(StatusCode::CONFLICT, "stands at “Published”");
        }
        let page = cem.presses(&page, draft, "send-back", &[("remark", "Stop!")]).await.is(StatusCode::CONFLICT, "What you had typed");
        page.says("Stop!");
        assert_eq!(server.count("announcements").await, 1);
        server.settle().await;
    }

    async fn nobody_goes_around_the_rules(server: &TestServer) {
        server.works_by(rules(1)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let both = colleague(server, "Bob", &[Role::Author, Role::Approver]).await;
        let draft = server.writes(&ada.mandate, says("Alone.")).await;
        ada.forges(&draft, "publish", &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "0 of 1 approval");
        ada.forges(&draft, "schedule", &[("at", "2026-11-24T20:00")]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "0 of 1 approval");
        ada.forges(&draft, "emergency", &[("reason", "Now!")]).await.is(StatusCode::FORBIDDEN, "do not allow this");
        let draft = server.submits(&ada.mandate, draft.id).await.unwrap();
        ada.forges(&draft, "approve", &[]).await.is(StatusCode::FORBIDDEN, "do not allow this");
        ada.forges(&draft, "send-back", &[("remark", "No.")]).await.is(StatusCode::FORBIDDEN, "do not allow this");
        ada.forges(&draft, "publish", &[]).await.is(StatusCode::CONFLICT, "In review");
        // One's own.
        let own = server.writes(&both.mandate, says("My own.")).await;
        let own = server.submits(&both.mandate, own.id).await.unwrap();
        let page = both.sees(own.id).await;
        page.says("Nobody approves what they have written themselves.");
        page.says_nothing_of("/review/approve\"");
        both.forges(&own, "approve", &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "Nobody approves what they have written");
        // What is no act, and no draft.
        ada.forges(&draft, "king", &[]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        for path in ["/console/water/drafts/7/review", "/console/water/drafts/x/review"] {
            ada.visitor.sees(path).await.is(StatusCode::NOT_FOUND, "There is nothing");
            ada.visitor.sends(&format!("{path}/publish"), &[("version", "1")]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        for version in ["", "x", "0", "99999999999999"] {
            let path = format!("{}/discard", review(draft.id));
            ada.visitor.sends(&path, &[("version", version)]).await.is(StatusCode::CONFLICT, "Somebody has changed the draft");
        }
        assert_eq!(server.count("announcements").await, 0);
        server.settle().await;
    }

    async fn each_role_presses_what_is_theirs_and_nobody_elses_drafts(server: &TestServer) {
        server.works_by(rules(1)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let fire = server.create_agency("fire").await;
        let draft = server.writes(&ada.mandate, says("Ours.")).await;
        let draft = server.submits(&ada.mandate, draft.id).await.unwrap();
        let typed = [("remark", "Hm."), ("at", "2026-11-24T20:00"), ("reason", "Fire!")];
        for role in Role::ALL {
            let stranger = hired(server, fire.id, &format!("F{role}"), &[role]).await;
            let stranger = Colleague { visitor: stranger, mandate: ada.mandate.clone() };
            let here = review(draft.id).replace("water", "fire");
            // By its own address, and as if it were theirs.
            stranger.visitor.sees(&review(draft.id)).await.is(StatusCode::NOT_FOUND, "There is nothing");
            let expected = if Right::Draft.roles().contains(&role) { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(stranger.visitor.sees(&here).await.status, expected, "{role}");
            for act in ACTS.into_iter().chain(["emergency"]) {
                stranger.forges(&draft, act, &typed).await.is(StatusCode::NOT_FOUND, "There is nothing");
                let version = draft.version.to_string();
                let mut fields = vec![("version", version.as_str())];
                fields.extend(typed);
                let page = stranger.visitor.sends(&format!("{here}/{act}"), &fields).await;
                assert_eq!(page.status, expected, "{role} {act}");
            }
            for path in ["/console/water/calendar", "/console/water/rules"] {
                stranger.visitor.sees(path).await.is(StatusCode::NOT_FOUND, "There is nothing");
            }
        }
        assert_eq!(server.stands(draft.id).await, draft);
        let officer = colleague(server, "Olga", &[Role::RecordsOfficer]).await;
        officer.visitor.sees(&review(draft.id)).await.is(StatusCode::FORBIDDEN, "do not allow this");
        officer.visitor.sees("/console/water/calendar").await.is(StatusCode::FORBIDDEN, "do not allow this");
        officer.visitor.sees("/console/water").await.is(StatusCode::OK, "House rules").says_nothing_of("Ours.");
        let moderator = colleague(server, "Mo", &[Role::Moderator]).await;
        let page = moderator.sees(draft.id).await;
        for act in ["approve", "send-back", "schedule", "publish", "emergency"] {
            page.says_nothing_of(&format!("/review/{act}"));
        }
        server.settle().await;
    }

    async fn an_hour_that_is_twice_or_never_is_asked_about(server: &TestServer) {
        server.works_by(HouseRules { approval: Approval::default(), ..rules(1) }).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let draft = server.writes(&ada.mandate, says("When?")).await.id;
        let page = ada.sees(draft).await;
        page.says("Nobody has to approve it.");
        let page = ada.presses(&page, draft, "schedule", &[("at", "tomorrow")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "A time is written like");
        page.says("value=\"tomorrow\"");
        ada.presses(&page, draft, "schedule", &[("at", "2026-11-24T13:00")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "That time is past.");
        let page = ada.presses(&page, draft, "schedule", &[("at", "2027-10-31T02:30")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "Which one is meant?");
        page.says("2027-10-31T02:30:00+02:00");
        let second = [("at", "2027-10-31T02:30"), ("which", "2027-10-31T02:30:00+01:00")];
        let told = ada.presses(&page, draft, "schedule", &second).await;
        ada.visitor.follows(&told).await.is(StatusCode::OK, "The time is set.");
        assert_eq!(server.count("drafts WHERE due_at = 1824946200000000").await, 1);
        // Whoever changes the time meanwhile is not held to the answer.
        let other = [("at", "2027-10-30T10:00"), ("which", "2027-10-31T02:30:00+01:00")];
        ada.presses(&page, draft, "schedule", &other).await.leads_to();
        ada.sees(draft).await.says("2027-10-30 10:00 (Europe/Zurich)");
        let page = ada.sees(draft).await;
        let page = ada.presses(&page, draft, "schedule", &[("at", "2027-03-28T02:30")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "The next time that there is");
        ada.presses(&page, draft, "schedule", &[("at", "2027-03-28T02:30"), ("which", "2027-03-28T03:00:00+02:00")]).await.leads_to();
        ada.does(draft, "unschedule", &[], "It is off the schedule").await;
        ada.does(draft, "discard", &[], "It is given up.").await;
        server.settle().await;
    }

    async fn an_emergency_is_one_persons_word_with_a_reason(server: &TestServer) {
        server.works_by(rules(1)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let chief = colleague(server, "Chief", &[Role::Administrator]).await;
        let draft = server.writes(&ada.mandate, says("Boil the water.")).await.id;
        let path = format!("{}/emergency", review(draft));
        ada.sees(draft).await.says_nothing_of("emergency");
        ada.visitor.sees(&path).await.is(StatusCode::FORBIDDEN, "do not allow this");
        chief.sees(draft).await.says(&path);
        let page = chief.visitor.sees(&path).await.is(StatusCode::OK, "on your word alone");
        chief.presses(&page, draft, "emergency", &[]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "An emergency needs a reason");
        // Who left their desk shows first that it is them, and their reason is kept.
        server.clock.advance(Duration::from_secs(11 * 60));
        let asked = chief.presses(&page, draft, "emergency", &[("reason", "A main broke.")]).await
            .is(StatusCode::FORBIDDEN, "Is it still you?");
        assert_eq!(server.count("announcements").await, 0);
        let mut fields = asked.hidden("/console/prove");
        fields.push(("password".to_owned(), PASSWORD.to_owned()));
        let proven = chief.visitor.sends_all("/console/prove", &fields).await.is(StatusCode::OK, "Nothing has been done yet");
        let told = chief.visitor.sends_all(&path, &proven.hidden(&path)).await;
        let page = chief.visitor.follows(&told).await.is(StatusCode::OK, "on your word alone");
        server.settle().await;
        let public = page.between("class=\"ways\"><li><a href=\"", "\"");
        Visitor::of(server).sees(&public).await.is(StatusCode::OK, "Published in an emergency by one person: A main broke.");
        chief.visitor.sends_all(&path, &proven.hidden(&path)).await.is(StatusCode::CONFLICT, "stands at “Published”").says("A main broke.");
        assert_eq!(server.count("announcements").await, 1);
    }

    async fn of_those_who_press_at_once_each_is_told_the_truth(server: &TestServer) {
        server.works_by(rules(2)).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let bea = colleague(server, "Bea", &[Role::Approver]).await;
        let cem = colleague(server, "Cem", &[Role::Approver]).await;
        for round in 1..=3 {
            let draft = server.writes(&ada.mandate, says("Together.")).await;
            let draft = server.submits(&ada.mandate, draft.id).await.unwrap();
            let (one, two, again) = tokio::join!(
                bea.forges(&draft, "approve", &[]),
                cem.forges(&draft, "approve", &[]),
                cem.forges(&draft, "approve", &[]),
            );
            one.leads_to();
            let mut statuses = [two.status, again.status];
            statuses.sort_by_key(StatusCode::as_u16);
            assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
            assert_eq!(server.stands(draft.id).await.standing(), Standing::Approved);
            // Two set a time, one publishes: it goes out once.
            let (one, two, three) = tokio::join!(
                ada.forges(&draft, "schedule", &[("at", "2026-11-24T20:00")]),
                bea.forges(&draft, "schedule", &[("at", "2026-11-24T21:00")]),
                cem.forges(&draft, "publish", &[]),
            );
            three.leads_to();
            for page in [one, two] {
                assert!(matches!(page.status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{}", page.text);
            }
            assert_eq!(server.stands(draft.id).await.standing(), Standing::Published);
            assert_eq!(server.count("announcements").await, round);
        }
        server.clock.advance(Duration::from_secs(12 * 3600));
        server.services.send_due().await.unwrap();
        assert_eq!(server.count("announcements").await, 3);
        server.settle().await;
    }

    async fn keys_and_profiles_go_the_same_way(server: &TestServer) {
        server.works_by(rules(1)).await;
        let chief = colleague(server, "Chief", &[Role::Administrator]).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let bea = colleague(server, "Bea", &[Role::Approver]).await;
        let before = server.document(&server.actor()).await["publicKey"]["publicKeyPem"].clone();
        let draft = server.writes(&chief.mandate, Proposal::Keys).await.id;
        chief.does(draft, "submit", &[], "It is put up").await;
        bea.sees(draft).await.says("The agency gets new keys");
        bea.does(draft, "approve", &[], "Your approval counts.").await;
        // Whose role replaces no keys does not do it by a draft.
        let approved = server.stands(draft).await;
        ada.sees(draft).await.says_nothing_of("/review/publish");
        ada.forges(&approved, "publish", &[]).await.is(StatusCode::FORBIDDEN, "do not allow this");
        chief.does(draft, "publish", &[], "It is published.").await;
        server.settle().await;
        let after = server.document(&server.actor()).await["publicKey"]["publicKeyPem"].clone();
        assert!(after.is_string() && after != before);

        let profile = actapub::publishing::drafts::Profile { name: Some("Water & Ice".to_owned()), ..Default::default() };
        let draft = server.writes(&chief.mandate, Proposal::Profile(Box::new(profile))).await.id;
        chief.does(draft, "submit", &[], "It is put up").await;
        bea.sees(draft).await.says("</span>Ice<span");
        bea.does(draft, "approve", &[], "Your approval counts.").await;
        chief.does(draft, "publish", &[], "It is published.").await;
        server.settle().await;
        Visitor::of(server).sees("/@water").await.is(StatusCode::OK, "Water &amp; Ice");
    }

    async fn what_is_held_is_reported(server: &TestServer) {
        server.works_by(HouseRules { approval: Approval::default(), ..rules(1) }).await;
        let ada = colleague(server, "Ada", &[Role::Author]).await;
        let draft = server.writes(&ada.mandate, says("On time.")).await;
        server.schedules(&ada.mandate, &draft, "2026-11-24 13:30").await.unwrap();
        server.clock.advance(Duration::from_secs(3_600));
        server.services.send_due().await.unwrap();
        let page = ada.visitor.sees("/console/water").await.is(StatusCode::OK, "One draft did not go out at its time.");
        page.says("role=\"alert\"");
        page.says("It would have been 30 minutes late");
        ada.visitor.sees("/console/water/calendar").await.is(StatusCode::OK, "One draft of this month did not go out").says("13:30");
        ada.sees(draft.id).await.says("It did not go out.");
        ada.does(draft.id, "publish", &[], "It is published.").await;
        ada.visitor.sees("/console/water").await.is(StatusCode::OK, "Nothing waits for you.");
        for (month, name) in [("2026-12", "December 2026"), ("2026-10", "October 2026"), ("x", "November 2026"), ("9999-12", "November 2026")] {
            ada.visitor.sees(&format!("/console/water/calendar?month={month}")).await.is(StatusCode::OK, name);
        }
        ada.visitor.sees("/console/water/calendar?month=2026-12").await.says_nothing_of("On time.");
        server.settle().await;
    }
}
