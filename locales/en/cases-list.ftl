# Lists of cases and their export.

cases-export = Export table
cases-export-number = Number
cases-export-state = State
cases-export-step = Step
cases-export-subject = Problem
cases-export-due-stage = Deadline
cases-export-due = Due
cases-export-came = Came
cases-export-entered = Entered
cases-export-accepted = Accepted
cases-export-answered = First answered
cases-export-resolved = Resolved
cases-export-closed = Closed
cases-export-outcome = Outcome
cases-export-cause = Cause
cases-export-reopened = Times reopened
