//! The JSON-LD contexts: what every property that we send means.

use serde_json::{Value, json};

use crate::publishing::Announcement;

pub(super) const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";
const SECURITY: &str = "https://w3id.org/security/v1";

/// Of activities, posts and collections.
pub(super) fn post() -> Value {
    json!([ACTIVITY_STREAMS, {
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "toot": "http://joinmastodon.org/ns#",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
        "ostatus": "http://ostatus.org#",
        "conversation": "ostatus:conversation",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "sec": "https://w3id.org/security#",
        "proof": {"@id": "sec:proof", "@type": "@id", "@container": "@graph"},
        "DataIntegrityProof": "sec:DataIntegrityProof",
        "cryptosuite": "sec:cryptosuite",
        "proofPurpose": {"@id": "sec:proofPurpose", "@type": "@vocab"},
        "proofValue": {"@id": "sec:proofValue", "@type": "sec:multibase"},
        "verificationMethod": {"@id": "sec:verificationMethod", "@type": "@id"},
        "assertionMethod": {"@id": "sec:assertionMethod", "@type": "@id", "@container": "@set"},
        "created": {"@id": "http://purl.org/dc/terms/created", "@type": "xsd:dateTime"},
    }])
}

/// Of an announcement and of activities that carry it.
pub(super) fn of(announcement: &Announcement) -> Value {
    let mut context = post();
    if announcement.poll.is_some()
        && let Some(terms) = context.get_mut(1).and_then(Value::as_object_mut)
    {
        terms.insert("votersCount".to_owned(), json!("toot:votersCount"));
    }
    context
}

/// Of quotation stamps and the activities about them (FEP-044f).
pub(super) fn quote() -> Value {
    let mut context = post();
    if let Some(terms) = context.get_mut(1).and_then(Value::as_object_mut) {
        for (term, meaning) in [
            (
                "QuoteRequest",
                json!("https://w3id.org/fep/044f#QuoteRequest"),
            ),
            (
                "QuoteAuthorization",
                json!("https://w3id.org/fep/044f#QuoteAuthorization"),
            ),
            (
                "interactingObject",
                json!({"@id": "gts:interactingObject", "@type": "@id"}),
            ),
            (
                "interactionTarget",
                json!({"@id": "gts:interactionTarget", "@type": "@id"}),
            ),
        ] {
            terms.insert(term.to_owned(), meaning);
        }
    }
    context
}

/// Of actors, and of the activities that carry one.
pub(super) fn actor() -> Value {
    json!([ACTIVITY_STREAMS, SECURITY, {
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "Hashtag": "as:Hashtag",
        "toot": "http://joinmastodon.org/ns#",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
        // Not the address that schema.org has since: Mastodon compares with this one.
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "webfinger": {"@id": "https://purl.archive.org/socialweb/webfinger#webfinger", "@type": "xsd:string"},
        "sec": "https://w3id.org/security#",
        "Multikey": "sec:Multikey",
        "controller": {"@id": "sec:controller", "@type": "@id"},
        "publicKeyMultibase": {"@id": "sec:publicKeyMultibase", "@type": "sec:multibase"},
        "assertionMethod": {"@id": "sec:assertionMethod", "@type": "@id", "@container": "@set"},
        "proof": {"@id": "sec:proof", "@type": "@id", "@container": "@graph"},
        "DataIntegrityProof": "sec:DataIntegrityProof",
        "cryptosuite": "sec:cryptosuite",
        "proofPurpose": {"@id": "sec:proofPurpose", "@type": "@vocab"},
        "proofValue": {"@id": "sec:proofValue", "@type": "sec:multibase"},
        "verificationMethod": {"@id": "sec:verificationMethod", "@type": "@id"},
    }])
}
