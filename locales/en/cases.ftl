# Cases: states, commands, deadlines, fields, timeline and refusals. The pages' own words are in cases-pages.ftl.

cases-kind-inquiry = Inquiry
cases-kind-repair = Repair
cases-kind-installation = Installation
cases-kind-feedback = Feedback
cases-kind-complaint = Complaint
cases-kind-return = Return

cases-channel-counter = In store
cases-channel-phone = Phone
cases-channel-web = Web
cases-channel-qr = QR code
cases-channel-mail = Mail
cases-channel-api = API
cases-channel-import = Import

cases-priority-urgent = Urgent
cases-priority-high = High
cases-priority-normal = Normal
cases-priority-low = Low

cases-state-new = New
cases-state-accepted = Accepted
cases-state-analysing = Analysing
cases-state-plan-proposed = With the customer
cases-state-executing = In progress
cases-state-waiting = Waiting
cases-state-resolved = Resolved
cases-state-closed = Closed
cases-state-rejected = Not taken on
cases-state-cancelled = Withdrawn
cases-state-merged = Merged

cases-category-open = In progress
cases-category-waiting = Waiting
cases-category-resolved = Resolved, not confirmed
cases-category-closed = Closed
cases-category-void = Void

cases-step-1 = Request
cases-step-2 = Intake
cases-step-3 = Analysis and plan
cases-step-4 = Confirmation and work
cases-step-5 = Effect
cases-step-6 = Satisfaction

cases-stage-acknowledge = Accept
cases-stage-first-answer = First answer
cases-stage-plan = Plan
cases-stage-customer-answer = Customer confirms the plan
cases-stage-solution = Finish the work
cases-stage-confirm = Customer confirms the result
cases-stage-next-answer = Tell the customer again

cases-wait-customer = Waiting for the customer
cases-wait-supplier = Waiting for the supplier
cases-wait-parts = Waiting for parts
cases-wait-appointment = Waiting for the appointment
cases-wait-approval = Waiting for approval

cases-outcome-fixed = Fixed
cases-outcome-answered = Answered
cases-outcome-replaced = Exchanged
cases-outcome-refunded = Refunded
cases-outcome-compensated = Compensated
cases-outcome-no-fault = No fault found
cases-outcome-unrepairable = Cannot be repaired
cases-outcome-other = Other


cases-wish-unsaid = Not said
cases-wish-repair = Repair
cases-wish-exchange = Exchange
cases-wish-refund = Refund

cases-party-customer = Customer
cases-party-store = Store
cases-party-maker = Maker
cases-party-insurer = Warranty insurer

cases-proof-link = Confirmation link
cases-proof-counter = Signed at the counter
cases-proof-phone = Phone

cases-plan-proposed = With the customer
cases-plan-confirmed = Confirmed by the customer
cases-plan-declined = Declined by the customer
cases-plan-superseded = Replaced by a newer plan

cases-visibility-public = To the customer
cases-visibility-internal = Internal note

cases-direction-in = From the customer
cases-direction-out = From us

cases-purpose-track = Tracking link
cases-purpose-decide = Confirmation link
cases-purpose-rate = Rating link

cases-command-accept = Accept
cases-command-assign = Assign
cases-command-analyse = Start analysis
cases-command-propose = Propose plan
cases-command-confirm = Record customer’s yes
cases-command-decline = Record customer’s no
cases-command-wait = Wait
cases-command-resume = Go on
cases-command-resolve = Mark as resolved
cases-command-close = Close
cases-command-reopen = Open again
cases-command-reject = Do not take on
cases-command-cancel = Withdraw
cases-command-merge = Merge into another case

# What happened, in the timeline
cases-verb-taken-in = Request taken in
cases-verb-accepted = Accepted
cases-verb-assigned = Assigned
cases-verb-analysed = Analysis started
cases-verb-plan-proposed = Plan proposed
cases-verb-confirmed = Customer confirmed the plan
cases-verb-declined = Customer declined the plan
cases-verb-escalated = Third refusal: passed to the store manager
cases-verb-waiting = Set to waiting
cases-verb-resumed = Work goes on
cases-verb-resolved = Marked as resolved
cases-verb-closed = Closed
cases-verb-reopened = Opened again
cases-verb-rejected = Not taken on
cases-verb-cancelled = Withdrawn
cases-verb-merged = Merged into another case
cases-verb-message-posted = Message
cases-verb-link-issued = Customer link made
cases-verb-links-revoked = Customer links taken back
cases-verb-deadline-near = Deadline near
cases-verb-deadline-missed = Deadline missed
cases-verb-customer-silent = No answer from the customer in time

# Fields in the timeline
cases-field-state = State
cases-field-kind = Kind
cases-field-channel = Channel
cases-field-priority = Priority
cases-field-owner = Owner
cases-field-team = Team
cases-field-customer = Customer
cases-field-subject = Subject
cases-field-body = What the customer said
cases-field-wish = Customer hopes for
cases-field-upset = Upset
cases-field-product = Product
cases-field-serial = Serial number
cases-field-external-id = External number
cases-field-wait-reason = Waiting for
cases-field-wait-until = Until
cases-field-wait-owner = Followed up by
cases-field-outcome = Result
cases-field-cause = Cause
cases-field-result-note = What was done
cases-field-merged-into = Merged into
cases-field-reason = Reason
cases-field-note = Note
cases-field-proof = Proof
cases-field-proof-note = Note of the call
cases-field-revision = Version
cases-field-findings = Findings
cases-field-option = Plan
cases-field-customer-pays = Customer pays
cases-field-chosen = Chosen option
cases-field-stage = Deadline
cases-field-due = Due
cases-field-purpose = Purpose
cases-field-links = Links
cases-field-to = Told
cases-field-declined = Refusals
cases-field-yes = Yes
cases-field-no = No

permission-group-cases = Cases
permission-cases-view = See cases
permission-cases-take-in = Take cases in
permission-cases-work = Work on cases
permission-cases-assign = Assign cases
permission-cases-close = Close without the customer’s word
permission-cases-reject = Not take cases on
permission-cases-export = Export cases

# Why something cannot be done now
fault-cases-side = This step belongs to somebody else
    .about = Reload the page to see what can be done now.
fault-cases-over = This case is over
    .about = If it was closed recently, open it again; else take in a new case and name this number.
fault-cases-accept-first = Accept the case first
    .about = Choose “Accept” and an owner.
fault-cases-accepted-already = Somebody has accepted it already
    .about = Reload the page to see who; use “Assign” to pass it on.
fault-cases-past = The case is past this step
    .about = Reload the page to see where it stands.
fault-cases-waiting = The case is waiting
    .about = Choose “Go on” first.
fault-cases-not-waiting = The case is not waiting
    .about = Reload the page to see where it stands.
fault-cases-not-waiting-for-customer = We are not waiting for you now
    .about = We will tell you when something happens. To add something, write a message.
fault-cases-no-plan = No plan is with the customer
    .about = Propose a plan first, or reload the page to see whether it is confirmed.
fault-cases-plan-first = The customer has not confirmed a plan yet
    .about = Propose a plan and get the customer’s yes before you mark the case as resolved.
fault-cases-option-unknown = The plan has no such option; it has { $options }
    .about = Reload the page and choose from the present plan.
fault-cases-resolved-already = The case is marked as resolved already
    .about = If something is still wrong, open it again and say what.
fault-cases-not-resolved = Not resolved yet, so it cannot be closed
    .about = Mark it as resolved first; if the customer no longer wants it, withdraw it.
fault-cases-not-done-yet = The case is still being worked on
    .about = To add something, write a message.
fault-cases-reopen-window = Closed more than { $days } days ago, so it cannot be opened again
    .about = Take in a new case and name this number.
fault-cases-reject-only-new = A case that was accepted cannot be turned down
    .about = Withdraw it if the customer no longer wants it; merge it if it is a duplicate.
fault-cases-cancel-call = Work has begun, so it cannot be withdrawn here
    .about = Please call the store.
fault-cases-merge-itself = A case cannot be merged into itself
    .about = Give another case’s number.
fault-cases-merge-late = A plan has been proposed, too late to merge
    .about = Name each case’s number in the other and finish both.
fault-cases-wait-past = The follow-up time has passed
    .about = Choose a later time.
fault-cases-wait-too-long = A case may wait { $days } days at most
    .about = Choose an earlier time; it can be prolonged then.
fault-cases-proof = This kind of proof cannot be recorded like this
    .about = Staff record the counter or the phone; the customer confirms by the link.
fault-cases-close-by = It cannot be closed like this
    .about = Record how the customer confirmed it; without that, the store manager closes it with a reason.
fault-cases-link-used = You have chosen already
    .about = A link works once. To change your choice, call the store.
fault-cases-link-expired = This link has expired
    .about = Ask the store for a new one.
fault-cases-link-revoked = This link no longer works
    .about = There may be a newer plan, or your choice is recorded already. See our latest message, or call the store.

# Fields
field-cases-owner = This person cannot work on this store’s cases; choose another
field-cases-store-closed = This store is closed; choose another
field-cases-too-old = What is older than a year has to be imported
field-cases-void = That case is void; choose another
field-cases-one-customer = Give customer_id or customer, not both
field-cases-too-many = { $max } at most
cases-stage-decision = Decision
cases-stage-call-back = Call-back
cases-stage-authority = Answer to the authority (as its notice states)
cases-own-flow = This complaint has its own flow
cases-own-flow-open = Open the complaint
fault-cases-own-flow = This kind of case has a flow of its own
    .about = Go on from its own page; what the customer answers and who has it are still recorded here.
