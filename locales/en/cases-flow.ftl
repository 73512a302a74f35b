# Tasks, checks, follow-ups, links between cases, taking back

# Tasks
cases-task-list = My tasks
cases-task-list-about = What departments, stores and people were asked to do for a case, nearest deadline first
cases-task-views = Whose tasks
cases-task-view-mine = Mine
cases-task-view-team = My team
cases-task-view-given = Given by me
cases-task-view-all = All within reach
cases-task-due-first = Nearest deadline first
cases-task-over-first = Finished last, first
cases-task-show-open = Show open ones
cases-task-show-over = Show finished ones
cases-task-none-mine = You have no open tasks
cases-task-none-team = Your team has no open tasks
cases-task-none-given = No task that you gave is open
cases-task-none-all = No open tasks
cases-task-none-over = No finished tasks yet
cases-task-none-about = A task is given on a case, to a department, another store or a person, with a deadline.
cases-task-to-cases = To my cases
cases-task-col-task = Task / case
cases-task-col-who = Who
cases-task-col-giver = Asked by
cases-task-col-state = State
cases-task-state-open = Not taken yet
cases-task-state-accepted = In progress
cases-task-state-done = Done
cases-task-state-returned = Returned
cases-task-state-withdrawn = Withdrawn
cases-task-words-open = Answer
cases-task-words-accepted = Answer
cases-task-words-done = Answer
cases-task-words-returned = Why it was returned
cases-task-words-withdrawn = Why it was withdrawn
cases-task-act-accept = Take it on
cases-task-act-hand-over = Hand over
cases-task-act-finish = Mark as done
cases-task-act-return = Return…
cases-task-act-withdraw = Withdraw…
cases-task-accept-about = Taking it on tells whoever asked that somebody works on it.
cases-task-answer = What came of it
cases-task-answer-hint = Whoever asked reads it and goes on with it.
cases-task-return-reason = Why you return it
cases-task-return-hint = Say who could do it, or what is missing.
cases-task-withdraw-reason = Why it is no longer needed
cases-task-hand-to = To whom
cases-task-asked = What is asked
cases-task-no-more = The title says it all.
cases-task-facts = Task
cases-task-given = Given
cases-task-accepted = Taken on
cases-task-case = Case
cases-task-open-case = Open the case
cases-task-number = Number
cases-task-clock = Deadline of the task
cases-task-new = Give a task
cases-task-new-about = A department, another store or a person does part of the work. The case can be resolved once its tasks are over.
cases-task-give = Give the task
cases-task-to = Whom to ask
cases-task-title = What is to be done
cases-task-title-example = e.g. transfer one main board from Binjiang
cases-task-body = More about it
cases-task-due = By when
cases-task-due-hint = Counted in the working time of whoever is asked.
cases-task-due-hours = { $n } h
cases-task-due-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
cases-task-due-at = At a time
cases-task-at = Time (if "at a time")
cases-task-section = Tasks
cases-task-section-none = No tasks were given.
cases-task-add = Add
cases-task-see = See them
cases-task-waits = { $n ->
    [one] It waits for { $n } task and cannot be resolved before.
   *[other] It waits for { $n } tasks and cannot be resolved before.
}
cases-task-open-first = These tasks are still open
cases-task-open-first-about = Open one to finish it, or withdraw what is no longer needed. What you type here is kept.
cases-page-done-task-given = Task given
cases-page-done-task-accept = Taken on
cases-page-done-task-hand-over = Handed over
cases-page-done-task-finish = Done
cases-page-done-task-return = Returned
cases-page-done-task-withdraw = Withdrawn
cases-verb-task-given = gave a task
cases-verb-task-accepted = took a task on
cases-verb-task-handed-over = handed a task over
cases-verb-task-done = finished a task
cases-verb-task-returned = returned a task
cases-verb-task-withdrawn = withdrew a task
cases-verb-task-late = A task is late
cases-page-field-task = Task
cases-page-field-to = Told
cases-page-field-text = Text
field-cases-task-person = This person cannot take tasks on; choose another
field-cases-too-far = More than a year away; choose an earlier time
fault-cases-tasks-open = { $n ->
    [one] { $n } task is still open
   *[other] { $n } tasks are still open
}
    .about = Finish it or withdraw it first; the case's page has the list.
fault-cases-task-over = This task is over
    .about = Reload the page to see what came of it. If more is needed, give a new task on the case.
fault-cases-task-taken = Somebody has taken it on already
    .about = Reload the page to see who.
fault-cases-task-case-over = The case is resolved or over, so it gives no more tasks
    .about = Open it again if work goes on.

# Checks
cases-check = Check whether it holds
cases-check-about = Call the customer or try the product. Whoever solved the case does not check it.
cases-check-result = Does it hold
cases-check-result-worked = It holds
cases-check-result-partly = In part
cases-check-result-failed = It does not
cases-check-note = What was seen
cases-check-note-hint = Needed unless it holds. If it does not, a follow-up case is opened with these words.
cases-check-section = Does it hold
cases-check-planned = Check planned
cases-check-on = On { $day } by somebody else than { $name }
cases-check-by = { $name } · { $at }
cases-check-goes-on = Goes on in the follow-up case
cases-check-due = Checks that are due
cases-check-due-on = planned { $day }
cases-page-done-checked = Recorded
cases-page-done-check-failed = Recorded; it goes on in this case
cases-verb-checked = checked whether it holds
cases-page-field-check-result = Result
cases-page-field-check-on = Check on
cases-page-field-follow-up = Follow-up case
cases-page-field-follow-up-of = Follow-up of
fault-cases-check-own = You solved this case, so somebody else checks it
    .about = Ask a colleague; the check stands on their workbench.
fault-cases-check-early = The case is not closed yet
    .about = The check is planned when it is closed.
fault-cases-check-none = There is nothing to check
    .about = It is done already, or the case was opened again.

# Follow-ups and links
cases-follow-up = Open a follow-up case
cases-follow-up-about = A new number with the same customer and product, linked to this case in both directions.
cases-page-done-follow-up = Follow-up case taken in
cases-verb-followed-up = Goes on in a follow-up case
cases-related-section = Related cases
cases-related-none = None.
cases-related-new = Link another case
cases-related-about = Both cases show the link. To bring two cases of one matter together, merge them instead.
cases-related-pick = A case of this customer
cases-related-number-only = Number of the other case
cases-related-number = Or its number
cases-related-remove = Take away the link to { $number }
cases-link-kind = What they have to do with each other
cases-link-kind-related = Related
cases-link-kind-duplicate = This one repeats the other
cases-link-kind-caused-by = The other brought this one about
cases-link-kind-follow-up = Follow-up
cases-link-kind-merged = Merged
cases-link-out-related = Related
cases-link-out-duplicate = Repeats
cases-link-out-caused-by = Brought about by
cases-link-out-follow-up = Follow-up of
cases-link-out-merged = Goes on in
cases-link-in-related = Related
cases-link-in-duplicate = Repeated by
cases-link-in-caused-by = Brought about
cases-link-in-follow-up = Goes on in the follow-up
cases-link-in-merged = Took in
cases-page-done-linked = Linked
cases-page-done-unlinked = Link taken away
cases-verb-linked = linked a case
cases-verb-unlinked = took away a link
cases-page-field-link = Link
cases-page-field-other = Other case
field-cases-itself = That is this case; choose another

# Taking back
cases-back = Take back
cases-back-about = { $command } · { $name } { $at }
cases-page-done-taken-back = Taken back; deadlines run as before
cases-verb-taken-back = took back
cases-page-field-command = What
fault-cases-back-none = There is nothing to take back
    .about = Reload the page to see where the case stands.
fault-cases-back-changed = Something has happened since, so it can no longer be taken back
    .about = Reload the page; use the steps that it offers now.
fault-cases-back-late = Too much time has passed to take it back
    .about = Use the steps that the case's page offers now.
fault-cases-back-others = Somebody else did this
    .about = Whoever did it, or the store manager, can take it back.

# Mentions and warnings
cases-verb-mentioned = called
cases-verb-deadline-raised = Deadline still open: brought before the region
field-cases-mention = { $name } may not see this case and cannot be called; give a task instead
cases-clock-priority = priority or kind changed

permission-cases-check = Check whether solutions hold
permission-cases-task-view = See tasks
permission-cases-task-work = Take on and answer tasks

# Numbers
metric-cases-follow-ups = Follow-up cases
metric-cases-follow-ups-about = Cases that go on with one that was over, on the day they were taken in.
metric-cases-follow-ups-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-tasks-given = Tasks given
metric-cases-tasks-given-about = Tasks given on cases, on the day they were given, at the store whose case it is.
metric-cases-tasks-given-unit = { $n ->
    [one] 1 task
   *[other] { $n } tasks
}
metric-cases-tasks-done = Tasks done
metric-cases-tasks-done-about = Tasks that were done, on that day.
metric-cases-tasks-done-unit = { $n ->
    [one] 1 task
   *[other] { $n } tasks
}
metric-cases-tasks-on-time = Tasks answered on time
metric-cases-tasks-on-time-about = Of the tasks that were done or returned, those within their deadline.
metric-cases-checks-done = Checks done
metric-cases-checks-done-about = Closed cases where somebody else looked whether the solution holds.
metric-cases-checks-done-unit = { $n ->
    [one] 1 check
   *[other] { $n } checks
}
metric-cases-checks-failed = Solutions that did not hold
metric-cases-checks-failed-about = Checks with the result that it does not hold; each opens a follow-up case.
metric-cases-checks-failed-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-checks-worked = Solutions that hold
metric-cases-checks-worked-about = Of the checks that were done, those where it holds.

# Two people at one case
cases-page-meanwhile = What happened meanwhile
cases-task-not-needed = No longer needed

# Workbench
cases-task-see-all = All tasks

# Names of fields in the summary of errors
web-error-of = { $field }: { $error }
field-name-owner = Owner
field-name-team = Team
field-name-kind = Kind
field-name-priority = Priority
field-name-reason = Reason
field-name-until = Look again by
field-name-note = Note
field-name-outcome = Outcome
field-name-cause = Cause
field-name-by = Who says so
field-name-proof = Proof
field-name-findings = Findings
field-name-wrong = What is still wrong
field-name-into-number = Number
field-name-number = Number
field-name-subject = Subject
field-name-body = Text
field-name-text = Text
field-name-title = Title
field-name-to = Whom to ask
field-name-due = By when
field-name-at = Time
field-name-result = Result
field-name-done-by = Done by
field-name-amount = Amount
field-name-bearer = Who pays
field-name-visibility = Who can see it
field-name-option = Option
cases-clock-upset = the customer is upset, so the answer comes sooner by the rules for that
cases-clock-calmed = the customer has calmed down, so the usual time counts again
