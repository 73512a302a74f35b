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

# One rating, noting by phone, excluding
surveys-detail-title = Rating
surveys-open = Open
surveys-show-skipped = Not asked
surveys-show-flagged = Doubtful
surveys-show-excluded = Excluded
surveys-show-recovered = Made up for
surveys-show-nps = Answered on recommending
surveys-show-effort = Answered on effort
surveys-empty-skipped = No customers were left out
surveys-empty-flagged = No doubtful ratings
surveys-empty-excluded = No ratings were excluded
surveys-empty-recovered = No ratings were made up for yet
surveys-empty-nps = Nobody has answered on recommending yet
surveys-empty-effort = Nobody has answered on effort yet
surveys-not-asked = Not asked
surveys-skipped-anonymous = The customer is unnamed
surveys-skipped-imported = An old case, taken over from elsewhere
surveys-skipped-kind = Cases of this kind are not asked about
surveys-skipped-no-phone = No phone number
surveys-skipped-no-consent = The customer has not agreed to be contacted
surveys-skipped-quiet = Asked not long ago
surveys-skipped-rule = Decided by version { $version } of the rule; staff cannot change it.
surveys-to-send = Goes out { $at }
surveys-facts = What happened
surveys-invited-at = Invited
surveys-send-at = Goes out
surveys-answered-at = Answered
surveys-answered-by = How
surveys-by-link = By the customer's link
surveys-by-phone = By phone
surveys-rule = Rule
surveys-rule-version = Version { $n }
surveys-unsaid = Not answered
surveys-nobody = Nobody
surveys-flagged = Doubt
surveys-flagged-own-staff = Staff signed in
surveys-flagged-own-network = Store network
surveys-flagged-about-own-staff = A member of staff was signed in in that browser
surveys-flagged-about-own-network = Staff of the store sign in from the same network
surveys-phone = Note a rating by phone
surveys-phone-title = Note a rating by phone
surveys-phone-about = Noted by somebody who did not work on the case, and marked as a rating by phone.
surveys-phone-say = Hello, were you satisfied with our service? 1 is very bad, 5 is very good; please say what you think.
surveys-phone-save = Save rating
surveys-exclude = Exclude this rating…
surveys-exclude-title = Exclude
surveys-exclude-about = Only headquarters may, with a reason. The rating stays as it is but leaves the numbers; count and rate are published by store.
surveys-exclude-reason = Reason
surveys-restore = Count it again
surveys-restore-title = Count it again
surveys-excluded = Excluded by headquarters
surveys-excluded-by-store = Ratings excluded by headquarters (last 90 days, by store)
surveys-excluded-n = Excluded / all
surveys-excluded-rate = Rate
surveys-recovery-owner = Who
surveys-recovery-due = Until
surveys-recovery-late = Overdue
surveys-recovery-until = until { $at }
surveys-hand-over = Give to
surveys-hand-over-do = Hand over
surveys-gone-not-asked = No rating was asked for this time
    .about = The company's rule says who is asked. To tell us something, call the store: it will be recorded.
surveys-gone-not-yet = You cannot rate yet
    .about = Your case is not finished. We will ask you when it is.

# Rule
surveys-rule-menu = Surveys
surveys-rule-title = Survey rule
surveys-rule-about = A rule says who is asked, never staff. A change makes a new version; each invitation keeps the version that decided.
surveys-rule-kinds = Kinds after which customers are asked
surveys-rule-kinds-hint = With none chosen nobody is asked.
surveys-rule-delay = Hours after closing
surveys-rule-delay-hint = 0 to 168. No messages between 21:00 and 08:00; they wait until the morning.
surveys-rule-quiet = Quiet time (days)
surveys-rule-quiet-hint = 0 to 365. In these days a customer is asked once; 0 asks after every case.
surveys-rule-recovery = Time to make up for a low rating (hours)
surveys-rule-recovery-hint = 1 to 336. Ratings of 1 and 2 are to be made up for.
surveys-rule-consent = Ask only those who agreed to be contacted
surveys-rule-consent-hint = Customers without “agreed to be contacted” in their file count as not asked.
surveys-rule-reason = Why this change
surveys-rule-save = Save as a new version
surveys-rule-from-now = Holds for cases closed from now on; what was sent stays.
surveys-rule-history = Versions
surveys-rule-col-version = Version
surveys-rule-col-says = Rule
surveys-rule-col-reason = Reason
surveys-rule-col-who = Changed by
surveys-rule-shipped = Shipped
surveys-rule-and = {", "}
surveys-rule-delay-n = { $n ->
    [0] at closing
   *[other] { $n } h after closing
}
surveys-rule-quiet-n = { $n ->
    [0] no quiet time
   *[other] quiet for { $n } days
}
surveys-rule-recovery-n = made up for within { $n } h
surveys-rule-consent-yes = only with consent
surveys-rule-consent-no = everybody with a number
surveys-rule-stale = Somebody has just changed the rule
surveys-rule-stale-about = What you typed is kept. Look at the newest version and save again.

# Timeline
surveys-verb-skipped = Not asked to rate, by rule
surveys-verb-sent = Sent the invitation to rate
surveys-verb-handed-over = Handed the making up over
surveys-verb-excluded = Excluded the rating
surveys-verb-restored = Counted the rating again

# Faults
fault-surveys-not-asked = The rule did not ask this customer to rate
    .about = A rule says who is asked, never staff.
fault-surveys-not-yet = The case is not closed, so it cannot be rated
    .about = After closing the customer is asked by rule.
fault-surveys-own-work = You worked on this case, so you cannot note its rating
    .about = Ask a colleague who did not work on it to call.
fault-surveys-answered-already = The customer has rated already
    .about = Go back to the rating.
fault-surveys-no-answer = There is no rating to exclude
    .about = The customer has not answered yet.
fault-surveys-excluded-already = This rating is excluded already
    .about = A colleague may have done it; reload the page.
fault-surveys-counts-already = This rating counts already
    .about = A colleague may have done it; reload the page.

# Metrics
metrics-dimension-reason = Reason
surveys-reason-anonymous = Unnamed customer
surveys-reason-imported = Old case
surveys-reason-kind = Kind not asked about
surveys-reason-no-phone = No number
surveys-reason-no-consent = No consent
surveys-reason-quiet = Quiet time
metric-surveys-skipped = Customers not asked
metric-surveys-skipped-about = Closed cases whose customers were not asked, by rule, on the day of closing, by reason.
metric-surveys-excluded = Ratings excluded
metric-surveys-excluded-about = Ratings that headquarters excluded less those counted again, on the day of exclusion.
metric-surveys-excluded-rate = Share of ratings excluded
metric-surveys-excluded-rate-about = Ratings excluded in the period ÷ all ratings received in it.
metric-surveys-recovered-in-time = Made up for in time
metric-surveys-recovered-in-time-about = Low ratings made up for within the deadline ÷ all that were made up for, on the day of making up.

# Permissions
permission-surveys-note = Note ratings by phone
permission-surveys-exclude = Exclude ratings
permission-surveys-settings = Change the survey rule

surveys-wechat = Invitation to rate, for WeChat
fault-surveys-no-link = There is no public HTTPS address, so there is no link to invite with
    .about = Ask the administrator to start the program with --public-url https://…
