# Le bureau, en français.

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

## Montrer que c’est toujours vous
prove-title = Est-ce toujours vous ?
prove-lead = Ce que vous allez faire n’est pas pour quiconque passe à votre bureau. Utilisez d’abord votre clé d’accès ou donnez votre mot de passe ; ce que vous avez saisi est conservé.
proven-title = Merci
proven-go-on = Rien n’a encore été fait. Appuyez sur le bouton pour que ce soit fait.

## Rejoindre
join = Rejoindre
join-title = Rejoindre le personnel de { $agency }
join-invited = Vous êtes invité.
join-invited-by = { $name } vous a invité.
join-roles = Ce que vous serez
join-operator-title = Exploiter ce serveur
join-operator-lead = Vous êtes invité à mettre en place des organismes ici et à veiller sur les accès.
join-you = Votre accès
join-known = Vous avez déjà un accès ici ?
join-as = Vous êtes connecté en tant que { $name }.
join-accept = Accepter l’invitation
join-not-you = Elle n’est pas pour vous ? Déconnectez-vous d’abord, puis rouvrez le lien.

## Un nouveau mot de passe par un lien
reset-title = Choisir un nouveau mot de passe
reset-lead = Pour { $name }. Toutes les sessions prennent fin, et vous êtes connecté ici à nouveau.
reset-everything = Codes à usage unique, codes de secours et clés d’accès sont aussi retirés. Configurez-les de nouveau ensuite.
reset-set = Enregistrer le mot de passe
reset-done = Votre nouveau mot de passe est enregistré
reset-done-lead = Connectez-vous avec lui, et avec un code de votre application.

## La première mise en place
set-up-title = Donnez la parole à votre organisme
set-up-lead = Six questions, et votre premier organisme est en ligne. Tout, sauf l’identifiant, peut être changé plus tard.
set-up-agency = L’organisme
set-up-you = Vous, son premier administrateur
set-up-do = Mettre en place
agency-called = Son nom
agency-called-hint = Tel qu’il figure sur son papier à en-tête : Régie municipale des eaux.
agency-handle = Son identifiant
agency-handle-hint = Ce par quoi on le trouve : eau devient @eau@{ $domain }. Lettres a–z, chiffres et _ ; il reste pour toujours.
agency-handle-wrong = Un identifiant compte de 1 à 30 caractères parmi a–z, 0–9 et _, par exemple eau.
agency-writes = La langue dans laquelle il écrit
agency-writes-hint = Son étiquette : en, fr, es, ar… ou, pour une région, fr-CA.

## Ce qui ne va pas dans un organisme
agency-taken = Il y a déjà un organisme @{ $handle } ici. Choisissez un autre identifiant.
agency-reserved = @{ $handle } est un mot des adresses de ce serveur. Choisissez un autre identifiant.
agency-name = Un organisme a besoin d’un nom de 1 à 200 caractères.
agency-summary = Un résumé compte au plus 5 000 caractères.
agency-link = Un lien est un libellé et une adresse qui commence par http ou https ; « { $text } » n’en est pas un.
agency-too-many-links = Au plus { $count } liens.
agency-language = « { $text } » n’est pas une étiquette de langue, comme en, fr-CA ou ar.
agency-colour = Une couleur s’écrit comme #0b5394 ; « { $text } » n’en est pas une.
agency-alias = Un alias est l’identifiant ActivityPub d’un ancien compte ; « { $text } » n’en est pas un.
agency-domain = Un domaine s’écrit comme eau.ville.gouv ; « { $text } » n’en est pas un.

## Le compte
account-you = Vous
account-language = La langue de ces pages
account-change-password = Changer le mot de passe
account-password-note = Vous serez déconnecté partout ailleurs.
account-no-password = Vous n’en avez pas ici et n’en avez pas besoin : vous vous connectez autrement. Si vous en voulez un, un administrateur peut créer un lien par lequel vous le choisirez.
account-done-you = Enregistré.
account-done-password = Votre mot de passe est changé. Vous êtes déconnecté partout ailleurs.
account-done-session = La session a pris fin.
account-done-sessions = Vous êtes déconnecté partout sauf ici.
account-done-codes = Désormais un code vous sera demandé à la connexion.
account-done-no-codes = Les codes à usage unique sont retirés. Votre mot de passe suffit pour entrer.
sessions-title = Où vous êtes connecté
sessions-note = Une session prend fin après deux heures sans usage, et après douze heures dans tous les cas.
sessions-browser = Navigateur
sessions-begun = Depuis
sessions-seen = Dernier usage
sessions-this = Celle-ci
sessions-unknown = Navigateur inconnu
sessions-end = Y mettre fin
sessions-end-others = Se déconnecter partout ailleurs

## Codes à usage unique
codes-title = Seconde étape
codes-on = Activée
codes-off = Désactivée
codes-why = Avec une application sur votre téléphone, un mot de passe volé ne laisse entrer personne.
codes-need = Il vous faut une application d’authentification. Toutes conviennent : Aegis, FreeOTP, Google Authenticator, 1Password…
codes-begin = Configurer la seconde étape
codes-manage = Modifier la seconde étape
codes-left = { $count ->
    [0] Il ne reste aucun code de secours. Créez-en de nouveaux.
    [one] Il reste un code de secours.
   *[other] Il reste { $count } codes de secours.
}
codes-scan = Faites lire cette image à votre application
codes-scan-lead = Dans l’application, ajoutez un compte et visez l’image.
codes-picture = Code QR pour votre application d’authentification
codes-by-hand = Ou saisissez ce secret dans l’application :
codes-first = Donnez le premier code
codes-confirm = Activer
codes-first-wrong = Ce code n’est pas juste. Regardez de nouveau l’application ; l’heure de votre téléphone doit aussi être juste.
codes-recovery = Codes de secours
codes-recovery-lead = Chacun vous laisse entrer une fois, si vous n’avez plus votre téléphone.
codes-recovery-note = Ils ne sont affichés que maintenant. Imprimez-les, ou gardez-les avec vos mots de passe.
codes-kept = Je les ai gardés
codes-renew = Créer de nouveaux codes de secours
codes-renew-note = Les nouveaux remplacent les anciens.
codes-remove = Désactiver
codes-remove-note = Votre mot de passe suffira alors pour entrer. Les codes de secours sont aussi retirés.
