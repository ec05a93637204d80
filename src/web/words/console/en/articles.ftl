article-error-title = A long text needs a title of 1 to 150 characters.
article-error-empty = A long text needs a text besides its title. Leave both empty if there is to be none.
article-error-too-long = The long text has { $length } characters; at most { $longest } are accepted. Shorten it.

article-section = Long text
article-write = Write a long text as well, on a page of its own
article-lead = The text above is then its summary, and the post that followers get: the title and the page’s address are put below it. Leave both empty for no long text.
article-title = Title
article-title-hint = A line or two, at most 150 characters.
article-text = Long text
article-text-hint = Markdown, with headings (##), tables and rules (---) as well. It notifies nobody. Pictures belong to the announcement.
article-length = Long text: { $length } of { $longest } characters.
article-minutes = { $count ->
    [one] About one minute to read.
   *[other] About { $count } minutes to read.
}
article-hard = The long text is hard to read: index { $index }, where { $limit } is wanted. The longest sentence has { $words } words.
article-look = The long text, on its page
article-no-title = The title is missing.
article-empty = The text is missing.
article-card = The post becomes a card like this: each server reads the title and the picture by itself.
