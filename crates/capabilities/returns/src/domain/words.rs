use kernel::words;

words! {
    /// Where a return stands as a whole; the rest is on its tracks.
    pub enum State {
        /// Something is still to be done (办理中).
        Open = "open",
        /// Every track is at its end (已办结).
        Completed = "completed",
        /// What came back is not what the return was for: it goes back (不予退换).
        Refused = "refused",
        /// Taken back before anything moved (已取消).
        Cancelled = "cancelled",
    }
}

words! {
    /// What the customer chose.
    pub enum Way {
        /// Money back (退货).
        Refund = "refund",
        /// Another unit (换货).
        Exchange = "exchange",
    }
}

words! {
    /// The goods that come back.
    pub enum GoodsIn {
        /// Nothing comes back (不收货).
        NotNeeded = "not_needed",
        /// They are to come (待收货).
        Expected = "expected",
        /// They are here (已收货).
        Received = "received",
        /// Somebody looked (已验货).
        Inspected = "inspected",
        /// It is said what becomes of them (已定级).
        Graded = "graded",
        /// They went back to the customer (已退回顾客).
        SentBack = "sent_back",
    }
}

words! {
    /// What the inspection found.
    pub enum Finding {
        /// As said (相符).
        Ok = "ok",
        /// Something else came, or less (不符).
        Differs = "differs",
        /// It was damaged (损坏).
        Damaged = "damaged",
        /// Parts are missing (缺件).
        Missing = "missing",
    }
}

words! {
    /// What becomes of goods that came back.
    pub enum Grade {
        /// Back to the maker (退厂).
        ToMaker = "to_maker",
        /// Shown in the store (样机).
        Display = "display",
        /// Sold for less, told so (折价).
        Discount = "discount",
        /// Scrapped (报废).
        Scrap = "scrap",
    }
}

words! {
    /// The goods that go out.
    pub enum GoodsOut {
        /// Nothing goes out (不发货).
        NotNeeded = "not_needed",
        /// Set aside for the customer (已预留).
        Reserved = "reserved",
        /// On its way (已发出).
        Sent = "sent",
        /// With the customer (已交付).
        Delivered = "delivered",
    }
}

words! {
    /// A part of the money.
    pub enum Part {
        /// What the law gives: it waits for nobody (法定).
        Law = "law",
        /// What comes on top of it (店规多退).
        Extra = "extra",
        /// An exchange that goes beyond the law; no money leaves (超出法定的换货).
        Grant = "grant",
    }
}

words! {
    /// Where a part stands.
    pub enum PayState {
        /// Somebody else has to say yes (待批).
        Asked = "asked",
        /// The yes did not come (未批).
        Declined = "declined",
        /// It can be done now (可办理).
        Due = "due",
        /// Amount, payee and reason are confirmed; it is to leave by the POS (已确认).
        Confirmed = "confirmed",
        /// The POS has refunded it (已退款).
        Paid = "paid",
        /// The POS reports the same (已对账).
        Reconciled = "reconciled",
        /// Nothing comes of it (已作废).
        Void = "void",
    }
}

words! {
    /// What an inspection looks at.
    pub enum Check {
        /// The serial number is that of the sale (序列号).
        Serial = "serial",
        /// No damage that was not there (外观).
        Appearance = "appearance",
        /// The fault shows (故障重现).
        Fault = "fault",
        /// All that came with it (附件).
        Accessories = "accessories",
        /// No foreign repair, labels whole (封签).
        Seals = "seals",
        /// The customer's data are gone (个人数据已清除).
        Data = "data",
    }
}

impl PayState {
    /// Money has moved, or is about to without anybody's further yes.
    pub const fn moved(self) -> bool {
        matches!(self, Self::Confirmed | Self::Paid | Self::Reconciled)
    }
}

impl Finding {
    /// Whether it is as it was said.
    pub const fn is_ok(self) -> bool {
        matches!(self, Self::Ok)
    }
}
