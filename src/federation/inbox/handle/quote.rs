//! `QuoteRequest` (FEP-044f): somebody asks whether they may quote an announcement. They may.

use super::{Deed, Found, Need, Outcome};
use crate::dialogue::quotes::{self, NewQuote};
use crate::federation::wire::incoming::{Item, Object};
use crate::platform::db::{self, Conn};
use crate::publishing;

pub(super) fn request(
    conn: &mut Conn,
    deed: &Deed<'_>,
    object: &str,
    instrument: &Item,
) -> Result<Outcome, db::Error> {
    let Some(announcement) = super::reaction::announcement(conn, deed, object)? else {
        return Ok(Outcome::Ignored("quotes nothing that is here"));
    };
    // What is authorised names the announcement: who quotes something else is not helped by it.
    if deed.setting.site.article_of(object).is_some() {
        return Ok(Outcome::Ignored(
            "quotes a long text, and not its announcement",
        ));
    }
    if !deed.speaks_for(instrument.id()) {
        return Ok(Outcome::Ignored(
            "the quotation is on another server than its author",
        ));
    }
    let quotation: &Object = match (instrument, deed.findings.objects.get(instrument.id())) {
        (Item::Embedded(object), _) | (_, Some(Found::Object(object, _))) => object,
        (Item::Reference(_), None) => {
            return Ok(Outcome::Needs(Need::Object(instrument.id().to_owned())));
        }
        (Item::Reference(_), Some(_)) => {
            return Ok(Outcome::Ignored("the quotation is not to be had"));
        }
    };
    if quotation.attributed_to.as_deref() != Some(&deed.actor.uri)
        || quotation.quote.as_deref() != Some(object)
    {
        return Ok(Outcome::Ignored(
            "the quotation is somebody else's, or of something else",
        ));
    }
    let Some(found) = publishing::find(conn, announcement)?.filter(|it| it.withdrawn.is_none())
    else {
        return Ok(Outcome::Ignored("quotes what was withdrawn"));
    };
    let quote = NewQuote {
        agency: found.agency,
        announcement,
        actor: deed.actor.id,
        quote_uri: instrument.id().to_owned(),
        request_uri: deed.event.uri.clone(),
    };
    quotes::authorise(conn, deed.setting.clock, &quote)?;
    Ok(Outcome::Done)
}
