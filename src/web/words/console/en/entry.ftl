# The console, in English. Keys are grouped by page.

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

## Showing again that it is you
prove-title = Is it still you?
prove-lead = What you are about to do is not for whoever comes by your desk. Use your passkey or give your password first; what you typed is kept.
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
account-no-password = You have none here, and need none: you sign in another way. Should you want one, an administrator can make a link by which you set it.
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
