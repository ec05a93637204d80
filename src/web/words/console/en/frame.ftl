# The console, in English. Keys are grouped by page.
language-name = English

## The frame of every page
console = Staff's desk
skip = Skip to the content
sections = The desk
sign-out = Sign out
account = Your account
home = Start
public-page = Public page
choose-language = Language
change-language = Change
private-note = Only for the staff. A cookie keeps you signed in; nothing is loaded from elsewhere.
error-title = Not done yet
error-prefix = Error:

## The start
home-greeting = Welcome, { $name }
home-empty = You hold no role at any agency here yet. An administrator can invite you.
sections-of = The desk of { $agency }
section-desk = Desk
section-staff = Staff
section-trail = Trail

## What was not done, and what to do
refused-sign-in = Sign in first.
refused-elsewhere = This form was sent from a page that is not ours, or your browser does not say from where. Nothing was done. Open the page here and try again.
refused-not-found = There is nothing at this address, or it is not for you.
refused-not-allowed = Your roles at this agency do not allow this. An administrator can give you a role that does.
refused-prove-again = Show first that it is still you: use your passkey or give your password.
refused-unavailable = The database does not answer. Nothing was lost; try again in a minute.
refused-internal = Something went wrong here, and it has been noted. Nothing was changed.
refused-too-many = { $count ->
    [one] Too many attempts. Try again in a minute.
   *[other] Too many attempts. Try again in { $count } minutes.
}

## Words that stand on many pages
actions = Actions
cancel = Cancel
change = Change
save = Save
back-to-staff = Back to the staff
command-line = the command line
list-comma = ,{" "}
roles = Roles
link-until = Valid until
link-once = This link is shown only now. Copy it and hand it over yourself, to nobody but the person it is for.
link-itself = The link
your-name = Your name
your-name-hint = For your colleagues. The public never sees it.
email-hint = You sign in with it. The public never sees it.
new-password = New password
current-password = Current password
password-hint = At least 12 characters: three or four words that do not belong together are good. No rules about digits or signs.
password-not-yours = This is not your password.

## The first page of a desk
desk-roles = What you are here
desk-operator = You operate this server: you set agencies up, and neither speak for them nor read what was written to them.
desk-next = Where to go
desk-staff = Who works here, and in which roles; invite somebody.
desk-trail = Who did what inside.
desk-public = What everybody sees.
desk-record = Public record
desk-record-hint = All that was said here, kept so that nobody can change it unnoticed.
