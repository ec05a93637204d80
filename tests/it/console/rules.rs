//! The house rules: who reads them, who sets them, and what is said to who comes second.

use std::time::Duration;

use actapub::agencies::staff::{Mandate, Right, Role};
use actapub::publishing::house::{self, HouseRules, Needing};
use axum::http::StatusCode;

use super::visitor::Page;
use super::{Visitor, hired};
use crate::harness::{TestServer, on_both};

const RULES: &str = "/console/water/rules";

async fn in_force(server: &TestServer) -> HouseRules {
    let agency = server.agency.id;
    server.read(move |conn| house::rules(conn, agency)).await
}

/// A form that is filled in, with some of it changed.
fn filled<'a>(number: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("number", number),
        ("of", "everything"),
        ("by", "2"),
        ("approver", "approver"),
        ("languages", "en, fr"),
        ("late", "30"),
        ("zone", "Europe/Zurich"),
    ];
    let kept = |field: &(&str, &str)| changed.iter().all(|(name, _)| *name != field.0);
    let mut fields: Vec<_> = usual.into_iter().filter(kept).collect();
    fields.extend(changed);
    fields
}

async fn sets(visitor: &Visitor, number: &str, changed: &[(&str, &str)]) -> Page {
    visitor.sends(RULES, &filled(number, changed)).await
}

on_both! {
    async fn everybody_reads_them_and_administrators_set_them(server: &TestServer) {
        for role in Role::ALL {
            let visitor = hired(server, server.agency.id, &format!("W{role}"), &[role]).await;
            let page = visitor.sees(RULES).await.is(StatusCode::OK, "None were set yet");
            if Right::SetHouseRules.roles().contains(&role) {
                page.says("Set these rules");
            } else {
                page.says_nothing_of("Set these rules");
                sets(&visitor, "0", &[]).await.is(StatusCode::FORBIDDEN, "do not allow this");
            }
        }
        assert_eq!(in_force(server).await, HouseRules::default());
        server.settle().await;
    }

    async fn all_of_them_can_be_set(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let page = sets(&chief, "0", &[
            ("of", "only"), ("kind", "withdrawal"), ("kind", "keys"), ("hashtags", "#Élections, tax"),
            ("approver", "approver"), ("approver", "administrator"), ("for-approver", "administrator"),
            ("reading", "45"),
            ("from", "2027-10-01T00:00"), ("until", "2027-10-25T22:00"), ("why", "Election"),
            ("from", ""), ("until", ""), ("why", ""),
        ]).await;
        let page = chief.follows(&page).await.is(StatusCode::OK, "The rules are set");
        page.says("Rules number 1");
        let rules = in_force(server).await;
        let Needing::Only { kinds, hashtags } = &rules.approval.of else { panic!("{rules:?}") };
        assert_eq!((kinds.len(), hashtags.iter().map(String::as_str).collect::<Vec<_>>()), (2, vec!["elections", "tax"]));
        assert_eq!((rules.approval.by, rules.approval.approvers.len(), rules.approval.of_writers.len()), (2, 2, 1));
        assert_eq!((rules.languages.join(" "), rules.reading_index, rules.late_minutes), ("en fr".to_owned(), Some(45), 30));
        assert_eq!((rules.zone.name(), rules.forbidden[0].reason.as_str()), ("Europe/Zurich", "Election"));
        // They stand in the form as they are, and those who only read them see them too.
        for words in ["value=\"#elections #tax\"", "value=\"2027-10-01T00:00\"", "value=\"Election\"", "value=\"45\""] {
            page.says(words);
        }
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        ada.sees(RULES).await.is(StatusCode::OK, "From 2027-10-01 00:00 until 2027-10-25 22:00: Election");
        ada.sees("/console/water/calendar?month=2027-10").await.is(StatusCode::OK, "Nothing goes out:").says("When nothing goes out");
        // The period is removed again.
        let page = sets(&chief, "1", &[
            ("from", "2027-10-01T00:00"), ("until", "2027-10-25T22:00"), ("why", "Election"), ("remove", "0"),
        ]).await;
        page.leads_to();
        assert_eq!(in_force(server).await.forbidden, vec![]);
        server.settle().await;
    }

    async fn what_has_no_sense_comes_back_as_it_was_typed(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        for (field, value, says) in [
            ("by", "0", "1 to 5 approvals"),
            ("by", "many", "1 to 5 approvals"),
            ("languages", "klingon!", "is no language tag"),
            ("late", "9999", "from 0 to 1440"),
            ("late", "soon", "from 0 to 1440"),
            ("zone", "Mars/Olympus", "There is no such time zone."),
            ("reading", "hard", "a whole number"),
        ] {
            let page = sets(&chief, "0", &[(field, value)]).await.is(StatusCode::UNPROCESSABLE_ENTITY, says);
            page.says(&format!("value=\"{value}\""));
            page.says(&format!("href=\"#{field}\""));
        }
        let period = [("from", "2027-10-25T22:00"), ("until", "2027-10-01T00:00"), ("why", "Backwards")];
        sets(&chief, "0", &period).await.is(StatusCode::UNPROCESSABLE_ENTITY, "A period has a beginning").says("value=\"Backwards\"");
        sets(&chief, "0", &[("approver", "king")]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "at least one of the two roles");
        assert_eq!(server.count("house_rules").await, 0);
        server.settle().await;
    }

    async fn who_comes_second_sees_both(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let other = hired(server, server.agency.id, "Other", &[Role::Administrator]).await;
        sets(&chief, "0", &[("late", "5")]).await.leads_to();
        let page = sets(&other, "0", &[("late", "7")]).await
            .is(StatusCode::CONFLICT, "Somebody else has set the rules since");
        page.says("5 minutes");
        page.says("value=\"7\"");
        assert_eq!(in_force(server).await.late_minutes, 5);
        let number = page.hidden(RULES)[0].1.clone();
        sets(&other, &number, &[("late", "7")]).await.leads_to();
        assert_eq!(in_force(server).await.late_minutes, 7);
        // At once: one is told.
        let (one, two) = tokio::join!(sets(&chief, "2", &[("late", "1")]), sets(&other, "2", &[("late", "2")]));
        let mut statuses = [one.status, two.status];
        statuses.sort_by_key(StatusCode::as_u16);
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
        assert_eq!(server.count("house_rules").await, 3);
        server.settle().await;
    }

    async fn who_left_their_desk_shows_first_that_it_is_them(server: &TestServer) {
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        server.clock.advance(Duration::from_secs(11 * 60));
        let page = sets(&chief, "0", &[]).await.is(StatusCode::FORBIDDEN, "Is it still you?");
        page.says("zone=Europe%2FZurich");
        assert_eq!(server.count("house_rules").await, 0);
        chief.sees(RULES).await.is(StatusCode::OK, "Set these rules");
        // Whoever has the command line is told the same way.
        let (clock, mandate) = (server.clock.clone(), Mandate::operator(server.agency.id));
        server.write(move |conn| house::set_upon(conn, clock.as_ref(), &mandate, 0, HouseRules::default())).await;
        server.settle().await;
    }
}
