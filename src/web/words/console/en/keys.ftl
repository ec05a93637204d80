# Passkeys, and signing in by way of somebody else.

## Passkeys
passkey-title = Passkeys
passkey-why = Sign in with a fingerprint, your face or a security key: nothing to remember, and nothing that another site could coax out of you.
passkey-add = Add a passkey
passkey-new = A new passkey
passkey-new-lead = Your browser asks where it shall be kept: on this device, on your telephone or on a security key.
passkey-name = What you call it
passkey-name-hint = So that you know it again in your list.
passkey-make = Make the passkey
passkey-unnamed = Passkey
passkey-since = Since
passkey-used = Last used
passkey-remove = Remove
passkey-needs-script = Passkeys need script, which your browser does not run here.
passkey-no-domain = Passkeys need a domain, and this server is reached by an address.
passkey-sign-in = Sign in with a passkey
passkey-prove = Use your passkey
passkey-or-password = Or with your password:
passkey-failed = No passkey was used. Try again, or go on with your password.
passkey-unfit = This passkey did not let you in. Try again, or use your password.
passkey-registered = This passkey is in your list already.
passkey-too-many = You have { $count } passkeys, which is the most. Remove one that you do not use any more.
passkey-done-added = The passkey is added. You can sign in with it from now on.
passkey-done-removed = The passkey is removed. Delete it from your device as well, where it is of no use any more.
act-passkey-added = Added a passkey
act-passkey-removed = Removed a passkey

## OpenID Connect
oidc-sign-in = Sign in with { $provider }
oidc-new-tab = (opens in a new tab)
oidc-then-send = Come back to this page then. What you typed still stands here:
oidc-resend = Send what I typed
oidc-unavailable = The service by which you sign in does not answer as it should. Try again in a minute, or tell whoever runs this server.
oidc-denied = You were not signed in there. Try again.
oidc-no-group = You are in no group that has a part here. Whoever looks after the groups can change that.
oidc-no-provider = This server knows of no such way to sign in.
oidc-by-provider = Your roles come from a group. Sign in by way of the service that knows your groups.
oidc-connect-first = Somebody signs in with your e-mail address here already. If that is you, sign in as before, and connect the two on the page of your account.
oidc-no-address = The service by which you sign in has not told us a verified e-mail address of yours.
oidc-not-them = That was somebody else, or they did not show anew who they are. Nothing was done.
oidc-role-by-groups = A group gives them this role. Take them out of the group, and it goes.
oidc-passwords-off = Passwords let nobody in here. Use another way.
oidc-prove = Show it at { $provider }
oidc-proven = You can close this page and go back to the other: press the button there.
oidc-connect = Connect with { $provider }
oidc-connect-lead = You are sent there, and sign in anew. From then on you can sign in here by that way too.
oidc-connect-why = Sign in here with the login that you have at { $provider }.
oidc-connected = Connected
oidc-done-connected = Connected. You can sign in by that way from now on.
act-identity-connected = Connected another way to sign in
