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
