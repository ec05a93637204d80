//! Whom a text names: looked up when it is saved, for a while and no longer.

use std::time::Duration;

use futures_util::future::join_all;

use crate::agencies;
use crate::kernel::{Acct, Handle};
use crate::platform::db;
use crate::publishing::Mention;
use crate::publishing::markdown;
use crate::web::State as Web;

/// Whoever saves waits no longer for other servers.
const LONGEST: Duration = Duration::from_secs(6);
/// More than these at once are looked up when it is saved again.
const AT_ONCE: usize = 10;

/// Those of `known` whom the text still names.
pub(super) fn kept(text: &str, known: &[Mention]) -> Vec<Mention> {
    let named = markdown::scan(text).mentions;
    named.iter().filter_map(|acct| of(acct, known)).collect()
}

/// Those whom a text names and nobody has found: they stay text.
pub(super) fn unknown(text: &str, known: &[Mention]) -> Vec<Acct> {
    let mut named = markdown::scan(text).mentions;
    named.retain(|acct| of(acct, known).is_none());
    named
}

/// The people and agencies that a text names. `known` are not looked up again; who is not found is left out.
pub(super) async fn find(
    web: &Web,
    text: &str,
    known: &[Mention],
) -> Result<Vec<Mention>, db::Error> {
    let mut found = kept(text, known);
    let unknown = unknown(text, known);
    let (ours, theirs): (Vec<Acct>, Vec<Acct>) = unknown.into_iter().partition(|acct| {
        [web.site.handle_domain(), web.site.authority()].contains(&acct.domain())
    });
    if !ours.is_empty() {
        let site = web.site.clone();
        let here = web
            .db
            .read(move |conn| {
                let mut here = vec![];
                for acct in ours {
                    let Ok(handle) = acct.user().parse::<Handle>() else {
                        continue;
                    };
                    if let Some(agency) = agencies::find_by_handle(conn, &handle)? {
                        here.push(Mention {
                            acct: acct.to_string(),
                            uri: site.actor(agency.id),
                            url: site.agency_page(&agency.handle),
                        });
                    }
                }
                Ok::<_, db::Error>(here)
            })
            .await?;
        found.extend(here);
    }
    // A server for trials talks to no other.
    if web.site.scheme() == "http" && !web.server.allow_private {
        return Ok(found);
    }
    let asked = theirs.iter().take(AT_ONCE).map(|acct| {
        let found = tokio::time::timeout(LONGEST, web.directory.find(acct));
        async move {
            let (_, actor) = found.await.ok()?.ok()?;
            Some(Mention {
                acct: acct.to_string(),
                url: actor.url.unwrap_or_else(|| actor.id.clone()),
                uri: actor.id,
            })
        }
    });
    found.extend(join_all(asked).await.into_iter().flatten());
    Ok(found)
}

fn of(acct: &Acct, known: &[Mention]) -> Option<Mention> {
    let written = acct.to_string();
    let same = |mention: &&Mention| mention.acct.eq_ignore_ascii_case(&written);
    known.iter().find(same).cloned()
}
