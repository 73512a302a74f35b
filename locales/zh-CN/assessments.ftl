# 自评
assessments-menu = 自评
assessments-title = 自评
assessments-list-about = 某一天的星级得分和它的全部依据，签名后不能改动，只能写明理由作废。
assessments-new = 做一次自评
assessments-new-about = 把这一天的得分、指标树、证据清单和缺口原样留下并签名。今天的自评取此刻的得分，以前的日子取那天保存的得分。
assessments-day-hint = 今天，或保存过得分的一天；不能晚于今天。
assessments-title-example = 例：认证前自评
assessments-make-do = 签名保存
assessments-empty = 还没有自评
assessments-empty-about = 做一次自评，留下这一天的得分和依据，以后可以对比。
assessments-col-title = 名称
assessments-col-day = 日期
assessments-col-score = 得分
assessments-col-version = 版本
assessments-col-change = 变化
assessments-about-points = 估算 { $ends }
assessments-facts = { $unit } · { $day } · { $who } 做于 { $at }
assessments-state-valid = 有效
assessments-state-withdrawn = 已作废
assessments-withdrawn-line = { $who } 于 { $at } 作废：{ $why }
assessments-withdrawn-print = 已于 { $at } 作废：{ $why }
assessments-broken = 内容与签名不符，不能作为依据
assessments-result = 结果
assessments-evidence-n = 证据 { $n } 项
assessments-entries-of = 列出最近 { $n } 份，共 { $all } 份
assessments-side-label = 对比、缺口和签名
assessments-gaps = 缺口
assessments-seal = 签名
assessments-sealed = 内容与签名一致，保存之后没有改动。
assessments-key = 签名密钥
assessments-withdraw = 作废
assessments-withdraw-about = 内容和签名保留，标明已作废和理由。

# 对比
assessments-compare = 对比
assessments-compare-about = 两次自评逐项对比：原来、现在、变化和原因。
assessments-compare-with = 与哪一次对比
assessments-compare-do = 对比
assessments-compare-pick = 选两次自评对比
assessments-compare-none = 选两次自评
assessments-side-before = 原来
assessments-side-after = 现在
assessments-changes = 变化
assessments-show-moved = 只看变化
assessments-no-change = 没有变化。
assessments-other-version = 两次用的评分体系版本不同（{ $before }，{ $after }）：分值和条款可能不同，只能逐项参考。
assessments-other-unit = 两次的范围不同：{ $before }，{ $after }。
assessments-one-withdrawn = { $day } 的自评已作废。
assessments-not-judged = 没有人工认定
assessments-more = 等另外 { $n } 份
assessments-why-new = 原来没有这一条
assessments-why-gone = 现在没有这一条
assessments-why-points = 分值 { $before } → { $after }
assessments-why-ended = 不再计分：{ $names }
assessments-why-entered = 新计分：{ $names }

# 报告
assessments-report = 报告
assessments-report-title = 售后服务自评报告
assessments-in-zh-CN = 中文
assessments-in-en = English
assessments-scheme = 评分体系
assessments-made-by = 制作
assessments-summary = 得分汇总
assessments-applicable = 适用分值
assessments-index = 条款索引
assessments-page = 页
assessments-page-of = 第 { $n } 页，共 { $all } 页
assessments-tree = 指标与证据
assessments-col-clause = 条款与证据
assessments-foot = { $unit } · { $day } · { $title }
assessments-own = 本报告是企业按自己的记录所做的自评；星级由认证机构评审授予。
assessments-sign-made = 自评人签字
assessments-sign-manager = 售后负责人签字
assessments-sign-date = 日期
assessments-sign-assessor = 评审员签字

# 证据包
assessments-bundle = 证据包
assessments-evidence-index = 证据索引
assessments-col-evidence = 证据
assessments-col-needs = 要求
assessments-col-found = 结果
assessments-col-entered = 录入
assessments-col-proof = 日志证明
assessments-what-part = 统计
assessments-what-entry = 凭证
assessments-what-judgement = 人工认定
assessments-what-special = 特别扣分和加分
assessments-bundle-json = 签名的自评原文，签名在旁边
assessments-bundle-proofs = { $n } 份凭证、认定和特别扣分的日志证明；每项指标最多带最近 { $most } 份凭证
assessments-bundle-journal = 这次自评自己的日志证明
assessments-bundle-verify = 不用数据库、不用联网即可核对；密钥指纹请向企业另行索取，不要只信本页：
assessments-bundle-left-out = 服务单、投诉等记录含顾客个人信息，不在包内；统计项写明记录在系统里的地址，评审时当场打开。

# 提示
fault-assessments-withdrawn = 这次自评已经作废
    .about = 作废只做一次，理由见页面。
fault-assessments-unreadable = 这次自评的内容与签名不符
    .about = 不能导出证据包；请管理员运行 aftercare verify 检查数据库。
fault-assessments-bundle-large = 证据包太大
    .about = 单个文件最多 4 GB；请按区域或门店分别导出。
field-assessments-not-yet = 还没有到这一天
field-assessments-no-day = 这一天没有保存得分，选别的日子
field-assessments-made = 这个范围这一天已有同名的自评
field-assessments-same = 选两次不同的自评
field-name-day = 日期

# 权限
permission-group-assessments = 自评和证书
permission-assessments-view = 看本范围的自评、对比和报告
permission-assessments-make = 做自评、作废自评
permission-assessments-export = 导出证据包
permission-assessments-certificates = 看证书登记
permission-assessments-keep-certificates = 登记证书、年度监督和标志使用
