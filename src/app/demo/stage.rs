//! Plays the script: each act asks first whether it has happened, so that a set-up that was cut short is completed.

use std::collections::HashSet;
use std::mem;
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::Say;
use super::citizens::{Citizens, Words};
use super::pictures;
use super::place::Place;
use super::script::{ACTS, Act, Agency, CITIZENS, To};
use crate::agencies::{self, Link};
use crate::app::Services;
use crate::archive::log;
use crate::dialogue::reactions::{self, Reaction};
use crate::dialogue::replies::{self, Reply, Standing};
use crate::dialogue::{actors, followers, messages};
use crate::kernel::{ActorId, AgencyId, AnnouncementId, Cursor, Handle};
use crate::platform::blobs::{self, Blob};
use crate::platform::db;
use crate::publishing::pictures::{Limits, Prepared, Purpose, prepare};
use crate::publishing::{self, Announcement, Answering, Draft, Image, Mention, Shelf, markdown};

/// How often the state of things is looked at while something is on its way.
const GLANCE: Duration = Duration::from_millis(10);
/// From when on a wait is worth a word. What a killed process had in hand is taken up again after a minute and a half.
const WORTH_A_WORD: Duration = Duration::from_secs(5);
const GIVE_UP: Duration = Duration::from_secs(180);
const MOST: i64 = 1_000;

pub(super) async fn play(
    services: &Services,
    citizens: &Citizens,
    place: &mut Place,
    say: Say<'_>,
) -> anyhow::Result<()> {
    let mut stage = Stage {
        services,
        citizens,
        place,
        say,
    };
    say("Twelve citizens on another server look them up and follow …");
    for citizen in &CITIZENS {
        for agency in citizen.follows {
            stage.follow(citizen.handle, agency).await?;
        }
    }
    let mut told = HashSet::new();
    for act in ACTS {
        if told.insert(mem::discriminant(act)) {
            say(chapter(act));
        }
        stage.perform(act).await?;
    }
    stage.is_witnessed().await?;
    stage.place.finished = true;
    stage.place.save()
}

/// What is going on, in a few words.
const fn chapter(act: &Act) -> &'static str {
    match act {
        Act::Announce { .. } => {
            "The agencies make announcements, which arrive in the citizens' inboxes …"
        }
        Act::Reply { .. } => "Citizens ask and answer …",
        Act::Like { .. } => "… like …",
        Act::Boost { .. } => "… and pass on …",
        Act::Reword { .. } => "One corrects a reply …",
        Act::Delete { .. } => "… another deletes one …",
        Act::Answer { .. } => "The agencies answer …",
        Act::Amend { .. } => "An announcement is corrected …",
        Act::Withdraw { .. } => "… another withdrawn, with the reason …",
        Act::Whisper { .. } => "Somebody writes in private …",
    }
}

/// Sets an agency up, unless it is there.
pub(super) async fn found(services: &Services, script: &'static Agency) -> anyhow::Result<()> {
    let handle: Handle = script.handle.parse()?;
    let asked = handle.clone();
    let there = services
        .db
        .read(move |conn| agencies::find_by_handle(conn, &asked))
        .await?;
    if there.is_some() {
        return Ok(());
    }
    let (avatar, header) = tokio::task::spawn_blocking(|| {
        let avatar = prepare(
            &pictures::paint(script.avatar.0, 256, 256)?,
            Purpose::Avatar,
            Limits::default(),
        )?;
        let header = prepare(
            &pictures::paint(script.header.0, 960, 320)?,
            Purpose::Header,
            Limits::default(),
        )?;
        anyhow::Ok((avatar, header))
    })
    .await??;
    let links = script.links.iter().map(|(label, url)| Link {
        label: (*label).to_owned(),
        url: (*url).to_owned(),
    });
    let new = agencies::New {
        handle: handle.clone(),
        name: script.name.to_owned(),
        summary: script.summary.to_owned(),
        summary_html: markdown::render(script.summary, &services.site, &[]).html,
        links: links.collect(),
        language: script.language.to_owned(),
        avatar: Some(picture(&avatar, script.avatar.1)),
        header: Some(picture(&header, script.header.1)),
    };
    let accent = agencies::Change {
        accent: Some(script.accent.to_owned()),
        ..agencies::Change::default()
    };
    let clock = services.clock.clone();
    let create = move |conn: &mut db::Conn| -> Result<(), agencies::Error> {
        for prepared in [avatar, header] {
            put(conn, clock.as_ref(), prepared)?;
        }
        agencies::create(conn, clock.as_ref(), new)?;
        agencies::edit(conn, clock.as_ref(), &handle, accent)?;
        Ok(())
    };
    Ok(services.db.write(create).await?)
}

struct Stage<'a> {
    services: &'a Services,
    citizens: &'a Citizens,
    place: &'a mut Place,
    say: Say<'a>,
}

impl Stage<'_> {
    async fn follow(&self, by: &'static str, agency: &'static str) -> anyhow::Result<()> {
        let id = self.agency_named(agency).await?;
        let uri = self
            .citizens
            .find(&self.services.site.acct(&agency.parse()?).parse()?)
            .await?;
        if !self.citizens.is_following(by, &uri) {
            self.citizens
                .follow(by, &uri)
                .await
                .with_context(|| format!("{by} could not follow @{agency}"))?;
        }
        let actor = self.citizens.actor(by);
        self.until(&format!("@{agency} to accept {by}"), async || {
            let actor = actor.clone();
            let listed = self
                .services
                .db
                .read(move |conn| match actors::id_of(conn, &actor)? {
                    Some(actor) => followers::is_following(conn, id, actor),
                    None => Ok::<_, db::Error>(false),
                });
            Ok(self.citizens.is_following(by, &uri) && listed.await?)
        })
        .await
    }

    async fn perform(&mut self, act: &'static Act) -> anyhow::Result<()> {
        match act {
            Act::Announce { name, .. } => self
                .announce(act)
                .await
                .with_context(|| format!("the announcement {name} could not be made")),
            Act::Amend { name, text } => self.amend(name, text).await,
            Act::Withdraw { name, reason } => self.withdraw(name, reason).await,
            Act::Answer {
                agency,
                reply,
                language,
                text,
            } => self.answer(agency, reply, language, text).await,
            Act::Reply {
                name,
                by,
                to,
                language,
                text,
            } => self.reply(name, by, *to, language, text).await,
            Act::Reword { name, text } => self.reword(name, text).await,
            Act::Delete { name } => self.delete(name).await,
            Act::Whisper {
                name,
                by,
                agency,
                text,
            } => self.whisper(name, by, agency, text).await,
            Act::Like { announcement, by } => self.react(Reaction::Like, announcement, by).await,
            Act::Boost { announcement, by } => self.react(Reaction::Boost, announcement, by).await,
        }
    }

    // What agencies do: the use cases that the command line calls.

    async fn announce(&mut self, act: &'static Act) -> anyhow::Result<()> {
        let Act::Announce {
            name,
            agency,
            language,
            warning,
            text,
            pictures,
            pin,
        } = act
        else {
            bail!("this is no announcement");
        };
        let announced = if let Some(id) = self.place.announcements.get(*name) {
            AnnouncementId::new(*id)
        } else {
            let prepared = tokio::task::spawn_blocking(|| {
                let paint = |(motif, alt): &(_, &'static str)| {
                    let picture = pictures::paint(*motif, 900, 600)?;
                    let picture = prepare(&picture, Purpose::Attachment, Limits::default())?;
                    anyhow::Ok((picture, *alt))
                };
                pictures.iter().map(paint).collect::<Result<Vec<_>, _>>()
            })
            .await??;
            let draft = Draft {
                agency: self.agency_named(agency).await?,
                markdown: (*text).to_owned(),
                warning: warning.map(str::to_owned),
                language: (*language).to_owned(),
                mentions: vec![],
                images: prepared
                    .iter()
                    .map(|(picture, alt)| image(picture, alt))
                    .collect(),
                poll: None,
                article: None,
                answering: None,
                pin: *pin,
            };
            let pictures = prepared.into_iter().map(|(picture, _)| picture).collect();
            self.publish(name, draft, pictures).await?
        };
        let uri = self.services.site.announcement(announced);
        let followers = CITIZENS
            .iter()
            .filter(|citizen| citizen.follows.contains(agency))
            .count();
        self.until(&format!("the announcement {name} to arrive"), async || {
            Ok(self.citizens.arrivals(&uri) >= followers)
        })
        .await
    }

    /// Publishes, unless that very text has been before this process was there to note it.
    async fn publish(
        &mut self,
        name: &str,
        draft: Draft,
        pictures: Vec<Prepared>,
    ) -> anyhow::Result<AnnouncementId> {
        let (clock, site, rules) = (
            self.services.clock.clone(),
            self.services.site.clone(),
            self.services.rules,
        );
        let work = move |conn: &mut db::Conn| -> Result<Announcement, publishing::Error> {
            let standing =
                publishing::by_agency(conn, draft.agency, Shelf::Everything, Cursor::NEWEST, MOST)?;
            if let Some(there) = standing
                .into_iter()
                .find(|it| it.revision.markdown == draft.markdown)
            {
                return Ok(there);
            }
            for prepared in pictures {
                put(conn, clock.as_ref(), prepared)?;
            }
            publishing::announce(conn, clock.as_ref(), &site, rules, draft)
        };
        let announcement = self.services.db.write(work).await?;
        self.services.bells.facts.ring();
        self.place
            .announcements
            .insert(name.to_owned(), announcement.id.get());
        self.place.save()?;
        Ok(announcement.id)
    }

    async fn amend(&self, name: &str, text: &'static str) -> anyhow::Result<()> {
        let announcement = self.announcement(name).await?;
        if announcement.edited_at.is_none() {
            let (id, revision) = (announcement.id, announcement.revision);
            let draft = Draft {
                agency: announcement.agency,
                markdown: text.to_owned(),
                warning: revision.warning,
                language: revision.language,
                mentions: revision.mentions,
                images: revision.images,
                poll: None,
                article: None,
                answering: None,
                pin: false,
            };
            let (clock, site, rules) = (
                self.services.clock.clone(),
                self.services.site.clone(),
                self.services.rules,
            );
            let edit = move |conn: &mut db::Conn| {
                publishing::edit(conn, clock.as_ref(), &site, rules, id, draft)
            };
            self.services.db.write(edit).await?;
            self.services.bells.facts.ring();
        }
        let uri = self.services.site.announcement(announcement.id);
        self.until(&format!("the correction of {name} to arrive"), async || {
            Ok(self.citizens.has_edit(&uri))
        })
        .await
    }

    async fn withdraw(&self, name: &str, reason: &'static str) -> anyhow::Result<()> {
        let announcement = self.announcement(name).await?;
        let id = announcement.id;
        if announcement.withdrawn.is_none() {
            let clock = self.services.clock.clone();
            let work =
                move |conn: &mut db::Conn| publishing::withdraw(conn, clock.as_ref(), id, reason);
            self.services.db.write(work).await?;
            self.services.bells.facts.ring();
        }
        let uri = self.services.site.announcement(id);
        self.until(&format!("the withdrawal of {name} to arrive"), async || {
            Ok(self.citizens.has_withdrawal(&uri))
        })
        .await
    }

    async fn answer(
        &mut self,
        agency: &'static str,
        reply: &'static str,
        language: &'static str,
        text: &'static str,
    ) -> anyhow::Result<()> {
        let name = format!("answer to {reply}");
        let answered = if let Some(id) = self.place.announcements.get(&name) {
            AnnouncementId::new(*id)
        } else {
            let there = self.reply_named(reply).await?;
            let there = there.with_context(|| format!("the reply {reply} is not there"))?;
            let (acct, uri, url) = (there.author.acct(), there.author.uri, there.author.url);
            let thread = there
                .thread
                .context("the reply belongs to no announcement")?;
            let draft = Draft {
                agency: self.agency_named(agency).await?,
                markdown: format!("@{acct} {text}"),
                warning: None,
                language: language.to_owned(),
                mentions: vec![Mention { acct, uri, url }],
                images: vec![],
                poll: None,
                article: None,
                answering: Some(Answering {
                    uri: there.uri,
                    thread: Some(thread),
                }),
                pin: false,
            };
            self.publish(&name, draft, vec![]).await?
        };
        let uri = self.services.site.announcement(answered);
        self.until(&format!("the {name} to arrive"), async || {
            Ok(self.citizens.arrivals(&uri) > 0)
        })
        .await
    }

    // What citizens do, over HTTP; and whether it has had its effect.

    async fn reply(
        &self,
        name: &'static str,
        by: &str,
        to: To,
        language: &str,
        text: &str,
    ) -> anyhow::Result<()> {
        if self.reply_named(name).await?.is_none() {
            let (agency, in_reply_to, answered) = match to {
                To::Announcement(announcement) => {
                    let announcement = self.announcement(announcement).await?;
                    (
                        announcement.agency,
                        self.services.site.announcement(announcement.id),
                        None,
                    )
                }
                To::Reply(parent) => {
                    let reply = self.reply_named(parent).await?;
                    let agency = reply
                        .with_context(|| format!("the reply {parent} is not there"))?
                        .agency;
                    let (uri, author) = self
                        .citizens
                        .written(parent)
                        .context("the reply was never written")?;
                    (agency, uri, Some(author))
                }
            };
            let words = Words {
                by,
                text,
                language: Some(language),
                agency: &self.services.site.actor(agency),
                in_reply_to: Some(in_reply_to),
                answered: answered.as_deref().filter(|author| *author != by),
            };
            self.citizens
                .say(name, &words)
                .await
                .with_context(|| format!("{by} could not reply"))?;
        }
        self.until(&format!("the reply {name} to be shown"), async || {
            Ok(self.reply_named(name).await?.is_some())
        })
        .await
    }

    async fn reword(&self, name: &'static str, text: &str) -> anyhow::Result<()> {
        let edited = async || {
            let reply = self.reply_named(name).await?;
            Ok(reply.is_some_and(|reply| {
                reply.edited_at.is_some() || reply.standing != Standing::Shown
            }))
        };
        if !edited().await? {
            self.citizens.reword(name, text).await?;
        }
        self.until(&format!("the new wording of {name} to be shown"), edited)
            .await
    }

    async fn delete(&self, name: &'static str) -> anyhow::Result<()> {
        let deleted = async || {
            let reply = self.reply_named(name).await?;
            Ok(reply.is_some_and(|reply| reply.standing != Standing::Shown))
        };
        if !deleted().await? {
            self.citizens.delete(name).await?;
        }
        self.until(&format!("the reply {name} to disappear"), deleted)
            .await
    }

    async fn whisper(
        &self,
        name: &'static str,
        by: &'static str,
        agency: &'static str,
        text: &'static str,
    ) -> anyhow::Result<()> {
        let id = self.agency_named(agency).await?;
        let kept = async || {
            let Some((uri, _)) = self.citizens.written(name) else {
                return Ok(false);
            };
            let listed = self
                .services
                .db
                .read(move |conn| messages::list(conn, id, MOST))
                .await?;
            Ok(listed.iter().any(|message| message.uri == uri))
        };
        if !kept().await? {
            let words = Words {
                by,
                text,
                language: None,
                agency: &self.services.site.actor(id),
                in_reply_to: None,
                answered: None,
            };
            self.citizens.whisper(name, &words).await?;
        }
        self.until("the private message to be kept", kept).await
    }

    async fn react(
        &self,
        reaction: Reaction,
        announcement: &str,
        by: &[&str],
    ) -> anyhow::Result<()> {
        let announcement = self.announcement(announcement).await?;
        let (id, site) = (announcement.id, &self.services.site);
        let (agency, uri) = (site.actor(announcement.agency), site.announcement(id));
        for citizen in by {
            let actor = self.citizens.actor(citizen);
            let counted = async || {
                let actor = actor.clone();
                let look = move |conn: &mut db::Conn| -> Result<bool, db::Error> {
                    let Some(actor) = actors::id_of(conn, &actor)? else {
                        return Ok(false);
                    };
                    let reactors = reactions::reactors(conn, id, reaction, ActorId::new(0), MOST)?;
                    Ok(reactors.iter().any(|(reactor, ..)| *reactor == actor))
                };
                Ok(self.services.db.read(look).await?)
            };
            if !counted().await? {
                match reaction {
                    Reaction::Like => self.citizens.like(citizen, &agency, &uri).await?,
                    Reaction::Boost => self.citizens.boost(citizen, &agency, &uri).await?,
                }
            }
            self.until("a reaction to be counted", counted).await?;
        }
        Ok(())
    }

    // How things stand.

    async fn agency_named(&self, handle: &str) -> anyhow::Result<AgencyId> {
        let handle: Handle = handle.parse()?;
        Ok(self
            .services
            .db
            .read(move |conn| agencies::by_handle(conn, &handle))
            .await?
            .id)
    }

    async fn announcement(&self, name: &str) -> anyhow::Result<Announcement> {
        let id = self.place.announcements.get(name).copied();
        let id = id
            .map(AnnouncementId::new)
            .with_context(|| format!("{name} was never announced"))?;
        let found = self
            .services
            .db
            .read(move |conn| publishing::find(conn, id))
            .await?;
        found.with_context(|| format!("the announcement {name} is gone"))
    }

    async fn reply_named(&self, name: &str) -> anyhow::Result<Option<Reply>> {
        let Some((uri, _)) = self.citizens.written(name) else {
            return Ok(None);
        };
        Ok(self
            .services
            .db
            .read(move |conn| replies::by_uri(conn, &uri))
            .await?)
    }

    /// Until then nobody could be shown the newest part of the record.
    async fn is_witnessed(&self) -> anyhow::Result<()> {
        self.until("the county to confirm the city's records", async || {
            let logs = self.services.db.read(log::all).await?;
            Ok(logs.iter().all(|log| log.witnessed.is_some()))
        })
        .await
    }

    /// Waits until something is so.
    async fn until(
        &self,
        what: &str,
        is_so: impl AsyncFn() -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        let mut waited = Duration::ZERO;
        let mut spoken = false;
        while !is_so().await? {
            if waited > GIVE_UP {
                bail!("waited in vain for {what}; another start goes on from here");
            }
            if waited > WORTH_A_WORD && !spoken {
                (self.say)(&format!("  still waiting for {what}"));
                spoken = true;
            }
            tokio::time::sleep(GLANCE).await;
            waited += GLANCE;
        }
        Ok(())
    }
}

fn picture(prepared: &Prepared, alt: &str) -> agencies::Picture {
    agencies::Picture {
        digest: prepared.digest.clone(),
        media_type: prepared.media_type.to_owned(),
        alt: alt.to_owned(),
    }
}

fn image(prepared: &Prepared, alt: &str) -> Image {
    Image {
        digest: prepared.digest.clone(),
        media_type: prepared.media_type.to_owned(),
        alt: alt.to_owned(),
        width: prepared.width,
        height: prepared.height,
        blurhash: prepared.blurhash.clone(),
        focus: None,
    }
}

fn put(
    conn: &mut db::Conn,
    clock: &dyn crate::kernel::Clock,
    prepared: Prepared,
) -> Result<(), db::Error> {
    let blob = Blob {
        media_type: prepared.media_type.to_owned(),
        bytes: prepared.bytes,
    };
    blobs::put(conn, clock, &prepared.digest, &blob)
}
