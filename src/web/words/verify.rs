//! The words of the page that says whether an agency said something.

use super::{counted, number};
use crate::archive::said::{Became, Verdict};

pub const TITLE: &str = "Did the agency really say this?";
pub const LEAD: &str = "Paste what is said to come from an agency here: the address of an announcement, a whole text, or a quotation, such as the text of a screenshot. It is held against everything that the agencies of this server have announced, withdrawn announcements as well.";
pub const QUESTION: &str = "An address, a text or a quotation";
pub const QUESTION_HINT: &str =
    "The more of it, the surer the answer. What you paste is not stored.";
pub const ASK: &str = "Look it up";
pub const ANSWER: &str = "Answer";
pub const FINDINGS: &str = "What was found";
pub const SEARCHED: &str = "Where it was looked for";
pub const NOTHING_SEARCHED: &str = "No record has begun here yet.";
pub const ENTRY: &str = "Entry in the record";
pub const PAGE: &str = "Page";
pub const BY: &str = "Record of";
pub const AT: &str = "Said";
pub const RECORDED_AT: &str = "Recorded";
pub const LATER: &str = "Later";
pub const REASON: &str = "Reason:";
pub const HIGHLIGHT: &str = "The marked words are those that you asked about.";
pub const DIFFERENCE: &str =
    "What differs: struck through stands only in the record, underlined only in your text.";
pub const NEWER: &str = "How it reads since: struck through was taken out, underlined was put in.";
pub const ONLY_SAID: &str = "only in the record:";
pub const ONLY_ASKED: &str = "only in your text:";
pub const TAKEN_OUT: &str = "taken out:";
pub const PUT_IN: &str = "put in:";

/// The answer in a line, and what it means and does not mean.
pub const fn verdict(verdict: Verdict) -> (&'static str, &'static [&'static str]) {
    match verdict {
        Verdict::Said => (
            "Yes: an agency said exactly this.",
            &[
                "The same words, numbers and marks, in the same order, are recorded as an announcement. Case, line breaks and the shape of quotation marks and dashes are not compared.",
                "Whether it still holds is another question: see below whether it was edited or withdrawn later.",
            ],
        ),
        Verdict::PartOfSaid => (
            "These words stand in something that an agency said.",
            &[
                "They stand there side by side, in this order, with nothing left out between them. They are not all of it: what stands before and behind can change what they mean, so read the whole.",
                "Whether it still holds is another question: see below whether it was edited or withdrawn later.",
            ],
        ),
        Verdict::Recorded => (
            "What stands at this address is recorded.",
            &[
                "The address belongs to something in the record. Compare what you were shown with what is shown below: an address alone proves nothing about a picture or a text that is passed around with it.",
            ],
        ),
        Verdict::SaidByCitizen => (
            "A citizen said this, not an agency.",
            &[
                "It is recorded as a public reply. Replies are their authors’ words and not statements of the agency.",
            ],
        ),
        Verdict::Similar => (
            "No: an agency said something similar, but not this.",
            &[
                "The difference is shown below. A single number, date or “not” can turn a text into its opposite, so that nothing is called the same that is not.",
                "It may have been altered, or cut or copied badly. The record alone cannot tell which.",
            ],
        ),
        Verdict::NotFound => (
            "This is not in the records here.",
            &[
                "Up to the entries named below, no agency of this server has announced these words, and nothing similar. Everything that an agency announces here is recorded within seconds, and nothing can be taken out of a record unnoticed.",
                "It says nothing of what an agency has said elsewhere: on paper, on other servers, in private. Text inside pictures is only found by the description that the agency gave of them.",
            ],
        ),
    }
}

pub const fn became(what: Became) -> &'static str {
    match what {
        Became::Edited => "Edited",
        Became::Withdrawn => "Withdrawn",
        Became::Deleted => "Deleted by its author",
        Became::Withheld => "Withheld, its erasure is ordered",
        Became::Erased => "Erased",
    }
}

pub fn entry(index: u64) -> String {
    format!("no. {}", number(index))
}

pub fn up_to(entries: u64) -> String {
    counted(entries, "entry", "entries")
}

pub const fn of_finding(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Said => "Exactly this",
        Verdict::PartOfSaid => "Part of an announcement",
        Verdict::Recorded => "Recorded",
        Verdict::SaidByCitizen => "A citizen’s reply",
        Verdict::Similar => "Similar, and not the same",
        Verdict::NotFound => "Not found",
    }
}
