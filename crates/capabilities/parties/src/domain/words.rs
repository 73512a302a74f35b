//! Enums whose variants are stored and sent as fixed words.
use kernel::words;

words! {
    /// How something was sold (销售渠道).
    pub enum SoldBy {
        /// In a store.
        Store = "store",
        /// In the company's own online shop.
        Online = "online",
        /// In a shop on a platform.
        Platform = "platform",
        /// To a company or a group.
        Group = "group",
        /// Otherwise.
        Other = "other",
    }
}

words! {
    /// Where a promise beyond the law comes from (保障来源).
    pub enum Source {
        /// The maker's promise.
        Maker = "maker",
        /// What was agreed at the sale.
        Sale = "sale",
        /// An extended warranty.
        Extended = "extended",
        /// A platform's rule.
        Platform = "platform",
        /// The shop's own policy.
        Policy = "policy",
    }
}
