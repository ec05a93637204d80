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

## Connexion
sign-in = Se connecter
sign-in-lead = Chaque membre du personnel a son propre accès. Le public entend une seule voix.
email = Adresse électronique
password = Mot de passe
kept-lead = Votre session a pris fin. Rien de ce que vous avez écrit n’est perdu : connectez-vous et continuez.
sign-in-trouble = Vous ne pouvez pas vous connecter ? Un administrateur de votre organisme peut vous créer un lien pour un nouveau mot de passe.
code-title = Encore une étape
code = Code
code-lead = Saisissez les six chiffres qu’affiche votre application d’authentification.
code-hint = Ou l’un de vos codes de secours.
kept-title = Vous êtes de nouveau connecté
kept-go-on = Ce que vous avez écrit est toujours là. Envoyez-le où il devait aller.
go-on = Continuer

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
refused-prove-again = Montrez d’abord que c’est toujours vous : donnez votre mot de passe.
refused-unavailable = La base de données ne répond pas. Rien n’est perdu ; réessayez dans une minute.
refused-internal = Une erreur s’est produite ici, et elle a été notée. Rien n’a été changé.
refused-too-many = { $count ->
    [one] Trop de tentatives. Réessayez dans une minute.
   *[other] Trop de tentatives. Réessayez dans { $count } minutes.
}

## Le personnel
staff-not-operator = Seul un opérateur de ce serveur peut faire cela.
staff-unknown = Personne n’a cette adresse dans le personnel d’ici.
staff-last-administrator = C’est le dernier administrateur de cet organisme. Nommez d’abord un autre administrateur.
staff-no-role = Choisissez au moins un rôle.
staff-not-held = Cette personne n’a pas ce rôle.
staff-works-elsewhere = Cette personne travaille aussi pour un autre organisme ici ; seul un opérateur du serveur peut réinitialiser son accès.
staff-no-invitation = Cette invitation n’est plus ouverte.
staff-link-gone = Ce lien n’est pas valable, ou ne l’est plus : chacun sert une fois, et pour un temps limité. Demandez-en un nouveau.
staff-address-taken = Quelqu’un se connecte déjà ici avec cette adresse. Si c’est vous, connectez-vous d’abord et rouvrez le lien.
staff-address = Une adresse électronique s’écrit comme ada@ville.gouv.
staff-name = Un nom compte de 1 à 200 caractères.
staff-wrong = L’adresse électronique ou le mot de passe n’est pas juste.
staff-wrong-code = Ce code n’est pas juste, ou a déjà servi. Attendez le suivant, ou utilisez un code de secours.
staff-begin = Cela a pris trop de temps, ou trop de codes étaient faux. Recommencez.
staff-session-ended = Cette session a déjà pris fin.
staff-has-codes = Les codes à usage unique sont déjà configurés. Retirez-les d’abord.
staff-no-codes = Les codes à usage unique ne sont pas configurés.
password-short = Un mot de passe compte au moins 12 caractères. Trois ou quatre mots sans rapport entre eux conviennent bien.
password-long = Un mot de passe compte au plus 256 caractères.
password-guessable = Ce mot de passe se devine facilement : il est courant, ou fait d’un nom, d’une date ou d’un motif. Trois ou quatre mots sans rapport entre eux valent mieux.
