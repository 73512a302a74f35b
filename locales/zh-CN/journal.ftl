# 日志：谁在什么时候做了什么，以及怎样证明没有被改过。

journal-title = 日志
journal-entry = 第 { $seq } 条
journal-happened = 发生于 { $at }
journal-entered = 录入于 { $at }
journal-entered-late = 补录：{ $happened } 发生，{ $entered } 才录入
journal-before = 原来
journal-after = 现在
journal-empty = 空
journal-value-erased = 已按要求删除
journal-value-masked = 个人信息，已遮盖
journal-sealed = 已封存
journal-unsealed = 等待封存
journal-verb-journal-erased = 删除了个人信息

journal-actor-staff = 员工
journal-actor-token = 接口程序
journal-actor-customer = 顾客
journal-actor-system = 系统
journal-actor-erased = 顾客（姓名已删除）

journal-dossier-download = 下载证明文件
journal-dossier-about = 包含这张记录的全部日志、封存证明和签名，不用联网、不用本系统也能核对。内含个人信息，请妥善保管。
journal-dossier-proved = 已证明：内容完整，并由指定密钥签名
journal-dossier-consistent = 内容完整，来源未证明：核对时请给出密钥指纹
journal-dossier-broken = 证明文件不成立
journal-dossier-unreadable = 不是证明文件，或格式不认识：{ $detail }
journal-dossier-entry = 第 { $seq } 条日志有问题
journal-dossier-seal = 第 { $seq } 号封存有问题
journal-dossier-proof = 第 { $seq } 条日志不在它所说的封存里
journal-dossier-signature = 签名与文件里的密钥不符
journal-dossier-part = 文件 { $detail } 被改动或缺失
journal-dossier-other-key = 由另一把密钥签名：{ $detail }

journal-verify-sound = 核对完毕，没有发现问题
journal-verify-problems = 发现 { $n } 个问题
journal-verify-counts = { $records } 个记录，{ $entries } 条日志，其中 { $sealed } 条已封存
journal-verify-newest-seal = 最新封存：第 { $seq } 号，{ $digest }
journal-verify-newest-seal-about = 请把它另存一份：日后可以证明末尾没有被截掉。

journal-flaw-missing = 缺少第 { $detail } 条
journal-flaw-chain = 与前一条接不上
journal-flaw-altered = 内容被改过
journal-flaw-value = 个人信息「{ $detail }」被改过
journal-flaw-vanished = 个人信息「{ $detail }」不见了，也没有删除记录
journal-flaw-stray = 有内容不属于任何日志
journal-flaw-no-seal = 所说的封存不存在
journal-flaw-seal-missing = 缺少第 { $detail } 号封存
journal-flaw-seal-chain = 与前一号封存接不上
journal-flaw-seal-altered = 封存被改过
journal-flaw-seal-signature = 封存的签名不对
journal-flaw-seal-key = 封存由另一把密钥签名：{ $detail }
journal-flaw-seal-content = 封存里的日志与当时不同
