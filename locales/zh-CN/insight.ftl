# 经营：指标与查找。

insight-menu = 指标
permission-group-insight = 经营
permission-insight-view = 查看指标

insight-title = 指标
insight-periods = 时间
insight-days = 近 { $n } 天
insight-last = 近 { $n } 天
insight-before = 前 { $n } 天
insight-span = { $from } – { $to }
insight-stores = { $n } 家店
insight-filter = 筛选
insight-all-stores = 全部店铺
insight-show-days = 看近 { $n } 天

insight-col-metric = 指标
insight-col-base = 基数
insight-col-direction = 方向
insight-col-store = 店铺
insight-col-day = 日期

insight-none = 还没有指标
insight-none-about = 各模块启用后，它们的指标会列在这里。
insight-nothing = 这段时间没有记录
insight-nothing-about = 换一段更长的时间，或选全部店铺。

insight-group-cases = 服务单
insight-group-surveys = 满意度
insight-group-sales = 销售

# 一个指标
insight-definition = 定义
insight-id = 编号
insight-unit = 单位
insight-dimensions = 可按
insight-by = 按{ $what }
insight-days-records = 逐日查看记录
insight-chart = { $name }，按天，{ $unit }
insight-base = n = { $n }
insight-base-ratio = { $part } ÷ { $whole }
insight-formula-sum = 算法：{ $part }，逐笔相加
insight-formula-ratio = 算法：{ $part } ÷ { $whole }，先各自相加再相除
insight-formula-mean = 算法：{ $sum } ÷ { $count }，四舍五入到最小单位
insight-formula-percentile = 算法：{ $percent }% 的{ $part }不超过的数，由分段统计估算

insight-unit-count = 个数
insight-unit-basis-points = 百分比
insight-unit-minutes = 分钟
insight-unit-working-minutes = 工作时间（分钟）
insight-unit-fen = 元
insight-unit-hundredths = 分值

# 指标的分量
metric-part-cases-taken-in = 登记的服务单
metric-part-cases-accepted = 接单的服务单
metric-part-cases-resolved = 解决的服务单
metric-part-cases-closed = 关闭的服务单
metric-part-cases-reopened = 重新打开的次数
metric-part-cases-open-now = 未结服务单（登记加一，了结减一）
metric-part-deadlines-missed = 超时的时限
metric-part-deadlines-met = 按时完成的时限
metric-part-deadlines-ended = 结束的时限
metric-part-first-answer-minutes = 首次回复用时（分钟）
metric-part-first-answer-count = 已经回复的服务单
metric-part-resolution-hours = 解决用时（小时）
metric-part-resolution-count = 已经解决的服务单
metric-part-plans-proposed = 发给顾客的方案
metric-part-plans-declined = 顾客不同意的方案
metric-part-surveys-invited = 发出的评价邀请
metric-part-surveys-answered = 收到的评价
metric-part-surveys-csat-sum = 满意度分数之和
metric-part-surveys-csat-count = 打了满意度分的评价
metric-part-surveys-csat-good = 4 分和 5 分的评价
metric-part-surveys-low = 1 分和 2 分的评价
metric-part-surveys-nps-net = 推荐者减批评者的人数
metric-part-surveys-nps-count = 回答了推荐题的评价
metric-part-surveys-effort-sum = 省力分数之和
metric-part-surveys-effort-count = 回答了省力题的评价
metric-part-cases-follow-ups = 开出的后续服务单
metric-part-tasks-given = 派出的协同任务
metric-part-tasks-done = 完成的协同任务
metric-part-tasks-on-time = 按时答复的协同任务
metric-part-tasks-answered = 答复的协同任务
metric-part-checks-done = 做过的有效性检查
metric-part-checks-failed = 未解决的有效性检查
metric-part-checks-worked = 确认有效的有效性检查
metric-part-surveys-skipped = 结案后不邀评的服务单
metric-part-surveys-excluded = 被总部排除的评价
metric-part-surveys-given = 收到的评价
metric-part-surveys-recovered = 已补救的低分评价
metric-part-surveys-recovered-in-time = 按时补救的低分评价

# 指标数的是什么
metric-cases-taken-in-unit = { $n } 单
metric-cases-accepted-unit = { $n } 单
metric-cases-resolved-unit = { $n } 单
metric-cases-closed-unit = { $n } 单
metric-cases-reopened-unit = { $n } 次
metric-cases-open-change-unit = { $n } 单
metric-cases-deadlines-missed-unit = { $n } 个
metric-cases-resolution-hours-unit = { $n } 小时
metric-cases-plans-proposed-unit = { $n } 个
metric-cases-plans-declined-unit = { $n } 个
metric-surveys-invited-unit = { $n } 份
metric-surveys-answered-unit = { $n } 份
metric-surveys-low-unit = { $n } 份

# 查找
insight-find-title = 查找
insight-find-how = 手机号（全号或后四位）、单号、序列号、小票号、姓名拼音首字母，或说明里的字词
insight-find-button = 查找
insight-find-kinds = 查找范围
insight-find-all = 全部
insight-find-case = 服务单
insight-find-customer = 顾客
insight-find-channel = 渠道
insight-found-customer = 顾客
insight-find-product = 商品
insight-find-problem = 难题
insight-find-sale = 销售
insight-find-serial-unit = 序列号
insight-find-start = 输入要找的内容
insight-find-start-about = 完整的单号或手机号会直接打开。几个词用空格隔开，都有的才列出来。
insight-find-barred = 你没有可以查找的记录
insight-find-barred-about = 要查服务单或顾客，请管理员给你开通。
insight-find-nothing = 没有找到「{ $typed }」
insight-find-try-shorter = 少写几个字，或只写一个词
insight-find-try-phone = 手机号写全号，或只写后四位
insight-find-try-latin = 英文和数字要从词头写起，例如 iph 能找到 iPhone
insight-find-try-reach = 只找你能看到的店铺；别的店的记录请对方查
insight-find-common = 这个词太常见，没有全部查完
insight-find-common-about = 再加一个词、单号或手机号后四位，会更准。

field-insight-days-reversed = 最后一天要在第一天之后，或同一天
field-insight-days-many = 一次最多查两年
insight-find-return = 退换货
insight-find-claim = 厂家索赔
insight-find-platform-order = 平台售后
insight-find-cover-terms = 保障条款
