//! Passwords: how good one has to be, and how it is kept.
//!
//! Slow on purpose: none of it belongs into a transaction or on a thread that others wait for.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization as _;

use crate::kernel::Secret;

const SHORTEST: usize = 12;
const LONGEST: usize = 256;
/// Of 0 to 4; 3 is what 10^8 guesses do not find.
const LEAST_SCORE: zxcvbn::Score = zxcvbn::Score::Three;
/// Characters that are no part of a name or an address.
const LEAST_BESIDE: usize = 6;
/// What OWASP's cheat sheet asks for at least: memory in KiB, passes, lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);
const SALT_BYTES: usize = 16;

/// What somebody typed as a password, in Unicode's normal form C, so that it does not matter on which keyboard.
#[derive(Debug, Clone)]
pub struct Password(Secret<String>);

/// Why a password is not good enough. There are no rules about digits and signs: they make passwords worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    #[error(
        "a password has at least {SHORTEST} characters: three or four words that do not belong together are good"
    )]
    Short,
    #[error("a password has at most {LONGEST} characters")]
    Long,
    #[error(
        "this password is easily guessed, since it is a common one or made from a name, a date or a pattern: three or \
         four words that do not belong together are better"
    )]
    Guessable,
}

impl Password {
    /// For comparing; what is too long is compared as something that nobody has.
    pub fn typed(text: &str) -> Self {
        if text.len() > LONGEST * 8 {
            return Self(Secret::new(String::new()));
        }
        Self(Secret::new(text.nfc().collect()))
    }

    /// For keeping: checked against lists of common passwords, names and words, and against `about`: what whoever wants
    /// to guess it knows of the person, such as their name, their address and the agency's name.
    pub fn chosen(text: &str, about: &[&str]) -> Result<Self, Weak> {
        if text.len() > LONGEST * 8 {
            return Err(Weak::Long);
        }
        let password = Self::typed(text);
        let length = password.0.reveal().chars().count();
        if length < SHORTEST {
            return Err(Weak::Short);
        }
        if length > LONGEST {
            return Err(Weak::Long);
        }
        // An address is also guessed by its parts.
        let about: Vec<&str> = about
            .iter()
            .flat_map(|text| std::iter::once(*text).chain(text.split(['@', '.', ' ', '-'])))
            .filter(|part| part.chars().count() > 2)
            .collect();
        let typed = password.0.reveal();
        if beside(typed, &about) < LEAST_BESIDE
            || zxcvbn::zxcvbn(typed, &about).score() < LEAST_SCORE
        {
            return Err(Weak::Guessable);
        }
        Ok(password)
    }

    /// As it is kept. Takes some 20 milliseconds and 19 MiB.
    pub fn hash(&self, chance: &dyn Fn(&mut [u8])) -> Hash {
        let mut salt = [0; SALT_BYTES];
        chance(&mut salt);
        let hashed =
            argon2().hash_password_with_params(self.0.reveal().as_bytes(), &salt, params());
        // Only parameters can be wrong, and these are constants (a test hashes with them).
        Hash(Secret::new(
            hashed
                .map(|it: PasswordHash| it.to_string())
                .unwrap_or_default(),
        ))
    }
}

/// How many characters a password has besides what is known of its owner.
fn beside(password: &str, about: &[&str]) -> usize {
    let mut parts: Vec<String> = about.iter().map(|part| part.to_lowercase()).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut rest = password.to_lowercase();
    for part in parts {
        rest = rest.replace(&part, "");
    }
    rest.chars().count()
}

fn params() -> Params {
    let (memory, passes, lanes) = COST;
    Params::new(memory, passes, lanes, None).unwrap_or(Params::DEFAULT)
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
}

/// A password as it is kept: Argon2id with a salt, as a PHC string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash(Secret<String>);

impl Hash {
    pub(super) const fn stored(text: String) -> Self {
        Self(Secret::new(text))
    }

    pub(super) fn text(&self) -> &str {
        self.0.reveal()
    }

    /// One that no password fits, and that takes as long to compare: of nobody.
    pub(super) fn of_nobody() -> Self {
        Self::stored(
            "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                .to_owned(),
        )
    }

    /// Whether it is this password. Takes as long as [`Password::hash`].
    pub fn fits(&self, password: &Password) -> bool {
        let Ok(hash) = PasswordHash::new(self.text()) else {
            return false;
        };
        argon2()
            .verify_password(password.0.reveal().as_bytes(), &hash)
            .is_ok()
    }

    /// Whether it was made under other parameters than those of today, and should be made anew.
    pub(super) fn is_outdated(&self) -> bool {
        let (memory, passes, lanes) = COST;
        let today = format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$");
        !self.text().starts_with(&today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "gravel pelican honest umbrella";

    fn salt(bytes: &mut [u8]) {
        bytes.fill(3);
    }

    #[test]
    fn length_counts_and_guessable_passwords_are_refused() {
        let about = ["Ada Lovelace", "ada@waterworks.example", "City Waterworks"];
        for (text, weak) in [
            ("", Weak::Short),
            ("eleven char", Weak::Short),
            ("passwordpassword", Weak::Guessable),
            ("qwertyuiop123", Weak::Guessable),
            ("aaaaaaaaaaaaaaaaaaaaa", Weak::Guessable),
            ("adalovelace1", Weak::Guessable),
            ("lovelacewaterworks", Weak::Guessable),
            ("iloveyou2026", Weak::Guessable),
        ] {
            assert_eq!(Password::chosen(text, &about).err(), Some(weak), "{text}");
        }
        let longest: String = GOOD.chars().cycle().take(LONGEST).collect();
        for text in [
            GOOD,
            "Wasserhahn tropft grün",
            "ключ-окно-гроза-лампа",
            &longest,
        ] {
            assert!(Password::chosen(text, &about).is_ok(), "{text}");
        }
        assert_eq!(
            Password::chosen(&format!("{longest}x"), &[]).err(),
            Some(Weak::Long)
        );
        assert_eq!(
            Password::chosen(&"x".repeat(1 << 20), &[]).err(),
            Some(Weak::Long)
        );
    }

    #[test]
    fn a_password_fits_its_hash_on_every_keyboard() {
        let hash = Password::typed("Gru\u{308}n ist die Hoffnung").hash(&salt);
        assert!(hash.fits(&Password::typed("Grün ist die Hoffnung")));
        assert!(!hash.fits(&Password::typed("grün ist die Hoffnung")));
        assert!(!hash.fits(&Password::typed("")));
        assert!(!hash.fits(&Password::typed(&"x".repeat(1 << 20))));
        assert!(!hash.is_outdated());
        assert!(
            hash.text().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.text()
        );
        assert_eq!(format!("{hash:?}"), "Hash(…)");
    }

    #[test]
    fn nobody_has_the_hash_of_nobody_and_it_costs_as_much() {
        let nobody = Hash::of_nobody();
        assert!(PasswordHash::new(nobody.text()).is_ok());
        assert!(!nobody.fits(&Password::typed("")));
        assert!(!nobody.is_outdated());
    }

    #[test]
    fn a_cheaper_hash_is_outdated_and_still_fits() {
        let cheap = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8_192, 1, 1, None).unwrap(),
        );
        let hash: PasswordHash = cheap
            .hash_password_with_params(
                GOOD.as_bytes(),
                &[1; 16],
                Params::new(8_192, 1, 1, None).unwrap(),
            )
            .unwrap();
        let hash = Hash::stored(hash.to_string());
        assert!(hash.fits(&Password::typed(GOOD)));
        assert!(hash.is_outdated());
    }
}
