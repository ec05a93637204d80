# Le bureau, en français.
language-name = Français

## Le cadre de chaque page
console = Bureau du personnel
skip = Aller au contenu
sections = Le bureau
sign-out = Se déconnecter
account = Votre compte
home = Accueil
public-page = Page publique
choose-language = Langue
change-language = Changer
private-note = Réservé au personnel. Un cookie vous garde connecté ; rien n’est chargé d’ailleurs.
error-title = Pas encore fait
error-prefix = Erreur :

## L’accueil
home-greeting = Bienvenue, { $name }
home-empty = Vous n’avez encore aucun rôle dans un organisme ici. Un administrateur peut vous inviter.
sections-of = Le bureau de { $agency }
section-desk = Bureau
section-staff = Personnel
section-trail = Journal interne

## Ce qui n’a pas été fait, et que faire
refused-sign-in = Connectez-vous d’abord.
refused-elsewhere = Ce formulaire vient d’une page qui n’est pas la nôtre, ou votre navigateur ne dit pas d’où il vient. Rien n’a été fait. Ouvrez la page ici et réessayez.
refused-not-found = Il n’y a rien à cette adresse, ou ce n’est pas pour vous.
refused-not-allowed = Vos rôles dans cet organisme ne le permettent pas. Un administrateur peut vous donner un rôle qui le permet.
refused-prove-again = Montrez d’abord que c’est toujours vous : utilisez votre clé d’accès ou donnez votre mot de passe.
refused-unavailable = La base de données ne répond pas. Rien n’est perdu ; réessayez dans une minute.
refused-internal = Une erreur s’est produite ici, et elle a été notée. Rien n’a été changé.
refused-too-many = { $count ->
    [one] Trop de tentatives. Réessayez dans une minute.
   *[other] Trop de tentatives. Réessayez dans { $count } minutes.
}

## Mots présents sur plusieurs pages
actions = Actions
cancel = Annuler
change = Modifier
save = Enregistrer
back-to-staff = Retour au personnel
command-line = la ligne de commande
list-comma = ,{" "}
roles = Rôles
link-until = Valable jusqu’au
link-once = Ce lien n’est affiché que maintenant. Copiez-le et remettez-le vous-même, uniquement à la personne concernée.
link-itself = Le lien
your-name = Votre nom
your-name-hint = Pour vos collègues. Le public ne le voit jamais.
email-hint = Elle sert à vous connecter. Le public ne la voit jamais.
new-password = Nouveau mot de passe
current-password = Mot de passe actuel
password-hint = Au moins 12 caractères : trois ou quatre mots sans rapport entre eux conviennent bien. Aucune règle sur les chiffres ou les signes.
password-not-yours = Ce n’est pas votre mot de passe.

## La première page d’un bureau
desk-roles = Ce que vous êtes ici
desk-operator = Vous exploitez ce serveur : vous mettez en place des organismes, sans parler pour eux ni lire ce qui leur est écrit.
desk-next = Où aller
desk-staff = Qui travaille ici, et dans quels rôles ; inviter quelqu’un.
desk-trail = Qui a fait quoi en interne.
desk-public = Ce que tout le monde voit.
desk-record = Registre public
desk-record-hint = Tout ce qui a été dit ici, conservé de sorte que personne ne le change sans qu’on le voie.
