poll-error-options = A poll has two to ten options.
poll-error-length = An option of a poll has 1 to 100 characters.
poll-error-twice = Two options of the poll read the same: { $text }
poll-error-time = A poll runs for at least five minutes and at most 31 days.
poll-error-changed = The choices of a poll stay as they were published. Withdraw the announcement and ask anew.

poll-title = Poll
poll-ask = Ask readers to choose
poll-options = Options
poll-options-hint = Two to ten, one a line. They stay as they are published. Without any there is no poll.
poll-several = Several may be chosen
poll-term = It runs for
poll-term-kept = As it was set
poll-note = Not a secret ballot: the reader's server knows what was chosen, and this one until ten minutes after the end.
poll-minutes = { $count ->
    [one] One minute
   *[other] { $count } minutes
}
poll-hours = { $count ->
    [one] One hour
   *[other] { $count } hours
}
poll-days = { $count ->
    [one] One day
   *[other] { $count } days
}
