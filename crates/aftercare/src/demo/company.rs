//! Who and what the demo company consists of: regions, stores, people, goods and what goes wrong with them. All invented.

/// One store: code, 中文, English, region code, city, street.
pub(super) struct Store {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) name_en: &'static str,
    pub(super) region: &'static str,
    pub(super) address: &'static str,
}

/// Regions: code, 中文, English.
pub(super) const REGIONS: &[(&str, &str, &str)] =
    &[("HD", "华东区域", "East China"), ("HN", "华南区域", "South China"), ("HB", "华北区域", "North China")];

pub(super) const STORES: &[Store] = &[
    Store {
        code: "HZ01",
        name: "杭州文三路店",
        name_en: "Hangzhou Wensan Road",
        region: "HD",
        address: "杭州市西湖区文三路 398 号",
    },
    Store {
        code: "HZ02",
        name: "杭州滨江店",
        name_en: "Hangzhou Binjiang",
        region: "HD",
        address: "杭州市滨江区江南大道 228 号",
    },
    Store {
        code: "SH01",
        name: "上海五角场店",
        name_en: "Shanghai Wujiaochang",
        region: "HD",
        address: "上海市杨浦区邯郸路 600 号",
    },
    Store {
        code: "NJ01",
        name: "南京新街口店",
        name_en: "Nanjing Xinjiekou",
        region: "HD",
        address: "南京市秦淮区中山南路 12 号",
    },
    Store {
        code: "SZ01",
        name: "深圳华强北店",
        name_en: "Shenzhen Huaqiangbei",
        region: "HN",
        address: "深圳市福田区华强北路 1019 号",
    },
    Store {
        code: "GZ01",
        name: "广州天河店",
        name_en: "Guangzhou Tianhe",
        region: "HN",
        address: "广州市天河区天河路 208 号",
    },
    Store {
        code: "FS01",
        name: "佛山祖庙店",
        name_en: "Foshan Zumiao",
        region: "HN",
        address: "佛山市禅城区祖庙路 21 号",
    },
    Store {
        code: "XM01",
        name: "厦门中山路店",
        name_en: "Xiamen Zhongshan Road",
        region: "HN",
        address: "厦门市思明区中山路 76 号",
    },
    Store {
        code: "BJ01",
        name: "北京中关村店",
        name_en: "Beijing Zhongguancun",
        region: "HB",
        address: "北京市海淀区中关村大街 15 号",
    },
    Store {
        code: "BJ02",
        name: "北京朝阳店",
        name_en: "Beijing Chaoyang",
        region: "HB",
        address: "北京市朝阳区朝阳北路 101 号",
    },
    Store {
        code: "TJ01",
        name: "天津滨江道店",
        name_en: "Tianjin Binjiang Avenue",
        region: "HB",
        address: "天津市和平区滨江道 183 号",
    },
    Store {
        code: "JN01",
        name: "济南泉城路店",
        name_en: "Jinan Quancheng Road",
        region: "HB",
        address: "济南市历下区泉城路 188 号",
    },
];

/// Departments under headquarters: code, 中文, English.
pub(super) const TEAMS: &[(&str, &str, &str)] = &[
    ("QA", "质量部", "Quality"),
    ("FIN", "财务部", "Finance"),
    ("TRN", "培训部", "Training"),
    ("IT", "信息部", "Information"),
];

/// Named members of staff with fixed logins: login, 中文名, role, unit code. Every store also has staff made from [`SURNAMES`].
pub(super) const STAFF: &[(&str, &str, &str, &str)] = &[
    ("lin", "林晓敏", "clerk", "HZ01"),
    ("chen", "陈志远", "technician", "HZ01"),
    ("zhou", "周敏", "store_manager", "HZ01"),
    ("wu", "吴建国", "region_manager", "HD"),
    ("he", "何静", "headquarters_quality", "QA"),
    ("fang", "方卫", "assessor", "HQ"),
    ("wuting", "吴婷", "finance", "FIN"),
    ("tang", "唐丽", "trainer", "TRN"),
    ("admin", "沈涛", "administrator", "IT"),
    ("zheng", "郑海", "region_manager", "HN"),
    ("gao", "高翔", "region_manager", "HB"),
    ("yida", "益达维修", "partner", "HZ01"),
];

pub(super) const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
pub(super) const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红梅鑫波斌莉辉婷建国志远雪琳晨阳宇轩欣怡子涵浩然梓萱雨桐思源佳怡嘉豪诗涵一诺俊杰晓东海燕春生美玲文博";

/// A product: code, 中文, brand, category, price in fen; months of statutory warranty of the whole and of its main part and of the
/// maker's promise, 0 where there is none.
pub(super) struct Good {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) brand: &'static str,
    pub(super) category: &'static str,
    pub(super) fen: i64,
    pub(super) law: i64,
    pub(super) main: i64,
    pub(super) maker: i64,
    pub(super) promise: &'static str,
}

impl Good {
    /// How its serial numbers begin.
    pub(super) fn letters(&self) -> String {
        self.code.chars().filter(char::is_ascii_alphanumeric).take(4).collect()
    }
}

pub(super) const GOODS: &[Good] = &[
    Good {
        code: "XQG100-B14",
        name: "滚筒洗衣机 10 公斤",
        brand: "清泉",
        category: "washer",
        fen: 329_900,
        law: 12,
        main: 36,
        maker: 36,
        promise: "整机 3 年",
    },
    Good {
        code: "XQB80-T3",
        name: "波轮洗衣机 8 公斤",
        brand: "清泉",
        category: "washer",
        fen: 149_900,
        law: 12,
        main: 36,
        maker: 36,
        promise: "整机 3 年",
    },
    Good {
        code: "BCD-452W",
        name: "对开门冰箱 452 升",
        brand: "北原",
        category: "fridge",
        fen: 429_900,
        law: 12,
        main: 36,
        maker: 120,
        promise: "压缩机 10 年",
    },
    Good {
        code: "BCD-215C",
        name: "三门冰箱 215 升",
        brand: "北原",
        category: "fridge",
        fen: 189_900,
        law: 12,
        main: 36,
        maker: 120,
        promise: "压缩机 10 年",
    },
    Good {
        code: "KFR-35GW",
        name: "变频空调 1.5 匹",
        brand: "南风",
        category: "aircon",
        fen: 279_900,
        law: 12,
        main: 36,
        maker: 72,
        promise: "整机 6 年",
    },
    Good {
        code: "KFR-72LW",
        name: "柜式空调 3 匹",
        brand: "南风",
        category: "aircon",
        fen: 599_900,
        law: 12,
        main: 36,
        maker: 72,
        promise: "整机 6 年",
    },
    Good {
        code: "L65-Q8",
        name: "65 英寸电视",
        brand: "光屿",
        category: "tv",
        fen: 399_900,
        law: 12,
        main: 36,
        maker: 0,
        promise: "",
    },
    Good {
        code: "L55-E5",
        name: "55 英寸电视",
        brand: "光屿",
        category: "tv",
        fen: 219_900,
        law: 12,
        main: 36,
        maker: 0,
        promise: "",
    },
    Good {
        code: "N60-256",
        name: "手机 N60 256 GB",
        brand: "星野",
        category: "phone",
        fen: 299_900,
        law: 12,
        main: 0,
        maker: 12,
        promise: "整机 1 年，电池 6 个月；品牌网点可修",
    },
    Good {
        code: "N60P-512",
        name: "手机 N60 Pro 512 GB",
        brand: "星野",
        category: "phone",
        fen: 449_900,
        law: 12,
        main: 0,
        maker: 12,
        promise: "整机 1 年，电池 6 个月；品牌网点可修",
    },
    Good {
        code: "TB11-128",
        name: "平板电脑 11 英寸",
        brand: "星野",
        category: "tablet",
        fen: 199_900,
        law: 12,
        main: 0,
        maker: 12,
        promise: "整机 1 年",
    },
    Good {
        code: "RO-600G",
        name: "厨下净水器 600 加仑",
        brand: "山涧",
        category: "water",
        fen: 179_900,
        law: 12,
        main: 0,
        maker: 24,
        promise: "整机 2 年，滤芯除外",
    },
    Good {
        code: "JSQ30-16",
        name: "燃气热水器 16 升",
        brand: "暖庭",
        category: "heater",
        fen: 229_900,
        law: 12,
        main: 0,
        maker: 60,
        promise: "热交换器 5 年",
    },
    Good {
        code: "CXW-260",
        name: "侧吸油烟机",
        brand: "暖庭",
        category: "kitchen",
        fen: 259_900,
        law: 12,
        main: 0,
        maker: 60,
        promise: "电机 5 年",
    },
    Good {
        code: "SF-3B",
        name: "三人位布艺沙发",
        brand: "木语",
        category: "furniture",
        fen: 389_900,
        law: 0,
        main: 0,
        maker: 36,
        promise: "框架 3 年",
    },
    Good {
        code: "BED-18",
        name: "1.8 米实木床",
        brand: "木语",
        category: "furniture",
        fen: 459_900,
        law: 0,
        main: 0,
        maker: 36,
        promise: "框架 3 年",
    },
];

/// What customers bring, by category: kind of case, words, priority.
pub(super) struct Trouble {
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
    /// Codes of what is tapped at intake.
    pub(super) symptoms: &'static [&'static str],
    pub(super) subject: &'static str,
    pub(super) body: &'static str,
    pub(super) cause: &'static str,
    pub(super) cure: &'static str,
    pub(super) urgent: bool,
}

macro_rules! troubles {
    ($($category:literal $kind:literal $urgent:literal [$($symptom:literal),*]: $subject:literal, $body:literal, $cause:literal, $cure:literal;)*) => {
        pub(super) const TROUBLES: &[Trouble] = &[$(Trouble {
            category: $category, kind: $kind, symptoms: &[$($symptom),*], subject: $subject, body: $body, cause: $cause, cure: $cure, urgent: $urgent,
        }),*];
    };
}
troubles! {
    "washer" "repair" false ["washer.noise"]: "洗衣机脱水时响声大", "脱水到一半开始剧烈抖动，声音很大，楼下邻居都来敲门了。", "减震器老化，内筒偏心", "更换减震器两只，重新调平";
    "washer" "repair" true ["washer.leak"]: "洗衣机漏水，阳台都湿了", "每次进水都从底下漏水，已经漏到客厅地板了，麻烦尽快来人。", "排水管接口松脱", "更换接口并做进水试验";
    "washer" "installation" false []: "新洗衣机上门安装", "昨天送到的，请约周末上门安装，需要移位和接水龙头。", "新机安装", "安装、试机并讲解使用";
    "washer" "return" false ["washer.no_spin"]: "洗衣机两次维修未修好，要求退货", "修了两次还是不脱水，不想再修了，要求退货。", "主板脱水继电器故障", "按三包规定办理退货";
    "fridge" "repair" true ["fridge.no_cool"]: "冰箱冷藏室不制冷，食材变质", "冷藏室温度降不下来，里面的肉和牛奶都坏了。", "风道结冰，风扇不转", "除冰并更换化霜加热管";
    "fridge" "inquiry" false ["fridge.frost"]: "冰箱结霜要不要紧", "冷冻室壁上结了一层霜，想问一下是不是坏了，怎么处理。", "使用咨询", "电话指导断电除霜与开门习惯";
    "fridge" "feedback" false []: "送货师傅很细心", "送冰箱的师傅把包装都带走了，还帮忙擦干净，特意说声谢谢。", "表扬", "转告店铺并登记表扬";
    "aircon" "complaint" false ["ac.install"]: "空调安装打孔偏位，要求修复墙面", "安装师傅把孔打偏了，墙面破了一大块，要求修复并给个说法。", "安装前未复核孔位", "修复墙面并致歉";
    "aircon" "repair" true ["ac.no_heat"]: "空调不制热", "开了一晚上出的都是凉风，家里有老人和小孩。", "四通阀卡滞", "更换四通阀并补制冷剂";
    "aircon" "inquiry" false []: "空调清洗怎么预约", "用了两年了，想约一次清洗，怎么收费。", "使用咨询", "告知价目并预约上门";
    "tv" "repair" false ["tv_flat.lines"]: "电视屏幕有一条竖线", "看着看着右边出现一条竖线，关机重开也不消失。", "屏线接触不良", "更换屏线";
    "tv" "installation" false ["general.missing"]: "电视底座缺一颗螺丝", "安装的时候发现少了一颗螺丝，装不上去。", "配件漏装", "寄出配件并电话指导";
    "phone" "repair" false ["phone.restart", "phone.no_charge"]: "手机充电时自动重启", "一插上充电器就重启，换了线也一样。", "尾插进液腐蚀", "更换尾插小板";
    "phone" "return" false ["phone.touch"]: "手机买了五天屏幕失灵，要求换新", "买了才五天，触摸屏经常失灵，要求换一台。", "触控排线故障", "七日内性能故障，更换同型号";
    "phone" "inquiry" false ["general.how_to"]: "怎么把旧手机资料转到新手机", "刚买的新手机，不会转照片和通讯录。", "使用咨询", "店内协助迁移资料";
    "tablet" "repair" false ["tablet_watch.no_charge"]: "平板充不进电", "充了一晚上还是百分之三。", "电池老化", "更换电池";
    "water" "inquiry" false ["water_purifier.filter"]: "净水器滤芯怎么更换", "屏幕提示更换滤芯，自己能换吗，在哪里买。", "使用咨询", "发送更换视频并登记滤芯订单";
    "water" "repair" true ["water_purifier.leak"]: "净水器接口渗水", "橱柜底下都是水，怕泡坏地板。", "快接头密封圈老化", "更换密封圈并检压";
    "heater" "repair" true ["gas_water_heater.no_ignite", "gas_water_heater.gas"]: "热水器点不着火，有燃气味", "早上点火打不着，还闻到一点燃气味，已经关了阀门。", "点火针积碳，接口微漏", "更换点火针，接口重做并检漏";
    "kitchen" "complaint" false []: "约好的时间没有人来", "约的上午九点，等到下午也没有人来，电话也没人接。", "派单后未提醒", "致歉、改约并登记失约";
    "furniture" "repair" false ["furniture.seam"]: "沙发右扶手开线", "坐了不到三个月，右边扶手的线就开了。", "缝线工艺", "上门缝补并加固";
    "furniture" "feedback" false []: "希望增加配送时间段", "现在只能选上午或下午，希望能具体到两小时。", "建议", "转配送改进";
    "furniture" "complaint" false ["furniture.smell"]: "床有很重的味道", "装好一个星期了，房间里味道还是很重，要求检测。", "待检测", "安排检测并提供通风建议";
}
