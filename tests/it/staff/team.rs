//! Invitations, roles given and taken, people removed.

use std::time::Duration;

use actapub::agencies::staff::links::{self, Invitation, Lost, Purpose};
use actapub::agencies::staff::{Error, Mandate, Operator, Refused, Right, Role, team};
use actapub::agencies::{self, New};
use actapub::kernel::{Clock as _, PersonId, SafeHtml};
use actapub::platform::chance;

use super::{
    ANOTHER, PASSWORD, acting, attempt, enter, hired, invite, join, limits, mandate, newcomer,
    places_of, session, signed_in,
};
use crate::harness::{TestServer, on_both};
use actapub::agencies::staff::password::Password;
use actapub::agencies::staff::sessions::Browser;

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn take(server: &TestServer, by: Mandate, person: PersonId, role: Role) -> Result<(), Error> {
    let clock = server.clock.clone();
    attempt(server, move |conn| {
        team::take(conn, clock.as_ref(), &by, person, role)
    })
    .await
}

async fn give(server: &TestServer, by: Mandate, person: PersonId, role: Role) -> Result<(), Error> {
    let clock = server.clock.clone();
    attempt(server, move |conn| {
        team::give(conn, clock.as_ref(), &by, person, role)
    })
    .await
}

async fn remove(server: &TestServer, by: Mandate, person: PersonId) -> Result<(), Error> {
    let clock = server.clock.clone();
    attempt(server, move |conn| {
        team::remove(conn, clock.as_ref(), &by, person)
    })
    .await
}

async fn reset_link(
    server: &TestServer,
    by: Mandate,
    person: PersonId,
    lost: Lost,
) -> Result<links::Offered, Error> {
    let clock = server.clock.clone();
    attempt(server, move |conn| {
        links::offer_reset(conn, clock.as_ref(), &by, person, lost, &chance)
    })
    .await
}

async fn reset(server: &TestServer, offered: &links::Offered) -> Result<links::Arrived, Error> {
    let (clock, token) = (server.clock.clone(), offered.token.clone());
    let hash = Password::chosen(ANOTHER, &[]).unwrap().hash(&chance);
    attempt(server, move |conn| {
        links::reset(conn, clock.as_ref(), &token, &hash)
    })
    .await
}

on_both! {
    async fn an_invitation_is_used_once_and_for_seven_days(server: &TestServer) {
        let agency = server.agency.id;
        let operator = Mandate::operator(agency);
        let offered = invite(server, operator.clone(), &[Role::Author, Role::Author, Role::Moderator]).await.unwrap();
        assert!(places_of(server, &offered.token).await.is_empty(), "only its digest is stored");
        let (clock, token) = (server.clock.clone(), offered.token.clone());
        let link = attempt(server, move |conn| links::find_open(conn, clock.as_ref(), &token)).await.unwrap();
        assert_eq!(link.purpose, Purpose::Invitation { agency, roles: vec![Role::Author, Role::Moderator] });
        let ada = join(server, &offered.token, "ada").await.unwrap();
        let mandate = acting(server, agency, ada.person().id).await;
        assert!(mandate.allows(Right::Draft) && mandate.allows(Right::Moderate) && !mandate.allows(Right::Approve));
        let again = join(server, &offered.token, "mallory").await.unwrap_err();
        assert!(matches!(again, Error::LinkGone), "{again}");

        let late = invite(server, operator.clone(), &[Role::Author]).await.unwrap();
        let in_time = invite(server, operator.clone(), &[Role::Author]).await.unwrap();
        server.clock.advance(6 * DAY + Duration::from_secs(86_399));
        join(server, &in_time.token, "grace").await.unwrap();
        server.clock.advance(Duration::from_secs(1));
        assert!(matches!(join(server, &late.token, "late").await, Err(Error::LinkGone)));

        let taken_back = invite(server, operator.clone(), &[Role::Author]).await.unwrap();
        let (clock, by, id) = (server.clock.clone(), operator.clone(), taken_back.id);
        attempt(server, move |conn| links::revoke(conn, clock.as_ref(), &by, id)).await.unwrap();
        assert!(matches!(join(server, &taken_back.token, "late").await, Err(Error::LinkGone)));
        let (clock, by) = (server.clock.clone(), operator.clone());
        let again = attempt(server, move |conn| links::revoke(conn, clock.as_ref(), &by, id)).await;
        assert!(matches!(again, Err(Error::NoInvitation)));

        assert!(matches!(invite(server, operator, &[]).await, Err(Error::NoRole)));
        server.settle().await;
    }

    async fn who_has_a_login_accepts_with_it(server: &TestServer) {
        let (water, parks) = (server.agency.id, server.create_agency("parks").await.id);
        let ada = hired(server, water, "ada", &[Role::Author]).await;
        let offered = invite(server, Mandate::operator(parks), &[Role::Approver]).await.unwrap();
        let there = join(server, &offered.token, "ADA").await.unwrap_err();
        assert!(matches!(there, Error::AddressTaken), "{there}");
        let (clock, token) = (server.clock.clone(), offered.token.clone());
        attempt(server, move |conn| links::accept(conn, clock.as_ref(), &token, ada)).await.unwrap();
        let (there, here) = (acting(server, parks, ada).await, acting(server, water, ada).await);
        assert!(there.allows(Right::Approve) && !here.allows(Right::Approve));
        assert!(here.allows(Right::Draft) && mandate(server, parks, ada).await.is_some());
        server.settle().await;
    }

    async fn what_is_no_name_address_or_language_is_refused_before_the_link_is_used(server: &TestServer) {
        let offered = invite(server, Mandate::operator(server.agency.id), &[Role::Author]).await.unwrap();
        for (name, email, language) in [("", "a@b", "en"), ("Ada", "ada", "en"), ("Ada", "a@b", "no language")] {
            let mut wrong = newcomer("ada");
            (wrong.name, wrong.email, wrong.language) = (name.to_owned(), email.to_owned(), language.to_owned());
            let (clock, token) = (server.clock.clone(), offered.token.clone());
            let refused = attempt(server, move |conn| links::join(conn, clock.as_ref(), &token, &wrong)).await;
            assert!(matches!(refused, Err(Error::Name | Error::Address | Error::Agency(_))), "{refused:?}");
        }
        join(server, &offered.token, "ada").await.unwrap();
        server.settle().await;
    }

    async fn only_administrators_manage_the_staff(server: &TestServer) {
        let agency = server.agency.id;
        let refused = Refused(Right::ManageStaff);
        let grace = hired(server, agency, "grace", &[Role::Administrator]).await;
        let ada = hired(server, agency, "ada", &[Role::Author, Role::Approver, Role::Moderator, Role::RecordsOfficer]).await;
        let by = acting(server, agency, ada).await;
        for refusal in [
            invite(server, by.clone(), &[Role::Author]).await.map(drop),
            give(server, by.clone(), ada, Role::Administrator).await,
            take(server, by.clone(), grace, Role::Administrator).await,
            remove(server, by.clone(), grace).await,
            reset_link(server, by.clone(), grace, Lost::Password).await.map(drop),
        ] {
            assert!(matches!(refusal, Err(Error::Refused(it)) if it == refused), "{refusal:?}");
        }
        let by = acting(server, agency, grace).await;
        give(server, by.clone(), ada, Role::Administrator).await.unwrap();
        assert!(acting(server, agency, ada).await.allows(Right::ManageStaff));
        assert!(matches!(take(server, by.clone(), grace, Role::Moderator).await, Err(Error::NotHeld(Role::Moderator))));
        let nobody = PersonId::new(4);
        assert!(matches!(give(server, by.clone(), nobody, Role::Author).await, Err(Error::Unknown)));
        assert!(matches!(remove(server, by, nobody).await, Err(Error::Unknown)));
        server.settle().await;
    }

    async fn the_last_administrator_stays(server: &TestServer) {
        let agency = server.agency.id;
        let grace = hired(server, agency, "grace", &[Role::Administrator, Role::Author]).await;
        let ada = hired(server, agency, "ada", &[Role::Author]).await;
        for by in [acting(server, agency, grace).await, Mandate::operator(agency)] {
            assert!(matches!(remove(server, by.clone(), grace).await, Err(Error::LastAdministrator)));
            assert!(matches!(take(server, by.clone(), grace, Role::Administrator).await, Err(Error::LastAdministrator)));
        }
        take(server, Mandate::operator(agency), grace, Role::Author).await.unwrap();
        give(server, Mandate::operator(agency), ada, Role::Administrator).await.unwrap();
        remove(server, acting(server, agency, ada).await, grace).await.unwrap();
        assert!(matches!(remove(server, acting(server, agency, ada).await, ada).await, Err(Error::LastAdministrator)));
        server.settle().await;
    }

    async fn removal_ends_everything_at_once(server: &TestServer) {
        let (water, parks) = (server.agency.id, server.create_agency("parks").await.id);
        let limits = limits();
        let grace = hired(server, water, "grace", &[Role::Administrator]).await;
        let ada = hired(server, water, "ada", &[Role::Administrator]).await;
        let offered = invite(server, Mandate::operator(parks), &[Role::Author]).await.unwrap();
        let (clock, token) = (server.clock.clone(), offered.token.clone());
        attempt(server, move |conn| links::accept(conn, clock.as_ref(), &token, ada)).await.unwrap();
        let admitted = signed_in(server, limits, "ada").await;
        let friend = invite(server, acting(server, water, ada).await, &[Role::Approver]).await.unwrap();

        remove(server, acting(server, water, grace).await, ada).await.unwrap();
        assert!(mandate(server, water, ada).await.is_none());
        assert!(mandate(server, parks, ada).await.is_some());
        assert!(session(server, &admitted.session).await.is_some(), "they still work for the parks");
        assert!(matches!(join(server, &friend.token, "friend").await, Err(Error::LinkGone)), "whom they invited");

        let key = reset_link(server, Mandate::operator(parks), ada, Lost::Password).await.unwrap();
        remove(server, Mandate::operator(parks), ada).await.unwrap();
        assert!(session(server, &admitted.session).await.is_none());
        let browser = Browser { family: String::new(), device: Some(admitted.device) };
        let refused = enter(server, limits, "ada@city.example", PASSWORD, &browser).await.unwrap_err();
        assert!(matches!(refused, Error::Wrong), "{refused}");
        assert!(matches!(reset(server, &key).await, Err(Error::LinkGone)));
        let again = invite(server, Mandate::operator(parks), &[Role::Author]).await.unwrap();
        let (clock, token) = (server.clock.clone(), again.token.clone());
        let refused = attempt(server, move |conn| links::accept(conn, clock.as_ref(), &token, ada)).await;
        assert!(matches!(refused, Err(Error::Unknown)));

        let back = join(server, &again.token, "ada").await.unwrap();
        assert_eq!(back.person().id, ada, "who comes back is the same person");
        assert!(mandate(server, water, ada).await.is_none());
        server.settle().await;
    }

    async fn taking_the_last_role_is_a_removal(server: &TestServer) {
        let agency = server.agency.id;
        let ada = hired(server, agency, "ada", &[Role::Author, Role::Moderator]).await;
        let admitted = signed_in(server, limits(), "ada").await;
        take(server, Mandate::operator(agency), ada, Role::Author).await.unwrap();
        assert!(session(server, &admitted.session).await.is_some());
        take(server, Mandate::operator(agency), ada, Role::Moderator).await.unwrap();
        assert!(session(server, &admitted.session).await.is_none());
        assert_eq!(server.count("staff_devices").await, 0);
        server.settle().await;
    }

    async fn a_reset_sets_a_new_password_and_ends_sessions(server: &TestServer) {
        let (agency, limits) = (server.agency.id, limits());
        let grace = hired(server, agency, "grace", &[Role::Administrator]).await;
        let ada = hired(server, agency, "ada", &[Role::Author]).await;
        let admitted = signed_in(server, limits, "ada").await;
        let first = reset_link(server, acting(server, agency, grace).await, ada, Lost::Password).await.unwrap();
        let second = reset_link(server, acting(server, agency, grace).await, ada, Lost::Password).await.unwrap();
        assert!(session(server, &admitted.session).await.is_some(), "not before it is used");
        assert!(matches!(reset(server, &first).await, Err(Error::LinkGone)), "only the newest counts");
        assert!(matches!(join(server, &second.token, "mallory").await, Err(Error::LinkGone)), "it is no invitation");
        assert_eq!(reset(server, &second).await.unwrap().person().id, ada);
        assert!(session(server, &admitted.session).await.is_none());
        let browser = Browser::default();
        assert!(matches!(enter(server, limits, "ada@city.example", PASSWORD, &browser).await, Err(Error::Wrong)));
        enter(server, limits, "ada@city.example", ANOTHER, &browser).await.unwrap();
        assert!(matches!(reset(server, &second).await, Err(Error::LinkGone)));
        server.settle().await;
    }

    /// Whoever can sign in as somebody can act wherever they may.
    async fn an_administrator_cannot_reset_who_also_works_elsewhere(server: &TestServer) {
        let (water, parks) = (server.agency.id, server.create_agency("parks").await.id);
        let grace = hired(server, water, "grace", &[Role::Administrator]).await;
        let ada = hired(server, parks, "ada", &[Role::Administrator]).await;
        let olga = hired(server, water, "olga", &[Role::Author]).await;
        let clock = server.clock.clone();
        attempt(server, move |conn| team::make_operator(conn, clock.as_ref(), Operator::COMMAND_LINE, olga)).await.unwrap();
        let by = acting(server, water, grace).await;
        assert!(matches!(reset_link(server, by.clone(), ada, Lost::Password).await, Err(Error::Unknown)));
        assert!(matches!(reset_link(server, by.clone(), olga, Lost::Password).await, Err(Error::WorksElsewhere)));
        give(server, Mandate::operator(water), ada, Role::Author).await.unwrap();
        assert!(matches!(reset_link(server, by.clone(), ada, Lost::Password).await, Err(Error::WorksElsewhere)));
        let clock = server.clock.clone();
        let ended = attempt(server, move |conn| team::end_sessions(conn, clock.as_ref(), &by, ada)).await;
        assert!(matches!(ended, Err(Error::WorksElsewhere)));
        reset_link(server, acting(server, water, olga).await, ada, Lost::Password).await.unwrap();
        server.settle().await;
    }

    async fn operators_set_up_agencies_and_speak_for_none(server: &TestServer) {
        let agency = server.agency.id;
        let clock = server.clock.clone();
        let offered = attempt(server, move |conn| {
            links::invite_operator(conn, clock.as_ref(), Operator::COMMAND_LINE, Some("Olga@City.Example"), &chance)
        }).await.unwrap();
        let olga = join(server, &offered.token, "olga").await.unwrap().person().id;
        let by = acting(server, agency, olga).await;
        assert!(by.allows(Right::ManageStaff) && !by.allows(Right::Draft) && !by.allows(Right::ReadPrivate));
        invite(server, by, &[Role::Administrator]).await.unwrap();
        let clock = server.clock.clone();
        attempt(server, move |conn| team::end_operator(conn, clock.as_ref(), Operator::COMMAND_LINE, olga)).await.unwrap();
        assert!(mandate(server, agency, olga).await.is_none());
        let clock = server.clock.clone();
        let open = attempt(server, move |conn| links::invitations(conn, clock.as_ref(), &Mandate::operator(agency))).await.unwrap();
        assert!(open.is_empty(), "whom they invited: {open:?}");
        let clock = server.clock.clone();
        let again = attempt(server, move |conn| team::end_operator(conn, clock.as_ref(), Operator::COMMAND_LINE, olga)).await;
        assert!(matches!(again, Err(Error::Unknown)));
        server.settle().await;
    }

    async fn colleagues_and_invitations_are_listed(server: &TestServer) {
        let agency = server.agency.id;
        hired(server, agency, "grace", &[Role::Administrator]).await;
        let ada = hired(server, agency, "ada", &[Role::Moderator, Role::Author]).await;
        let elsewhere = server.create_agency("parks").await.id;
        hired(server, elsewhere, "eve", &[Role::Author]).await;
        let by = acting(server, agency, ada).await;
        let members = server.read(move |conn| team::members(conn, &by)).await;
        let listed: Vec<_> = members.iter().map(|it| (it.person.name.as_str(), it.roles.as_slice())).collect();
        assert_eq!(listed, [("ada", [Role::Author, Role::Moderator].as_slice()), ("grace", &[Role::Administrator])]);
        let everyone = server.read(|conn| team::everyone(conn, Operator::COMMAND_LINE)).await;
        assert_eq!(everyone.len(), 3);

        let (clock, by) = (server.clock.clone(), Mandate::operator(agency));
        attempt(server, move |conn| {
            let invitation = Invitation { email: Some("New@City.Example".to_owned()), roles: vec![Role::Approver] };
            links::invite(conn, clock.as_ref(), &by, invitation, &chance)
        }).await.unwrap();
        let (clock, by) = (server.clock.clone(), Mandate::operator(agency));
        let open = attempt(server, move |conn| links::invitations(conn, clock.as_ref(), &by)).await.unwrap();
        assert_eq!((open.len(), open[0].email.as_deref()), (1, Some("new@city.example")));
        let (clock, by) = (server.clock.clone(), acting(server, agency, ada).await);
        let refused = attempt(server, move |conn| links::invitations(conn, clock.as_ref(), &by)).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        server.settle().await;
    }

    async fn a_server_with_anybody_on_it_is_not_set_up_by_a_link(server: &TestServer) {
        let clock = server.clock.clone();
        let offered = attempt(server, move |conn| links::offer_setup(conn, clock.as_ref(), &chance)).await.unwrap();
        assert!(offered.is_none());
    }
}

/// A server that is empty is set up by the newest link that it printed, once and within a day.
#[tokio::test]
async fn an_empty_server_is_set_up_by_its_link() {
    use actapub::kernel::ManualClock;
    use actapub::platform::db::Db;
    use std::sync::Arc;

    for database in crate::harness::Database::each() {
        let db = Db::open(&database.location, 2).await.unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-24T12:00:00Z".parse().unwrap()));
        let offer = async || {
            let clock = clock.clone();
            let offered = db
                .write(move |conn| links::offer_setup(conn, clock.as_ref(), &chance))
                .await;
            offered.unwrap()
        };
        let set_up = async |offered: &links::Offered| {
            let (clock, token) = (clock.clone(), offered.token.clone());
            let new = New {
                handle: "water".parse().unwrap(),
                name: "Water Works".to_owned(),
                summary: String::new(),
                summary_html: SafeHtml::from_plain(""),
                links: vec![],
                language: "en".to_owned(),
                avatar: None,
                header: None,
            };
            db.write(move |conn| links::set_up(conn, clock.as_ref(), &token, &newcomer("ada"), new))
                .await
        };
        let earlier = offer().await.unwrap();
        let late = offer().await.unwrap();
        assert!(matches!(set_up(&earlier).await, Err(Error::LinkGone)));
        clock.advance(DAY);
        assert!(matches!(set_up(&late).await, Err(Error::LinkGone)));
        let offered = offer().await.unwrap();
        let (agency, ada) = set_up(&offered).await.unwrap();
        let person = ada.person().id;
        assert!(ada.person().operator_since == Some(clock.now()));
        let mandate = db
            .read(move |conn| actapub::agencies::staff::mandate(conn, agency.id, person))
            .await
            .unwrap()
            .unwrap();
        assert!(mandate.allows(Right::ManageStaff) && mandate.allows(Right::Draft));
        assert!(matches!(set_up(&offered).await, Err(Error::LinkGone)));
        assert!(offer().await.is_none());
        let known = db.read(agencies::list).await.unwrap();
        assert_eq!(known.len(), 1);
    }
}
