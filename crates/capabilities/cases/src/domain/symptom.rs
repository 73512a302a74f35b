use kernel::words;

words! {
    /// What a fault counts as before inspection (故障认定). The law's 7-day, 15-day and two-repairs rights need a performance
    /// fault; anything else that is wrong gives repair.
    pub enum FaultClass {
        /// No fault is claimed: a question, or the customer changed their mind (无故障).
        None = "none",
        /// A quality problem outside the fault tables (质量问题).
        Minor = "minor",
        /// In the rule's fault table, or a stated function is lost (性能故障).
        Performance = "performance",
        /// The purpose is defeated, or it is unsafe (严重故障).
        Serious = "serious",
    }
}

words! {
    /// How sure the source of a class is.
    pub enum Confidence {
        /// The rule's own text was read.
        High = "high",
        /// A second source, or a plain inference.
        Medium = "medium",
        /// From memory; to be confirmed before it is used against a customer.
        Low = "low",
    }
}
