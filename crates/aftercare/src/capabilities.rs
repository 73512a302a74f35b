//! The capabilities that make up the program.

use capability::Capability;

/// All of them, in the order of the menu's settings. A new capability is one line here.
pub fn all() -> Vec<Capability> {
    vec![
        administration::capability(),
        approvals::capability(),
        parties::capability(),
        cases::capability(),
        guides::capability(),
        surveys::capability(),
        complaints::capability(),
        collection::capability(),
        feedback::capability(),
        channels::capability(),
        emotion::capability(),
        problems::capability(),
        returns::capability(),
        claims::capability(),
        platforms::capability(),
        scores::capability(),
        audits::capability(),
        assessments::capability(),
        insight::capability(),
        notices::capability(),
        outbox::capability(),
        mail::capability(),
    ]
}
