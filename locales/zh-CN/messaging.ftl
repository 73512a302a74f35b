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

# The customer is told until when an answer comes; $text is the time.
messaging-promise-sms = 【{ $store }】{ $name }，服务单 { $number } 我们最晚 { $text } 给你答复。进度：{ $link }
messaging-promise-mail-subject = 服务单 { $number } 的答复时间
messaging-promise-mail-body =
    { $name }，你好：

    服务单 { $number }（{ $subject }），我们最晚 { $text } 给你答复。

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

# A person's answer to a letter: it is a letter itself.
messaging-letter-sms = 【{ $store }】{ $name }，服务单 { $number } 的答复：{ $text }
messaging-letter-mail-subject = 服务单 { $number } 的答复
messaging-letter-mail-body =
    { $name }，你好：

    { $text }

    服务单 { $number }。直接回复本邮件即可，主题里的编号请保留。
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

# 有一件事要某人审批。
messaging-approval-sms = 【{ $store }】{ $name } 请你批：{ $number } 多给 { $subject }，{ $text } 前答复：{ $link }
messaging-approval-mail-subject = 请你批：{ $number } 多给 { $subject }
messaging-approval-mail-body =
    { $name } 请你批：{ $number } 在法定之外多给 { $subject }。

    { $text } 前答复，过时自动转上一级。法定部分不等审批。

    批或不批（只给你本人，只能用一次）：{ $link }

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
messaging-channel-wechat-copy = 复制给微信
messaging-channel-webhook = 原对话
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

# Menu.
messaging-menu-outbox = 发件箱
messaging-menu-texts = 消息文字
messaging-menu-settings = 短信和邮件

# Outbox.
messaging-outbox-title = 发件箱
messaging-outbox-about = 发给顾客的短信、邮件和复制给微信的文字；号码打码，链接不显示
messaging-kpis = 近 30 天
messaging-30-days = 近 30 天
messaging-kpi-sent = 已发
messaging-kpi-delivered = 已送达
messaging-kpi-failed = 没发成
messaging-kpi-cost = 费用
messaging-tabs = 按状态看
messaging-show-all = 全部
messaging-show-waiting = 待发
messaging-show-sent = 已发
messaging-show-failed = 没发成
messaging-show-unclear = 结果不明
messaging-filter = 筛选
messaging-col-when = 时间
messaging-col-what = 内容
messaging-col-text = 哪种消息
messaging-col-to = 发给
messaging-col-channel = 方式
messaging-col-store = 门店
messaging-col-cost = 费用
messaging-col-state = 状态
messaging-to-case = 看服务单
messaging-empty = 还没有消息
messaging-empty-about = 受理、出方案、完成时会给顾客发消息，都记在这里。
messaging-empty-filtered = 没有符合条件的消息
messaging-empty-filtered-about = 换个条件，或清除筛选。
messaging-state-delivered = 已送达
messaging-message-title = 一条消息
messaging-text-sent = 发出的文字
messaging-links-hidden = 链接只给顾客，这里不显示。
messaging-way-of-it = 发送经过
messaging-not-before = 不早于
messaging-sent-at = 发出
messaging-receipt-at = 回执
messaging-tries = 尝试次数
messaging-words-version = 文字版本
messaging-shipped = 自带文字
messaging-version-n = 第 { $n } 版
messaging-resend-title = 重发
messaging-resend-about = 马上发出，不等免打扰时段过去。
messaging-resend-to = 改正号码或邮箱
messaging-resend-to-about = 不填就发到原来的号码
messaging-resend-now = 马上重发
messaging-done-resent = 已交给发送渠道
messaging-done-trial = 测试消息已交给发送渠道，刷新看结果
messaging-done-saved = 设置已保存
messaging-done-text-saved = 文字已保存，从下一条消息起用

# What a text is for.
messaging-text-received = 受理回执
messaging-text-promise = 答复时间
messaging-text-plan = 方案请确认
messaging-text-reply = 有新回复
messaging-text-letter = 邮件答复
messaging-text-resolved = 处理完成
messaging-text-survey = 请你评价
messaging-text-assigned = 交给员工
messaging-text-deadline = 时限提醒
messaging-text-notice = 员工通知
messaging-text-trial = 测试消息
messaging-text-approval = 请你审批

# Settings.
messaging-settings-title = 短信和邮件
messaging-settings-about = 用什么发、几点以后不打扰；密码和密钥加密保存，不再显示
messaging-no-https = 没有 HTTPS 公网地址
messaging-no-https-about = 顾客打不开链接：不发带链接的消息，也不打印二维码。启动程序时用 --public-url https://… 给出地址。
messaging-part-mail = 邮件
messaging-part-sms = 短信
messaging-part-quiet = 免打扰时段
messaging-is-set = 在用
messaging-is-not-set = 没有真正发出
messaging-field-way = 怎么发
messaging-way-sms-on = 签名接口
messaging-way-sms-log = 只记在发件箱
messaging-way-sms-off = 不发
messaging-way-mail-on = 邮件服务器
messaging-way-mail-log = 只记在发件箱
messaging-way-mail-off = 不发
messaging-field-url = 接口地址
messaging-url-about = https:// 开头；内网地址要先由运维列入 --private-host
messaging-field-key = 账号标识（Key）
messaging-field-secret = 签名密钥
messaging-secret-kept = 已保存，不显示。留空就不改
messaging-secret-none = 还没有保存
messaging-forget-secret = 删除已保存的密码或密钥
messaging-field-signature = 短信签名
messaging-signature-about = 在运营商报备的名称，2–12 个字，不带括号；不填用门店名
messaging-field-price = 每条价格（元）
messaging-price-about = 用来估算和统计费用
messaging-field-idempotent = 同一编号只发一次
messaging-idempotent-about = 短信商承诺同一 Idempotency-Key 不重发时才勾；程序中断后会自动补发
messaging-receipts-about = 回执地址：{ $url }，用同一密钥签名
messaging-field-host = 服务器
messaging-host-about = 如 smtp.example.com；内网地址要先由运维列入 --private-host
messaging-field-port = 端口
messaging-field-tls = 加密
messaging-tls-implicit = TLS（465）
messaging-tls-start-tls = STARTTLS（587）
messaging-tls-none = 不加密
messaging-field-from = 发件人
messaging-from-about = 如 云栖售后 <service@example.com>
messaging-field-user = 用户名
messaging-field-password = 密码
messaging-field-quiet-from = 从
messaging-field-quiet-until = 到
messaging-quiet-about = 按门店当地时间，这段时间里的消息等结束再发；紧急消息除外。两头相同就是不设。
messaging-save-sms = 保存短信设置
messaging-save-mail = 保存邮件设置
messaging-save-quiet = 保存免打扰时段
messaging-trial = 发一条测试消息
messaging-trial-about = 用已保存的设置发，结果在发件箱。
messaging-trial-to = 手机号或邮箱
messaging-trial-send = 发测试消息
messaging-history-of = 「{ $part }」的改动
messaging-colon = ：
messaging-by-program = 程序
messaging-field-to = 发给
messaging-field-state = 状态
messaging-field-version = 版本
messaging-field-message-subject = 邮件标题
messaging-field-message-body = 文字

# Words of messages.
messaging-texts-title = 消息文字
messaging-texts-about = 每种消息的中英文文字；顾客收到的语言按顾客的选择
messaging-for-customers = 发给顾客
messaging-for-staff = 发给员工
messaging-col-example = 示例
messaging-col-length = 长度
messaging-col-version = 版本
messaging-col-who = 谁改的
messaging-characters = { $n } 字
messaging-locale-zh-CN = 中文
messaging-locale-en = 英文
messaging-words = 文字
messaging-field-subject = 标题
messaging-field-body = 正文
messaging-variables = 可用的变量，点一下加到正文
messaging-variable-number = 服务单号
messaging-variable-store = 门店
messaging-variable-link = 顾客的链接
messaging-variable-name = 收件人
messaging-variable-subject = 事由
messaging-variable-text = 写的话
messaging-example-store = 杭州文三路店
messaging-example-name = 王丽华
messaging-example-subject = 洗衣机不脱水
messaging-example-text = 配件已到店，明天上午上门。
messaging-mail-also-wechat = 邮件和「复制给微信」都用这段文字
messaging-sms-length-about = 中文 70 字一条，长短信每条 67 字；链接也算字数
messaging-preview = 示例
messaging-preview-now = 看示例
messaging-no-preview = 改正后看示例
messaging-about-cost = 约 { $cost }
messaging-save-text = 保存文字
messaging-take-shipped = 换回自带文字
messaging-take-version = 用这一版
messaging-versions = 以前的版本

# Numbers.
metric-messages-sent = 发出的消息
metric-messages-sent-about = 发送渠道收下的短信和邮件
metric-messages-delivered = 送达的消息
metric-messages-delivered-about = 运营商回执说已送达的短信
metric-messages-failed = 没发成的消息
metric-messages-failed-about = 没有发出，或回执说没有送达
metric-messages-cost = 短信费用
metric-messages-cost-about = 条数乘以发出时的每条价格

# At the case.
cases-verb-message-failed = 给顾客的消息没发成

# More faults and fields.
fault-messaging-signature = 回执的签名不对
    .about = 核对 Key 和密钥，时间误差不超过 5 分钟
fault-messaging-receipts = 回执读不懂
    .about = 发 JSON：receipts 里每项有 id 和 state
fault-messaging-secret-lost = 保存的密码解不开
    .about = 主密钥换过了，重新填写密码
field-variable-unknown = 没有 { $name } 这个变量，从下面的列表里选
field-variable-needed = 要有 { $name }，不然顾客点不开
field-brace-alone = 花括号要成对，里面写变量名
field-sms-signature = 填 2–12 个字，不带括号
field-private-host = 这是内网地址，请运维列入 --private-host 后再填
field-hour = 填 24 小时制的时间，如 21:00
