# 打印：小票、三联、A5、A4、标签；复制给微信。
cases-print-papers = 选纸
cases-print-paper-t80 = 80 mm 小票
cases-print-paper-t80-house = 80 mm 店内联
cases-print-paper-dm = 三联 241 × 140
cases-print-paper-a5 = A5
cases-print-paper-a5-house = A5 店内联
cases-print-paper-a4 = A4
cases-print-paper-label = 标签 60 × 40
cases-print-title-customer = 服务受理单
cases-print-title-house = 服务受理单（店内）
cases-print-title-label = 标签
cases-print-now = 打印
cases-print-preview = 这是预览，点「打印」才计次数、留记录
cases-print-only-preview = 这是预览。回到页面点「打印」。
cases-print-reprint = 补打 第 { $n } 次
cases-print-foot = 打印 { $at } { $by }
cases-print-first = 首次 { $at }
cases-print-times = 第 { $n } 次
cases-print-rules = 时限规则第 { $n } 版
cases-print-house-only = 店内留存 · 完整号码，不得交给顾客
cases-print-accessories = 附件
cases-print-cost = 费用
cases-print-payer = 谁付钱
cases-print-payers = □ 厂家 □ 门店 □ 延保方 □ 顾客（先报价）
cases-print-terms = 约定
cases-print-term-1 = 先检测，后报价；费用变化经你同意才修
cases-print-term-2 = 检测后为性能故障的，可退、可换或可修，按当时符合的条件由你选
cases-print-term-3 = 请先备份、退出账号；换下的旧件是否带走，取机时选
cases-print-term-4 = 办好会通知你；请带本单或报手机号办理
cases-print-term-5 = 对处理不满意，请找店长；也可拨 12315
cases-print-term-gap = ；
cases-print-sign-manager = 店长
cases-print-parts-of-three = 第一联 白 存根 / 第二联 红 顾客 / 第三联 黄 随机。三联同文，所以都打码；完整号码在系统里查
cases-print-taken-short = 收
cases-verb-printed = 打印单据
cases-page-field-paper = 纸
cases-page-field-copy = 联
cases-page-field-times = 第几次

# Copy to WeChat.
cases-wechat-title = 复制给微信
cases-wechat-about = 选一段现成文字，复制到微信发给顾客；会留下记录
cases-wechat-no-link = 没有 HTTPS 公网地址：链接在路上会被人看到，所以文字里不带链接。请管理员用 --public-url https://… 启动程序。
cases-wechat-ready = 文字好了
cases-wechat-kept = 按下复制就会记下是谁、什么时候、哪段文字。链接只在这里显示一次。
cases-wechat-by-hand = 选中下面的文字，复制到微信发给顾客
cases-wechat-noted = 已记下：这段文字由你复制给顾客。
fault-cases-no-promise = 没有到期的答复时间可以告诉顾客
cases-wechat-choose = 要发什么
cases-wechat-text = 哪种消息
cases-wechat-words = 要说的话
cases-wechat-words-about = 发「有新回复」时写在这里
cases-wechat-make = 生成文字
cases-wechat-language = 给这位顾客的语言
cases-wechat-language-about = 短信、邮件和复制的文字都用它
cases-verb-text-copied = 复制文字给微信
cases-verb-language-chosen = 改了给顾客的语言
cases-page-field-message-template = 消息
cases-page-field-message-error = 原因
cases-page-field-language = 语言

# Notices to staff.
cases-notice-confirmed = 顾客同意
cases-notice-declined = 顾客不同意

# The component.
web-copy-label = 发给顾客的文字
web-copy-wechat = 复制给微信
web-copy-done = 已复制，到微信里粘贴
