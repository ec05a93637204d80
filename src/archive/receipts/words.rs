//! What receipts say, in one place, so that other languages can be put beside it.

use maud::html;

use crate::kernel::SafeHtml;

/// BCP 47.
pub(super) const LANGUAGE: &str = "en";
/// What somebody answers who wants no more of them.
pub(super) const STOP: &str = "STOP";

/// The message to the author of a reply that is entry `index` of the record of `agency`.
pub(super) fn receipt(agency: &str, index: u64, link: &str) -> SafeHtml {
    let number = grouped(index);
    let markup = html! {
        p {
            "Your reply is entry no. " (number) " of the public record of " (agency)
            ": nobody can change it or take it out unnoticed. This is your receipt, for you alone. With it you can prove what you wrote, and when it came:"
        }
        p { a href=(link) rel="nofollow noopener" { (link) } }
        p {
            "You get one for each conversation. For no more of them, answer " (STOP) ". If you delete your reply, what it says goes from the record as well."
        }
    };
    SafeHtml::trusted(markup.into_string())
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
