//! Numbers as all these formats write them: ASCII decimals without sign or leading zeros.

/// Reads one; `None` for anything that would be written otherwise, and above `u64::MAX`.
pub(super) fn parse(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_the_one_way_of_writing() {
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse("18446744073709551615"), Some(u64::MAX));
        for other in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1_0",
            "0x1",
            "٣",
            "18446744073709551616",
        ] {
            assert_eq!(parse(other), None, "{other:?}");
        }
    }
}
