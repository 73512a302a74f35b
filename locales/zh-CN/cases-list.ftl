# 服务单列表与导出。

cases-export = 导出表格
cases-export-number = 单号
cases-export-state = 状态
cases-export-step = 步骤
cases-export-subject = 问题
cases-export-due-stage = 时限
cases-export-due = 到期时间
cases-export-came = 发生时间
cases-export-entered = 录入时间
cases-export-accepted = 接单时间
cases-export-answered = 首次回复时间
cases-export-resolved = 解决时间
cases-export-closed = 关单时间
cases-export-outcome = 结果
cases-export-cause = 原因
cases-export-reopened = 重新打开次数
