use askama::Template;

use crate::Page;

/// A whole page that asks once more before money moves, something is deleted or closed. Works without scripts.
#[derive(Debug, Clone, Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// The frame; its title is the question.
    pub page: Page,
    /// What will happen, in a sentence.
    pub about: String,
    /// Amount, payee, reason, …: name and value.
    pub facts: Vec<(String, String)>,
    /// The words on the button: what happens, not "OK".
    pub button: String,
    /// Where the POST goes.
    pub action: String,
    /// Hidden fields: version, what was chosen before.
    pub hidden: Vec<(String, String)>,
    /// Where "go back" leads.
    pub back: String,
    /// True for what cannot be taken back.
    pub danger: bool,
}
