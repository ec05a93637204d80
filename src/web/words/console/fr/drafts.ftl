# Les brouillons, en français. Les clés sont groupées par page.

section-drafts = Brouillons

## Un message tel qu’il paraîtra
draft-preview-of = Le message, tel que Mastodon le montrera
draft-preview-empty = Rien n’est encore écrit.
draft-warning = Avertissement
draft-language = Langue
draft-read-more = Lire la suite
draft-card = Devient une carte : chaque serveur lit lui-même le titre et l’image de cette page.
draft-alt-missing = Le texte de remplacement manque.

## Où en est un brouillon
draft-state-writing = En cours d’écriture
draft-state-in-review = En relecture
draft-state-sent-back = Renvoyé
draft-state-approved = Approuvé
draft-state-scheduled = Programmé
draft-state-held = Retenu
draft-state-published = Publié
draft-state-discarded = Abandonné

## De quel acte il s’agit
draft-kind-announcement = Annonce
draft-kind-answer = Réponse
draft-kind-edit = Modification
draft-kind-correction = Rectification
draft-kind-withdrawal = Retrait
draft-kind-pin = Épinglage
draft-kind-unpin = Désépinglage
draft-kind-profile = Profil
draft-kind-keys = Nouvelles clés

## Ce qui n’a pas été fait, et que faire
draft-error-no-part = Cette partie du brouillon n’existe plus. Regardez de nouveau le brouillon.
draft-error-state = Impossible avec un brouillon à l’état « { $state } ». Regardez-le de nouveau.
draft-error-changed = Quelqu’un a modifié le brouillon depuis que vous l’avez regardé. Regardez-le de nouveau avant de continuer.
draft-error-overtaken = Quelqu’un d’autre a été plus rapide. Regardez de nouveau le brouillon.
draft-error-another-matter = Une version ultérieure porte sur le même sujet que la précédente. Commencez un autre brouillon.
draft-error-parts = Un brouillon a au moins une partie, et seule une annonce en a plusieurs : une par langue, 24 au plus.
draft-error-same-language = Deux parties sont dans la même langue, { $language }. Changez la langue de l’une, ou retirez-la.
draft-error-too-large = C’est plus qu’un brouillon ne peut contenir. Raccourcissez.
draft-error-nothing-to-change = Rien ne diffère de ce qui est en place. Changez d’abord quelque chose.
draft-error-operator-approves = L’exploitant du serveur n’est pour personne une seconde paire d’yeux. Il faut quelqu’un de l’équipe qui peut approuver.
draft-error-own-text = Personne n’approuve ce qu’il a écrit lui-même. Demandez à un collègue.
draft-error-another-approver = Le règlement veut que quelqu’un d’un autre rôle approuve ce que ses auteurs ont écrit.
draft-error-approved-already = Vous l’avez déjà approuvé.
draft-error-nothing-to-approve = Il a toutes les approbations nécessaires.
draft-error-remark = Dites ce qui est à changer, en 2 000 caractères au plus.
draft-error-approvals = { $need ->
    [one] Il faut une approbation, et { $have } compte.
   *[other] Il faut { $need } approbations, et { $have } comptent.
}
draft-error-needs-approval = { $need ->
    [one] Le règlement veut que quelqu’un d’autre l’approuve d’abord. Soumettez-le.
   *[other] Le règlement veut que { $need } autres personnes l’approuvent d’abord. Soumettez-le.
}
draft-error-languages = Le règlement demande aussi { $languages }. Ajoutez-la, ou dites pourquoi elle manque.
draft-error-forbidden = Le règlement ne laisse rien sortir avant le { $until } : { $reason }
draft-error-emergency-reason = Une urgence demande une raison de 2 000 caractères au plus, que tout le monde peut lire.
draft-error-time-twice = L’horloge recule alors, et cette heure existe deux fois. Dites laquelle : { $first } ou { $second }.
draft-error-time-never = L’horloge avance alors, et cette heure n’existe pas. La suivante est { $next }.
draft-error-past = Cette heure est passée.
draft-error-keys-needed = De nouvelles clés doivent d’abord être créées. Réessayez.
draft-error-edited-meanwhile = Quelqu’un a modifié l’annonce entre-temps. Regardez-la, et commencez un autre brouillon.
draft-error-withdrawn = L’annonce a été retirée et ne peut plus être modifiée.
draft-error-empty = Il faut un texte.
draft-error-too-long = Le texte a { $length } caractères ; { $longest } au plus sont acceptés. Raccourcissez-le.
draft-error-warning = Un avertissement a 500 caractères au plus.
draft-error-too-many-images = { $count ->
    [one] Une annonce porte au plus une image.
   *[other] Une annonce porte au plus { $count } images. Retirez-en une.
}
draft-error-missing-alt = Chaque image a besoin d’un texte de remplacement : que manque à qui ne peut pas la voir ?
draft-error-missing-reason = Un retrait demande une raison de 2 000 caractères au plus, qui prend la place de l’annonce.
draft-error-too-many-pins = { $count ->
    [one] Une seule annonce peut être épinglée. Désépinglez-la d’abord.
   *[other] Au plus { $count } annonces peuvent être épinglées. Désépinglez-en une d’abord.
}

## Ce qui ne va pas avec une image
draft-picture-damaged = Cette image est vide ou endommagée et ne s’ouvre pas. Enregistrez-la de nouveau et réessayez.
draft-picture-too-large = Cette image est trop lourde : { $count } Mio au plus. Enregistrez-la en plus petit.
draft-picture-other-type = Ce n’est pas une image qui se montre partout. Enregistrez-la en JPEG, PNG, GIF ou WebP.
draft-picture-polyglot = Cette image cache un autre document, comme le font certaines attaques. Enregistrez-la de nouveau avec un éditeur d’images.
draft-picture-too-many-pixels = Cette image a trop de pixels : { $count } millions au plus. Enregistrez-la en plus petit.
draft-picture-too-much-memory = Cette image prendrait trop de mémoire. Enregistrez-la avec 8 bits par couleur.
draft-picture-long-description = Un texte de remplacement a 1 500 caractères au plus.
draft-picture-focus = Le point focal se trouve entre -1 et 1 dans les deux sens, par exemple 0 et 0,5.

## La liste
draft-new = Écrire une annonce
draft-from-published = Changer ce qui est publié
draft-profile-begin = Changer le profil
draft-none = Il n’y a pas de brouillon ici.
draft-filter = Les brouillons selon leur état
draft-open = Tous ceux en cours
draft-list-pages = Pages de la liste
draft-what = Quoi
draft-where = Où il en est
draft-in = En
draft-changed = Dernier changement
draft-without-text = Encore sans texte

## Écrire
draft-pages = Pages de ce brouillon
draft-write = Écrire
draft-review = Relecture
draft-versions = Versions
draft-to-review = Relire, et soumettre à approbation
draft-look = Tel qu’on le verra
draft-save = Enregistrer
draft-saved-itself = Enregistré au fil de la frappe.
draft-done-saved = Enregistré.
draft-done-again = Enregistré. Il doit être soumis de nouveau, et ne partira à aucune heure fixée.
draft-done-unchanged = Rien n’était différent.
draft-done-added = La langue est ajoutée.
draft-done-removed = La langue est retirée. Ce qui en était écrit reste parmi les versions.
draft-done-exempt = Enregistré.
draft-done-dropped = Votre texte est abandonné ; l’autre reste.
draft-sent-back-with = Renvoyé :
draft-is-held = Il aurait dû partir et ne l’a pas fait. La relecture dit pourquoi.
draft-saving-undoes = Si vous enregistrez un changement, il doit être soumis de nouveau, et ne partira à aucune heure fixée.
draft-is-over = Plus rien ne peut être changé ici.
draft-as-written = Tel qu’il a été écrit
draft-erased = Ce qui se trouvait ici a été effacé.
draft-text = Texte
draft-text-hint = Markdown : **gras**, *italique*, listes, citations, liens. @nom@domaine désigne quelqu’un, # commence un mot-dièse.
draft-language-hint = Son étiquette : en, fr, es, ar … ou, pour une région, fr-CA.
draft-warning-hint = On ne voit d’abord que cela, et on ouvre le reste. Laissez vide s’il n’y a pas de quoi avertir.
draft-pin = L’épingler
draft-pin-hint = Elle se tient en haut de la page publique.
draft-notice = Ce qui était faux
draft-notice-hint = Un avis qui répond publiquement à l’annonce. Les deux versions restent.
draft-reason = Raison
draft-reason-hint = Elle prend la place de l’annonce, pour tout le monde.
draft-pin-lead = L’annonce est mise en haut de la page publique.
draft-unpin-lead = L’annonce est ôtée du haut de la page publique.
draft-keys-lead = Les clés de l’administration sont remplacées par de nouvelles.
draft-withdrawal-look = À la place de l’annonce on lira :
draft-see-announcement = L’annonce
draft-nothing-to-see = Personne n’en voit rien.
draft-profile-name = Nom
draft-profile-summary = Ce que fait l’administration
draft-profile-links = Liens
draft-profile-links-hint = Un par ligne : Site=https://water.city.gov
draft-length = { $length } caractères sur { $longest }, comptés comme Mastodon.
draft-length-folded = Beaucoup de serveurs replient ce qui dépasse { $count } caractères : le début doit tout dire.
draft-hard = Difficile à lire : indice { $index }, alors que { $limit } est souhaité. La phrase la plus longue a { $words } mots.
draft-unknown = Introuvable, donc simple texte : { $names }. On cherche de nouveau à l’enregistrement.

## Images
draft-pictures = Images
draft-picture-add = Ajouter une image
draft-picture-hint = JPEG, PNG, GIF ou WebP. Les lieux et autres notes cachées en sont ôtés. À la souris, déposez-la ici ; depuis le presse-papiers, collez-la dans le texte.
draft-picture-number = Image { $count }
draft-picture-remove = Retirer cette image
draft-progress = Avancement de l’envoi
draft-alt = Texte de remplacement
draft-alt-new = Texte de remplacement de l’image que vous ajoutez
draft-focus = Point focal
draft-focus-hint = Ce qui reste visible quand l’image est coupée : −1 est à gauche ou en bas, 1 à droite ou en haut. Avec script, cliquez sur l’image.
draft-focus-x = De gauche à droite
draft-focus-y = De bas en haut

## Plusieurs langues
draft-parts = Langues de cette annonce
draft-languages = Langues
draft-languages-lead = Chaque langue est un message à part ; elles sont approuvées ensemble, partent ensemble et renvoient l’une à l’autre.
draft-languages-missing = Le règlement demande aussi { $languages }.
draft-language-add = Une autre langue
draft-language-add-do = L’ajouter
draft-language-remove = Retirer la langue ouverte ci-dessus
draft-exemption = Pourquoi pas dans toutes les langues que demande le règlement
draft-exemption-hint = Qui approuve le lit. Laissez vide si les langues y seront.

## À deux sur un texte
draft-conflict = { $name } a enregistré un autre texte entre-temps
draft-conflict-removed = Cette partie a été retirée entre-temps
draft-conflict-over = Le brouillon est parti ou a été abandonné entre-temps
draft-conflict-lead = Rien n’est perdu. Votre texte a été mis de côté, où vous seul le voyez.
draft-theirs = Le texte qui compte maintenant
draft-mine = Votre texte
draft-difference = De l’autre au vôtre
draft-take-theirs = Abandonner votre texte
draft-take-mine-note = Ou changez votre texte ci-dessous jusqu’à ce qu’il dise ce que vous voulez tous deux, et enregistrez : alors il compte.
draft-aside = Quelqu’un d’autre a été plus rapide : votre texte a été mis de côté et ne compte pas encore.
draft-aside-see = Voir les deux textes

## Versions
draft-versions-lead = Tout ce qui a été écrit ici, et en quoi deux versions diffèrent.
draft-versions-all = Toutes les versions
draft-version = Version
draft-from = De
draft-to = À
draft-compare = Comparer
draft-from-to = De la version { $from } à la version { $to }
draft-first-version = Version { $to }
draft-from-version = De la version { $number }
draft-to-version = À la version { $number }
draft-version-aside = Mise de côté
draft-piece-removed = retiré :
draft-piece-added = ajouté :

## Partir de ce qui est publié
draft-published = Annonces publiées
draft-published-lead = Tout changement commence par un brouillon, et suit le même chemin.
draft-published-none = Rien n’est encore publié.
draft-pinned = Épinglée
draft-do-edit = Modifier
draft-do-correct = Rectifier
draft-do-withdraw = Retirer
draft-do-pin = Épingler
draft-do-unpin = Désépingler
