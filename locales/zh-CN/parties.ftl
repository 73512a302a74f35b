# 顾客与商品

permission-group-customers = 顾客
permission-customers-view = 查看顾客（脱敏）
permission-customers-edit = 建立、修改顾客档案
permission-customers-reveal = 显示完整手机号和地址

parties-verb-opened = 建立顾客档案
parties-verb-changed = 修改顾客档案
parties-verb-revealed = 显示完整信息

parties-field-name = 姓名
parties-field-phone = 手机号
parties-field-wechat = 微信
parties-field-email = 邮箱
parties-field-address = 地址
parties-field-vip = 会员
parties-field-note = 备注
parties-field-consent = 同意联系
parties-field-external-id = 外部编号
parties-field-reason = 理由

field-phone-unknown = 不像电话号码，现在是 { $now } 位。填写手机号，或带区号的座机
field-email = 填写邮箱，例如 name@example.com
