use kernel::words;

words! {
    /// How grave it is (严重度). It decides the promised times and who decides.
    pub enum Severity {
        /// Somebody was hurt or could be, the press, an authority (严重).
        S1 = "s1",
        /// A large loss, or the second time (较重).
        S2 = "s2",
        /// As usual (一般).
        S3 = "s3",
        /// A remark (轻微).
        S4 = "s4",
    }
}

impl Severity {
    /// Two persons sign, and the region decides.
    pub const fn is_severe(self) -> bool {
        matches!(self, Self::S1)
    }
    /// One grade graver.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::S1 | Self::S2 => Self::S1,
            Self::S3 => Self::S2,
            Self::S4 => Self::S3,
        }
    }
    /// How urgent the case is by it.
    pub const fn priority(self) -> cases::domain::Priority {
        match self {
            Self::S1 => cases::domain::Priority::Urgent,
            Self::S2 => cases::domain::Priority::High,
            Self::S3 => cases::domain::Priority::Normal,
            Self::S4 => cases::domain::Priority::Low,
        }
    }
    /// What is supposed before anybody has looked.
    pub const fn supposed(priority: cases::domain::Priority, upset: bool) -> Self {
        match (priority, upset) {
            (cases::domain::Priority::Urgent | cases::domain::Priority::High, _) | (_, true) => Self::S2,
            (cases::domain::Priority::Normal, false) => Self::S3,
            (cases::domain::Priority::Low, false) => Self::S4,
        }
    }
}

words! {
    /// What it is about (类别).
    pub enum Topic {
        /// 安全
        Safety = "safety",
        /// 商品质量
        Quality = "quality",
        /// 安装
        Installation = "installation",
        /// 维修
        Repair = "repair",
        /// 配送
        Delivery = "delivery",
        /// 退换与退款
        Refund = "refund",
        /// 服务态度
        Attitude = "attitude",
        /// 收费
        Fees = "fees",
        /// 承诺与宣传
        Promise = "promise",
        /// 个人信息
        Privacy = "privacy",
        /// 其他
        Other = "other",
    }
}

words! {
    /// How we came to know (来源).
    pub enum Source {
        /// The customer told us.
        Customer = "customer",
        /// A low rating or a review.
        Review = "review",
        /// We called and asked.
        CallBack = "call_back",
        /// Seen by a store patrol.
        Patrol = "patrol",
        /// An authority passed it on.
        Regulator = "regulator",
        /// Taken over from elsewhere.
        Import = "import",
    }
}

words! {
    /// Who has to answer for it (责任方).
    pub enum Party {
        /// 门店
        Store = "store",
        /// 厂家
        Maker = "maker",
        /// 配送方
        Carrier = "carrier",
        /// 安装方
        Installer = "installer",
        /// 顾客
        Customer = "customer",
        /// 无责任方
        Nobody = "nobody",
    }
}

impl Party {
    /// Counts as ours (有责).
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Store | Self::Carrier | Self::Installer)
    }
}

words! {
    /// Why it is not taken on (不受理原因).
    pub enum Reason {
        /// Not about what we sold or did.
        NotOurs = "not_ours",
        /// Nothing to find out by.
        NoFact = "no_fact",
        /// Too long ago to be found out.
        TooLate = "too_late",
        /// Settled and paid already.
        Settled = "settled",
        /// A court or an arbitrator has it.
        InCourt = "in_court",
        /// Nothing but abuse.
        Abusive = "abusive",
    }
}

words! {
    /// What is offered (处理方式).
    pub enum Remedy {
        /// 道歉
        Apology = "apology",
        /// 退款
        Refund = "refund",
        /// 换货
        Exchange = "exchange",
        /// 维修
        Repair = "repair",
        /// 优惠券
        Voucher = "voucher",
        /// 补偿
        Compensation = "compensation",
    }
}

impl Remedy {
    /// What came of the case by it, in the general words.
    pub const fn outcome(self) -> cases::domain::Outcome {
        match self {
            Self::Apology => cases::domain::Outcome::Answered,
            Self::Refund => cases::domain::Outcome::Refunded,
            Self::Exchange => cases::domain::Outcome::Replaced,
            Self::Repair => cases::domain::Outcome::Fixed,
            Self::Voucher | Self::Compensation => cases::domain::Outcome::Compensated,
        }
    }
}

words! {
    /// What a second signature is asked for.
    pub enum Pending {
        /// The offer.
        Offer = "offer",
        /// Not taking a severe complaint on.
        NotAccept = "not_accept",
    }
}
