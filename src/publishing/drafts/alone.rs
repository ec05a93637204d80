//! What is written and done at once by one person, without a draft: by the house rules, or against them in an emergency.

use super::sending::{self, Done, Press, Word, act};
use super::writing::{exemption, expect_ours};
use super::{Error, Proposal, noted_done, review};
use crate::agencies::staff::{Mandate, Right};
use crate::kernel::Clock;
use crate::platform::db::Conn;
use crate::publishing::house;

/// On what ground somebody acts alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alone<'a> {
    /// The house rules allow it; `exemption` says why a required language is missing.
    ByTheRules { exemption: Option<&'a str> },
    /// It cannot wait, whatever the house rules say.
    Emergency { reason: &'a str },
}

/// Does what is proposed, in order.
pub fn act_alone(
    conn: &mut Conn,
    clock: &dyn Clock,
    press: &Press<'_>,
    mandate: &Mandate,
    proposals: Vec<Proposal>,
    ground: Alone<'_>,
) -> Result<Vec<Done>, Error> {
    sending::expect_rights(mandate, proposals.iter())?;
    for proposal in &proposals {
        expect_ours(conn, mandate, proposal)?;
    }
    let word = match ground {
        Alone::ByTheRules { exemption: asked } => {
            mandate.require(Right::Schedule)?;
            let house = house::rules(conn, mandate.agency())?;
            if let Some((kind, need)) = review::needed(conn, &house, proposals.iter())? {
                return Err(Error::NeedsApproval { kind, need });
            }
            let exemption = exemption(asked)?;
            review::expect_languages(&house, &proposals, exemption.as_deref())?;
            sending::expect_time(&house, &proposals, clock.now())?;
            Word::Approved(None)
        }
        Alone::Emergency { reason } => {
            mandate.require(Right::PublishInEmergency)?;
            Word::Emergency(sending::emergency_reason(reason)?)
        }
    };
    let done = act(conn, clock, press, mandate.agency(), proposals, word)?;
    noted_done(conn, clock, mandate, word, &done)?;
    Ok(done)
}
