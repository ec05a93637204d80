//! Quotations of an announcement: the stamp that shows that we allow one (FEP-044f).

use serde_json::{Value, json};

use crate::federation::wire::PUBLIC;
use crate::kernel::AgencyId;
use crate::kernel::QuoteId;
use crate::kernel::Site;

use super::activity::begun;
use super::context;
use super::document::Document;
use super::view::QuoteView;

/// The document that third servers fetch to see that a quotation is allowed.
pub fn quote_authorization(site: &Site, agency: AgencyId, quote: &QuoteView) -> Value {
    Document::new("QuoteAuthorization", site.quote_authorization(quote.id))
        .with("attributedTo", site.actor(agency))
        .with("interactingObject", quote.instrument.as_str())
        .with("interactionTarget", site.announcement(quote.announcement))
        .outer(context::quote())
}

/// A quotation is allowed.
pub fn accept_quote(site: &Site, id: &str, agency: AgencyId, quote: &QuoteView) -> Value {
    answer("Accept", site, id, agency, quote)
        .with("result", site.quote_authorization(quote.id))
        .outer(context::quote())
}

/// A quotation is not allowed; without an answer it would stay pending for ever.
pub fn reject_quote(site: &Site, id: &str, agency: AgencyId, quote: &QuoteView) -> Value {
    answer("Reject", site, id, agency, quote).outer(context::quote())
}

fn answer(kind: &str, site: &Site, id: &str, agency: AgencyId, quote: &QuoteView) -> Document {
    begun(kind, id, site, agency)
        .with("to", vec![quote.actor.as_str()])
        .with(
            "object",
            json!({
                "id": quote.request,
                "type": "QuoteRequest",
                "actor": quote.actor,
                "object": site.announcement(quote.announcement),
                "instrument": quote.instrument,
            }),
        )
}

/// A quotation is no longer allowed.
pub fn delete_quote_authorization(
    site: &Site,
    id: &str,
    agency: AgencyId,
    authorization: QuoteId,
    quoter: &str,
) -> Value {
    begun("Delete", id, site, agency)
        .with("to", vec![PUBLIC])
        .with("cc", vec![quoter])
        .with("object", site.quote_authorization(authorization))
        .outer(context::quote())
}
