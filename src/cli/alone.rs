//! What the operator does at once, without a draft: bound by the house rules like everybody.

use anyhow::anyhow;

use crate::agencies::staff::Mandate;
use crate::kernel::{AgencyId, Clock};
use crate::platform::db::Conn;
use crate::publishing::drafts::{self, Alone, Done, Press, Proposal};

/// Why somebody acts alone although the house rules want more.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Ground {
    /// Do it although the house rules want more, since it cannot wait: the reason stands in the public record
    #[arg(long, value_name = "REASON", allow_hyphen_values = true)]
    emergency: Option<String>,
}

impl Ground {
    /// Does what is proposed in the operator's name; `exemption` says why a required language is missing.
    pub(super) fn act(
        &self,
        conn: &mut Conn,
        clock: &dyn Clock,
        press: &Press<'_>,
        agency: AgencyId,
        proposals: Vec<Proposal>,
        exemption: Option<&str>,
    ) -> anyhow::Result<Vec<Done>> {
        let ground = match &self.emergency {
            Some(reason) => Alone::Emergency { reason },
            None => Alone::ByTheRules { exemption },
        };
        let mandate = Mandate::operator(agency);
        drafts::act_alone(conn, clock, press, &mandate, proposals, ground).map_err(explained)
    }
}

/// An error, with the way past it if it is the house rules that stand in it.
pub(super) fn explained(error: drafts::Error) -> anyhow::Error {
    if error.is_of_the_house() {
        anyhow!("{error}; --emergency REASON does it all the same, at once, and the record says so")
    } else {
        error.into()
    }
}
