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
