//! Where complaints come from, what their columns mean, and the categories of a patrol; no I/O.

pub mod campaign;

use kernel::words;

words! {
    /// Where a complaint stood (外部来源).
    pub enum Source {
        /// 12315, 12345 and other authorities.
        Regulator = "regulator",
        /// 京东
        Jd = "jd",
        /// 天猫
        Tmall = "tmall",
        /// 抖音
        Douyin = "douyin",
        /// 拼多多
        Pdd = "pdd",
        /// 美团
        Meituan = "meituan",
        /// A site of reviews.
        Review = "review",
        /// Elsewhere.
        Other = "other",
    }
}

impl Source {
    /// The word of complaints for it.
    pub const fn of_complaint(self) -> &'static str {
        match self {
            Self::Regulator => "regulator",
            Self::Review => "review",
            Self::Jd | Self::Tmall | Self::Douyin | Self::Pdd | Self::Meituan | Self::Other => "import",
        }
    }
}

words! {
    /// What a column holds.
    pub enum Field {
        /// The number there; each once per source.
        Number = "number",
        /// When the customer complained.
        Happened = "happened_at",
        /// What was said.
        Body = "body",
        /// In a few words.
        Subject = "subject",
        /// Who.
        Name = "name",
        /// The number to call.
        Phone = "phone",
        /// Which product.
        Product = "product",
        /// The order or receipt.
        Receipt = "receipt",
        /// The store, by code or name.
        Store = "store",
        /// Of what an authority passed on: 12315 or 12345.
        Platform = "platform",
        /// Of what an authority passed on: which one.
        Authority = "authority",
        /// Of what an authority passed on: who deals with it there.
        Officer = "officer",
        /// Of what an authority passed on: that person's number.
        OfficerPhone = "officer_phone",
        /// Of what an authority passed on: until when it wants the answer.
        Due = "due_at",
        /// Of what an authority passed on: complaint or report.
        Nature = "nature",
    }
}

impl Field {
    /// What the first cell of such a column may say, without blanks and in lower case.
    const fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Number => {
                &["单号", "投诉单号", "投诉编号", "登记编号", "工单号", "编号", "number", "complaintno", "no", "id"]
            }
            Self::Happened => &[
                "投诉时间",
                "登记时间",
                "受理时间",
                "时间",
                "创建时间",
                "日期",
                "happenedat",
                "time",
                "date",
                "createdat",
            ],
            Self::Body => {
                &["投诉内容", "内容", "诉求", "诉求内容", "问题描述", "描述", "body", "content", "description"]
            }
            Self::Subject => &["标题", "主题", "投诉问题", "subject", "title"],
            Self::Name => &["姓名", "投诉人", "消费者", "顾客", "买家", "联系人", "name", "customer"],
            Self::Phone => &["电话", "手机", "手机号", "联系电话", "联系方式", "phone", "mobile"],
            Self::Product => &["商品", "商品名称", "型号", "产品", "product", "item"],
            Self::Receipt => &["订单号", "订单编号", "小票号", "订单", "receipt", "order", "orderno"],
            Self::Store => &["门店", "门店编码", "店铺", "store", "storecode", "shop"],
            Self::Platform => &["平台", "来源平台", "来源渠道", "platform"],
            Self::Authority => &["承办单位", "受理单位", "办理单位", "转办单位", "市场监管所", "authority"],
            Self::Officer => &["承办人", "经办人", "办理人", "officer"],
            Self::OfficerPhone => &["承办人电话", "经办人电话", "办理人电话", "承办电话", "officerphone"],
            Self::Due => &[
                "答复时限",
                "回复时限",
                "办理时限",
                "办理期限",
                "反馈时限",
                "要求答复时间",
                "截止时间",
                "dueat",
                "due",
            ],
            Self::Nature => &["性质", "来件性质", "类型", "业务类型", "nature"],
        }
    }
    /// What a column with this first cell probably holds.
    pub fn guess(head: &str) -> Option<Self> {
        let plain: String = head
            .chars()
            .filter(|letter| !letter.is_whitespace() && !matches!(letter, '*' | ':' | '：' | '_' | '-'))
            .collect::<String>()
            .to_lowercase();
        Self::ALL.iter().copied().find(|field| field.heads().contains(&plain.as_str()))
    }
}

/// The platform that `said` speaks of, as complaints name it; whoever says nothing means the national one.
pub fn platform(said: &str) -> &'static str {
    match () {
        () if said.contains("12345") => "12345",
        () if said.is_empty() || said.contains("12315") => "12315",
        () => "other",
    }
}

/// Whether `said` means that a breach of the law is reported (举报), which goes a way of its own.
pub fn is_report(said: &str) -> bool {
    said.contains("举报") || said.eq_ignore_ascii_case("report")
}

words! {
    /// What a patrol entry is about.
    pub enum Category {
        /// What a customer said (顾客声音).
        Voice = "voice",
        /// How customers are served (服务).
        Service = "service",
        /// Goods, prices and signs (陈列与标价).
        Display = "display",
        /// Dangers (安全).
        Safety = "safety",
        /// Rooms and equipment (设施).
        Facility = "facility",
        /// 其他
        Other = "other",
    }
}

words! {
    /// Where a patrol entry stands.
    pub enum EntryState {
        /// Nobody has done anything about it.
        Open = "open",
        /// Dealt with.
        Done = "done",
        /// It became a case.
        Case = "case",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_what_people_call_them() {
        assert_eq!(Field::guess("投诉 单号*"), Some(Field::Number));
        assert_eq!(Field::guess("Complaint_No"), Some(Field::Number));
        assert_eq!(Field::guess("诉求内容"), Some(Field::Body));
        assert_eq!(Field::guess("承办人电话"), Some(Field::OfficerPhone));
        assert_eq!(Field::guess("答复时限："), Some(Field::Due));
        assert_eq!(Field::guess("颜色"), None);
    }

    #[test]
    fn the_platform_is_known_by_its_number() {
        assert_eq!(["", "全国12315平台", "12345 热线", "消协"].map(platform), ["12315", "12315", "12345", "other"]);
        assert!(is_report("举报") && is_report("Report") && !is_report("投诉"));
    }
}
