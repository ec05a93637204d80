//! Why a signature is not believed.

use http::StatusCode;

/// One reason each, with the sentence for the log. No sentence repeats what the sender wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    #[error("the request is not signed")]
    Unsigned,
    #[error("the signature's header cannot be read")]
    Malformed,
    #[error("a header or parameter of the signature stands there twice")]
    Repeated,
    #[error("the signature, its key id or what it covers is too long")]
    TooLong,
    #[error("the signature names no key")]
    NoKeyId,
    #[error("there are several signatures, of which it is unclear which counts")]
    SeveralSignatures,
    #[error("the signature's algorithm is not supported")]
    UnknownAlgorithm,
    #[error("the signature covers something that is not supported")]
    UnknownComponent,
    #[error("the signature covers a header that the request does not have")]
    CoversMissing,
    #[error("the signature does not cover the method and the target")]
    TargetNotCovered,
    #[error("the signature does not cover the host")]
    HostNotCovered,
    #[error("the signature does not cover its time")]
    TimeNotCovered,
    #[error("the signature does not cover the body's digest")]
    DigestNotCovered,
    #[error("the time of the signature cannot be read")]
    BadTime,
    #[error("the signature is too old")]
    Stale,
    #[error("the signature is from the future")]
    Future,
    #[error("the request is signed for another host")]
    OtherHost,
    #[error("the body's digest cannot be read or is not SHA-256")]
    BadDigest,
    #[error("the body is not the one whose digest was signed")]
    OtherBody,
    #[error("the signature names another algorithm than its key has")]
    OtherAlgorithm,
    #[error("the signature was not made with this key, or the request was changed since")]
    Mismatch,
}

impl Refusal {
    /// What the sender is told: 400 for what cannot be read, 401 for what is not believed. Senders that know
    /// both dialects try the other after either.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Malformed
            | Self::Repeated
            | Self::TooLong
            | Self::NoKeyId
            | Self::SeveralSignatures
            | Self::BadTime
            | Self::BadDigest => StatusCode::BAD_REQUEST,
            Self::Unsigned
            | Self::UnknownAlgorithm
            | Self::UnknownComponent
            | Self::CoversMissing
            | Self::TargetNotCovered
            | Self::HostNotCovered
            | Self::TimeNotCovered
            | Self::DigestNotCovered
            | Self::Stale
            | Self::Future
            | Self::OtherHost
            | Self::OtherBody
            | Self::OtherAlgorithm
            | Self::Mismatch => StatusCode::UNAUTHORIZED,
        }
    }

    /// Whether another key could change the verdict: then, and only then, the key is worth fetching again.
    pub const fn depends_on_key(self) -> bool {
        matches!(self, Self::Mismatch | Self::OtherAlgorithm)
    }
}
