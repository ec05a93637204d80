//! Codes that depend on the time: RFC 6238 over RFC 4226, with SHA-1, as every app makes them.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

use crate::kernel::Timestamp;

pub(super) const DIGITS: usize = 6;
const SECONDS: i64 = 30;
/// A code counts this many steps before and after its time: clocks differ, and people are slow.
const DRIFT: i64 = 1;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step of a right code, which must be later than `last`: a code counts once.
pub(super) fn step_of(secret: &[u8], code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let current = now.seconds().div_euclid(SECONDS);
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    (current - DRIFT..=current + DRIFT)
        .filter(|step| *step > last)
        .find(|step| {
            let right = code_at(secret, *step);
            verify_slices_are_equal(right.as_bytes(), code.as_bytes()).is_ok()
        })
}

/// RFC 4226, section 5.3.
fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
    let number = tag
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

/// RFC 4648, section 6, without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let bits = chunk
            .iter()
            .chain(&[0; 5])
            .take(5)
            .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        for n in 0..(chunk.len() * 8).div_ceil(5) {
            let index = usize::try_from((bits >> (35 - 5 * n)) & 31).unwrap_or(0);
            text.extend(ALPHABET.get(index).copied().map(char::from));
        }
    }
    text
}

/// With a space after each four characters, to be read and typed.
pub(super) fn in_groups(text: &str) -> String {
    let mut grouped = String::new();
    for (n, c) in text.chars().enumerate() {
        if n > 0 && n % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(c);
    }
    grouped
}

/// What apps read (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
pub(super) fn address(issuer: &str, account: &str, secret: &[u8]) -> String {
    let encoded = |text: &str| {
        url::form_urlencoded::byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    let (issuer, account, secret) = (encoded(issuer), encoded(account), base32(secret));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's appendix B, whose codes have eight digits: ours are their last six.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(SECRET, seconds / SECONDS), code);
        }
    }

    #[test]
    fn a_code_counts_once_and_about_its_time() {
        let at = |seconds| Timestamp::from_seconds(seconds);
        let step = 1_111_111_111 / SECONDS;
        for seconds in [1_111_111_111 - 30, 1_111_111_111, 1_111_111_111 + 30] {
            assert_eq!(step_of(SECRET, "050 471", at(seconds), 0), Some(step));
        }
        for seconds in [1_111_111_111 - 61, 1_111_111_111 + 61] {
            assert_eq!(step_of(SECRET, "050471", at(seconds), 0), None);
        }
        assert_eq!(step_of(SECRET, "050471", at(1_111_111_111), step), None);
        for wrong in ["", "050472", "0504711", "05047", "٠٥٠٤٧١"] {
            assert_eq!(
                step_of(SECRET, wrong, at(1_111_111_111), 0),
                None,
                "{wrong}"
            );
        }
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(in_groups("MZXW6YTBOI"), "MZXW 6YTB OI");
    }

    #[test]
    fn apps_are_told_whose_codes_they_make() {
        assert_eq!(
            address("social.city.gov:8080", "ada+desk@city.gov", b"foobar"),
            "otpauth://totp/social.city.gov%3A8080:ada%2Bdesk%40city.gov?secret=MZXW6YTBOI&issuer=social.city.gov%3A8080"
        );
    }
}
