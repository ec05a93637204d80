# Une annonce en plusieurs messages, en français.

post-add = Ajouter un message
post-add-hint = Enregistre ce qui est écrit. Les messages partent ensemble et dans l’ordre ; chacun répond au précédent.
post-number = Message { $count }
post-of = Message { $number } sur { $of }
post-up = Monter
post-remove = Supprimer ce message
post-together = Ces { $count } messages partent ensemble, dans cet ordre ; chacun répond au précédent.
post-pictures = Ajouter des images
post-picture-add = Ajouter une image au message { $count }
post-alt-new = Texte de remplacement de l’image que vous ajoutez au message { $count }
post-too-many-files = On peut envoyer au plus { $count } images à la fois. Enregistrez entre-temps.

post-done-added = Enregistré. Il y a un message de plus ci-dessous.
post-done-removed = Enregistré. Le message est supprimé ; ce qui en était écrit reste dans les versions.
post-done-moved = Enregistré. Le message est monté d’une place.
post-done-left-out = Enregistré. Les messages sans texte à la fin ont été écartés.

post-error-too-many = Une annonce a au plus { $count } messages.
post-error-answer = Seule une annonce a plusieurs messages. Une réponse n’en a qu’un.
post-error-in = Message { $number } : { $error }

post-diff = Message { $number }
post-diff-moved = Message { $number }, qui était le message { $was }
post-diff-added = Message { $number }, nouveau
post-diff-removed = L’ancien message { $was }, supprimé
post-diff-same = Rien n’y a changé.
post-diff-other = Les mots sont les mêmes ; une image, son point focal ou le sondage ne l’est pas.
