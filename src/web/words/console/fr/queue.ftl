# Ce que les citoyens ont envoyé, les modèles de réponse et les chiffres.

## La file
queue-title = File
queue-lead = Ce que les citoyens ont envoyé, en commençant par ce qui attend depuis le plus longtemps. Qui prend quelque chose le garde dix minutes.
queue-kind-reply = Réponse
queue-kind-mention = Mention
queue-kind-message = Message privé
queue-kind-quote = Citation
queue-kind-report = Signalement
queue-filter = Choisir ce qui est affiché
queue-which = Afficher
queue-which-open = À traiter
queue-which-overdue = En retard
queue-which-mine = Les miens
queue-which-closed = Répondu ou terminé
queue-which-everything = Tout
queue-kind = Genre
queue-all-kinds = Tous les genres
queue-thread = Au sujet de
queue-all-threads = Toutes les annonces
queue-language = Langue
queue-all-languages = Toutes les langues
queue-show = Afficher
queue-empty = Rien ici. Personne n’attend.
queue-pages = Suite de la file
queue-first-page = Première page
queue-next-page = Page suivante
queue-overdue = En retard
queue-overdue-count = { $count } en retard
queue-state-answered = Répondu
queue-state-done = Terminé
queue-about = au sujet de
queue-held-by = { $name } s’en occupe
queue-assigned-to = pour { $name }
queue-from-server = Un autre serveur
queue-warning = Avertissement :
queue-boosts-title = Partages
queue-boosts = { $count ->
    [one] partagée une fois
   *[other] partagée { $count } fois
}

## Une entrée
queue-standing = Où cela en est
queue-free = Personne ne s’en occupe.
queue-yours = Vous vous en occupez
queue-until = jusqu’au
queue-answered-by = Répondu
queue-take = Prendre
queue-renew = Dix minutes de plus
queue-release = Rendre
queue-mark-done = Marquer comme terminé
queue-reopen = Rouvrir
queue-assign = Pour
queue-nobody = Personne en particulier
queue-assign-do = Attribuer
queue-words = Ce qui a été dit
queue-announcement = Vous avez annoncé
queue-open-announcement = Ouvrir l’annonce
queue-report-about = Cela concerne :
queue-at-author = Sur le serveur de l’auteur
queue-answer = Répondre
queue-answer-lead = Cela commence un brouillon, approuvé et publié comme tout autre. Tant qu’il existe, personne n’en commence un second.
queue-answer-do = Commencer la réponse
queue-answer-closed = C’est répondu ou terminé. Rouvrez l’entrée pour y répondre.
queue-private-lead = Ceci a été écrit en privé. La réponse ne va qu’à son auteur, et seuls celles et ceux qui peuvent lire les messages privés la voient, dans les brouillons aussi. Qui l’approuve doit en faire partie.
queue-report-lead = Un signalement vient d’un autre serveur, qui ne dit à personne le nom de son auteur. Notez ce que vous avez constaté et marquez l’entrée comme terminée.
queue-draft-stands = Une réponse est en cours de rédaction. Il n’y en a qu’une à la fois.
queue-draft-open = Ouvrir le brouillon
queue-template = Commencer par
queue-no-template = Un texte vide
queue-notes = Notes pour les collègues
queue-notes-none = Pas encore de notes.
queue-note = Nouvelle note
queue-note-hint = Seul le personnel la lit. Elle est détruite avec ce dont elle parle.
queue-note-do = Noter
queue-others = De la même personne
queue-done-taken = C’est à vous pour dix minutes.
queue-done-released = D’autres peuvent maintenant le prendre.
queue-done-assigned = C’est attribué.
queue-done-noted = La note est enregistrée.
queue-done-done = C’est terminé.
queue-done-reopened = C’est de nouveau à traiter.
queue-trouble-in-hands = Quelqu’un d’autre s’en occupe. Attendez que cette personne le rende, ou que ses dix minutes soient passées.
queue-trouble-closed = C’est déjà répondu ou terminé. Rouvrez d’abord l’entrée.
queue-trouble-open = L’entrée est déjà à traiter.
queue-trouble-being-answered = Une réponse est déjà en cours de rédaction. Ouvrez plutôt ce brouillon.
queue-trouble-no-answer = On ne peut pas y répondre d’ici.
queue-trouble-draft = Le brouillon n’a pas pu être commencé. Essayez un autre modèle.
queue-trouble-note = Une note compte de 1 à 2 000 caractères.
queue-trouble-nobody = Cette personne ne peut pas s’en occuper : choisissez quelqu’un dans la liste.

## Dans les règles
queue-rules-answer = Combien de temps un citoyen attend au plus
queue-rules-answer-hint = En heures, de 1 à 8784. Ce qui attend plus longtemps est en retard dans la file.
queue-rules-wrong = C’est un nombre d’heures, de 1 à 8784.

## Les modèles
template-title = Modèles
template-lead = Des textes pour commencer une réponse. Qui répond peut les modifier.
template-new = Un nouveau modèle
template-name = Nom
template-language = Langue
template-language-hint = Son code, comme fr, en ou es-MX.
template-text = Texte
template-add = Ajouter le modèle
template-remove = Supprimer le modèle
template-remove-lead = Les réponses commencées avec lui restent comme elles sont.
template-done-saved = Le modèle est enregistré.
template-done-removed = Le modèle est supprimé.
template-trouble = Un modèle a besoin d’un nom de 100 caractères au plus et d’un texte de 5 000 au plus.
template-trouble-taken = Il y a déjà un modèle de ce nom dans cette langue.
template-trouble-many = Il y a 200 modèles, autant qu’il peut y en avoir. Supprimez-en d’abord un.
template-trouble-language = Ce n’est pas un code de langue. Écrivez fr, en ou es-MX, par exemple.

## Les chiffres
numbers-title = Chiffres
numbers-lead = Ce que donne le dialogue. Rien n’est compté sur une personne seule.
numbers-few = moins de 20
numbers-none = –
numbers-median = Délai médian de réponse
numbers-answers = Réponses de l’organisme
numbers-open = À traiter maintenant
numbers-overdue = En retard maintenant
numbers-within = (après { $time })
numbers-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
numbers-hours = { $count ->
    [one] 1 heure
   *[other] { $count } heures
}
numbers-by = Semaines ou mois
numbers-by-week = Par semaine
numbers-by-month = Par mois
numbers-over-time = Au fil du temps
numbers-picture = { $what } au fil du temps, { $count } au plus ; le tableau ci-dessous contient tous les chiffres.
numbers-most = { $count } au plus
numbers-begins = Début
numbers-followers = Abonnés
numbers-replies = Réponses et mentions
numbers-boosts = Partages
numbers-quotes = Citations
numbers-announcements = Par annonce
numbers-no-announcements = Rien n’a encore été annoncé.
numbers-announcement = Annonce
numbers-languages = Par langue
numbers-languages-lead = Comme l’indiquent les serveurs des auteurs. Les langues de moins de 20 réponses sont omises.
numbers-language = Langue
numbers-no-language = non indiquée
numbers-note = Les groupes de moins de 20 ne sont pas distingués. Des messages privés, seules comptent les réponses et le temps qu’elles ont pris. Pour les jours d’avant la file, seuls ceux qui le sont encore sont comptés comme abonnés.
numbers-csv = Télécharger en CSV
