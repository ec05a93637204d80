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

## Les rôles
role-author = Auteur
role-author-does = Rédige annonces et réponses, et traite ce qu’envoient les citoyens.
role-approver = Approbateur
role-approver-does = Approuve ce que d’autres ont écrit, ou le renvoie.
role-moderator = Modérateur
role-moderator-does = Lit ce que les citoyens écrivent en privé ; masque et rétablit des réponses, avec un motif.
role-records-officer = Archiviste
role-records-officer-does = Pose des gels, ordonne des effacements, produit exports et attestations.
role-administrator = Administrateur
role-administrator-does = S’occupe du personnel, du profil et des règles internes ; peut publier seul en cas d’urgence.
role-held = Attribué
role-give = Donner
role-take = Retirer

## Montrer que c’est toujours vous
prove-title = Est-ce toujours vous ?
prove-lead = Ce que vous allez faire donne accès à des personnes. Donnez d’abord votre mot de passe ; ce que vous avez saisi est conservé.
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

## La première page d’un bureau
desk-roles = Ce que vous êtes ici
desk-operator = Vous exploitez ce serveur : vous mettez en place des organismes, sans parler pour eux ni lire ce qui leur est écrit.
desk-next = Où aller
desk-staff = Qui travaille ici, et dans quels rôles ; inviter quelqu’un.
desk-trail = Qui a fait quoi en interne.
desk-public = Ce que tout le monde voit.
desk-record = Registre public
desk-record-hint = Tout ce qui a été dit ici, conservé de sorte que personne ne le change sans qu’on le voie.

## Le personnel d’un organisme
staff-title = Personnel
staff-lead = Les personnes derrière la voix unique de { $agency }.
staff-people = Personnes
staff-nobody = Le personnel est encore vide. Invitez quelqu’un.
staff-who = Nom
staff-seen = Vu en dernier
staff-not-here = Pas connecté en ce moment
staff-done-revoked = L’invitation est annulée.
staff-done-removed = Cette personne ne fait plus partie du personnel, dès maintenant.
invite-title = Inviter quelqu’un
invite-lead = Vous obtenez un lien à remettre. Il sert une fois, dans les sept jours.
invite-email = Son adresse électronique, si vous la connaissez
invite-email-hint = Lui évite de la saisir. Une autre adresse peut être choisie.
invite-do = Créer le lien
invited-title = L’invitation
invited-lead = Qui ouvre ce lien rejoint le personnel.
invited-operator-lead = Qui ouvre ce lien devient opérateur de ce serveur.
invited-for = Pour
invitations-title = Invitations ouvertes
invitations-for = Pour
invitations-by = Créée par
invitations-anybody = Qui a le lien
invitations-revoke = Annuler
member-done-given = Le rôle est donné.
member-done-taken = Le rôle est retiré.
member-done-ended = Toutes ses sessions ont pris fin.
access-title = Comment cette personne se connecte
reset-offer = Un nouveau mot de passe
reset-make = Créer le lien
reset-made = Un nouveau mot de passe pour { $name }
reset-made-lead = Qui ouvre ce lien choisit un nouveau mot de passe.
reset-address-hint = De la personne qui ne peut pas se connecter.
lost-what = Ce qui est perdu
lost-password = Le mot de passe est oublié
lost-everything = Le téléphone est perdu aussi : retirer codes et clés d’accès
end-sessions = Mettre fin à toutes ses sessions
end-sessions-lead = Déconnecter cette personne partout, par exemple après le vol d’un appareil.
remove-ask = Retirer du personnel…
remove-do = Retirer du personnel
remove-title = Retirer { $name } du personnel ?
remove-lead = Cette personne ne pourra plus rien faire pour { $agency }, dès l’instant suivant. Ce qu’elle a écrit reste.

## Le journal interne
trail-lead = Qui a fait quoi en interne. Personne ne peut le modifier ; le registre public s’en porte garant et ne nomme personne.
trail-empty = Rien n’a encore été fait.
trail-pages = Pages du journal
trail-older = Plus ancien
trail-newest = Plus récent
trail-when = Quand
trail-who = Qui
trail-what = Quoi
trail-whom = À qui, ou à quoi
act-invited = A invité quelqu’un
act-invitation-revoked = A annulé une invitation
act-joined = A rejoint
act-role-given = A donné un rôle
act-role-taken = A retiré un rôle
act-removed = A retiré du personnel
act-reset-offered = A créé un lien pour un nouveau mot de passe
act-access-reset = A choisi un nouveau mot de passe par un lien
act-sessions-ended = A mis fin aux sessions de quelqu’un
act-operator-made = A nommé un opérateur
act-operator-ended = A mis fin au mandat d’un opérateur
act-draft-submitted = A soumis un brouillon
act-draft-approved = A approuvé un brouillon
act-draft-sent-back = A renvoyé un brouillon
act-draft-withdrawn = A repris un brouillon
act-draft-discarded = A abandonné un brouillon
act-scheduled = A programmé
act-unscheduled = A reporté
act-published = A publié
act-published-in-emergency = A publié seul, en urgence
act-edited = A modifié
act-corrected = A corrigé
act-withdrawn = A retiré
act-pinned = A épinglé
act-unpinned = A désépinglé
act-profile-changed = A modifié le profil
act-keys-rotated = A remplacé les clés
act-house-rules-changed = A modifié les règles internes
act-queue-taken = A pris un élément de la file
act-queue-noted = A annoté un élément de la file
act-queue-answered = A répondu
act-queue-done = A marqué un élément comme traité
act-queue-reopened = A rouvert un élément
act-reply-hidden = A masqué une réponse
act-reply-shown = A rétabli une réponse
act-report-decided = A statué sur un signalement
act-hold-placed = A posé un gel
act-hold-released = A levé un gel
act-erasure-ordered = A ordonné un effacement
act-export-made = A produit un export
act-receipt-made = A produit une attestation
act-grant-given = A donné un droit de regard
act-grant-revoked = A repris un droit de regard
subject-person = Personne
subject-link = Lien
subject-draft = Brouillon
subject-announcement = Annonce
subject-reply = Réponse
subject-message = Message
subject-quotation = Citation
subject-report = Signalement
subject-hold = Gel
subject-export = Export
subject-grant = Droit de regard

## Exploiter le serveur
operator = Exploiter le serveur
operator-lead = Mettre en place des organismes et veiller sur les accès. Vous ne parlez pas pour eux et ne lisez pas ce qui leur est écrit.
operator-agencies = Organismes
operator-everyone = Tous ceux qui peuvent se connecter
operator-is = Opérateur
operator-make = Nommer opérateur
operator-end = Y mettre fin
operator-create = Mettre en place un organisme
operator-invite = Inviter un opérateur
operator-trail = Ce qui a été fait au serveur
operator-done-made = Cette personne exploite maintenant aussi le serveur.
operator-done-ended = Cette personne n’exploite plus le serveur.
