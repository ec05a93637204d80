//! Whom a post is for, and so whether it may be shown.

use serde_json::{Map, Value};

use crate::federation::wire::PUBLIC;

use super::{MOST_ADDRESSEES, read};

/// Who may see a post, as its author's server meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// To those addressed only.
    Direct,
    /// To the author's followers.
    Followers,
    /// To everybody, but not announced: Mastodon's "quiet public".
    Unlisted,
    Public,
}

impl Visibility {
    /// Whether a page of ours may show it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Unlisted | Self::Public)
    }
}

/// The `to` and `cc` of an activity or object. Everybody is [`PUBLIC`], however it was spelt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    pub to: Vec<String>,
    pub cc: Vec<String>,
}

impl Audience {
    pub(super) fn of(map: &Map<String, Value>) -> Self {
        Self {
            to: addressees(map.get("to")),
            cc: addressees(map.get("cc")),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.to.is_empty() && self.cc.is_empty()
    }

    /// Whether somebody is addressed by id.
    pub fn names(&self, uri: &str) -> bool {
        self.to.iter().chain(&self.cc).any(|one| one == uri)
    }

    /// As Mastodon derives it: `followers` is the author's collection, exactly as their actor document has it.
    pub fn visibility(&self, followers: Option<&str>) -> Visibility {
        let holds = |list: &[String], uri: &str| list.iter().any(|one| one == uri);
        if holds(&self.to, PUBLIC) {
            Visibility::Public
        } else if holds(&self.cc, PUBLIC) {
            Visibility::Unlisted
        } else if followers.is_some_and(|followers| self.names(followers)) {
            Visibility::Followers
        } else {
            Visibility::Direct
        }
    }
}

fn addressees(value: Option<&Value>) -> Vec<String> {
    read::many(value)
        .iter()
        .take(MOST_ADDRESSEES)
        .filter_map(|one| match read::reference(one)? {
            "Public" | "as:Public" | PUBLIC => Some(PUBLIC.to_owned()),
            uri => read::is_uri(uri).then(|| uri.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn audience(json: &Value) -> Audience {
        Audience::of(json.as_object().unwrap())
    }

    #[test]
    fn visibility_is_derived_from_to_and_cc() {
        let followers = Some("https://a.example/followers");
        for (json, expected) in [
            (json!({"to": PUBLIC}), Visibility::Public),
            (json!({"to": ["as:Public"]}), Visibility::Public),
            (json!({"to": {"id": "Public"}}), Visibility::Public),
            (
                json!({"to": "https://a.example/followers", "cc": [PUBLIC]}),
                Visibility::Unlisted,
            ),
            (
                json!({"to": ["https://a.example/followers"]}),
                Visibility::Followers,
            ),
            (
                json!({"to": ["https://b.example/followers"]}),
                Visibility::Direct,
            ),
            (json!({"to": 7, "cc": [[], {}, null]}), Visibility::Direct),
            (json!({}), Visibility::Direct),
        ] {
            assert_eq!(audience(&json).visibility(followers), expected, "{json}");
        }
    }

    #[test]
    fn a_list_without_end_is_cut_and_becomes_no_more_public() {
        let many: Vec<_> = (0..50_000)
            .map(|n| json!(format!("https://a.example/{n}")))
            .chain([json!(PUBLIC)])
            .collect();
        let cut = audience(&json!({ "to": many }));
        assert_eq!(cut.to.len(), MOST_ADDRESSEES);
        assert_eq!(cut.visibility(None), Visibility::Direct);
    }
}
