//! Tokens: whoever shows one is let in.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::kernel::Secret;

const BYTES: usize = 32;

/// 256 bits of chance in a link or a cookie. Only its digest is stored, so that whoever reads the database, or a backup
/// of it, cannot use it; and it is found by its digest, so that no time tells how nearly a guess was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(Secret<String>);

impl Token {
    /// A new one.
    pub(super) fn make(chance: &dyn Fn(&mut [u8])) -> Self {
        let mut bytes = [0; BYTES];
        chance(&mut bytes);
        Self(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// A new one that is no key to anything here.
    pub fn random(chance: &dyn Fn(&mut [u8])) -> Self {
        Self::make(chance)
    }

    /// What somebody shows as one; `None` if it has not the shape of one.
    pub fn shown(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == BYTES).then(|| Self(Secret::new(text.to_owned())))
    }

    /// For the link or the cookie.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    pub(super) fn digest(&self) -> String {
        digest_of(self.reveal())
    }
}

/// SHA-256, for what has too much chance in it to be guessed.
pub(super) fn digest_of(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_shape_and_never_prints() {
        let token = Token::make(&|bytes| bytes.fill(7));
        assert_eq!(Token::shown(token.reveal()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(…)");
        for text in ["", "abc", "%", &"A".repeat(44), &"A".repeat(1_000)] {
            assert_eq!(Token::shown(text), None, "{text}");
        }
    }
}
