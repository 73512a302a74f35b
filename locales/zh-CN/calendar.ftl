# 工作日历与时限：为什么是这个到期时间。

# 变量：$day 日期，$weekday 星期，$first $last 起止日期，$h 小时，$m 分钟，$s 秒，$n 个数。
calendar-day = { $day }（{ $weekday }）
calendar-days = { $first }至 { $last }
calendar-list-comma = 、
calendar-length-h = { $h } 小时
calendar-length-hm = { $h } 小时 { $m } 分
calendar-length-m = { $m } 分钟
calendar-length-s = { $s } 秒
calendar-length-and = { $whole } { $left }
calendar-weekday-1 = 周一
calendar-weekday-2 = 周二
calendar-weekday-3 = 周三
calendar-weekday-4 = 周四
calendar-weekday-5 = 周五
calendar-weekday-6 = 周六
calendar-weekday-7 = 周日

# 某一天是什么日子。$note 是录入例外日的人写的说明。
calendar-kind-working = 工作日
calendar-kind-weekend = 休息日
calendar-kind-holiday = 节假日
calendar-kind-make-up = 调休上班
calendar-kind-override = 例外日
calendar-kind-override-note = 例外日：{ $note }
calendar-holiday-new-year = 元旦
calendar-holiday-spring-festival = 春节
calendar-holiday-tomb-sweeping = 清明节
calendar-holiday-labour-day = 劳动节
calendar-holiday-dragon-boat = 端午节
calendar-holiday-mid-autumn = 中秋节
calendar-holiday-national-day = 国庆节

# 时限规则。
calendar-rule-working = { $length }工作时间
calendar-rule-natural = { $length }（不分昼夜和节假日）
calendar-rule-working-days = { $n } 个工作日
calendar-rule-calendar-days = { $n } 日
calendar-rule-calendar-days-roll = { $n } 日，末日逢休息日顺延
calendar-rule-fixed = 指定时间 { $at }

# 到期依据，一行一句。
calendar-why-start = { $at } 开始计时
calendar-why-rule = 时限：{ $rule }
calendar-why-rule-on = 时限：{ $rule }，按「{ $calendar }」日历
calendar-why-day = { $day }{ $kind }，{ $hours }：计 { $counted }
calendar-why-nth = 第 { $n } 日：{ $day }{ $kind }
calendar-why-skip-rest = { $days }{ $kind }，不计
calendar-why-skip-paused = { $days }暂停，不计
calendar-why-skip-outside = { $days }{ $kind }，营业时间以外，不计
calendar-why-skip-start = { $days }开始的当日不计
calendar-why-skip-rolled = { $days }{ $kind }，末日顺延
calendar-why-pause = { $from } 至 { $to } 暂停：{ $reason }
calendar-why-paused = { $from } 起暂停：{ $reason }
calendar-why-change-rule = { $at } 时限改为 { $rule }（已用 { $used }）：{ $reason }
calendar-why-change-calendar = { $at } 起按「{ $calendar }」日历的新安排计算（已用 { $used }）：{ $reason }
calendar-why-change-both = { $at } 时限改为 { $rule }，按「{ $calendar }」日历（已用 { $used }）：{ $reason }
calendar-why-unknown-year = { $year } 年的节假日安排还没有录入「{ $calendar }」日历，暂按每周安排计算，录入后会更新
calendar-why-due = 到期：{ $due }（已用 { $used }）
calendar-why-late = 到期：{ $due }，已超 { $over }
calendar-why-open = 暂停中，已用 { $used }，还剩 { $left }，恢复后继续计时
calendar-reason-calendar = 工作日历有调整

# 不能执行的原因。
fault-calendar-missing = 还没有工作日历。请管理员先建立一个日历，再重试。
fault-calendar-never-works = 这个工作日历在十年内没有任何营业时间，算不出到期时间。请管理员给日历设置营业时间。
fault-calendar-too-far = 时限太长，超过一百年。请改短。
fault-calendar-allowance = 时限不能小于零。
fault-calendar-clock-order = 时间不能早于这个时限的上一条记录。请核对发生时间。
fault-calendar-clock-paused = 这个时限已经暂停。
fault-calendar-clock-not-paused = 这个时限没有暂停，不需要恢复。
fault-calendar-clock-stopped = 这个时限已经结束，不能再改。
fault-calendar-clock-unchanged = 没有任何改动。
field-calendar-zone = 没有这个时区。请填写 IANA 名称，如 Asia/Shanghai。
field-calendar-day = { $day } 重复，或不属于这一年。
