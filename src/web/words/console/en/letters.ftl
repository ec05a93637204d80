# Letters by mail, in English.

letter-sent = The link was sent to { $address }, and is shown to nobody else.
letter-no-address = No letter can be sent to { $address }. Hand the link over yourself.
letter-unreachable = The mail server does not answer, so nothing was sent to { $address }. Hand the link over yourself.
letter-refused = The mail server does not take a letter to { $address }. Hand the link over yourself.
letter-invitation-subject = You are invited to the staff of { $name }
letter-invitation =
    Good day,

    you are invited to join the staff of { $name } at { $server }. This link lets you in:

    { $url }

    It can be used once, until { $until }. If you do not know what this is about, do nothing: nobody has a login in your name.
letter-operator-subject = You are invited to operate { $name }
letter-operator =
    Good day,

    you are invited to become an operator of { $server }. This link lets you in:

    { $url }

    It can be used once, until { $until }. If you do not know what this is about, do nothing: nobody has a login in your name.
letter-reset-subject = A new password at { $server }
letter-reset =
    Good day { $name },

    with this link you set a new password at { $server }:

    { $url }

    It can be used once, until { $until }. If you did not ask for it, tell the people who run { $server }.
