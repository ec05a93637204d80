# What citizens sent, the texts to begin an answer with, and the numbers.

## The queue
queue-title = Queue
queue-lead = What citizens sent, the longest waiting first. Whoever takes something keeps it for ten minutes.
queue-kind-reply = Reply
queue-kind-mention = Mention
queue-kind-message = Private message
queue-kind-quote = Quotation
queue-kind-report = Report
queue-filter = Choose what to see
queue-which = Show
queue-which-open = Open
queue-which-overdue = Overdue
queue-which-mine = Mine
queue-which-closed = Answered or done
queue-which-everything = Everything
queue-kind = Kind
queue-all-kinds = All kinds
queue-thread = About
queue-all-threads = All announcements
queue-language = Language
queue-all-languages = All languages
queue-show = Show
queue-empty = Nothing here. Nobody waits.
queue-pages = More of the queue
queue-first-page = First page
queue-next-page = Next page
queue-overdue = Overdue
queue-overdue-count = { $count } overdue
queue-state-answered = Answered
queue-state-done = Done
queue-about = about
queue-held-by = { $name } is at it
queue-assigned-to = for { $name }
queue-from-server = Another server
queue-warning = Content warning:
queue-boosts-title = Boosted
queue-boosts = { $count ->
    [one] boosted once
   *[other] boosted { $count } times
}

## One entry
queue-standing = How it stands
queue-free = Nobody is at it.
queue-yours = You are at it
queue-until = until
queue-answered-by = Answered
queue-take = Take it
queue-renew = Ten minutes more
queue-release = Release it
queue-mark-done = Mark done
queue-reopen = Open it again
queue-assign = For
queue-nobody = Nobody in particular
queue-assign-do = Assign
queue-words = What was said
queue-announcement = You announced
queue-open-announcement = Open the announcement
queue-report-about = It is about:
queue-at-author = On its author’s server
queue-answer = Answer
queue-answer-lead = This begins a draft, which is approved and published like any other. While it stands, nobody begins another.
queue-answer-do = Begin the answer
queue-answer-closed = It is answered or done. Open it again to answer it.
queue-private-lead = This was written in private. The answer goes to its author alone, and only those who may read private messages see it, in drafts as well. Whoever approves it must be one of them.
queue-report-lead = A report comes from another server, which tells nobody the name of who sent it. Note what you found, and mark it done.
queue-draft-stands = An answer is being written. There is only one at a time.
queue-draft-open = Open the draft
queue-template = Begin with
queue-no-template = An empty text
queue-notes = Notes for colleagues
queue-notes-none = No notes yet.
queue-note = New note
queue-note-hint = Only the staff reads it. It is destroyed with what it is about.
queue-note-do = Note it
queue-others = From the same person
queue-done-taken = It is yours for ten minutes.
queue-done-released = Others can take it now.
queue-done-assigned = It is assigned.
queue-done-noted = The note is kept.
queue-done-done = It is done.
queue-done-reopened = It is open again.
queue-trouble-in-hands = Somebody else is at it. Wait until they release it, or until their ten minutes are over.
queue-trouble-closed = It is answered or done already. Open it again first.
queue-trouble-open = It is open already.
queue-trouble-being-answered = An answer to it is being written already. Open that draft instead.
queue-trouble-no-answer = It cannot be answered from here.
queue-trouble-draft = The draft could not be begun. Try another template.
queue-trouble-note = A note has 1 to 2,000 characters.
queue-trouble-nobody = They cannot work at it: choose somebody from the list.

## In the house rules
queue-rules-answer = How long a citizen waits at most
queue-rules-answer-hint = In hours, from 1 to 8784. What is open for longer is overdue in the queue.
queue-rules-wrong = This is a number of hours from 1 to 8784.

## Templates
template-title = Templates
template-lead = Texts to begin an answer with. Whoever answers can change them.
template-new = A new template
template-name = Name
template-language = Language
template-language-hint = Its tag, such as en, fr or es-MX.
template-text = Text
template-add = Add the template
template-remove = Remove the template
template-remove-lead = Answers that were begun with it stay as they are.
template-done-saved = The template is saved.
template-done-removed = The template is removed.
template-trouble = A template needs a name of at most 100 characters and a text of at most 5,000.
template-trouble-taken = There is a template of that name in that language already.
template-trouble-many = There are 200 templates, which is as many as there can be. Remove one first.
template-trouble-language = This is no language tag. Write en, fr or es-MX, for example.

## The numbers
numbers-title = Numbers
numbers-lead = What the dialogue comes to. Nothing is counted about a single person.
numbers-few = fewer than 20
numbers-none = –
numbers-median = Median time to answer
numbers-answers = Answers
numbers-open = Open now
numbers-overdue = Overdue now
numbers-within = (after { $time })
numbers-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
numbers-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
numbers-by = Weeks or months
numbers-by-week = By week
numbers-by-month = By month
numbers-over-time = Over time
numbers-picture = { $what } over time, at most { $count }; the table below has every number.
numbers-most = at most { $count }
numbers-begins = Begins
numbers-followers = Followers
numbers-replies = Replies and mentions
numbers-boosts = Boosts
numbers-quotes = Quotations
numbers-announcements = By announcement
numbers-no-announcements = Nothing has been announced yet.
numbers-announcement = Announcement
numbers-languages = By language
numbers-languages-lead = As the authors’ servers name it. Languages with fewer than 20 replies are left out.
numbers-language = Language
numbers-no-language = not named
numbers-note = Groups of fewer than 20 are not told apart. Of private messages only the answers count, and the time that they took. Of the days before the queue was there, only those are counted as followers who still are.
numbers-csv = Download as CSV
