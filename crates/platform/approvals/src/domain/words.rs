use kernel::words;

words! {
    /// What has become of a question.
    pub enum State {
        /// Somebody has to answer.
        Asked = "asked",
        /// All needed persons said yes.
        Granted = "granted",
        /// Somebody said no.
        Declined = "declined",
        /// Whoever asked took it back, or it was overtaken.
        Withdrawn = "withdrawn",
        /// Nobody answered for so long that the question is void.
        Expired = "expired",
    }
}

words! {
    /// An answer.
    pub enum Verdict {
        /// Yes (批准).
        Grant = "grant",
        /// No (不批).
        Decline = "decline",
    }
}

words! {
    /// One step in the life of a question.
    pub enum What {
        /// It was asked.
        Asked = "asked",
        /// Half of the time is over.
        Reminded = "reminded",
        /// Nobody answered in time, or a second person is needed who stands higher.
        Passed = "passed",
        /// One person said yes.
        Granted = "granted",
        /// One person said no.
        Declined = "declined",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// It became void.
        Expired = "expired",
    }
}

words! {
    /// Which questions a list shows.
    pub enum Show {
        /// Those that the reader can answer now; nearest deadline first.
        Mine = "mine",
        /// Those that the reader asked; newest first.
        Asked = "asked",
        /// Those that are over; last decided first.
        Decided = "decided",
        /// All within reach; newest first.
        All = "all",
        /// Those that were granted; last decided first.
        Granted = "granted",
        /// Those that were answered, in time or late; last decided first.
        Answered = "answered",
        /// Those that went up at least once, by when they first did; newest first.
        Passed = "passed",
    }
}
