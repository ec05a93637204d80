//! What an approver has to look at: how what will go out differs from what was approved or published last.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{
    Draft, Error, PartNumber, PostDifference, Proposal, Version, VersionNumber, find, posts, store,
};
use crate::agencies;
use crate::agencies::staff::Mandate;
use crate::kernel::DraftId;
use crate::platform::db::Conn;
use crate::publishing::{self, Revision};

use super::Content;

/// More words than these are compared line by line.
const MOST_WORDS: usize = 6_000;

/// How a part differs from what stood before.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub part: PartNumber,
    pub basis: Basis,
    /// What stood before; none if nothing did.
    pub before: Option<Proposal>,
    /// What will go out.
    pub after: Proposal,
    /// Both texts, word by word.
    pub words: Vec<Piece>,
    /// The same, post by post, where there are several.
    pub posts: Vec<PostDifference>,
}

/// What a part is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// There is nothing to compare it with.
    New,
    /// The version that was approved last.
    Approved(VersionNumber),
    /// What is published, or how the agency presents itself.
    Published,
}

/// A piece of two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Removed(String),
    Added(String),
}

/// How a draft differs from what was approved last, or else from what is published, part by part.
pub fn difference(
    conn: &mut Conn,
    mandate: &Mandate,
    id: DraftId,
) -> Result<Vec<Difference>, Error> {
    let draft = find(conn, mandate, id)?;
    let mut approved = match draft.approved {
        Some(number) => approved(store::versions(conn, draft.id)?, number),
        None => HashMap::new(),
    };
    let mut differences = vec![];
    for part in &draft.parts {
        let Some(after) = part.proposal.clone() else {
            continue;
        };
        let approved = approved
            .remove(&part.number)
            .and_then(|version| Some((version.number, version.proposal?)));
        let (basis, before) = match approved {
            Some((number, proposal)) => (Basis::Approved(number), Some(proposal)),
            None => match published(conn, &draft, &after)? {
                Some(proposal) => (Basis::Published, Some(proposal)),
                None => (Basis::New, None),
            },
        };
        let text = before.as_ref().map(Proposal::text).unwrap_or_default();
        differences.push(Difference {
            part: part.number,
            basis,
            words: words(&text, &after.text()),
            posts: posts::compared(before.as_ref(), &after),
            before,
            after,
        });
    }
    Ok(differences)
}

/// Of each part the version that was approved with `number`.
fn approved(versions: Vec<Version>, number: VersionNumber) -> HashMap<PartNumber, Version> {
    versions
        .into_iter()
        .filter(|it| it.number <= number && it.unmerged_from.is_none())
        .map(|it| (it.part, it))
        .collect()
}

/// What stands now in the place of what is proposed, in the same form.
fn published(conn: &mut Conn, draft: &Draft, after: &Proposal) -> Result<Option<Proposal>, Error> {
    Ok(match after {
        Proposal::Edit {
            announcement,
            revision,
            ..
        } => current(conn, after)?.map(|it| Proposal::Edit {
            announcement: *announcement,
            revision: *revision,
            content: it,
        }),
        Proposal::Correction {
            announcement,
            revision,
            ..
        } => current(conn, after)?.map(|it| Proposal::Correction {
            announcement: *announcement,
            revision: *revision,
            content: it,
            notice: Content::default(),
        }),
        Proposal::Profile(profile) => agencies::find(conn, draft.agency)?
            .map(|agency| Proposal::Profile(Box::new(profile.as_it_stands(&agency)))),
        Proposal::Announcement { .. }
        | Proposal::Withdrawal { .. }
        | Proposal::PrivateAnswer { .. }
        | Proposal::AnswerWithdrawal { .. }
        | Proposal::Pin { .. }
        | Proposal::Unpin { .. }
        | Proposal::Keys => None,
    })
}

fn current(conn: &mut Conn, proposal: &Proposal) -> Result<Option<Content>, Error> {
    let Some(id) = proposal.announcement() else {
        return Ok(None);
    };
    Ok(publishing::find(conn, id)?.map(|it| Content::of(it.revision)))
}

impl Content {
    /// What was published, as somebody would write it again.
    pub fn of(revision: Revision) -> Self {
        Self {
            markdown: revision.markdown,
            warning: revision.warning,
            language: revision.language,
            mentions: revision.mentions,
            images: revision.images,
            poll: None,
            article: revision.article.map(|it| it.manuscript()),
        }
    }
}

/// Compares two texts word by word, or line by line if they are very long.
pub fn words(before: &str, after: &str) -> Vec<Piece> {
    let (mut old, mut new) = (tokens(before), tokens(after));
    if old.len().max(new.len()) > MOST_WORDS {
        old = before.split_inclusive('\n').collect();
        new = after.split_inclusive('\n').collect();
    }
    let text = |tokens: &[&str], range: std::ops::Range<usize>| {
        tokens.get(range).unwrap_or_default().concat()
    };
    let mut pieces = vec![];
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        match op {
            DiffOp::Equal { .. } => pieces.push(Piece::Same(text(&new, op.new_range()))),
            DiffOp::Delete { .. } => pieces.push(Piece::Removed(text(&old, op.old_range()))),
            DiffOp::Insert { .. } => pieces.push(Piece::Added(text(&new, op.new_range()))),
            DiffOp::Replace { .. } => {
                pieces.push(Piece::Removed(text(&old, op.old_range())));
                pieces.push(Piece::Added(text(&new, op.new_range())));
            }
        }
    }
    pieces
}

/// Words, runs of white space, and every other sign by itself: joined they are the text again.
fn tokens(text: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Word,
        Space,
        Sign,
    }
    let class = |c: char| {
        if c.is_alphanumeric() {
            Class::Word
        } else if c.is_whitespace() {
            Class::Space
        } else {
            Class::Sign
        }
    };
    let mut tokens = vec![];
    let (mut start, mut last) = (0, None);
    for (at, c) in text.char_indices() {
        let now = class(c);
        if last.is_some_and(|last| last != now || now == Class::Sign) {
            tokens.extend(text.get(start..at));
            start = at;
        }
        last = Some(now);
    }
    tokens.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let shown = words(before, after).into_iter().map(|piece| match piece {
            Piece::Same(text) => text,
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("[+{text}+]"),
        });
        shown.collect()
    }

    #[test]
    fn what_was_changed_is_shown_word_by_word() {
        assert_eq!(
            shown(
                "The pool opens on Monday, at nine.",
                "The pool opens on Tuesday, at nine."
            ),
            "The pool opens on [-Monday-][+Tuesday+], at nine."
        );
        assert_eq!(shown("", "New."), "[+New.+]");
        assert_eq!(shown("Old.", ""), "[-Old.-]");
        assert_eq!(shown("Same", "Same"), "Same");
        assert_eq!(shown("", ""), "");
    }

    #[test]
    fn both_texts_can_be_had_from_the_pieces() {
        let texts = [
            "Das Bad öffnet am Montag – früh! 🏊",
            "Das Bad\n\nöffnet  am Dienstag.",
            "",
            " \n ",
            "水は出ます。",
        ];
        for before in texts {
            for after in texts {
                let pieces = words(before, after);
                let join = |keep: fn(&Piece) -> Option<&String>| {
                    pieces
                        .iter()
                        .filter_map(keep)
                        .map(String::as_str)
                        .collect::<String>()
                };
                let old = join(|it| match it {
                    Piece::Same(text) | Piece::Removed(text) => Some(text),
                    Piece::Added(_) => None,
                });
                let new = join(|it| match it {
                    Piece::Same(text) | Piece::Added(text) => Some(text),
                    Piece::Removed(_) => None,
                });
                assert_eq!((old.as_str(), new.as_str()), (before, after));
            }
        }
    }

    #[test]
    fn very_long_texts_are_compared_by_lines() {
        let before = "a b c d e f g h\n".repeat(2_000);
        let after = format!("{before}one more\n");
        assert_eq!(
            words(&before, &after).last(),
            Some(&Piece::Added("one more\n".to_owned()))
        );
    }
}
