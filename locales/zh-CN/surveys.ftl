# 满意度
surveys-menu = 满意度
surveys-title = 满意度
surveys-about = 每张关单的顾客都会收到邀请，由规则决定，不由员工挑选。
surveys-numbers = 看指标
surveys-tabs = 评价筛选
surveys-narrowed = 正在看筛选后的评价
surveys-show-answered = 已评价
surveys-show-low = 低分
surveys-show-recovery = 待补救
surveys-show-unanswered = 未评价
surveys-show-invited = 全部邀请
surveys-col-rating = 评价
surveys-col-case = 服务单
surveys-col-more = 其他回答
surveys-col-store = 门店
surveys-col-when = 时间
surveys-col-recovery = 补救
surveys-empty-answered = 还没有评价
surveys-empty-low = 没有低分评价
surveys-empty-recovery = 没有待补救的评价
surveys-empty-unanswered = 没有等着评价的顾客
surveys-empty-invited = 还没有发出邀请
surveys-empty-about = 服务单关闭时会自动邀请顾客评价，回答出现在这里。
surveys-empty-filtered = 筛选后没有评价
surveys-empty-filtered-about = 换一个日期范围或门店，或清除筛选。
surveys-to-cases = 去服务单
surveys-none-yet = 未评价
surveys-sent = 已发短信
surveys-not-sent = 未发：没有对外网址，可在服务单里生成评价链接
surveys-nps-n = 推荐 { $n } / 10
surveys-effort-n = 省力 { $n } / 5

# 补救
surveys-recover = 登记补救
surveys-recovery-open = 待补救
surveys-recovery-done = 已补救
surveys-recover-title = 登记补救
surveys-recover-note = 怎么补救的
surveys-recover-note-hint = 写清联系了谁、做了什么、顾客怎么说。保存后不能改。
surveys-recover-done = 保存补救
surveys-recover-stale = 这条评价刚被改过
surveys-recover-stale-about = 你写的内容都还在。看看现在的评价，再保存一次。
surveys-low-note = 顾客评价 { $csat } 分（满分 5）。{ $words }

# 顾客页
surveys-rate-title = 这次服务怎么样？
surveys-tap = 点一下就提交
surveys-csat-1 = 很差
surveys-csat-2 = 不满意
surveys-csat-3 = 一般
surveys-csat-4 = 满意
surveys-csat-5 = 很满意
surveys-thanks = 已收到，谢谢。
surveys-thanks-open = 24 小时内可以改。下面的不填也可以。
surveys-low-customer = 很抱歉没让你满意。店里会看到你的评价并联系你，不用重新说一遍。
surveys-promise = 点一下就提交。好的不好的都会留下，门店删不掉。
surveys-closed = 已收到你的评价，谢谢。
surveys-closed-about = 提交超过 24 小时，不能再改。还有问题请给门店打电话。
surveys-solved = 问题解决了吗？
surveys-solved-yes = 解决了
surveys-solved-partly = 部分解决
surveys-solved-no = 没有解决
surveys-effort = 整个过程费不费劲？
surveys-effort-1 = 很费劲
surveys-effort-2 = 费劲
surveys-effort-3 = 一般
surveys-effort-4 = 轻松
surveys-effort-5 = 很轻松
surveys-nps = 愿意把我们推荐给亲友吗？
surveys-nps-hint = 0 完全不愿意，10 非常愿意
surveys-words = 还想说
surveys-send-more = 补充提交
surveys-gone-unknown = 链接打不开
    .about = 检查网址是否完整。也可以给门店打电话，报手机号就能查到。
surveys-gone-expired = 链接已过期
    .about = 评价链接有时间限制。想评价请给门店打电话，店员会重新发一条。
surveys-gone-revoked = 链接已停用
    .about = 门店停用了这条链接。想评价请给门店打电话，店员会重新发一条。
surveys-gone-answered = 已收到你的评价，谢谢
    .about = 提交超过 24 小时，不能再改。还有问题请给门店打电话。

# 时间线
surveys-verb-invited = 邀请顾客评价
surveys-verb-answered = 评价
surveys-verb-low-rating = 低分评价，待补救
surveys-verb-recovered = 登记补救

# 差错
fault-surveys-answered = 评价已超过 24 小时，不能再改
    .about = 还有问题请给门店打电话。
fault-surveys-nothing-to-recover = 这条评价不需要补救
    .about = 可能已有人登记，回到列表看看。

# 指标
metric-surveys-invited = 评价邀请数
metric-surveys-invited-about = 关单后按规则邀请评价的服务单数，每单一次，记在邀请当天。
metric-surveys-answered = 评价数
metric-surveys-answered-about = 顾客作答的评价数，记在首次作答当天。
metric-surveys-response = 评价率
metric-surveys-response-about = 期间的评价数 ÷ 期间的邀请数。
metric-surveys-csat = 满意度平均分
metric-surveys-csat-about = 1 到 5 分的平均，保留两位小数；括号里是评价数。
metric-surveys-satisfied = 满意率
metric-surveys-satisfied-about = 4 分和 5 分的评价 ÷ 全部评价。
metric-surveys-low = 低分评价数
metric-surveys-low-about = 1 分和 2 分的评价，每条都要补救。
metric-surveys-nps = 净推荐值
metric-surveys-nps-about = （9–10 分的人数 − 0–6 分的人数）÷ 回答推荐题的人数。
metric-surveys-effort = 省力平均分
metric-surveys-effort-about = 1（很费劲）到 5（很轻松）的平均，只算回答了这题的。

# 权限
permission-group-surveys = 满意度
permission-surveys-view = 看评价
permission-surveys-recover = 登记补救

# 评价详情、电话登记、排除
surveys-detail-title = 评价
surveys-open = 打开
surveys-show-skipped = 未邀请
surveys-show-flagged = 有疑问
surveys-show-excluded = 已排除
surveys-show-recovered = 已补救
surveys-show-nps = 答了推荐题
surveys-show-effort = 答了省力题
surveys-empty-skipped = 没有未邀请的单
surveys-empty-flagged = 没有有疑问的评价
surveys-empty-excluded = 没有被排除的评价
surveys-empty-recovered = 还没有补救过的评价
surveys-empty-nps = 还没有人回答推荐题
surveys-empty-effort = 还没有人回答省力题
surveys-not-asked = 未邀请
surveys-skipped-anonymous = 顾客未留姓名
surveys-skipped-imported = 从别处导入的旧单
surveys-skipped-kind = 这类服务单不邀请
surveys-skipped-no-phone = 没有电话
surveys-skipped-no-consent = 顾客未同意联系
surveys-skipped-quiet = 安静期内已邀请过
surveys-skipped-rule = 由第 { $version } 版规则决定，员工不能改。
surveys-to-send = { $at } 发出
surveys-facts = 经过
surveys-invited-at = 邀请
surveys-send-at = 将发出
surveys-answered-at = 作答
surveys-answered-by = 方式
surveys-by-link = 顾客用链接
surveys-by-phone = 电话登记
surveys-rule = 规则
surveys-rule-version = 第 { $n } 版
surveys-unsaid = 未答
surveys-nobody = 未指定
surveys-flagged = 疑问
surveys-flagged-own-staff = 员工登录中
surveys-flagged-own-network = 门店网络
surveys-flagged-about-own-staff = 作答的浏览器正登录着员工账号
surveys-flagged-about-own-network = 作答的网络与本店员工登录的网络相同
surveys-phone = 登记电话评价
surveys-phone-title = 登记电话评价
surveys-phone-about = 由没有经手这一单的人登记，并标明是电话评价。
surveys-phone-say = 你好，这次服务你满意吗？1 分很差，5 分很满意，请照实说。
surveys-phone-save = 保存评价
surveys-exclude = 排除这条评价…
surveys-exclude-title = 排除
surveys-exclude-about = 只有总部可以排除，要写原因。评价原样保留，不计入指标；排除的条数和比例按门店公布。
surveys-exclude-reason = 原因
surveys-restore = 恢复计入
surveys-restore-title = 恢复计入
surveys-excluded = 总部已排除
surveys-excluded-by-store = 总部排除的评价（最近 90 天，按门店）
surveys-excluded-n = 排除 / 全部
surveys-excluded-rate = 比例
surveys-recovery-owner = 负责人
surveys-recovery-due = 补救期限
surveys-recovery-late = 补救超时
surveys-recovery-until = { $at } 前补救
surveys-hand-over = 交给
surveys-hand-over-do = 交办
surveys-gone-not-asked = 这次没有邀请评价
    .about = 是否邀请由公司规则决定。想反映问题请给门店打电话，都会记下来。
surveys-gone-not-yet = 还不能评价
    .about = 这一单还没有办完。办完后会请你评价。

# 规则
surveys-rule-menu = 满意度调查
surveys-rule-title = 满意度调查规则
surveys-rule-about = 谁会收到邀请由规则决定，不由员工挑选。改动存成新版本，每条邀请保留当时的版本。
surveys-rule-kinds = 关单后邀请的类型
surveys-rule-kinds-hint = 一个都不选就不再邀请。
surveys-rule-delay = 关单后几小时发出
surveys-rule-delay-hint = 0 到 168。晚上 9 点到早上 8 点不发短信，顺延到早上。
surveys-rule-quiet = 安静期（天）
surveys-rule-quiet-hint = 0 到 365。同一位顾客在这些天里只邀请一次；0 表示每单都邀请。
surveys-rule-recovery = 低分补救期限（小时）
surveys-rule-recovery-hint = 1 到 336。1 分和 2 分的评价都要补救。
surveys-rule-consent = 只邀请同意联系的顾客
surveys-rule-consent-hint = 顾客档案里「同意联系」没有勾选的，记为未邀请。
surveys-rule-reason = 为什么改
surveys-rule-save = 保存为新版本
surveys-rule-from-now = 从保存时起关单的按新规则，已发出的不变。
surveys-rule-history = 版本
surveys-rule-col-version = 版本
surveys-rule-col-says = 规则
surveys-rule-col-reason = 原因
surveys-rule-col-who = 谁改的
surveys-rule-shipped = 随程序提供
surveys-rule-and = 、
surveys-rule-delay-n = { $n ->
    [0] 关单即发
   *[other] 关单 { $n } 小时后发
}
surveys-rule-quiet-n = { $n ->
    [0] 没有安静期
   *[other] 安静期 { $n } 天
}
surveys-rule-recovery-n = { $n } 小时内补救
surveys-rule-consent-yes = 只邀请同意联系的
surveys-rule-consent-no = 有电话就邀请
surveys-rule-stale = 规则刚被别人改过
surveys-rule-stale-about = 你填的都还在。看看最新版本，再保存一次。

# 时间线
surveys-verb-skipped = 按规则不邀请评价
surveys-verb-sent = 发出评价邀请
surveys-verb-handed-over = 交办补救
surveys-verb-excluded = 总部排除评价
surveys-verb-restored = 总部恢复评价

# 差错
fault-surveys-not-asked = 规则没有邀请这位顾客评价
    .about = 是否邀请由规则决定，不由员工挑选。
fault-surveys-not-yet = 服务单还没有关闭，不能评价
    .about = 关单后系统按规则邀请。
fault-surveys-own-work = 自己经手的单不能登记评价
    .about = 请没有经手这一单的同事打电话登记。
fault-surveys-answered-already = 顾客已经评价过
    .about = 回到评价页看看。
fault-surveys-no-answer = 还没有评价，没有可排除的
    .about = 顾客作答后才能排除。
fault-surveys-excluded-already = 这条评价已经排除
    .about = 可能刚被同事排除，刷新看看。
fault-surveys-counts-already = 这条评价本来就计入
    .about = 可能刚被同事恢复，刷新看看。

# 指标
metrics-dimension-reason = 原因
surveys-reason-anonymous = 顾客未留姓名
surveys-reason-imported = 导入的旧单
surveys-reason-kind = 这类不邀请
surveys-reason-no-phone = 没有电话
surveys-reason-no-consent = 未同意联系
surveys-reason-quiet = 安静期内
metric-surveys-skipped = 未邀请的单
metric-surveys-skipped-about = 按规则不邀请评价的已关单数，记在关单当天，按原因分。
metric-surveys-excluded = 总部排除的评价
metric-surveys-excluded-about = 总部排除的评价数减去恢复的，记在排除当天。
metric-surveys-excluded-rate = 评价排除率
metric-surveys-excluded-rate-about = 期间排除的评价 ÷ 期间收到的全部评价。
metric-surveys-recovered-in-time = 按时补救率
metric-surveys-recovered-in-time-about = 在期限内补救的低分评价 ÷ 已补救的低分评价，记在补救当天。

# 权限
permission-surveys-note = 登记电话评价
permission-surveys-exclude = 排除评价
permission-surveys-settings = 改调查规则

surveys-wechat = 评价邀请，复制给微信
fault-surveys-no-link = 没有 HTTPS 公网地址，邀请里没有链接可给
    .about = 请管理员用 --public-url https://… 启动程序
