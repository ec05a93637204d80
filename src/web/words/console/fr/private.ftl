# Réponses aux messages privés.

private-conversation = En privé
private-answer = réponse privée
private-withdrawn = Retirée
private-withdraw = Retirer cette réponse
private-form-lead = Ceci s’adresse à une seule personne, et à nulle autre :
private-reason-hint = Pour le personnel. Son serveur est prié d’effacer la réponse, sans qu’aucune raison lui soit donnée.
private-look = Telle qu’une seule personne la verra :
private-withdrawal-look = Son serveur est prié d’effacer la réponse. La raison reste au sein du personnel :
private-review = Elle répond à un message privé, et ne va qu’à son auteur :
private-review-withdrawal = Elle retire une réponse privée. Seul le serveur de son destinataire en est informé.
private-error-not-fit = Une réponse privée n’a ni images, ni sondage, ni texte long.
private-error-public = On ne répond pas en public à ce qui a été écrit en privé.
private-error-emergency = La réponse à un message privé attend celles et ceux qui peuvent le lire : une urgence est annoncée publiquement.
queue-answered-in-private = Répondu en privé
queue-trouble-not-answered = Aucune réponse en place ne peut être retirée.
act-message-answered = A répondu en privé
act-answer-withdrawn = A retiré une réponse privée
