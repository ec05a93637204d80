//! How a browser reaches an authenticator (Web Authentication, section 5.8.4): a hint that saves people a choice.

const NAMES: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// As they are stored; what we do not know is left out.
pub(super) fn bits(names: &[String]) -> i64 {
    let known = NAMES.iter().enumerate();
    known
        .filter(|(_, known)| names.iter().any(|name| name == *known))
        .fold(0, |bits, (place, _)| bits | 1 << place)
}

pub(super) fn names(bits: i64) -> Vec<&'static str> {
    let known = NAMES.iter().enumerate();
    known
        .filter(|(place, _)| bits & (1 << place) != 0)
        .map(|(_, name)| *name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_read_as_it_is_written() {
        let said = ["internal", "hybrid", "telepathy"].map(str::to_owned);
        assert_eq!(names(bits(&said)), ["hybrid", "internal"]);
        assert_eq!(names(bits(&[])), [""; 0]);
    }
}
