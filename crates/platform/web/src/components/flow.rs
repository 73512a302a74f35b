use askama::Template;
use askama::filters::HtmlSafe;

use crate::Lang;

/// One step of a flow.
#[derive(Debug, Clone)]
pub struct Step {
    label: String,
    note: String,
    state: StepState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StepState {
    Done,
    Now,
    Todo,
}

impl Step {
    /// A step behind us.
    pub fn done(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into(), state: StepState::Done }
    }
    /// The step that is under way.
    pub fn now(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into(), state: StepState::Now }
    }
    /// A step ahead.
    pub fn todo(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into(), state: StepState::Todo }
    }
}

/// The steps of a flow across the page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/stepper.html")]
pub struct Stepper {
    label: String,
    done: String,
    steps: Vec<Step>,
}
impl HtmlSafe for Stepper {}

/// The flow `steps` across the page.
pub fn stepper(lang: &Lang, steps: &[Step]) -> Stepper {
    Stepper { label: lang.t1("web-flow", "n", steps.len()), done: lang.t("web-step-done"), steps: steps.to_vec() }
}

/// The same steps down a customer's page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/progress.html")]
pub struct Progress {
    done: String,
    steps: Vec<Step>,
}
impl HtmlSafe for Progress {}

/// The flow `steps` down a customer's page.
pub fn progress(lang: &Lang, steps: &[Step]) -> Progress {
    Progress { done: lang.t("web-step-done"), steps: steps.to_vec() }
}
