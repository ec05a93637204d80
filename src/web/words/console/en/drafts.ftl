# Drafts, in English. Keys are grouped by page.

section-drafts = Drafts

## A post as it will look
draft-preview-of = The post, as Mastodon will show it
draft-preview-empty = Nothing is written yet.
draft-warning = Content warning
draft-language = Language
draft-read-more = Read more
draft-card = Becomes a card: each server reads the title and the picture of this page by itself.
draft-alt-missing = The text alternative is missing.

## Where a draft stands
draft-state-writing = Being written
draft-state-in-review = In review
draft-state-sent-back = Sent back
draft-state-approved = Approved
draft-state-scheduled = Scheduled
draft-state-held = Held
draft-state-published = Published
draft-state-discarded = Discarded

## What kind of act it is
draft-kind-announcement = Announcement
draft-kind-answer = Answer
draft-kind-edit = Edit
draft-kind-correction = Correction
draft-kind-withdrawal = Withdrawal
draft-kind-pin = Pin
draft-kind-unpin = Unpin
draft-kind-profile = Profile
draft-kind-keys = New keys

## What was not done, and what to do
draft-error-no-part = This part of the draft is not there any more. Look at the draft again.
draft-error-state = This cannot be done with a draft that stands at “{ $state }”. Look at it again.
draft-error-changed = Somebody has changed the draft since you looked at it. Look again before you go on.
draft-error-overtaken = Somebody else was quicker. Look at the draft again.
draft-error-another-matter = A later version is about the same matter as the one before it. Begin another draft.
draft-error-parts = A draft needs at least one part, and only an announcement has several: one for each language, at most 24.
draft-error-same-language = Two parts are in the same language, { $language }. Change the language of one, or remove it.
draft-error-too-large = This is more than a draft can hold. Shorten it.
draft-error-nothing-to-change = Nothing is different from what stands now. Change something first.
draft-error-operator-approves = An operator of the server is nobody’s second pair of eyes. Somebody of the staff who may approve has to do it.
draft-error-own-text = Nobody approves what they have written themselves. Ask a colleague.
draft-error-another-approver = The house rules want somebody with another role to approve what its authors wrote.
draft-error-approved-already = You have approved it already.
draft-error-nothing-to-approve = It has all the approvals that it needs.
draft-error-remark = Say what is to be changed, in at most 2,000 characters.
draft-error-approvals = { $need ->
    [one] It needs one approval, and { $have } count.
   *[other] It needs { $need } approvals, and { $have } count.
}
draft-error-needs-approval = { $need ->
    [one] The house rules want somebody else to approve this first. Put it up for approval.
   *[other] The house rules want { $need } others to approve this first. Put it up for approval.
}
draft-error-languages = The house rules ask for { $languages } as well. Add it, or say why not.
draft-error-forbidden = The house rules let nothing go out until { $until }: { $reason }
draft-error-emergency-reason = An emergency needs a reason of at most 2,000 characters, which everybody can read.
draft-error-time-twice = The clocks are put back then, so that hour is there twice. Say which is meant: { $first } or { $second }.
draft-error-time-never = The clocks are put forward then, so that hour is not there. The next time is { $next }.
draft-error-past = That time is past.
draft-error-keys-needed = New keys have to be made before this can be done. Try again.
draft-error-edited-meanwhile = Somebody has edited the announcement meanwhile. Look at it, and begin another draft.
draft-error-withdrawn = The announcement was withdrawn, and cannot be changed any more.
draft-error-empty = It needs a text.
draft-error-too-long = The text has { $length } characters; at most { $longest } are accepted. Shorten it.
draft-error-warning = A content warning has at most 500 characters.
draft-error-too-many-images = { $count ->
    [one] At most one picture fits one announcement.
   *[other] At most { $count } pictures fit one announcement. Remove one.
}
draft-error-missing-alt = Every picture needs a text alternative: what does somebody miss who cannot see it?
draft-error-missing-reason = A withdrawal needs a reason of at most 2,000 characters, which stands in the announcement’s place.
draft-error-too-many-pins = { $count ->
    [one] At most one announcement can be pinned. Unpin it first.
   *[other] At most { $count } announcements can be pinned. Unpin one first.
}

## What is wrong with a picture
draft-picture-damaged = This picture is empty or damaged and cannot be opened. Save it anew and try again.
draft-picture-too-large = This picture is too large: at most { $count } MiB are accepted. Save it smaller.
draft-picture-other-type = This is no picture that can be shown everywhere. Save it as JPEG, PNG, GIF or WebP.
draft-picture-polyglot = This picture hides another document in itself, which is how attacks are smuggled. Save it anew from a picture editor.
draft-picture-too-many-pixels = This picture has too many pixels: at most { $count } million are accepted. Save it smaller.
draft-picture-too-much-memory = This picture would take too much memory to open. Save it with 8 bits per colour.
draft-picture-long-description = A text alternative has at most 1,500 characters.
draft-picture-focus = The focal point lies between -1 and 1 in both directions, such as 0 and 0.5.

## The list
draft-new = Write an announcement
draft-from-published = Change what is published
draft-profile-begin = Change the profile
draft-none = There is no draft here.
draft-filter = Drafts by where they stand
draft-open = All that are open
draft-list-pages = Pages of the list
draft-what = What
draft-where = Where it stands
draft-in = In
draft-changed = Last changed
draft-without-text = Without text yet

## Writing
draft-pages = Pages of this draft
draft-write = Write
draft-review = Review
draft-versions = Versions
draft-to-review = Look it over, and put it up for approval
draft-look = As it will be seen
draft-save = Save
draft-saved-itself = Saved as you type.
draft-done-saved = Saved.
draft-done-again = Saved. It has to be put up for approval again, and goes out at no time that was set.
draft-done-unchanged = Nothing was different.
draft-done-added = The language is added.
draft-done-removed = The language is removed. What was written of it is among the versions.
draft-done-exempt = Saved.
draft-done-dropped = Your text is dropped; the other one stays.
draft-sent-back-with = Sent back:
draft-is-held = It should have gone out and did not. The review says why.
draft-saving-undoes = If you save a change, it has to be put up for approval again, and goes out at no time that was set.
draft-is-over = Nothing more can be changed here.
draft-as-written = As it was written
draft-erased = What stood here was erased.
draft-text = Text
draft-text-hint = Markdown: **strong**, *emphasis*, lists, quotations, links. @user@domain names somebody, # begins a hashtag.
draft-language-hint = Its tag: en, fr, es, ar … or, for a region, fr-CA.
draft-warning-hint = Readers see only this at first, and open the rest. Leave it empty if there is nothing to warn of.
draft-pin = Pin it
draft-pin-hint = It stands at the top of the public page.
draft-notice = What was wrong
draft-notice-hint = A notice that answers the announcement in public. Both wordings stay.
draft-reason = Reason
draft-reason-hint = It stands in the announcement’s place, for everybody.
draft-pin-lead = The announcement is put at the top of the public page.
draft-unpin-lead = The announcement is taken down from the top of the public page.
draft-keys-lead = The agency’s keys are replaced by new ones.
draft-withdrawal-look = In the announcement’s place will stand:
draft-see-announcement = The announcement
draft-nothing-to-see = Nobody sees anything of it.
draft-profile-name = Name
draft-profile-summary = What the agency does
draft-profile-links = Links
draft-profile-links-hint = One a line: Website=https://water.city.gov
draft-length = { $length } of { $longest } characters, as Mastodon counts them.
draft-length-folded = Many servers fold what is longer than { $count } characters: the beginning has to say it.
draft-hard = Hard to read: index { $index }, where { $limit } is wanted. The longest sentence has { $words } words.
draft-unknown = Not found, so it stays text: { $names }. Looked up again when you save.

## Pictures
draft-pictures = Pictures
draft-picture-add = Add a picture
draft-picture-hint = JPEG, PNG, GIF or WebP. Places and other hidden notes in it are removed. With a mouse, drop it here; from the clipboard, paste it into the text.
draft-picture-number = Picture { $count }
draft-picture-remove = Remove this picture
draft-progress = Progress of the upload
draft-alt = Text alternative
draft-alt-new = Text alternative of the picture that you add
draft-focus = Focal point
draft-focus-hint = What stays visible where the picture is cut: −1 is left or at the bottom, 1 right or at the top. With script, click on the picture.
draft-focus-x = From left to right
draft-focus-y = From bottom to top

## Several languages
draft-parts = Languages of this announcement
draft-languages = Languages
draft-languages-lead = Each language is a post of its own; they are approved together, go out together, and lead to each other.
draft-languages-missing = The house rules ask for { $languages } as well.
draft-language-add = A further language
draft-language-add-do = Add it
draft-language-remove = Remove the language that is open above
draft-exemption = Why not in all languages that the house rules ask for
draft-exemption-hint = Those who approve read it. Leave it empty if the languages will be there.

## Two at one text
draft-conflict = { $name } has saved another text meanwhile
draft-conflict-removed = This part was removed meanwhile
draft-conflict-over = The draft went out or was discarded meanwhile
draft-conflict-lead = Nothing is lost. Your text was kept aside, where only you see it.
draft-theirs = The text that counts now
draft-mine = Your text
draft-difference = From theirs to yours
draft-take-theirs = Drop your text
draft-take-mine-note = Or change your text below until it says what both of you mean, and save: then it counts.
draft-aside = Somebody else was quicker: your text was kept aside and counts for nothing yet.
draft-aside-see = See both texts

## Versions
draft-versions-lead = Everything that was written here, and how any two of it differ.
draft-versions-all = All versions
draft-version = Version
draft-from = From
draft-to = To
draft-compare = Compare
draft-from-to = From version { $from } to version { $to }
draft-first-version = Version { $to }
draft-from-version = From version { $number }
draft-to-version = To version { $number }
draft-version-aside = Kept aside
draft-piece-removed = removed:
draft-piece-added = added:

## Beginning with what is published
draft-published = Published announcements
draft-published-lead = Whatever you change begins as a draft, and goes the same way.
draft-published-none = Nothing is published yet.
draft-pinned = Pinned
draft-do-edit = Edit
draft-do-correct = Correct
draft-do-withdraw = Withdraw
draft-do-pin = Pin
draft-do-unpin = Unpin
