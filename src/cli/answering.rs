//! What an announcement answers: found by its id or its page.

use anyhow::{Context as _, bail};

use crate::agencies;
use crate::dialogue::messages;
use crate::dialogue::replies::{self, Reply, Standing};
use crate::kernel::AgencyId;
use crate::platform::db::{self, Conn};
use crate::publishing::{self, Answering, Mention};

use super::desk::Desk;

/// What is answered, and who said it; nobody is named for an agency that goes on itself.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) answering: Answering,
    pub(super) author: Option<Mention>,
}

/// Finds what `url` names: a reply's ActivityPub id or page, or an announcement of this server's.
pub(super) async fn find(desk: &Desk, url: &str, speaker: AgencyId) -> anyhow::Result<Answered> {
    if desk.site.is_ours(url) {
        return announcement(desk, url, speaker).await;
    }
    let asked = url.to_owned();
    let (reply, is_private) = desk
        .db
        .read(
            move |conn: &mut Conn| -> Result<(Option<Reply>, bool), db::Error> {
                let is_private = messages::id_of(conn, &asked)?.is_some();
                let reply = match replies::by_uri(conn, &asked)? {
                    Some(reply) => Some(reply),
                    None => replies::by_page(conn, &asked)?,
                };
                Ok((reply, is_private))
            },
        )
        .await?;
    // What was once public and is private now is answered in private, if at all.
    let shown = |it: &Reply| it.standing == Standing::Shown;
    if is_private && !reply.as_ref().is_some_and(shown) {
        bail!(
            "{url} is a private message: `actapub queue answer` answers it, in private; nothing of it is answered in public"
        );
    }
    let reply = reply.with_context(|| format!("{url} is no public reply that arrived here"))?;
    match reply.standing {
        Standing::Shown => {}
        Standing::DeletedByAuthor { .. } => bail!("{url} was deleted by its author"),
        Standing::Withheld { .. } => bail!("{url} is to be erased"),
        Standing::Erased { .. } => bail!("{url} was erased"),
    }
    Ok(Answered {
        answering: Answering {
            uri: reply.uri,
            thread: reply.thread,
        },
        author: Some(Mention {
            acct: reply.author.acct(),
            uri: reply.author.uri,
            url: reply.author.url,
        }),
    })
}

async fn announcement(desk: &Desk, url: &str, speaker: AgencyId) -> anyhow::Result<Answered> {
    let id = super::conversation::announcement_of(&desk.site, url)?;
    let found = desk
        .db
        .read(move |conn: &mut Conn| {
            let announcement = publishing::find(conn, id)?.ok_or(publishing::Error::NotFound)?;
            if announcement.withdrawn.is_some() {
                return Ok((announcement, None));
            }
            let agency = agencies::find(conn, announcement.agency)?;
            Ok::<_, publishing::Error>((announcement, agency))
        })
        .await?;
    let (announcement, Some(agency)) = found else {
        bail!("{url} was withdrawn");
    };
    Ok(Answered {
        answering: Answering {
            uri: desk.site.announcement(id),
            thread: Some(announcement.thread),
        },
        author: (agency.id != speaker).then(|| Mention {
            acct: desk.site.acct(&agency.handle),
            uri: desk.site.actor(agency.id),
            url: desk.site.agency_page(&agency.handle),
        }),
    })
}
