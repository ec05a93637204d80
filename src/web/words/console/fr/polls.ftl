poll-error-options = Un sondage a deux à dix options.
poll-error-length = Une option de sondage a de 1 à 100 caractères.
poll-error-twice = Deux options du sondage sont identiques : { $text }
poll-error-time = Un sondage dure au moins cinq minutes et au plus 31 jours.
poll-error-changed = Les choix d’un sondage restent tels qu’ils ont été publiés. Retirez l’annonce et posez la question à nouveau.

poll-title = Sondage
poll-ask = Demander aux lecteurs de choisir
poll-options = Choix
poll-options-hint = De deux à dix, un par ligne. Ils restent tels qu’ils sont publiés. Sans choix, pas de sondage.
poll-several = On peut en choisir plusieurs
poll-term = Il dure
poll-term-kept = Comme il a été fixé
poll-note = Ce n’est pas un vote secret : le serveur du lecteur sait ce qui a été choisi, et celui-ci jusqu’à dix minutes après la fin.
poll-minutes = { $count ->
    [one] Une minute
   *[other] { $count } minutes
}
poll-hours = { $count ->
    [one] Une heure
   *[other] { $count } heures
}
poll-days = { $count ->
    [one] Un jour
   *[other] { $count } jours
}
