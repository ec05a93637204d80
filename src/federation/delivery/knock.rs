//! In which way to sign for a server, and what its answers teach.
//!
//! Some servers answer 202 before they verify, and then drop what they cannot read. So an acceptance alone proves
//! nothing: a way of signing is remembered only if it was accepted right after another had been refused.

use crate::federation::signatures::Dialect;

/// A way to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Knock {
    /// draft-cavage with RSA: what every server reads.
    Cavage,
    /// RFC 9421 with RSA.
    Message,
    /// RFC 9421 with Ed25519: for us thirty times as cheap.
    MessageEd25519,
}

impl Knock {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Cavage => "cavage",
            Self::Message => "rfc9421",
            Self::MessageEd25519 => "rfc9421-ed25519",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Cavage, Self::Message, Self::MessageEd25519]
            .into_iter()
            .find(|it| it.as_str() == text)
    }

    pub(super) const fn dialect(self) -> Dialect {
        match self {
            Self::Cavage => Dialect::Cavage,
            Self::Message | Self::MessageEd25519 => Dialect::Message,
        }
    }
}

/// The ways to try one after the other, the last one first, so that `pop` gives the next.
pub(super) fn ways(known: Option<Knock>, tries_ed25519: bool) -> Vec<Knock> {
    match known {
        None | Some(Knock::Cavage) => vec![Knock::Message, Knock::Cavage],
        Some(Knock::Message) if !tries_ed25519 => vec![Knock::Cavage, Knock::Message],
        Some(Knock::Message | Knock::MessageEd25519) => {
            vec![Knock::Cavage, Knock::Message, Knock::MessageEd25519]
        }
    }
}

/// Whether the answer may be about the way we signed.
pub(super) const fn is_refusal(status: u16) -> bool {
    matches!(status, 400 | 401)
}

/// What to remember, if anything new.
pub(super) fn learned(known: Option<Knock>, refused: &[Knock], accepted: Knock) -> Option<Knock> {
    // Ed25519 is only tried where RFC 9421 has been proven to be verified.
    let is_proven = !refused.is_empty() || accepted == Knock::MessageEd25519;
    (is_proven && known != Some(accepted)).then_some(accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_teaches_only_after_a_refusal() {
        use Knock::{Cavage, Message, MessageEd25519};
        for (known, refused, accepted, expected) in [
            (None, &[][..], Cavage, None),
            (None, &[Cavage][..], Message, Some(Message)),
            (Some(Message), &[][..], Message, None),
            (Some(Message), &[Message][..], Cavage, Some(Cavage)),
            (Some(Message), &[][..], MessageEd25519, Some(MessageEd25519)),
            (Some(Message), &[MessageEd25519][..], Message, None),
            (
                Some(MessageEd25519),
                &[MessageEd25519][..],
                Message,
                Some(Message),
            ),
            (Some(Cavage), &[][..], Cavage, None),
        ] {
            assert_eq!(
                learned(known, refused, accepted),
                expected,
                "{known:?} {refused:?} {accepted:?}"
            );
        }
    }

    #[test]
    fn ed25519_is_never_a_first_guess() {
        for tries in [false, true] {
            assert_eq!(ways(None, tries), [Knock::Message, Knock::Cavage]);
        }
        assert_eq!(
            ways(Some(Knock::Message), true).last(),
            Some(&Knock::MessageEd25519)
        );
        assert_eq!(
            ways(Some(Knock::Message), false).last(),
            Some(&Knock::Message)
        );
        for known in [Knock::Cavage, Knock::Message, Knock::MessageEd25519] {
            assert_eq!(Knock::parse(known.as_str()), Some(known));
        }
    }
}
