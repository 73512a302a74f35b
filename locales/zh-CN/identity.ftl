identity-role-clerk = 店员·客服
identity-role-technician = 技师
identity-role-store-manager = 店长
identity-role-region-manager = 区域经理
identity-role-headquarters-quality = 总部质量·售后
identity-role-assessor = 评审员
identity-role-finance = 财务
identity-role-trainer = 培训师
identity-role-partner = 合作伙伴
identity-role-administrator = 管理员

identity-unit-company = 公司
identity-unit-region = 区域
identity-unit-store = 店铺
identity-unit-team = 部门

identity-scope-own = 本人
identity-scope-team = 本部门
identity-scope-store = 本店
identity-scope-region = 本区域
identity-scope-company = 全公司
identity-scope-none = 无

identity-theme-system = 跟随系统
identity-theme-light = 浅色
identity-theme-dark = 深色

identity-locale-zh-CN = 中文
identity-locale-en = English

field-identity-login-form = 工号用 2 到 40 个字母、数字或 . _ - @
field-identity-login-taken = 这个工号已经有人用，换一个
field-identity-phone-form = 填写 5 到 20 位数字的电话
field-identity-phone-taken = 这个电话已经登记在另一个人名下
field-identity-email-form = 填写完整的邮箱，例如 name@example.com
field-identity-code-form = 编号用 1 到 20 个字母、数字、- 或 _
field-identity-code-taken = 这个编号已经被另一个组织单位使用，换一个
field-identity-zone-unknown = 没有这个时区，例如 Asia/Shanghai
field-identity-unit-unknown = 没有这个组织单位，重新选择
field-identity-unit-misplaced = 这里放不下：区域和店铺只能在公司或区域之下，也不能放进自己下面
field-identity-role-unknown = 没有这个角色，重新选择
field-identity-password-short = 密码至少 { $min } 个字符，现在是 { $now } 个
field-identity-password-long = 密码最多 { $max } 个字符
field-identity-password-common = 这个密码太容易猜到，换一个，例如用一句话
field-identity-password-wrong = 现在的密码不对
field-identity-sign-in-wrong = 工号或密码不对。检查大小写和输入法后再试
field-identity-setup-code-wrong = 代码不对或已过期。看程序启动时在控制台打印的最后一个代码

fault-identity-too-many-tries = 试错太多次，请 { $retry_after } 秒后再试
fault-identity-last-administrator = 这是最后一位管理员。先让另一个人成为管理员，再改这一位
fault-identity-already-set-up = 已经有人完成了首次设置，请直接登录
