# Lettres par courriel, en français.

letter-sent = Le lien a été envoyé à { $address } et n’est montré à personne d’autre.
letter-no-address = Aucun courriel ne peut être envoyé à { $address }. Remettez le lien vous-même.
letter-unreachable = Le serveur de courrier ne répond pas, et rien n’a été envoyé à { $address }. Remettez le lien vous-même.
letter-refused = Le serveur de courrier n’accepte pas de courriel pour { $address }. Remettez le lien vous-même.
letter-invitation-subject = Vous êtes invité à rejoindre le personnel de { $name }
letter-invitation =
    Bonjour,

    vous êtes invité à rejoindre le personnel de { $name } sur { $server }. Ce lien vous ouvre la porte :

    { $url }

    Il sert une seule fois, jusqu’au { $until }. Si vous ne savez pas de quoi il s’agit, ne faites rien : personne n’a de compte à votre nom.
letter-operator-subject = Vous êtes invité à exploiter { $name }
letter-operator =
    Bonjour,

    vous êtes invité à devenir opérateur de { $server }. Ce lien vous ouvre la porte :

    { $url }

    Il sert une seule fois, jusqu’au { $until }. Si vous ne savez pas de quoi il s’agit, ne faites rien : personne n’a de compte à votre nom.
letter-reset-subject = Un nouveau mot de passe sur { $server }
letter-reset =
    Bonjour { $name },

    avec ce lien, vous choisissez un nouveau mot de passe sur { $server } :

    { $url }

    Il sert une seule fois, jusqu’au { $until }. Si vous ne l’avez pas demandé, prévenez ceux qui exploitent { $server }.
