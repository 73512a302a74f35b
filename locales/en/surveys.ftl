# Satisfaction
surveys-menu = Satisfaction
surveys-title = Satisfaction
surveys-about = Every customer of a closed case is invited, by rule and never by choice of staff.
surveys-numbers = Numbers
surveys-tabs = Filter ratings
surveys-narrowed = You see filtered ratings
surveys-show-answered = Answered
surveys-show-low = Low
surveys-show-recovery = To make up
surveys-show-unanswered = Unanswered
surveys-show-invited = All invitations
surveys-col-rating = Rating
surveys-col-case = Case
surveys-col-more = Other answers
surveys-col-store = Store
surveys-col-when = When
surveys-col-recovery = Making up
surveys-empty-answered = No ratings yet
surveys-empty-low = No low ratings
surveys-empty-recovery = Nothing to make up for
surveys-empty-unanswered = No customer still has to answer
surveys-empty-invited = No invitations yet
surveys-empty-about = When a case is closed its customer is invited; the answers appear here.
surveys-empty-filtered = No ratings with these filters
surveys-empty-filtered-about = Choose other days or another store, or clear the filters.
surveys-to-cases = Go to cases
surveys-none-yet = Not rated
surveys-sent = Text sent
surveys-not-sent = Not sent: no public address; make a rating link on the case
surveys-nps-n = Recommend { $n } / 10
surveys-effort-n = Ease { $n } / 5

# Making up
surveys-recover = Record making up
surveys-recovery-open = To make up
surveys-recovery-done = Made up
surveys-recover-title = Record making up
surveys-recover-note = What was done
surveys-recover-note-hint = Whom you reached, what you did and what the customer said. It cannot be changed later.
surveys-recover-done = Save making up
surveys-recover-stale = This rating has just changed
surveys-recover-stale-about = Your changes are kept. Look at the rating as it is now and save once more.
surveys-low-note = The customer rated { $csat } out of 5. { $words }

# The customer's page
surveys-rate-title = How was this service?
surveys-tap = One tap sends it
surveys-csat-1 = Very bad
surveys-csat-2 = Bad
surveys-csat-3 = So-so
surveys-csat-4 = Good
surveys-csat-5 = Very good
surveys-thanks = Received, thank you.
surveys-thanks-open = You can change it for 24 hours. The rest is optional.
surveys-low-customer = We are sorry. The store sees your rating and will contact you; you need not explain again.
surveys-promise = One tap sends it. Good or bad, it stays: the store cannot remove it.
surveys-closed = We have your rating, thank you.
surveys-closed-about = It was sent more than 24 hours ago and can no longer be changed. Call the store if something is left.
surveys-solved = Is the problem solved?
surveys-solved-yes = Yes
surveys-solved-partly = Partly
surveys-solved-no = No
surveys-effort = How easy was it?
surveys-effort-1 = Very hard
surveys-effort-2 = Hard
surveys-effort-3 = So-so
surveys-effort-4 = Easy
surveys-effort-5 = Very easy
surveys-nps = Would you recommend us?
surveys-nps-hint = 0 not at all, 10 very likely
surveys-words = Anything else
surveys-send-more = Send the rest
surveys-gone-unknown = This link does not open
    .about = Check that the address is complete. Or call the store: your phone number is enough to find the case.
surveys-gone-expired = This link has expired
    .about = Rating links are good for a limited time. Call the store to get a new one.
surveys-gone-revoked = This link was withdrawn
    .about = The store withdrew this link. Call the store to get a new one.
surveys-gone-answered = We have your rating, thank you
    .about = It was sent more than 24 hours ago and can no longer be changed. Call the store if something is left.

# Timeline
surveys-verb-invited = Invitation to rate
surveys-verb-answered = Rated
surveys-verb-low-rating = Low rating, to be made up for
surveys-verb-recovered = Making up recorded

# Faults
fault-surveys-answered = This rating is older than 24 hours and can no longer be changed
    .about = Call the store if something is left.
fault-surveys-nothing-to-recover = This rating needs no making up
    .about = Somebody may have recorded it already; look at the list.

# Metrics
metric-surveys-invited = Rating invitations
metric-surveys-invited-about = Cases whose customer was invited to rate by rule after closing, once each, on the day of the invitation.
metric-surveys-answered = Ratings
metric-surveys-answered-about = Ratings given, on the day of the first answer.
metric-surveys-response = Response rate
metric-surveys-response-about = Ratings of the period ÷ invitations of the period.
metric-surveys-csat = Satisfaction (mean)
metric-surveys-csat-about = Mean of ratings from 1 to 5 with two decimals; the base is the number of ratings.
metric-surveys-satisfied = Satisfied customers
metric-surveys-satisfied-about = Ratings of 4 and 5 ÷ all ratings.
metric-surveys-low = Low ratings
metric-surveys-low-about = Ratings of 1 and 2; each has to be made up for.
metric-surveys-nps = Net promoter score
metric-surveys-nps-about = (Those at 9–10 − those at 0–6) ÷ those who answered the question.
metric-surveys-effort = Ease (mean)
metric-surveys-effort-about = Mean from 1 (very hard) to 5 (very easy) of those who answered the question.

# Permissions
permission-group-surveys = Satisfaction
permission-surveys-view = See ratings
permission-surveys-recover = Record making up
