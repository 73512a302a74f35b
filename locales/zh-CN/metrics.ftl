# 指标：字典里的名称与说明。其他模块的指标名称写在各自的文件里。

metric-cases-taken-in = 受理服务单
metric-cases-taken-in-about = 新来的服务单数，记在顾客来的当天（补录的也记在那天），包括后来不受理或合并的。
metric-cases-accepted = 已接单
metric-cases-accepted-about = 有人接手的服务单数，记在接手当天。
metric-cases-resolved = 已解决
metric-cases-resolved-about = 处理完、等顾客确认的服务单数，记在解决当天；重新打开后再次解决的再记一次。
metric-cases-closed = 已关单
metric-cases-closed-about = 顾客确认或按规则关闭的服务单数，记在关闭当天。
metric-cases-reopened = 重新打开
metric-cases-reopened-about = 解决或关闭后又重新打开的次数，记在重新打开当天。
metric-cases-open-change = 未结服务单增减
metric-cases-open-change-about = 所选日期内新登记减去了结的服务单数；从第一天算起，就是现在未结的数量。
metric-cases-deadlines-missed = 超时的时限
metric-cases-deadlines-missed-about = 到期时还没有完成的时限个数，记在到期当天。一张服务单可以有几个时限。
metric-cases-deadlines-on-time = 时限达成率
metric-cases-deadlines-on-time-about = 按时完成的时限 ÷ 结束的时限（按时完成的加超时的）。
metric-cases-first-answer-minutes = 首次回复用时（平均）
metric-cases-first-answer-minutes-about = 从登记到第一次回复顾客的分钟数，取平均，四舍五入到整分钟；只算已经回复的。
metric-cases-resolution-hours = 解决用时（平均）
metric-cases-resolution-hours-about = 从登记到解决的小时数，取平均，四舍五入到整小时；只算已经解决的。
metric-cases-plans-proposed = 提出的方案
metric-cases-plans-proposed-about = 发给顾客确认的方案数，同一服务单改过再发的另算一个。
metric-cases-plans-declined = 顾客不同意的方案
metric-cases-plans-declined-about = 顾客没有同意的方案数，记在顾客答复当天。

# 单位。$n 是数字。
metrics-unit-count = { $n }
metrics-unit-minutes = { $n } 分钟
metrics-unit-working-minutes = { $n } 分钟（工作时间）
metrics-unit-hundredths = { $n } 分
metrics-direction-up = 越高越好
metrics-direction-down = 越低越好
metrics-direction-neutral = 不分高低

metrics-dimension-kind = 类型
metrics-dimension-channel = 来源
metrics-by-total = 合计
metrics-by-day = 按天
metrics-by-store = 按店铺

metrics-none = 没有数据
metrics-none-about = 没有可以计算的记录，所以不是 0。
metrics-of = { $whole } 中的 { $part }
metrics-estimated = 约 { $n }
metrics-estimated-about = 由分段统计估算，实际在 { $low } 到 { $high } 之间。
metrics-records = 查看这些记录
