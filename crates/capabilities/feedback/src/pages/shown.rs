use capability::Ctx;
use web::{Chip, Choice, DueTime, Lang};

use crate::app::{Entry, LABEL, Picked};
use crate::domain::tree::Tree;
use crate::domain::{Language, Sentiment, Suggested};

/// The category's name with what stands above it.
pub(super) fn category(lang: &Lang, tree: &Tree, code: &str) -> String {
    tree.name(code, lang.locale.as_str())
}

/// The categories that texts may be given, and the one that this text has, even when it is not offered any more.
pub(super) fn categories(lang: &Lang, tree: &Tree, kept: Option<&str>) -> Vec<Choice> {
    let leaves = tree.leaves().map(|one| one.code.as_str());
    let kept = kept.filter(|code| !tree.offers(code));
    leaves.chain(kept).map(|code| Choice::new(code, category(lang, tree, code))).collect()
}

/// The feeling with its picture.
pub(super) fn sentiment(lang: &Lang, word: &str) -> Chip {
    let (tone, icon) = match Sentiment::parse(word) {
        Some(Sentiment::Positive) => ("ok", "mood-smile"),
        Some(Sentiment::Neutral) | None => ("", "mood-empty"),
        Some(Sentiment::Negative) => ("late", "mood-sad"),
    };
    web::chip(tone, icon, lang.word("feedback-sentiment", word))
}

/// Deadlines from here on say that none runs.
const NEVER: i64 = 9_000_000_000_000;

/// A row of the inbox.
pub(super) struct Row {
    pub entry: Entry,
    pub store: String,
    pub received_at: String,
    pub labelled_at: Option<String>,
    pub may_label: bool,
    /// By when somebody must answer.
    pub due: Option<DueTime>,
}

impl Row {
    pub fn of(ctx: &Ctx, lang: &Lang, entry: Entry) -> Self {
        let directory = ctx.house.identity.directories().now();
        let store = directory.unit(entry.item.store).map(|unit| unit.name_in(lang.locale.as_str()).to_owned());
        Self {
            received_at: lang.at(entry.item.received_at),
            labelled_at: entry.item.labelled_at.map(|at| lang.at(at)),
            store: store.unwrap_or_default(),
            may_label: ctx.actor.may(LABEL, &entry.item),
            due: entry
                .item
                .due_at
                .filter(|at| entry.item.labels.is_none() && at.millis() < NEVER)
                .map(|at| lang.due(&web::Due::Running { from: entry.item.received_at, at })),
            entry,
        }
    }

    pub fn href(&self) -> String {
        format!("/feedback/{}", self.entry.item.case)
    }

    pub fn case_href(&self) -> String {
        format!("/cases/{}", self.entry.item.case)
    }

    /// The text, cut where a list has no more room.
    pub fn snippet(&self) -> String {
        const LONGEST: usize = 140;
        let mut snippet: String = self.entry.text.chars().take(LONGEST).collect();
        if self.entry.text.chars().count() > LONGEST {
            snippet.push('…');
        }
        snippet
    }

    pub fn suggested_category(&self) -> Option<&Suggested> {
        self.entry.item.suggestions.as_ref()?.category.as_ref()
    }

    pub fn suggested_sentiment(&self) -> Option<&Suggested> {
        self.entry.item.suggestions.as_ref()?.sentiment.as_ref()
    }

    /// Both are suggested, so that one click confirms them.
    pub fn ready(&self) -> Option<(&Suggested, &Suggested)> {
        self.suggested_category().zip(self.suggested_sentiment()).filter(|_| self.open() && self.may_label)
    }

    /// It waits apart.
    pub fn screened(&self) -> bool {
        self.entry.item.screened.is_some() && self.open()
    }

    /// It is written in another language than most.
    pub fn foreign(&self) -> bool {
        self.entry.item.language != Language::Chinese
    }

    /// What a batch calls it.
    pub fn picked(&self) -> String {
        Picked { case: self.entry.item.case, version: self.entry.item.version }.to_string()
    }

    /// Words of danger in the text, for the title of the mark.
    pub fn danger(&self) -> String {
        self.entry.item.suggestions.as_ref().map(|all| all.urgent.join("、")).unwrap_or_default()
    }

    /// Words of advertisers in the text.
    pub fn advertising(&self) -> String {
        self.entry.item.suggestions.as_ref().map(|all| all.spam.join("、")).unwrap_or_default()
    }

    pub fn open(&self) -> bool {
        self.entry.item.labels.is_none()
    }

    pub fn urgent(&self) -> bool {
        match (&self.entry.item.labels, &self.entry.item.suggestions) {
            (Some(labels), _) => labels.urgent,
            (None, _) => self.entry.item.danger,
        }
    }

    pub fn spam(&self) -> bool {
        match (&self.entry.item.labels, &self.entry.item.suggestions) {
            (Some(labels), _) => labels.spam,
            (None, Some(suggestions)) => !suggestions.spam.is_empty(),
            (None, None) => false,
        }
    }

    pub fn copies(&self) -> i64 {
        self.entry.item.suggestions.as_ref().map_or(0, |suggestions| suggestions.copies)
    }
}

/// "87 % · 有异味、退货".
pub(super) fn why(lang: &Lang, suggested: &Suggested) -> String {
    let reasons = suggested.reasons.join(&lang.t("feedback-and"));
    if reasons.is_empty() {
        lang.t1("feedback-confidence", "n", suggested.confidence)
    } else {
        lang.t2("feedback-confidence-why", "n", suggested.confidence, "reasons", reasons)
    }
}
