//! What customers of the demo company praise, propose and complain about: many texts, so that an inbox does not repeat itself, each
//! with what a manager decides about it.

use feedback::domain::Sentiment::{self, Negative, Neutral, Positive};

use super::company::Trouble;

/// One text and its labels.
pub(super) struct Voice {
    pub(super) trouble: Trouble,
    /// The category that a manager chooses.
    pub(super) category: &'static str,
    /// The sentiment that a manager chooses.
    pub(super) sentiment: Sentiment,
}

/// The voice number `n` of a kind of case; neighbours are about different things.
pub(super) fn voice(kind: &str, n: usize) -> Option<&'static Voice> {
    let of_kind: Vec<&'static Voice> = VOICES.iter().filter(|voice| voice.trouble.kind == kind).collect();
    of_kind.get((n * STRIDE) % of_kind.len().max(1)).copied()
}

/// The voice with this subject.
pub(super) fn by_subject(subject: &str) -> Option<&'static Voice> {
    VOICES.iter().find(|voice| voice.trouble.subject == subject)
}

/// How far apart in the list neighbours are; prime to the number of texts of each kind, so that all of them are told.
const STRIDE: usize = 11;

macro_rules! voices {
    ($($goods:literal $kind:literal $category:literal $sentiment:ident [$($symptom:literal),*]: $subject:literal, $body:literal, $cause:literal, $cure:literal;)*) => {
        const VOICES: &[Voice] = &[$(Voice {
            trouble: Trouble {
                category: $goods, kind: $kind, symptoms: &[$($symptom),*], subject: $subject, body: $body, cause: $cause, cure: $cure, urgent: false,
            },
            category: $category,
            sentiment: $sentiment,
        }),*];
    };
}
voices! {
    "fridge" "feedback" "praise" Positive []: "送货师傅很细心", "送冰箱的师傅把包装都带走了，还帮忙擦干净，特意说声谢谢。", "表扬", "转告店铺并登记表扬";
    "washer" "feedback" "praise" Positive []: "维修师傅讲得明白", "陈师傅修洗衣机的时候把为什么坏、以后怎么保养都讲了一遍，老人也听得懂。", "表扬", "转告师傅并登记表扬";
    "aircon" "feedback" "praise" Positive []: "大热天当天就来装好了", "上午打的电话，下午师傅就到了，三十八度的天装了两个小时，没喝我们一口水。", "表扬", "转告安装班组";
    "phone" "feedback" "praise" Positive []: "店员帮我把资料都导好了", "我不会弄新手机，小姑娘花了一个小时帮我把照片和联系人都导过来，很有耐心。", "表扬", "转告店铺并登记表扬";
    "tv" "feedback" "praise" Positive []: "客服回电很及时", "留了言十分钟就回电话了，问题当场就说清楚了，比别家强。", "表扬", "转告客服并登记表扬";
    "heater" "feedback" "praise" Positive []: "师傅发现隐患提醒了我们", "来清洗热水器的师傅发现烟管松了，主动给重新装好，还教我们怎么检查，太感谢了。", "表扬", "登记表扬，写成安全案例";
    "furniture" "feedback" "praise" Positive []: "沙发送来帮忙摆了三次", "摆好以后觉得位置不对，师傅二话不说又帮着挪了两回，地板也没刮到。", "表扬", "转告配送班组";
    "water" "feedback" "praise" Positive []: "换滤芯提醒很贴心", "到时间就收到短信提醒，点开就能约，省得自己记，这个服务好。", "表扬", "转告会员服务";
    "kitchen" "feedback" "praise" Positive []: "投诉以后处理得让人服气", "上次失约的事店长亲自打电话道歉，第二天就装好了，还送了清洗，处理得不错。", "表扬", "转告店长";
    "tablet" "feedback" "praise" Positive []: "换电池比说好的还快", "说三天，结果当天下午就通知来取了，价钱也和报价一样。", "表扬", "转告维修台";
    "furniture" "feedback" "suggestion" Neutral []: "希望增加配送时间段", "现在只能选上午或下午，希望能具体到两小时。", "建议", "转配送改进";
    "washer" "feedback" "suggestion" Neutral []: "建议上门前发师傅照片", "家里只有老人在，希望上门前把师傅的姓名和照片发过来，开门放心些。", "建议", "转服务流程改进";
    "fridge" "feedback" "suggestion" Neutral []: "希望能在微信上看维修进度", "每次都要打电话问修到哪一步了，要是微信里能直接看就好了。", "建议", "转系统改进";
    "aircon" "feedback" "suggestion" Neutral []: "建议入夏前统一提醒清洗", "每年夏天清洗都排不上队，能不能四月份就发个提醒，让大家错开。", "建议", "转活动计划";
    "phone" "feedback" "suggestion" Neutral []: "希望维修期间有备用机", "修手机要两天，没有手机用不了付款码，建议准备几台备用机，可以收押金。", "建议", "转门店改进";
    "tv" "feedback" "suggestion" Neutral []: "说明书字太小", "电视说明书字太小，老人看不清，能不能店里放一份大字版的。", "建议", "转厂家并打印大字版";
    "water" "feedback" "suggestion" Neutral []: "建议滤芯可以按年订", "希望滤芯能一次订一年，到时间自动寄，不用每次下单。", "建议", "转商品部";
    "kitchen" "feedback" "suggestion" Neutral []: "周末能不能延长营业时间", "平时下班你们就关门了，周末要是开到晚上十点会方便很多。", "建议", "转门店评估";
    "furniture" "feedback" "suggestion" Neutral []: "希望能回收旧床垫", "买了新床，旧床垫不知道往哪扔，付点钱也行，希望有回收服务。", "建议", "转配送改进";
    "heater" "feedback" "suggestion" Neutral []: "建议把收费标准贴出来", "安装要加多少材料费希望在店里贴一张表，买之前就清楚。", "建议", "转门店公示";
    "tablet" "feedback" "environment" Negative []: "等候区没有座位", "来修平板等了四十分钟，等候区只有两把椅子，老人都站着。", "门店设施不足", "增加座椅";
    "phone" "feedback" "environment" Negative []: "售后柜台太难找", "在商场里转了两圈才找到售后柜台，楼下一个指示牌都没有。", "指示不清", "补指示牌";
    "washer" "feedback" "environment" Neutral []: "停车不方便", "拉着坏机器过来没地方停，能不能在门口留一个临时卸货车位。", "停车位紧张", "与商场协调卸货位";
    "fridge" "feedback" "price" Neutral []: "上门费怎么算的", "想问一下过了保修期上门看一次收多少钱，修不好还收不收。", "询价", "告知收费标准";
    "aircon" "feedback" "price" Neutral []: "加氟价格各店不一样", "文三路店报一百五，滨江店报一百八，同一家公司怎么不一样，请说明一下。", "报价未统一", "核对并统一报价";
    "tv" "feedback" "delivery" Positive []: "送货前电话说得很清楚", "送货前一天和当天都打了电话，几点到、几个人来都说了，很准时。", "表扬", "转告配送班组";
    "heater" "feedback" "attitude" Positive []: "前台小林态度特别好", "我那天着急说话冲了些，小林一直很有耐心，替我联系了三次师傅。", "表扬", "转告本人并登记表扬";
    "kitchen" "feedback" "installation" Positive []: "安装完收拾得干干净净", "装油烟机的师傅自己带了鞋套和吸尘器，走的时候厨房比来之前还干净。", "表扬", "转告安装班组";
    "furniture" "feedback" "quality" Positive []: "床用了半年很结实", "当时怕网上说的异响，用了半年一点声音没有，板子也没变形。", "表扬", "转商品部";
    "tablet" "feedback" "other" Neutral []: "想开一张电子发票", "买的时候没要发票，现在单位要报销，能不能补一张电子的。", "补开发票", "转财务补开";

    "aircon" "complaint" "installation" Negative ["ac.install"]: "空调安装打孔偏位，要求修复墙面", "安装师傅把孔打偏了，墙面破了一大块，要求修复并给个说法。", "安装前未复核孔位", "修复墙面并致歉";
    "kitchen" "complaint" "repair" Negative []: "约好的时间没有人来", "约的上午九点，等到下午也没有人来，电话也没人接。", "派单后未提醒", "致歉、改约并登记失约";
    "furniture" "complaint" "quality" Negative ["furniture.smell"]: "床有很重的味道", "装好一个星期了，房间里味道还是很重，要求检测。", "待检测", "安排检测并提供通风建议";
    "washer" "complaint" "delivery" Negative []: "洗衣机送到就有磕碰", "拆开包装右下角瘪了一块，师傅说他不管，让我自己找店里。", "运输磕碰，交接未验", "更换外壳并致歉";
    "fridge" "complaint" "delivery" Negative []: "冰箱晚送了三天没人说一声", "说好周六送，等到周二才来，中间打了四个电话都说在查。", "到货延误未告知", "致歉并补偿运费";
    "phone" "complaint" "attitude" Negative []: "店员说话很难听", "我问能不能退，店员说“买之前不会看吗”，这是什么态度。", "接待用语不当", "店长致歉，当事人培训";
    "tv" "complaint" "attitude" Negative []: "电话里直接挂断", "我话没说完客服就挂了，再打就一直占线。", "通话中断未回拨", "致歉并复听录音";
    "aircon" "complaint" "price" Negative []: "安装多收了三百块", "买的时候说免费安装，装完要收支架和打孔一共三百，没有人提前讲。", "收费未事先告知", "退还多收部分";
    "heater" "complaint" "price" Negative []: "换一个小零件收两百", "就换了一个点火针，配件写二十，上门和检修加起来两百二，太离谱。", "收费说明不清", "按公示标准重算并退差额";
    "water" "complaint" "repair" Negative []: "修过的地方又漏了", "上周才换的密封圈，今天又漏一地，地板都翘了。", "接头未拧到位", "重新处理并赔付地板";
    "washer" "complaint" "repair" Negative []: "同一个毛病修了三回", "脱水不转修了三次，每次好两天又不行，来一次请一次假。", "未查到根本原因", "更换主板并由主管跟进";
    "tablet" "complaint" "repair" Negative []: "平板送修半个月没有消息", "单子上写五天，半个月了没人联系我，打电话说在等配件。", "等配件未告知", "致歉并提供备用机";
    "phone" "complaint" "refund" Negative []: "退款说好三天到账，十天了还没到", "手机退掉十天了钱还没退回来，财务说已经打了，银行说没有。", "退款账号登记错误", "核对账号后当日退款";
    "furniture" "complaint" "refund" Negative []: "沙发不给退", "送来颜色和样品差很多，要退说拆了包装不行，可是不拆怎么看颜色。", "色差争议", "协商换货，免运费";
    "tv" "complaint" "quality" Negative []: "电视买一个月就黑屏", "刚过一个月屏幕就黑了一块，你们卖的是不是样机。", "屏幕质量问题", "检测后更换屏幕";
    "fridge" "complaint" "quality" Negative []: "冰箱噪音大得睡不着", "放在客厅，晚上压缩机一启动就嗡嗡响，隔着门都听得见。", "压缩机减震不良", "更换减震垫并检测噪音";
    "kitchen" "complaint" "quality" Negative []: "油烟机吸不动烟", "新换的油烟机开最大档满屋子还是烟，还不如旧的。", "烟道止逆阀卡住", "更换止逆阀并测风量";
    "aircon" "complaint" "quality" Negative []: "新空调滴水", "装好第三天室内机就滴水，把床头柜泡坏了。", "排水管坡度不够", "重做排水并赔付家具";
    "tv" "complaint" "installation" Negative []: "挂架装歪了", "电视挂上去左高右低，师傅说看不出来，你们自己来看。", "安装未校平", "重新安装";
    "heater" "complaint" "installation" Negative []: "安装没有做漏气检查", "师傅装完燃气热水器就走了，没有用肥皂水试，我自己闻到味道才发现。", "安装后未按规程检漏", "当日复检，当事人停工培训";
    "kitchen" "complaint" "installation" Negative []: "把橱柜台面开裂了", "装灶具开孔的时候把石英石台面开裂了一条缝，要求换台面。", "开孔操作不当", "修补台面并赔偿";
    "water" "complaint" "delivery" Negative []: "滤芯发错型号", "订的是二级滤芯，收到的是三级，退换还要我自己付邮费。", "发货核对失误", "补发并承担运费";
    "furniture" "complaint" "delivery" Negative []: "送货只送到楼下", "说好送货入户，师傅说没电梯不搬，要加两百块才上楼。", "配送约定未交代清楚", "安排入户并致歉";
    "phone" "complaint" "price" Negative []: "贴膜强制收费", "换屏的时候没问我就贴了膜，结账多收八十八。", "未经同意加收", "退还费用并致歉";
    "washer" "complaint" "attitude" Negative []: "师傅进门不穿鞋套", "外面下雨，师傅直接踩进来，说一句还不高兴。", "未按上门规范", "致歉并培训";
    "fridge" "complaint" "refund" Negative []: "换货还要我补差价", "冰箱坏了换同款，说现在涨价了要补四百，这不合理吧。", "换货规则解释错误", "按原价免费更换";
    "tablet" "complaint" "quality" Negative []: "平板屏幕边缘漏光", "晚上看视频四个角都发白，才用了两个星期。", "屏幕贴合不良", "七日外十五日内更换";
    "aircon" "complaint" "other" Negative []: "推销电话打个不停", "修完空调以后天天接到你们推销延保的电话，说了不要还打。", "营销回访未剔除", "登记不再打扰";
    "phone" "complaint" "environment" Negative []: "店里排队没人管", "周日下午售后只开一个窗口，排了一个多小时，插队的也没人说。", "高峰人手不足", "增开窗口并上叫号";
    "water" "complaint" "attitude" Negative []: "推来推去没人负责", "店里说找厂家，厂家说找店里，一个漏水问题推了五天。", "首问负责未落实", "由店长牵头当日处理";
}
