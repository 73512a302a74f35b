# Texts to customers and staff. Variables: $number case number, $store store name, $link personal address,
# $name the receiver's name, $subject what the case is about, $text what a person has written.

# The case was taken in.
messaging-received-sms = { $store }: we have taken in your case { $number }. Follow it: { $link }
messaging-received-mail-subject = Case { $number } taken in: { $subject }
messaging-received-mail-body =
    Hello { $name },

    { $store } has taken in your case { $number } ({ $subject }).

    Follow it or add something: { $link }

    { $store }

# The customer is told until when an answer comes; $text is the time.
messaging-promise-sms = { $store }: we answer you about case { $number } by { $text }. Follow it: { $link }
messaging-promise-mail-subject = When we answer about case { $number }
messaging-promise-mail-body =
    Hello { $name },

    We answer you about case { $number } ({ $subject }) by { $text } at the latest.

    Follow it or add something: { $link }

    { $store }

# A plan waits for the customer's yes.
messaging-plan-sms = { $store }: the plan for case { $number } is ready. Please confirm: { $link }
messaging-plan-mail-subject = The plan for case { $number } is ready. Please confirm
messaging-plan-mail-body =
    Hello { $name },

    The plan and the costs for case { $number } ({ $subject }) are ready. We start only after you confirm.

    See the plan: { $link }

    { $store }

# The store asks the customer something or has written.
messaging-reply-sms = { $store }: there is a reply in case { $number }: { $link }
messaging-reply-mail-subject = A reply in case { $number }
messaging-reply-mail-body =
    Hello { $name },

    { $store } has written about case { $number } ({ $subject }):

    { $text }

    Read and answer: { $link }

    { $store }

# A person's answer to a letter: it is a letter itself.
messaging-letter-sms = { $store }: our answer on case { $number }: { $text }
messaging-letter-mail-subject = Our answer on case { $number }
messaging-letter-mail-body =
    Dear { $name },

    { $text }

    Case { $number }. Just reply to this mail; please keep the number in the subject.
    { $store }

# The work is done.
messaging-resolved-sms = { $store }: case { $number } is done. See the result: { $link }
messaging-resolved-mail-subject = Case { $number } is done
messaging-resolved-mail-body =
    Hello { $name },

    Case { $number } ({ $subject }) is done. If the problem is still there, tell us at the address below and the case opens again.

    See the result: { $link }

    { $store }

# The customer is asked to rate.
messaging-survey-sms = { $store }: how did we do with case { $number }? Please rate it, about 1 min: { $link }
messaging-survey-mail-subject = Please rate case { $number }
messaging-survey-mail-body =
    Hello { $name },

    How did we do with case { $number } ({ $subject })? Please rate it; it takes about 1 min. The store cannot remove a rating.

    Rate it: { $link }

    { $store }

# A member of staff has a case to work on.
messaging-assigned-sms = { $store }: { $name }, case { $number } is yours: { $link }
messaging-assigned-mail-subject = Case { $number } is yours: { $subject }
messaging-assigned-mail-body =
    { $name },

    Case { $number } ({ $subject }) is yours to work on.

    Open: { $link }

    { $store }

# Something waits for somebody's approval.
messaging-approval-sms = { $store }: { $name } asks you to approve { $subject } on top, { $number }, by { $text }: { $link }
messaging-approval-mail-subject = Please approve: { $subject } on top, { $number }
messaging-approval-mail-body =
    { $name } asks you to approve { $subject } on top of what the law gives, for { $number }.

    Please answer by { $text }; after that it passes upward. What the law gives does not wait.

    Approve or decline (yours alone, works once): { $link }

    { $store }

# A deadline is near or over.
messaging-deadline-sms = { $store }: { $name }, the deadline of case { $number } is near: { $link }
messaging-deadline-mail-subject = The deadline of case { $number } is near
messaging-deadline-mail-body =
    { $name },

    The deadline of case { $number } ({ $subject }) is near. { $text }

    Open: { $link }

    { $store }

# A member of staff is told of something.
messaging-notice-sms = { $store }: { $subject } { $link }
messaging-notice-mail-subject = { $subject }
messaging-notice-mail-body =
    { $name },

    { $subject }

    Open: { $link }

    You chose to be told of this by mail. Change it under Notices.

    { $store }

# Tries out the settings.
messaging-trial-sms = { $store }: this is a test. The SMS settings work.
messaging-trial-mail-subject = Test mail
messaging-trial-mail-body =
    { $name },

    This is a test. The mail settings work.

    { $store }

# Words on screens.
messaging-channel-mail = Mail
messaging-channel-sms = SMS
messaging-channel-wechat-copy = Copied to WeChat
messaging-channel-webhook = Conversation
messaging-state-queued = Queued
messaging-state-sending = Sending
messaging-state-sent = Sent
messaging-state-failed = Not sent
messaging-state-suppressed = Held back
messaging-state-unknown = Unclear
messaging-state-unknown-about = The program was interrupted while sending, so nobody knows whether it arrived. Ask first, then decide whether to send again.
messaging-resend = Send again…
messaging-segments = { $count } SMS

# Why a message was not sent.
messaging-error-address = The address or number is wrong; correct it and send again
messaging-error-no-provider = Nothing is set up to send with; set it up and send again
messaging-error-refused = The other server refused it
messaging-error-unreachable = The sender could not be reached after several tries
messaging-error-undelivered = The operator's receipt says it was not delivered
messaging-error-interrupted = The program was interrupted while sending
messaging-error-erased = The customer's data was erased, so it is not sent

# Faults.
fault-message-not-resendable = Only messages that were not sent, held back or unclear can be sent again

# Fields.
field-address = Enter a number or mail address that can be reached
field-url = Enter a full address that begins with https://, without a user name and password in it
field-tls-for-login = A password needs encryption: choose STARTTLS or TLS

# Menu.
messaging-menu-outbox = Outbox
messaging-menu-texts = Message texts
messaging-menu-settings = SMS and mail

# Outbox.
messaging-outbox-title = Outbox
messaging-outbox-about = SMS, mail and texts copied to WeChat for customers; numbers are masked, links are not shown
messaging-kpis = Last 30 days
messaging-30-days = last 30 days
messaging-kpi-sent = Sent
messaging-kpi-delivered = Delivered
messaging-kpi-failed = Not sent
messaging-kpi-cost = Cost
messaging-tabs = By state
messaging-show-all = All
messaging-show-waiting = Queued
messaging-show-sent = Sent
messaging-show-failed = Not sent
messaging-show-unclear = Unclear
messaging-filter = Filter
messaging-col-when = Time
messaging-col-what = Message
messaging-col-text = Kind of message
messaging-col-to = To
messaging-col-channel = Channel
messaging-col-store = Store
messaging-col-cost = Cost
messaging-col-state = State
messaging-to-case = See the case
messaging-empty = No messages yet
messaging-empty-about = Customers are told when a case is taken in, has a plan or is done; all of it is kept here.
messaging-empty-filtered = No such messages
messaging-empty-filtered-about = Choose something else, or clear the filters.
messaging-state-delivered = Delivered
messaging-message-title = A message
messaging-text-sent = What was written
messaging-links-hidden = Links are for the customer only and not shown here.
messaging-way-of-it = How it went
messaging-not-before = Not before
messaging-sent-at = Sent
messaging-receipt-at = Receipt
messaging-tries = Tries
messaging-words-version = Version of the words
messaging-shipped = Shipped words
messaging-version-n = Version { $n }
messaging-resend-title = Send again
messaging-resend-about = It goes out at once, also in quiet hours.
messaging-resend-to = Corrected number or address
messaging-resend-to-about = Leave empty for the same number
messaging-resend-now = Send again now
messaging-done-resent = Handed to the provider
messaging-done-trial = The test is handed to the provider; reload to see the result
messaging-done-saved = The settings are saved
messaging-done-text-saved = The words are saved and count from the next message on

# What a text is for.
messaging-text-received = Intake receipt
messaging-text-promise = When we answer
messaging-text-plan = Plan to confirm
messaging-text-reply = New reply
messaging-text-letter = Answer by mail
messaging-text-resolved = Ready
messaging-text-survey = Please rate
messaging-text-assigned = Given to staff
messaging-text-deadline = Deadline reminder
messaging-text-notice = Notice to staff
messaging-text-trial = Test message
messaging-text-approval = A second yes to be given

# Settings.
messaging-settings-title = SMS and mail
messaging-settings-about = By what messages go out, and when nobody is disturbed; passwords and keys are kept encrypted and never shown again
messaging-no-https = No public HTTPS address
messaging-no-https-about = Customers could not open links: no message with a link is sent and no QR code is printed. Start the program with --public-url https://…
messaging-part-mail = Mail
messaging-part-sms = SMS
messaging-part-quiet = Quiet hours
messaging-is-set = In use
messaging-is-not-set = Nothing really goes out
messaging-field-way = How
messaging-way-sms-on = Signed interface
messaging-way-sms-log = Outbox only
messaging-way-sms-off = Not at all
messaging-way-mail-on = Mail server
messaging-way-mail-log = Outbox only
messaging-way-mail-off = Not at all
messaging-field-url = Address of the interface
messaging-url-about = Begins with https://; addresses inside your network must be listed by the operator with --private-host
messaging-field-key = Key
messaging-field-secret = Signing secret
messaging-secret-kept = Kept and not shown. Leave empty to keep it
messaging-secret-none = None is kept yet
messaging-forget-secret = Remove the kept password or secret
messaging-field-signature = SMS signature
messaging-signature-about = The name registered with the operators, 2–12 characters without brackets; the store's name without it
messaging-field-price = Price per SMS (yuan)
messaging-price-about = For estimates and statistics
messaging-field-idempotent = Sends the same id once only
messaging-idempotent-about = Tick only if the provider promises this for the same Idempotency-Key; then interrupted messages are sent again by themselves
messaging-receipts-about = Receipts go to { $url }, signed with the same secret
messaging-field-host = Server
messaging-host-about = Such as smtp.example.com; addresses inside your network must be listed by the operator with --private-host
messaging-field-port = Port
messaging-field-tls = Encryption
messaging-tls-implicit = TLS (465)
messaging-tls-start-tls = STARTTLS (587)
messaging-tls-none = None
messaging-field-from = Sender
messaging-from-about = Such as Yunqi service <service@example.com>
messaging-field-user = User name
messaging-field-password = Password
messaging-field-quiet-from = From
messaging-field-quiet-until = Until
messaging-quiet-about = By the store's clock; messages wait until it is over, except urgent ones. The same time twice means no quiet hours.
messaging-save-sms = Save SMS settings
messaging-save-mail = Save mail settings
messaging-save-quiet = Save quiet hours
messaging-trial = Send a test message
messaging-trial-about = Uses the saved settings; the result is in the outbox.
messaging-trial-to = Mobile number or mail address
messaging-trial-send = Send test
messaging-history-of = Changes of { $part }
messaging-colon = {": "}
messaging-by-program = Program
messaging-field-to = To
messaging-field-state = State
messaging-field-version = Version
messaging-field-message-subject = Subject
messaging-field-message-body = Text

# Words of messages.
messaging-texts-title = Message texts
messaging-texts-about = The words of each message in Chinese and English; customers get the language they chose
messaging-for-customers = to customers
messaging-for-staff = to staff
messaging-col-example = Example
messaging-col-length = Length
messaging-col-version = Version
messaging-col-who = Changed by
messaging-characters = { $n } characters
messaging-locale-zh-CN = Chinese
messaging-locale-en = English
messaging-words = Words
messaging-field-subject = Subject
messaging-field-body = Text
messaging-variables = Variables; a click adds one to the text
messaging-variable-number = case number
messaging-variable-store = store
messaging-variable-link = the customer's link
messaging-variable-name = receiver
messaging-variable-subject = what it is about
messaging-variable-text = what was written
messaging-example-store = Wensan Road store
messaging-example-name = Wang Lihua
messaging-example-subject = The washing machine does not spin
messaging-example-text = The part has arrived; we come tomorrow morning.
messaging-mail-also-wechat = These words are used for mail and for “Copy to WeChat”
messaging-sms-length-about = 160 plain characters are one SMS, 153 each in a longer one; links count too
messaging-preview = Example
messaging-preview-now = Show example
messaging-no-preview = Put the errors right to see an example
messaging-about-cost = about { $cost }
messaging-save-text = Save words
messaging-take-shipped = Take the shipped words
messaging-take-version = Take this version
messaging-versions = Earlier versions

# Numbers.
metric-messages-sent = Messages sent
metric-messages-sent-about = SMS and mails that a provider took
metric-messages-delivered = Messages delivered
metric-messages-delivered-about = SMS that arrived, as the operators' receipts say
metric-messages-failed = Messages not sent
metric-messages-failed-about = Not sent, or not delivered as receipts say
metric-messages-cost = Cost of SMS
metric-messages-cost-about = Parts times the price when they were sent

# At the case.
cases-verb-message-failed = could not reach the customer by message

# More faults and fields.
fault-messaging-signature = The receipt is not signed as it should be
    .about = Check key and secret; the time may be off by 5 min at most
fault-messaging-receipts = The receipts cannot be read
    .about = Send JSON: receipts, each with id and state
fault-messaging-secret-lost = The kept password cannot be opened
    .about = The master key has changed; enter the password again
field-variable-unknown = There is no variable { $name }; take one from the list below
field-variable-needed = Needs { $name }, or the customer has nothing to open
field-brace-alone = Braces come in pairs with a variable's name inside
field-sms-signature = Enter 2–12 characters without brackets
field-private-host = This address is inside your network; ask the operator to list it with --private-host first
field-hour = Enter a time such as 21:00
