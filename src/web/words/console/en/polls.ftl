poll-error-options = A poll has two to ten options.
poll-error-length = An option of a poll has 1 to 100 characters.
poll-error-twice = Two options of the poll read the same: { $text }
poll-error-time = A poll runs for at least five minutes and at most 31 days.
poll-error-changed = The choices of a poll stay as they were published. Withdraw the announcement and ask anew.
