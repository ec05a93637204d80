//! What a record and its entries are to those who ask, as plain values: a page lays them out, a program gets them as JSON.

use serde::Serialize;
use serde_json::Value;

use super::frame::Agency;
use crate::archive::kind::{By, Kind};
use crate::kernel::{SafeHtml, Timestamp};

/// Another entry, and what it is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference {
    pub(super) index: u64,
    pub(super) url: String,
    #[serde(skip)]
    pub(super) kind: Option<Kind>,
    #[serde(rename = "kind")]
    pub(super) kind_name: String,
    /// As the leaf tells it: to the minute for citizens' entries.
    pub(super) time: String,
}

/// A signed tree.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tree {
    pub(super) url: String,
    pub(super) size: u64,
    pub(super) at: Timestamp,
    /// Whether enough witnesses stand for it; none if none are asked.
    pub(super) witnessed: Option<bool>,
}

/// One entry as far as whoever asks may see it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryView {
    /// The log's name in its checkpoints.
    pub(super) log: String,
    pub(super) record: String,
    #[serde(skip)]
    pub(super) agency: Option<Agency>,
    pub(super) index: u64,
    pub(super) url: String,
    /// The exact bytes.
    pub(super) leaf: String,
    /// Its hash in the tree (RFC 6962), base64.
    pub(super) leaf_hash: String,
    #[serde(skip)]
    pub(super) kind: Kind,
    #[serde(skip)]
    pub(super) by: By,
    #[serde(rename = "kind")]
    pub(super) kind_name: &'static str,
    #[serde(rename = "by")]
    pub(super) by_name: &'static str,
    pub(super) time: String,
    #[serde(skip)]
    pub(super) at: Timestamp,
    pub(super) commitment: String,
    pub(super) refers_to: Option<Reference>,
    /// What happened to the same later, and what answers it.
    pub(super) later: Vec<Reference>,
    pub(super) answers: Vec<Reference>,
    /// The page of the thread in which it stands.
    pub(super) thread: Option<String>,
    pub(super) proof: String,
    pub(super) checkpoint: Tree,
    /// Those whom the policy names.
    #[serde(skip)]
    pub(super) witnesses: Vec<WitnessView>,
    pub(super) disclosed: Disclosed,
    /// What opens the commitment, as far as it is disclosed.
    pub(super) opening: Option<OpeningView>,
    /// What an agency or the system states.
    pub(super) statement: Option<Value>,
    /// What a citizen says in public, as it is shown now.
    pub(super) said: Option<Said>,
    pub(super) tombstone: Option<Tombstone>,
    /// The question that let the reader see more, to be asked again by links.
    #[serde(skip)]
    pub(super) asking: String,
}

/// Who sees what of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Disclosed {
    /// Everybody sees everything.
    Everything,
    /// What opens the commitment is for its author, the staff and auditors.
    Restricted,
    /// That there was something, and nothing else.
    Private,
    /// What opens the commitment is the agency's own affair.
    Internal,
    /// Shown to this reader alone, as its author.
    ToAuthor,
    /// Shown to this reader alone, by a grant.
    ToAuditor,
    /// It is to be destroyed, and is shown to nobody until then.
    Withheld,
    /// What opened it was destroyed.
    Erased,
}

impl Disclosed {
    /// Whether what opens the entry is for whoever asks.
    pub(super) const fn opens(self) -> bool {
        match self {
            Self::Everything | Self::ToAuthor | Self::ToAuditor => true,
            Self::Restricted | Self::Private | Self::Internal | Self::Withheld | Self::Erased => {
                false
            }
        }
    }

    /// Whether the answer is for this reader alone.
    pub(super) const fn is_personal(self) -> bool {
        matches!(self, Self::ToAuthor | Self::ToAuditor)
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpeningView {
    /// base64url without padding.
    pub(super) salt: Option<String>,
    pub(super) manifest: String,
    pub(super) parts: Vec<PartView>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartView {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) size: u64,
    pub(super) digest: String,
    /// None if it was destroyed, and the part's bytes with it.
    pub(super) salt: Option<String>,
    pub(super) url: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    #[serde(serialize_with = "as_str")]
    pub(super) html: SafeHtml,
    pub(super) warning: Option<String>,
    pub(super) language: Option<String>,
    pub(super) name: String,
    pub(super) acct: String,
    /// The page on its author's server.
    pub(super) original: String,
    /// Whether it reads otherwise than when this entry was made.
    pub(super) edited_since: bool,
}

fn as_str<S: serde::Serializer>(html: &SafeHtml, serializer: S) -> Result<S::Ok, S::Error> {
    html.as_str().serialize(serializer)
}

/// What is left of an entry that was erased, or is to be.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tombstone {
    /// None as long as it is only withheld.
    pub(super) erased: Option<Timestamp>,
    pub(super) orders: Vec<Destruction>,
}

/// An order to destroy, and where the record has it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Destruction {
    pub(super) class: &'static str,
    pub(super) basis: String,
    pub(super) role: String,
    pub(super) ordered: Timestamp,
    pub(super) done: Option<Timestamp>,
    pub(super) entries: Vec<Reference>,
}

/// A record as its page shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordView {
    pub(super) log: String,
    pub(super) url: String,
    #[serde(skip)]
    pub(super) agency: Agency,
    #[serde(rename = "agency")]
    pub(super) agency_id: String,
    pub(super) checkpoint: Option<Tree>,
    /// The one that is newer and waits for its witnesses.
    pub(super) unwitnessed: Option<Tree>,
    /// The newest first.
    pub(super) vkeys: Vec<String>,
    pub(super) witnesses: Vec<WitnessView>,
    pub(super) licence: String,
    pub(super) entries: Vec<Item>,
    /// Where the list goes on.
    pub(super) next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WitnessView {
    pub(super) name: String,
    pub(super) vkey: String,
    /// When it signed the checkpoint that is served.
    pub(super) cosigned: Option<Timestamp>,
}

/// An entry in a list.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) index: u64,
    pub(super) url: String,
    #[serde(skip)]
    pub(super) kind: Kind,
    #[serde(rename = "kind")]
    pub(super) kind_name: &'static str,
    pub(super) by: &'static str,
    pub(super) time: String,
    #[serde(skip)]
    pub(super) at: Timestamp,
    pub(super) refers_to: Option<u64>,
    pub(super) erased: bool,
    /// Whether somebody has ordered that it is destroyed, and it is not yet.
    pub(super) withheld: bool,
    /// The first words of what an agency states.
    #[serde(skip)]
    pub(super) excerpt: Option<String>,
    #[serde(skip)]
    pub(super) language: Option<String>,
}
