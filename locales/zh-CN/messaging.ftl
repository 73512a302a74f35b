# Texts to customers and staff. Variables: $number case number, $store store name, $link personal address,
# $name the receiver's name, $subject what the case is about, $text what a person has written.

# The case was taken in.
messaging-received-sms = 【{ $store }】{ $name }，你的服务单 { $number } 已受理。查看进度：{ $link }
messaging-received-mail-subject = 服务单 { $number } 已受理：{ $subject }
messaging-received-mail-body =
    { $name }，你好：

    你的服务单 { $number }（{ $subject }）已由 { $store } 受理。

    查看进度、补充说明：{ $link }

    { $store }

# A plan waits for the customer's yes.
messaging-plan-sms = 【{ $store }】{ $name }，服务单 { $number } 的方案好了，请你确认：{ $link }
messaging-plan-mail-subject = 服务单 { $number } 的方案好了，请你确认
messaging-plan-mail-body =
    { $name }，你好：

    服务单 { $number }（{ $subject }）的方案和费用好了，请你确认。没有你的确认，我们不会动工。

    查看方案：{ $link }

    { $store }

# The store asks the customer something or has written.
messaging-reply-sms = 【{ $store }】{ $name }，服务单 { $number } 有新回复，请你查看：{ $link }
messaging-reply-mail-subject = 服务单 { $number } 有新回复
messaging-reply-mail-body =
    { $name }，你好：

    { $store } 就服务单 { $number }（{ $subject }）回复你：

    { $text }

    查看和回复：{ $link }

    { $store }

# The work is done.
messaging-resolved-sms = 【{ $store }】{ $name }，服务单 { $number } 已处理完成，请你查看：{ $link }
messaging-resolved-mail-subject = 服务单 { $number } 已处理完成
messaging-resolved-mail-body =
    { $name }，你好：

    服务单 { $number }（{ $subject }）已处理完成。如果问题还在，打开下面的地址告诉我们，服务单会重新打开。

    查看结果：{ $link }

    { $store }

# The customer is asked to rate.
messaging-survey-sms = 【{ $store }】{ $name }，服务单 { $number } 办得怎么样？请你评价，约 1 分钟：{ $link }
messaging-survey-mail-subject = 请你评价服务单 { $number }
messaging-survey-mail-body =
    { $name }，你好：

    服务单 { $number }（{ $subject }）办得怎么样？请你评价，约 1 分钟。好的不好的都会留下，门店删不掉。

    去评价：{ $link }

    { $store }

# A member of staff has a case to work on.
messaging-assigned-sms = 【{ $store }】{ $name }，服务单 { $number } 交给你了：{ $link }
messaging-assigned-mail-subject = 服务单 { $number } 交给你了：{ $subject }
messaging-assigned-mail-body =
    { $name }：

    服务单 { $number }（{ $subject }）交给你办理。

    打开：{ $link }

    { $store }

# A deadline is near or over.
messaging-deadline-sms = 【{ $store }】{ $name }，服务单 { $number } 的时限要到了，请马上处理：{ $link }
messaging-deadline-mail-subject = 服务单 { $number } 的时限要到了
messaging-deadline-mail-body =
    { $name }：

    服务单 { $number }（{ $subject }）的时限要到了。{ $text }

    打开：{ $link }

    { $store }

# A member of staff is told of something.
messaging-notice-sms = 【{ $store }】{ $subject } { $link }
messaging-notice-mail-subject = { $subject }
messaging-notice-mail-body =
    { $name }：

    { $subject }

    打开：{ $link }

    这封邮件按你的通知设置发出，可以在「通知」里改。

    { $store }

# Tries out the settings.
messaging-trial-sms = 【{ $store }】这是一条测试短信，收到说明短信设置可用。
messaging-trial-mail-subject = 测试邮件
messaging-trial-mail-body =
    { $name }：

    这是一封测试邮件，收到说明邮件设置可用。

    { $store }

# Words on screens.
messaging-channel-mail = 邮件
messaging-channel-sms = 短信
messaging-channel-wechat_copy = 复制给微信
messaging-state-queued = 待发
messaging-state-sending = 发送中
messaging-state-sent = 已发
messaging-state-failed = 没发成
messaging-state-suppressed = 不发
messaging-state-unknown = 结果不明
messaging-state-unknown-about = 发送时程序中断，不知道对方收到没有。先问一声，再决定要不要重发。
messaging-resend = 重发…
messaging-segments = { $count } 条短信

# Why a message was not sent.
messaging-error-address = 地址或号码不对，核对后重发
messaging-error-no-provider = 还没有设置发送渠道，设置后重发
messaging-error-refused = 对方服务器拒收
messaging-error-unreachable = 连不上发送渠道，试了几次都没成
messaging-error-undelivered = 运营商回执：没有送达
messaging-error-interrupted = 发送时程序中断
messaging-error-erased = 顾客资料已删除，不再发送

# Faults.
fault-message-not-resendable = 只有没发成、不发或结果不明的消息可以重发

# Fields.
field-address = 填写能收到的号码或邮箱地址
field-url = 填写以 https:// 开头的完整地址，里面不要带账号和密码
field-tls-for-login = 有密码就要加密：选 STARTTLS 或 TLS
