//! placeholder until the text branch is merged
pub(crate) struct Rendered {
    pub(crate) html: crate::kernel::SafeHtml,
    pub(crate) hashtags: Vec<super::Hashtag>,
    pub(crate) length: usize,
}
pub(crate) fn render(
    markdown: &str,
    _site: &crate::kernel::Site,
    _mentions: &[super::Mention],
) -> Rendered {
    Rendered {
        html: crate::kernel::SafeHtml::from_plain(markdown),
        hashtags: vec![],
        length: markdown.chars().count(),
    }
}
