# Metrics: names and explanations of the dictionary. Other capabilities keep the names of theirs in their own files.

metric-cases-taken-in = Cases taken in
metric-cases-taken-in-about = Cases that came, on the day on which the customer came (also when they were entered later), including those that are later rejected or merged.
metric-cases-accepted = Cases accepted
metric-cases-accepted-about = Cases that somebody took on, on that day.
metric-cases-resolved = Cases resolved
metric-cases-resolved-about = Cases that were finished and wait for the customer's word, on that day; one that is reopened and resolved again counts again.
metric-cases-closed = Cases closed
metric-cases-closed-about = Cases closed by the customer's word or by rule, on that day.
metric-cases-reopened = Cases reopened
metric-cases-reopened-about = How often a resolved or closed case was opened again, on that day.
metric-cases-open-change = Change in open cases
metric-cases-open-change-about = Cases taken in less cases that ended in the days chosen; from the first day on it is the number that is open now.
metric-cases-deadlines-missed = Deadlines missed
metric-cases-deadlines-missed-about = Deadlines that passed before the work was done, on the day they passed. One case can have several.
metric-cases-deadlines-on-time = Deadlines kept
metric-cases-deadlines-on-time-about = Deadlines met ÷ deadlines that ended (met and missed).
metric-cases-first-answer-minutes = Time to first answer (mean)
metric-cases-first-answer-minutes-about = Minutes from intake to the first answer to the customer, mean, rounded to whole minutes; only cases that were answered.
metric-cases-resolution-hours = Time to resolution (mean)
metric-cases-resolution-hours-about = Hours from intake to resolution, mean, rounded to whole hours; only cases that were resolved.
metric-cases-plans-proposed = Plans proposed
metric-cases-plans-proposed-about = Plans sent to customers for their word; a changed plan that is sent again counts again.
metric-cases-plans-declined = Plans declined
metric-cases-plans-declined-about = Plans that customers did not agree to, on the day of their answer.

# Units. $n is the number.
metrics-unit-count = { $n }
metrics-unit-minutes = { $n } min
metrics-unit-working-minutes = { $n } min of working time
metrics-unit-hundredths = { $n } points
metrics-direction-up = Higher is better
metrics-direction-down = Lower is better
metrics-direction-neutral = Neither is better

metrics-dimension-kind = Kind
metrics-dimension-channel = Channel
metrics-by-total = Total
metrics-by-day = By day
metrics-by-store = By store

metrics-none = No data
metrics-none-about = There are no records to compute it from, so it is not 0.
metrics-of = { $part } of { $whole }
metrics-estimated = about { $n }
metrics-estimated-about = Estimated from a histogram; the true value is between { $low } and { $high }.
metrics-records = Show these records
