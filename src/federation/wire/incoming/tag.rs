//! Mentions, hashtags and emoji of a post or an actor.

use serde_json::{Map, Value};

use crate::kernel::Plain;

use super::{LONGEST_LINE, MOST_TAGS, read};

/// Somebody whom a post names: only the tag counts, never the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The actor's id; some servers write the profile page.
    pub href: String,
    /// As shown, such as `@citizen@example.social`; may be empty.
    pub name: Plain,
}

/// A hashtag as written, without its `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashtag {
    pub name: Plain,
}

/// A picture that stands for `:name:` in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    pub name: Plain,
    pub icon: String,
}

/// What stands in `tag`, each kind in its order and once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags {
    pub mentions: Vec<Mention>,
    pub hashtags: Vec<Hashtag>,
    pub emoji: Vec<Emoji>,
    /// Mentions that came, those beyond [`MOST_TAGS`] included: a sign of spam.
    pub mentions_sent: usize,
    /// Whether there were more tags than are kept.
    pub is_cut: bool,
    /// A quoted post, in the form of FEP-e232.
    pub(super) quote: Option<String>,
}

impl Tags {
    pub(super) fn of(map: &Map<String, Value>) -> Self {
        let mut tags = Self::default();
        let sent = read::many(map.get("tag"));
        tags.is_cut = sent.len() > MOST_TAGS;
        for (nth, tag) in sent.iter().enumerate() {
            let Some(tag) = tag.as_object() else { continue };
            match read::kind(tag) {
                Some("Mention") => {
                    tags.mentions_sent += 1;
                    if nth < MOST_TAGS {
                        tags.mention(tag);
                    }
                }
                Some(kind) if nth < MOST_TAGS => tags.other(kind, tag),
                _ => {}
            }
        }
        tags
    }

    fn mention(&mut self, tag: &Map<String, Value>) {
        let Some(href) = read::uri(tag.get("href")) else {
            return;
        };
        if self.mentions.iter().all(|known| known.href != href) {
            self.mentions.push(Mention {
                href,
                name: read::line(tag.get("name"), LONGEST_LINE).unwrap_or_default(),
            });
        }
    }

    fn other(&mut self, kind: &str, tag: &Map<String, Value>) {
        let name = read::line(tag.get("name"), LONGEST_LINE);
        match (kind, name) {
            ("Hashtag", Some(name)) => {
                let bare = name.as_str().trim_start_matches(['#', '＃']);
                let name = Plain::clean(bare, LONGEST_LINE);
                let is_new = self.hashtags.iter().all(|known| known.name != name);
                if is_new && !name.is_empty() {
                    self.hashtags.push(Hashtag { name });
                }
            }
            ("Emoji", Some(name)) => {
                let icon = tag.get("icon").and_then(|icon| read::uri(icon.get("url")));
                if let Some(icon) = icon {
                    self.emoji.push(Emoji { name, icon });
                }
            }
            ("Link", _) if self.quote.is_none() && is_quote(tag) => {
                self.quote = read::uri(tag.get("href"));
            }
            _ => {}
        }
    }
}

/// FEP-e232 links any object; only this relation makes one a quotation.
fn is_quote(tag: &Map<String, Value>) -> bool {
    read::many(tag.get("rel"))
        .iter()
        .filter_map(Value::as_str)
        .any(|rel| {
            matches!(
                rel,
                "https://misskey-hub.net/ns#_misskey_quote" | "https://w3id.org/fep/044f#quote"
            )
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fifty_thousand_mentions_are_counted_and_few_kept() {
        let many: Vec<_> = (0..50_000)
            .map(|n| json!({"type": "Mention", "href": format!("https://a.example/{n}")}))
            .collect();
        let tags = Tags::of(json!({ "tag": many }).as_object().unwrap());
        assert_eq!(
            (tags.mentions_sent, tags.mentions.len(), tags.is_cut),
            (50_000, MOST_TAGS, true)
        );
    }

    #[test]
    fn what_is_no_tag_is_skipped() {
        let tags = Tags::of(
            json!({"tag": [
                7, null, [], "x", {}, {"type": "Mention"}, {"type": "Mention", "href": 7},
                {"type": "Hashtag", "name": "#"}, {"type": "Hashtag", "name": ["a"]},
                {"type": "Emoji", "name": ":x:"}, {"type": "Emoji", "name": ":x:", "icon": "https://a.example/x.png"},
                {"type": "Hashtag", "name": "#Flood"}, {"type": "Hashtag", "name": "Flood"},
            ]})
            .as_object()
            .unwrap(),
        );
        assert!(tags.mentions.is_empty() && tags.emoji.is_empty());
        assert_eq!(tags.hashtags.len(), 1);
    }
}
