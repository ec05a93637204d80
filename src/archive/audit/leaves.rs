//! Whether what stands in a record's leaves makes sense: each by itself, and one after the other.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::archive::leaf::{ReadLeaf, VERSION};
use crate::kernel::Timestamp;

/// How far a leaf's time may lie before the latest one, in seconds: clocks are set, and citizens' times are whole
/// minutes.
const SLACK: i64 = 3_600;

/// Why a leaf is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLeaf {
    #[error("it is not the JSON of a leaf")]
    Json,
    #[error("its JSON is not in the one form that a leaf has")]
    Form,
    #[error("its commitment is not the base64url of 32 bytes")]
    Commitment,
    #[error("its time is none")]
    Time,
    #[error("its time lies more than an hour before an earlier entry's")]
    Backwards,
    #[error("it refers to an entry that is not before it")]
    Reference,
}

/// Reads leaves in their order.
#[derive(Debug, Clone, Default)]
pub struct Leaves {
    /// The latest time so far, in seconds since 1970.
    latest: i64,
}

impl Leaves {
    /// Goes on behind an entry of this time.
    pub const fn after(latest: i64) -> Self {
        Self { latest }
    }

    /// The latest time so far, in seconds since 1970.
    pub const fn latest(&self) -> i64 {
        self.latest
    }

    /// Takes the next leaf. Of a version of the format that is not known here only its members are looked at.
    pub fn take(&mut self, index: u64, bytes: &[u8]) -> Result<ReadLeaf, BadLeaf> {
        let leaf = ReadLeaf::parse(bytes).ok_or(BadLeaf::Json)?;
        if leaf.version == u32::from(VERSION) && !is_canonical(&leaf, bytes) {
            return Err(BadLeaf::Form);
        }
        let mut commitment = [0; 33];
        let decoded = BASE64_URL_SAFE_NO_PAD.decode_slice(&leaf.commitment, &mut commitment);
        if decoded != Ok(32) {
            return Err(BadLeaf::Commitment);
        }
        if leaf.refers_to.is_some_and(|refers_to| refers_to >= index) {
            return Err(BadLeaf::Reference);
        }
        let at = time(&leaf.time).ok_or(BadLeaf::Time)?;
        if at < self.latest.saturating_sub(SLACK) {
            return Err(BadLeaf::Backwards);
        }
        self.latest = self.latest.max(at);
        Ok(leaf)
    }
}

/// Seconds since 1970 of a leaf's time: `2026-11-24T12:00:00Z`, or a whole minute, `2026-11-24T12:00Z`.
pub(super) fn time(text: &str) -> Option<i64> {
    let minute = text.len() == "2026-11-24T12:00Z".len();
    let second = text.len() == "2026-11-24T12:00:00Z".len();
    if !(minute || second) || !text.ends_with('Z') {
        return None;
    }
    let at: Timestamp = if minute {
        format!("{}:00Z", text.trim_end_matches('Z')).parse().ok()?
    } else {
        text.parse().ok()?
    };
    Some(at.seconds())
}

/// Members in the order of their names, no white space, words that need no escape.
fn is_canonical(leaf: &ReadLeaf, bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut eat = |piece: &str| {
        let fits = rest.strip_prefix(piece.as_bytes());
        rest = fits.unwrap_or_default();
        fits.is_some()
    };
    let begins = eat(r#"{"c":""#)
        && eat(&leaf.commitment)
        && eat(r#"","k":""#)
        && eat(&leaf.by)
        && eat("\",");
    let refers = leaf
        .refers_to
        .is_none_or(|index| eat(&format!("\"ref\":{index},")));
    let ends = begins
        && refers
        && eat(r#""t":""#)
        && eat(&leaf.kind)
        && eat(r#"","ts":""#)
        && eat(&leaf.time)
        && eat(r#"","v":1}"#);
    let plain = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
    };
    ends && rest.is_empty() && plain(&leaf.by) && plain(&leaf.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn leaf(reference: &str, time: &str) -> String {
        format!(r#"{{"c":"{C}","k":"agency",{reference}"t":"x.y","ts":"{time}","v":1}}"#)
    }

    #[test]
    fn leaves_are_judged_one_after_the_other() {
        let mut leaves = Leaves::default();
        let mut take = |index, text: &str| leaves.take(index, text.as_bytes()).map(|_| ());
        assert_eq!(take(0, &leaf("", "2026-11-24T12:00:00Z")), Ok(()));
        assert_eq!(take(1, &leaf("\"ref\":0,", "2026-11-24T11:59Z")), Ok(()));
        assert_eq!(
            take(1, &leaf("\"ref\":1,", "2026-11-24T12:00Z")),
            Err(BadLeaf::Reference)
        );
        assert_eq!(
            take(2, &leaf("", "2026-11-24T10:59:59Z")),
            Err(BadLeaf::Backwards)
        );
        for wrong in [
            "2026-11-24",
            "2026-11-24T12:00+1",
            "2026-13-24T12:00Z",
            "24:00:00",
        ] {
            assert_eq!(take(2, &leaf("", wrong)), Err(BadLeaf::Time), "{wrong}");
        }
        let good = leaf("", "2026-11-24T12:00:00Z");
        assert_eq!(take(2, "{}"), Err(BadLeaf::Json));
        assert_eq!(
            take(2, &good.replace("\"k\"", " \"k\"")),
            Err(BadLeaf::Form)
        );
        assert_eq!(
            take(2, &good.replace("agency", "a\\u0067ency")),
            Err(BadLeaf::Form)
        );
        assert_eq!(
            take(2, &good.replace(",\"v\":1", ",\"v\":1,\"w\":1")),
            Err(BadLeaf::Form)
        );
        assert_eq!(take(2, &good.replace(C, "AAAA")), Err(BadLeaf::Commitment));
        // A later version may have more to say.
        assert_eq!(
            take(2, &good.replace(",\"v\":1", ",\"v\":2,\"w\":1")),
            Ok(())
        );
    }
}
