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
