# Clés d’accès, et connexion par un autre service.

## Clés d’accès
passkey-title = Clés d’accès
passkey-why = Connectez-vous par une empreinte, votre visage ou une clé de sécurité : rien à retenir, et rien qu’un autre site puisse vous soutirer.
passkey-add = Ajouter une clé d’accès
passkey-new = Une nouvelle clé d’accès
passkey-new-lead = Votre navigateur demande où la garder : sur cet appareil, sur votre téléphone ou sur une clé de sécurité.
passkey-name = Son nom
passkey-name-hint = Pour la reconnaître dans votre liste.
passkey-make = Créer la clé d’accès
passkey-unnamed = Clé d’accès
passkey-since = Depuis le
passkey-used = Dernier usage le
passkey-remove = Retirer
passkey-needs-script = Les clés d’accès ont besoin de scripts, que votre navigateur n’exécute pas ici.
passkey-no-domain = Les clés d’accès ont besoin d’un nom de domaine, et ce serveur se joint par une adresse.
passkey-sign-in = Se connecter avec une clé d’accès
passkey-prove = Utiliser votre clé d’accès
passkey-or-password = Ou par votre mot de passe :
passkey-failed = Aucune clé d’accès n’a servi. Réessayez, ou continuez avec votre mot de passe.
passkey-unfit = Cette clé d’accès ne vous a pas fait entrer. Réessayez, ou utilisez votre mot de passe.
passkey-registered = Cette clé d’accès est déjà dans votre liste.
passkey-too-many = Vous avez { $count } clés d’accès, le maximum. Retirez-en une qui ne sert plus.
passkey-done-added = La clé d’accès est ajoutée. Vous pouvez vous connecter avec elle dès maintenant.
passkey-done-removed = La clé d’accès est retirée. Effacez-la aussi de votre appareil, où elle ne sert plus à rien.
act-passkey-added = A ajouté une clé d’accès
act-passkey-removed = A retiré une clé d’accès

## OpenID Connect
oidc-sign-in = Se connecter avec { $provider }
oidc-new-tab = (dans un nouvel onglet)
oidc-then-send = Revenez ensuite à cette page. Ce que vous avez saisi s’y trouve toujours :
oidc-resend = Envoyer ce que j’ai saisi
oidc-unavailable = Le service par lequel vous vous connectez ne répond pas comme il devrait. Réessayez dans une minute, ou prévenez qui gère ce serveur.
oidc-denied = Vous ne vous y êtes pas connecté. Réessayez.
oidc-no-group = Vous n’êtes dans aucun groupe qui ait une part ici. Qui s’occupe des groupes peut le changer.
oidc-no-provider = Ce serveur ne connaît pas cette façon de se connecter.
oidc-by-provider = Vos rôles viennent d’un groupe. Connectez-vous par le service qui connaît vos groupes.
oidc-connect-first = Quelqu’un se connecte déjà ici avec votre adresse électronique. Si c’est vous, connectez-vous comme avant, et reliez les deux sur la page de votre compte.
oidc-no-address = Le service par lequel vous vous connectez ne nous a indiqué aucune adresse électronique vérifiée.
oidc-not-them = C’était une autre personne, ou elle n’a pas montré à nouveau qui elle est. Rien n’a été fait.
oidc-role-by-groups = Un groupe lui donne ce rôle. Retirez-la du groupe, et il disparaît.
oidc-passwords-off = Les mots de passe ne font entrer personne ici. Prenez une autre voie.
oidc-prove = Le montrer chez { $provider }
oidc-proven = Vous pouvez fermer cette page et revenir à l’autre : appuyez-y sur le bouton.
oidc-connect = Relier à { $provider }
oidc-connect-lead = Vous y êtes envoyé, et vous vous y connectez à nouveau. Ensuite, vous pourrez entrer ici aussi par cette voie.
oidc-connect-why = Connectez-vous ici avec l’identifiant que vous avez chez { $provider }.
oidc-connected = Relié
oidc-done-connected = C’est relié. Vous pouvez désormais vous connecter par cette voie.
act-identity-connected = A relié une autre façon de se connecter
