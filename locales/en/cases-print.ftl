# Print: receipt, three-part form, A5, A4, label; copy to WeChat.
cases-print-papers = Choose the paper
cases-print-paper-t80 = 80 mm receipt
cases-print-paper-t80-house = 80 mm house copy
cases-print-paper-dm = Three-part 241 × 140
cases-print-paper-a5 = A5
cases-print-paper-a5-house = A5 house copy
cases-print-paper-a4 = A4
cases-print-paper-label = Label 60 × 40
cases-print-title-customer = Service slip
cases-print-title-house = Service slip (house copy)
cases-print-title-label = Label
cases-print-now = Print
cases-print-preview = A preview; only “Print” counts it and leaves a trace
cases-print-only-preview = This is a preview. Go back to the page and choose “Print”.
cases-print-reprint = Reprint, print no. { $n }
cases-print-foot = Printed { $at } { $by }
cases-print-first = first { $at }
cases-print-times = no. { $n }
cases-print-rules = deadline rules version { $n }
cases-print-house-only = House copy · full number, never hand it to the customer
cases-print-accessories = Accessories
cases-print-cost = Cost
cases-print-payer = Who pays
cases-print-payers = □ maker □ store □ extended warranty □ customer (quoted first)
cases-print-terms = Terms
cases-print-term-1 = We inspect first, then quote; changed costs need your yes
cases-print-term-2 = If inspection finds a performance fault: refund, exchange or repair, as the conditions then allow, by your choice
cases-print-term-3 = Back up and sign out first; say at pick-up whether you take replaced parts
cases-print-term-4 = We tell you when it is done; bring this slip or give your number
cases-print-term-5 = Not satisfied? Ask the store manager, or call 12315
cases-print-term-gap = {"; "}
cases-print-sign-manager = Manager
cases-print-parts-of-three = Part 1 white: file / part 2 red: customer / part 3 yellow: unit. One text for all three, so it is masked; full numbers are in the system
cases-print-taken-short = In
cases-verb-printed = printed a paper
cases-page-field-paper = Paper
cases-page-field-copy = Copy
cases-page-field-times = Print no.

# Copy to WeChat.
cases-wechat-title = Copy to WeChat
cases-wechat-about = Choose a ready text and paste it into WeChat for the customer; it leaves a trace
cases-wechat-no-link = There is no public HTTPS address. Others could read the link on its way, so the text has none. Ask the administrator to start the program with --public-url https://…
cases-wechat-ready = The text is ready
cases-wechat-kept = Copying is noted with who, when and which text. The link is shown here only once.
cases-wechat-by-hand = Select the text below and paste it into WeChat for the customer
cases-wechat-noted = Noted: you copied this text for the customer.
fault-cases-no-promise = There is no answer due that the customer could be told of
cases-wechat-choose = What to send
cases-wechat-text = Kind of message
cases-wechat-words = What to say
cases-wechat-words-about = For “New reply”, write it here
cases-wechat-make = Make the text
cases-wechat-language = This customer's language
cases-wechat-language-about = For SMS, mail and copied texts
cases-verb-text-copied = copied a text for WeChat
cases-verb-language-chosen = changed the customer's language
cases-page-field-message-template = Message
cases-page-field-message-error = Reason
cases-page-field-language = Language

# Notices to staff.
cases-notice-confirmed = the customer agrees
cases-notice-declined = the customer declines

# The component.
web-copy-label = Text for the customer
web-copy-wechat = Copy to WeChat
web-copy-done = Copied; paste it in WeChat
