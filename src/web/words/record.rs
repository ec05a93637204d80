//! The words of the record's pages.

use super::{counted, number};
use crate::archive::erasure::Class;
use crate::archive::kind::{By, Kind};

// Wherever something that is recorded is shown.

pub const VERIFY: &str = "Verify";

pub fn place(index: u64) -> String {
    format!("Record no. {}", number(index))
}

// The record of an agency.

pub const RECORD: &str = "Public record";
pub const CHECKED_WITH: &str = "Record key";
pub const CHECKED_WITH_EARLIER: &str = "Earlier key, still signing";
pub const LAST_CHECKPOINT: &str = "Last signed";
pub const WAITING: &str = "Signed since, witnesses to follow";
pub const WITNESSES: &str = "Witnesses";
pub const NO_WITNESSES: &str = "None are asked. Whoever keeps a checkpoint of their own can still show that the record was changed.";
pub const COSIGNED: &str = "signed";
pub const NOT_COSIGNED: &str = "has not signed this checkpoint";
pub const COSIGNED_WRONGLY: &str = "the signature is not theirs";
pub const NOT_LOOKED_AT: &str = "cannot be checked in this browser";
pub const WITNESSES_NOTE: &str = "The agency has chosen them, and these are their keys. Compare a key with the one that the witness itself publishes; then its signature tells, whatever this server says, that it saw this record grow and nothing taken out.";
pub const ADDRESS: &str = "Address for programs";
pub const LICENCE: &str = "Licence";
pub const LICENCE_NOTE: &str =
    "of the record and of what the agency states in it; citizens’ words stay theirs";
pub const ENTRIES: &str = "Entries";
pub const FILTER: &str = "Show only";
pub const KIND: &str = "Kind";
pub const EVERY_KIND: &str = "Everything";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const WORDS: &str = "Words";
pub const SHOW: &str = "Show";
pub const ALL: &str = "Show everything again";
pub const OF_A_THREAD: &str = "Only what belongs to one announcement is shown.";
pub const NO_ENTRIES: &str = "There is no such entry.";
pub const OLDER: &str = "Older entries";
pub const NEWEST: &str = "Back to the newest";
pub const ERASED: &str = "erased";
pub const WITHHELD: &str = "withheld";
pub const TO_RECORD: &str = "The whole record";
pub const TO_AGENCY: &str = "What the agency announces";

pub fn of(agency: &str) -> String {
    format!("Public record of {agency}")
}

pub fn lead(agency: &str) -> String {
    format!(
        "Everything that {agency} does here in public, and everything that is addressed to it in public, is an entry of this record: in order, sealed, and signed. Nothing can be taken out, slipped in or changed afterwards without anybody who checks noticing."
    )
}

/// What the record is, in plain words.
pub const WHAT_IT_IS: [&str; 3] = [
    "Each entry is a short line that names nobody and holds no text. It holds a seal (a hash) over what was said or done; with what opens the seal, anybody can show that these very words are meant.",
    "All lines together have one fingerprint. The agency’s server signs it within a second of every new entry, and witnesses elsewhere sign it too, if they are asked. Whoever has kept an old fingerprint can prove that the record was only ever added to.",
    "What a citizen said can still be destroyed, when its author deletes it or the law asks for it. Then the line stays, with the reason, and what opened its seal is gone.",
];

pub fn entries(count: u64) -> String {
    counted(count, "entry", "entries")
}

// An entry.

pub const LEAF: &str = "The line in the record";
pub const LEAF_NOTE: &str = "Exactly these characters are in the tree.";
pub const HAPPENED: &str = "What happened";
pub const WHOSE_ACT: &str = "Whose act";
pub const WHEN: &str = "When";
pub const REFERS_TO: &str = "Refers to";
pub const LATER: &str = "Later";
pub const ANSWERS: &str = "Answered by";
pub const STANDS_IN: &str = "Where it stands";
pub const THREAD: &str = "In the conversation";
pub const STATED: &str = "What is stated";
pub const PARTS: &str = "What the seal covers";
pub const PARTS_NOTE: &str = "Each part is kept exactly as it was sent or received. With its salt, its digest can be computed again.";
pub const PART: &str = "Part";
pub const TYPE: &str = "Type";
pub const SIZE: &str = "Bytes";
pub const SALT: &str = "Salt";
pub const SALT_OF_ENTRY: &str = "Salt of the seal";
pub const DESTROYED: &str = "destroyed";
pub const SAID: &str = "What was said";
pub const EDITED_SINCE: &str = "Its author has edited it since: this is how it reads now.";
pub const RESTRICTED: &str = "What opens the seal of a citizen’s entry is given to its author, the staff and auditors. You can check that the entry stands in the record and what became of it, but not from here that these words are the ones it seals.";
pub const PRIVATE: &str = "This is correspondence between a citizen and the agency. The record shows that it came, or was answered, so that it cannot vanish unseen, and nothing else.";
pub const INTERNAL: &str = "This is an act inside the agency. The record seals who did what, so that the agency’s own trail cannot be changed unseen, and names nobody.";
pub const TO_AUTHOR: &str = "You see what opens the seal because you opened the link that its author was given. Keep the link to yourself.";
pub const TO_AUDITOR: &str =
    "You see what opens the seal because you were granted access as an auditor.";
pub const TOMBSTONE: &str = "This entry was erased";
pub const TOMBSTONE_NOTE: &str = "What it held and what opened its seal were destroyed. The line stays in the record, and every earlier proof of it still holds; but nobody can find out from it any more what was said, not even by guessing.";
pub const TO_BE_ERASED: &str = "This entry is to be erased";
pub const TO_BE_ERASED_NOTE: &str = "Its erasure was ordered. Until it can be carried out, such as when a legal hold ends, what it holds and what opens its seal are shown to nobody.";
pub const ERASED_AT: &str = "Erased";
pub const CLASS: &str = "Reason";
pub const BASIS: &str = "Legal basis";
pub const ROLE: &str = "Decided by";
pub const ORDERED: &str = "Ordered";
pub const IN_THE_RECORD: &str = "In the record";
pub const PROOF: &str = "proof";

pub fn entry(index: u64) -> String {
    format!("Entry {}", number(index))
}

pub const fn by(by: By) -> &'static str {
    match by {
        By::Agency => "The agency",
        By::Citizen => "A citizen",
        By::Moderator => "A moderator",
        By::System => "The system, by rule",
    }
}

pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::AgencyCreated => "Agency created",
        Kind::AgencyChanged => "Profile changed",
        Kind::KeysRotated => "Sending keys replaced",
        Kind::ReplyReceived => "Public reply received",
        Kind::ReplyEdited => "Reply edited by its author",
        Kind::ReplyDeleted => "Reply deleted by its author",
        Kind::MessageReceived => "Private message received",
        Kind::MessageEdited => "Private message edited by its author",
        Kind::MessageDeleted => "Private message deleted by its author",
        Kind::MessageAnswered => "Private message answered in private",
        Kind::AnswerWithdrawn => "Private answer withdrawn",
        Kind::ReportReceived => "Complaint received",
        Kind::AnnouncementPublished => "Announcement published",
        Kind::AnnouncementEdited => "Announcement edited",
        Kind::AnnouncementPinned => "Announcement pinned",
        Kind::AnnouncementUnpinned => "Announcement no longer pinned",
        Kind::AnnouncementWithdrawn => "Announcement withdrawn",
        Kind::PollClosed => "Poll closed",
        Kind::EmergencyDeclared => "Done in an emergency by one person",
        Kind::HouseRulesSet => "House rules set",
        Kind::QuoteAuthorised => "Quotation authorised",
        Kind::QuoteRevoked => "Quotation no longer authorised",
        Kind::RedactionOrdered => "Erasure ordered",
        Kind::RedactionDone => "Erasure carried out",
        Kind::HoldPlaced => "Legal hold placed",
        Kind::HoldReleased => "Legal hold released",
        Kind::RetentionDisposed => "Disposed of at the end of its retention",
        Kind::ExportMade => "Copy of the record taken away",
        Kind::WitnessAdded => "Witness added",
        Kind::PolicyChanged => "Rules for witnesses changed",
        Kind::LogKeyRotated => "Record key replaced",
        Kind::StaffAct => "Act of the staff",
        Kind::LogResumed => "Record continued by decision",
    }
}

/// What stands behind a kind that we do not know.
pub const SOMETHING_NEWER: &str = "Something that this version does not know";

/// Why something was erased, by the word that the record has for it.
pub fn class(name: &str) -> &'static str {
    match Class::named(name) {
        Some(Class::Author) => "Its author deleted it",
        Some(Class::Article17) => "Right to erasure",
        Some(Class::Court) => "Order of a court",
        Some(Class::Minor) => "It concerns a minor",
        Some(Class::ThirdParty) => "It held data of somebody else",
        Some(Class::Retention) => "The time for which it is kept ran out",
        None => "A reason that this version does not know",
    }
}

pub fn statement(member: &str) -> &str {
    match member {
        "act" => "Act",
        "agency" => "Agency",
        "aliases" => "Also known as",
        "announcement" => "Announcement",
        "article" => "Long text",
        "approvedBy" => "People who stood for it",
        "basis" => "Legal basis",
        "class" => "Class",
        "covers" => "Covers",
        "destroyed" => "Destroyed",
        "done" => "What was done",
        "extent" => "Extent",
        "handle" => "Address",
        "images" => "Pictures",
        "inReplyTo" => "In reply to",
        "language" => "Language",
        "links" => "Links",
        "markdown" => "Text, as written",
        "name" => "Name",
        "number" => "Number",
        "ordered" => "Ordered",
        "policy" => "Rules",
        "reason" => "Reason",
        "revision" => "Revision",
        "role" => "Decided by",
        "rules" => "House rules",
        "seen" => "Entries seen elsewhere",
        "size" => "Entries",
        "summary" => "Description",
        "title" => "Title",
        "vkey" => "Record key",
        "warning" => "Content warning",
        "witness" => "Witness",
        other => other,
    }
}

// Checking an entry.

pub const CHECK: &str = "Check it yourself";
pub const CHECK_LEAD: &str = "You need not believe this page. The check below runs in your own browser, on the record’s own files.";
pub const CHECK_NOW: &str = "Check this entry now";
pub const CHECKING: &str = "Checking …";
pub const STEPS: &str = "Steps of the check";
pub const PROVES: &str = "What it proves";
pub const PROVES_NOT: &str = "What it does not prove";
pub const BY_HAND: &str = "Without this page";
pub const WHOSE_KEY: &str = "Whose key?";

pub const PROVEN: [&str; 3] = [
    "That this line stands at this place of the record, and stood there when the checkpoint was signed.",
    "Where what opens the seal is disclosed: that the record means exactly these bytes, and no others.",
    "Together with a checkpoint that you or a witness kept earlier: that nothing before it was changed or left out since.",
];
pub const NOT_PROVEN: [&str; 3] = [
    "That what is said is true.",
    "Which person held the pen. A citizen’s words are signed by the server of that citizen, an agency’s by its own.",
    "That something was never said elsewhere, or was never kept from the record before it was entered.",
];

pub const KEY_CAVEAT: &str = "The check uses this key, which came from the very server that you are checking. Compare it with the one on the agency’s own website or in its profile on other servers, with what a witness publishes, or with the one that you noted earlier:";

pub fn by_hand(url: &str) -> String {
    format!("actapub record verify {url}")
}

pub const BY_HAND_LEAD: &str = "With the program of any other maker that knows tlog-proof (c2sp.org), or with ours, which needs no account and no server of its own:";
pub const FILES: &str = "The files it takes";
pub const FILE_PROOF: &str = "Proof, which is checked offline";
pub const FILE_CHECKPOINT: &str = "Checkpoint";
pub const FILE_VKEY: &str = "Key";
pub const FILE_JSON: &str = "This entry as JSON";

/// A step of the check: its name in the script, what it looks at, and what it says when it holds and when it does not.
#[derive(Debug)]
pub struct Step {
    pub name: &'static str,
    pub looks_at: &'static str,
    pub good: &'static str,
    pub bad: &'static str,
    pub open: &'static str,
}

pub const CHECK_STEPS: [Step; 6] = [
    Step {
        name: "signature",
        looks_at: "The checkpoint’s signature",
        good: "The record’s key has signed the checkpoint.",
        bad: "The checkpoint is not signed by the record’s key.",
        open: "This browser cannot check signatures of this kind (Ed25519), or the page was not loaded over HTTPS.",
    },
    Step {
        name: "witnesses",
        looks_at: "The witnesses’ signatures",
        good: "Witnesses have signed the checkpoint as well:",
        bad: "A signature in a witness’s name is not theirs:",
        open: "None of the witnesses below has signed this checkpoint yet.",
    },
    Step {
        name: "leaf",
        looks_at: "The line’s place in the tree",
        good: "The line above is the one that stands at this place.",
        bad: "Another line than the one above stands at this place.",
        open: "The checkpoint that witnesses have signed does not reach this entry yet.",
    },
    Step {
        name: "root",
        looks_at: "The way from the line to the signed fingerprint",
        good: "From this line the tiles lead to the fingerprint that was signed.",
        bad: "From this line the tiles do not lead to the fingerprint that was signed.",
        open: "Not looked at.",
    },
    Step {
        name: "commitment",
        looks_at: "The seal",
        good: "The salt and the list of parts open the seal in the line.",
        bad: "The salt and the list of parts do not open the seal in the line.",
        open: "What opens the seal is not disclosed to you.",
    },
    Step {
        name: "parts",
        looks_at: "The parts that the seal covers",
        good: "Every part is, byte for byte, what was sealed.",
        bad: "A part is not what was sealed:",
        open: "The parts are not disclosed to you.",
    },
];

pub const DESTROYED_WITH_IT: &str = "What opened the seal was destroyed when the entry was erased.";

pub const WITHHELD_WITH_IT: &str =
    "What opens the seal is withheld, since the entry is to be erased.";

pub const ALL_GOOD: &str = "Everything that could be checked holds.";
pub const NOT_GOOD: &str = "This entry does not hold. Save this page and tell the agency and, if there are any, its witnesses.";
pub const NOT_REACHED: &str = "The check could not be finished. The step that is marked says why.";
pub const FILE_FAILED: &str = "A file could not be had:";
