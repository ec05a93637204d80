# Answers to private messages.

private-conversation = In private
private-answer = private answer
private-withdrawn = Withdrawn
private-withdraw = Withdraw this answer
private-form-lead = This goes to one person and nobody else:
private-reason-hint = For the staff. Their server is asked to delete the answer, and is told no reason.
private-look = As one person alone will see it:
private-withdrawal-look = Their server is asked to delete the answer. The reason stays with the staff:
private-review = It answers a private message, and goes to nobody but its author:
private-review-withdrawal = It takes back a private answer. Nobody but its reader’s server is told.
private-error-not-fit = A private answer has no pictures, no poll and no long text.
private-error-public = What was written in private is not answered in public.
private-error-emergency = An answer to a private message waits for those who may read it: an emergency is told in public.
queue-answered-in-private = Answered in private
queue-trouble-not-answered = No answer stands that could be withdrawn.
act-message-answered = Answered in private
act-answer-withdrawn = Withdrew a private answer
