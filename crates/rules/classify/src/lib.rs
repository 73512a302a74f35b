//! Labels of short texts, learned from examples: which category, which sentiment, and which words say so.
//!
//! ```
//! use classify::{Settings, Trainer};
//!
//! let mut trainer = Trainer::new();
//! for n in 0..30 {
//!     trainer.add(&format!("屏幕碎了，第{n}次来修"), "repair");
//!     trainer.add(&format!("请问门店几点开门{n}"), "question");
//! }
//! let model = trainer.finish(&Settings::default())?;
//! let answer = model.suggest("手机屏幕碎了能修吗", 0.6).expect("the words are known");
//! assert_eq!(answer.label, "repair");
//! assert!(answer.reasons.iter().all(|reason| "手机屏幕碎了能修吗".contains(reason.words.as_str())));
//! # Ok::<(), classify::TrainError>(())
//! ```
//!
//! # Nouns
//! | 中文 | English | |
//! | --- | --- | --- |
//! | 例句 | example | a text with its label, [`Trainer::add`] |
//! | 模型 | [`Model`] | what was learned; a few hundred kilobytes to a few megabytes, [`Model::to_bytes`] |
//! | 建议 | [`Suggestion`] | a label with its confidence and reasons |
//! | 依据词 | [`Reason`] | a piece of the text that speaks for the label |
//! | 成绩 | [`Scores`] | accuracy and F1 on texts whose labels are known |
//!
//! # How it works
//! A text is its runs of one to three characters, counted logarithmically and weighted by rarity. That needs no dictionary and no word
//! segmentation, and it reads slang, typing errors and mixed Latin text alike. Per label a linear support vector machine (squared hinge loss,
//! dual coordinate descent: Hsieh et al. 2008) learns over features that are scaled by their naive Bayes log-count ratio (Wang and
//! Manning 2012), which is strong on short reviews. Rare labels weigh more. Scores become confidences by one temperature that is fitted on
//! texts which the scoring model had not seen.
//!
//! # Invariants
//! - The same examples in the same order give the same bytes. Nothing reads time, chance or the environment.
//! - A reason is literally a piece of the text that was asked about.
//! - Confidences of all labels sum to one. Below the asked confidence, and for a text without a known run, the model is silent.
//! - Bytes that are not a whole model of a known version are refused, never guessed at.

mod calibrate;
mod grams;
mod model;
mod reasons;
mod scores;
mod solve;
mod text;
mod train;

pub use model::{Model, ModelError, Suggestion};
pub use reasons::Reason;
pub use scores::{ClassScore, Scores};
pub use text::{LONGEST, fingerprint};
pub use train::{Settings, TrainError, Trainer};
