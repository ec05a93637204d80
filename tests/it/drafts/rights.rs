//! Who may do what with a draft: each role × each act, and each role × what belongs to another agency.

use actapub::agencies::staff::{Mandate, Right, Role};
use actapub::kernel::{Clock, DraftId, When};
use actapub::platform::db::Conn;
use actapub::publishing::drafts::{self, Draft, Error, PartNumber, Press, Proposal, Saving};
use actapub::publishing::house::{self, HouseRules};

use super::states::everything;
use crate::harness::{TestServer, on_both, says};

const ACTS: [&str; 14] = [
    "find",
    "start",
    "save",
    "add",
    "exempt",
    "submit",
    "take-back",
    "approve",
    "send-back",
    "schedule",
    "unschedule",
    "publish",
    "emergency",
    "discard",
];

/// Each role × each act, on an announcement that is as far as the act needs it: y if it may, – if not.
const MATRIX: &str = "
                 find start save add exempt submit take-back approve send-back schedule unschedule publish emergency discard
author           y    y     y    y   y      y      y         –       –         y        y          y       –         y
approver         y    y     y    y   y      y      y         y       y         y        y          y       –         y
moderator        y    y     y    y   y      y      y         –       –         –        –          –       –         y
records-officer  –    –     –    –   –      –      –         –       –         –        –          –       –         –
administrator    y    y     y    y   y      y      y         –       –         y        y          y       y         y
";

fn act(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    by: &Mandate,
    draft: &Draft,
    name: &str,
) -> Result<(), Error> {
    let (id, seen) = (draft.id, draft.version);
    match name {
        "find" => drop(drafts::find(conn, by, id)?),
        "start" => drop(drafts::start(conn, clock, by, vec![says("More.")])?),
        "save" => drop(drafts::save(
            conn,
            clock,
            by,
            id,
            PartNumber::FIRST,
            draft.parts[0].version,
            &says("Other."),
            Saving::ByHand,
        )?),
        "add" => drop(drafts::add_part(conn, clock, by, id, says("More."))?),
        "exempt" => drop(drafts::exempt(conn, clock, by, id, seen, Some("Late."))?),
        "submit" => drop(drafts::submit(conn, clock, press, by, id, seen)?),
        "take-back" => drop(drafts::withdraw_from_review(conn, clock, by, id)?),
        "approve" => drop(drafts::approve(conn, clock, by, id, seen)?),
        "send-back" => drop(drafts::send_back(conn, clock, by, id, "Why?")?),
        "schedule" => {
            let when = When::Instant("2026-11-25T12:00:00Z".parse().unwrap());
            drop(drafts::schedule(conn, clock, press, by, id, seen, when)?);
        }
        "unschedule" => drop(drafts::unschedule(conn, clock, by, id)?),
        "publish" => drop(drafts::publish_now(conn, clock, press, by, id, seen)?),
        "emergency" => drop(drafts::publish_in_emergency(
            conn, clock, press, by, id, seen, "Flood.",
        )?),
        "discard" => drop(drafts::discard(conn, clock, by, id)?),
        other => panic!("{other}"),
    }
    Ok(())
}

async fn acts(
    server: &TestServer,
    by: &Mandate,
    draft: &Draft,
    name: &'static str,
) -> Result<(), Error> {
    let (clock, by, draft) = (server.clock.clone(), by.clone(), draft.clone());
    server
        .desk(move |conn, press| act(conn, clock.as_ref(), press, &by, &draft, name))
        .await
}

/// A draft that is as far as an act needs it.
async fn ready_for(server: &TestServer, author: &Mandate, approver: &Mandate, name: &str) -> Draft {
    let draft = server.writes(author, says("The pool opens.")).await;
    if ![
        "take-back",
        "approve",
        "send-back",
        "schedule",
        "unschedule",
        "publish",
    ]
    .contains(&name)
    {
        return draft;
    }
    let draft = server.submits(author, draft.id).await.unwrap();
    if ["take-back", "approve", "send-back"].contains(&name) {
        return draft;
    }
    let draft = server.approves(approver, &draft).await.unwrap();
    if name != "unschedule" {
        return draft;
    }
    server
        .schedules(author, &draft, "2026-11-24 14:00")
        .await
        .unwrap()
}

on_both! {
    async fn each_role_may_do_what_the_table_says(server: &TestServer) {
        server.works_by(everything()).await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let mut table = format!("\n{:16}", "");
        for name in ACTS {
            table.push_str(&format!(" {name}"));
        }
        for role in Role::ALL {
            table.push_str(&format!("\n{:16}", role.name()));
            let person = server.staff(&[role]).await;
            for name in ACTS {
                let draft = ready_for(server, &author, &approver, name).await;
                let may = match acts(server, &person, &draft, name).await {
                    Ok(()) => "y",
                    Err(Error::Refused(_)) => "–",
                    Err(error) => panic!("{role} {name}: {error}"),
                };
                if may == "–" {
                    assert_eq!(server.stands(draft.id).await, draft, "{role} {name}");
                }
                table.push_str(&format!(" {may:<0$}", name.len()));
            }
            table = table.trim_end().to_owned();
        }
        assert_eq!(format!("{table}\n"), MATRIX);
        server.settle().await;
    }

    async fn what_belongs_to_another_agency_is_not_there(server: &TestServer) {
        server.works_by(everything()).await;
        let gas = server.create_agency("gas").await;
        let author = server.staff(&[Role::Author]).await;
        let approver = server.staff(&[Role::Approver]).await;
        let (said, _) = server.announce("Ours.").await;
        let mut strangers = vec![Mandate::operator(gas.id)];
        for roles in [&[Role::Author][..], &[Role::Approver], &[Role::Moderator], &[Role::RecordsOfficer], &[Role::Administrator], &Role::ALL] {
            let person = server.hire(gas.id, roles).await;
            strangers.push(server.mandate(gas.id, person).await);
            // Somebody of ours is as strange to them.
            let here = server.read(move |conn| actapub::agencies::staff::mandate(conn, said.agency, person)).await;
            assert_eq!(here, None);
        }
        for name in ACTS.into_iter().filter(|name| *name != "start") {
            let draft = ready_for(server, &author, &approver, name).await;
            for stranger in &strangers {
                let refused = acts(server, stranger, &draft, name).await;
                assert!(
                    matches!(refused, Err(Error::NotFound | Error::Refused(_) | Error::OperatorApproves)),
                    "{name} {stranger:?}: {refused:?}"
                );
                if stranger.allows(Right::Draft) && name == "find" {
                    assert!(matches!(refused, Err(Error::NotFound)));
                }
                assert_eq!(server.stands(draft.id).await, draft);
                let mut nowhere = draft.clone();
                nowhere.id = DraftId::new(7);
                let unknown = acts(server, stranger, &nowhere, name).await;
                assert_eq!(format!("{refused:?}"), format!("{unknown:?}"), "nobody learns that there is one");
            }
        }
        // Nor can anything be proposed about what another agency said.
        for stranger in &strangers {
            let (clock, by) = (server.clock.clone(), stranger.clone());
            let withdrawal = Proposal::Withdrawal { announcement: said.id, reason: "Mine now.".to_owned() };
            let refused = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &by, vec![withdrawal])).await;
            assert!(matches!(refused, Err(Error::Publishing(actapub::publishing::Error::NotFound) | Error::Refused(_))), "{refused:?}");
            let list = { let by = stranger.clone(); server.desk(move |conn, _| drafts::list(conn, &by, &drafts::Standing::ALL, 100)).await };
            assert!(list.is_err() || list.unwrap().is_empty());
        }
        server.settle().await;
    }

    async fn profile_and_keys_are_the_administrators(server: &TestServer) {
        let profile = || Proposal::Profile(Box::new(drafts::Profile { name: Some("City Water".to_owned()), ..drafts::Profile::default() }));
        let administrator = server.staff(&[Role::Administrator]).await;
        for role in [Role::Author, Role::Approver, Role::Moderator] {
            let person = server.staff(&[role]).await;
            for proposal in [profile(), Proposal::Keys] {
                let kind = proposal.kind();
                let (clock, by, asked) = (server.clock.clone(), person.clone(), proposal.clone());
                let refused = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &by, vec![asked])).await;
                assert!(matches!(refused, Err(Error::Refused(_))), "{role} {kind}");
                // Nor may they let out what an administrator wrote.
                let draft = server.writes(&administrator, proposal).await;
                assert!(matches!(server.publishes(&person, &draft).await, Err(Error::Refused(_))), "{role} {kind}");
            }
            let (clock, by) = (server.clock.clone(), person.clone());
            let rules = server.services.db.write(move |conn| house::set(conn, clock.as_ref(), &by, HouseRules::default())).await;
            assert!(matches!(rules, Err(house::Error::Refused(_))));
        }
        let draft = server.writes(&administrator, profile()).await;
        server.publishes(&administrator, &draft).await.unwrap();
        server.settle().await;
        assert_eq!(server.document(&server.actor()).await["name"], "City Water");
    }
}
