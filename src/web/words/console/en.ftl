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
sign-in-trouble = You cannot sign in? An administrator of your agency can make you a link for a new password.
code-title = One more step
code = Code
code-lead = Enter the six digits that your authenticator app shows now.
code-hint = Or one of your recovery codes.
kept-title = You are signed in again
kept-go-on = What you wrote is still here. Send it where it was meant to go.
go-on = Go on

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
refused-prove-again = Show first that it is still you: give your password.
refused-unavailable = The database does not answer. Nothing was lost; try again in a minute.
refused-internal = Something went wrong here, and it has been noted. Nothing was changed.
refused-too-many = { $count ->
    [one] Too many attempts. Try again in a minute.
   *[other] Too many attempts. Try again in { $count } minutes.
}

## The staff
staff-not-operator = Only an operator of this server may do that.
staff-unknown = There is nobody of that address on the staff here.
staff-last-administrator = They are the last administrator of this agency. Make somebody else an administrator first.
staff-no-role = Choose at least one role.
staff-not-held = They do not hold this role.
staff-works-elsewhere = They also work for another agency here, so only an operator of the server can reset how they sign in.
staff-no-invitation = This invitation is not open any more.
staff-link-gone = This link is not valid, or not any more: each can be used once, and for a limited time. Ask for a new one.
staff-address-taken = Somebody signs in with this address here already. If that is you, sign in first and open the link again.
staff-address = An e-mail address is written like ada@city.gov.
staff-name = A name has 1 to 200 characters.
staff-wrong = The e-mail address or the password is not right.
staff-wrong-code = This code is not right, or was used already. Wait for the next one, or use a recovery code.
staff-begin = This took too long, or too many codes were wrong. Begin again.
staff-session-ended = This session has ended already.
staff-has-codes = One-time codes are set up already. Remove them first.
staff-no-codes = One-time codes are not set up.
password-short = A password has at least 12 characters. Three or four words that do not belong together are good.
password-long = A password has at most 256 characters.
password-guessable = This password is easily guessed: it is a common one, or made from a name, a date or a pattern. Three or four words that do not belong together are better.
