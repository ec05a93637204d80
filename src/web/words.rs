//! Every word that the public pages and feeds say of their own: a second language is a second file like this one.

pub mod article;
pub mod console;
pub mod poll;
pub mod record;
pub mod verify;

use crate::kernel::Timestamp;
use crate::publishing::provenance::Provenance;

/// The language of this file (BCP 47).
pub const LANGUAGE: &str = "en";

// The frame of every page.

pub const SKIP: &str = "Skip to the content";
pub const ALL_AGENCIES: &str = "Agencies";
pub const ABOUT: &str = "About this server";
pub const SITE_NAVIGATION: &str = "This server";
pub const FOOTER: &str = "About this page";
pub const NO_TRACKING: &str = "No cookies, no tracking, nothing loaded from elsewhere.";
pub const SOFTWARE: &str = "Actapub";
pub const SOURCE: &str = "Source code";
pub const LICENCE: &str = "GNU AGPL 3.0";

pub fn runs_on(version: &str) -> String {
    format!("{SOFTWARE} {version}")
}

pub fn titled(title: &str, site: &str) -> String {
    format!("{title} – {site}")
}

// The front page.

pub const FRONT_LEAD: &str = "Public agencies speak here in the open. Follow them, and answer them, from any server of the fediverse.";
pub const FRONT_EMPTY: &str = "No agency speaks here yet.";

pub fn last_announcement(at: Timestamp) -> String {
    format!("Last announcement {}", day(at))
}

// An agency.

pub const OFFICIAL: &str = "Official account";
pub const LINKS: &str = "Links";
pub const PINNED: &str = "Pinned";
pub const ANNOUNCEMENTS: &str = "Announcements";
pub const NO_ANNOUNCEMENTS: &str = "Nothing has been announced yet.";
pub const FOLLOW: &str = "Follow from your server";
pub const SUBSCRIBE: &str = "Or read without an account:";
pub const RSS: &str = "RSS";
pub const ATOM: &str = "Atom";
pub const OLDER: &str = "Older announcements";
pub const NEWEST: &str = "Back to the newest";
pub const PAGES: &str = "More pages";
pub const FOLLOWERS: &str = "Followers";
pub const ADDRESS: &str = "Address in the fediverse";

pub fn followers(count: u64) -> String {
    counted(count, "follower", "followers")
}

pub fn announcements(count: u64) -> String {
    counted(count, "announcement", "announcements")
}

pub fn feed_title(name: &str, format: &str) -> String {
    format!("{name} ({format})")
}

pub fn announcements_of(name: &str) -> String {
    format!("Announcements of {name}")
}

// An announcement.

pub const PUBLISHED: &str = "Published";
pub const EDITED: &str = "Edited";
pub const WARNING: &str = "Content warning";
pub const SHOW: &str = "Show";
pub const IMAGES: &str = "Images";
pub const REPLIES: &str = "Public replies";
pub const LIKES: &str = "Likes";
pub const SHARES: &str = "Shares";
pub const IN_FIGURES: &str = "This announcement in figures";
pub const ANSWERING: &str = "In answer to";
pub const AN_EARLIER_ANNOUNCEMENT: &str = "an earlier announcement";
pub const REPLY: &str = "Reply from your server";
pub const NO_REPLIES: &str = "Nobody has replied in public yet.";
pub const FIRST_REPLIES: &str = "Back to the first replies";
pub const MORE_REPLIES: &str = "More replies";
pub const THREAD_NOTE: &str = "Citizens reply from servers of their own. Their words are shown as they arrive; they stay their authors' and are not statements of the agency.";

/// One of the posts of an announcement, counted from 1.
pub fn post(number: usize) -> String {
    format!("post {number}")
}

pub fn post_of(number: usize, of: usize) -> String {
    format!("Post {number} of {of}")
}

pub const WHOLE_THREAD: &str = "The whole announcement";
pub const POST_BEFORE: &str = "The post before";
pub const POST_NEXT: &str = "The next post";
pub const POSTS: &str = "Posts of this announcement";
pub const POST_WITHDRAWN: &str = "This post was withdrawn";
pub const OTHER_POSTS: &str = "The other posts of the announcement stand:";

pub fn posts_more(count: usize) -> String {
    if count == 1 {
        "It goes on: one more post".to_owned()
    } else {
        format!("It goes on: {count} more posts")
    }
}

pub fn announcement_of(at: Timestamp) -> String {
    format!("Announcement of {}", day(at))
}

/// On whose word it was published: how many, never who.
pub fn provenance(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Approved { people } => {
            const WORDS: [&str; 6] = ["two", "three", "four", "five", "six", "seven"];
            let word = usize::try_from(people.saturating_sub(2)).ok();
            match (*people, word.and_then(|at| WORDS.get(at))) {
                (0 | 1, _) => "Approved by one person".to_owned(),
                (_, Some(word)) => format!("Approved by {word} people"),
                (people, None) => format!("Approved by {people} people"),
            }
        }
        Provenance::Emergency { reason } => {
            format!("Published in an emergency by one person: {reason}")
        }
    }
}

pub fn headline(agency: &str, text: &str) -> String {
    if text.is_empty() {
        agency.to_owned()
    } else {
        format!("{agency}: {text}")
    }
}

pub fn replies(count: u64) -> String {
    counted(count, "reply", "replies")
}

pub fn likes(count: u64) -> String {
    counted(count, "like", "likes")
}

pub fn shares(count: u64) -> String {
    counted(count, "share", "shares")
}

// The thread.

pub const AGENCY_ANSWER: &str = "Answer of the agency";
pub const DELETED: &str = "Deleted by its author";
pub const ERASED: &str = "Erased for legal reasons";
pub const WITHHELD: &str = "Withheld for legal reasons";
pub const ANSWER_WITHDRAWN: &str = "Withdrawn by the agency";
pub const REASON: &str = "Reason";

/// Why only the place of a reply is left.
pub const fn gone(gone: super::pages::view::Gone) -> &'static str {
    match gone {
        super::pages::view::Gone::DeletedByAuthor => DELETED,
        super::pages::view::Gone::Withheld => WITHHELD,
        super::pages::view::Gone::Erased => ERASED,
    }
}

pub const A_DELETED_REPLY: &str = "a deleted reply";
pub const A_REPLY_NOT_SHOWN: &str = "a reply that is not shown here";
pub const IN_REPLY_TO: &str = "In reply to";
pub const MORE_BELOW: &str = "More answers to this reply";
pub const ATTACHED: &str = "Attached on the author's server:";

pub fn original_at(host: &str) -> String {
    format!("Original at {host}")
}

pub fn attachment(media_type: &str, alt: &str) -> String {
    let kind = match media_type.split('/').next().unwrap_or_default() {
        "image" => "Picture",
        "video" => "Video",
        "audio" => "Sound",
        _ => "File",
    };
    if alt.is_empty() {
        format!("{kind} without a description")
    } else {
        format!("{kind}: {alt}")
    }
}

// A withdrawn announcement.

pub const WITHDRAWN: &str = "Announcement withdrawn";
pub const WITHDRAWN_AT: &str = "Withdrawn";
pub const NO_REASON: &str = "No reason was given.";

pub fn withdrawn(agency: &str) -> String {
    format!(
        "{agency} has withdrawn this announcement. It is no longer in force. Its text is not shown here any more; this page stays, so that links to it are answered."
    )
}

pub fn back_to(agency: &str) -> String {
    format!("All announcements of {agency}")
}

// A hashtag.

pub const TAG_EMPTY: &str = "No announcement here bears this hashtag.";

pub fn tagged(tag: &str) -> String {
    format!("#{tag}")
}

pub fn tag_lead(tag: &str, site: &str) -> String {
    format!("Announcements on {site} that bear the hashtag #{tag}.")
}

// Taking part from another server.

pub const YOUR_HANDLE: &str = "Your address in the fediverse";
pub const YOUR_HANDLE_HINT: &str =
    "For example @you@your-server.example. It is used once to find your server, and not stored.";
pub const GO: &str = "Go to my server";
pub const BY_HAND: &str = "Or do it by hand";
pub const BY_HAND_REPLY: &str = "Copy this address into the search field of your server or app. The announcement appears there, and you can reply to it:";
pub const BY_HAND_FOLLOW: &str = "Copy this address into the search field of your server or app. The agency appears there, and you can follow it:";
pub const NO_ACCOUNT: &str = "No account yet?";
pub const NO_ACCOUNT_ANSWER: &str = "An account on any server that speaks ActivityPub will do, such as one that runs Mastodon, GoToSocial, Misskey or Friendica. You need none here, and none is offered.";
pub const ERROR_PREFIX: &str = "Error:";

pub fn follow(agency: &str) -> String {
    format!("Follow {agency}")
}

pub fn follow_lead(agency: &str) -> String {
    format!("Give your own address, and your server will ask you whether to follow {agency}.")
}

pub fn reply_to(agency: &str) -> String {
    format!("Reply to {agency}")
}

pub fn reply_lead() -> &'static str {
    "Give your own address, and your server will open the announcement so that you can reply there. A public reply is shown on the announcement's page."
}

pub fn not_an_address(entered: &str) -> String {
    format!("“{entered}” is not an address. An address looks like @you@your-server.example.")
}

pub const NO_ADDRESS: &str = "Please give your address. It looks like @you@your-server.example.";

pub fn server_silent(host: &str) -> String {
    format!("{host} did not answer. Check the address, or do it by hand as described below.")
}

pub fn person_unknown(host: &str) -> String {
    format!("{host} knows nobody by this address. Check its spelling.")
}

pub fn no_way_in(host: &str) -> String {
    format!(
        "{host} does not say how to open something from elsewhere. Do it by hand as described below."
    )
}

// About this server.

pub const CONTACT: &str = "Contact";
pub const THE_SOFTWARE: &str = "The software";
pub const FREE_SOFTWARE: &str = "It is free software under the GNU Affero General Public License, version 3: everybody may read, check, change and share it.";

pub fn about_lead(site: &str) -> String {
    format!(
        "{site} is a public server on which agencies publish announcements and citizens answer them. It is part of the fediverse: a network of independent servers that speak the open standard ActivityPub."
    )
}

/// Sections of the policy: title and paragraphs. What stands here must be true of the program.
pub const POLICY: [(&str, &[&str]); 4] = [
    (
        "Who speaks",
        &[
            "Only agencies have accounts here, and every account is official. Citizens need no account on this server: they take part from a server of their own choice.",
        ],
    ),
    (
        "What happens to your reply",
        &[
            "If you reply in public to an announcement, your reply is shown below it in full, with the name and address you use and a link to the original on your own server. Replies stand in the order in which they arrived. No score or ranking decides who is seen.",
            "If you edit your reply, the new text is shown, and that it was edited. If you delete it, your server tells this one: it is hidden at once, and only “Deleted by its author” remains in its place on the page. Its text is destroyed, also in what was stored of its arrival, at once or as soon as the law on public records allows it here. Backups hold the text until they are overwritten.",
            "What you write to an agency alone, or to your followers alone, is correspondence: the agency can read it, and it is never shown in public.",
        ],
    ),
    (
        "What is kept",
        &[
            "Of those who reply, react or follow: the public name and address, what they sent, and when. Replies and their authors' names stand in public; followers and those who liked or shared are only counted in public.",
            "Copies of announcements and replies exist on other servers too. This server asks them to take back what was withdrawn or deleted, but cannot make them.",
        ],
    ),
    (
        "What is not",
        &[
            "These pages set no cookies and load nothing from other servers. One script of our own checks an entry of the public record when you ask it to; every page can be read without. Citizens' pictures are linked and not loaded, so that no other server learns that you read this one.",
        ],
    ),
];

// Errors.

/// Title and sentence for an HTTP status.
pub fn trouble(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => (
            "This request makes no sense here",
            "Something in the address or form was not as it should be. Please go back and try again.",
        ),
        404 => (
            "There is no such page",
            "Nothing stands at this address. Perhaps it was mistyped, or the link that led here is wrong.",
        ),
        405 => (
            "That is not how this page is used",
            "This address exists, but not for what your browser tried.",
        ),
        410 => (
            "This page is gone",
            "What stood at this address was removed for good.",
        ),
        413 => (
            "That is too much at once",
            "What was sent is larger than this server takes.",
        ),
        429 => (
            "Too many requests",
            "Too many requests came from your network in a short time. Please wait a minute and try again.",
        ),
        503 => (
            "Back in a moment",
            "The server is starting, or busy beyond its strength. Please try again in a minute; nothing is lost.",
        ),
        _ => (
            "Something went wrong here",
            "The fault is ours, and it has been noted. Please try again later.",
        ),
    }
}

pub const TO_FRONT: &str = "To the list of agencies";

// Feeds.

pub fn feed_warning(warning: &str) -> String {
    format!("Content warning: {warning}")
}

// Times and numbers.

/// `24 November 2026`, in UTC.
pub fn day(at: Timestamp) -> String {
    strftime(at, "%-d %B %Y")
}

/// `08:12 UTC`
pub fn hour(at: Timestamp) -> String {
    strftime(at, "%H:%M UTC")
}

/// `24 November 2026, 08:12 UTC`
pub fn moment(at: Timestamp) -> String {
    strftime(at, "%-d %B %Y, %H:%M UTC")
}

/// Day, and month with year, as they stand in the margin of a list.
pub fn margin(at: Timestamp) -> (String, String) {
    (strftime(at, "%-d"), strftime(at, "%B %Y"))
}

/// `12,408`
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

fn strftime(at: Timestamp, format: &str) -> String {
    at.to_jiff().strftime(format).to_string()
}

// The witness.

pub const WITNESS: &str = "Witness";
pub const WITNESS_LEAD: &str = "This server watches the public records of others: it confirms a checkpoint only if the record has gone on from what it confirmed last. A record that shows different histories to different people cannot get both confirmed.";
pub const WITNESS_KEY: &str = "Its key and its address";
pub const WITNESS_KEY_USE: &str = "Whoever wants its cosignatures adds both to their policy; whoever checks a cosignature needs the key.";
pub const WITNESSED_LOGS: &str = "Records that it has seen";
pub const WITNESSED_NONE: &str = "None yet.";
pub const NOT_SEEN: &str = "nothing has been shown to it yet.";
pub const CHECKPOINT: &str = "Checkpoint";
pub const REFUSED_HEADS: &str = "What it refused";
pub const REFUSED_NONE: &str = "Nothing so far.";
pub const REFUSED_MEANING: &str = "Each of these was signed by the record itself. Two trees of the same size prove that the record has shown two histories; the others call for an explanation.";
pub const EVIDENCE: &str = "Evidence";

pub fn seen(size: u64) -> String {
    counted(size, "entry", "entries")
}

/// Why a head was refused, as the reason's word is.
pub fn refused(reason: &str, size: u64, known: u64) -> String {
    match reason {
        "fork" => format!("another history with the same number of entries, {size}."),
        "smaller" => format!("only {}, after {known} had been confirmed.", seen(size)),
        _ => format!(
            "{}, not shown to go on from the {known} confirmed before.",
            seen(size)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(number(7), "7");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(replies(1), "1 reply");
        assert_eq!(replies(0), "0 replies");
    }

    #[test]
    fn times_read_as_people_write_them() {
        let at: Timestamp = "2026-11-04T08:02:59.5Z".parse().unwrap();
        assert_eq!(moment(at), "4 November 2026, 08:02 UTC");
        assert_eq!(margin(at), ("4".to_owned(), "November 2026".to_owned()));
    }
}
