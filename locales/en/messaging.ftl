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
messaging-channel-wechat_copy = Copied to WeChat
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
