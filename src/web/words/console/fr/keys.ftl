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
