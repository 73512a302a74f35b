# 服务单：状态、命令、时限、字段、时间线和拒绝原因。页面文字在 cases-pages.ftl。

cases-kind-inquiry = 咨询
cases-kind-repair = 报修
cases-kind-installation = 送装
cases-kind-feedback = 反馈
cases-kind-complaint = 投诉
cases-kind-return = 退换货

cases-channel-counter = 到店
cases-channel-phone = 电话
cases-channel-web = 网络
cases-channel-qr = 扫码
cases-channel-mail = 邮件
cases-channel-api = 接口
cases-channel-import = 导入

cases-priority-urgent = 加急
cases-priority-high = 优先
cases-priority-normal = 普通
cases-priority-low = 不急

cases-state-new = 待受理
cases-state-accepted = 已受理
cases-state-analysing = 分析中
cases-state-plan-proposed = 待顾客确认
cases-state-executing = 执行中
cases-state-waiting = 等待
cases-state-resolved = 已解决
cases-state-closed = 已关闭
cases-state-rejected = 不受理
cases-state-cancelled = 已撤销
cases-state-merged = 已并入

cases-category-open = 处理中
cases-category-waiting = 等待
cases-category-resolved = 待确认解决
cases-category-closed = 已关闭
cases-category-void = 作废

cases-step-1 = 需求
cases-step-2 = 受理记录
cases-step-3 = 分析与方案
cases-step-4 = 确认与执行
cases-step-5 = 效果评估
cases-step-6 = 满意度

cases-stage-acknowledge = 受理
cases-stage-first-answer = 首次响应
cases-stage-plan = 给出方案
cases-stage-customer-answer = 顾客确认方案
cases-stage-solution = 完成处理
cases-stage-confirm = 确认解决
cases-stage-next-answer = 下次告知顾客

cases-wait-customer = 等顾客回复
cases-wait-supplier = 等供应商
cases-wait-parts = 等配件
cases-wait-appointment = 等约定时间
cases-wait-approval = 等审批

cases-outcome-fixed = 已修好
cases-outcome-answered = 已解答
cases-outcome-replaced = 已换货
cases-outcome-refunded = 已退款
cases-outcome-compensated = 已补偿
cases-outcome-no-fault = 检测未见故障
cases-outcome-unrepairable = 无法修复
cases-outcome-other = 其他


cases-wish-unsaid = 没说
cases-wish-repair = 修好
cases-wish-exchange = 换货
cases-wish-refund = 退货

cases-party-customer = 顾客
cases-party-store = 门店
cases-party-maker = 厂家
cases-party-insurer = 延保方

cases-proof-link = 确认链接
cases-proof-counter = 柜台签字
cases-proof-phone = 电话

cases-plan-proposed = 等顾客确认
cases-plan-confirmed = 顾客已确认
cases-plan-declined = 顾客不同意
cases-plan-superseded = 已被新方案代替

cases-visibility-public = 发给顾客
cases-visibility-internal = 内部备注

cases-direction-in = 顾客来
cases-direction-out = 我方

cases-purpose-track = 进度链接
cases-purpose-decide = 确认链接
cases-purpose-rate = 评价链接

cases-command-accept = 受理
cases-command-assign = 指派
cases-command-analyse = 开始分析
cases-command-propose = 提交方案
cases-command-confirm = 登记顾客确认
cases-command-decline = 登记顾客不同意
cases-command-wait = 转等待
cases-command-resume = 继续处理
cases-command-resolve = 标为已解决
cases-command-close = 关闭
cases-command-reopen = 重新打开
cases-command-reject = 不受理
cases-command-cancel = 撤销
cases-command-merge = 并入另一单

# 时间线里发生的事
cases-verb-taken-in = 登记需求
cases-verb-accepted = 受理
cases-verb-assigned = 指派
cases-verb-analysed = 开始分析
cases-verb-plan-proposed = 提交方案
cases-verb-confirmed = 顾客确认方案
cases-verb-declined = 顾客不同意方案
cases-verb-escalated = 第三次不同意，转店长
cases-verb-waiting = 转等待
cases-verb-resumed = 继续处理
cases-verb-resolved = 标为已解决
cases-verb-closed = 关闭
cases-verb-reopened = 重新打开
cases-verb-rejected = 不受理
cases-verb-cancelled = 撤销
cases-verb-merged = 并入另一单
cases-verb-message-posted = 留言
cases-verb-link-issued = 生成顾客链接
cases-verb-links-revoked = 收回顾客链接
cases-verb-deadline-near = 时限快到
cases-verb-deadline-missed = 超时
cases-verb-customer-silent = 顾客到期未答复

# 时间线里的字段
cases-field-state = 状态
cases-field-kind = 类型
cases-field-channel = 渠道
cases-field-priority = 优先级
cases-field-owner = 负责人
cases-field-team = 团队
cases-field-customer = 顾客
cases-field-subject = 问题
cases-field-body = 顾客怎么说
cases-field-wish = 顾客希望
cases-field-upset = 情绪激动
cases-field-product = 商品
cases-field-serial = 序列号
cases-field-external-id = 外部编号
cases-field-wait-reason = 等待原因
cases-field-wait-until = 等到
cases-field-wait-owner = 到时跟进
cases-field-outcome = 处理结果
cases-field-cause = 原因
cases-field-result-note = 处理说明
cases-field-merged-into = 并入
cases-field-reason = 理由
cases-field-note = 说明
cases-field-proof = 凭据
cases-field-proof-note = 通话记录
cases-field-revision = 第几版
cases-field-findings = 检测结论
cases-field-option = 方案
cases-field-customer-pays = 顾客承担
cases-field-chosen = 选了第几项
cases-field-stage = 时限
cases-field-due = 到期
cases-field-purpose = 用途
cases-field-links = 链接数
cases-field-to = 通知
cases-field-declined = 不同意次数
cases-field-yes = 是
cases-field-no = 否

permission-group-cases = 服务单
permission-cases-view = 查看服务单
permission-cases-take-in = 受理登记
permission-cases-work = 处理服务单
permission-cases-assign = 指派服务单
permission-cases-close = 未经顾客确认关闭
permission-cases-reject = 不受理
permission-cases-export = 导出服务单

# 为什么现在不能做
fault-cases-side = 这一步不能由这一方来做
    .about = 刷新页面，看看现在可以做什么。
fault-cases-over = 这一单已经结束
    .about = 关闭不久的可以重新打开；否则新建一单，写明原单号。
fault-cases-accept-first = 先受理，才能继续
    .about = 先点「受理」，定下负责人。
fault-cases-accepted-already = 已经有人受理了
    .about = 刷新页面看看负责人是谁；要换人请用「指派」。
fault-cases-past = 这一步已经过了
    .about = 刷新页面，看看现在到哪一步。
fault-cases-waiting = 这一单在等待中
    .about = 先点「继续处理」，再做这一步。
fault-cases-not-waiting = 这一单没有在等待
    .about = 刷新页面，看看现在的状态。
fault-cases-not-waiting-for-customer = 现在不是在等你
    .about = 有进展我们会告诉你；有补充请直接留言。
fault-cases-no-plan = 没有等顾客确认的方案
    .about = 先提交方案，或刷新页面看看是否已经确认。
fault-cases-plan-first = 顾客还没有确认方案
    .about = 先提交方案并取得顾客确认，再标为已解决。
fault-cases-option-unknown = 方案里没有这一项，一共 { $options } 项
    .about = 刷新页面，从现在的方案里选。
fault-cases-resolved-already = 这一单已经标为已解决
    .about = 问题还在，请用「重新打开」并写明还有什么问题。
fault-cases-not-resolved = 还没有解决，不能关闭
    .about = 先标为已解决；顾客不要了，请用「撤销」。
fault-cases-not-done-yet = 这一单还在处理，不用重新打开
    .about = 有补充请直接留言。
fault-cases-reopen-window = 关闭超过 { $days } 天，不能重新打开
    .about = 新建一单，在内容里写明原单号。
fault-cases-reject-only-new = 已经受理的单不能改为不受理
    .about = 顾客不要了，请用「撤销」；是重复的，请用「并入另一单」。
fault-cases-cancel-call = 已经开始处理，不能在这里撤销
    .about = 请给门店打电话。
fault-cases-merge-itself = 不能并入自己
    .about = 填另一单的单号。
fault-cases-merge-late = 已经提出方案，不能再并入另一单
    .about = 在两张单里互相写明单号，分别办完。
fault-cases-wait-past = 跟进时间已经过了
    .about = 选一个以后的时间。
fault-cases-wait-too-long = 最多等 { $days } 天
    .about = 选近一点的时间，到时可以再延。
fault-cases-proof = 这种凭据不能这样登记
    .about = 店员登记选「柜台签字」或「电话」；顾客自己用链接确认。
fault-cases-close-by = 不能这样关闭
    .about = 有顾客确认就登记确认方式；没有就由店长写明原因关闭。
fault-cases-link-used = 你已经选过了
    .about = 一个链接只能选一次。想改请给门店打电话。
fault-cases-link-expired = 链接过期了
    .about = 请门店重新发一个给你。
fault-cases-link-revoked = 这个链接不能用了
    .about = 可能有了新方案，或已经登记过你的选择。请看最近一条短信，或给门店打电话。

# 字段
field-cases-owner = 这个人不能处理这家店的服务单，换一个
field-cases-store-closed = 这家店已停用，换一家
field-cases-too-old = 一年以前的请用导入
field-cases-void = 那一单已经作废，换一单
field-cases-one-customer = customer_id 和 customer 只填一个
field-cases-too-many = 最多 { $max } 项
cases-stage-decision = 受理决定
cases-stage-call-back = 回访
cases-stage-authority = 答复监管部门（照通知书）
cases-own-flow = 投诉走自己的流程
cases-own-flow-open = 打开投诉页面
fault-cases-own-flow = 这类单走自己的流程
    .about = 请在投诉页面办理；顾客的答复和指派仍在这里记录。
