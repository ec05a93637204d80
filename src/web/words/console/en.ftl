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

## Signing in
sign-in = Sign in
sign-in-lead = Every member of staff has a login of their own. The public sees one voice.
email = E-mail address
password = Password
kept-lead = Your session has ended. Nothing of what you wrote is lost: sign in, and go on.
