//! The long text that `actapub announce` and `actapub edit` are given as a file.

use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;

use crate::kernel::{Handle, Site};
use crate::publishing::Announcement;
use crate::publishing::articles::{Article, Manuscript};

/// What an announcement says at length.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct AtLength {
    /// A file that holds a long text in Markdown, with headings and tables, for a page of its own; what --text says is
    /// then its summary, and leads there
    #[arg(long, value_name = "FILE.md")]
    article: Option<PathBuf>,
    /// The title of the long text; if it is not named, the file begins with it: # Title
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    title: Option<String>,
}

/// A long text as `--json` shows it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    /// ActivityPub id.
    id: String,
    /// Its page.
    url: String,
    title: String,
}

impl AtLength {
    pub(super) const fn is_given(&self) -> bool {
        self.article.is_some() || self.title.is_some()
    }

    /// The long text, with what is named put in the place of what stands.
    pub(super) fn manuscript(&self, now: Option<&Article>) -> anyhow::Result<Option<Manuscript>> {
        let mut manuscript = match (&self.article, now) {
            (Some(file), _) => {
                let text = super::announce::read(file)?;
                if self.title.is_some() {
                    Manuscript {
                        title: String::new(),
                        markdown: text,
                    }
                } else {
                    Manuscript::of_file(&text)
                }
            }
            (None, Some(now)) => now.manuscript(),
            (None, None) if self.title.is_some() => {
                bail!(
                    "--title is that of a long text, and there is none: name its file by --article"
                )
            }
            (None, None) => return Ok(None),
        };
        match (&self.title, now) {
            (Some(title), _) => manuscript.title.clone_from(title),
            // A file without a title leaves the one that stands.
            (None, Some(now)) if manuscript.title.is_empty() => {
                manuscript.title.clone_from(&now.title);
            }
            (None, _) => {}
        }
        Ok(Some(manuscript))
    }
}

impl Shown {
    pub(super) fn of(site: &Site, handle: &Handle, announcement: &Announcement) -> Option<Self> {
        let article = announcement.revision.article.as_ref()?;
        Some(Self {
            id: site.article(announcement.id),
            url: site.article_page(handle, announcement.id),
            title: article.title.clone(),
        })
    }
}
