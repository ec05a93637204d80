//! What is said when something could not be done with a draft, and what to do about it.

use axum::http::StatusCode;

use super::super::refusal::{self, Refusal};
use super::article;
use crate::agencies;
use crate::agencies::staff;
use crate::kernel::Unclear;
use crate::publishing;
use crate::publishing::drafts::{Error, Standing};
use crate::publishing::pictures::InvalidPicture;
use crate::publishing::polls::Unfit;
use crate::web::words::console::Words;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound | Error::Publishing(publishing::Error::NotFound) => Self::NotFound,
            Error::Refused(refused) => refused.into(),
            Error::Db(error)
            | Error::Publishing(publishing::Error::Db(error))
            | Error::Agency(agencies::Error::Db(error)) => error.into(),
            other => Self::Draft(Box::new(other)),
        }
    }
}

/// A conflict with what others did, or something about the draft itself.
pub(in crate::web::console) fn status(error: &Error) -> StatusCode {
    match error {
        Error::State { .. }
        | Error::Changed { .. }
        | Error::Overtaken
        | Error::ApprovedAlready
        | Error::NothingToApprove
        | Error::EditedMeanwhile => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The field of our forms that it is about.
pub(in crate::web::console) fn field(error: &Error) -> Option<&'static str> {
    use publishing::Error as P;
    match error {
        Error::TooLarge => Some("text"),
        Error::SameLanguage(_) => Some("language"),
        Error::Remark => Some("remark"),
        Error::EmergencyReason => Some("reason"),
        Error::Unclear(_) | Error::Past => Some("at"),
        Error::Publishing(error) => match error {
            P::Empty | P::TooLong { .. } => Some("text"),
            P::Warning => Some("warning"),
            P::TooManyImages(_) => Some("picture"),
            P::MissingReason => Some("reason"),
            P::Language(_) => Some("language"),
            P::Article(unfit) => Some(article::field(unfit)),
            _ => None,
        },
        Error::Agency(agencies::Error::Name) => Some("name"),
        Error::Agency(agencies::Error::Summary) => Some("summary"),
        Error::Agency(agencies::Error::Link(_) | agencies::Error::TooManyLinks(_)) => Some("links"),
        _ => None,
    }
}

/// In a sentence.
pub(in crate::web::console) fn sentence(error: &Error, words: Words) -> String {
    match error {
        Error::NoPart => words.say("draft-error-no-part"),
        Error::State { is, .. } => {
            words.say_with("draft-error-state", "state", &standing(words, *is))
        }
        Error::Changed { .. } => words.say("draft-error-changed"),
        Error::Overtaken => words.say("draft-error-overtaken"),
        Error::AnotherMatter => words.say("draft-error-another-matter"),
        Error::Parts => words.say("draft-error-parts"),
        Error::SameLanguage(tag) => words.say_with("draft-error-same-language", "language", tag),
        Error::TooLarge => words.say("draft-error-too-large"),
        Error::NothingToChange => words.say("draft-error-nothing-to-change"),
        Error::OperatorApproves => words.say("draft-error-operator-approves"),
        Error::OwnText => words.say("draft-error-own-text"),
        Error::AnotherApprover => words.say("draft-error-another-approver"),
        Error::ApprovedAlready => words.say("draft-error-approved-already"),
        Error::NothingToApprove => words.say("draft-error-nothing-to-approve"),
        Error::Remark => words.say("draft-error-remark"),
        Error::Approvals { have, need } => {
            let values = [("have", (*have).into()), ("need", (*need).into())];
            words.say_of("draft-error-approvals", values)
        }
        Error::NeedsApproval { need, .. } => {
            words.say_of("draft-error-needs-approval", [("need", (*need).into())])
        }
        Error::Languages(missing) => {
            let missing = missing.join(&words.say("list-comma"));
            words.say_with("draft-error-languages", "languages", &missing)
        }
        Error::Forbidden { reason, until } => {
            let until = until.to_string();
            let values = [("until", until.into()), ("reason", reason.as_str().into())];
            words.say_of("draft-error-forbidden", values)
        }
        Error::EmergencyReason => words.say("draft-error-emergency-reason"),
        Error::Unclear(Unclear::Twice { first, second, .. }) => {
            let values = [
                ("first", first.to_string().into()),
                ("second", second.to_string().into()),
            ];
            words.say_of("draft-error-time-twice", values)
        }
        Error::Unclear(Unclear::Never { next, .. }) => {
            words.say_with("draft-error-time-never", "next", &next.to_string())
        }
        Error::Past => words.say("draft-error-past"),
        Error::EmergencyInPrivate => words.say("private-error-emergency"),
        Error::KeysNeeded => words.say("draft-error-keys-needed"),
        Error::EditedMeanwhile => words.say("draft-error-edited-meanwhile"),
        Error::Publishing(error) => about_publishing(error, words),
        Error::Agency(error) => refusal::about_agency(error, words),
        // These have a refusal of their own.
        Error::NotFound | Error::Refused(staff::Refused(_)) | Error::Db(_) => {
            words.say("refused-internal")
        }
    }
}

fn about_publishing(error: &publishing::Error, words: Words) -> String {
    use publishing::Error as E;
    match error {
        E::NotFound => words.say("refused-not-found"),
        E::Withdrawn => words.say("draft-error-withdrawn"),
        E::Empty => words.say("draft-error-empty"),
        E::TooLong { length, longest } => {
            let values = [("length", (*length).into()), ("longest", (*longest).into())];
            words.say_of("draft-error-too-long", values)
        }
        E::Warning => words.say("draft-error-warning"),
        E::TooManyImages(most) => words.count("draft-error-too-many-images", *most),
        E::MissingAlt => words.say("draft-error-missing-alt"),
        E::Language(tag) => words.say_with("agency-language", "text", tag),
        E::MissingReason => words.say("draft-error-missing-reason"),
        E::TooManyPins(most) => words.count(
            "draft-error-too-many-pins",
            usize::try_from(*most).unwrap_or(usize::MAX),
        ),
        E::TooManyPosts(most) => words.count("post-error-too-many", *most),
        E::AnswerOfSeveral => words.say("post-error-answer"),
        E::InPost { number, error } => {
            let error = about_publishing(error, words);
            let values = [("number", (*number).into()), ("error", error.into())];
            words.say_of("post-error-in", values)
        }
        E::AnswersPrivate => words.say("private-error-public"),
        E::NotInPrivate => words.say("private-error-not-fit"),
        E::Poll(unfit) => about_poll(unfit, words),
        E::Article(unfit) => article::sentence(unfit, words),
        // It has a refusal of its own.
        E::Db(_) => words.say("refused-internal"),
    }
}

fn about_poll(unfit: &Unfit, words: Words) -> String {
    match unfit {
        Unfit::Options(_) => words.say("poll-error-options"),
        Unfit::Length => words.say("poll-error-length"),
        Unfit::Twice(text) => words.say_with("poll-error-twice", "text", text),
        Unfit::Time => words.say("poll-error-time"),
        Unfit::Changed => words.say("poll-error-changed"),
    }
}

/// What is wrong with a picture.
pub(in crate::web::console) fn about_picture(error: &InvalidPicture, words: Words) -> String {
    use InvalidPicture as E;
    match error {
        E::Empty | E::NoPixels | E::Damaged(_) | E::NotSaved(_) => {
            words.say("draft-picture-damaged")
        }
        E::TooLarge { most, .. } => words.count("draft-picture-too-large", most >> 20),
        E::OtherType(_) => words.say("draft-picture-other-type"),
        E::Polyglot(_) => words.say("draft-picture-polyglot"),
        E::TooManyPixels { most, .. } => {
            let millions = usize::try_from(most / 1_000_000).unwrap_or(usize::MAX);
            words.count("draft-picture-too-many-pixels", millions)
        }
        E::TooMuchMemory => words.say("draft-picture-too-much-memory"),
        E::NoDescription => words.say("draft-error-missing-alt"),
        E::LongDescription { .. } => words.say("draft-picture-long-description"),
        E::Focus => words.say("draft-picture-focus"),
    }
}

/// Where a draft stands, in a word or two.
pub(in crate::web::console) fn standing(words: Words, standing: Standing) -> String {
    words.say(&format!("draft-state-{standing}"))
}
