//! Drafts in words: what they are, where they stand, and what was done.

use maud::{Markup, html};

use super::super::drafts::pieces::{self, short};
use super::super::drafts::refused;
use crate::kernel::{Timestamp, Zone};
use crate::publishing::drafts::{Draft, Error, Hold, Kind, Proposal, Quorum, Standing};
use crate::publishing::house::Period;
use crate::publishing::markdown;
use crate::web::words::console::Words;

/// The first words of a draft, by which colleagues know it; or what kind of act it is.
pub(in crate::web::console) fn title(words: Words, draft: &Draft) -> String {
    let text = draft.proposals().next().map(Proposal::text);
    let first = Some(markdown::first_line(text.as_deref().unwrap_or_default()));
    let first = first.as_deref().filter(|line| !line.is_empty());
    let what = match draft.kind() {
        Some(kind) => pieces::kind(words, kind),
        None => words.say("review-erased"),
    };
    match (draft.kind(), first) {
        (Some(Kind::Announcement | Kind::Answer), Some(line)) => short(line),
        (_, Some(line)) => format!("{what}: {}", short(line)),
        (_, None) => what,
    }
}

/// Where a draft stands, as a mark.
pub(in crate::web::console) fn mark(words: Words, standing: Standing) -> Markup {
    let class = match standing {
        Standing::Approved | Standing::Scheduled | Standing::Published => "mark-on",
        Standing::SentBack | Standing::Held => "mark-alarm",
        Standing::Writing | Standing::InReview | Standing::Discarded => "mark-off",
    };
    html! { span class=(class) { (refused::standing(words, standing)) } }
}

pub(super) fn quorum(words: Words, quorum: Quorum) -> String {
    if quorum.need == 0 {
        return words.say("review-needs-none");
    }
    let values = [("have", quorum.have.into()), ("need", quorum.need.into())];
    words.say_of("review-quorum", values)
}

/// An instant as the clocks of an agency show it.
pub(in crate::web::console) fn by_clocks(zone: &Zone, at: Timestamp) -> Markup {
    let minute = Timestamp::from_seconds(at.seconds() - at.seconds().rem_euclid(60));
    html! {
        time datetime=(at.to_whole_second()) { bdi { (zone.wall(minute)) " (" (zone) ")" } }
    }
}

/// What was done just before.
pub(super) fn done(words: Words, what: &str) -> Option<String> {
    Some(match what {
        "submit" => words.say("review-done-submit"),
        "take-back" => words.say("review-done-take-back"),
        "approve" => words.say("review-done-approve"),
        "send-back" => words.say("review-done-send-back"),
        "schedule" => words.say("review-done-schedule"),
        "unschedule" => words.say("review-done-unschedule"),
        "publish" => words.say("review-done-publish"),
        "emergency" => words.say("review-done-emergency"),
        "discard" => words.say("review-done-discard"),
        _ => return None,
    })
}

/// Why a draft was held, and what to do.
pub(in crate::web::console) fn hold(words: Words, why: &Hold) -> String {
    match why {
        Hold::Late { minutes, .. } => words.count(
            "review-hold-late",
            usize::try_from(*minutes).unwrap_or(usize::MAX),
        ),
        Hold::Approvals { have, need } => words.say_of(
            "review-hold-approvals",
            [("have", have.into()), ("need", need.into())],
        ),
        Hold::Forbidden { reason, until } => {
            let (reason, until) = (reason.clone(), *until);
            refused::sentence(&Error::Forbidden { reason, until }, words)
        }
        Hold::Languages { missing } => words.say_with(
            "review-hold-languages",
            "languages",
            &missing.join(&words.say("list-comma")),
        ),
        Hold::Refused { reason } => words.say_with("review-hold-refused", "reason", reason),
    }
}

/// A time in which nothing goes out.
pub(in crate::web::console) fn period(words: Words, period: &Period) -> String {
    let values = [
        ("from", period.from.to_string().into()),
        ("until", period.until.to_string().into()),
        ("reason", period.reason.clone().into()),
    ];
    words.say_of("calendar-period", values)
}
