use kernel::words;

words! {
    /// What kind of case it is (类型). It decides the number's prefix, the deadlines and whether a plan needs the customer's yes.
    pub enum Kind {
        /// A question (咨询).
        Inquiry = "inquiry",
        /// Something does not work (报修).
        Repair = "repair",
        /// Delivery and installation (送装).
        Installation = "installation",
        /// Praise, suggestion, review (反馈).
        Feedback = "feedback",
        /// A complaint (投诉).
        Complaint = "complaint",
        /// Return or exchange (退换货).
        Return = "return",
    }
}

impl Kind {
    /// The letters that its numbers begin with: FW 服务, FK 反馈, TS 投诉, TH 退换.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Inquiry | Self::Repair | Self::Installation => "FW",
            Self::Feedback => "FK",
            Self::Complaint => "TS",
            Self::Return => "TH",
        }
    }
    /// Whether a plan waits for the customer's yes before work begins. A question or a suggestion is simply answered.
    pub const fn needs_confirmation(self) -> bool {
        match self {
            Self::Inquiry | Self::Feedback => false,
            Self::Repair | Self::Installation | Self::Complaint | Self::Return => true,
        }
    }
}

words! {
    /// How the request reached us (渠道).
    pub enum Channel {
        /// In the store (到店).
        Counter = "counter",
        /// By phone (电话).
        Phone = "phone",
        /// A form on the web (网络).
        Web = "web",
        /// A scanned code on a poster or a receipt (扫码).
        Qr = "qr",
        /// Mail (邮件).
        Mail = "mail",
        /// Another program (接口).
        Api = "api",
        /// Taken over from elsewhere (导入).
        Import = "import",
    }
}

impl Channel {
    /// Whether a case that reached us so may have come by a registered channel of this kind.
    pub fn fits(self, registered: &str) -> bool {
        match self {
            Self::Counter => matches!(registered, "counter" | "suggestion_box"),
            Self::Phone => registered == "phone",
            Self::Web => registered == "web_form",
            Self::Qr => registered == "qr_poster",
            Self::Mail => registered == "mailbox",
            Self::Api => registered == "webhook",
            // What is taken over came by whatever it came by then.
            Self::Import => true,
        }
    }
}

words! {
    /// How urgent it is (优先级).
    pub enum Priority {
        /// Danger, or an upset customer (加急).
        Urgent = "urgent",
        /// Before others (优先).
        High = "high",
        /// As usual (普通).
        Normal = "normal",
        /// When there is time (不急).
        Low = "low",
    }
}

words! {
    /// Why a case waits (等待原因).
    pub enum WaitReason {
        /// The customer has to say or bring something.
        Customer = "customer",
        /// A supplier or maker has to answer.
        Supplier = "supplier",
        /// Parts are on their way.
        Parts = "parts",
        /// The agreed day has not come.
        Appointment = "appointment",
        /// Somebody above has to approve.
        Approval = "approval",
    }
}

words! {
    /// The name of a state, as stored and sent. [`super::State`] also knows what a waiting case waits for.
    pub enum StateName {
        /// Taken in, nobody has it yet (新).
        New = "new",
        /// Somebody has it (已受理).
        Accepted = "accepted",
        /// The cause is being looked for (分析中).
        Analysing = "analysing",
        /// A plan is with the customer (待顾客确认).
        PlanProposed = "plan_proposed",
        /// The plan is carried out (执行中).
        Executing = "executing",
        /// It waits for something named (等待).
        Waiting = "waiting",
        /// Done from our side (已解决).
        Resolved = "resolved",
        /// Over (已关闭).
        Closed = "closed",
        /// Not taken on (不受理).
        Rejected = "rejected",
        /// Withdrawn (已撤销).
        Cancelled = "cancelled",
        /// Goes on in another case (已并入).
        Merged = "merged",
    }
}

words! {
    /// What came of it (处理结果).
    pub enum Outcome {
        /// Works again.
        Fixed = "fixed",
        /// The question is answered.
        Answered = "answered",
        /// Exchanged.
        Replaced = "replaced",
        /// Money returned.
        Refunded = "refunded",
        /// Something given in addition.
        Compensated = "compensated",
        /// Inspection found nothing wrong.
        NoFault = "no_fault",
        /// Cannot be repaired.
        Unrepairable = "unrepairable",
        /// Something else, said in the note.
        Other = "other",
    }
}

words! {
    /// What the customer hopes for (顾客希望). Never preselected beyond "unsaid": the choice is the customer's.
    pub enum Wish {
        /// Not said (没说).
        Unsaid = "unsaid",
        /// Make it work (修好).
        Repair = "repair",
        /// Another one (换货).
        Exchange = "exchange",
        /// The money back (退货).
        Refund = "refund",
    }
}

words! {
    /// What a customer link is good for.
    pub enum Purpose {
        /// See how it goes, write, say that it is done or not (进度).
        Track = "track",
        /// Choose about a plan, once (确认方案).
        Decide = "decide",
        /// Rate, once (评价).
        Rate = "rate",
    }
}
