//! `actapub announce` and `actapub edit`: what an agency says.

use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ArgGroup;
use serde::Serialize;

use crate::agencies;
use crate::agencies::staff::Mandate;
use crate::kernel::{Clock, Handle, Site, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::{self, Conn};
use crate::publishing::drafts::{self, Done, Press, Proposal};
use crate::publishing::pictures::{self, Prepared, Purpose};
use crate::publishing::{self, Announcement, Image, Mention, Rules, markdown};

use super::alone::Ground;
use super::answering::{self, Answered};
use super::at_length::{self, AtLength};
use super::conversation::announcement_of;
use super::desk::{Desk, block_on};
use super::further::{Further, Source};
use super::{mentions, output, pictures as files, poll};

/// A longer file is no announcement.
const LONGEST_FILE: u64 = 1 << 20;

/// What an announcement is made of.
#[derive(Debug, Clone, clap::Args)]
struct Content {
    /// What to say, in Markdown; @water@city.gov and #hashtags are found in it
    #[arg(long, value_name = "MARKDOWN", allow_hyphen_values = true)]
    text: Option<String>,
    /// A file that holds the text; - is the standard input
    #[arg(long, value_name = "FILE.md", conflicts_with = "text")]
    file: Option<PathBuf>,
    /// The language of the text (BCP 47); the agency's own if not named
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// A content warning, behind which the text is folded away; an empty one takes it away
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    warning: Option<String>,
    /// A picture, JPEG, PNG, GIF or WebP; may be repeated
    #[arg(long = "image", value_name = "FILE")]
    images: Vec<PathBuf>,
    /// What a picture shows, for those who cannot see it: one for each picture, in their order
    #[arg(long = "alt", value_name = "TEXT", allow_hyphen_values = true)]
    alts: Vec<String>,
    /// Where to look in a picture, -1 to 1 from left to right and from bottom to top; one for each or none
    #[arg(long = "focus", value_name = "X,Y", value_parser = focus, allow_hyphen_values = true)]
    focuses: Vec<(f64, f64)>,
    #[command(flatten)]
    at_length: AtLength,
}

#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("words").args(["text", "file"]).required(true)))]
pub(super) struct Announce {
    /// The agency that speaks, such as water
    handle: Handle,
    // Before the pictures, whose places it looks up.
    #[command(flatten)]
    further: Further,
    #[command(flatten)]
    content: Content,
    /// What to answer: a reply's ActivityPub id or page, or an announcement here
    #[arg(long, value_name = "URL")]
    reply_to: Option<String>,
    #[command(flatten)]
    poll: poll::Asked,
    /// Put it at the top of the agency's page
    #[arg(long)]
    pin: bool,
    /// Why it is not in all languages that the house rules ask for
    #[arg(long, value_name = "REASON", allow_hyphen_values = true)]
    exemption: Option<String>,
    /// Put it up for approval instead of publishing it
    #[arg(long, conflicts_with = "emergency")]
    draft: bool,
    #[command(flatten)]
    ground: Ground,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct Edit {
    /// Its page or its ActivityPub id
    #[arg(value_name = "URL")]
    announcement: String,
    #[command(flatten)]
    content: Content,
    /// Take all pictures away
    #[arg(long, conflicts_with = "images")]
    no_images: bool,
    /// Take the long text away
    #[arg(long, conflicts_with_all = ["article", "title"])]
    no_article: bool,
    /// Put it at the top of the agency's page
    #[arg(long, conflicts_with = "unpin")]
    pin: bool,
    /// Take it down from the top of the agency's page
    #[arg(long)]
    unpin: bool,
    #[command(flatten)]
    ground: Ground,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

fn focus(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| text.trim().parse().ok();
    let (x, y) = text
        .split_once(',')
        .and_then(|(x, y)| Some((number(x)?, number(y)?)))
        .ok_or("two numbers are needed, such as 0.0,0.5")?;
    pictures::focus(x, y).map_err(|error| error.to_string())
}

/// An announcement as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown {
    /// ActivityPub id.
    id: String,
    /// Its page.
    url: String,
    published: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<at_length::Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    poll: Option<poll::Shown>,
    /// Every post of an announcement of several, the first as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    thread: Vec<Self>,
}

impl Shown {
    fn of(site: &Site, handle: &Handle, announcement: &Announcement) -> Self {
        Self {
            id: site.announcement(announcement.id),
            url: site.announcement_page(handle, announcement.id),
            published: announcement.published_at,
            edited: announcement.edited_at,
            article: at_length::Shown::of(site, handle, announcement),
            poll: announcement.poll.as_ref().map(poll::Shown::from),
            thread: vec![],
        }
    }
}

pub(super) fn announce(asked: Announce, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let handle = asked.handle;
        let agency = desk
            .db
            .read(move |conn| agencies::by_handle(conn, &handle))
            .await?;
        let answered = match &asked.reply_to {
            Some(url) => Some(answering::find(&desk, url, agency.id).await?),
            None => None,
        };
        let mut text = asked.content.words()?.unwrap_or_default();
        let article = asked.content.at_length.manuscript(None)?;
        let [images, alts, focuses] = asked.further.pictures_of(0);
        let first = asked.content.part(images, alts, focuses);
        let mut pictures = first.pictures(&desk).await?;
        let mut mentions = mentions::find(&desk, &text, answered_author(answered.as_ref())).await?;
        if let Some(author) = answered.as_ref().and_then(|it| it.author.as_ref()) {
            text = addressed(text, author, &mut mentions);
        }
        warn_of_length(&desk, &text, &mentions);
        let content = drafts::Content {
            markdown: text,
            warning: asked.content.warning.clone(),
            language: asked.content.language.clone().unwrap_or(agency.language),
            mentions,
            images: images_of(&pictures),
            poll: asked.poll.question(),
            article,
        };
        let (rest, of_rest) = further(&desk, &asked.further, &asked.content, &content).await?;
        pictures.extend(of_rest);
        let announcement = Proposal::Announcement {
            content,
            answering: answered.map(|it| it.answering),
            pin: asked.pin,
            rest,
        };
        let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(&desk));
        let (ground, exemption, to_draft) = (asked.ground, asked.exemption, asked.draft);
        let work = move |conn: &mut Conn| -> anyhow::Result<Outcome> {
            put_all(conn, &clock, &pictures)?;
            let press = Press {
                site: &site,
                limits,
                keys: None,
            };
            let proposals = vec![announcement];
            let exemption = exemption.as_deref();
            if to_draft {
                let mandate = Mandate::operator(agency.id);
                let draft = drafts::start(conn, &clock, &mandate, proposals)?;
                let draft =
                    drafts::exempt(conn, &clock, &mandate, draft.id, draft.version, exemption)?;
                let (id, version) = (draft.id, draft.version);
                let draft = drafts::submit(conn, &clock, &press, &mandate, id, version)?;
                return Ok(Outcome::Draft(draft));
            }
            let done = ground.act(conn, &clock, &press, agency.id, proposals, exemption)?;
            let further = done.iter().flat_map(|it| it.further.clone()).collect();
            Ok(Outcome::Said(Box::new(changed_last(done)?), further))
        };
        match desk.db.write(work).await? {
            Outcome::Said(announcement, further) => {
                let (site, handle) = (&desk.site, &agency.handle);
                present(site, handle, &announcement, &further, asked.json)
            }
            Outcome::Draft(draft) => super::drafts::present(&desk, &draft, asked.json),
        }
    })
}

/// What came of a text.
enum Outcome {
    /// The first post, and the others.
    Said(Box<Announcement>, Vec<Announcement>),
    Draft(drafts::Draft),
}

/// The announcement as it is after the last of what was done.
fn changed_last(done: Vec<Done>) -> anyhow::Result<Announcement> {
    let last = done.into_iter().rev().find_map(|done| done.announcement);
    last.context("nothing was announced")
}

pub(super) fn edit(asked: &Edit, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        let id = announcement_of(&desk.site, &asked.announcement)?;
        let (announcement, agency) = desk
            .db
            .read(move |conn| {
                let announcement =
                    publishing::find(conn, id)?.ok_or(publishing::Error::NotFound)?;
                let agency = agencies::find(conn, announcement.agency)?
                    .ok_or(db::Error::Corrupt("announcements.agency_id"))?;
                Ok::<_, publishing::Error>((announcement, agency))
            })
            .await?;
        let changes = asked.content.is_given() || asked.no_images || asked.no_article;
        if !changes && !asked.pin && !asked.unpin {
            bail!("nothing to change was named, such as --text or --pin (--help says more)");
        }
        if announcement.withdrawn.is_some() {
            bail!(publishing::Error::Withdrawn);
        }
        let mut pictures = vec![];
        let content = if changes {
            pictures = asked.content.pictures(&desk).await?;
            Some(changed(&desk, &announcement, asked, &pictures).await?)
        } else {
            None
        };
        let mut proposals = vec![];
        if let Some(content) = content {
            proposals.push(Proposal::Edit {
                announcement: id,
                revision: announcement.revision.number,
                content,
            });
        }
        if asked.pin {
            proposals.push(Proposal::Pin { announcement: id });
        } else if asked.unpin {
            proposals.push(Proposal::Unpin { announcement: id });
        }
        let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(&desk));
        let (ground, speaker) = (asked.ground.clone(), announcement.agency);
        let work = move |conn: &mut Conn| -> anyhow::Result<Announcement> {
            put_all(conn, &clock, &pictures)?;
            let press = Press {
                site: &site,
                limits,
                keys: None,
            };
            changed_last(ground.act(conn, &clock, &press, speaker, proposals, None)?)
        };
        let announcement = desk.db.write(work).await?;
        present(&desk.site, &agency.handle, &announcement, &[], asked.json)
    })
}

/// The announcement with what was asked for; everything else as it is.
async fn changed(
    desk: &Desk,
    announcement: &Announcement,
    asked: &Edit,
    pictures: &[(Prepared, Image)],
) -> anyhow::Result<drafts::Content> {
    let revision = &announcement.revision;
    let mut text = asked
        .content
        .words()?
        .unwrap_or_else(|| revision.markdown.clone());
    let mut mentions = mentions::find(desk, &text, &revision.mentions).await?;
    // Who was answered is told of the edit too, whether or not the new text names them.
    if let Some(url) = &announcement.in_reply_to
        && let Ok(answered) = answering::find(desk, url, announcement.agency).await
        && let Some(author) = &answered.author
    {
        text = addressed(text, author, &mut mentions);
    }
    warn_of_length(desk, &text, &mentions);
    Ok(drafts::Content {
        markdown: text,
        warning: asked
            .content
            .warning
            .clone()
            .or_else(|| revision.warning.clone()),
        language: asked
            .content
            .language
            .clone()
            .unwrap_or_else(|| revision.language.clone()),
        mentions,
        images: if asked.content.images.is_empty() && !asked.no_images {
            revision.images.clone()
        } else {
            images_of(pictures)
        },
        poll: None,
        article: if asked.no_article {
            None
        } else {
            let now = revision.article.as_ref();
            asked.content.at_length.manuscript(now)?
        },
    })
}

/// The further posts, with the pictures that are named behind each. What the first warns of they warn of.
async fn further(
    desk: &Desk,
    further: &Further,
    asked: &Content,
    head: &drafts::Content,
) -> anyhow::Result<(Vec<drafts::Content>, Vec<(Prepared, Image)>)> {
    let (mut rest, mut all) = (vec![], vec![]);
    let mut known = head.mentions.clone();
    for (number, source) in (1..).zip(&further.posts) {
        let text = match source {
            Source::Text(text) => text.clone(),
            Source::File(file) => read(file)?,
        };
        let [images, alts, focuses] = further.pictures_of(number);
        let pictures = asked.part(images, alts, focuses).pictures(desk).await;
        let pictures = pictures.with_context(|| format!("post {}", number + 1))?;
        let mentions = mentions::find(desk, &text, &known).await?;
        known.extend(mentions.iter().cloned());
        warn_of_length(desk, &text, &mentions);
        rest.push(drafts::Content {
            markdown: text,
            warning: head.warning.clone(),
            language: head.language.clone(),
            mentions,
            images: images_of(&pictures),
            poll: None,
            article: None,
        });
        all.extend(pictures);
    }
    Ok((rest, all))
}

impl Content {
    /// The same with some of its pictures only.
    fn part(&self, images: Range<usize>, alts: Range<usize>, focuses: Range<usize>) -> Self {
        fn some<T: Clone>(all: &[T], range: Range<usize>) -> Vec<T> {
            all.get(range).unwrap_or_default().to_vec()
        }
        Self {
            images: some(&self.images, images),
            alts: some(&self.alts, alts),
            focuses: some(&self.focuses, focuses),
            ..self.clone()
        }
    }

    fn is_given(&self) -> bool {
        self.text.is_some()
            || self.file.is_some()
            || self.language.is_some()
            || self.warning.is_some()
            || !self.images.is_empty()
            || !self.alts.is_empty()
            || !self.focuses.is_empty()
            || self.at_length.is_given()
    }

    /// The text, from wherever it is to be had.
    fn words(&self) -> anyhow::Result<Option<String>> {
        match (&self.text, &self.file) {
            (Some(text), _) => Ok(Some(text.clone())),
            (None, Some(file)) => read(file).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// The pictures, each with what is said of it.
    async fn pictures(&self, desk: &Desk) -> anyhow::Result<Vec<(Prepared, Image)>> {
        let count = self.images.len();
        if self.alts.len() != count {
            bail!(
                "every --image needs an --alt that says what it shows: there are {count} pictures and {} descriptions",
                self.alts.len()
            );
        }
        if !self.focuses.is_empty() && self.focuses.len() != count {
            bail!(
                "there are {count} pictures and {} focal points: give one for each, 0,0 for the middle",
                self.focuses.len()
            );
        }
        if count > desk.config.limits.images.as_usize() {
            bail!(publishing::Error::TooManyImages(
                desk.config.limits.images.as_usize()
            ));
        }
        let mut prepared = Vec::with_capacity(count);
        for (index, (file, alt)) in self.images.iter().zip(&self.alts).enumerate() {
            let alt = pictures::description(alt).with_context(|| file.display().to_string())?;
            let progress = output::progress(format!("preparing {}", file.display()));
            let picture = files::prepare(&desk.config, file, Purpose::Attachment).await;
            progress.finish_and_clear();
            let picture = picture?;
            let image = Image {
                digest: picture.digest.clone(),
                media_type: picture.media_type.to_owned(),
                alt,
                width: picture.width,
                height: picture.height,
                blurhash: picture.blurhash.clone(),
                focus: self.focuses.get(index).copied(),
            };
            prepared.push((picture, image));
        }
        Ok(prepared)
    }
}

pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    let reader: Box<dyn std::io::Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let opened = std::fs::File::open(file);
        Box::new(opened.with_context(|| format!("cannot read {}", file.display()))?)
    };
    let mut bytes = Vec::new();
    reader
        .take(LONGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", file.display()))?;
    if bytes.len() as u64 > LONGEST_FILE {
        bail!(
            "{} has more than 1 MiB, which is no announcement",
            file.display()
        );
    }
    let text = String::from_utf8(bytes);
    let text = text.with_context(|| format!("{} is not text in UTF-8", file.display()))?;
    Ok(text.trim_start_matches('\u{FEFF}').to_owned())
}

fn images_of(pictures: &[(Prepared, Image)]) -> Vec<Image> {
    pictures.iter().map(|(_, image)| image.clone()).collect()
}

fn put_all(
    conn: &mut Conn,
    clock: &dyn Clock,
    pictures: &[(Prepared, Image)],
) -> Result<(), db::Error> {
    pictures
        .iter()
        .try_for_each(|(picture, _)| files::put(conn, clock, picture))
}

fn answered_author(answered: Option<&Answered>) -> &[Mention] {
    answered
        .and_then(|it| it.author.as_ref())
        .map_or(&[], std::slice::from_ref)
}

/// A text that names whom it answers, so that their server tells them: in front, unless it does so already.
fn addressed(text: String, author: &Mention, mentions: &mut Vec<Mention>) -> String {
    if mentions.iter().any(|mention| mention.uri == author.uri) {
        return text;
    }
    mentions.insert(0, author.clone());
    // Behind an address on the same line, a list or a heading would be one no more.
    let is_prose = text
        .trim_start()
        .starts_with(|first: char| first.is_alphabetic() || first == '@');
    let gap = if is_prose { " " } else { "\n\n" };
    format!("@{}{gap}{text}", author.acct)
}

fn warn_of_length(desk: &Desk, text: &str, mentions: &[Mention]) {
    let limits = &desk.config.limits;
    let length = markdown::render(text, &desk.site, mentions).length;
    if length > limits.text_warning.as_usize() && length <= limits.text.as_usize() {
        eprintln!(
            "warning: the text has {length} characters; many readers' servers fold what is longer than {}",
            limits.text_warning.get()
        );
    }
}

/// What the configuration allows.
pub(super) fn rules(desk: &Desk) -> Rules {
    Rules {
        longest: desk.config.limits.text.as_usize(),
        most_images: desk.config.limits.images.as_usize(),
        longest_article: desk.config.limits.article.as_usize(),
    }
}

fn present(
    site: &Site,
    handle: &Handle,
    announcement: &Announcement,
    further: &[Announcement],
    json: bool,
) -> anyhow::Result<()> {
    let mut shown = Shown::of(site, handle, announcement);
    if !further.is_empty() {
        let all = std::iter::once(announcement).chain(further);
        shown.thread = all.map(|it| Shown::of(site, handle, it)).collect();
    }
    if json {
        output::json(&shown)
    } else {
        output::text(&format!("{}\n", shown.url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Mention {
        Mention {
            acct: "ada@example.social".to_owned(),
            uri: "https://example.social/users/ada".to_owned(),
            url: "https://example.social/@ada".to_owned(),
        }
    }

    #[test]
    fn an_answer_names_whom_it_answers_once() {
        let mut mentions = vec![];
        let text = addressed("It is open.".to_owned(), &ada(), &mut mentions);
        assert_eq!(text, "@ada@example.social It is open.");
        let again = addressed(text.clone(), &ada(), &mut mentions);
        assert_eq!((again, mentions.len()), (text, 1));
        let list = addressed("- one\n- two".to_owned(), &ada(), &mut vec![]);
        assert_eq!(list, "@ada@example.social\n\n- one\n- two");
    }

    #[test]
    fn focal_points_are_two_numbers() {
        assert_eq!(focus("-0.5, 1"), Ok((-0.5, 1.0)));
        for wrong in ["", "1", "2,0", "a,b", "NaN,0"] {
            assert!(focus(wrong).is_err(), "{wrong}");
        }
    }
}
