# Frame of the pages, time, faults
web-product = Aftercare
web-skip = Skip to main content
web-nav-main = Main
web-nav-bottom = Bottom
web-nav-more = More
web-nav-waiting = to do
web-nav-reference = Records
web-nav-improvement = Improve
web-nav-management = Business
web-nav-settings = Settings
web-find-label = Find by phone, case, serial or receipt number
web-find-hint = Phone / case / serial / receipt
web-notices = Notices, { $n } unread
web-other-language = 中文
web-theme-switch = Light or dark
web-me = My account
web-home = Home
web-back = Back
web-close = Close
web-undo = Undo
web-try-again = Try again
web-sign-in = Sign in
web-print = Print
web-print-actions = Print actions
web-public-call = Call
web-live-on = Connected · live data
web-live-off = Not connected; checking twice a minute
web-session-ends = You are signed out in two minutes unless you go on working
web-offline = No network
web-offline-about = What you typed is kept. Send it again when you are back.

# Time
web-now-line = { $weekday } { $day } { $month }, { $time }
web-month-1 = Jan
web-month-2 = Feb
web-month-3 = Mar
web-month-4 = Apr
web-month-5 = May
web-month-6 = Jun
web-month-7 = Jul
web-month-8 = Aug
web-month-9 = Sep
web-month-10 = Oct
web-month-11 = Nov
web-month-12 = Dec
web-weekday-1 = Mon
web-weekday-2 = Tue
web-weekday-3 = Wed
web-weekday-4 = Thu
web-weekday-5 = Fri
web-weekday-6 = Sat
web-weekday-7 = Sun
web-when-today = today { $time }
web-when-yesterday = yesterday { $time }
web-when-tomorrow = tomorrow { $time }
web-ago-now = just now
web-ago-min = { $n } min ago
web-ago-hour = { $n } h ago
web-span-min = { $n } min
web-span-hour = { $h } h
web-span-hour-min = { $h } h { $m } min
web-span-day = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
web-due-left-min = { $n } min left
web-due-left-hour = { $h } h left
web-due-left-hour-min = { $h } h { $m } min left
web-due-left-day = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
web-due-late-min = { $n } min late
web-due-late-hour = { $h } h late
web-due-late-hour-min = { $h } h { $m } min late
web-due-late-day = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
web-due-today = Today { $time }
web-due-tomorrow = Tomorrow { $time }
web-due-before = by { $date }
web-due-met = { $span }, met
web-due-paused = Paused · { $reason }
web-due-crossed = { $n } now overdue: { $what }

# Shortcuts
web-keys = Shortcuts
web-keys-hint-before = Press
web-keys-hint-after = for shortcuts
web-key-find = find any record
web-key-new = new
web-key-rows = next / previous row
web-key-open = open the selected row
web-key-next = do the next step
web-key-filter = filter
web-key-edit = edit
web-key-assign = assign
web-key-note = add a note
web-key-print = print
web-key-go = go to the workbench (T returns, Q complaints)
web-key-choose = choose, where a choice has the focus
web-key-submit = send the form
web-key-close = close, back to where you were

# Parts
web-optional = (optional)
web-choose = Choose
web-errors = { $n ->
    [one] { $n } thing to correct
   *[other] { $n } things to correct
}
web-step-done = (done)
web-flow = Service flow, { $n } steps
web-next-step = Next:{ " " }
web-next-actions = Next actions
web-more-actions = More actions
web-pages = Pages
web-page-next = More
web-page-first = Back to the start
web-loading = Loading
web-crumbs = Where you are
web-clear-filters = Clear filters
web-cancel = Go back without this
web-conflict-title = { $who } changed this at { $when }; your changes are not saved yet
web-conflict-about = You opened version { $yours }, now it is version { $now }. Your changes are kept; choose what to do with them.
web-conflict-fields = Fields that differ
web-conflict-field = Field
web-conflict-saved = { $who } (saved)
web-conflict-yours = You (not saved)
web-conflict-take = Take
web-conflict-take-of = Whose { $field } to take
web-conflict-theirs = Theirs
web-conflict-mine = Mine
web-conflict-merge = Merge as chosen and save
web-conflict-drop = Drop my changes
web-chart-table = Show the figures

# Faults
web-fault-number = Problem number { $number }; please give it when you report this
fault-kind-invalid = Something needs correcting
    .about = Correct what is marked and send again. Your entries are kept.
fault-kind-unauthenticated = Please sign in
    .about = You come back here afterwards.
fault-kind-forbidden = You may not do this
    .about = Ask your store manager or an administrator if you need to.
fault-kind-not-found = Not found
    .about = Check the number or address, or find it by the customer’s phone.
fault-kind-refused = This cannot be done now
    .about = See which step this record is at and choose the next one.
fault-kind-conflict = There is one like this already
    .about = Reload, see how things stand, then decide whether to go on.
fault-kind-stale = Somebody has just changed this
    .about = Your entries are kept. See the present version and decide which to keep.
fault-kind-version-missing = The version is missing
    .about = A change must name the version that was read (If-Match).
fault-kind-too-large = Too much at once
    .about = Send less, or send files one by one.
fault-kind-media-type = This format is not read here
    .about = Send it in another format.
fault-kind-method = This address is not used this way
    .about = Go back and try again.
fault-kind-too-many = Too many requests
    .about = Wait a few seconds and try again.
fault-kind-busy = Busy at the moment
    .about = Nothing of yours is lost. Try again in a few seconds.
fault-kind-internal = Something went wrong
    .about = It is not your fault, and other pages still work. Try again; if it stays, report it.
fault-invalid = Something needs correcting
    .about = Correct what is marked and send again. Your entries are kept.
fault-unauthenticated = Please sign in
    .about = You come back here afterwards.
fault-forbidden = You may not do this
    .about = Ask your store manager or an administrator if you need to.
fault-other-site = Refused: this came from another site
    .about = Please work in this program’s own pages.
fault-not-found = Not found
    .about = Check the number or address, or find it by the customer’s phone.
fault-stale = Somebody has just changed this; it is now version { $version }
    .about = Your entries are kept. See the present version and decide which to keep.
fault-version-missing = The version is missing
    .about = A change must name the version that was read (If-Match).
fault-duplicate = There is one like this already
    .about = Reload, see how things stand, then decide whether to go on.
fault-idempotency-key-invalid = This Idempotency-Key cannot be used
    .about = Use 1 to 200 visible ASCII characters.
fault-idempotency-key-reused = This Idempotency-Key was used for something else
    .about = Use a new one when the content changes.
fault-unreadable = What was sent cannot be read
    .about = Send a form, or one JSON object.
fault-method = This address is not used this way
    .about = Go back and try again.
fault-too-large = Too much at once
    .about = Send less, or send files one by one.
fault-media-type = This format is not read here
    .about = Send forms as application/x-www-form-urlencoded, API calls as application/json.
fault-too-many = Too many requests
    .about = Wait a few seconds and try again.
fault-busy = Busy at the moment
    .about = Nothing of yours is lost. Try again in a few seconds.
fault-timeout = This took too long
    .about = Try again; narrow the search when there is much to find.
fault-internal = Something went wrong
    .about = It is not your fault, and other pages still work. Try again; if it stays, report it.

# Fields
field-required = Fill this in
field-choose = Choose one
field-unknown = There is no such entry; choose again
field-nul = Holds a character that cannot be kept; type it again
field-too-long = At most { $max } characters; you typed { $now }
field-phone-letters = Use digits only
field-phone-digits = Enter 11 digits; you typed { $now }
field-phone-start = A mobile number begins with 1; check it
field-money-format = Enter an amount such as 1299.00
field-money-decimals = At most two decimals
field-money-negative = The amount cannot be negative
field-money-large = The amount is too large; check it
field-number = Enter a whole number from { $min } to { $max }
field-number-range = Enter a whole number from { $min } to { $max }
field-day = Enter a date such as 2026-11-22
field-moment = Enter date and time such as 2026-11-22 14:32
field-taken = Already taken; use another
field-past = Not before now
field-future = Not after now
