//! The headings of a long text, read back from the mark-up that we wrote.

use crate::kernel::SafeHtml;

/// A heading, and where it stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// The fragment of its address.
    pub anchor: String,
    pub text: String,
}

/// The headings of a text, in their order.
pub fn outline(html: &SafeHtml) -> Vec<Heading> {
    let mut headings = vec![];
    let mut rest = html.as_str();
    while let Some((_, behind)) = rest.split_once("<h") {
        rest = behind;
        headings.extend(heading(behind));
    }
    headings
}

/// The heading whose `<h` stands before.
fn heading(html: &str) -> Option<Heading> {
    let (level, html) = html.split_once(" id=\"")?;
    let level: u8 = level.parse().ok()?;
    let (anchor, html) = html.split_once("\">")?;
    let (inner, _) = html.split_once(&format!("</h{level}>"))?;
    Some(Heading {
        level,
        anchor: anchor.to_owned(),
        text: SafeHtml::trusted(inner.to_owned()).to_text(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_and_nothing_else() {
        let html = "<h2 id=\"s-a\">A <em>b</em> &amp; c</h2><p>x</p><hr><h3 id=\"s-d\">D</h3><p>&lt;h2 id=\"no\"&gt;</p>";
        let found: Vec<_> = outline(&SafeHtml::trusted(html.to_owned()))
            .into_iter()
            .map(|it| (it.level, it.anchor, it.text))
            .collect();
        let heading = |level, anchor: &str, text: &str| (level, anchor.to_owned(), text.to_owned());
        assert_eq!(
            found,
            [heading(2, "s-a", "A b & c"), heading(3, "s-d", "D")]
        );
    }
}
