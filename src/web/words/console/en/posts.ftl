# An announcement of several posts, in English.

post-add = Add another post
post-add-hint = Saves what is written. Posts go out together and in order; each answers the one before.
post-number = Post { $count }
post-of = Post { $number } of { $of }
post-up = Move up
post-remove = Remove this post
post-together = These { $count } posts go out together, in this order; each answers the one before.
post-pictures = Add pictures
post-picture-add = Add a picture to post { $count }
post-alt-new = Text alternative of the picture that you add to post { $count }
post-too-many-files = At most { $count } pictures can be sent at once. Save in between.

post-done-added = Saved. There is another post below.
post-done-removed = Saved. The post is removed; what was written of it is among the versions.
post-done-moved = Saved. The post is moved up.
post-done-left-out = Saved. Posts at the end without text were left out.

post-error-too-many = An announcement has at most { $count } posts.
post-error-answer = Only an announcement has several posts. An answer is one.
post-error-in = Post { $number }: { $error }

post-diff = Post { $number }
post-diff-moved = Post { $number }, which was post { $was }
post-diff-added = Post { $number }, which is new
post-diff-removed = What was post { $was }, which is removed
post-diff-same = Nothing in it is different.
post-diff-other = The words are the same; a picture, its focal point or the poll is not.
