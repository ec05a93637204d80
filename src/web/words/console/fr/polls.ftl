poll-error-options = Un sondage a deux à dix options.
poll-error-length = Une option de sondage a de 1 à 100 caractères.
poll-error-twice = Deux options du sondage sont identiques : { $text }
poll-error-time = Un sondage dure au moins cinq minutes et au plus 31 jours.
poll-error-changed = Les choix d’un sondage restent tels qu’ils ont été publiés. Retirez l’annonce et posez la question à nouveau.
