//! Every role and every right, in real rows, as the documentation has them.

use std::path::Path;

use actapub::agencies::staff::{Operator, mandate as of};
use actapub::agencies::staff::{Refused, Right, Role, team};

use super::{attempt, hired};
use crate::harness::{TestServer, on_both};

/// The table of docs/ROLES.md: for each right, who has it.
fn documented() -> Vec<(String, Vec<String>)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ROLES.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let heads = &rows[0];
    rows[2..]
        .iter()
        .map(|row| {
            let right = row[0].trim_matches('`').to_owned();
            let holders = heads.iter().zip(row).filter(|(_, cell)| **cell == "yes");
            (right, holders.map(|(head, _)| (*head).to_owned()).collect())
        })
        .collect()
}

on_both! {
    async fn every_cell_of_the_matrix_is_as_documented(server: &TestServer) {
        let agency = server.agency.id;
        let mut holders = vec![];
        for role in Role::ALL {
            holders.push((role.name(), hired(server, agency, role.name(), &[role]).await));
        }
        let elsewhere = server.create_agency("parks").await.id;
        let operator = hired(server, elsewhere, "olga", &[Role::Author]).await;
        let clock = server.clock.clone();
        attempt(server, move |conn| team::make_operator(conn, clock.as_ref(), Operator::COMMAND_LINE, operator)).await.unwrap();
        holders.push(("operator", operator));

        let documented = documented();
        assert_eq!(documented.len(), Right::ALL.len());
        let mut cells = 0;
        for right in Right::ALL {
            let (_, names) = documented.iter().find(|(name, _)| name == right.name()).unwrap();
            for (name, person) in &holders {
                let person = *person;
                let mandate = server.read(move |conn| of(conn, agency, person)).await.unwrap();
                let expected = if names.iter().any(|it| it == name) { Ok(()) } else { Err(Refused(right)) };
                assert_eq!(mandate.require(right), expected, "{name}: {}", right.name());
                cells += 1;
            }
        }
        assert_eq!(cells, Right::ALL.len() * (Role::ALL.len() + 1));

        // Of another agency, nobody but the operator may do anything at all.
        let third = server.create_agency("roads").await.id;
        for (name, person) in holders {
            let mandate = server.read(move |conn| of(conn, third, person)).await;
            assert_eq!(mandate.is_some(), name == "operator", "{name}");
        }
        server.settle().await;
    }

    async fn rights_of_several_roles_add_up(server: &TestServer) {
        let agency = server.agency.id;
        let roles = [Role::Moderator, Role::RecordsOfficer];
        let person = hired(server, agency, "ada", &roles).await;
        let mandate = server.read(move |conn| of(conn, agency, person)).await.unwrap();
        for right in Right::ALL {
            let expected = right.roles().iter().any(|role| roles.contains(role));
            assert_eq!(mandate.allows(right), expected, "{}", right.name());
        }
        server.settle().await;
    }
}
