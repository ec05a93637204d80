//! The rules by which a checkpoint counts as witnessed, as they followed one another.

mod files;
mod store;

pub(in crate::archive) use self::files::address;
pub use self::files::{BadFile, Rules, read, read_logs};
pub use self::store::current;

use serde_json::{Value, json};

use super::log::{self, Log};
use crate::kernel::{Clock, PolicyId};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};
use crate::tlog::Policy;

/// Makes `policy` (c2sp.org/tlog-policy) the rule from now on, and has the record of every agency say so. `false` if it
/// is the rule already.
pub fn adopt(conn: &mut Conn, clock: &dyn Clock, policy: &str) -> Result<bool, db::Error> {
    let before = store::current(conn)?;
    if before.as_deref().unwrap_or_default() == policy {
        return Ok(false);
    }
    let known = before.as_deref().map(witnesses).unwrap_or_default();
    let id = store::insert(conn, clock, policy)?;
    for log in log::all(conn)? {
        journal::append(conn, clock, log.agency, &Fact::PolicyChanged { policy: id })?;
        for (witness, n) in witnesses(policy).iter().zip(0..) {
            if !known.contains(witness) {
                let fact = Fact::WitnessAdded {
                    policy: id,
                    witness: n,
                };
                journal::append(conn, clock, log.agency, &fact)?;
            }
        }
    }
    Ok(true)
}

/// What a policy says that asks for nobody.
const NOBODY: &str = "quorum none\n";

/// Makes what the operator's file says the rule, or, if there is none any more, that no witness is asked for.
pub fn adopt_rules(
    conn: &mut Conn,
    clock: &dyn Clock,
    rules: Option<&Rules>,
) -> Result<bool, db::Error> {
    match rules {
        Some(rules) => adopt(conn, clock, &rules.text),
        None if store::current(conn)?.is_some() => adopt(conn, clock, NOBODY),
        None => Ok(false),
    }
}

/// Has a log that begins say which rule is in force.
pub(super) fn state(conn: &mut Conn, clock: &dyn Clock, log: &Log) -> Result<(), db::Error> {
    let Some((id, policy)) = store::current_numbered(conn)? else {
        return Ok(());
    };
    journal::append(conn, clock, log.agency, &Fact::PolicyChanged { policy: id })?;
    for (_, n) in witnesses(&policy).iter().zip(0..) {
        let fact = Fact::WitnessAdded {
            policy: id,
            witness: n,
        };
        journal::append(conn, clock, log.agency, &fact)?;
    }
    Ok(())
}

/// The verifier keys of a policy's witnesses, in their order.
fn witnesses(policy: &str) -> Vec<String> {
    Policy::parse(policy)
        .map(|policy| {
            policy
                .witnesses()
                .iter()
                .map(|witness| witness.key.to_string())
                .collect()
        })
        .unwrap_or_default()
}

/// What the record says of a policy, or of one of its witnesses.
pub(super) fn stated(
    conn: &mut Conn,
    id: PolicyId,
    witness: Option<i32>,
) -> Result<Value, db::Error> {
    let Some(policy) = store::find(conn, id)? else {
        return Ok(Value::Null);
    };
    Ok(match witness.and_then(|n| usize::try_from(n).ok()) {
        Some(n) => json!({ "witness": witnesses(&policy).get(n) }),
        None => json!({ "policy": policy }),
    })
}
