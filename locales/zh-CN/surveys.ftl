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
