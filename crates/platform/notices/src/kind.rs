/// What somebody can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its word. Texts: `notices-kind-<word>` names it, `notices-text-<word>` says it.
    pub code: &'static str,
    /// The picture beside it.
    pub icon: &'static str,
    /// Goes out by mail too unless the person says otherwise.
    pub mail: bool,
    /// Cannot be switched off inside the program: somebody waits for an answer.
    pub must: bool,
}

const fn kind(code: &'static str, icon: &'static str) -> Kind {
    Kind { code, icon, mail: false, must: false }
}
const fn must(code: &'static str, icon: &'static str) -> Kind {
    Kind { code, icon, mail: false, must: true }
}

/// Every kind, in the order of the page of choices.
pub const KINDS: &[Kind] = &[
    must("case.assigned", "user-check"),
    kind("case.mentioned", "message"),
    kind("case.customer_wrote", "message-question"),
    kind("case.decided", "circle-check"),
    kind("case.deadline_near", "hourglass"),
    Kind { mail: true, ..kind("case.deadline_missed", "alert-triangle") },
    must("task.given", "clipboard"),
    must("task.returned", "arrow-back-up"),
    kind("task.done", "clipboard-check"),
    Kind { mail: true, ..must("approval.asked", "shield-half") },
    Kind { mail: true, ..must("approval.passed_upward", "arrow-up") },
    kind("approval.decided", "shield-check"),
    kind("rating.low", "mood-sad"),
    kind("emotion.raised", "flame"),
    must("emotion.hand_over", "user-check"),
    kind("emotion.taken_over", "user-check"),
    must("emotion.call", "phone"),
    kind("emotion.care", "heart"),
    kind("complaint.informed", "message-exclamation"),
    kind("complaint.reviewed", "clipboard-check"),
    kind("complaint.review_answered", "message"),
    must("problem.expert", "bulb"),
    kind("problem.mentioned", "message"),
    kind("problem.solved", "circle-check"),
    kind("problem.review", "calendar-event"),
    Kind { mail: true, ..must("regulator.received", "building-bank") },
    must("sealed.admitted", "lock-open"),
    must("sealed.ended", "lock"),
    Kind { mail: true, ..must("claim.cut_off_near", "hourglass") },
    kind("claim.cut_off_missed", "alert-triangle"),
    Kind { mail: true, ..must("platform.deadline_near", "hourglass") },
    Kind { mail: true, ..must("platform.deadline_missed", "alert-triangle") },
    kind("archive.ended", "archive"),
    kind("call.owed", "phone"),
    kind("channel.quiet", "volume-off"),
    kind("channel.test_due", "hourglass"),
    kind("channel.test_failed", "circle-x"),
    kind("score.ending", "hourglass"),
    must("score.task", "clipboard"),
    kind("audit.finding", "flag"),
    must("audit.assigned", "clipboard"),
    kind("audit.answered", "hourglass"),
    kind("audit.closed", "circle-check"),
    must("audit.reopened", "arrow-back-up"),
    Kind { mail: true, ..must("audit.late", "alert-triangle") },
    kind("score.proposed", "alert-triangle"),
    must("score.special", "alert-triangle"),
    kind("message.failed", "message-exclamation"),
    Kind { mail: true, ..kind("mailbox.unreachable", "alert-triangle") },
];

/// The kind `code`.
pub fn find(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words_in_both_languages() {
        for locale in web::Locale::ALL {
            for kind in KINDS {
                let word = kind.code.replace(['.', '_'], "-");
                for key in [format!("notices-kind-{word}"), format!("notices-text-{word}")] {
                    assert_ne!(web::text(locale, &key, &[]), key, "{locale}");
                }
            }
        }
    }
}
