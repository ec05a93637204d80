//! Why something about the staff could not be done, in words that say what to do.

use std::time::Duration;

use super::{Refused, Role, passkeys, password};
use crate::agencies;
use crate::platform::db;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("only an operator of this server may do that")]
    NotOperator,
    #[error("there is nobody of that address or number on the staff here")]
    Unknown,
    #[error(
        "they are the last administrator of this agency: make somebody else an administrator first"
    )]
    LastAdministrator,
    #[error("an invitation needs at least one role")]
    NoRole,
    #[error("they do not hold the role {0} at this agency")]
    NotHeld(Role),
    #[error(
        "they also work elsewhere on this server, so only an operator of the server may reset how they sign in"
    )]
    WorksElsewhere,
    #[error("there is no open invitation of that number at this agency")]
    NoInvitation,
    #[error(
        "this link is not valid, or not any more: each is used once, and for a limited time; ask for a new one"
    )]
    LinkGone,
    #[error(
        "somebody signs in with this address here already: if that is you, sign in first and open the link again"
    )]
    AddressTaken,
    #[error("an e-mail address is written like `ada@city.gov`")]
    Address,
    #[error("a name has 1 to 200 characters")]
    Name,
    #[error(transparent)]
    Password(#[from] password::Weak),
    /// Which of the two is wrong is nobody's business.
    #[error("the e-mail address or the password is not right")]
    Wrong,
    #[error(
        "this code is not right, or was used already: wait for the next one, or use a recovery code"
    )]
    WrongCode,
    #[error("this sign-in took too long, or too many codes were wrong: begin again")]
    Begin,
    /// How long until the next attempt.
    #[error("too many attempts: try again in {} minutes", .0.as_secs().div_ceil(60).max(1))]
    Wait(Duration),
    #[error("this session has ended: sign in again")]
    SessionEnded,
    #[error("show first that it is still you: give your password or use your passkey")]
    ProveAgain,
    #[error("one-time codes are set up already: remove them first")]
    HasCodes,
    #[error("one-time codes are not set up")]
    NoCodes,
    #[error("this passkey did not let you in: {0}")]
    Passkey(#[from] passkeys::Unfit),
    #[error("at most {0} passkeys: remove one that you do not use any more")]
    TooManyPasskeys(usize),
    #[error("passkeys need a domain, and this server is reached by an address")]
    NoDomain,
    #[error("no OpenID provider is set up here")]
    NoProvider,
    #[error(
        "their roles come from a group: they sign in by way of the provider, which knows whether they still are in it"
    )]
    ByProvider,
    #[error(
        "somebody signs in with this address here already: sign in as before, and connect the two"
    )]
    ConnectFirst,
    #[error("the provider tells no verified e-mail address")]
    NoAddress,
    #[error("the provider vouches for somebody else, or has not asked anew")]
    NotThem,
    #[error("a group gives them the role {0}: take them out of the group")]
    GivenByGroups(Role),
    #[error("passwords let nobody in here: use another way")]
    PasswordsOff,
    #[error(transparent)]
    Agency(#[from] agencies::Error),
    #[error(transparent)]
    Db(#[from] db::Error),
}
