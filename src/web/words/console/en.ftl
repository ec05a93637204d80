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

## The roles
role-author = Author
role-author-does = Writes announcements and answers, and works through what citizens sent.
role-approver = Approver
role-approver-does = Approves what others wrote, or sends it back.
role-moderator = Moderator
role-moderator-does = Reads what citizens wrote in private; hides and shows replies, with a reason.
role-records-officer = Records officer
role-records-officer-does = Places holds, orders erasures, makes exports and receipts.
role-administrator = Administrator
role-administrator-does = Looks after the staff, the profile and the house rules; may publish alone in an emergency.
role-held = Held
role-give = Give
role-take = Take away

## Showing again that it is you
prove-title = Is it still you?
prove-lead = What you are about to do lets people in. Give your password first; what you typed is kept.
proven-title = Thank you
proven-go-on = Nothing has been done yet. Press the button, and what you asked for is done.

## Joining
join = Join
join-title = Join the staff of { $agency }
join-invited = You are invited.
join-invited-by = { $name } has invited you.
join-roles = What you will be
join-operator-title = Operate this server
join-operator-lead = You are invited to set agencies up here and to look after who may sign in.
join-you = Your login
join-known = You have a login here already?
join-as = You are signed in as { $name }.
join-accept = Accept the invitation
join-not-you = It is not for you? Sign out first, and open the link again.

## A new password by a link
reset-title = Set a new password
reset-lead = For { $name }. All sessions end, and you are signed in here anew.
reset-everything = One-time codes, recovery codes and passkeys are removed as well. Set them up anew afterwards.
reset-set = Set the password
reset-done = Your new password is set
reset-done-lead = Sign in with it, and with a code from your app.

## The first set-up
set-up-title = Let your agency speak
set-up-lead = Six questions, and your first agency is on the air. All of it but the handle can be changed later.
set-up-agency = The agency
set-up-you = You, its first administrator
set-up-do = Set it up
agency-called = Its name
agency-called-hint = As it stands on its letterhead: Municipal Water Works.
agency-handle = Its handle
agency-handle-hint = What people find it by: water becomes @water@{ $domain }. Letters a–z, digits and _; it stays for ever.
agency-handle-wrong = A handle has 1 to 30 characters of a–z, 0–9 and _, such as water.
agency-writes = The language it writes in
agency-writes-hint = Its tag: en, fr, es, ar … or, for a region, fr-CA.

## What is wrong about an agency
agency-taken = There is an agency @{ $handle } here already. Choose another handle.
agency-reserved = @{ $handle } is a word of this server’s own addresses. Choose another handle.
agency-name = An agency needs a name of 1 to 200 characters.
agency-summary = A summary has at most 5,000 characters.
agency-link = A link is a label and an address that begins with http or https; “{ $text }” is not.
agency-too-many-links = At most { $count } links.
agency-language = “{ $text }” is no language tag, such as en, fr-CA or ar.
agency-colour = A colour is written like #0b5394; “{ $text }” is not.
agency-alias = An alias is the ActivityPub id of an earlier account; “{ $text }” is not.
agency-domain = A domain is written like water.city.gov; “{ $text }” is not.

## The account
account-you = You
account-language = The language of these pages
account-change-password = Change the password
account-password-note = You are signed out everywhere else.
account-done-you = Saved.
account-done-password = Your password is changed. You are signed out everywhere else.
account-done-session = The session has ended.
account-done-sessions = You are signed out everywhere but here.
account-done-codes = From now on a code is asked for when you sign in.
account-done-no-codes = One-time codes are removed. Your password alone lets you in.
sessions-title = Where you are signed in
sessions-note = A session ends after two hours without use, and after twelve in any case.
sessions-browser = Browser
sessions-begun = Since
sessions-seen = Last used
sessions-this = This one
sessions-unknown = Unknown browser
sessions-end = End it
sessions-end-others = Sign out everywhere else

## One-time codes
codes-title = Second step
codes-on = On
codes-off = Off
codes-why = With an app on your telephone, a stolen password lets nobody in.
codes-need = You need an authenticator app. Any will do: Aegis, FreeOTP, Google Authenticator, 1Password …
codes-begin = Set up the second step
codes-manage = Change the second step
codes-left = { $count ->
    [0] No recovery code is left. Make new ones.
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
codes-scan = Let your app read this picture
codes-scan-lead = In the app, add an account and point the camera at it.
codes-picture = QR code for your authenticator app
codes-by-hand = Or type this secret into the app:
codes-first = Give the first code
codes-confirm = Switch it on
codes-first-wrong = This code is not right. Look at the app again; the clock of your telephone must be right as well.
codes-recovery = Recovery codes
codes-recovery-lead = Each of them lets you in once, when your telephone is gone.
codes-recovery-note = They are shown only now. Print them, or keep them where you keep your passwords.
codes-kept = I have kept them
codes-renew = Make new recovery codes
codes-renew-note = New ones take the place of the old.
codes-remove = Switch it off
codes-remove-note = From then on your password alone lets you in. Recovery codes are removed as well.

## The first page of a desk
desk-roles = What you are here
desk-operator = You operate this server: you set agencies up, and neither speak for them nor read what was written to them.
desk-next = Where to go
desk-staff = Who works here, and in which roles; invite somebody.
desk-trail = Who did what inside.
desk-public = What everybody sees.
desk-record = Public record
desk-record-hint = All that was said here, kept so that nobody can change it unnoticed.

## The staff of an agency
staff-title = Staff
staff-lead = The people behind the one voice of { $agency }.
staff-people = People
staff-nobody = Nobody is on the staff yet. Invite somebody.
staff-who = Name
staff-seen = Last seen
staff-not-here = Not signed in now
staff-done-revoked = The invitation is void.
staff-done-removed = They are off the staff, from this moment.
invite-title = Invite somebody
invite-lead = You get a link to hand over. It can be used once, within seven days.
invite-email = Their e-mail address, if you know it
invite-email-hint = Saves them typing. They may sign in with another.
invite-do = Make the link
invited-title = The invitation
invited-lead = Whoever opens this link joins the staff.
invited-operator-lead = Whoever opens this link becomes an operator of this server.
invited-for = For
invitations-title = Open invitations
invitations-for = For
invitations-by = Made by
invitations-anybody = Whoever has the link
invitations-revoke = Take back
member-done-given = The role is given.
member-done-taken = The role is taken away.
member-done-ended = All their sessions have ended.
access-title = How they sign in
reset-offer = A new password
reset-make = Make the link
reset-made = A new password for { $name }
reset-made-lead = Whoever opens this link sets a new password.
reset-address-hint = Of whoever cannot sign in.
lost-what = What they have lost
lost-password = They have forgotten their password
lost-everything = They have lost their telephone as well: remove codes and passkeys
end-sessions = End all their sessions
end-sessions-lead = Sign them out everywhere, such as when a device was stolen.
remove-ask = Remove from the staff …
remove-do = Remove from the staff
remove-title = Remove { $name } from the staff?
remove-lead = They can do nothing for { $agency } any more, from the next moment. What they wrote stays.

## The trail
trail-lead = Who did what inside. Nobody can change it; the public record vouches for it and names nobody.
trail-empty = Nothing has been done yet.
trail-pages = Pages of the trail
trail-older = Earlier
trail-newest = Newest
trail-when = When
trail-who = Who
trail-what = What
trail-whom = To whom, or what
act-invited = Invited somebody
act-invitation-revoked = Took an invitation back
act-joined = Joined
act-role-given = Gave a role
act-role-taken = Took a role away
act-removed = Removed from the staff
act-reset-offered = Made a link for a new password
act-access-reset = Set a new password by a link
act-sessions-ended = Ended somebody’s sessions
act-operator-made = Made an operator
act-operator-ended = Ended an operator’s leave
act-draft-submitted = Put a draft up for approval
act-draft-approved = Approved a draft
act-draft-sent-back = Sent a draft back
act-draft-withdrawn = Took a draft back
act-draft-discarded = Discarded a draft
act-scheduled = Scheduled
act-unscheduled = Put off
act-published = Published
act-published-in-emergency = Published alone, in an emergency
act-edited = Edited
act-corrected = Corrected
act-withdrawn = Withdrew
act-pinned = Pinned
act-unpinned = Unpinned
act-profile-changed = Changed the profile
act-keys-rotated = Replaced the keys
act-house-rules-changed = Changed the house rules
act-queue-taken = Took something from the queue
act-queue-noted = Noted something in the queue
act-queue-answered = Answered
act-queue-done = Marked something done
act-queue-reopened = Opened something again
act-reply-hidden = Hid a reply
act-reply-shown = Showed a reply again
act-report-decided = Decided about a report
act-hold-placed = Placed a hold
act-hold-released = Released a hold
act-erasure-ordered = Ordered an erasure
act-export-made = Made an export
act-receipt-made = Made a receipt
act-grant-given = Gave leave to see
act-grant-revoked = Took leave to see back
subject-person = Person
subject-link = Link
subject-draft = Draft
subject-announcement = Announcement
subject-reply = Reply
subject-message = Message
subject-quotation = Quotation
subject-report = Report
subject-hold = Hold
subject-export = Export
subject-grant = Leave

## Operating the server
operator = Operate the server
operator-lead = Set agencies up, and look after who may sign in. You neither speak for them nor read what was written to them.
operator-agencies = Agencies
operator-everyone = Everyone who may sign in
operator-is = Operator
operator-make = Make an operator
operator-end = End it
operator-create = Set up an agency
operator-invite = Invite an operator
operator-trail = What was done to the server
operator-done-made = They operate the server now as well.
operator-done-ended = They do not operate the server any more.
