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
