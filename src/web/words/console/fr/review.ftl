# La console, en français : quatre yeux, le calendrier, les règles de la maison.

## Ce qui attend
review-waiting = Ce qui vous attend
review-nothing-waits = Rien ne vous attend.
review-to-approve = À approuver
review-sent-back-to-you = Renvoyés à vous
review-ready = Approuvés, sans heure fixée
review-next-out = Prochaines parutions
review-since = Depuis
review-held-count = { $count ->
    [one] Un brouillon n’est pas paru à son heure. Décidez de la suite.
   *[other] { $count } brouillons ne sont pas parus à leur heure. Décidez de la suite.
}

## Un brouillon devant d’autres yeux
review-version = Version { $number }
review-erased = Il a été effacé avec ce qu’il est devenu.
review-stands = Où il en est
review-writing = Il est en cours de rédaction. Personne n’a encore été prié de l’approuver.
review-in-review = Il attend d’être approuvé.
review-sent-back = Il a été renvoyé, avec cette remarque :
review-approved = Il est approuvé, et aucune heure n’est fixée.
review-scheduled = Il paraîtra le
review-published = Il est paru le
review-discarded = Il a été abandonné le
review-held = Il n’est pas paru.
review-see-page = Ce que tout le monde voit
review-exemption = Pourquoi il n’existe pas dans toutes les langues :
review-quorum = { $need ->
    [one] { $have } approbation sur 1
   *[other] { $have } approbations sur { $need }
}
review-needs-none = Personne n’a à l’approuver.
review-in-the-way = Ce qui s’y oppose
review-nothing-in-the-way = À part cela, rien ne s’y oppose : un essai a été fait, puis annulé.
review-goes-out = Voici exactement ce qui paraîtra
review-together = Toutes les parties paraissent ensemble, ou aucune.
review-as-written = Le texte tel qu’il a été écrit
review-content-warning = Avertissement :
review-alternatives = Lu à voix haute là où les images ne se voient pas
review-poll = Sondage
review-poll-several = On peut choisir plusieurs réponses.
review-poll-one = On peut choisir une seule réponse.
review-poll-after = { $count ->
    [one] Il se ferme une minute après sa parution.
   *[other] Il se ferme { $count } minutes après sa parution.
}
review-poll-until = Il se ferme à
review-answers = Il répond à
review-will-be-pinned = Il sera épinglé en haut de la page publique.
review-replaces = Il remplace l’annonce du
review-notice = L’avis qui dit ce qui était faux
review-withdraws = Il retire l’annonce du
review-withdrawal-reason = Le motif, que tout le monde lit :
review-pins = Il épingle l’annonce du
review-unpins = Il désépingle l’annonce du
review-keys = L’administration reçoit de nouvelles clés, et tous les serveurs en sont avertis. Ce qui a été signé avec les anciennes reste valable.
review-profile-name = Nom
review-profile-summary = Présentation
review-profile-links = Liens
review-profile-language = Langue
review-profile-avatar = Image
review-profile-header = Image d’en-tête
review-profile-accent = Couleur
review-profile-logo = Logo
review-profile-footer = Liens au bas des pages
review-profile-aliases = Comptes antérieurs
review-profile-domains = Domaines qui peuvent la nommer comme auteur
review-difference = Ce qui a changé
review-difference-hint = Ce qui a été ôté est barré ; ce qui a été ajouté est souligné.
review-since-approved = Depuis la version { $number }, approuvée en dernier :
review-since-published = Par rapport à ce qui est publié :
review-same = Les mots sont les mêmes.
review-people = Qui l’a écrit, et qui l’a approuvé
review-people-hint = Pour les collègues seulement. Le public apprend combien l’ont approuvé, jamais qui.
review-wrote = Écrit par
review-put-up = Soumis par
review-approvers = Approuvé par
review-nobody-yet = Personne encore

## Ce qu’il faut en faire
review-what-to-do = Que faire
review-over = Plus rien : c’est terminé.
review-submit = Soumettre à approbation
review-take-back = Reprendre, et continuer d’écrire
review-approve = Approuver exactement ceci
review-send-back = Renvoyer
review-remark = Que faut-il changer ?
review-remark-hint = Ses auteurs la liront. Les approbations déjà données tombent.
review-at = Quand il paraît
review-at-hint = À l’heure de { $zone } : jour et heure, comme 2026-11-24 09:30.
review-no-time = Une heure s’écrit comme 2026-11-24 09:30.
review-which = Laquelle ?
review-first = La première, avant que l’heure soit retardée
review-second = La seconde, après que l’heure a été retardée
review-next = La prochaine heure qui existe
review-schedule = Fixer l’heure
review-unschedule = Retirer du calendrier
review-publish = Publier maintenant
review-publish-keys = Remplacer les clés maintenant
review-discard = Abandonner
review-emergency-ask = Publier en urgence …
review-typed = Ce que vous aviez saisi

## En urgence
review-emergency = Publier en urgence
review-emergency-lead = Cela paraît maintenant, sur votre seule parole, quoi que disent les règles de la maison. C’est signalé sur sa page et dans le registre public.
review-emergency-reason = Pourquoi cela ne peut attendre
review-emergency-hint = Tout le monde peut le lire, pour toujours.
review-emergency-do = Publier seul

## Ce qui a été fait
review-done-submit = Il est soumis à approbation.
review-done-take-back = Il est repris. Les approbations déjà données tombent.
review-done-approve = Votre approbation compte.
review-done-send-back = Il est renvoyé à celles et ceux qui l’ont écrit.
review-done-schedule = L’heure est fixée.
review-done-unschedule = Il est retiré du calendrier, et reste approuvé.
review-done-publish = Il est publié.
review-done-emergency = Il est publié, sur votre seule parole. C’est signalé sur sa page et dans le registre.
review-done-discard = Il est abandonné. Ce qui a été écrit reste parmi les brouillons abandonnés.

## Pourquoi quelque chose est retenu
review-hold-late = { $count ->
    [one] Il aurait eu une minute de retard, plus que les règles ne le permettent. Publiez-le maintenant, fixez une autre heure, ou abandonnez-le.
   *[other] Il aurait eu { $count } minutes de retard, plus que les règles ne le permettent. Publiez-le maintenant, fixez une autre heure, ou abandonnez-le.
}
review-hold-approvals = Seules { $have } approbations sur { $need } comptent encore : quelqu’un est parti, ou les règles en demandent davantage. Soumettez-le de nouveau.
review-hold-languages = Il n’existe pas en { $languages }, que les règles demandent désormais. Ajoutez-les, ou dites pourquoi non.
review-hold-refused = Cela ne pouvait plus se faire : { $reason }.

## Le calendrier
calendar-section = Calendrier
calendar-desk = Ce qui est paru, et ce qui paraîtra.
calendar-title = { $month } { $year }
calendar-lead = Ce qui est paru et ce qui paraîtra, à l’heure de { $zone }.
calendar-months = Mois
calendar-today = Aujourd’hui
calendar-withdrawn = Retirée
calendar-nothing = Rien ne paraît :
calendar-periods = Quand rien ne paraît
calendar-period = Du { $from } au { $until } : { $reason }
calendar-held = { $count ->
    [one] Un brouillon de ce mois n’est pas paru à son heure.
   *[other] { $count } brouillons de ce mois ne sont pas parus à leur heure.
}
calendar-month-1 = janvier
calendar-month-2 = février
calendar-month-3 = mars
calendar-month-4 = avril
calendar-month-5 = mai
calendar-month-6 = juin
calendar-month-7 = juillet
calendar-month-8 = août
calendar-month-9 = septembre
calendar-month-10 = octobre
calendar-month-11 = novembre
calendar-month-12 = décembre
calendar-day-1 = lundi
calendar-day-2 = mardi
calendar-day-3 = mercredi
calendar-day-4 = jeudi
calendar-day-5 = vendredi
calendar-day-6 = samedi
calendar-day-7 = dimanche

## Les règles de la maison
rules-section = Règles
rules-desk = Ce qui doit être approuvé, et quand rien ne paraît.
rules-title = Règles de la maison
rules-lead = Comment travaille { $agency }. Le serveur y tient tout le monde, par quelque voie qu’on vienne.
rules-number = Règles numéro { $number }, fixées le
rules-none = Aucune n’est fixée : une seule personne publie aussitôt.
rules-done = Les règles sont fixées, et valent dès maintenant. Le registre public les contient.
rules-theirs = Les règles en vigueur maintenant
rules-overtaken = Quelqu’un d’autre a fixé les règles depuis que vous avez ouvert cette page. Les siennes sont en vigueur, et montrées ici ; les vôtres sont dans le formulaire. Comparez, et fixez-les de nouveau.
rules-needs = Ce qui doit être approuvé
rules-nothing = Rien : une seule personne publie aussitôt
rules-everything = Tout
rules-only = Une partie seulement : les genres et mots-dièse ci-dessous
rules-kinds = Ces genres
rules-hashtags = Tout ce qui porte un de ces mots-dièse
rules-hashtags-hint = Par exemple #élections #impôts. Ce qui change une annonce qui en porte un doit aussi être approuvé.
rules-approving = Qui approuve
rules-by = Combien de personnes doivent approuver
rules-by-hint = De 1 à 5, outre celles qui ont écrit. Personne n’approuve ce qu’il a écrit lui-même.
rules-people = { $count ->
    [one] Une personne, outre celles qui ont écrit
   *[other] { $count } personnes, outre celles qui ont écrit
}
rules-approvers = Les rôles qui approuvent
rules-of-writers = Qui approuve pour qui
rules-of-writers-hint = Pour ce qu’une personne d’un rôle a écrit, qui approuve doit tenir un des rôles cochés. Si rien n’est coché, n’importe quel approbateur suffit.
rules-of-writer = Ce qui a été écrit par : { $role }
rules-writing = Rédaction
rules-languages = Langues dont chaque annonce a besoin
rules-languages-hint = Leurs codes, par exemple en fr. Les réponses ne sont pas visées. Un brouillon peut dire pourquoi il fait exception.
rules-no-languages = Aucune n’est demandée
rules-alt = Images
rules-alt-always = Chaque image a besoin d’un texte de remplacement. Aucune règle ne peut en dispenser.
rules-reading = Indication sur les textes difficiles, au-delà d’un indice de
rules-reading-hint = LIX : 40 environ pour un journal, 50 pour une lettre officielle, 60 pour une loi. Vide, il n’y a pas d’indication. Rien n’est refusé pour cela.
rules-reading-above = Les auteurs reçoivent une indication au-delà d’un indice de { $index }
rules-no-reading = Pas d’indication
rules-time = Temps
rules-zone = Fuseau horaire
rules-zone-hint = Par exemple America/Toronto ou Europe/Zurich. Toutes les heures se lisent à ses horloges.
rules-late = Avec quel retard quelque chose peut encore paraître
rules-late-hint = En minutes, 1440 au plus. Ce que le serveur a manqué de plus est retenu, et signalé ici.
rules-minutes = { $count ->
    [one] Une minute
   *[other] { $count } minutes
}
rules-forbidden = Quand rien ne paraît
rules-forbidden-hint = Par exemple avant une élection. Retraits, désépinglages et nouvelles clés restent possibles, et les urgences.
rules-no-forbidden = Aucune période n’est fixée
rules-period = Période { $count }
rules-period-new = Une période de plus
rules-period-from = Du
rules-period-until = Au
rules-period-why = Pourquoi
rules-period-remove = Ôter cette période
rules-set = Fixer ces règles
rules-set-note = Le registre public contient chacun de leurs changements.
rules-wrong-approvals = On peut demander de 1 à 5 approbations.
rules-wrong-approvers = Choisissez au moins un des deux rôles.
rules-wrong-hashtag = « { $text } » n’est pas un mot-dièse.
rules-wrong-period = Une période a un début, une fin qui vient après, et un motif de 500 caractères au plus.
rules-wrong-late = C’est un nombre de minutes, de 0 à 1440.
rules-wrong-number = C’est un nombre entier, comme 45.
rules-wrong-zone = Ce fuseau n’existe pas. Les fuseaux se nomment comme Europe/Zurich ou America/Toronto.
rules-too-many = { $count ->
   *[other] C’est plus qu’on ne peut nommer : { $count } au plus.
}
