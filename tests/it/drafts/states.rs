//! Every state × everything that may be done: what it leads to, or that it is refused.

use actapub::agencies::staff::{Mandate, Role};
use actapub::publishing::drafts::{self, Act, Draft, Error, Saving, Standing};
use actapub::publishing::house::{Approval, HouseRules, Needing};

use crate::harness::{TestServer, on_both, says};

const ACTS: [(Act, &str); 10] = [
    (Act::Save, "save"),
    (Act::Submit, "submit"),
    (Act::TakeBack, "take-back"),
    (Act::Approve, "approve"),
    (Act::SendBack, "send-back"),
    (Act::Schedule, "schedule"),
    (Act::Unschedule, "unschedule"),
    (Act::Publish, "publish"),
    (Act::PublishInEmergency, "emergency"),
    (Act::Discard, "discard"),
];

/// Where a draft of one state stands after each act; – if that is refused. Everything needs one approval.
const WITH_APPROVAL: &str = "
            save       submit     take-back  approve    send-back  schedule   unschedule publish    emergency  discard
writing     writing    in-review  –          –          –          –          –          –          published  discarded
in-review   writing    –          writing    approved   sent-back  –          –          –          published  discarded
sent-back   writing    in-review  –          –          –          –          –          –          published  discarded
approved    writing    –          –          –          sent-back  scheduled  –          published  published  discarded
scheduled   writing    –          –          –          sent-back  scheduled  approved   published  published  discarded
held        writing    in-review  –          –          sent-back  –          –          –          published  discarded
published   –          –          –          –          –          –          –          –          –          –
discarded   –          –          –          –          –          –          –          –          –          –
";

/// The same where nothing needs approval. Held is what came too late.
const WITHOUT: &str = "
            save       submit     take-back  approve    send-back  schedule   unschedule publish    emergency  discard
writing     writing    approved   –          –          –          scheduled  –          published  published  discarded
in-review   writing    –          writing    approved   sent-back  –          –          –          published  discarded
sent-back   writing    approved   –          –          –          –          –          –          published  discarded
approved    writing    –          –          –          sent-back  scheduled  –          published  published  discarded
scheduled   writing    –          –          –          sent-back  scheduled  approved   published  published  discarded
held        writing    approved   –          –          sent-back  scheduled  –          published  published  discarded
published   –          –          –          –          –          –          –          –          –          –
discarded   –          –          –          –          –          –          –          –          –          –
";

pub(super) fn everything() -> HouseRules {
    HouseRules {
        approval: Approval {
            of: Needing::Everything,
            ..Approval::default()
        },
        ..HouseRules::default()
    }
}

struct Team {
    author: Mandate,
    approver: Mandate,
    administrator: Mandate,
}

on_both! {
    async fn each_state_allows_what_it_allows(server: &TestServer) {
        let team = team(server).await;
        server.works_by(everything()).await;
        assert_eq!(walked(server, &team, true).await, WITH_APPROVAL);
    }

    async fn without_approval_the_way_is_shorter(server: &TestServer) {
        let team = team(server).await;
        assert_eq!(walked(server, &team, false).await, WITHOUT);
    }
}

async fn team(server: &TestServer) -> Team {
    Team {
        author: server.staff(&[Role::Author]).await,
        approver: server.staff(&[Role::Approver]).await,
        administrator: server.staff(&[Role::Administrator]).await,
    }
}

async fn walked(server: &TestServer, team: &Team, with_approval: bool) -> String {
    let mut table = format!("\n{:12}", "");
    for (_, name) in ACTS {
        table.push_str(&format!("{name:<11}"));
    }
    for standing in Standing::ALL {
        table = format!("{}\n{:12}", table.trim_end(), standing.name());
        for (act, _) in ACTS {
            let draft = brought_to(server, team, standing, with_approval).await;
            assert_eq!(draft.standing(), standing);
            let came = match done(server, team, &draft, act).await {
                Ok(()) => server.stands(draft.id).await.standing().name(),
                Err(Error::State { is, act: refused }) => {
                    assert!(!is.allows(refused) || with_approval, "{is} {refused:?}");
                    assert_eq!(is, standing);
                    "–"
                }
                Err(Error::Approvals { have: 0, need: 1 }) if with_approval => "–",
                Err(Error::NothingToApprove) => "–",
                Err(error) => panic!("{standing} {act:?}: {error}"),
            };
            if came == "–" {
                assert_eq!(
                    server.stands(draft.id).await,
                    draft,
                    "{act:?} changed it all the same"
                );
            }
            table.push_str(&format!("{came:<11}"));
        }
    }
    server.settle().await;
    format!("{}\n", table.trim_end())
}

/// A draft that stands there.
async fn brought_to(
    server: &TestServer,
    team: &Team,
    standing: Standing,
    with_approval: bool,
) -> Draft {
    let draft = server.writes(&team.author, says("The pool opens.")).await;
    match standing {
        Standing::Writing => {}
        Standing::Discarded => done(server, team, &draft, Act::Discard).await.unwrap(),
        Standing::InReview | Standing::SentBack => {
            // Rules may change while something is in review.
            if !with_approval {
                server.works_by(everything()).await;
            }
            server.submits(&team.author, draft.id).await.unwrap();
            if standing == Standing::SentBack {
                done(server, team, &draft, Act::SendBack).await.unwrap();
            }
            if !with_approval {
                server.works_by(HouseRules::default()).await;
            }
        }
        Standing::Approved | Standing::Scheduled | Standing::Held | Standing::Published => {
            let submitted = server.submits(&team.author, draft.id).await.unwrap();
            let passing = server.staff(&[Role::Approver]).await;
            if with_approval {
                let approver = if standing == Standing::Held {
                    &passing
                } else {
                    &team.approver
                };
                server.approves(approver, &submitted).await.unwrap();
            }
            match standing {
                Standing::Scheduled => done(server, team, &draft, Act::Schedule).await.unwrap(),
                Standing::Published => done(server, team, &draft, Act::Publish).await.unwrap(),
                Standing::Held => {
                    done(server, team, &draft, Act::Schedule).await.unwrap();
                    let late = if with_approval {
                        server.remove(passing.person().unwrap()).await;
                        3_600
                    } else {
                        3_600 + 16 * 60
                    };
                    server.clock.advance(std::time::Duration::from_secs(late));
                    server.services.send_due().await.unwrap();
                }
                _ => {}
            }
        }
    }
    server.stands(draft.id).await
}

async fn done(server: &TestServer, team: &Team, draft: &Draft, act: Act) -> Result<(), Error> {
    let (clock, id, seen) = (server.clock.clone(), draft.id, draft.version);
    let (author, approver) = (team.author.clone(), team.approver.clone());
    let administrator = team.administrator.clone();
    let part = draft.parts[0].clone();
    server
        .desk(move |conn, press| {
            let clock = clock.as_ref();
            match act {
                Act::Save => {
                    let saved = drafts::save(
                        conn,
                        clock,
                        &author,
                        id,
                        part.number,
                        part.version,
                        &says("The pool opens late."),
                        Saving::ByHand,
                    )?;
                    if let drafts::Saved::Aside {
                        why: drafts::Kept::Over(is),
                        ..
                    } = saved
                    {
                        return Err(Error::State { is, act });
                    }
                }
                Act::Submit => drop(drafts::submit(conn, clock, press, &author, id, seen)?),
                Act::TakeBack => drop(drafts::withdraw_from_review(conn, clock, &author, id)?),
                Act::Approve => drop(drafts::approve(conn, clock, &approver, id, seen)?),
                Act::SendBack => drop(drafts::send_back(conn, clock, &approver, id, "When?")?),
                Act::Schedule => {
                    let when = actapub::kernel::When::Instant(
                        actapub::kernel::Clock::now(clock) + std::time::Duration::from_secs(3_600),
                    );
                    drop(drafts::schedule(
                        conn, clock, press, &author, id, seen, when,
                    )?);
                }
                Act::Unschedule => drop(drafts::unschedule(conn, clock, &author, id)?),
                Act::Publish => {
                    drop(drafts::publish_now(conn, clock, press, &author, id, seen)?);
                }
                Act::PublishInEmergency => drop(drafts::publish_in_emergency(
                    conn,
                    clock,
                    press,
                    &administrator,
                    id,
                    seen,
                    "The dam breaks.",
                )?),
                Act::Discard => drop(drafts::discard(conn, clock, &author, id)?),
            }
            Ok(())
        })
        .await
}
