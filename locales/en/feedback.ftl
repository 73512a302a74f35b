# Feedback
feedback-menu = Feedback inbox
feedback-title = Feedback inbox
feedback-about = What customers say, from every channel. The program suggests, you decide; it learns from your decisions.
feedback-numbers = Numbers
feedback-tabs = Filter feedback
feedback-narrowed = You see filtered feedback
feedback-show-open = To decide
feedback-show-labelled = Decided
feedback-show-counted = Counted
feedback-show-negative = Negative
feedback-show-judged = With a suggestion
feedback-show-spam = Spam
feedback-col-sentiment = Sentiment
feedback-col-text = What was said
feedback-col-category = Category
feedback-col-decision = Decision
feedback-empty-open = Nothing to decide
feedback-empty-labelled = Nothing decided yet
feedback-empty-counted = Nothing decided yet
feedback-empty-negative = No negative feedback
feedback-empty-judged = No decision on a suggestion yet
feedback-empty-spam = No spam
feedback-empty-about = Feedback and complaints appear here as soon as they are taken in.
feedback-empty-filtered = No feedback with these filters
feedback-empty-filtered-about = Choose other days or another store, or clear the filters.
feedback-sentiment-positive = Positive
feedback-sentiment-neutral = Neutral
feedback-sentiment-negative = Negative
feedback-category-quality = Quality
feedback-category-delivery = Delivery
feedback-category-installation = Installation
feedback-category-repair = Repair
feedback-category-attitude = Attitude
feedback-category-price = Prices and fees
feedback-category-refund = Returns and refunds
feedback-category-environment = Shop and surroundings
feedback-category-suggestion = Suggestion
feedback-category-praise = Praise
feedback-category-other = Other
feedback-none = None
feedback-and = {", "}
feedback-confidence = { $n }% sure
feedback-confidence-why = { $n }% sure: { $reasons }
feedback-silent = No suggestion
feedback-reading = Being read
feedback-urgent = Urgent
feedback-spam = Spam
feedback-spam-about = Spam: counts nowhere and teaches nothing
feedback-copies-n = { $n ->
    [one] 1 copy
   *[other] { $n } copies
}
feedback-confirm = Confirm
feedback-confirm-of = Confirm the suggestion for { $number }
feedback-decide = Decide
feedback-decide-of = Decide about { $number }
feedback-agreed = As suggested
feedback-corrected = Corrected
feedback-model = Suggestions
feedback-model-version = Version
feedback-model-at = Learned
feedback-model-texts = From texts
feedback-model-categories = Categories
feedback-model-none = Decided texts so far: { $n } of { $of }
feedback-model-about = Every night the program learns from what people decided, on this machine; no text leaves it. Before there are enough decisions, and when it is not sure, it suggests nothing.
feedback-train = Learn now
feedback-asked = The program is learning; reload the page in a moment.

# One text
feedback-detail-title = Feedback
feedback-said = What the customer said
feedback-suggested = Suggested
feedback-no = No
feedback-words = Words: { $words }
feedback-language = Language
feedback-language-chinese = Chinese
feedback-language-english = English
feedback-language-other = Other
feedback-by-model = By version { $version } of what was learned. A suggestion decides nothing.
feedback-by-none = There are not enough decisions to suggest category and sentiment yet.
feedback-copies = The same words from the same store
feedback-decision = Decision
feedback-new-category = Another category
feedback-new-category-hint = Only when none fits; it can then be chosen by everybody.
feedback-confirm-next = Confirm, next one
feedback-correct = Save correction
feedback-nobody-yet = Nobody has decided yet.
feedback-by = { $who } · { $at }
feedback-stale = Somebody has just decided
feedback-stale-about = What you chose is kept. Look at the decision and save again if needed.

# Timeline
feedback-verb-labelled = Decided about category and sentiment
feedback-verb-learned = The program learned from decisions

# Metrics
insight-group-feedback = Feedback
metric-part-feedback-labelled = texts decided about
metric-part-feedback-negative = texts decided as negative
metric-part-feedback-agreed = suggestions taken
metric-part-feedback-judged = texts with a suggested category
metric-feedback-labelled = Feedback decided
metric-feedback-labelled-about = Feedback and complaints about which a person decided category and sentiment, without spam, on the day of the first decision.
metric-feedback-labelled-unit = { $n ->
    [one] 1 text
   *[other] { $n } texts
}
metric-feedback-negative = Share of negative feedback
metric-feedback-negative-about = Texts decided as negative ÷ all texts decided, without spam.
metric-feedback-agreed = Suggestions right
metric-feedback-agreed-about = First decisions that took the suggested category ÷ first decisions where one was suggested.

# Permissions
permission-group-feedback = Feedback
permission-feedback-view = See the feedback inbox
permission-feedback-label = Decide category and sentiment
permission-feedback-train = Let the program learn at once
feedback-upset-only = Only upset customers
