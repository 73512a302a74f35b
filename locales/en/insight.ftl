# Management: metrics and finding.

insight-menu = Metrics
permission-group-insight = Management
permission-insight-view = See metrics

insight-title = Metrics
insight-periods = Period
insight-days = Last { $n } days
insight-last = Last { $n } days
insight-before = { $n } days before
insight-span = { $from } – { $to }
insight-stores = { $n ->
    [one] 1 store
   *[other] { $n } stores
}
insight-filter = Filter
insight-all-stores = All stores
insight-show-days = Show { $n } days

insight-col-metric = Metric
insight-col-base = Base
insight-col-direction = Direction
insight-col-store = Store
insight-col-day = Day

insight-none = No metrics yet
insight-none-about = Metrics are listed here once the modules that count them are in use.
insight-nothing = Nothing was recorded in this period
insight-nothing-about = Choose a longer period, or all stores.

insight-group-cases = Cases
insight-group-surveys = Satisfaction
insight-group-sales = Sales

# One metric
insight-definition = Definition
insight-id = Id
insight-unit = Unit
insight-dimensions = By
insight-by = By { $what }
insight-days-records = Records day by day
insight-chart = { $name }, by day, { $unit }
insight-base = n = { $n }
insight-base-ratio = { $part } ÷ { $whole }
insight-formula-sum = Formula: { $part }, added up
insight-formula-ratio = Formula: { $part } ÷ { $whole }; both are added up first
insight-formula-mean = Formula: { $sum } ÷ { $count }, rounded to the smallest unit
insight-formula-percentile = Formula: the number that { $percent }% of { $part } do not exceed, estimated from a histogram

insight-unit-count = Number
insight-unit-basis-points = Per cent
insight-unit-minutes = Minutes
insight-unit-working-minutes = Working time (minutes)
insight-unit-fen = Yuan
insight-unit-hundredths = Points

# Parts of metrics
metric-part-cases-taken-in = cases registered
metric-part-cases-accepted = cases taken on
metric-part-cases-resolved = cases resolved
metric-part-cases-closed = cases closed
metric-part-cases-reopened = times a case was opened again
metric-part-cases-open-now = open cases (plus one when registered, minus one when over)
metric-part-deadlines-missed = deadlines missed
metric-part-deadlines-met = deadlines met
metric-part-deadlines-ended = deadlines that ended
metric-part-first-answer-minutes = time to first answer (minutes)
metric-part-first-answer-count = cases answered
metric-part-resolution-hours = time to resolution (hours)
metric-part-resolution-count = cases resolved
metric-part-plans-proposed = plans sent to customers
metric-part-plans-declined = plans that customers declined
metric-part-surveys-invited = ratings asked for
metric-part-surveys-answered = ratings received
metric-part-surveys-csat-sum = sum of satisfaction marks
metric-part-surveys-csat-count = ratings with a satisfaction mark
metric-part-surveys-csat-good = ratings of 4 and 5
metric-part-surveys-low = ratings of 1 and 2
metric-part-surveys-nps-net = promoters less detractors
metric-part-surveys-nps-count = ratings that answered about recommending
metric-part-surveys-effort-sum = sum of effort marks
metric-part-surveys-effort-count = ratings that answered about effort
metric-part-cases-follow-ups = follow-up cases opened
metric-part-tasks-given = tasks given
metric-part-tasks-done = tasks done
metric-part-tasks-on-time = tasks answered in time
metric-part-tasks-answered = tasks answered
metric-part-checks-done = checks made
metric-part-checks-failed = checks that failed
metric-part-checks-worked = checks that found that it held
metric-part-surveys-skipped = closed cases not asked about
metric-part-surveys-excluded = ratings excluded
metric-part-surveys-given = ratings given
metric-part-surveys-recovered = low ratings made good
metric-part-surveys-recovered-in-time = low ratings made good in time

# What metrics count
metric-cases-taken-in-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-accepted-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-resolved-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-closed-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-reopened-unit = { $n ->
    [one] 1 time
   *[other] { $n } times
}
metric-cases-open-change-unit = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
metric-cases-deadlines-missed-unit = { $n ->
    [one] 1 deadline
   *[other] { $n } deadlines
}
metric-cases-resolution-hours-unit = { $n } h
metric-cases-plans-proposed-unit = { $n ->
    [one] 1 plan
   *[other] { $n } plans
}
metric-cases-plans-declined-unit = { $n ->
    [one] 1 plan
   *[other] { $n } plans
}
metric-surveys-invited-unit = { $n ->
    [one] 1 request
   *[other] { $n } requests
}
metric-surveys-answered-unit = { $n ->
    [one] 1 rating
   *[other] { $n } ratings
}
metric-surveys-low-unit = { $n ->
    [one] 1 rating
   *[other] { $n } ratings
}

# Finding
insight-find-title = Find
insight-find-how = Phone (whole or last four digits), case number, serial, receipt, pinyin initials of a name, or words of the description
insight-find-button = Find
insight-find-kinds = Find in
insight-find-all = All
insight-find-case = Cases
insight-find-customer = Customers
insight-find-channel = Channels
insight-found-customer = Customer
insight-find-product = Products
insight-find-problem = Problems
insight-find-sale = Sales
insight-find-serial-unit = Serial units
insight-find-start = Type what you are looking for
insight-find-start-about = A whole case number or phone number opens at once. Separate words by blanks; what has all of them is listed.
insight-find-barred = There is nothing here that you may find
insight-find-barred-about = Ask an administrator if you need cases or customers.
insight-find-nothing = Nothing found for “{ $typed }”
insight-find-try-shorter = Type less, or only one word
insight-find-try-phone = Type the whole phone number, or only its last four digits
insight-find-try-latin = Begin Latin words and numbers at their first character: iph finds iPhone
insight-find-try-reach = Only stores that you may see are searched; ask the other store for its records
insight-find-common = This is in very many texts; not all were examined
insight-find-common-about = Add another word, a number, or the last four digits of the phone.

field-insight-days-reversed = The last day must not be before the first
field-insight-days-many = At most two years at once
insight-find-return = Returns
insight-find-claim = Claims
insight-find-platform-order = Platform orders
insight-find-cover-terms = Terms
