//! `actapub agency`: who may speak on this server.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use serde::Serialize;

use crate::agencies::{self, Agency, Link, New, Picture};
use crate::federation::keys::{self, Ring};
use crate::kernel::{Handle, Site, Timestamp};
use crate::platform::config::Sources;
use crate::platform::db::Conn;
use crate::publishing::drafts::{Press, Profile, Proposal};
use crate::publishing::markdown;
use crate::publishing::pictures::{Prepared, Purpose};

use super::alone::Ground;
use super::announce::rules;
use super::desk::{Desk, block_on};
use super::{output, pictures};

#[derive(Debug, clap::Subcommand)]
pub(super) enum AgencyCommand {
    /// Set up an agency
    #[command(
        after_help = "Example:\n  actapub agency create water --name 'Water Department' --link Website=https://water.city.gov"
    )]
    Create(Create),
    /// List the agencies
    #[command(after_help = "Example:\n  actapub agency list --json")]
    List {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Show one agency
    #[command(after_help = "Example:\n  actapub agency show water")]
    Show {
        /// The agency, such as water
        handle: Handle,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Change how an agency presents itself; what is not named stays as it is
    #[command(
        after_help = "Example:\n  actapub agency edit water --summary 'Clean water, day and night.'"
    )]
    Edit(Edit),
    /// Make new keys for an agency; its followers' servers are told, under the old ones
    #[command(after_help = "Example:\n  actapub agency rotate-keys water")]
    RotateKeys {
        /// The agency, such as water
        handle: Handle,
        #[command(flatten)]
        ground: Ground,
    },
}

/// The pictures of an agency's profile.
#[derive(Debug, clap::Args)]
struct Portraits {
    /// Its emblem: a picture of which the middle square is shown
    #[arg(long, value_name = "FILE")]
    avatar: Option<PathBuf>,
    /// What the emblem shows, for those who cannot see it; the agency's name if nothing else is said
    #[arg(long, value_name = "TEXT")]
    avatar_alt: Option<String>,
    /// A picture across the top of its page, three times as wide as high
    #[arg(long, value_name = "FILE")]
    header: Option<PathBuf>,
    /// What it shows, for those who cannot see it; without, it counts as decoration
    #[arg(long, value_name = "TEXT")]
    header_alt: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Its name in addresses, 1 to 30 of a–z, 0–9 and _: water
    handle: Handle,
    /// Its full name
    #[arg(long)]
    name: String,
    /// What it does, in Markdown
    #[arg(long, value_name = "MARKDOWN", default_value = "")]
    summary: String,
    /// A web address to show on its profile; may be repeated
    #[arg(long = "link", value_name = "LABEL=URL", value_parser = Link::parse)]
    links: Vec<Link>,
    /// The language it writes in (BCP 47); the server's own if not named
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    #[command(flatten)]
    portraits: Portraits,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Edit {
    /// The agency, such as water
    handle: Handle,
    /// Its full name
    #[arg(long)]
    name: Option<String>,
    /// What it does, in Markdown
    #[arg(long, value_name = "MARKDOWN")]
    summary: Option<String>,
    /// A web address to show on its profile; may be repeated, and replaces all that there were
    #[arg(long = "link", value_name = "LABEL=URL", value_parser = Link::parse)]
    links: Option<Vec<Link>>,
    /// The language it writes in (BCP 47)
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    #[command(flatten)]
    portraits: Portraits,
    /// The colour of its pages
    #[arg(long, value_name = "#RRGGBB")]
    accent: Option<String>,
    /// A picture beside its name at the top of its pages
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
    /// What the logo says, for those who cannot see it; the agency's name if nothing else is said
    #[arg(long, value_name = "TEXT")]
    logo_alt: Option<String>,
    /// A link at the foot of its pages; may be repeated, and replaces all that there were
    #[arg(long = "footer-link", value_name = "LABEL=URL", value_parser = Link::parse)]
    footer: Option<Vec<Link>>,
    /// The ActivityPub id of an earlier account, from which followers may be moved here; may be repeated
    #[arg(long = "alias", value_name = "URL")]
    aliases: Option<Vec<String>>,
    /// A domain whose pages may name this agency as their author; may be repeated
    #[arg(long = "attribution-domain", value_name = "DOMAIN")]
    attribution_domains: Option<Vec<String>>,
    #[command(flatten)]
    ground: Ground,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: AgencyCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = match command {
            AgencyCommand::Create(_) => Desk::open_or_make(sources).await?,
            _ => Desk::open(sources).await?,
        };
        match command {
            AgencyCommand::Create(new) => create(&desk, new).await,
            AgencyCommand::List { json } => list(&desk, json).await,
            AgencyCommand::Show { handle, json } => {
                let agency = desk
                    .db
                    .read(move |conn| agencies::by_handle(conn, &handle))
                    .await?;
                present(&desk.site, &agency, json)
            }
            AgencyCommand::Edit(change) => edit(&desk, change).await,
            AgencyCommand::RotateKeys { handle, ground } => {
                rotate_keys(&desk, handle, ground).await
            }
        }
    })
}

async fn create(desk: &Desk, asked: Create) -> anyhow::Result<()> {
    let (clock, json) = (desk.clock, asked.json);
    let default_language = desk.config.about.language.to_string();
    let portraits = asked.portraits;
    let avatar = picture(desk, portraits.avatar.as_deref(), Purpose::Avatar).await?;
    let header = picture(desk, portraits.header.as_deref(), Purpose::Header).await?;
    let none = |alt: &Option<String>, it: &Option<Prepared>| alt.is_some() && it.is_none();
    if none(&portraits.avatar_alt, &avatar) || none(&portraits.header_alt, &header) {
        bail!("a description needs the picture that it describes");
    }
    let alt_or = |alt: Option<String>, default: &str| alt.unwrap_or_else(|| default.to_owned());
    let avatar_alt = alt_or(portraits.avatar_alt, asked.name.trim());
    let header_alt = alt_or(portraits.header_alt, "");
    let new = New {
        handle: asked.handle,
        name: asked.name,
        summary_html: markdown::render(&asked.summary, &desk.site, &[]).html,
        summary: asked.summary,
        links: asked.links,
        language: asked.language.unwrap_or(default_language),
        avatar: avatar.as_ref().map(|it| pictures::named(it, avatar_alt)),
        header: header.as_ref().map(|it| pictures::named(it, header_alt)),
    };
    let agency = desk
        .db
        .write(move |conn| {
            for it in [avatar, header].iter().flatten() {
                pictures::put(conn, &clock, it)?;
            }
            agencies::create(conn, &clock, new)
        })
        .await?;
    // They take a good part of a second, which the first delivery should not wait for.
    let ring = Ring::new(desk.db.clone(), Arc::new(clock), desk.site.clone());
    ring.agency(agency.id).await?;
    present(&desk.site, &agency, json)
}

async fn picture(
    desk: &Desk,
    file: Option<&Path>,
    purpose: Purpose,
) -> anyhow::Result<Option<Prepared>> {
    match file {
        Some(file) => Ok(Some(pictures::prepare(&desk.config, file, purpose).await?)),
        None => Ok(None),
    }
}

async fn edit(desk: &Desk, asked: Edit) -> anyhow::Result<()> {
    let (clock, json, handle) = (desk.clock, asked.json, asked.handle);
    let (site, limits) = (desk.site.clone(), rules(desk));
    let portraits = asked.portraits;
    let avatar = picture(desk, portraits.avatar.as_deref(), Purpose::Avatar).await?;
    let header = picture(desk, portraits.header.as_deref(), Purpose::Header).await?;
    let logo = picture(desk, asked.logo.as_deref(), Purpose::Attachment).await?;
    let change = Profile {
        name: asked.name,
        summary: asked.summary,
        links: asked.links,
        language: asked.language,
        accent: asked.accent,
        footer: asked.footer,
        aliases: asked.aliases,
        attribution_domains: asked.attribution_domains,
        ..Profile::default()
    };
    let work = move |conn: &mut Conn| -> anyhow::Result<Agency> {
        for it in [&avatar, &header, &logo].into_iter().flatten() {
            pictures::put(conn, &clock, it)?;
        }
        let before = agencies::by_handle(conn, &handle)?;
        let (id, name) = (before.id, change.name.clone().unwrap_or(before.name));
        let change = Profile {
            avatar: changed(avatar.as_ref(), portraits.avatar_alt, before.avatar, &name)?,
            header: changed(header.as_ref(), portraits.header_alt, before.header, "")?,
            logo: changed(logo.as_ref(), asked.logo_alt, before.theme.logo, &name)?,
            ..change
        };
        if change == Profile::default() {
            bail!("nothing to change was named, such as --name or --avatar (--help says more)");
        }
        let press = Press {
            site: &site,
            limits,
            keys: None,
        };
        let change = vec![Proposal::Profile(Box::new(change))];
        asked.ground.act(conn, &clock, &press, id, change, None)?;
        Ok(agencies::by_handle(conn, &handle)?)
    };
    let agency = desk.db.write(work).await?;
    present(&desk.site, &agency, json)
}

/// A new picture, or the one that was there with a new description.
fn changed(
    new: Option<&Prepared>,
    alt: Option<String>,
    before: Option<Picture>,
    default_alt: &str,
) -> anyhow::Result<Option<Picture>> {
    match (new, alt, before) {
        (Some(new), alt, _) => {
            let alt = alt.unwrap_or_else(|| default_alt.to_owned());
            Ok(Some(pictures::named(new, alt)))
        }
        (None, Some(alt), Some(before)) => Ok(Some(Picture { alt, ..before })),
        (None, Some(_), None) => bail!("a description needs the picture that it describes"),
        (None, None, _) => Ok(None),
    }
}

async fn rotate_keys(desk: &Desk, handle: Handle, ground: Ground) -> anyhow::Result<()> {
    let (clock, site, limits) = (desk.clock, desk.site.clone(), rules(desk));
    let pair = keys::new_pair().await?;
    let agency = desk
        .db
        .write(move |conn: &mut Conn| -> anyhow::Result<Agency> {
            let agency = agencies::by_handle(conn, &handle)?;
            let press = Press {
                site: &site,
                limits,
                keys: Some(&pair),
            };
            ground.act(conn, &clock, &press, agency.id, vec![Proposal::Keys], None)?;
            Ok(agency)
        })
        .await?;
    eprintln!(
        "@{} has new keys; the servers of its followers are told",
        desk.site.acct(&agency.handle)
    );
    Ok(())
}

async fn list(desk: &Desk, json: bool) -> anyhow::Result<()> {
    let agencies = desk.db.read(agencies::list).await?;
    if json {
        let shown: Vec<_> = agencies
            .iter()
            .map(|agency| Shown::of(agency, &desk.site))
            .collect();
        return output::json(&shown);
    }
    if agencies.is_empty() {
        eprintln!("There is no agency yet; `actapub agency create --help` says how to set one up.");
    }
    let mut text = String::new();
    for agency in &agencies {
        let _ = writeln!(
            text,
            "{:<40} {}",
            desk.site.agency_page(&agency.handle),
            agency.name
        );
    }
    output::text(&text)
}

/// An agency as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    /// ActivityPub id.
    id: String,
    handle: String,
    name: &'a str,
    /// Markdown.
    summary: &'a str,
    url: String,
    links: &'a [Link],
    language: &'a str,
    avatar: Option<PictureShown<'a>>,
    header: Option<PictureShown<'a>>,
    accent: Option<&'a str>,
    logo: Option<PictureShown<'a>>,
    footer_links: &'a [Link],
    aliases: &'a [String],
    attribution_domains: &'a [String],
    created: Timestamp,
    updated: Timestamp,
}

#[derive(Debug, Serialize)]
struct PictureShown<'a> {
    url: String,
    alt: &'a str,
}

impl<'a> PictureShown<'a> {
    fn of(picture: Option<&'a Picture>, site: &Site) -> Option<Self> {
        picture.map(|picture| Self {
            url: site.media(&picture.digest, &picture.media_type),
            alt: &picture.alt,
        })
    }
}

impl<'a> Shown<'a> {
    fn of(agency: &'a Agency, site: &Site) -> Self {
        Self {
            id: site.actor(agency.id),
            handle: format!("@{}", site.acct(&agency.handle)),
            name: &agency.name,
            summary: &agency.summary,
            url: site.agency_page(&agency.handle),
            links: &agency.links,
            language: &agency.language,
            avatar: PictureShown::of(agency.avatar.as_ref(), site),
            header: PictureShown::of(agency.header.as_ref(), site),
            accent: agency.theme.accent.as_deref(),
            logo: PictureShown::of(agency.theme.logo.as_ref(), site),
            footer_links: &agency.theme.footer,
            aliases: &agency.aliases,
            attribution_domains: &agency.attribution_domains,
            created: agency.created_at,
            updated: agency.updated_at,
        }
    }
}

fn present(site: &Site, agency: &Agency, json: bool) -> anyhow::Result<()> {
    let shown = Shown::of(agency, site);
    if json {
        return output::json(&shown);
    }
    let mut text = format!(
        "{}\nhandle    {}\npage      {}\nid        {}\nlanguage  {}\n",
        shown.name, shown.handle, shown.url, shown.id, shown.language
    );
    for link in shown.links {
        let _ = writeln!(text, "link      {}: {}", link.label, link.url);
    }
    if !shown.summary.is_empty() {
        let _ = write!(text, "\n{}\n", shown.summary);
    }
    output::text(&text)
}
