# The console, in English: four eyes, the calendar, the house rules.

## What waits at the desk
review-waiting = What waits for you
review-nothing-waits = Nothing waits for you.
review-to-approve = To approve
review-sent-back-to-you = Sent back to you
review-ready = Approved, with no time set
review-next-out = Goes out next
review-since = Since
review-held-count = { $count ->
    [one] One draft did not go out at its time. Decide what is to be done.
   *[other] { $count } drafts did not go out at their time. Decide what is to be done.
}

## A draft before other eyes
review-version = Version { $number }
review-erased = It was erased with what it became.
review-stands = Where it stands
review-writing = It is being written. Nobody has been asked to approve it yet.
review-in-review = It waits for approval.
review-sent-back = It was sent back, with this remark:
review-approved = It is approved, and no time is set for it.
review-scheduled = It goes out on
review-published = It went out on
review-discarded = It was given up on
review-held = It did not go out.
review-see-page = What everybody sees
review-exemption = Why it is not in all languages:
review-quorum = { $need ->
    [one] { $have } of 1 approval
   *[other] { $have } of { $need } approvals
}
review-needs-none = Nobody has to approve it.
review-in-the-way = What is in the way
review-nothing-in-the-way = Besides that, nothing is in the way: it was tried, and undone.
review-goes-out = Exactly this goes out
review-together = All parts go out together, or none of them.
review-as-written = The text as it was written
review-content-warning = Content warning:
review-alternatives = Read out where the pictures are not seen
review-poll = Poll
review-poll-several = Several answers may be chosen.
review-poll-one = One answer may be chosen.
review-poll-after = { $count ->
    [one] It closes one minute after it goes out.
   *[other] It closes { $count } minutes after it goes out.
}
review-poll-until = It closes at
review-answers = It answers
review-will-be-pinned = It will be pinned to the top of the public page.
review-replaces = It takes the place of the announcement of
review-notice = The notice that says what was wrong
review-withdraws = It takes back the announcement of
review-withdrawal-reason = The reason, which everybody reads:
review-pins = It pins the announcement of
review-unpins = It unpins the announcement of
review-keys = The agency gets new keys, and every server is told of them. What was signed with the old ones stays valid.
review-profile-name = Name
review-profile-summary = Summary
review-profile-links = Links
review-profile-language = Language
review-profile-avatar = Picture
review-profile-header = Header picture
review-profile-accent = Colour
review-profile-logo = Logo
review-profile-footer = Links at the foot of the pages
review-profile-aliases = Earlier accounts
review-profile-domains = Domains that may name it as author
review-difference = What has changed
review-difference-hint = What was removed is struck through; what was added is underlined.
review-since-approved = Since version { $number }, which was approved last:
review-since-published = Compared with what is published:
review-same = The words are the same.
review-people = Who wrote it, and who approved it
review-people-hint = For colleagues only. The public learns how many approved it, never who.
review-wrote = Written by
review-put-up = Put up for approval by
review-approvers = Approved by
review-nobody-yet = Nobody yet

## What is to be done with it
review-what-to-do = What is to be done
review-over = Nothing more: it is over.
review-submit = Put up for approval
review-take-back = Take back, and go on writing
review-approve = Approve exactly this
review-send-back = Send back
review-remark = What is to be changed?
review-remark-hint = Its authors read it. Approvals that it had are gone.
review-at = When it goes out
review-at-hint = By the clocks of { $zone }: day and time, such as 2026-11-24 09:30.
review-no-time = A time is written like 2026-11-24 09:30.
review-which = Which one is meant?
review-first = The first, before the clocks are put back
review-second = The second, after the clocks are put back
review-next = The next time that there is
review-schedule = Set the time
review-unschedule = Take off the schedule
review-publish = Publish now
review-publish-keys = Replace the keys now
review-discard = Give it up
review-emergency-ask = Publish in an emergency …
review-typed = What you had typed

## In an emergency
review-emergency = Publish in an emergency
review-emergency-lead = It goes out now, on your word alone, whatever the house rules say. That is marked on its page and in the public record.
review-emergency-reason = Why it cannot wait
review-emergency-hint = Everybody can read it, for ever.
review-emergency-do = Publish alone

## What was done
review-done-submit = It is put up for approval.
review-done-take-back = It is taken back. Approvals that it had are gone.
review-done-approve = Your approval counts.
review-done-send-back = It is sent back to those who wrote it.
review-done-schedule = The time is set.
review-done-unschedule = It is off the schedule, and stays approved.
review-done-publish = It is published.
review-done-emergency = It is published, on your word alone. That is marked on its page and in the record.
review-done-discard = It is given up. What was written is kept among the discarded drafts.

## Why something is held
review-hold-late = { $count ->
    [one] It would have been a minute late, which is more than the house rules allow. Publish it now, set another time, or give it up.
   *[other] It would have been { $count } minutes late, which is more than the house rules allow. Publish it now, set another time, or give it up.
}
review-hold-approvals = Only { $have } of { $need } approvals still count: an approver has left, or the rules ask for more. Put it up for approval again.
review-hold-languages = It is not there in { $languages }, which the house rules ask for now. Add them, or say why not.
review-hold-refused = It could not be done any more: { $reason }.

## The calendar
calendar-section = Calendar
calendar-desk = What went out, and what will.
calendar-title = { $month } { $year }
calendar-lead = What went out and what will, by the clocks of { $zone }.
calendar-months = Months
calendar-today = Today
calendar-withdrawn = Withdrawn
calendar-nothing = Nothing goes out:
calendar-periods = When nothing goes out
calendar-period = From { $from } until { $until }: { $reason }
calendar-held = { $count ->
    [one] One draft of this month did not go out at its time.
   *[other] { $count } drafts of this month did not go out at their time.
}
calendar-month-1 = January
calendar-month-2 = February
calendar-month-3 = March
calendar-month-4 = April
calendar-month-5 = May
calendar-month-6 = June
calendar-month-7 = July
calendar-month-8 = August
calendar-month-9 = September
calendar-month-10 = October
calendar-month-11 = November
calendar-month-12 = December
calendar-day-1 = Monday
calendar-day-2 = Tuesday
calendar-day-3 = Wednesday
calendar-day-4 = Thursday
calendar-day-5 = Friday
calendar-day-6 = Saturday
calendar-day-7 = Sunday

## The house rules
rules-section = House rules
rules-desk = What needs approval, and when nothing goes out.
rules-title = House rules
rules-lead = How { $agency } works. The server holds everybody to them, whichever way they come.
rules-number = Rules number { $number }, set on
rules-none = None were set yet: one person publishes at once.
rules-done = The rules are set, and count from now on. The public record has them.
rules-theirs = The rules that are in force now
rules-overtaken = Somebody else has set the rules since you opened this page. Theirs are in force, and shown here; yours are in the form. Compare them, and set them again.
rules-needs = What needs approval
rules-nothing = Nothing: one person publishes at once
rules-everything = Everything
rules-only = Only some of it: the kinds and hashtags below
rules-kinds = These kinds
rules-hashtags = Whatever has one of these hashtags
rules-hashtags-hint = Such as #elections #tax. What changes an announcement with one of them needs approval as well.
rules-approving = Who approves
rules-by = How many have to approve it
rules-by-hint = 1 to 5, besides those who wrote it. Nobody approves what they wrote themselves.
rules-people = { $count ->
    [one] One person, besides those who wrote it
   *[other] { $count } people, besides those who wrote it
}
rules-approvers = The roles that approve
rules-of-writers = Who approves for whom
rules-of-writers-hint = For what somebody of a role wrote, an approver has to hold one of the roles that are ticked. With none ticked, any approver will do.
rules-of-writer = What was written by: { $role }
rules-writing = Writing
rules-languages = Languages that every announcement needs
rules-languages-hint = Their tags, such as en fr. Answers are not meant. A draft can say why it is an exception.
rules-no-languages = None is asked for
rules-alt = Pictures
rules-alt-always = Every picture needs a text alternative. No rule can lift that.
rules-reading = Hint about hard texts, above an index of
rules-reading-hint = LIX: about 40 is a newspaper, 50 an official’s letter, 60 a statute. Left empty, there are no hints. Nothing is refused for it.
rules-reading-above = Authors get a hint above an index of { $index }
rules-no-reading = No hints
rules-time = Time
rules-zone = Time zone
rules-zone-hint = Such as America/Toronto or Europe/Zurich. All times are read by its clocks.
rules-late = How late something may still go out
rules-late-hint = In minutes, at most 1440. What the server missed by more is held, and reported here.
rules-minutes = { $count ->
    [one] One minute
   *[other] { $count } minutes
}
rules-forbidden = When nothing goes out
rules-forbidden-hint = Such as before an election. Withdrawals, unpinning and new keys stay possible, and emergencies.
rules-no-forbidden = No such time is set
rules-period = Period { $count }
rules-period-new = A further period
rules-period-from = From
rules-period-until = Until
rules-period-why = Why
rules-period-remove = Remove this period
rules-set = Set these rules
rules-set-note = The public record has every change of them.
rules-wrong-approvals = 1 to 5 approvals can be asked for.
rules-wrong-approvers = Choose at least one of the two roles.
rules-wrong-hashtag = “{ $text }” is no hashtag.
rules-wrong-period = A period has a beginning, an end after it, and a reason of at most 500 characters.
rules-wrong-late = This is a number of minutes from 0 to 1440.
rules-wrong-number = This is a whole number, such as 45.
rules-wrong-zone = There is no such time zone. Zones are named like Europe/Zurich or America/Toronto.
rules-too-many = { $count ->
   *[other] That is more than can be named: at most { $count }.
}
