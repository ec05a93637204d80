//! Whom a text names: looked up before anything is written.

use anyhow::bail;
use futures_util::future::join_all;

use crate::agencies;
use crate::federation::actors::{Directory, Unknown};
use crate::kernel::{Acct, Handle};
use crate::publishing::Mention;
use crate::publishing::markdown;

use super::desk::Desk;
use super::output;

/// The people and agencies that `markdown` names. `known` are not looked up again; who cannot be found stays text,
/// which is said on the standard error output.
pub(super) async fn find(
    desk: &Desk,
    markdown: &str,
    known: &[Mention],
) -> anyhow::Result<Vec<Mention>> {
    let mut found = Vec::new();
    let mut elsewhere = Vec::new();
    for acct in markdown::scan(markdown).mentions {
        let written = acct.to_string();
        let same = |mention: &&Mention| mention.acct.eq_ignore_ascii_case(&written);
        if let Some(mention) = known.iter().find(same) {
            found.push(mention.clone());
        } else if is_ours(desk, &acct) {
            match ours(desk, &acct).await? {
                Some(mention) => found.push(mention),
                None => {
                    eprintln!("warning: there is no agency @{acct} here; the address stays text");
                }
            }
        } else {
            elsewhere.push(acct);
        }
    }
    if elsewhere.is_empty() {
        return Ok(found);
    }
    if desk.site.scheme() == "http" && !desk.config.federation.allow_private {
        for acct in &elsewhere {
            eprintln!(
                "warning: @{acct} stays text: a server whose url begins with http: is for trials, and talks to no other \
                 unless federation.allow_private is on"
            );
        }
        return Ok(found);
    }
    let directory = desk.services().await?.directory;
    let progress = output::progress(format!("looking up {} addresses", elsewhere.len()));
    let answers = join_all(elsewhere.iter().map(|acct| theirs(&directory, acct))).await;
    progress.finish_and_clear();
    for (acct, answer) in elsewhere.iter().zip(answers) {
        match answer {
            Ok(mention) => found.push(mention),
            Err(Unknown::Db(error)) => bail!(error),
            Err(why) => eprintln!("warning: @{acct} was not found and stays text: {why}"),
        }
    }
    Ok(found)
}

fn is_ours(desk: &Desk, acct: &Acct) -> bool {
    [desk.site.handle_domain(), desk.site.authority()].contains(&acct.domain())
}

async fn ours(desk: &Desk, acct: &Acct) -> anyhow::Result<Option<Mention>> {
    let Ok(handle) = acct.user().parse::<Handle>() else {
        return Ok(None);
    };
    let agency = desk
        .db
        .read(move |conn| agencies::find_by_handle(conn, &handle))
        .await?;
    Ok(agency.map(|agency| Mention {
        acct: acct.to_string(),
        uri: desk.site.actor(agency.id),
        url: desk.site.agency_page(&agency.handle),
    }))
}

async fn theirs(directory: &Directory, acct: &Acct) -> Result<Mention, Unknown> {
    let (_, actor) = directory.find(acct).await?;
    Ok(Mention {
        acct: acct.to_string(),
        url: actor.url.unwrap_or_else(|| actor.id.clone()),
        uri: actor.id,
    })
}
