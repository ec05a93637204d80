//! `actapub agency`: who may speak on this server.

use std::fmt::Write as _;

use serde::Serialize;

use crate::agencies::{self, Agency, Change, Link, New};
use crate::kernel::{Handle, Site, Timestamp};
use crate::platform::config::Sources;
use crate::publishing::markdown;

use super::desk::{Desk, block_on};
use super::output;

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
    /// The colour of its pages
    #[arg(long, value_name = "#RRGGBB")]
    accent: Option<String>,
    /// A link at the foot of its pages; may be repeated, and replaces all that there were
    #[arg(long = "footer", value_name = "LABEL=URL", value_parser = Link::parse)]
    footer: Option<Vec<Link>>,
    /// The ActivityPub id of an earlier account, from which followers may be moved here; may be repeated
    #[arg(long = "alias", value_name = "URL")]
    aliases: Option<Vec<String>>,
    /// A domain whose pages may name this agency as their author; may be repeated
    #[arg(long = "attribution-domain", value_name = "DOMAIN")]
    attribution_domains: Option<Vec<String>>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: AgencyCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
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
        }
    })
}

async fn create(desk: &Desk, new: Create) -> anyhow::Result<()> {
    let (clock, json) = (desk.clock, new.json);
    let default_language = desk.config.about.language.to_string();
    let new = New {
        handle: new.handle,
        name: new.name,
        summary_html: markdown::render(&new.summary, &desk.site, &[]).html,
        summary: new.summary,
        links: new.links,
        language: new.language.unwrap_or(default_language),
        avatar: None,
        header: None,
    };
    let agency = desk
        .db
        .write(move |conn| agencies::create(conn, &clock, new))
        .await?;
    present(&desk.site, &agency, json)
}

async fn edit(desk: &Desk, change: Edit) -> anyhow::Result<()> {
    let (clock, json, handle) = (desk.clock, change.json, change.handle);
    let rendered = |summary: String| {
        let html = markdown::render(&summary, &desk.site, &[]).html;
        (summary, html)
    };
    let change = Change {
        name: change.name,
        summary: change.summary.map(rendered),
        links: change.links,
        language: change.language,
        accent: change.accent,
        footer: change.footer,
        aliases: change.aliases,
        attribution_domains: change.attribution_domains,
        ..Change::default()
    };
    let work = move |conn: &mut _| agencies::edit(conn, &clock, &handle, change);
    let agency = desk.db.write(work).await?;
    present(&desk.site, &agency, json)
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
    aliases: &'a [String],
    attribution_domains: &'a [String],
    created: Timestamp,
    updated: Timestamp,
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
