//! Answers to WebFinger (RFC 7033).

use serde_json::{Map, Value};

use crate::kernel::Acct;

use super::{LONGEST_URI, Malformed, read};

/// What a WebFinger answer tells: whose it is, and where to go from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jrd {
    /// Whom the answer is about: another address than the asked one needs a second question.
    pub subject: Option<Acct>,
    /// The actor's id.
    pub actor: Option<String>,
    pub aliases: Vec<String>,
    /// Templates of addresses at which this server lets its user act (FEP-3b86), best first.
    follow: Option<Template>,
    object: Option<Template>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Template(String);

impl Jrd {
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let map = read::document(body)?;
        let links = read::many(map.get("links"));
        let template = |rel: &str| {
            links
                .iter()
                .take(MOST_LINKS)
                .filter_map(Value::as_object)
                .filter(|link| link.get("rel").and_then(Value::as_str) == Some(rel))
                .find_map(Template::of)
        };
        let subscribe = template("http://ostatus.org/schema/1.0/subscribe");
        let object = template("https://w3id.org/fep/3b86/Object").or(subscribe);
        Ok(Self {
            subject: read::text(map.get("subject")).and_then(|subject| subject.parse().ok()),
            actor: links.iter().take(MOST_LINKS).find_map(actor),
            aliases: read::many(map.get("aliases"))
                .iter()
                .take(MOST_LINKS)
                .filter_map(|alias| read::uri(Some(alias)))
                .collect(),
            follow: template("https://w3id.org/fep/3b86/Follow").or_else(|| object.clone()),
            object,
        })
    }

    /// The address at which the user of that server follows an actor.
    pub fn follow_address(&self, actor: &str) -> Option<String> {
        self.follow.as_ref()?.fill(actor)
    }

    /// The address at which the user of that server opens a post, to reply or pass it on.
    pub fn open_address(&self, object: &str) -> Option<String> {
        self.object.as_ref()?.fill(object)
    }
}

/// Links that are looked at; a real answer has about five.
const MOST_LINKS: usize = 64;

fn actor(link: &Value) -> Option<String> {
    let link = link.as_object()?;
    let is_self = link.get("rel").and_then(Value::as_str) == Some("self");
    let kind: String = link
        .get("type")
        .and_then(Value::as_str)?
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let fits = matches!(
        kind.to_ascii_lowercase().as_str(),
        "application/activity+json"
            | "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\""
    );
    (is_self && fits)
        .then(|| read::uri(link.get("href")))
        .flatten()
}

impl Template {
    fn of(link: &Map<String, Value>) -> Option<Self> {
        let template = read::text(link.get("template"))?;
        let fits = template.len() <= LONGEST_URI
            && (template.contains("{uri}") || template.contains("{object}"));
        let template = Self(template.to_owned());
        (fits && template.fill("https://example.org/").is_some()).then_some(template)
    }

    /// Puts an address in, percent-encoded; `None` if the whole is then no web address.
    fn fill(&self, address: &str) -> Option<String> {
        let encoded: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
        let filled = self
            .0
            .replace("{uri}", &encoded)
            .replace("{object}", &encoded)
            // Where to go afterwards, which we leave to that server.
            .replace("{on-success}", "")
            .replace("{on-cancel}", "");
        read::is_uri(&filled).then_some(filled)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn jrd(json: &Value) -> Jrd {
        Jrd::parse(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_most_fitting_template_wins() {
        let links = [
            (
                "http://ostatus.org/schema/1.0/subscribe",
                "https://a.example/interact?uri={uri}",
            ),
            (
                "https://w3id.org/fep/3b86/Object",
                "https://a.example/open?o={object}",
            ),
            (
                "https://w3id.org/fep/3b86/Follow",
                "https://a.example/follow?o={object}&then={on-success}",
            ),
        ];
        let with = |count: usize| {
            let links: Vec<_> = links
                .iter()
                .take(count)
                .map(|(rel, template)| json!({"rel": rel, "template": template}))
                .collect();
            jrd(&json!({"subject": "acct:a@a.example", "links": links}))
        };
        let us = "https://b.example/ap?x=1";
        assert_eq!(with(0).follow_address(us), None);
        assert_eq!(
            with(1).follow_address(us).as_deref(),
            Some("https://a.example/interact?uri=https%3A%2F%2Fb.example%2Fap%3Fx%3D1")
        );
        assert_eq!(
            with(2).follow_address(us).as_deref(),
            Some("https://a.example/open?o=https%3A%2F%2Fb.example%2Fap%3Fx%3D1")
        );
        assert_eq!(
            with(3).follow_address(us).as_deref(),
            Some("https://a.example/follow?o=https%3A%2F%2Fb.example%2Fap%3Fx%3D1&then=")
        );
        assert_eq!(with(3).open_address(us), with(2).open_address(us));
    }

    #[test]
    fn templates_that_lead_nowhere_good_are_ignored() {
        for bad in [
            "javascript:alert({uri})",
            "/authorize?uri={uri}",
            "https://{uri}",
            "https://a.example/nothing",
        ] {
            let jrd = jrd(
                &json!({"links": [{"rel": "http://ostatus.org/schema/1.0/subscribe", "template": bad}]}),
            );
            assert_eq!(jrd.follow_address("https://b.example/"), None, "{bad}");
        }
    }

    #[test]
    fn a_self_link_needs_a_type_of_activitypub() {
        let link = |kind: &str| {
            jrd(&json!({"links": {"rel": "self", "type": kind, "href": "https://a.example/1"}}))
                .actor
        };
        for fine in [
            "application/activity+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(link(fine).is_some(), "{fine}");
        }
        assert_eq!(link("text/html"), None);
        assert_eq!(link("application/ld+json"), None);
    }
}
