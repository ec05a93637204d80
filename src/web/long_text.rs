//! The body of a long text, as its page shows it and as the staff see it before.

use maud::{Markup, PreEscaped, html};

use crate::kernel::SafeHtml;

use super::language;
use super::words::article as said;

/// The text itself. Its tables scroll by themselves where they are too wide.
pub(super) fn body(html: &SafeHtml, language: &str) -> Markup {
    let mut pieces = html.as_str().split("<table>");
    let first = pieces.next().unwrap_or_default();
    html! {
        div.prose.body lang=(language) dir=(language::direction(language)) {
            (PreEscaped(first))
            @for (n, piece) in pieces.enumerate() {
                @let (table, behind) = piece.split_once("</table>").unwrap_or((piece, ""));
                div.wide role="region" tabindex="0" aria-label=(said::table(n + 1)) {
                    (PreEscaped("<table>")) (PreEscaped(table)) (PreEscaped("</table>"))
                }
                (PreEscaped(behind))
            }
        }
    }
}
