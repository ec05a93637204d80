//! An agency's staff and its trail: who sees them, and what is done there.

use actapub::agencies::staff::{Mandate, Role, team};
use actapub::kernel::PersonId;
use axum::http::StatusCode;

use super::{Visitor, hired, invited, number, signed_in};
use crate::harness::{TestServer, on_both};

const STAFF: &str = "/console/water/staff";

async fn chief(server: &TestServer) -> Visitor {
    hired(server, server.agency.id, "Chief", &[Role::Administrator]).await
}

/// The page of somebody of the staff.
async fn page_of(server: &TestServer, name: &str) -> String {
    format!("{STAFF}/{}", number(server, name).await)
}

on_both! {
    async fn administrators_invite_and_take_invitations_back(server: &TestServer) {
        let chief = chief(server).await;
        let path = "/console/water/staff/invite";
        chief.sees(STAFF).await.is(StatusCode::OK, "Invite somebody").says("chief@city.example");
        let page = chief.sends(path, &[("email", "ada at city"), ("role", "author")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "is written like");
        page.says("value=\"author\" checked");
        chief.sends(path, &[("email", "ada@city.example")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "Choose at least one role.").says(r##"href="#roles""##);

        let page = chief.sends(path, &[("email", "ada@city.example"), ("role", "author"), ("role", "moderator")]).await
            .is(StatusCode::OK, "shown only now");
        page.says("Author, Moderator");
        let link = page.between(server.base(), "<");
        assert!(link.starts_with("/console/join/"), "{link}");
        Visitor::of(server).sees(&link).await.is(StatusCode::OK, "Chief has invited you.").says("value=\"ada@city.example\"");

        let page = chief.sees(STAFF).await.is(StatusCode::OK, "Open invitations");
        page.says_nothing_of(link.rsplit('/').next().unwrap());
        let fields = page.hidden("/console/water/staff/revoke");
        let page = chief.sends_all("/console/water/staff/revoke", &fields).await;
        chief.follows(&page).await.is(StatusCode::OK, "The invitation is void.");
        chief.sends_all("/console/water/staff/revoke", &fields).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "not open any more");
        Visitor::of(server).sees(&link).await.is(StatusCode::GONE, "This link is not valid");
        server.settle().await;
    }

    async fn roles_are_given_and_taken_one_by_one(server: &TestServer) {
        let chief = chief(server).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = page_of(server, "Ada").await;
        chief.sees(&own).await.is(StatusCode::OK, "Writes announcements");
        // Sent twice, it is given once.
        for _ in 0..2 {
            let page = chief.sends(&format!("{own}/give"), &[("role", "moderator")]).await;
            chief.follows(&page).await.is(StatusCode::OK, "The role is given.");
        }
        assert_eq!(server.count("staff_trail WHERE act LIKE '%role-given%'").await, 1);
        ada.sees("/console/water").await.says("Moderator");
        chief.sends(&format!("{own}/give"), &[("role", "king")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "Choose at least one role.");
        let page = chief.sends(&format!("{own}/take"), &[("role", "moderator")]).await;
        chief.follows(&page).await.is(StatusCode::OK, "The role is taken away.");
        chief.sends(&format!("{own}/take"), &[("role", "moderator")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "They do not hold this role.");

        let mine = page_of(server, "Chief").await;
        chief.sends(&format!("{mine}/take"), &[("role", "administrator")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "the last administrator");
        chief.sends(&format!("{mine}/remove"), &[]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "the last administrator");
        // Who holds nothing any more is off the staff.
        let page = chief.sends(&format!("{own}/take"), &[("role", "author")]).await;
        chief.follows(&page).await.is(StatusCode::OK, "They are off the staff");
        server.settle().await;
    }

    async fn who_is_removed_is_out_at_once(server: &TestServer) {
        let chief = chief(server).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = page_of(server, "Ada").await;
        chief.sees(&format!("{own}/remove")).await.is(StatusCode::OK, "Remove Ada from the staff?");
        ada.sees("/console/water").await.is(StatusCode::OK, "Author");
        let page = chief.sends(&format!("{own}/remove"), &[]).await;
        chief.follows(&page).await.is(StatusCode::OK, "They are off the staff").says_nothing_of("ada@city.example");
        assert!(ada.sees("/console/water").await.leads_to().starts_with("/console/sign-in"));
        ada.sends("/console/account", &[("name", "Ada")]).await.is(StatusCode::UNAUTHORIZED, "Your session has ended");
        for part in ["", "/remove"] {
            chief.sees(&format!("{own}{part}")).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        chief.sends(&format!("{own}/remove"), &[]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        server.settle().await;
    }

    async fn stolen_devices_are_signed_out(server: &TestServer) {
        let chief = chief(server).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = page_of(server, "Ada").await;
        let page = chief.sends(&format!("{own}/end-sessions"), &[]).await;
        chief.follows(&page).await.is(StatusCode::OK, "All their sessions have ended.");
        assert_eq!(ada.sees("/console").await.status, StatusCode::SEE_OTHER);

        // Not of who also works elsewhere: that would let them in there.
        let fire = server.create_agency("fire").await;
        let ada = signed_in(server, "Ada").await;
        let token = invited(server, fire.id, &[Role::Author]).await;
        ada.sends(&format!("/console/join/{}", token.reveal()), &[("accept", "yes")]).await.leads_to();
        for part in ["end-sessions", "reset"] {
            chief.sends(&format!("{own}/{part}"), &[]).await
                .is(StatusCode::UNPROCESSABLE_ENTITY, "only an operator of the server");
        }
        ada.sees("/console").await.is(StatusCode::OK, "Welcome, Ada");
        server.settle().await;
    }

    async fn the_trail_is_read_page_by_page(server: &TestServer) {
        let chief = chief(server).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        drop(ada);
        let id: i64 = number(server, "Ada").await.parse().unwrap();
        let (clock, mandate) = (server.clock.clone(), Mandate::operator(server.agency.id));
        server.write(move |conn| {
            for _ in 0..30 {
                let person = PersonId::new(id);
                team::give(conn, clock.as_ref(), &mandate, person, Role::Moderator)?;
                team::take(conn, clock.as_ref(), &mandate, person, Role::Moderator)?;
            }
            Ok::<_, actapub::agencies::staff::Error>(())
        }).await;
        let page = chief.sees("/console/water/trail").await.is(StatusCode::OK, "Gave a role: Moderator");
        page.says("the command line");
        page.says("Ada");
        page.says_nothing_of("Joined: Administrator");
        let older = page.between("rel=\"next\" href=\"", "\"");
        let page = chief.sees(&older).await.is(StatusCode::OK, "Joined: Administrator");
        page.says("Newest");
        page.says_nothing_of("rel=\"next\"");
        chief.sees("/console/water/trail?before=x").await.is(StatusCode::OK, "Gave a role");
        chief.sees("/console/water/trail?before=1").await.is(StatusCode::OK, "Nothing has been done yet.");
        server.settle().await;
    }
}
