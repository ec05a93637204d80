article-error-title = Un texte long a besoin d’un titre de 1 à 150 caractères.
article-error-empty = Un texte long a besoin d’un texte en plus de son titre. Laissez les deux vides s’il ne doit pas y en avoir.
article-error-too-long = Le texte long a { $length } caractères ; { $longest } au plus sont acceptés. Raccourcissez-le.

article-section = Texte long
article-write = Écrire aussi un texte long, sur une page à part
article-lead = Le texte ci-dessus en est alors le résumé, et le message que reçoivent les abonnés : le titre et l’adresse de la page sont placés dessous. Laissez les deux vides s’il n’y a pas de texte long.
article-title = Titre
article-title-hint = Une ligne ou deux, 150 caractères au plus.
article-text = Texte long
article-text-hint = Markdown, avec aussi des titres (##), des tableaux et des filets (---). Il n’avertit personne. Les images vont avec l’annonce.
article-length = Texte long : { $length } caractères sur { $longest }.
article-minutes = { $count ->
    [one] Environ une minute de lecture.
   *[other] Environ { $count } minutes de lecture.
}
article-hard = Le texte long est difficile à lire : indice { $index }, alors que { $limit } est souhaité. La phrase la plus longue a { $words } mots.
article-look = Le texte long, sur sa page
article-no-title = Le titre manque.
article-empty = Le texte manque.
article-card = Le message devient une carte comme celle-ci : chaque serveur lit lui-même le titre et l’image.
